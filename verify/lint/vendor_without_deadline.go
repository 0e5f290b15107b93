package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var vendorWithoutDeadline = Check{
	Code: "vendor-without-deadline", Severity: verify.SeverityInfo, Control: ownership.PublisherIdentity,
	Meaning:      "Nothing says how long a vendor has to hand over evidence when asked.",
	Requirements: []string{"R14"}, Frameworks: []string{"nist-csf-2.0:GV.SC-05", "nist-csf-2.0:GV.SC-08"},
	Remedy:         "set evidenceWithin, as the contract has it",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for v := range d.model.Vendors() {
			if v.EvidenceWithin == 0 && d.view.Present(v.ID) {
				report(issue{position: d.model.Position("vendors", v.ID), subject: "vendor " + v.ID, message: fmt.Sprintf("nothing says how long vendor %s has to hand over evidence when asked", v.ID)})
			}
		}
	},
}
