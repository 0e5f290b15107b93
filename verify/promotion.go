package verify

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
)

// This file is who has let a release go on from one environment to another (requirement R55). It takes approvals
// of the artifact, by its digest, which their approvers signed for this environment; as any approval those are
// not expired and not taken back, and come from people with the duty.

// promoted reports whether enough people have promoted the artifact, where the policy asks for it.
func (r *run) promoted(j *judged, approvals []*policy.Approval) bool {
	want, asked := j.policy.Promotion()
	if !asked {
		return true
	}
	team := r.promotes(want)
	return team != "" && len(promoters(want, team, approvals)) >= want.Quorum
}

// promotes is the team that promotes; "": nobody knows.
func (r *run) promotes(want policy.Promotion) string {
	if want.By != "" {
		return want.By
	}
	owner, _ := r.model.At(r.request.At).Control(ownership.ReleasePolicy, r.scope)
	return owner.Accountable
}

// promoters are the people of the team who have promoted the artifact, sorted. That an approval with From is for
// the environment of the request its vote has seen to.
func promoters(want policy.Promotion, team string, approvals []*policy.Approval) []string {
	var people []string
	for _, a := range approvals {
		if a.Person != "" && a.Commit == "" && !a.Witnessed && a.Role == attest.RolePromotion && slices.Contains(want.From, a.From) && slices.Contains(a.Teams, team) {
			people = append(people, a.Person)
		}
	}
	slices.Sort(people)
	return slices.Compact(people)
}

// unpromoted says that too few have promoted the artifact; nil if enough have, or the policy does not ask.
func (r *run) unpromoted(j *judged, approvals []*policy.Approval) []problem {
	if r.promoted(j, approvals) {
		return nil
	}
	want, _ := j.policy.Promotion()
	p := problem{code: NotPromoted, severity: SeverityDeny, position: want.Position}
	of := fmt.Sprintf("policy %s lets into %s what was promoted from %s", j.policy.Name(), r.request.Environment, strings.Join(want.From, " or "))
	team := r.promotes(want)
	if team == "" {
		p.message = of + ", and nobody, or more than one team, is accountable for release-policy of the artifact, so nobody can promote it"
		return []problem{p}
	}
	have := promoters(want, team, approvals)
	p.message = fmt.Sprintf("%s, by %d of team %s, and it was by %s", of, want.Quorum, team, cmp.Or(strings.Join(have, ", "), "nobody"))
	return []problem{p}
}
