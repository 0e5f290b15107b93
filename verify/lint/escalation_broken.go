package lint

import (
	"fmt"
	"maps"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var escalationBroken = Check{
	Code: "escalation-broken", Severity: verify.SeverityDeny, Control: ownership.Monitoring,
	Meaning:      "A page to a team that answers for a control reaches nobody, or its escalation ends at a team without anybody in it. A warning: an accountable team has no escalation at all.",
	Requirements: []string{"R4", "R5"}, Frameworks: []string{"nist-csf-2.0:RS.MA-04"},
	Remedy:         "give the team a page, or an escalation that ends at a team with a page and somebody in it",
	needsOwnership: true,
	find:           findEscalationBroken,
}

func findEscalationBroken(d *documents, report func(issue)) {
	duty := map[string]string{} // by team: the first control it answers for
	accountable := map[string]bool{}
	for _, a := range d.assignments {
		accountable[a.Ownership.Accountable] = true
		for _, team := range []string{a.Ownership.Accountable, a.Ownership.Page} {
			if team != "" && duty[team] == "" {
				duty[team] = a.Control.String()
			}
		}
	}
	for _, team := range slices.Sorted(maps.Keys(duty)) {
		t, _ := d.model.Team(team)
		position := d.model.Position("teams", team)
		if d.model.Contact(team, d.at) == "" {
			report(issue{position: position, subject: "team " + team, message: fmt.Sprintf(
				"a page to %s, which answers for %s, reaches nobody: neither it nor its escalation has both a page and somebody in it", team, duty[team])})
			continue
		}
		if len(t.Escalation) == 0 && d.staffed(team) && accountable[team] {
			report(issue{position: position, subject: "team " + team, milder: verify.SeverityWarn, message: fmt.Sprintf(
				"%s, which answers for %s, escalates to no team: where it does not answer, nobody does", team, duty[team])})
		}
		if end := d.model.EscalationEnd(team); end != "" && !d.staffed(end) {
			report(issue{position: position, subject: fmt.Sprintf("team %s, end %s", team, end), message: fmt.Sprintf(
				"the escalation of %s, which answers for %s, ends at %s, and nobody is in it", team, duty[team], end)})
		}
	}
}
