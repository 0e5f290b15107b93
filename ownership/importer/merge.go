package importer

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/surety-dev/surety/ownership"
)

// merge brings facts into a document.
type merge struct {
	*tree
	name  string // of the document
	o     *Options
	model *ownership.Model // nil: a new document
	all   []facts          // by path
	found []found

	kinds    map[string]string          // what has a name, the new ones too
	places   map[string]position        // where it stands
	people   map[string]*human          // the new ones too
	accounts map[string][]string        // the people that have an account
	teams    map[string]*group          // that a source of this run says something of
	names    map[string][]nameFact      // what sources call people
	held     map[string]map[string]bool // by team, the people a row of a table that is left out may be about
	leftOut  map[position]bool          // the rows of tables that are
	agreeing map[*yaml.Node][]position  // items of the document that sources say too, and where
	sourced  map[string]bool            // by team of the document, whether sources make it; filled as it is asked
	undated  string                     // something that needs a date and has none
}

// human is a person as the document has them in the end.
type human struct {
	id          string
	from, until time.Time
	away        []ownership.Interval
	at          position
}

// The kinds of what has a name.
const (
	kindPerson    = "person"
	kindTeam      = "team"
	kindPrincipal = "principal"
)

func newMerge(t *tree, model *ownership.Model, all []facts, o *Options) *merge {
	m := &merge{
		tree: t, o: o, model: model, all: all, kinds: map[string]string{}, places: map[string]position{}, people: map[string]*human{},
		accounts: map[string][]string{}, teams: map[string]*group{}, names: map[string][]nameFact{}, agreeing: map[*yaml.Node][]position{},
		sourced: map[string]bool{},
	}
	for _, f := range all {
		for _, n := range f.names {
			m.names[n.name] = append(m.names[n.name], n)
		}
	}
	if model == nil {
		m.model = &ownership.Model{}
		return m
	}
	for p := range model.People() {
		m.kinds[p.ID], m.places[p.ID] = kindPerson, m.place("people", p.ID)
		m.people[p.ID] = &human{p.ID, p.Interval.From, p.Interval.Until, p.Away, m.places[p.ID]}
		for _, a := range p.Accounts {
			m.own(a, p.ID)
		}
	}
	for x := range model.Teams() {
		m.kinds[x.ID], m.places[x.ID] = kindTeam, m.place("teams", x.ID)
	}
	for w := range model.Workloads() {
		m.kinds[w.ID], m.places[w.ID] = kindPrincipal, m.place("workloads", w.ID)
	}
	for v := range model.Vendors() {
		m.kinds[v.ID], m.places[v.ID] = kindPrincipal, m.place("vendors", v.ID)
	}
	return m
}

// place is where an item of the document stands.
func (m *merge) place(section, id string) position {
	file, line := m.model.Position(section, id), 0
	if n := m.item(section, id); n != nil {
		line = n.Line
	}
	for range 2 { // "FILE:LINE:COL"
		if i := strings.LastIndexByte(file, ':'); i > 0 {
			file = file[:i]
		}
	}
	return position{file, line}
}

// own says that somebody has an account.
func (m *merge) own(account, id string) {
	account = folded(account)
	if !slices.Contains(m.accounts[account], id) {
		m.accounts[account] = append(m.accounts[account], id)
	}
}

// folded is an account in one spelling: "GitHub usernames are case insensitive". All others are compared
// byte for byte.
func folded(account string) string {
	if strings.HasPrefix(account, login) {
		return strings.ToLower(account)
	}
	return account
}

// The accounts people are joined by.
const (
	login    = "github-login:"
	github   = "github:"
	email    = "email:"
	employee = "employee:"
)

// having gives the people that have any of the accounts, sorted.
func (m *merge) having(accounts []string) []string {
	ids := map[string]bool{}
	for _, a := range accounts {
		for _, id := range m.accounts[folded(a)] {
			ids[id] = true
		}
	}
	return slices.Sorted(maps.Keys(ids))
}

// metadata compares what the caller says of the document with what it says.
func (m *merge) metadata(name string) {
	if m.name = name; name == "" {
		return
	}
	at := position{name, m.line("metadata")}
	if m.o.Name != "" && m.o.Name != m.model.Name() {
		m.find(Conflict, at, "the document is %q: %q was expected", m.model.Name(), m.o.Name)
	}
	if m.o.Version != 0 && m.o.Version != m.model.Version() {
		m.find(Conflict, at, "the document has version %d: %d was expected", m.model.Version(), m.o.Version)
	}
	if !m.o.EffectiveFrom.IsZero() && !m.o.EffectiveFrom.Equal(m.model.EffectiveFrom()) {
		m.find(Conflict, at, "the document is in force from %s: %s was expected", stamp(m.model.EffectiveFrom()), stamp(m.o.EffectiveFrom))
	}
}

