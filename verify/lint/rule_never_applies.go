package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var ruleNeverApplies = Check{
	Code: "rule-never-applies", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "The `when` of a rule is false, or in error, whatever the request.",
	Requirements: []string{"R41"}, Frameworks: []string{"nist-csf-2.0:ID.RA-09"},
	Remedy: "mend the `when`, or take the rule out",
	find: remarked(policy.NeverApplies, func(m policy.Remark) string {
		return fmt.Sprintf("%s never applies: %s", whose(m), m.Expression)
	}),
}
