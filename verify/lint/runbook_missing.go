package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var runbookMissing = Check{
	Code: "runbook-missing", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "A control links no runbook.",
	Requirements: []string{"R16"}, Frameworks: []string{"nist-csf-2.0:GV.RR-02"},
	Remedy:         "link the runbook of the control",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, a := range d.assignments {
			if a.Ownership.Runbook == "" {
				report(issue{position: a.Position, subject: ofEntry(a), scopes: a.Artifacts, message: fmt.Sprintf("%s of %s has no runbook", a.Control, list(a.Artifacts))})
			}
		}
	},
}
