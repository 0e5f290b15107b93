package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var dutyUnexercisable = Check{
	Code: "duty-unexercisable", Severity: verify.SeverityWarn, Control: ownership.KeyLifecycle,
	Meaning:      "Nobody who has a duty by a grant in force holds an active credential: it cannot be exercised.",
	Requirements: []string{"R17"}, Frameworks: []string{"nist-sp-800-53-r5:IA-5"},
	Remedy:         "give those who have the duty a credential, or end the grant",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, g := range d.grants {
			who := d.usable(g.To)
			if !g.Interval.Contains(d.at) || len(who) == 0 || slices.ContainsFunc(who, func(id string) bool { return d.able[id] }) {
				continue
			}
			report(issue{position: g.Position, subject: ofGrant(g), scopes: g.Artifacts, message: fmt.Sprintf(
				"%s may %s %s, and none of %s holds an active credential", g.To, duties(g), list(g.Artifacts), list(who))})
		}
	},
}
