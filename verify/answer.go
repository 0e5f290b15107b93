package verify

import (
	"cmp"
	"time"

	"github.com/surety-dev/surety/ownership"
)

// This file is who answers for a finding.

// Answer is a team that answers, and how to reach it now.
type Answer struct {
	// Team is the accountable team's id; "" where the control has no owner.
	Team string `json:"team"`
	// Page is whom to page now: the team's contact, or the next one's in its escalation where the
	// team is empty.
	Page string `json:"page"`
	// Escalation are the teams to turn to next, in order.
	Escalation []string `json:"escalation"`
	// Responsible are the teams that do the work, sorted.
	Responsible []string `json:"responsible"`
	// Paged is whom the control's entry says to page when it fails; the accountable team where it
	// does not say.
	Paged Paged `json:"paged"`
	// Runbook says what to do; "": none named.
	Runbook string `json:"runbook"`
}

// Paged is a team to page and where.
type Paged struct {
	// Team is its id; "" where the control has no owner.
	Team string `json:"team"`
	// Page is its page now, or that of the next of its escalation where it is empty.
	Page string `json:"page"`
}

// AnswerOf says how the owner of a control is reached now (design §4.14).
func AnswerOf(m *ownership.Model, owner ownership.Ownership, now time.Time) Answer {
	team, _ := m.Team(owner.Accountable)
	paged := cmp.Or(owner.Page, owner.Accountable)
	return Answer{
		Team: owner.Accountable, Page: m.Contact(owner.Accountable, now), Escalation: team.Escalation,
		Responsible: owner.Responsible, Paged: Paged{paged, m.Contact(paged, now)}, Runbook: owner.Runbook,
	}
}

// Full is the answer without a nil list.
func (a Answer) Full() Answer {
	a.Escalation, a.Responsible = list(a.Escalation), list(a.Responsible)
	return a
}

// UpstreamAnswer is the owner of a control upstream of a finding's.
type UpstreamAnswer struct {
	// Control is the upstream control.
	Control string `json:"control"`
	// Team is its accountable team.
	Team string `json:"team"`
}
