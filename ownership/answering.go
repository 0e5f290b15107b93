package ownership

import "slices"

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
// as patterns see it, upstream first. The owner is Model.Control's; pages are of the
// view's time.
func (v View) Answering(artifact string) []Answering {
	all := make([]Answering, 0, Monitoring)
	for c := PublisherIdentity; c <= Monitoring; c++ {
		all = append(all, v.answering(c, artifact))
	}
	return all
}

func (v View) answering(c Control, artifact string) Answering {
	named := v.named(c, artifact)
	a := Answering{Control: c.String(), Positions: []string{}}
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
	return a
}
