package verify

import (
	"context"
	"fmt"
	"maps"
	"math/bits"
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

// waivers are the exceptions from policies that apply, and what became of them where keys are counted one way.
type waivers struct {
	exceptions []*exception
	behind     map[policy.World]map[string]bool // the people behind evidence or approvals that some policy holds
	claimed    map[policy.World]claims
	left       map[string]bool // those whose evidence is left out, for they granted what is waived
}

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

// behindVote are those behind an approval: the approver, and whoever reports it.
func (r *run) behindVote(v *vote) []string {
	behind, _ := r.model.Behind(v.by.holders, r.when(v.by.proof).t)
	return append(behind, v.approval.Person)
}

// behindEvidence are the people who stand behind evidence or approvals that some policy holds in a world.
func (r *run) behindEvidence(w policy.World) map[string]bool {
	behind := map[string]bool{}
	for _, j := range r.applies {
		for _, s := range r.held(j, w) {
			for _, who := range s.everybody() {
				behind[who] = true
			}
		}
		for _, v := range r.standingVotes(j, w) {
			for _, who := range r.behindVote(v) {
				behind[who] = true
			}
		}
	}
	return behind
}

// free are the people who granted a unit and are behind no evidence but what is left out, sorted.
func (r *run) free(u unit, w policy.World, without map[string]bool) []string {
	if r.waivers.behind[w] == nil {
		r.waivers.behind[w] = r.behindEvidence(w)
	}
	var free []string
	for _, person := range slices.Sorted(maps.Keys(u.approvers(w))) {
		if !r.waivers.behind[w][person] || without[person] {
			free = append(free, person)
		}
	}
	return free
}

// claim is that something be waived: by so many of some of the people who granted it and stand behind evidence, beside
// those who stand behind none.
type claim struct {
	policy *judged
	what   string
	need   int
	of     group
}

// group is a set of the contested people, by their places.
type group uint

// claims are what valid exceptions claim in a world, each once, and who is contested: granted something and stands
// behind evidence.
type claims struct {
	contested []string
	list      []claim
}

func (r *run) claim(w policy.World) claims {
	if c, ok := r.waivers.claimed[w]; ok {
		return c
	}
	contested := map[string]bool{}
	each := func(do func(x *exception, u unit, free []string)) {
		for _, x := range r.waivers.exceptions {
			for _, u := range x.units {
				if x.valid(u, w) {
					do(x, u, r.free(u, w, nil))
				}
			}
		}
	}
	each(func(_ *exception, u unit, free []string) {
		for person := range u.approvers(w) {
			if !slices.Contains(free, person) {
				contested[person] = true
			}
		}
	})
	c := claims{contested: slices.Sorted(maps.Keys(contested))}
	c.contested = c.contested[:min(len(c.contested), maxGrantors)]
	seen := map[claim]bool{}
	each(func(x *exception, u unit, free []string) {
		one := claim{policy: x.policy, what: u.what, need: max(0, u.waiver.Quorum-len(free))}
		for n, person := range c.contested {
			if u.approvers(w)[person] {
				one.of |= 1 << n
			}
		}
		if !seen[one] {
			seen[one] = true
			c.list = append(c.list, one)
		}
	})
	r.waivers.claimed[w] = c
	return c
}

// waived is what exceptions waive of a policy, where what a group stands behind is left out, sorted.
func (c claims) waived(j *judged, without group) []string {
	waived := map[string]bool{}
	for _, one := range c.list {
		if one.policy == j && bits.OnesCount(uint(one.of&without)) >= one.need {
			waived[one.what] = true
		}
	}
	return slices.Sorted(maps.Keys(waived))
}

// groups are the ways of taking some of the contested people, fewest first, and of as many in their order, in which
// nobody is left out for nothing: without each of them less would be waived.
func (c claims) groups(policies []*judged) []group {
	count := make([]int, 1<<len(c.contested)) // how much is waived without each group
	for g := range count {
		for _, j := range policies {
			count[g] += len(c.waived(j, group(g)))
		}
	}
	var groups []group
	for g := group(1); g < 1<<len(c.contested); g++ {
		needed := true
		for n := range c.contested {
			if g&(1<<n) != 0 && count[g&^(1<<n)] == count[g] {
				needed = false
			}
		}
		if needed {
			groups = append(groups, g)
		}
	}
	slices.SortStableFunc(groups, func(x, y group) int { return bits.OnesCount(uint(x)) - bits.OnesCount(uint(y)) })
	return groups
}

// people are those of a group.
func (c claims) people(g group) map[string]bool {
	people := map[string]bool{}
	for n, person := range c.contested {
		if g&(1<<n) != 0 {
			people[person] = true
		}
	}
	return people
}

// leaveOut tries, where policies do not allow, ways of counting people who both granted an exception and stand behind
// evidence for the exception only: fewest people first. One by which every policy allows is enough.
func (r *run) leaveOut(ctx context.Context) error {
	for _, w := range []policy.World{policy.Strict, policy.Generous} {
		least := AllowWithException
		if w == policy.Generous {
			least = Indeterminate
		}
		if r.over != nil || len(r.waivers.exceptions) == 0 || !slices.ContainsFunc(r.applies, func(j *judged) bool { return j.decision < least }) {
			return nil
		}
		for _, g := range r.claim(w).groups(r.applies) {
			ok, err := r.without(ctx, w, g)
			if ok || err != nil {
				return err
			}
		}
	}
	return nil
}

// without judges every policy with what a group stands behind left out, and takes the outcome if all of them allow.
func (r *run) without(ctx context.Context, w policy.World, g group) (bool, error) {
	without := r.claim(w).people(g)
	worlds := make([]world, len(r.applies))
	excused := make([]bool, len(r.applies))
	for n, j := range r.applies {
		plain, err := r.evaluate(ctx, j, w, excuse{without: without})
		worlds[n] = plain
		if err == nil && !plain.result.Allows {
			excused[n] = true
			worlds[n], err = r.evaluate(ctx, j, w, excuse{r.claim(w).waived(j, g), without})
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
		r.waivers.left = without
	}
	return true, nil
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
		if waived[u.what] && x.valid(u, policy.Strict) && len(r.free(u, policy.Strict, r.waivers.left)) >= u.waiver.Quorum {
			x.used = append(x.used, u.what)
		}
	}
	slices.Sort(x.used)
}

// conflict says who would have to be left out of the evidence for a unit to be granted.
func (r *run) conflict(x *exception, u unit) string {
	free := r.free(u, policy.Strict, r.waivers.left)
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
