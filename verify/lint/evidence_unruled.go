package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var evidenceUnruled = Check{
	Code: "evidence-unruled", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "No rule looks at the attestations of an evidence declaration: whatever they say will do.",
	Requirements: []string{"R41"}, Frameworks: []string{"nist-csf-2.0:ID.RA-09"},
	Remedy: "add a rule about what the attestations must say",
	find: remarked(policy.Unruled, func(m policy.Remark) string {
		return fmt.Sprintf("no rule looks at evidence %s: whatever it says will do", m.Name)
	}),
}
