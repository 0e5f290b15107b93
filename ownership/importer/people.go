package importer

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/surety-dev/surety/ownership"
)

// joinPeople brings in the people of the sources that speak for people. Whoever shares an account is one
// person.
func (m *merge) joinPeople() {
	var rows []*personFact
	for _, f := range m.all {
		for i := range f.people {
			rows = append(rows, &f.people[i])
		}
	}
	groups := m.groups(rows)
	joined := map[string][]*personFact{}
	m.held, m.leftOut = map[string]map[string]bool{}, map[position]bool{}
	for _, rows := range groups {
		if id := m.person(rows); id != "" {
			joined[id] = rows
		} else {
			m.hold(rows)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(joined)) {
		m.sponsor(id, joined[id])
		node := m.item("people", id)
		var at []position
		for _, row := range joined[id] {
			at = append(at, row.at)
		}
		m.source(node, node, node.Line == 0 || m.touched[node], at...)
		if node.Line == 0 {
			delete(m.touched, node)
		}
	}
	for _, f := range m.all {
		for _, r := range f.emeriti {
			m.emeritus(r)
		}
	}
}

// groups puts rows together that share an account with each other or with one person of the document, in the
// order of their first rows.
func (m *merge) groups(rows []*personFact) [][]*personFact {
	parent := map[string]string{}
	var root func(s string) string
	root = func(s string) string {
		if p, ok := parent[s]; ok && p != s {
			parent[s] = root(p)
			return parent[s]
		}
		return s
	}
	for _, row := range rows {
		this := "row " + row.at.String()
		for _, a := range row.accounts {
			parent[root("account "+folded(a))] = root(this)
			for _, id := range m.accounts[folded(a)] {
				parent[root("person "+id)] = root(this)
			}
		}
	}
	index := map[string]int{}
	var groups [][]*personFact
	for _, row := range rows {
		key := root("row " + row.at.String())
		i, ok := index[key]
		if !ok {
			i = len(groups)
			index[key], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], row)
	}
	return groups
}

// hold remembers rows that are left out: they bring nobody into a team, and whom they may be about is not taken to be
// left out of one.
func (m *merge) hold(rows []*personFact) {
	for _, row := range rows {
		m.leftOut[row.at] = true
		for _, team := range row.teams {
			for _, id := range m.having(row.accounts) {
				if m.held[team] == nil {
					m.held[team] = map[string]bool{}
				}
				m.held[team][id] = true
			}
		}
	}
}

// person brings in one person from the rows about them, and gives their id; empty if they are left out.
func (m *merge) person(rows []*personFact) string {
	var accounts []string
	for i, row := range rows {
		accounts = append(accounts, row.accounts...)
		for _, other := range rows[:i] {
			switch {
			case other.at.file == row.at.file:
				m.findAt(Conflict, row.at, other.at, "%q shares an account with %q: one file has each person once", row.id, other.id)
				return ""
			case other.id != row.id:
				m.findAt(Conflict, row.at, other.at, "%q shares an account with %q: two people are not made one", row.id, other.id)
				return ""
			}
		}
	}
	have := m.having(accounts)
	switch {
	case len(have) == 0:
		return m.newPerson(rows)
	case len(have) > 1:
		for _, row := range rows {
			m.findAt(Conflict, row.at, m.places[have[0]], "%q has accounts of %q and of %q: two people are not made one", row.id, have[0], have[1])
		}
		return ""
	}
	p, _ := m.model.Person(have[0])
	for _, account := range p.Accounts {
		if number, ok := strings.CutPrefix(account, employee); ok && number != rows[0].id {
			m.findAt(Conflict, rows[0].at, m.places[p.ID], "%q has an account of %q, whose number is %q: two people are not made one", rows[0].id, p.ID, number)
			return ""
		}
	}
	a := m.together(rows)
	same, ends := m.sameTime(p, a)
	if same {
		m.update(p.ID, a)
	}
	if ends {
		node := m.item("people", p.ID)
		m.set(node, "until", moment(a.until))
		m.source(node, node, true, a.at)
		m.people[p.ID].until = a.until
	}
	if !same {
		return ""
	}
	return p.ID
}

// sameTime reports whether rows are about the time in which the document has somebody, and whether they end it. Who begins
// at another time, or is there when they have gone, may be somebody else with an address or a login that they had. Of such rows
// nothing counts but the end of whoever has the same number.
func (m *merge) sameTime(p ownership.Person, a agreed) (same, ends bool) {
	same = a.from.Equal(p.Interval.From)
	at, until := m.people[p.ID].at, p.Interval.Until
	if !same {
		m.findAt(Conflict, a.at, at, "%q begins at %s, in the document at %s: the row is left out", p.ID, stamp(a.from), stamp(p.Interval.From))
	}
	switch {
	case a.until.Equal(until) || !a.saysEnd && m.later(until):
	case !until.IsZero():
		same = false
		m.findAt(Conflict, a.at, at, "%q ends %s, in the document %s: the row is left out", p.ID, ending(a.until), ending(until))
	case !a.until.After(p.Interval.From):
		same = false
		m.findAt(Conflict, a.at, at, "%q ends at %s, before the beginning in the document at %s: the row is left out", p.ID, stamp(a.until), stamp(p.Interval.From))
	default:
		ends = same || slices.ContainsFunc(p.Accounts, func(account string) bool {
			return strings.HasPrefix(account, employee) && slices.Contains(a.accounts, account)
		})
	}
	return same, ends
}

