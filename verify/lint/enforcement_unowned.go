package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var enforcementUnowned = Check{
	Code: "enforcement-unowned", Severity: verify.SeverityWarn, Control: ownership.Enforcement,
	Meaning:      "An enforcement point has no owner.",
	Requirements: []string{"R2", "R11"}, Frameworks: []string{"nist-csf-2.0:GV.RR-02"},
	Remedy:         "name the team that owns the point",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, e := range d.model.EnforcementPoints() {
			if e.Owner == "" {
				report(issue{position: d.model.Position("enforcement", e.ID), scopes: e.Artifacts, message: fmt.Sprintf("enforcement point %s in %s has no owner", e.ID, e.Environment)})
			}
		}
	},
}
