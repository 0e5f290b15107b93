package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var rootUnowned = Check{
	Code: "root-unowned", Severity: verify.SeverityWarn, Control: ownership.CertificateIssuance,
	Meaning:      "A root of trust has no owner.",
	Requirements: []string{"R3"}, Frameworks: []string{"nist-csf-2.0:GV.RR-02"},
	Remedy:         "name the team that answers for the root",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		trust := d.model.Trust()
		for _, root := range slices.Concat(trust.Sigstore, trust.CertificateAuthorities, trust.TimestampAuthorities) {
			if root.Owner == "" {
				report(issue{position: d.model.Position("trust", root.ID), message: fmt.Sprintf("the root of trust %s has no owner", root.ID)})
			}
		}
	},
}
