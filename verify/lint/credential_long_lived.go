package lint

import (
	"fmt"
	"slices"
	"time"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var credentialLongLived = Check{
	Code: "credential-long-lived", Severity: verify.SeverityInfo, Control: ownership.KeyLifecycle,
	Meaning:      "A key that neither hardware nor a key service keeps is to be replaced less often than every three years, the longest SP 800-57 gives a private signature key.",
	Requirements: []string{"R25"}, Frameworks: []string{"nist-csf-2.0:PR.AA-01", "owasp-nhi-2025:NHI7"},
	Remedy:         "replace the key more often, or keep it in hardware or a key service",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, c := range d.credentials {
			if _, isIdentity := d.model.IdentityOf(c.ID); isIdentity || c.RotateEvery <= longest || slices.Contains([]string{"hsm", "kms", "token"}, c.Custody) || !d.live(c) {
				continue
			}
			report(issue{position: d.model.Position("credentials", c.ID), subject: "credential " + c.ID, scopes: d.held(c), message: fmt.Sprintf("credential %s is a key that is to be replaced only every %s", c.ID, days(c.RotateEvery))})
		}
	},
}

// longest is three years: NIST SP 800-57 part 1, table 1, "private signature key: 1 to 3 years".
const longest = 3 * 366 * 24 * time.Hour
