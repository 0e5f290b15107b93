package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var nobodyCanRevoke = Check{
	Code: "nobody-can-revoke", Severity: verify.SeverityDeny, Control: ownership.KeyLifecycle,
	Meaning:      "Nobody can revoke a credential: it has no revokers, or nobody is in any of them.",
	Requirements: []string{"R7", "R18"}, Frameworks: []string{"nist-csf-2.0:GV.RR-02", "nist-sp-800-53-r5:SC-12"},
	Remedy:         "name a team with somebody in it among the revokers",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, c := range d.credentials {
			if slices.ContainsFunc(c.Revokers, d.staffed) {
				continue
			}
			why := "it has no revokers"
			if len(c.Revokers) > 0 {
				why = "nobody is in " + list(c.Revokers)
			}
			report(issue{position: d.model.Position("credentials", c.ID), subject: "credential " + c.ID, scopes: d.held(c), message: fmt.Sprintf("nobody can revoke credential %s: %s", c.ID, why)})
		}
	},
}
