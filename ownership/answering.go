package ownership

import (
	"maps"
	"slices"
	"time"
)

// Answering says who answers for a control over an artifact.
type Answering struct {
	// Control is its name.
	Control string `json:"control"`
	// Positions are where the document names the owner; several: they are equally
	// specific and answer differently, so nobody answers; none: nothing covers it.
	Positions []string `json:"positions"`
	// Accountable is the team that answers, as verdicts name it.
	Accountable Accountable `json:"accountable"`
	// Responsible are the teams that do the work, sorted.
	Responsible []string `json:"responsible"`
	// Consulted are the teams asked beforehand, sorted.
	Consulted []string `json:"consulted"`
	// Informed are the teams told afterwards, sorted.
	Informed []string `json:"informed"`
	// Paged is whom to page.
	Paged Paged `json:"paged"`
	// Runbook says what to do; "": none named.
	Runbook string `json:"runbook"`
	// Activities say who does which of the control's activities, in their order; empty
	// for a control that has none, and where nobody answers.
	Activities []Doing `json:"activities"`
	// Staff are the teams above and those of the activities, sorted, with who is in them.
	Staff []Staffed `json:"staff"`
	// Quorum is how many people of the accountable team must sign a change of what the
	// control governs: what the entry says, else more than half of those who are in it; 0:
	// nobody answers.
	Quorum int `json:"quorum"`
	// AcceptedBy are the teams that have accepted this owner, sorted.
	AcceptedBy []Accepted `json:"acceptedBy"`
	// ReviewedAt is when the entry was last reviewed; "": not given.
	ReviewedAt string `json:"reviewedAt"`
	// ReviewEvery is how often it is to be, as documents write it; "": not given.
	ReviewEvery string `json:"reviewEvery"`
	// ReviewDue is when the next review is, or was; "": none is asked for.
	ReviewDue string `json:"reviewDue"`
}

// Doing says who does an activity of a control.
type Doing struct {
	// Activity is its name.
	Activity string `json:"activity"`
	// Teams are the teams that do it, sorted; empty: nobody is named.
	Teams []string `json:"teams"`
	// People is how many people are in them.
	People int `json:"people"`
	// Inherited says that the entry names nobody for any activity, so that the
	// responsible teams do all.
	Inherited bool `json:"inherited"`
}

// Staffed is a team and who is in it.
type Staffed struct {
	// Team is its id.
	Team string `json:"team"`
	// Members are its members who were present, sorted.
	Members []string `json:"members"`
}

// Accepted says that a team has accepted an owner it did not name itself.
type Accepted struct {
	// Team is the team that accepted.
	Team string `json:"team"`
	// At is when; "": not given.
	At string `json:"at"`
}

// Accountable is the team that answers for a control.
type Accountable struct {
	// Team is its id; "": nobody, or more than one.
	Team string `json:"team"`
	// Page is its page, or that of the next of its escalation where it is empty
	// (design §4.14); "": nobody can be paged.
	Page string `json:"page"`
	// Escalation are the teams that answer after it, in order.
	Escalation []string `json:"escalation"`
}

// Paged is whom a control's entry says to page.
type Paged struct {
	// Team is the team the entry names, else the accountable one.
	Team string `json:"team"`
	// Page is its page, or that of the next of its escalation where it is empty.
	Page string `json:"page"`
}

// Answering gives who answers for each of the seven controls over an artifact, named
// as patterns see it, upstream first. The owner is View.Control's; pages are of the
// view's time.
func (v View) Answering(artifact string) []Answering {
	all := make([]Answering, 0, Monitoring)
	for c := PublisherIdentity; c <= Monitoring; c++ {
		all = append(all, v.answering(c, artifact))
	}
	return all
}

func (v View) answering(c Control, artifact string) Answering {
	return v.answeringOf(c, v.named(c, artifact))
}

// answeringOf says who answers where the most specific scopes say this.
func (v View) answeringOf(c Control, named []*owner) Answering {
	a := Answering{Control: c.String(), Positions: []string{}, Activities: []Doing{}, AcceptedBy: []Accepted{}}
	for _, o := range named {
		a.Positions = append(a.Positions, o.at.String())
	}
	var o Ownership
	if len(named) == 1 {
		o = named[0].Ownership
	}
	a.Accountable.Team, a.Paged.Team, a.Runbook = o.Accountable, o.Page, o.Runbook
	if o.Page == "" {
		a.Paged.Team = o.Accountable
	}
	a.Accountable.Page, a.Paged.Page = v.contact(o.Accountable), v.contact(a.Paged.Team)
	if team := v.model.teams[o.Accountable]; team != nil {
		a.Accountable.Escalation = slices.Clone(team.Escalation)
	}
	a.Accountable.Escalation = list(a.Accountable.Escalation)
	a.Responsible, a.Consulted, a.Informed = list(slices.Clone(o.Responsible)), list(slices.Clone(o.Consulted)), list(slices.Clone(o.Informed))
	if o.Accountable == "" {
		a.Staff = []Staffed{}
		return a
	}
	for _, activity := range Activities(c) {
		teams := list(o.Does(activity))
		a.Activities = append(a.Activities, Doing{string(activity), teams, len(v.people(teams)), o.Activities == nil})
	}
	a.Staff = v.staff(o, a.Paged.Team)
	if a.Quorum = o.Quorum; a.Quorum == 0 {
		a.Quorum = len(v.Members(o.Accountable))/2 + 1
	}
	for _, accepted := range o.AcceptedBy {
		a.AcceptedBy = append(a.AcceptedBy, Accepted{accepted.Team, instant(accepted.At)})
	}
	a.ReviewedAt, a.ReviewEvery = instant(o.ReviewedAt), spell(o.ReviewEvery)
	a.ReviewDue = instant(v.model.due(o.ReviewedAt, o.ReviewEvery))
	return a
}

// due gives when something is to be reviewed that last was at a time; what never was, since the
// document took effect. Zero: never.
func (m *Model) due(last time.Time, every time.Duration) time.Time {
	switch {
	case every == 0:
		return time.Time{}
	case last.IsZero():
		last = m.EffectiveFrom()
	}
	return last.Add(every)
}

// staff gives who is in the teams that have a role in a control.
func (v View) staff(o Ownership, paged string) []Staffed {
	staff := []Staffed{}
	does := slices.Sorted(maps.Values(o.Activities))
	teams := slices.Concat([]string{o.Accountable, paged}, o.Responsible, o.Consulted, o.Informed, does)
	slices.Sort(teams)
	for _, team := range slices.Compact(teams) {
		staff = append(staff, Staffed{team, list(v.Members(team))})
	}
	return staff
}

// people gives who is in any of the teams, sorted, each once.
func (v View) people(teams []string) []string {
	var ids []string
	for _, team := range teams {
		ids = append(ids, v.Members(team)...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
