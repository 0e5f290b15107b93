package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var errorAbsorbed = Check{
	Code: "error-absorbed", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "An operand of || or &&, or the predicate of exists() or all(), can err, and CEL absorbs the error beside one that decides.",
	Requirements: []string{"R41"}, Frameworks: []string{"nist-csf-2.0:ID.RA-09"},
	Remedy: "guard the operand with has(), or make it a rule of its own",
	find: remarked(policy.AbsorbsError, func(m policy.Remark) string {
		return fmt.Sprintf("an error can be absorbed in %s", where(m))
	}),
}
