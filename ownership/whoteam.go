package ownership

import (
	"cmp"
	"slices"
	"strings"

	"github.com/surety-dev/surety/internal/document"
)

// WhoTeamKind heads every WhoTeam as JSON.
const WhoTeamKind = "WhoTeam"

// WhoTeam says who was in one team as of a time, what it may, what it answers for and what it
// holds. Its JSON is documented in docs/who.md.
type WhoTeam struct {
	Head
	// Team is the id asked about.
	Team string `json:"team"`
	// Position is where it stands.
	Position string `json:"position"`
	// Page is where it is paged; "": nowhere.
	Page string `json:"page"`
	// Email is where it is written to; "": nowhere.
	Email string `json:"email"`
	// Paged is where to page it, or the next of its escalation; "": nowhere.
	Paged string `json:"paged"`
	// Members are its memberships over all time, in the document's order.
	Members []Member `json:"members"`
	// Escalation are the teams that answer after it, in order.
	Escalation []Crew `json:"escalation"`
	// EscalatedFrom are the teams that name it in theirs, sorted.
	EscalatedFrom []string `json:"escalatedFrom"`
	// May are the grants to it, by duty.
	May []ByDuty `json:"may"`
	// Answers are the control entries in which it has a role.
	Answers []InRole `json:"answers"`
	// Accepted are the control entries whose owner it has accepted.
	Accepted []Accepting `json:"accepted"`
	// Charges are what else names it, by section and id.
	Charges []Charge `json:"charges"`
	// Gaps are what is missing.
	Gaps []Gap `json:"gaps"`
}

// Member is one membership of a team.
type Member struct {
	// Person is who.
	Person string `json:"person"`
	// Position is where the membership stands.
	Position string `json:"position"`
	Spell
	// Present says that the person was there.
	Present bool `json:"present"`
	// Member says that they were a member, and there.
	Member bool `json:"member"`
}

// Accepting is a control entry a team has accepted.
type Accepting struct {
	// Control is its name.
	Control string `json:"control"`
	// Position is where the entry stands.
	Position string `json:"position"`
	// Artifacts are its patterns.
	Artifacts []string `json:"artifacts"`
	// At is when the team accepted; "": not given.
	At string `json:"at"`
}

// Charge is an item that names a team.
type Charge struct {
	// Section is where it stands: "credentials", "enforcement", "trust", "vendors" or
	// "workloads".
	Section string `json:"section"`
	// ID is its id.
	ID string `json:"id"`
	// Position is where it stands.
	Position string `json:"position"`
	// As is what it names the team as: "owner", "keeper" and "revoker" of a credential,
	// "internal owner" and "contract owner" of a vendor, else "owner".
	As []string `json:"as"`
	// State is the state a credential was in; "" of others.
	State string `json:"state"`
}

// WhoTeam answers for one team. It reads the whole model, once. The error is an UnknownError.
func (v View) WhoTeam(id string) (WhoTeam, error) {
	t := v.model.teams[id]
	if t == nil {
		return WhoTeam{}, unknown(v.model, team, id, v.model.teams)
	}
	c := v.census()
	w := WhoTeam{
		Head: v.head(WhoTeamKind), Team: id, Position: v.model.places[id].String(), Page: t.Page, Email: t.Email, Paged: v.contact(id),
		Members: v.members(t), Escalation: []Crew{}, EscalatedFrom: []string{}, May: byDuty(c.mayAs(id)), Answers: v.inRole(id), Accepted: v.accepted(id),
		Charges: v.charges(id),
	}
	for _, next := range t.Escalation {
		w.Escalation = append(w.Escalation, v.crewOf(next))
	}
	for _, other := range v.model.teams {
		if slices.Contains(other.Escalation, id) {
			w.EscalatedFrom = append(w.EscalatedFrom, other.ID)
		}
	}
	slices.Sort(w.EscalatedFrom)
	around := touched{teams: []*Team{t}, grants: slices.Clone(c.grants[id])}
	for _, charge := range w.Charges {
		if charge.Section == "workloads" {
			around.workloads = append(around.workloads, v.model.workloads[charge.ID])
			around.grants = append(around.grants, c.grants[charge.ID]...)
		}
	}
	w.Gaps = list(c.gapsOf(around))
	return w, nil
}

