package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var variableUnused = Check{
	Code: "variable-unused", Severity: verify.SeverityInfo, Control: ownership.ReleasePolicy,
	Meaning: "No rule uses a variable.",
	Remedy:  "take the variable out, or use it",
	find: remarked(policy.UnusedVariable, func(m policy.Remark) string {
		return fmt.Sprintf("no rule uses variable %s", m.Name)
	}),
}
