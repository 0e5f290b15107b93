package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var rotationUnscheduled = Check{
	Code: "rotation-unscheduled", Severity: verify.SeverityInfo, Control: ownership.KeyLifecycle,
	Meaning:      "An active key does not say how often it is to be replaced.",
	Requirements: []string{"R25"}, Frameworks: []string{"nist-csf-2.0:PR.AA-01", "owasp-nhi-2025:NHI7"},
	Remedy:         "set rotateEvery",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, c := range d.credentials {
			if _, isIdentity := d.model.IdentityOf(c.ID); isIdentity || c.RotateEvery != 0 || c.Custody == "ephemeral" || !d.live(c) {
				continue
			}
			report(issue{position: d.model.Position("credentials", c.ID), subject: "credential " + c.ID, scopes: d.held(c), message: fmt.Sprintf("credential %s is a key and does not say how often it is to be replaced", c.ID)})
		}
	},
}
