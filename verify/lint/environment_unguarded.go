package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var environmentUnguarded = Check{
	Code: "environment-unguarded", Severity: verify.SeverityInfo, Control: ownership.Enforcement,
	Meaning:      "A grant is for an environment in which no enforcement point stands.",
	Requirements: []string{"R19", "R59"}, Frameworks: []string{"nist-csf-2.0:PR.PS-05"},
	Remedy:         "name the enforcement point of the environment, or mend its name in the grant",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		if len(d.points) == 0 {
			return // nobody-blocks says so
		}
		for _, g := range d.grants {
			for _, environment := range g.Environments {
				judged := func(p *policy.Policy) bool { return slices.Contains(p.Environments(), environment) }
				if slices.ContainsFunc(d.policies, judged) {
					continue // nobody-blocks says so
				}
				if !slices.ContainsFunc(d.points, func(e ownership.EnforcementPoint) bool { return e.Environment == environment }) {
					report(issue{position: g.Position, subject: fmt.Sprintf("%s, environment %s", ofGrant(g), environment), scopes: g.Artifacts, message: fmt.Sprintf(
						"%s may %s %s in %s, where no enforcement point stands", g.To, duties(g), list(g.Artifacts), environment)})
				}
			}
		}
	},
}
