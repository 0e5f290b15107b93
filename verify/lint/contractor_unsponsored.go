package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var contractorUnsponsored = Check{
	Code: "contractor-unsponsored", Severity: verify.SeverityWarn, Control: ownership.PublisherIdentity,
	Meaning:      "A contractor who is there has no sponsor, or one who is not.",
	Requirements: []string{"R15"}, Frameworks: []string{"nist-csf-2.0:GV.RR-04"},
	Remedy:         "name a sponsor who is there, or end the contract",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for p := range d.model.People() {
			if p.Employment != contractor || !d.view.Present(p.ID) {
				continue
			}
			switch {
			case p.Sponsor == "":
				report(issue{position: d.model.Position("people", p.ID), subject: "person " + p.ID, message: fmt.Sprintf("contractor %s has no sponsor", p.ID)})
			case !d.view.Present(p.Sponsor):
				report(issue{position: d.model.Position("people", p.ID), subject: "person " + p.ID, message: fmt.Sprintf("%s, the sponsor of contractor %s, is not there", p.Sponsor, p.ID)})
			}
		}
	},
}

// contractor is how documents call the employment of one.
const contractor = "contractor"
