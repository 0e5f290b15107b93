package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var issuerUnlisted = Check{
	Code: "issuer-unlisted", Severity: verify.SeverityWarn, Control: ownership.CertificateIssuance,
	Meaning:      "No Sigstore root of the model may speak for the issuer of a credential: none of its certificates is believed.",
	Requirements: []string{"R35"}, Frameworks: []string{"nist-csf-2.0:PR.AA-02", "nist-csf-2.0:PR.AA-04"},
	Remedy:         "list the issuer for the root that certifies it, or revoke the credential",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		roots := d.model.Trust().Sigstore
		for _, c := range d.credentials {
			id, _ := d.model.IdentityOf(c.ID)
			speaks := func(root ownership.Authority) bool {
				return root.Issuers == nil || slices.Contains(root.Issuers, id.Issuer)
			}
			if id.Issuer != "" && len(roots) > 0 && d.live(c) && !slices.ContainsFunc(roots, speaks) {
				report(issue{position: d.model.Position("credentials", c.ID), subject: "credential " + c.ID, scopes: d.held(c), message: fmt.Sprintf(
					"no Sigstore root may speak for %s, the issuer of credential %s", id.Issuer, c.ID)})
			}
		}
	},
}
