package ownership

import (
	"slices"
	"time"
)

// Person is a human being who may sign.
type Person struct {
	// ID names the person in the document.
	ID string
	// Name is what people call them; empty: not given.
	Name string
	// Employment is how they are employed, as the document writes it, "contractor"
	// for one; empty: not given.
	Employment string
	// Sponsor is the person who answers for them; empty: nobody named.
	Sponsor string
	// Accounts are their accounts elsewhere, as "provider:id", in the document's
	// order. No account belongs to two people.
	Accounts []string
	// Interval is the time they belong to the organisation.
	Interval Interval
	// Away are the times within it in which they did not, of somebody who left and
	// came back; in order; nil: none.
	Away []Interval
	// ProofedAt is when somebody last made sure who they are; zero: not given.
	ProofedAt time.Time
	// Sources are where an importer found them; nil: none named.
	Sources []string
}

// Present reports whether they belong to the organisation at t.
func (p Person) Present(t time.Time) bool {
	return p.Interval.Contains(t) && !slices.ContainsFunc(p.Away, func(i Interval) bool { return i.Contains(t) })
}

// Workload is a machine or pipeline that may sign.
type Workload struct {
	// ID names the workload in the document.
	ID string
	// Owner is the team that owns it; empty: none named.
	Owner string
	// Operators are the people who can make it act, sorted; nil: none named.
	Operators []string
	// Runner is what it runs on: "hosted", a fresh machine of the provider for each
	// job; "dedicated", an own machine that serves only it; "shared", an own machine
	// that serves others too. Empty: not given.
	Runner string
	// Sources are where an importer found it; nil: none named.
	Sources []string
}

// Vendor is a third party that may sign.
type Vendor struct {
	// ID names the vendor in the document.
	ID string
	// InternalOwner is the team that can demand evidence of it; empty: none named.
	InternalOwner string
	// ContractOwner is the team that holds the contract; empty: none named.
	ContractOwner string
	// EvidenceWithin is how long it has to hand over evidence when asked; zero: not
	// given.
	EvidenceWithin time.Duration
	// Interval is the time of its contract: outside it the vendor is not there.
	Interval Interval
	// Sources are where an importer found it; nil: none named.
	Sources []string
}

// Team is people with membership intervals; the only thing that can be accountable
// (design §2).
type Team struct {
	// ID names the team in the document.
	ID string
	// Page is where it is paged; empty: nowhere.
	Page string
	// Email is where it is written to; empty: nowhere.
	Email string
	// Escalation are the teams that answer after it, in order; nil: none.
	Escalation []string
	// Members are its memberships, over all time, in the document's order.
	Members []Membership
	// Sources are where an importer found it; nil: none named.
	Sources []string
}

// Membership is one person's time in a team.
type Membership struct {
	// Person is the id of the person.
	Person string
	// Interval is the membership's own; its start is the person's where the document
	// gives none. A member counts only while the person is present, too.
	Interval Interval
	// Sources are where an importer found it; nil: none named.
	Sources []string
}

// Person gives a person of the document.
func (m *Model) Person(id string) (Person, bool) {
	p := m.people[id]
	if p == nil {
		return Person{}, false
	}
	c := *p
	c.Accounts, c.Away, c.Sources = slices.Clone(c.Accounts), slices.Clone(c.Away), slices.Clone(c.Sources)
	return c, true
}

// PersonNamed gives the id of the person who has this id or account, byte for byte. False: nobody has it, or one
// person has it as an id and another as an account.
func (m *Model) PersonNamed(name string) (id string, ok bool) {
	owner, account := m.accounts[name]
	switch _, person := m.people[name]; {
	case person && account && owner != name:
		return "", false
	case person:
		return name, true
	}
	return owner, account
}

// Workload gives a workload of the document.
func (m *Model) Workload(id string) (Workload, bool) {
	w := m.workloads[id]
	if w == nil {
		return Workload{}, false
	}
	c := *w
	c.Operators, c.Sources = slices.Clone(c.Operators), slices.Clone(c.Sources)
	return c, true
}

// Vendor gives a vendor of the document.
func (m *Model) Vendor(id string) (Vendor, bool) {
	v := m.vendors[id]
	if v == nil {
		return Vendor{}, false
	}
	c := *v
	c.Sources = slices.Clone(c.Sources)
	return c, true
}

// Team gives a team of the document.
func (m *Model) Team(id string) (Team, bool) {
	t := m.teams[id]
	if t == nil {
		return Team{}, false
	}
	c := *t
	c.Escalation, c.Members, c.Sources = slices.Clone(c.Escalation), slices.Clone(c.Members), slices.Clone(c.Sources)
	for i := range c.Members {
		c.Members[i].Sources = slices.Clone(c.Members[i].Sources)
	}
	return c, true
}

// Contact gives whom to page for a team at now: "that team's page now (or, if it is
// empty now, the next of its escalation)" (design §4.14). A team without members
// present, or without a page, passes on to its escalation in order, nearer teams
// first. Empty: nobody can be paged.
func (m *Model) Contact(team string, now time.Time) (page string) { return m.At(now).contact(team) }

// contact is Model.Contact at the view's time.
func (v View) contact(team string) (page string) {
	if t := v.model.teams[team]; t == nil || t.Page != "" && v.staffed(t) { // mostly
		if t != nil {
			page = t.Page
		}
		return page
	}
	seen := map[string]bool{team: true}
	for queue := []string{team}; len(queue) > 0; queue = queue[1:] {
		t := v.model.teams[queue[0]]
		if t == nil {
			continue
		}
		if t.Page != "" && v.staffed(t) {
			return t.Page
		}
		for _, e := range t.Escalation {
			if !seen[e] {
				seen[e] = true
				queue = append(queue, e)
			}
		}
	}
	return ""
}

// EscalationEnd gives the team at which the escalation of a team ends: the last one it
// names, or where that one's ends; empty: it names none.
func (m *Model) EscalationEnd(team string) (end string) {
	for t := m.teams[team]; t != nil && len(t.Escalation) > 0; t = m.teams[end] { // acyclic since it was loaded
		end = t.Escalation[len(t.Escalation)-1]
	}
	return end
}

// Behind gives everybody who stands behind a signature by these principals
// (design §4.11): the principals themselves and, for workloads, their operators, also
// those not present at t, so that an absence, which may be written down later, makes no
// room for what they approved; sorted, each once. operatorsKnown is false if a principal
// is no person and no operator present at t is known of it: a vendor, a workload without
// any, an id the model does not have.
func (m *Model) Behind(principals []string, t time.Time) (ids []string, operatorsKnown bool) {
	view := m.At(t)
	operatorsKnown = true
	for _, id := range principals {
		ids = append(ids, id)
		if w := m.workloads[id]; w != nil {
			ids = append(ids, w.Operators...)
		}
		operatorsKnown = operatorsKnown && (m.people[id] != nil || len(view.operators([]string{id})) > 0)
	}
	slices.Sort(ids)
	return slices.Compact(ids), operatorsKnown
}

// operators gives the people present at the view's time who could make a workload among
// the principals act, beside the principals themselves; sorted, each once.
func (v View) operators(principals []string) []string {
	ids := []string{}
	for _, id := range principals {
		if w := v.model.workloads[id]; w != nil {
			for _, operator := range w.Operators {
				if v.Present(operator) && !slices.Contains(principals, operator) {
					ids = append(ids, operator)
				}
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
