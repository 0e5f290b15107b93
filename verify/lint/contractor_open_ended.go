package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var contractorOpenEnded = Check{
	Code: "contractor-open-ended", Severity: verify.SeverityWarn, Control: ownership.PublisherIdentity,
	Meaning:      "A contractor who is there has no end date.",
	Requirements: []string{"R15"}, Frameworks: []string{"nist-csf-2.0:GV.RR-04"},
	Remedy:         "set until to the end of the contract",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for p := range d.model.People() {
			if p.Employment == contractor && d.view.Present(p.ID) && p.Interval.Until.IsZero() {
				report(issue{position: d.model.Position("people", p.ID), subject: "person " + p.ID, message: fmt.Sprintf("contractor %s has no end date", p.ID)})
			}
		}
	},
}
