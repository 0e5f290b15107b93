package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var windowEvadable = Check{
	Code: "window-evadable", Severity: verify.SeverityInfo, Control: ownership.PublisherIdentity,
	Meaning:      "A grant with windows or freezes can be used with a long-lived key, whose holder can sign in a freeze and have it stamped afterwards.",
	Requirements: []string{"R40"}, Frameworks: []string{"nist-sp-800-53-r5:CM-3"},
	Remedy:         "grant it to an identity of short-lived certificates",
	needsOwnership: true,
	find:           findWindowEvadable,
}

func findWindowEvadable(d *documents, report func(issue)) {
	for _, g := range d.grants {
		if g.Windows == nil && g.Freezes == nil {
			continue
		}
		who := d.usable(g.To)
		var keys []string
		for _, c := range d.credentials {
			_, isIdentity := d.model.IdentityOf(c.ID)
			if !isIdentity && c.Custody != "ephemeral" && d.live(c) && slices.ContainsFunc(c.Holders, func(h string) bool { return slices.Contains(who, h) }) {
				keys = append(keys, c.ID)
			}
		}
		if keys != nil {
			report(issue{position: g.Position, subject: ofGrant(g), scopes: g.Artifacts, message: fmt.Sprintf(
				"%s may %s %s at certain times only, and with %s a signature of another time can be stamped later", g.To, duties(g), list(g.Artifacts), list(keys))})
		}
	}
}
