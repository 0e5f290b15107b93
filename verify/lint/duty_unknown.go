package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var dutyUnknown = Check{
	Code: "duty-unknown", Severity: verify.SeverityDeny, Control: ownership.ReleasePolicy,
	Meaning:      "A rule names a duty that there is not.",
	Requirements: []string{"R43"}, Frameworks: []string{"nist-sp-800-53-r5:CM-5"},
	Remedy: "name one of the duties",
	find: func(d *documents, report func(issue)) {
		d.rules(policy.NamesDuty, func(p *policy.Policy, rule policy.Rule, m policy.Remark) {
			if _, ok := ownership.ParseDuty(m.Name); !ok {
				report(d.about(p, rule, m, fmt.Sprintf("there is no duty %q, in %s", m.Name, where(m))))
			}
		})
	},
}
