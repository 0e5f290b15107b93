package ownership

import (
	"slices"
	"strings"
)

// WhoPersonKind heads every WhoPerson as JSON.
const WhoPersonKind = "WhoPerson"

// WhoPerson says all that one person can sign, revoke and answers for as of a time, and
// what falls if they leave. Its JSON is documented in docs/who.md.
type WhoPerson struct {
	Head
	// Person is the id asked about.
	Person string `json:"person"`
	// Position is where the person stands.
	Position string `json:"position"`
	// Name is what people call them; "": not given.
	Name string `json:"name"`
	// Employment is how they are employed; "": not given.
	Employment string `json:"employment"`
	// Sponsor is the person who answers for them; "": nobody named.
	Sponsor string `json:"sponsor"`
	// Accounts are their accounts elsewhere, in the document's order.
	Accounts []string `json:"accounts"`
	// Present says that they were there.
	Present bool `json:"present"`
	Spell
	// Away are the times within it in which they were not there.
	Away []Spell `json:"away"`
	// ProofedAt is when somebody last made sure who they are; "": not given.
	ProofedAt string `json:"proofedAt"`
	// Teams are their memberships over all time, by team.
	Teams []Belonging `json:"teams"`
	// Credentials are those they hold, by id.
	Credentials []Held `json:"credentials"`
	// May are the grants that reach them, by duty.
	May []ByDuty `json:"may"`
	// Revokes are the credentials that have not ended and that they can revoke, by id.
	Revokes []Revocable `json:"revokes"`
	// Operates are the workloads they can make act, by id.
	Operates []Operated `json:"operates"`
	// Answers are the control entries in which a team they were in has a role.
	Answers []InRole `json:"answers"`
	// Sponsors are the people they answer for, by id.
	Sponsors []Sponsored `json:"sponsors"`
	// Falls are the gaps there would be if they left, and are not now; empty also if they
	// were not there.
	Falls []Gap `json:"falls"`
	// Gaps are what is missing about them, what they hold and what they may.
	Gaps []Gap `json:"gaps"`
}

// Belonging is a person's time in a team.
type Belonging struct {
	// Team is its id.
	Team string `json:"team"`
	// Position is where the membership stands.
	Position string `json:"position"`
	Spell
	// Member says that they were a member, and there.
	Member bool `json:"member"`
}

// Held is a credential somebody holds.
type Held struct {
	// Credential is its id.
	Credential string `json:"credential"`
	// Position is where it stands.
	Position string `json:"position"`
	// Holders are all who hold it, sorted.
	Holders []string `json:"holders"`
	// State is the state it was in.
	State string `json:"state"`
	// Usable says that what it signed could count: its states let it stand, and all who
	// hold it were there.
	Usable bool `json:"usable"`
	// But is what its states say against it, or that the document takes it back later.
	But []Objection `json:"but"`
}

// Revocable is a credential somebody can revoke.
type Revocable struct {
	// Credential is its id.
	Credential string `json:"credential"`
	// Position is where it stands.
	Position string `json:"position"`
	// Teams are the teams they can do it through, sorted.
	Teams []string `json:"teams"`
	// Others says that somebody else could too.
	Others bool `json:"others"`
}

// Operated is a workload somebody can make act, and so what it can sign.
type Operated struct {
	// Workload is its id.
	Workload string `json:"workload"`
	// Position is where it stands.
	Position string `json:"position"`
	// Owner is the team that owns it; "": none named.
	Owner string `json:"owner"`
	// Others are its other operators who were there, sorted.
	Others []string `json:"others"`
	// Credentials are those it holds, by id.
	Credentials []Held `json:"credentials"`
	// May are the grants to it, by duty.
	May []ByDuty `json:"may"`
}

// Sponsored is somebody a person answers for.
type Sponsored struct {
	// Person is their id.
	Person string `json:"person"`
	// Position is where they stand.
	Position string `json:"position"`
	// Present says that they were there.
	Present bool `json:"present"`
	Spell
}

