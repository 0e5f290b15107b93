package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var contractorSoleApprover = Check{
	Code: "contractor-sole-approver", Severity: verify.SeverityWarn, Control: ownership.ReviewAudit,
	Meaning:      "All who can use a grant to approve, review or except are contractors.",
	Requirements: []string{"R15"}, Frameworks: []string{"nist-csf-2.0:GV.RR-04"},
	Remedy:         "grant the duty to an employee too",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, g := range d.grants {
			if !g.Duties.Has(ownership.Approve) && !g.Duties.Has(ownership.Review) && !g.Duties.Has(ownership.Except) {
				continue
			}
			people := d.usable(g.To)
			employed := func(id string) bool { p, ok := d.model.Person(id); return !ok || p.Employment != contractor }
			if len(people) > 0 && !slices.ContainsFunc(people, employed) {
				report(issue{position: g.Position, subject: ofGrant(g), scopes: g.Artifacts, message: fmt.Sprintf("only contractors, %s, can use the grant of %s to %s", list(people), duties(g), g.To)})
			}
		}
	},
}
