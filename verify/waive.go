package verify

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/surety-dev/surety/policy"
)

// This file is what exceptions do to a judgement (design §4.12): they waive what they may where a policy does not
// allow without them, and nobody both grants one and stands behind evidence of the release. As with separated
// duties (§4.11) somebody who does both is counted for one of them only, as if the other had not been supplied: so
// neither more evidence nor another exception ever refuses what is allowed without it (§4.4).

// maxGrantors is how many people who granted exceptions may also stand behind evidence: of more, the first by name.
const maxGrantors = 8

// excuse is what a policy is judged with beside its evidence.
type excuse struct {
	waived  []string
	without map[string]bool // people who granted what is waived: nothing they stand behind counts
}

// apartFrom gives signatures without those that some people stand behind. A supply chain they have a part in may pass
// without them.
func (r *run) apartFrom(people map[string]bool, held []*signature) []*signature {
	if len(people) == 0 {
		return held
	}
	among := func(who string) bool { return people[who] }
	var left []*signature
	for _, s := range held {
		switch {
		case slices.ContainsFunc(s.behind, among):
		case slices.ContainsFunc(s.item.people, among):
			if layout := r.chainWithout(s.item, people); layout != nil {
				i, kept := *s.item, *s
				i.layout, kept.item = layout, &i
				left = append(left, &kept)
			}
		default:
			left = append(left, s)
		}
	}
	return left
}

// everybody are those who stand behind a signature and, of a layout, those behind its steps and its approval.
func (s *signature) everybody() []string {
	if s.item.people == nil {
		return s.behind
	}
	return slices.Concat(s.behind, s.item.people)
}

// behindEvidence are the people who stand behind evidence that some policy holds in a world.
func (r *run) behindEvidence(w policy.World) map[string]bool {
	behind := map[string]bool{}
	for _, j := range r.applies {
		for _, s := range r.held(j, w) {
			for _, who := range s.everybody() {
				behind[who] = true
			}
		}
	}
	return behind
}

