package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var vendorUnenforceable = Check{
	Code: "vendor-unenforceable", Severity: verify.SeverityWarn, Control: ownership.PublisherIdentity,
	Meaning:      "The internal owner of a vendor can neither revoke a credential the vendor holds nor owns it: it can ask, and not enforce.",
	Requirements: []string{"R14"}, Frameworks: []string{"nist-csf-2.0:GV.SC-02", "owasp-nhi-2025:NHI3"},
	Remedy:         "name the internal owner among the revokers of the credential",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for v := range d.model.Vendors() {
			if v.InternalOwner == "" || !d.staffed(v.InternalOwner) {
				continue // vendor-unowned says so
			}
			for _, c := range d.holds[v.ID] {
				if c.Owner != v.InternalOwner && !slices.Contains(c.Revokers, v.InternalOwner) && slices.ContainsFunc(c.Revokers, d.staffed) {
					report(issue{position: d.model.Position("credentials", c.ID), subject: fmt.Sprintf("credential %s of %s", c.ID, v.ID), scopes: d.held(c), message: fmt.Sprintf(
						"%s, the internal owner of vendor %s, neither owns its credential %s nor can revoke it", v.InternalOwner, v.ID, c.ID)})
				}
			}
		}
	},
}
