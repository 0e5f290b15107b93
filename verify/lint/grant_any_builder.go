package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var grantAnyBuilder = Check{
	Code: "grant-any-builder", Severity: verify.SeverityWarn, Control: ownership.PublisherIdentity,
	Meaning:      "A grant to build names no builders: its principal may sign provenance in any builder's name.",
	Requirements: []string{"R57"}, Frameworks: []string{"owasp-nhi-2025:NHI3"},
	Remedy:         "list the builder ids the principal signs for",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, g := range d.grants {
			if g.Builders == nil && g.Duties.Has(ownership.Build) {
				report(issue{position: g.Position, subject: ofGrant(g), scopes: g.Artifacts, message: fmt.Sprintf("%s may build %s with provenance that names any builder", g.To, list(g.Artifacts))})
			}
		}
	},
}
