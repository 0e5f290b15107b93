package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var operandVacuous = Check{
	Code: "operand-vacuous", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "An operand of || is true wherever the others are not: the part checks nothing.",
	Requirements: []string{"R41"}, Frameworks: []string{"nist-csf-2.0:ID.RA-09"},
	Remedy: "take the part out, or mend it",
	find: remarked(policy.Tautology, func(m policy.Remark) string {
		return fmt.Sprintf("nothing makes this false: %s", where(m))
	}),
}