// waived is what exceptions waive of a policy, where what some people stand behind is left out: each thing that a
// quorum granted who are behind no evidence, or whose evidence is left out.
func (r *run) waived(j *judged, w policy.World, without map[string]bool) []string {
	waived := map[string]bool{}
	for _, x := range r.exceptions {
		for _, u := range x.units {
			if x.policy == j && x.valid(u, w) && len(r.free(u, w, without)) >= u.waiver.Quorum {
				waived[u.what] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(waived))
}

// free are the people who granted a unit and are behind no evidence but what is left out, sorted.
func (r *run) free(u unit, w policy.World, without map[string]bool) []string {
	if r.behind[w] == nil {
		r.behind[w] = r.behindEvidence(w)
	}
	var free []string
	for _, person := range slices.Sorted(maps.Keys(u.approvers(w))) {
		if !r.behind[w][person] || without[person] {
			free = append(free, person)
		}
	}
	return free
}

// contestedGrantors are the people who granted an exception that might be used and stand behind evidence.
func (r *run) contestedGrantors(w policy.World) []string {
	contested := map[string]bool{}
	for _, x := range r.exceptions {
		for _, u := range x.units {
			if !x.valid(u, w) {
				continue
			}
			free := r.free(u, w, nil)
			for person := range u.approvers(w) {
				contested[person] = contested[person] || !slices.Contains(free, person)
			}
		}
	}
	maps.DeleteFunc(contested, func(_ string, both bool) bool { return !both })
	return slices.Sorted(maps.Keys(contested))
}

// leaveOut tries, where policies do not allow, ways of counting people who both granted an exception and stand behind
// evidence for the exception only: fewest people first. One by which every policy allows is enough.
func (r *run) leaveOut(ctx context.Context) error {
	for _, w := range []policy.World{policy.Strict, policy.Generous} {
		least := AllowWithException
		if w == policy.Generous {
			least = Indeterminate
		}
		if r.over != nil || len(r.exceptions) == 0 || !slices.ContainsFunc(r.applies, func(j *judged) bool { return j.decision < least }) {
			return nil
		}
		for _, without := range subsets(r.contestedGrantors(w)) {
			if !r.worthwhile(w, without) {
				continue
			}
			ok, err := r.without(ctx, w, without)
			if ok || err != nil {
				return err
			}
		}
	}
	return nil
}

// worthwhile reports whether nobody is left out for nothing: without each of them less would be waived.
func (r *run) worthwhile(w policy.World, without map[string]bool) bool {
	count := func(without map[string]bool) (n int) {
		for _, j := range r.applies {
			n += len(r.waived(j, w, without))
		}
		return n
	}
	all := count(without)
	for person := range without {
		fewer := maps.Clone(without)
		delete(fewer, person)
		if count(fewer) == all {
			return false
		}
	}
	return true
}

// without judges every policy with what some people stand behind left out, and takes the outcome if all of them allow.
func (r *run) without(ctx context.Context, w policy.World, without map[string]bool) (bool, error) {
	worlds := make([]world, len(r.applies))
	excused := make([]bool, len(r.applies))
	for n, j := range r.applies {
		plain, err := r.evaluate(ctx, j, w, excuse{without: without})
		worlds[n] = plain
		if err == nil && !plain.result.Allows {
			excused[n] = true
			worlds[n], err = r.evaluate(ctx, j, w, excuse{r.waived(j, w, without), without})
		}
		if err != nil || !worlds[n].result.Allows {
			return false, err
		}
	}
	if !slices.Contains(excused, true) {
		return false, nil // leaving out evidence is nothing that should allow
	}
	for n, j := range r.applies {
		switch {
		case w == policy.Generous && j.decision == Deny:
			j.generous = worlds[n].result
			j.doubtful()
		case w == policy.Generous:
		case excused[n]:
			j.hold(worlds[n], AllowWithException)
		default:
			j.hold(worlds[n], Allow)
		}
	}
	if w == policy.Strict {
		r.left = without
	}
	return true, nil
}

// subsets are the ways of taking some of the people, fewest first, and of as many in their order.
func subsets(people []string) []map[string]bool {
	people = people[:min(len(people), maxGrantors)]
	var sets []map[string]bool
	for bits := 1; bits < 1<<len(people); bits++ {
		set := map[string]bool{}
		for i, person := range people {
			if bits&(1<<i) != 0 {
				set[person] = true
			}
		}
		sets = append(sets, set)
	}
	slices.SortStableFunc(sets, func(x, y map[string]bool) int { return len(x) - len(y) })
	return sets
}

// used finds, once everything is judged, which exceptions waive something.
func (r *run) used(x *exception) {
	if r.over != nil || x.policy.decision < AllowWithException {
		return
	}
	waived := map[string]bool{}
	for _, rule := range x.policy.strict.Rules {
		waived[rule.ID] = rule.Outcome == policy.Waived
	}
	for _, e := range x.policy.strict.Evidence {
		waived["evidence:"+e.Requirement.Name] = e.Waived
	}
	for _, u := range x.units {
		if waived[u.what] && x.valid(u, policy.Strict) && len(r.free(u, policy.Strict, r.left)) >= u.waiver.Quorum {
			x.used = append(x.used, u.what)
		}
	}
	slices.Sort(x.used)
}

// conflict says who would have to be left out of the evidence for a unit to be granted.
func (r *run) conflict(x *exception, u unit) string {
	free := r.free(u, policy.Strict, r.left)
	if u.waiver == nil || len(free) >= u.waiver.Quorum || len(u.strict) < u.waiver.Quorum {
		return ""
	}
	var both []string
	for _, person := range slices.Sorted(maps.Keys(u.strict)) {
		if !slices.Contains(free, person) {
			both = append(both, person)
		}
	}
	return fmt.Sprintf("for %s it takes %d of team %s, and %s granted it and stands behind evidence of this release, which does not pass without that", u.what, u.waiver.Quorum, u.waiver.By, strings.Join(both, ", "))
}
