package layout

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/surety-dev/surety/attest"
)

// outcome is what a layout, with an account of each step, comes to.
type outcome struct {
	result func() Result
	link   *attest.StepLink // what it stands for, if it passed
}

// maxWays is of how many ways in which a layout passes in place of a link one may be the one that is meant:
// the first, in order of the accounts of its last and first steps.
const maxWays = 64

// run finds for each step an account such that all rules hold and the artifact came of it. Each step's
// rules are held against the accounts of the steps they match with, so that accounts of several releases of
// one product do not get in each other's way. Where a layout in place of a link passes in several ways, each
// is an outcome: which of them is meant, the rules above it say.
func (v *verification) run() []outcome {
	n := len(v.layout.Steps)
	v.options, v.needs, v.chosen = make([][]*account, n), make([][]int, n), make([]*account, n)
	whole := true
	for i := range v.layout.Steps {
		v.gather(i)
		v.needs[i] = v.matches(i)
		whole = whole && len(v.options[i]) > 0
	}
	if !whole {
		return []outcome{v.told(v.chosen, false)}
	}
	chosen, found := v.search(v.options, true)
	if !found && len(v.path) == 1 { // what is told of rules is of a chain that holds, if there is one
		chosen, _ = v.search(v.options, false)
	}
	list := []outcome{v.told(chosen, true)}
	if len(v.path) == 1 || list[0].link == nil {
		return list
	}
	seen := map[string]bool{contentOf(list[0].link): true}
	for _, last := range v.options[n-1] {
		for _, first := range v.options[0] {
			link := ends(first, last)
			v.work += len(link.Materials) + len(link.Products)
			content := contentOf(link)
			if seen[content] || n == 1 && first != last || v.work > MaxWork || len(list) == maxWays {
				continue
			}
			options := slices.Clone(v.options)
			options[n-1], options[0] = []*account{last}, []*account{first}
			if chosen, found := v.search(options, true); found {
				seen[content], list = true, append(list, outcome{func() Result { return v.told(chosen, true).result() }, link})
			}
		}
	}
	return list
}

// ends is the link a layout stands for: the materials of its first step and the products of its last.
func ends(first, last *account) *attest.StepLink {
	return &attest.StepLink{Materials: first.link.Materials, Products: last.link.Products}
}

// told is the result with these accounts. Steps without one are told of with their first.
func (v *verification) told(chosen []*account, whole bool) outcome {
	gathered, r := v.result, *v.result
	r.Steps, r.Reasons = slices.Clone(r.Steps), slices.Clip(r.Reasons)
	v.result, v.chosen = &r, slices.Clone(chosen)
	for i := range r.Steps {
		s := &r.Steps[i]
		s.Links, s.Layouts, s.Reasons = slices.Clone(s.Links), slices.Clone(s.Layouts), slices.Clip(s.Reasons)
		if v.chosen[i] == nil && len(v.options[i]) > 0 {
			v.chosen[i] = v.options[i][0]
		}
	}
	for i := range r.Steps {
		v.report(i)
	}
	switch {
	case v.work > MaxWork:
		v.fail(limit("layout-work", MaxWork))
	case len(v.path) == 1:
		v.deliver(whole)
	}
	out := v.outcome()
	v.result = gathered
	return out
}

// search is accounts being tried, a step after the other.
type search struct {
	*verification
	options [][]*account
	order   []int    // of the steps
	rules   []uint64 // of each step, those its rules are about, as bits
	tied    int      // how many steps of the order settle which product is the artifact; 0: it does not matter
	placed  int      // the most steps that had an account
	best    []*account
}

// The steps of a layout fit into the bits of a word.
const _ = uint(64 - attest.MaxLayoutSteps)

// search gives accounts, of each step one of its options, with which all rules hold, and the artifact is
// what is delivered where that is asked. If there are none, it gives those that came closest.
func (v *verification) search(options [][]*account, tie bool) (chosen []*account, found bool) {
	n := len(options)
	s := &search{verification: v, options: options, rules: make([]uint64, n), placed: -1}
	for i := range options {
		s.rules[i] = 1 << i
		for _, need := range v.needs[i] {
			s.rules[i] |= 1 << need
		}
	}
	begin := []int{n - 1, 0}
	if len(v.path) == 1 {
		begin = nil
		for _, d := range v.deliveries() {
			begin = append(begin, d.step)
		}
		slices.Sort(begin)
		begin = slices.Compact(begin)
		if tie {
			s.tied = len(begin)
		}
	}
	s.arrange(begin)
	v.chosen = make([]*account, n)
	if s.place(0) {
		return v.chosen, true
	}
	return s.best, false
}

// arrange puts the steps in order: after those it begins with always one that lets the rules of most steps
// be judged, then one whose rules are about most steps before it, or theirs about it. So an account that
// does not fit is found out before others are tried with it.
func (s *search) arrange(begin []int) {
	var before uint64
	for len(s.order) < len(s.options) {
		next, most := -1, [2]int{-1, -1}
		for i := range s.options {
			if before&(1<<i) != 0 {
				continue
			}
			var judged, touched int
			for _, about := range s.rules {
				if about&(1<<i) == 0 {
					continue
				}
				touched += bits.OnesCount64(about & before)
				if about&^(before|1<<i) == 0 {
					judged++
				}
			}
			if c := [2]int{judged, touched}; slices.Compare(c[:], most[:]) >= 0 {
				next, most = i, c
			}
		}
		if len(begin) > 0 {
			next, begin = begin[0], begin[1:]
		}
		if before&(1<<next) == 0 {
			s.order, before = append(s.order, next), before|1<<next
		}
	}
}

// place chooses accounts for the k-th step of the order and those after it. It reports whether there are
// any that fit.
func (s *search) place(k int) bool {
	if k > s.placed {
		s.placed, s.best = k, slices.Clone(s.chosen)
	}
	if k == len(s.order) {
		return true
	}
	i := s.order[k]
	for _, a := range s.options[i] {
		s.chosen[i] = a
		s.work++
		if s.fits(k) && s.place(k+1) {
			return true
		}
		if s.work > MaxWork {
			break
		}
	}
	s.chosen[i] = nil
	return false
}

// fits reports whether the rules hold of every step that can be judged now that the k-th step of the order
// has an account, and not before.
func (s *search) fits(k int) bool {
	if s.tied == k+1 && s.product() == "" {
		return false
	}
	var before uint64
	for _, i := range s.order[:k] {
		before |= 1 << i
	}
	now := uint64(1) << s.order[k]
	for j, about := range s.rules {
		if about&now != 0 && about&^(before|now) == 0 && !s.holds(j) {
			return false
		}
	}
	return true
}

// sorted puts the accounts of a step in order: those with the artifact among its products first, then those
// of more people, then those of more holders, so that an account less never makes for more people.
func sorted(list []*account) {
	slices.SortStableFunc(list, func(x, y *account) int {
		return cmp.Or(min(len(y.matched), 1)-min(len(x.matched), 1), y.people()-x.people(), len(y.holders)-len(x.holders))
	})
}

// people is how many of an account's holders are people.
func (a *account) people() (n int) {
	for _, person := range a.holders {
		if person {
			n++
		}
	}
	return n
}
