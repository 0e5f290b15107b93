package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var quorumUnreachable = Check{
	Code: "quorum-unreachable", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "Fewer people of the accountable team hold an active credential than must sign a change of what the control governs.",
	Requirements: []string{"R20", "R53"}, Frameworks: []string{"nist-sp-800-53-r5:CM-3"},
	Remedy:         "give more of the team a credential, put more people into it, or ask for fewer",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, a := range d.assignments {
			able := 0
			for _, person := range d.view.Members(a.Ownership.Accountable) {
				if d.able[person] {
					able++
				}
			}
			if able < a.Ownership.Quorum && d.staffed(a.Ownership.Accountable) {
				report(issue{position: a.Position, subject: ofEntry(a), scopes: a.Artifacts, message: fmt.Sprintf(
					"%d people of %s must sign a change of the %s of %s, and %d of them hold an active credential", a.Ownership.Quorum, a.Ownership.Accountable, a.Control, list(a.Artifacts), able)})
			}
		}
	},
}
