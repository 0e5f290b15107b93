package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var offboardingLag = Check{
	Code: "offboarding-lag", Severity: verify.SeverityDeny, Control: ownership.KeyLifecycle,
	Meaning:      "A credential can still sign although a person who holds it has left.",
	Requirements: []string{"R29"}, Frameworks: []string{"nist-csf-2.0:GV.RR-04", "owasp-nhi-2025:NHI1"},
	Remedy:         "revoke the credential, with the reason affiliation-changed",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, c := range d.credentials {
			if !d.live(c) {
				continue
			}
			for _, holder := range c.Holders {
				if p, ok := d.model.Person(holder); ok && !p.Interval.Until.IsZero() && !p.Interval.Until.After(d.at) {
					report(issue{position: d.model.Position("credentials", c.ID), scopes: d.held(c), message: fmt.Sprintf(
						"%s left on %s, %s ago, and credential %s is still %s", holder, stamp(p.Interval.Until), days(d.at.Sub(p.Interval.Until)), c.ID, c.States.At(d.at))})
				}
			}
		}
	},
}
