package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var grantToNobody = Check{
	Code: "grant-to-nobody", Severity: verify.SeverityWarn, Control: ownership.PublisherIdentity,
	Meaning:      "A grant in force is to a team without anybody in it, or to a person who is not there.",
	Requirements: []string{"R17", "R29"}, Frameworks: []string{"nist-csf-2.0:GV.RR-04", "owasp-nhi-2025:NHI1"},
	Remedy:         "end the grant, or make it to somebody who is there",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, g := range d.grants {
			if !g.Interval.Contains(d.at) || len(d.usable(g.To)) > 0 {
				continue
			}
			why := g.To + " is not there"
			if _, ok := d.model.Team(g.To); ok {
				why = "nobody is in " + g.To
			}
			report(issue{position: g.Position, subject: ofGrant(g), scopes: g.Artifacts, message: fmt.Sprintf("%s, which is granted %s of %s", why, duties(g), list(g.Artifacts))})
		}
	},
}
