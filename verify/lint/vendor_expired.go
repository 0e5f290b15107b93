package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var vendorExpired = Check{
	Code: "vendor-expired", Severity: verify.SeverityDeny, Control: ownership.PublisherIdentity,
	Meaning:      "A credential can still sign although the contract of a vendor that holds it has ended.",
	Requirements: []string{"R14", "R29"}, Frameworks: []string{"nist-csf-2.0:GV.SC-10", "owasp-nhi-2025:NHI1", "owasp-nhi-2025:NHI3"},
	Remedy:         "revoke the credential, with the reason cessation-of-operation, or renew the contract",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for v := range d.model.Vendors() {
			until := v.Interval.Until
			if until.IsZero() || until.After(d.at) {
				continue
			}
			for _, c := range d.holds[v.ID] {
				report(issue{position: d.model.Position("credentials", c.ID), subject: fmt.Sprintf("credential %s of %s", c.ID, v.ID), scopes: d.held(c), message: fmt.Sprintf(
					"the contract of %s ended on %s, %s ago, and credential %s is still %s", v.ID, stamp(until), days(d.at.Sub(until)), c.ID, c.States.At(d.at))})
			}
		}
	},
}
