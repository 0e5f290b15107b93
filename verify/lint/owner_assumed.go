package lint

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/surety-dev/surety/internal/pattern"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var ownerAssumed = Check{
	Code: "owner-assumed", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "A team has its own entry for the release policy of some artifacts, inherits the owner of another control over them from a broader entry, and has not accepted it.",
	Requirements: []string{"R12"}, Frameworks: []string{"nist-csf-2.0:GV.RR-02", "nist-sp-800-53-r5:SC-17"},
	Remedy:         "have the team accept the owner, in the acceptedBy of the entry, or name one of its own",
	needsOwnership: true,
	find:           findOwnerAssumed,
}

func findOwnerAssumed(d *documents, report func(issue)) {
	told := map[[2]string]bool{} // entry and team
	for _, own := range d.assignments {
		team := own.Ownership.Accountable
		if own.Control != ownership.ReleasePolicy || team == "" {
			continue
		}
		for _, scope := range own.Artifacts {
			for _, name := range samples([]string{scope}) {
				d.inherits(name, scope, team, func(c ownership.Control, a ownership.Assignment) {
					if !told[[2]string{a.Position, team}] {
						told[[2]string{a.Position, team}] = true
						report(issue{position: a.Position, subject: fmt.Sprintf("%s, team %s", ofEntry(a), team), control: c, scopes: []string{scope}, message: fmt.Sprintf(
							"%s, which answers for the release policy of %s, inherits %s as the owner of %s and has not accepted it", team, scope, a.Ownership.Accountable, c)})
					}
				})
			}
		}
	}
}

// inherits calls yield for each control over an artifact whose owner is not the team and stands in a broader
// entry than the team's own of scope, if that is the one that counts; not for those it accepted.
func (d *documents) inherits(name, scope, team string, yield func(c ownership.Control, a ownership.Assignment)) {
	if policy, ok := d.view.Control(ownership.ReleasePolicy, name); !ok || policy.Accountable != team {
		return
	}
	for _, answering := range d.view.Answering(name) {
		c, _ := ownership.ParseControl(answering.Control)
		owner, ok := d.view.Control(c, name)
		accepted := slices.ContainsFunc(owner.AcceptedBy, func(a ownership.Acceptance) bool { return a.Team == team && !a.At.After(d.at) })
		if !ok || c == ownership.ReleasePolicy || owner.Accountable == team || accepted {
			continue
		}
		if a := d.entryAt[answering.Positions[0]]; broader(a.Artifacts, name, scope) {
			yield(c, a)
		}
	}
}

// broader reports whether the most specific of the patterns that match a name is less specific than the scope.
func broader(patterns []string, name, scope string) bool {
	own, err := pattern.Parse(scope)
	if err != nil {
		return false
	}
	less := false
	for _, text := range patterns {
		p, err := pattern.Parse(text)
		if err != nil || !p.Match(name) {
			continue
		}
		shorter := cmp.Or(cmp.Compare(len(own.Prefix()), len(p.Prefix())), cmp.Compare(p.Wildcards(), own.Wildcards()))
		if shorter <= 0 {
			return false
		}
		less = true
	}
	return less
}
