package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var branchUnreachable = Check{
	Code: "branch-unreachable", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "A branch of ? : is never taken: its condition rests on parameters alone.",
	Requirements: []string{"R41"}, Frameworks: []string{"nist-csf-2.0:ID.RA-09"},
	Remedy: "take the branch out, or mend the condition",
	find: remarked(policy.Unreachable, func(m policy.Remark) string {
		return fmt.Sprintf("a branch is never taken in %s", where(m))
	}),
}
