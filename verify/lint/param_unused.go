package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var paramUnused = Check{
	Code: "param-unused", Severity: verify.SeverityInfo, Control: ownership.ReleasePolicy,
	Meaning: "No expression uses a parameter.",
	Remedy:  "take the parameter out, or use it",
	find: remarked(policy.UnusedParam, func(m policy.Remark) string {
		return fmt.Sprintf("no expression uses parameter %s", m.Name)
	}),
}