// WhoPerson answers for one person. It reads the whole model, once. The error is an
// UnknownError.
func (v View) WhoPerson(id string) (WhoPerson, error) {
	p := v.model.people[id]
	if p == nil {
		return WhoPerson{}, unknown(v.model, person, id, v.model.people)
	}
	c := v.census()
	w := WhoPerson{
		Head: v.head(WhoPersonKind), Person: id, Position: v.model.places[id].String(), Name: p.Name, Employment: p.Employment, Sponsor: p.Sponsor,
		Accounts: list(slices.Clone(p.Accounts)), Present: v.Present(id), Spell: p.Interval.spell(), Away: []Spell{}, ProofedAt: instant(p.ProofedAt),
		Teams: v.belonging(id), Credentials: c.heldBy(id), May: byDuty(c.mayOf(id)), Revokes: c.revocable(id), Operates: c.operated(id),
		Answers: []InRole{}, Sponsors: v.sponsored(id), Falls: list(c.falls(p)), Gaps: list(c.gapsAround(p)),
	}
	for _, away := range p.Away {
		w.Away = append(w.Away, away.spell())
	}
	if teams := v.Teams(id); teams != nil {
		w.Answers = v.inRole(teams...)
	}
	return w, nil
}

// JSON gives the answer as one line of JSON, as Who.JSON does.
func (w WhoPerson) JSON() ([]byte, error) { return encode(w) }

// belonging gives a person's memberships, by team and then in the document's order.
func (v View) belonging(id string) []Belonging {
	all := []Belonging{}
	for _, m := range v.model.memberships[id] {
		for i, interval := range m.intervals {
			all = append(all, Belonging{m.team, m.at[i].String(), interval.spell(), interval.Contains(v.t) && v.Present(id)})
		}
	}
	slices.SortStableFunc(all, func(a, b Belonging) int { return strings.Compare(a.Team, b.Team) })
	return all
}

// heldBy gives the credentials a principal holds.
func (c *census) heldBy(id string) []Held {
	all := []Held{}
	for _, d := range c.held[id] {
		_, but, _ := c.stands(d)
		all = append(all, Held{d.ID, d.at.String(), slices.Clone(d.Holders), d.States.At(c.t).String(), c.usable(d), but})
	}
	return all
}

// revocable gives the credentials a person could revoke.
func (c *census) revocable(id string) []Revocable {
	all := []Revocable{}
	teams := c.Teams(id)
	for _, d := range c.model.credentials {
		through := slices.DeleteFunc(slices.Clone(d.Revokers), func(t string) bool { return !slices.Contains(teams, t) })
		if len(through) == 0 || d.ended(c.View) {
			continue
		}
		others := slices.ContainsFunc(d.Revokers, func(t string) bool {
			return slices.ContainsFunc(c.crew(t), func(member string) bool { return member != id })
		})
		all = append(all, Revocable{d.ID, d.at.String(), through, others})
	}
	slices.SortFunc(all, func(a, b Revocable) int { return strings.Compare(a.Credential, b.Credential) })
	return all
}

// operated gives the workloads a person could make act.
func (c *census) operated(id string) []Operated {
	all := []Operated{}
	if !c.Present(id) {
		return all
	}
	for _, w := range c.operatedBy(id) {
		others := slices.DeleteFunc(c.operators([]string{w.ID}), func(o string) bool { return o == id })
		all = append(all, Operated{w.ID, c.model.places[w.ID].String(), w.Owner, list(others), c.heldBy(w.ID), byDuty(c.mayOf(w.ID))})
	}
	return all
}

// operatedBy gives the workloads that name a person as operator, by id.
func (c *census) operatedBy(id string) []*Workload {
	var all []*Workload
	for _, w := range c.model.workloads {
		if slices.Contains(w.Operators, id) {
			all = append(all, w)
		}
	}
	slices.SortFunc(all, func(a, b *Workload) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// sponsored gives the people a person is named as sponsor of.
func (v View) sponsored(id string) []Sponsored {
	all := []Sponsored{}
	for _, p := range v.model.people {
		if p.Sponsor == id {
			all = append(all, Sponsored{p.ID, v.model.places[p.ID].String(), v.Present(p.ID), p.Interval.spell()})
		}
	}
	slices.SortFunc(all, func(a, b Sponsored) int { return strings.Compare(a.Person, b.Person) })
	return all
}
