package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var rootUnowned = Check{
	Code: "root-unowned", Severity: verify.SeverityWarn, Control: ownership.CertificateIssuance,
	Meaning:      "A root of trust has no owner, or one without anybody in it.",
	Requirements: []string{"R3", "R35"}, Frameworks: []string{"nist-csf-2.0:GV.RR-02"},
	Remedy:         "name a team with somebody in it that answers for the root",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		trust := d.model.Trust()
		for _, root := range slices.Concat(trust.Sigstore, trust.CertificateAuthorities, trust.TimestampAuthorities) {
			say := func(message string) {
				report(issue{position: d.model.Position("trust", root.ID), subject: "root " + root.ID, message: message})
			}
			if root.Owner == "" {
				say(fmt.Sprintf("the root of trust %s has no owner", root.ID))
			} else if !d.staffed(root.Owner) {
				say(fmt.Sprintf("nobody is in %s, the owner of the root of trust %s", root.Owner, root.ID))
			}
		}
	},
}
