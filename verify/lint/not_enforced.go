package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var notEnforced = Check{
	Code: "not-enforced", Severity: verify.SeverityWarn, Control: ownership.Enforcement,
	Meaning:      "An enforcement point only audits, and no other one blocks what it sees.",
	Requirements: []string{"R59"}, Frameworks: []string{"nist-csf-2.0:PR.PS-05"},
	Remedy:         "set mode: enforce",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, e := range d.points {
			if e.Mode == "enforce" || !slices.ContainsFunc(e.Artifacts, func(scope string) bool { return !blocked(d.points, e.Environment, scope) }) {
				continue
			}
			report(issue{position: d.model.Position("enforcement", e.ID), subject: "enforcement point " + e.ID, scopes: e.Artifacts, message: fmt.Sprintf("enforcement point %s in %s only audits", e.ID, e.Environment)})
		}
	},
}
