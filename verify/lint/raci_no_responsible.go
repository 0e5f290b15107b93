package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var raciNoResponsible = Check{
	Code: "raci-no-responsible", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "A control has an accountable team and no responsible one: nobody is named who does the work.",
	Requirements: []string{"R4", "R6"}, Frameworks: []string{"nist-csf-2.0:GV.RR-02"},
	Remedy:         "name at least one responsible team",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, a := range d.assignments {
			if len(a.Ownership.Responsible) == 0 {
				report(issue{position: a.Position, subject: ofEntry(a), scopes: a.Artifacts, message: fmt.Sprintf("%s of %s has no responsible team", a.Control, list(a.Artifacts))})
			}
		}
	},
}
