package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var policyNotInForce = Check{
	Code: "policy-not-in-force", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "A policy has ended and no other version has taken its place: what it covers is refused.",
	Requirements: []string{"R39"}, Frameworks: []string{"nist-csf-2.0:GV.PO-02"},
	Remedy: "put a new version in force",
	find: func(d *documents, report func(issue)) {
		for _, p := range d.ended {
			report(issue{position: p.Position(), subject: "policy " + p.Name(), scopes: p.Artifacts(), message: fmt.Sprintf(
				"policy %s version %d ended on %s: a verdict on %s is deny", p.Name(), p.Version(), stamp(p.EffectiveUntil()), list(p.Artifacts()))})
		}
	},
}
