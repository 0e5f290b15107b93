package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var credentialUnowned = Check{
	Code: "credential-unowned", Severity: verify.SeverityWarn, Control: ownership.KeyLifecycle,
	Meaning:      "A credential has no owner: nobody is accountable for its life.",
	Requirements: []string{"R1", "R2", "R11"}, Frameworks: []string{"nist-csf-2.0:GV.RR-02"},
	Remedy:         "name the team that owns the credential",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, c := range d.credentials {
			if c.Owner == "" {
				report(issue{position: d.model.Position("credentials", c.ID), scopes: d.held(c), message: fmt.Sprintf("credential %s has no owner", c.ID)})
			}
		}
	},
}
