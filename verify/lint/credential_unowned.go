package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var credentialUnowned = Check{
	Code: "credential-unowned", Severity: verify.SeverityWarn, Control: ownership.KeyLifecycle,
	Meaning:      "A credential has no owner, or one without anybody in it: nobody is accountable for its life. Or nobody is in the team that keeps it.",
	Requirements: []string{"R1", "R2", "R11"}, Frameworks: []string{"nist-csf-2.0:GV.RR-02"},
	Remedy:         "name a team with somebody in it that owns the credential, and one that keeps it",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, c := range d.credentials {
			say := func(message string) {
				report(issue{position: d.model.Position("credentials", c.ID), subject: "credential " + c.ID, scopes: d.held(c), message: message})
			}
			switch {
			case c.Owner == "":
				say(fmt.Sprintf("credential %s has no owner", c.ID))
			case !d.staffed(c.Owner):
				say(fmt.Sprintf("nobody is in %s, the owner of credential %s", c.Owner, c.ID))
			case c.KeptBy != "" && !d.staffed(c.KeptBy):
				say(fmt.Sprintf("nobody is in %s, which keeps credential %s", c.KeptBy, c.ID))
			}
		}
	},
}
