package lint

import (
	"fmt"
	"maps"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var ownerStale = Check{
	Code: "owner-stale", Severity: verify.SeverityDeny, Control: ownership.ReleasePolicy,
	Meaning:      "A team that owns, executes or is paged for a control has nobody in it.",
	Requirements: []string{"R4", "R9"}, Frameworks: []string{"nist-csf-2.0:GV.RR-02"},
	Remedy:         "put somebody into the team, or name another one",
	needsOwnership: true,
	find:           findOwnerStale,
}

func findOwnerStale(d *documents, report func(issue)) {
	for _, a := range d.assignments {
		role := map[string]string{} // by team: the weightiest
		for _, team := range a.Ownership.Responsible {
			role[team] = "responsible for"
		}
		if a.Ownership.Page != "" {
			role[a.Ownership.Page] = "paged for"
		}
		if a.Ownership.Accountable != "" {
			role[a.Ownership.Accountable] = "accountable for"
		}
		for _, team := range slices.Sorted(maps.Keys(role)) {
			if !d.staffed(team) {
				report(issue{position: a.Position, subject: ofEntry(a) + ", team " + team, scopes: a.Artifacts, message: fmt.Sprintf(
					"nobody is in %s, which is %s %s of %s", team, role[team], a.Control, list(a.Artifacts))})
			}
		}
	}
}
