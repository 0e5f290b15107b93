package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var bypassPath = Check{
	Code: "bypass-path", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "In an environment every deny rule that applies can be waived, so that exceptions alone can stand for all checks of the policy.",
	Requirements: []string{"R49", "R50"}, Frameworks: []string{"nist-csf-2.0:ID.RA-07"},
	Remedy: "have one deny rule, about who built or signed it, that nobody can waive",
	find: func(d *documents, report func(issue)) {
		d.rules(policy.Bypass, func(p *policy.Policy, rule policy.Rule, m policy.Remark) {
			by := "exceptions"
			if m.Expression != "" {
				by = "exceptions by " + m.Expression
			}
			report(d.about(p, rule, m, fmt.Sprintf("policy %s version %d: %s can waive every deny rule that applies%s", p.Name(), p.Version(), by, in(m.Name))))
		})
	},
}

// in says in which environment; "" is any that nothing names.
func in(environment string) string {
	if environment == "" {
		return ""
	}
	return " in " + environment
}
