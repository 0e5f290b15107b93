package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var thresholdUnreachable = Check{
	Code: "threshold-unreachable", Severity: verify.SeverityDeny, Control: ownership.ReleasePolicy,
	Meaning:      "Fewer principals are granted the duty of an evidence declaration than it asks for, whatever the artifact.",
	Requirements: []string{"R41", "R43"}, Frameworks: []string{"nist-csf-2.0:ID.RA-09"},
	Remedy:         "grant the duty to more, or ask for fewer",
	needsOwnership: true,
	find:           findThresholdUnreachable,
}

func findThresholdUnreachable(d *documents, report func(issue)) {
	for _, p := range d.policies {
		for _, need := range p.Requirements() {
			if most := d.mostEligible(p, need); most < need.Min {
				report(issue{position: need.Position, subject: fmt.Sprintf("policy %s, evidence %s", p.Name(), need.Name), scopes: p.Artifacts(), message: fmt.Sprintf(
					"evidence %s of policy %s asks for %d with duty %s, and at most %d are granted it for its predicate types and any one artifact", need.Name, p.Name(), need.Min, need.Duty, most)})
			}
		}
	}
}

// mostEligible gives how many could meet a declaration, of the artifact for which they are most; once they
// are enough it looks no further.
func (d *documents) mostEligible(p *policy.Policy, need policy.Requirement) int {
	duty, _ := ownership.ParseDuty(need.Duty)
	most := 0
	enough := func(name string) bool {
		most = max(most, len(d.view.Eligible(duty, name, need.PredicateTypes, need.CountsPeople())))
		return most >= need.Min
	}
	if slices.ContainsFunc(samples(p.Artifacts()), enough) {
		return most
	}
	for _, g := range d.grants {
		for _, scope := range g.Artifacts {
			for _, covered := range p.Artifacts() {
				if name, ok := overlap(scope, covered); ok && g.Duties.Has(duty) && enough(name) {
					return most
				}
			}
		}
	}
	return most
}
