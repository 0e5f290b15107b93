package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var notMonotone = Check{
	Code: "not-monotone", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "Less evidence can make a deny rule pass: it negates, counts from above or exactly, or asks all() of evidence, approvals or signers.",
	Requirements: []string{"R41", "R43"}, Frameworks: []string{"nist-csf-2.0:ID.RA-09"},
	Remedy: "demand what must be there, instead of the absence of what must not",
	find: remarked(policy.NotMonotone, func(m policy.Remark) string {
		return fmt.Sprintf("less evidence can pass %s", where(m))
	}),
}