// JSON gives the answer as one line of JSON, as Who.JSON does.
func (w WhoTeam) JSON() ([]byte, error) { return encode(w) }

// members gives the memberships of a team.
func (v View) members(t *Team) []Member {
	all := []Member{}
	for _, m := range t.Members {
		var at document.Place
		for _, of := range v.model.memberships[m.Person] {
			if i := slices.Index(of.intervals, m.Interval); of.team == t.ID && i >= 0 {
				at = of.at[i]
			}
		}
		present := v.Present(m.Person)
		all = append(all, Member{m.Person, at.String(), m.Interval.spell(), present, present && m.Interval.Contains(v.t)})
	}
	return all
}

// mayAs gives the grants to a team.
func (c *census) mayAs(id string) []Reaching {
	var grants []Reaching
	for _, g := range c.grants[id] {
		r := reach{grant: g, patterns: texts(g.artifacts), missing: c.misses(g, nil, "")}
		grants = append(grants, Reaching{r.granted(id), c.objections(id, r)})
	}
	return grants
}

// accepted gives the control entries that hold at the time and that a team has accepted.
func (v View) accepted(id string) []Accepting {
	all := []Accepting{}
	for _, o := range v.model.owners {
		for _, a := range o.AcceptedBy {
			if a.Team == id && o.interval.Contains(v.t) {
				all = append(all, Accepting{o.control.String(), o.at.String(), texts(o.artifacts), instant(a.At)})
			}
		}
	}
	return all
}

// charges gives what names a team beside teams, grants and controls.
func (v View) charges(id string) []Charge {
	m := v.model
	all := []Charge{}
	add := func(section, item string, at document.Place, roles ...role) {
		if as := named(id, roles); len(as) > 0 {
			all = append(all, Charge{Section: section, ID: item, Position: at.String(), As: as})
		}
	}
	for _, c := range m.credentials {
		add("credentials", c.ID, c.at, role{"owner", []string{c.Owner}}, role{"keeper", []string{c.KeptBy}}, role{"revoker", c.Revokers})
	}
	for _, e := range m.enforcements {
		if e.Interval.Contains(v.t) {
			add("enforcement", e.ID, e.at, role{"owner", []string{e.Owner}})
		}
	}
	for _, a := range slices.Concat(m.trust.Sigstore, m.trust.CertificateAuthorities, m.trust.TimestampAuthorities) {
		add("trust", a.ID, m.trustAt[a.ID], role{"owner", []string{a.Owner}})
	}
	for _, vendor := range m.vendors {
		add("vendors", vendor.ID, m.places[vendor.ID], role{"internal owner", []string{vendor.InternalOwner}}, role{"contract owner", []string{vendor.ContractOwner}})
	}
	for _, w := range m.workloads {
		add("workloads", w.ID, m.places[w.ID], role{"owner", []string{w.Owner}})
	}
	for i, charge := range all {
		if charge.Section == "credentials" {
			all[i].State = m.credentials[charge.ID].States.At(v.t).String()
		}
	}
	slices.SortFunc(all, func(a, b Charge) int {
		return cmp.Or(strings.Compare(a.Section, b.Section), strings.Compare(a.ID, b.ID))
	})
	return all
}

// role is what an item names teams as.
type role struct {
	as    string
	teams []string
}

// named gives the roles that name a team.
func named(team string, roles []role) []string {
	var as []string
	for _, r := range roles {
		if slices.Contains(r.teams, team) {
			as = append(as, r.as)
		}
	}
	return as
}
