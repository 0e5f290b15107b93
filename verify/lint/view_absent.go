package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var viewAbsent = Check{
	Code: "view-absent", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "A rule reads a view that none of the declared predicate types has: that is an error.",
	Requirements: []string{"R41"}, Frameworks: []string{"nist-csf-2.0:ID.RA-09"},
	Remedy: "read it.predicate, or declare predicate types that have the view",
	find: remarked(policy.OtherView, func(m policy.Remark) string {
		return fmt.Sprintf("no declared predicate type has the view that is read in %s", where(m))
	}),
}
