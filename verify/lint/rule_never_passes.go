package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var ruleNeverPasses = Check{
	Code: "rule-never-passes", Severity: verify.SeverityDeny, Control: ownership.ReleasePolicy,
	Meaning:      "A rule is false, or in error, whatever the evidence.",
	Requirements: []string{"R41"}, Frameworks: []string{"nist-csf-2.0:ID.RA-09"},
	Remedy: "mend the expression",
	find: remarked(policy.NeverPasses, func(m policy.Remark) string {
		return fmt.Sprintf("%s never passes: %s", whose(m), m.Expression)
	}),
}
