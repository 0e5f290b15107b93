package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var thresholdTrivial = Check{
	Code: "threshold-trivial", Severity: verify.SeverityDeny, Control: ownership.ReleasePolicy,
	Meaning:      "A rule compares a count with a number that every count meets, or none.",
	Requirements: []string{"R43"}, Frameworks: []string{"nist-sp-800-53-r5:AC-5", "slsa-1.2:source-l4"},
	Remedy: "ask for one or more",
	find: remarked(policy.Threshold, func(m policy.Remark) string {
		return fmt.Sprintf("a count is compared with a number that decides nothing in %s", where(m))
	}),
}
