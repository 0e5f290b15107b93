package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var environmentUnruled = Check{
	Code: "environment-unruled", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "In an environment the conditions of all deny rules of a policy can be false together: then it allows nothing.",
	Requirements: []string{"R41", "R49"}, Frameworks: []string{"nist-csf-2.0:ID.RA-09"},
	Remedy: "limit the policy to the environments it is for, or have a deny rule without a condition",
	find: func(d *documents, report func(issue)) {
		d.rules(policy.NothingApplies, func(p *policy.Policy, rule policy.Rule, m policy.Remark) {
			if m.Name == "" { // an environment that nothing names: a request without one, or of another policy's
				return
			}
			report(d.about(p, rule, m, fmt.Sprintf("policy %s version %d has no deny rule that always applies%s", p.Name(), p.Version(), in(m.Name))))
		})
	},
}
