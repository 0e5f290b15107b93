package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var controlUnpaged = Check{
	Code: "control-unpaged", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "A control does not say which team is paged when it fails.",
	Requirements: []string{"R4"}, Frameworks: []string{"nist-csf-2.0:GV.RR-02"},
	Remedy:         "name the team to page",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, a := range d.assignments {
			if a.Ownership.Page == "" {
				report(issue{position: a.Position, subject: ofEntry(a), scopes: a.Artifacts, message: fmt.Sprintf("%s of %s does not say whom to page", a.Control, list(a.Artifacts))})
			}
		}
	},
}
