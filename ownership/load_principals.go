package ownership

import (
	"slices"
	"strings"

	"github.com/surety-dev/surety/internal/document"
)

// item is one entry of a section whose id has been read.
type item struct {
	id string
	o  document.Object
}

// principals reads people, teams, workloads and vendors: first all names, then what
// refers to them.
func (l *loader) principals(sections map[string][]*document.Node) {
	people := l.declare(sections["people"], person, "id", "name", "employment", "sponsor", "accounts", "from", "until", "away", "proofedAt", "sources")
	teams := l.declare(sections["teams"], team, "id", "members", "contacts", "escalation", "sources")
	workloads := l.declare(sections["workloads"], workload, "id", "owner", "operators", "runner", "sources")
	vendors := l.declare(sections["vendors"], vendor, "id", "internalOwner", "contractOwner", "evidenceWithin", "from", "until", "sources")
	l.people(people)
	for _, t := range teams {
		l.team(t)
	}
	l.escalation(teams)
	for _, w := range workloads {
		l.model.workloads[w.id] = &Workload{
			ID: w.id, Owner: l.ref(w.o.Get("owner"), team), Operators: l.sortedRefs(w.o.Get("operators"), person),
			Runner: w.o.Get("runner").OneOf("hosted", "dedicated", "shared"), Sources: w.o.Get("sources").Strings(),
		}
	}
	for _, v := range vendors {
		l.model.vendors[v.id] = &Vendor{
			ID: v.id, InternalOwner: l.ref(v.o.Get("internalOwner"), team), ContractOwner: l.ref(v.o.Get("contractOwner"), team),
			EvidenceWithin: v.o.Get("evidenceWithin").Duration(), Interval: l.interval(v.o, never), Sources: v.o.Get("sources").Strings(),
		}
	}
}

// declare reads the ids of a section into the name space.
func (l *loader) declare(nodes []*document.Node, kind string, known ...string) []item {
	items := make([]item, 0, len(nodes))
	for _, n := range nodes {
		o := n.Object(known...)
		id := l.id(o)
		if id == "" {
			l.lost = true
			continue
		}
		switch d, taken := l.names[id]; {
		case taken && d.kind == kind:
			l.lost = true
			o.Get("id").Errorf("%s %q for the second time: expected one, as at %s", kind, id, d.at.Position())
		case taken:
			l.lost = true
			o.Get("id").Errorf("%q is a %s already, at %s: expected an id of its own among people, teams, workloads and vendors", id, d.kind, d.at.Position())
		default:
			l.names[id] = declared{kind, o.Get("id")}
			l.model.places[id] = n.Place()
			items = append(items, item{id, o})
		}
	}
	return items
}

func (l *loader) people(items []item) {
	accounts := map[string]string{}
	l.model.accounts = accounts
	for _, p := range items {
		o := p.o
		o.Require("from")
		read := &Person{
			ID: p.id, Name: o.Get("name").String(), Employment: o.Get("employment").String(),
			Sponsor: l.ref(o.Get("sponsor"), person), Interval: l.interval(o, never),
			Away: l.away(o.Get("away")), ProofedAt: o.Get("proofedAt").Time(), Sources: o.Get("sources").Strings(),
		}
		l.model.people[p.id] = read
		for _, n := range o.Get("accounts").List() {
			account := n.String()
			if other, taken := accounts[account]; taken {
				n.Errorf("the account %q is %s's already: expected each account once, so that one person counts once", account, other)
			} else if account != "" {
				accounts[account] = p.id
				read.Accounts = append(read.Accounts, account)
			}
		}
	}
}

// away reads when somebody who came back was not there.
func (l *loader) away(n *document.Node) []Interval {
	var list []Interval
	for _, item := range n.List() {
		i := l.bounded(item.Object("from", "until"))
		if slices.ContainsFunc(list, i.overlaps) {
			item.Errorf("away for the second time at one time: expected times that do not overlap")
		}
		list = append(list, i)
	}
	slices.SortFunc(list, func(i, j Interval) int { return i.From.Compare(j.From) })
	return list
}

func (l *loader) team(t item) {
	contacts := t.o.Get("contacts").Object("page", "email")
	read := &Team{
		ID: t.id, Page: contacts.Get("page").String(), Email: contacts.Get("email").String(),
		Escalation: l.refs(t.o.Get("escalation"), team), Sources: t.o.Get("sources").Strings(),
	}
	l.model.teams[t.id] = read
	for _, n := range t.o.Require("members").List() {
		o := n.Object("person", "from", "until", "sources")
		id := l.ref(o.Require("person"), person)
		if id == "" {
			continue
		}
		m := Membership{Person: id, Interval: l.interval(o, l.model.people[id].Interval.From), Sources: o.Get("sources").Strings()}
		read.Members = append(read.Members, m)
		l.member(o, t.id, m)
	}
}

// member files a membership under its person. Somebody who left and came back has two,
// which must not overlap.
func (l *loader) member(o document.Object, team string, m Membership) {
	list := l.model.memberships[m.Person]
	i := slices.IndexFunc(list, func(tm teamMembership) bool { return tm.team == team })
	if i < 0 {
		l.model.memberships[m.Person] = append(list, teamMembership{team, []Interval{m.Interval}, []document.Place{o.Node().Place()}})
		return
	}
	if slices.ContainsFunc(list[i].intervals, m.Interval.overlaps) {
		o.Get("person").Errorf("%q for the second time at one time: expected memberships of one person that do not overlap", m.Person)
	}
	list[i].intervals = append(list[i].intervals, m.Interval)
	list[i].at = append(list[i].at, o.Node().Place())
}

// escalation refuses cycles: an escalation that comes back to its beginning ends
// nowhere.
func (l *loader) escalation(items []item) {
	const open, done = 1, 2
	state := map[string]int{}
	at := map[string]*document.Node{}
	for _, t := range items {
		at[t.id] = t.o.Get("escalation")
	}
	var visit func(id string, path []string)
	visit = func(id string, path []string) {
		state[id] = open
		path = append(path, id)
		for _, next := range l.model.teams[id].Escalation {
			switch {
			case l.model.teams[next] == nil || state[next] == done:
			case state[next] == open:
				cycle := append(slices.Clone(path[slices.Index(path, next):]), next)
				at[id].Errorf("the escalation goes in a circle, %s: expected one that ends", strings.Join(cycle, " to "))
			default:
				visit(next, path)
			}
		}
		state[id] = done
	}
	for _, t := range items {
		if state[t.id] == 0 {
			visit(t.id, nil)
		}
	}
}
