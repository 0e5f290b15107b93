package lint

import (
	"fmt"
	"strings"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var credentialShared = Check{
	Code: "credential-shared", Severity: verify.SeverityWarn, Control: ownership.KeyLifecycle,
	Meaning:      "Several principals hold one credential: what it signs is nobody's in particular.",
	Requirements: []string{"R26"}, Frameworks: []string{"nist-csf-2.0:PR.AA-01", "owasp-nhi-2025:NHI9"},
	Remedy:         "give each holder a credential of its own",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, c := range d.credentials {
			if len(c.Holders) > 1 {
				report(issue{position: d.model.Position("credentials", c.ID), scopes: d.held(c), message: fmt.Sprintf("credential %s is held by %s", c.ID, strings.Join(c.Holders, ", "))})
			}
		}
	},
}