// agreed is what rows about one person say together.
type agreed struct {
	name, employment string
	accounts         []string
	from, until      time.Time
	saysEnd          bool
	at               position
}

// together puts the rows about one person together. What they say differently is left out, but for the time: the later
// beginning and the earlier end count.
func (m *merge) together(rows []*personFact) agreed {
	a := agreed{at: rows[0].at, from: rows[0].from, until: rows[0].until}
	differ := func(what string, get func(*personFact) string) string {
		value, from := "", position{}
		for _, row := range rows {
			switch v := get(row); {
			case v == "" || v == value:
			case value == "":
				value, from = v, row.at
			default:
				m.findAt(Conflict, row.at, from, "the %s of %q is %q, elsewhere %q", what, row.id, v, value)
				return ""
			}
		}
		return value
	}
	a.name = differ("name", func(r *personFact) string { return r.name })
	a.employment = differ("employment", func(r *personFact) string { return r.employment })
	for _, row := range rows {
		a.accounts = append(a.accounts, row.accounts...)
		a.saysEnd = a.saysEnd || row.saysEnd
		if !row.from.Equal(a.from) {
			m.findAt(Conflict, row.at, a.at, "%q begins at %s, elsewhere at %s: the later counts", row.id, stamp(row.from), stamp(a.from))
		}
		if row.saysEnd && rows[0].saysEnd && !row.until.Equal(a.until) {
			m.findAt(Conflict, row.at, a.at, "%q ends %s, elsewhere %s: the earlier counts", row.id, ending(row.until), ending(a.until))
		}
		if row.from.After(a.from) {
			a.from = row.from
		}
		if a.until.IsZero() || !row.until.IsZero() && row.until.Before(a.until) {
			a.until = row.until
		}
	}
	slices.Sort(a.accounts)
	a.accounts = slices.Compact(a.accounts)
	return a
}

func ending(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return "at " + stamp(t)
}

// newPerson adds somebody the document does not have.
func (m *merge) newPerson(rows []*personFact) string {
	id := rows[0].id
	if kind := m.kinds[id]; kind != "" {
		m.findAt(Conflict, rows[0].at, m.places[id], "%q is the id of a %s with no account in common", id, kind)
		return ""
	}
	a := m.together(rows)
	if !a.until.IsZero() && !a.until.After(a.from) {
		m.find(Conflict, a.at, "%q ends at %s, before the beginning at %s", id, stamp(a.until), stamp(a.from))
		return ""
	}
	m.add("people", mapping(yaml.FlowStyle, "id", scalar(id), "name", scalar(a.name), "employment", scalar(a.employment),
		"from", moment(a.from), "until", moment(a.until), "accounts", texts(a.accounts...)))
	m.kinds[id], m.places[id], m.people[id] = kindPerson, a.at, &human{id, a.from, a.until, nil, a.at}
	for _, account := range a.accounts {
		m.own(account, id)
	}
	return id
}

// update brings what is said of somebody into what the document says of them.
func (m *merge) update(id string, a agreed) {
	node, h := m.item("people", id), m.people[id]
	p, _ := m.model.Person(id)
	fill := func(what, have, said string) {
		switch {
		case said == "" || said == have:
		case have == "":
			m.set(node, what, scalar(said))
		default:
			m.findAt(Conflict, a.at, h.at, "the %s of %q is %q, in the document %q", what, id, said, have)
		}
	}
	fill("name", p.Name, a.name)
	fill("employment", p.Employment, a.employment)
	var more []*yaml.Node
	for _, account := range a.accounts {
		if len(m.accounts[folded(account)]) == 0 {
			more = append(more, scalar(account))
			m.own(account, id)
		}
	}
	m.appendTo(node, "accounts", more...)
}

// sponsor says who answers for somebody.
func (m *merge) sponsor(id string, rows []*personFact) {
	rows = slices.Clone(rows)
	slices.SortFunc(rows, func(x, y *personFact) int { return cmp.Compare(x.sponsor, y.sponsor) })
	last := rows[len(rows)-1]
	if last.sponsor == "" {
		return
	}
	if i := slices.IndexFunc(rows, func(r *personFact) bool { return r.sponsor != "" && r.sponsor != last.sponsor }); i >= 0 {
		m.findAt(Conflict, last.at, rows[i].at, "the sponsor of %q is %s, elsewhere %s", id, last.sponsor, rows[i].sponsor)
		return
	}
	said := ref{said: strings.TrimPrefix(last.sponsor, employee), accounts: []string{last.sponsor}, at: last.at}
	to, ok := m.resolve(said)
	node := m.item("people", id)
	switch have := text(node, "sponsor"); {
	case !ok || have == to:
	case have != "":
		m.findAt(Conflict, last.at, m.places[id], "the sponsor of %q is %q, in the document %q", id, to, have)
	default:
		m.set(node, "sponsor", scalar(to))
	}
}

// emeritus tells of somebody who has stepped back and is still in the document.
func (m *merge) emeritus(r ref) {
	for _, id := range m.having(r.accounts) {
		if h := m.people[id]; h.until.IsZero() {
			m.findAt(Offboarding, r.at, h.at, "%q is %q and has stepped back: look through what the document gives them", r.said, id)
		}
	}
}

// account checks an account as sources write it.
func account(s string) error {
	provider, id, ok := strings.Cut(s, ":")
	if !ok || provider == "" || id == "" || !printable(s) || strings.Contains(s, " ") {
		return fmt.Errorf("the account %q: expected PROVIDER:ID, such as github:583231", s)
	}
	return nil
}
