package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var rootUnrestricted = Check{
	Code: "root-unrestricted", Severity: verify.SeverityWarn, Control: ownership.CertificateIssuance,
	Meaning:      "A Sigstore root does not list the issuers it may speak for: it is believed about any.",
	Requirements: []string{"R3", "R35"}, Frameworks: []string{"nist-csf-2.0:PR.AA-04"},
	Remedy:         "list the issuers your credentials use",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, root := range d.model.Trust().Sigstore {
			if root.Issuers == nil {
				report(issue{position: d.model.Position("trust", root.ID), subject: "root " + root.ID, message: fmt.Sprintf("the Sigstore root %s may speak for any issuer", root.ID)})
			}
		}
	},
}
