package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var freshnessDemanded = Check{
	Code: "freshness-demanded", Severity: verify.SeverityInfo, Control: ownership.KeyLifecycle,
	Meaning:      "A policy demands fresh status data: without a revocation list for each credential used it is indeterminate at best, and none is read yet.",
	Requirements: []string{"R34"}, Frameworks: []string{"nist-csf-2.0:PR.AA-01"},
	Remedy: "leave the demand out until status data is read, or expect indeterminate",
	find: func(d *documents, report func(issue)) {
		for _, p := range d.policies {
			if p.Freshness() != 0 {
				report(issue{position: p.Position(), subject: "policy " + p.Name(), scopes: p.Artifacts(), message: fmt.Sprintf(
					"policy %s demands status data not older than %s; none is read yet, so it is indeterminate at best", p.Name(), p.Freshness())})
			}
		}
	},
}
