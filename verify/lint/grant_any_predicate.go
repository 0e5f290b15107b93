package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var grantAnyPredicate = Check{
	Code: "grant-any-predicate", Severity: verify.SeverityWarn, Control: ownership.PublisherIdentity,
	Meaning:      "A grant to build or attest names no predicate types: its principal may state anything about the artifacts.",
	Requirements: []string{"R28"}, Frameworks: []string{"nist-csf-2.0:PR.AA-05", "owasp-nhi-2025:NHI5"},
	Remedy:         "list the predicate types the principal makes",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, g := range d.grants {
			if g.Predicates == nil && (g.Duties.Has(ownership.Build) || g.Duties.Has(ownership.Attest)) {
				report(issue{position: g.Position, subject: ofGrant(g), scopes: g.Artifacts, message: fmt.Sprintf("%s may %s %s with any predicate type", g.To, duties(g), list(g.Artifacts))})
			}
		}
	},
}
