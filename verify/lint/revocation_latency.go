package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var revocationLatency = Check{
	Code: "revocation-latency", Severity: verify.SeverityWarn, Control: ownership.Enforcement,
	Meaning:      "A revocation reaches an enforcement point later than the model allows, or the point does not say when.",
	Requirements: []string{"R33"}, Frameworks: []string{"nist-csf-2.0:PR.AA-01", "nist-sp-800-53-r5:SC-12"},
	Remedy:         "make the point read revocations sooner, and set its revocationWithin",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		most := d.model.RevocationWithin()
		for _, e := range d.points {
			says := fmt.Sprintf("a revocation reaches %s in %s only within %s", e.ID, e.Environment, e.RevocationWithin)
			if e.RevocationWithin == 0 {
				says = fmt.Sprintf("nobody says when a revocation reaches %s in %s", e.ID, e.Environment)
			}
			if most != 0 && e.Mode == "enforce" && (e.RevocationWithin == 0 || e.RevocationWithin > most) {
				report(issue{position: d.model.Position("enforcement", e.ID), subject: "enforcement point " + e.ID, scopes: e.Artifacts, message: fmt.Sprintf(
					"%s: every point is to know within %s", says, most)})
			}
		}
	},
}
