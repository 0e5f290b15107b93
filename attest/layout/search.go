package layout

import (
	"slices"
)

// run finds for each step an account such that all rules hold and the artifact came of it. Each step's
// rules are held against the accounts of the steps they match with, so that accounts of several releases of
// one product do not get in each other's way.
func (v *verification) run() {
	n := len(v.layout.Steps)
	v.options, v.needs, v.chosen = make([][]*account, n), make([][]int, n), make([]*account, n)
	whole := true
	for i := range v.layout.Steps {
		v.gather(i)
		v.needs[i] = v.matches(i)
		whole = whole && len(v.options[i]) > 0
	}
	found := false
	if whole {
		s := &search{verification: v, closest: n}
		found = s.place(n - 1)
		if !found {
			v.chosen = s.best
		}
	}
	for i := range v.chosen {
		if v.chosen[i] == nil && len(v.options) > i && len(v.options[i]) > 0 {
			v.chosen[i] = v.options[i][0]
		}
	}
	for i := range v.layout.Steps {
		v.report(i)
	}
	if v.work > MaxWork {
		v.fail(limit("layout-work", MaxWork))
		return
	}
	if len(v.path) == 1 {
		v.deliver(whole)
	}
}

// search tries accounts, the last step's first.
type search struct {
	*verification
	closest int        // the least step reached
	best    []*account // what was chosen then
}

// place chooses accounts for step i and those before it. It reports whether there are any that fit.
func (s *search) place(i int) bool {
	if i < s.closest {
		s.closest, s.best = i, slices.Clone(s.chosen)
	}
	if i < 0 {
		return len(s.path) > 1 || s.product() != ""
	}
	for _, a := range s.ordered(i) {
		s.chosen[i] = a
		s.work++
		if s.fits(i) && s.place(i-1) {
			return true
		}
		if s.work > MaxWork {
			break
		}
	}
	s.chosen[i] = nil
	return false
}

// ordered are the accounts of a step, those with the artifact among its products first.
func (s *search) ordered(i int) []*account {
	list := slices.Clone(s.options[i])
	slices.SortStableFunc(list, func(x, y *account) int { return min(len(y.matched), 1) - min(len(x.matched), 1) })
	return list
}

// fits reports whether the rules hold of every step whose accounts, and those it matches with, are all
// chosen now that step i's is.
func (s *search) fits(i int) bool {
	for j := range s.layout.Steps {
		first := j
		for _, n := range s.needs[j] {
			first = min(first, n)
		}
		if first == i && !s.holds(j) {
			return false
		}
	}
	return true
}
