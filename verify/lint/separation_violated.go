package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var separationViolated = Check{
	Code: "separation-violated", Severity: verify.SeverityWarn, Control: ownership.ReviewAudit,
	Meaning:      "One team is accountable for all seven controls over some artifacts: nobody else could notice what it does wrong.",
	Requirements: []string{"R13"}, Frameworks: []string{"nist-csf-2.0:GV.RR-02", "nist-sp-800-53-r5:AC-5"},
	Remedy:         "make another team accountable for review and audit, or for monitoring",
	needsOwnership: true,
	find:           findSeparationViolated,
}

func findSeparationViolated(d *documents, report func(issue)) {
	alone := map[string][]string{} // scopes, by team
	d.released(func(scope, _ string) {
		for _, name := range samples([]string{scope}) {
			owners, ok := d.all(name)
			another := func(o ownership.Ownership) bool { return o.Accountable != owners[0].Accountable }
			if ok && !slices.ContainsFunc(owners, another) {
				alone[owners[0].Accountable] = append(alone[owners[0].Accountable], scope)
				return
			}
		}
	})
	for team, scopes := range alone {
		report(issue{position: d.model.Position("teams", team), subject: fmt.Sprintf("team %s, %s", team, each(scopes)), scopes: scopes, message: fmt.Sprintf(
			"%s is accountable for all seven controls over %s", team, list(scopes))})
	}
}
