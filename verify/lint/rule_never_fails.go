package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var ruleNeverFails = Check{
	Code: "rule-never-fails", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "A rule is true whatever the evidence: it demands nothing.",
	Requirements: []string{"R41"}, Frameworks: []string{"nist-csf-2.0:ID.RA-09"},
	Remedy: "mend the expression, or take the rule out",
	find: remarked(policy.NeverFails, func(m policy.Remark) string {
		return fmt.Sprintf("%s never fails: %s", whose(m), m.Expression)
	}),
}