// resolve gives whom a source names. What joins with nobody, or with more than one, is a finding.
func (m *merge) resolve(r ref) (id string, ok bool) {
	teams, accounts, ok := m.called(r)
	if !ok {
		return "", false
	}
	for _, team := range teams {
		if g := m.teams[team]; g != nil && g.disputed {
			m.find(Unresolved, r.at, "%q names the team %q, of which there is a conflict: nothing is given to it", r.said, team)
			return "", false
		}
		if file, ok := m.foreign(team, r); ok {
			m.find(Unresolved, r.at, "%q names the team %q, which is what %s makes it: nothing is given to it", r.said, team, file)
			return "", false
		}
		if m.kinds[team] == kindTeam {
			return team, true
		}
	}
	people := m.having(accounts)
	switch {
	case len(people) == 1:
		return people[0], true
	case len(people) > 1:
		m.findAt(Conflict, r.at, m.places[people[0]], "%q has accounts of %d people, %q and %q among them", r.said, len(people), people[0], people[1])
	case len(teams) > 0:
		m.find(Unresolved, r.at, "%q: no team of the document is called %s", r.said, anyOf(teams))
	case len(accounts) == 0:
		m.find(Unresolved, r.at, "%q: nothing is said that somebody could be joined by", r.said)
	default:
		m.find(Unresolved, r.at, "%q: nobody in the document has the account %s", r.said, anyOf(accounts))
	}
	return "", false
}

func anyOf(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = strconv.Quote(s)
	}
	return strings.Join(quoted, " or ")
}

// called gives the teams and the accounts of whoever a source names. A name is for the files of the directory of the
// source that gives it, and below: no repository says whom another means. Two sources that call different ones by one name
// are a conflict.
func (m *merge) called(r ref) (teams, accounts []string, ok bool) {
	if r.name == "" {
		return r.teams, r.accounts, true
	}
	var facts []nameFact
	for _, f := range m.names[r.name] {
		if speaksFor(f.at.file, r.at.file) {
			facts = append(facts, f)
		}
	}
	if len(facts) == 0 {
		if n := m.names[r.name]; len(n) > 0 && len(r.accounts) == 0 {
			m.findAt(Unresolved, r.at, n[0].at, "%q is called so in another directory, whose names are not for this one", r.said)
			return nil, nil, false
		}
		return r.teams, r.accounts, true
	}
	for _, f := range facts[1:] {
		if !slices.Equal(f.accounts, facts[0].accounts) || f.team != facts[0].team {
			m.findAt(Conflict, facts[0].at, f.at, "%q is called so with other accounts elsewhere", r.name)
			return nil, nil, false
		}
	}
	if facts[0].team != "" {
		return []string{facts[0].team}, nil, true
	}
	return nil, facts[0].accounts, true
}

// speaksFor reports whether what a file calls by a name is what another means by it: that stands in the same directory or
// below.
func speaksFor(file, other string) bool {
	directory := path.Dir(clean(file))
	if directory == "." {
		directory = ""
	}
	_, ok := within(directory, other)
	return ok
}

// gone reports whether somebody is not there when the sources were as they are, which is a conflict with a source that
// gives them something.
func (m *merge) gone(id string, r ref) bool {
	h := m.people[id]
	if h == nil || m.o.At.IsZero() {
		return false
	}
	why := ""
	switch away := slices.IndexFunc(h.away, func(i ownership.Interval) bool { return i.Contains(m.o.At) }); {
	case m.left(id):
		why = "left at " + stamp(h.until)
	case h.from.After(m.o.At):
		why = "begins at " + stamp(h.from)
	case away >= 0:
		why = "is away until " + stamp(h.away[away].Until)
	default:
		return false
	}
	m.findAt(Conflict, r.at, h.at, "%q is %q, who %s", r.said, id, why)
	return true
}

// left reports whether somebody's time has ended when the sources were as they are.
func (m *merge) left(id string) bool {
	h := m.people[id]
	return h != nil && !h.until.IsZero() && !h.until.After(m.o.At)
}

// agree remembers that sources say what an item of the document says.
func (m *merge) agree(item *yaml.Node, at []position) {
	m.agreeing[item] = append(m.agreeing[item], at...)
}

// settle says of the items that sources agree with where they come from.
func (m *merge) settle() {
	for item, at := range m.agreeing {
		m.source(item, item, false, at...)
	}
}

// scopes tells of the scopes that no source is about.
func (m *merge) scopes() {
	for _, s := range m.o.Scopes {
		if !slices.ContainsFunc(m.all, func(f facts) bool { return slices.Contains(f.scopes, s.Path) }) {
			m.find(Unresolved, position{}, "the scope %q of %s: no source is about it", s.Path, s.Artifacts)
		}
	}
}

// since is when what a source does not date begins.
func (m *merge) since(at position) time.Time {
	if m.o.At.IsZero() && m.undated == "" {
		m.undated = at.String()
	}
	return m.o.At
}
