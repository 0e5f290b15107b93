package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var viewAbsent = Check{
	Code: "view-absent", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "A rule reads a view that not all of the declared predicate types have, and does not ask whether it is there: of the others that is an error.",
	Requirements: []string{"R41"}, Frameworks: []string{"nist-csf-2.0:ID.RA-09"},
	Remedy: "ask with has(), or declare the predicate types apart",
	find: remarked(policy.OtherView, func(m policy.Remark) string {
		return fmt.Sprintf("not all declared predicate types have the view that is read in %s", where(m))
	}),
}
