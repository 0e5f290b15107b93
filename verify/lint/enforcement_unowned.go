package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var enforcementUnowned = Check{
	Code: "enforcement-unowned", Severity: verify.SeverityWarn, Control: ownership.Enforcement,
	Meaning:      "An enforcement point has no owner, or one without anybody in it.",
	Requirements: []string{"R2", "R11"}, Frameworks: []string{"nist-csf-2.0:GV.RR-02"},
	Remedy:         "name a team with somebody in it that owns the point",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, e := range d.points {
			say := func(message string) {
				report(issue{position: d.model.Position("enforcement", e.ID), subject: "enforcement point " + e.ID, scopes: e.Artifacts, message: message})
			}
			if e.Owner == "" {
				say(fmt.Sprintf("enforcement point %s in %s has no owner", e.ID, e.Environment))
			} else if !d.staffed(e.Owner) {
				say(fmt.Sprintf("nobody is in %s, the owner of enforcement point %s in %s", e.Owner, e.ID, e.Environment))
			}
		}
	},
}
