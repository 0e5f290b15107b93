package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var waiverUnreachable = Check{
	Code: "waiver-unreachable", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "Fewer people of the waiving team are granted the duty except than the waiver's quorum, whatever the artifact.",
	Requirements: []string{"R50"}, Frameworks: []string{"nist-csf-2.0:ID.RA-07"},
	Remedy:         "grant except to the team, put more people into it, or ask for fewer",
	needsOwnership: true,
	find:           findWaiverUnreachable,
}

func findWaiverUnreachable(d *documents, report func(issue)) {
	d.waivers(func(p *policy.Policy, w policy.Waiver, control ownership.Control, what, position string) {
		if _, ok := d.model.Team(w.By); !ok {
			return // team-unknown says so
		}
		most := 0
		for _, name := range samples(p.Artifacts()) {
			people := 0
			for _, person := range d.view.Members(w.By) {
				if slices.Contains(d.view.Eligible(ownership.Except, name, []string{exceptionType}, true), person) {
					people++
				}
			}
			most = max(most, people)
		}
		if most < w.Quorum {
			report(issue{position: position, subject: fmt.Sprintf("policy %s, %s, team %s", p.Name(), what, w.By), control: control, scopes: p.Artifacts(), message: fmt.Sprintf(
				"%s is waivable by %d of %s, and %d of them are granted except for %s", what, w.Quorum, w.By, most, list(p.Artifacts()))})
		}
	})
}

// exceptionType is the predicate type of exceptions (design §3.3).
const exceptionType = "https://github.com/surety-dev/surety/predicates/exception/v1"
