package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var offboardingLag = Check{
	Code: "offboarding-lag", Severity: verify.SeverityDeny, Control: ownership.KeyLifecycle,
	Meaning:      "A credential can still sign although a person who holds it has left, or is away.",
	Requirements: []string{"R29"}, Frameworks: []string{"nist-csf-2.0:GV.RR-04", "owasp-nhi-2025:NHI1"},
	Remedy:         "revoke the credential, with the reason affiliation-changed; suspend that of somebody who comes back",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for p := range d.model.People() {
			gone, since := d.gone(p)
			if gone == "" || p.Employment == contractor {
				continue // contractor-expired speaks of those
			}
			for _, c := range d.holds[p.ID] {
				report(issue{position: d.model.Position("credentials", c.ID), subject: fmt.Sprintf("credential %s of %s", c.ID, p.ID), scopes: d.held(c), message: fmt.Sprintf(
					"%s %s %s, %s ago, and credential %s is still %s", p.ID, gone, stamp(since), days(d.at.Sub(since)), c.ID, c.States.At(d.at))})
			}
		}
	},
}
