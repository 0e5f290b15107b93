package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var freshnessDemanded = Check{
	Code: "freshness-demanded", Severity: verify.SeverityInfo, Control: ownership.KeyLifecycle,
	Meaning:      "A policy demands fresh status data: without a revocation list in date for each credential used it is indeterminate at best.",
	Requirements: []string{"R34"}, Frameworks: []string{"nist-csf-2.0:PR.AA-01"},
	Remedy: "have those who may revoke sign a list at least as often, empty ones too, and supply it with the evidence",
	find: func(d *documents, report func(issue)) {
		for _, p := range d.policies {
			if p.Freshness() != 0 {
				report(issue{position: p.Position(), subject: "policy " + p.Name(), scopes: p.Artifacts(), message: fmt.Sprintf(
					"policy %s demands status data not older than %s: without a list from who may revoke each credential it is indeterminate at best", p.Name(), p.Freshness())})
			}
		}
	},
}
