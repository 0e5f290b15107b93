package lint

import (
	"fmt"
	"time"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var contractorExpired = Check{
	Code: "contractor-expired", Severity: verify.SeverityDeny, Control: ownership.PublisherIdentity,
	Meaning:      "A contractor who is not there any more holds a credential that can still sign. A warning: only a membership of a team goes on without an end.",
	Requirements: []string{"R15", "R29"}, Frameworks: []string{"nist-csf-2.0:GV.RR-04", "nist-sp-800-53-r5:AC-2(3)", "nist-sp-800-53-r5:PS-7"},
	Remedy:         "revoke the credential, and end the memberships with the contract",
	needsOwnership: true,
	find:           findContractorExpired,
}

func findContractorExpired(d *documents, report func(issue)) {
	endless := map[string][]string{} // teams, by person
	for t := range d.model.Teams() {
		for _, m := range t.Members {
			if m.Interval.Until.IsZero() {
				endless[m.Person] = append(endless[m.Person], t.ID)
			}
		}
	}
	for p := range d.model.People() {
		gone, since := d.gone(p)
		if p.Employment != contractor || gone == "" {
			continue
		}
		i := issue{position: d.model.Position("people", p.ID), subject: "person " + p.ID}
		var left []string
		for _, c := range d.holds[p.ID] {
			left = append(left, fmt.Sprintf("credential %s is still %s", c.ID, c.States.At(d.at)))
			i.subject += ", credential " + c.ID
			i.scopes = append(i.scopes, d.held(c)...)
		}
		if left == nil {
			i.milder = verify.SeverityWarn
		}
		if teams := endless[p.ID]; teams != nil && !p.Interval.Contains(d.at) { // who is away comes back
			left = append(left, "the membership of "+list(teams)+" has no end")
			i.subject += ", team " + each(teams)
		}
		if left != nil {
			i.message = fmt.Sprintf("contractor %s %s %s, %s ago: %s", p.ID, gone, stamp(since), days(d.at.Sub(since)), list(left))
			report(i)
		}
	}
}

// gone says that somebody who was there is not, "left on" or "is away since", and when that began; "" of others.
func (d *documents) gone(p ownership.Person) (says string, since time.Time) {
	if until := p.Interval.Until; !until.IsZero() && !until.After(d.at) {
		return "left on", until
	}
	for _, away := range p.Away {
		if away.Contains(d.at) {
			return "is away since", away.From
		}
	}
	return "", time.Time{}
}
