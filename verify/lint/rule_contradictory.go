package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var ruleContradictory = Check{
	Code: "rule-contradictory", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "A rule asks for what cannot be at once, in one expression or beside another deny rule over the same evidence.",
	Requirements: []string{"R41"}, Frameworks: []string{"nist-csf-2.0:ID.RA-09"},
	Remedy: "mend one of the demands, or say with when where each applies",
	find: remarked(policy.Contradiction, func(m policy.Remark) string {
		return fmt.Sprintf("%s cannot be met together with %s", where(m), m.Name)
	}),
}
