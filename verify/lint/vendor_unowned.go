package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var vendorUnowned = Check{
	Code: "vendor-unowned", Severity: verify.SeverityDeny, Control: ownership.PublisherIdentity,
	Meaning:      "Nobody inside can demand evidence of a vendor or enforce its revocation: it has no internal owner, or one without anybody in it.",
	Requirements: []string{"R14"}, Frameworks: []string{"nist-csf-2.0:GV.SC-02", "owasp-nhi-2025:NHI3"},
	Remedy:         "name an internal owner with somebody in it",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for v := range d.model.Vendors() {
			switch {
			case v.InternalOwner == "":
				report(issue{position: d.model.Position("vendors", v.ID), subject: "vendor " + v.ID, message: fmt.Sprintf("vendor %s has no internal owner", v.ID)})
			case !d.staffed(v.InternalOwner):
				report(issue{position: d.model.Position("vendors", v.ID), subject: "vendor " + v.ID, message: fmt.Sprintf("nobody is in %s, the internal owner of vendor %s", v.InternalOwner, v.ID)})
			}
		}
	},
}
