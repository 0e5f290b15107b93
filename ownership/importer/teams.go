package importer

import (
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"
)

// group is what the sources say of one team.
type group struct {
	id       string
	claims   []claim
	disputed bool
}

// claim is what one source says of a team.
type claim struct {
	*teamFact
	members map[string]ref
}

// joinTeams brings in teams and who is in them.
func (m *merge) joinTeams() {
	for _, f := range m.all {
		for i := range f.teams {
			t := &f.teams[i]
			g := m.teams[t.id]
			if g == nil {
				g = &group{id: t.id}
				m.teams[t.id] = g
			}
			c := claim{t, map[string]ref{}}
			for _, r := range t.members {
				if t.authority && m.leftOut[r.at] {
					continue
				}
				if id, ok := m.resolve(r); ok {
					c.members[id] = r
				}
			}
			g.claims = append(g.claims, c)
		}
	}
	l := m.limits()
	for _, id := range slices.Sorted(maps.Keys(m.teams)) {
		m.team(m.teams[id], l)
	}
}

// team brings in one team.
func (m *merge) team(g *group, l *limits) {
	at := g.claims[0].at
	if kind := m.kinds[g.id]; kind != "" && kind != kindTeam {
		g.disputed = true
		m.findAt(Conflict, at, m.places[g.id], "the team %q: that is the id of a %s", g.id, kind)
		return
	}
	if people := m.having([]string{login + g.id}); len(people) > 0 && slices.ContainsFunc(g.claims, func(c claim) bool { return c.alias }) {
		g.disputed = true
		m.findAt(Conflict, at, m.places[people[0]], "the alias %q: that is a login of %q", g.id, people[0])
		return
	}
	members := m.undisputed(g)
	if m.kinds[g.id] == kindTeam {
		m.updateTeam(g, members, l)
		return
	}
	defined := slices.ContainsFunc(g.claims, func(c claim) bool { return c.defines })
	if ids := m.staying(g, members); len(ids) > 0 && defined {
		node := mapping(0, "id", scalar(g.id), "members", &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"})
		list := field(node, "members")
		for _, id := range ids {
			list.Content = append(list.Content, m.member(id, g.positions(id)))
		}
		m.add("teams", node)
		m.source(node, node, true, g.definitions()...)
		delete(m.touched, node)
		m.kinds[g.id], m.places[g.id] = kindTeam, at
	} else {
		m.find(Unresolved, at, "the team %q has nobody who could be joined: it is left out", g.id)
	}
}

// undisputed gives who is in a team as the sources say together. A source that speaks for people decides; without
// one, all that define the team must agree. The others are conflicts.
func (m *merge) undisputed(g *group) []string {
	var deciding []claim
	for _, c := range g.claims {
		if c.authority {
			deciding = append(deciding, c)
		}
	}
	spoken := len(deciding) > 0
	if !spoken {
		for _, c := range g.claims {
			if c.defines {
				deciding = append(deciding, c)
			}
		}
	}
	var members []string
	for _, id := range g.said() {
		in := func(c claim) bool { _, ok := c.members[id]; return ok }
		from := slices.IndexFunc(g.claims, in)
		without := slices.IndexFunc(deciding, func(c claim) bool { return !in(c) })
		with := slices.ContainsFunc(deciding, in)
		if with && (spoken || without < 0) {
			members = append(members, id)
			continue
		}
		other := position{}
		if without >= 0 {
			other = deciding[without].at
		}
		g.disputed = true
		m.findAt(Conflict, g.claims[from].members[id].at, other, "%q is in the team %q here, and not where the team is defined", id, g.id)
	}
	return members
}

// said gives all that any source says are in the team, sorted.
func (g *group) said() []string {
	ids := map[string]bool{}
	for _, c := range g.claims {
		for id := range c.members {
			ids[id] = true
		}
	}
	return slices.Sorted(maps.Keys(ids))
}

// positions gives where sources say that somebody is in the team.
func (g *group) positions(id string) []position {
	var at []position
	for _, c := range g.claims {
		if r, ok := c.members[id]; ok {
			at = append(at, r.at)
		}
	}
	return at
}

// definitions gives where sources say what the team is.
func (g *group) definitions() []position {
	var at []position
	for _, c := range g.claims {
		if c.defines {
			at = append(at, c.at)
		}
	}
	return at
}

// staying leaves out those who have left: no membership begins after that.
func (m *merge) staying(g *group, ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		r := ref{}
		for _, c := range g.claims {
			if x, ok := c.members[id]; ok && (r.said == "" || !c.authority) {
				r = x
			}
			if _, ok := c.members[id]; ok && c.authority {
				return m.left(id) // its own rows say so
			}
		}
		if m.gone(id, r) {
			g.disputed = true
			return true
		}
		return false
	})
}

// member makes a membership that begins with the sources.
func (m *merge) member(id string, at []position) *yaml.Node {
	n := mapping(yaml.FlowStyle, "person", scalar(id), "from", moment(m.since(at[0])))
	var list []string
	for _, p := range at {
		list = append(list, p.String())
	}
	slices.Sort(list)
	n.Content = append(n.Content, plain("sources", "!!str"), texts(slices.Compact(list)...))
	return n
}

// updateTeam brings what is said of a team into what the document says of it.
func (m *merge) updateTeam(g *group, members []string, l *limits) {
	node, at := m.item("teams", g.id), g.claims[0].at
	have, _ := m.model.Team(g.id)
	authority := slices.ContainsFunc(g.claims, func(c claim) bool { return c.authority })
	mayAdd := authority || m.mayAdd(g, node)
	is, open := memberships(node)
	var more []*yaml.Node
	for _, id := range m.staying(g, members) {
		positions := g.positions(id)
		var by *yaml.Node
		if mayAdd && !authority {
			by = m.loosensBy(l, g.id, id)
		}
		switch {
		case open[id] != nil:
			m.source(node, open[id], false, positions...)
		case is[id]:
			g.disputed = true
			m.findAt(Conflict, positions[0], m.places[g.id], "%q is in the team %q, which they have left in the document", id, g.id)
		case by != nil:
			g.disputed = true
			m.findAt(Conflict, positions[0], m.here(by), "%q is in the team %q, which has what the document limits", id, g.id)
		case mayAdd:
			more = append(more, m.member(id, positions))
		default:
			g.disputed = true
			m.findAt(Conflict, positions[0], m.places[g.id], "%q is in the team %q, and not in the document, whose team does not come from here", id, g.id)
		}
	}
	said := map[string]bool{}
	for _, id := range g.said() {
		said[id] = true
	}
	for _, member := range have.Members {
		if len(g.definitions()) == 0 {
			break // nobody says who all is in it
		}
		if !member.Interval.Until.IsZero() || said[member.Person] || m.held[g.id][member.Person] {
			continue
		}
		if h := m.people[member.Person]; !h.until.IsZero() {
			continue
		}
		g.disputed = true
		m.findAt(Conflict, at, m.places[g.id], "%q is not in the team %q, and in the document is", member.Person, g.id)
	}
	m.appendTo(node, "members", more...)
	if definitions := g.definitions(); len(definitions) > 0 {
		m.source(node, node, len(more) > 0, definitions...)
	}
}

// mayAdd reports whether sources that do not speak for people may add to a team of the document: they may if it comes
// from sources that all stand in this run.
func (m *merge) mayAdd(g *group, node *yaml.Node) bool {
	files := sourceFiles(node)
	for _, file := range files {
		if !slices.ContainsFunc(g.claims, func(c claim) bool { return c.defines && c.at.file == file }) {
			return false
		}
	}
	return len(files) > 0
}

// foreign gives the file a team comes from, if whoever names it does not mean that: a team that sources make is meant only
// by sources of the same kind at or below the directory of one that does, in the same run, and by all where a table that speaks for
// people has it. An alias or a group that happens to be called as a team on GitHub is no such team, and neither is
// one that an earlier run has made.
func (m *merge) foreign(team string, r ref) (file string, ok bool) {
	if g := m.teams[team]; g != nil && slices.ContainsFunc(g.claims, func(c claim) bool {
		return c.authority || c.defines && c.format == r.format && speaksFor(c.at.file, r.at.file)
	}) {
		return "", false
	}
	if !m.imported(team) {
		return "", false
	}
	return sourceFiles(m.item("teams", team))[0], true
}

// imported reports whether sources make a team: it names some, and so does each of its memberships.
func (m *merge) imported(team string) bool {
	is, known := m.sourced[team]
	if !known {
		node := m.item("teams", team)
		is = len(sourceFiles(node)) > 0
		if members := field(node, "members"); is && members != nil {
			is = !slices.ContainsFunc(members.Content, func(n *yaml.Node) bool { return field(n, "sources") == nil })
		}
		m.sourced[team] = is
	}
	return is
}

// memberships gives who is or was in a team, and the memberships that have no end.
func memberships(team *yaml.Node) (is map[string]bool, open map[string]*yaml.Node) {
	is, open = map[string]bool{}, map[string]*yaml.Node{}
	list := field(team, "members")
	if list == nil {
		return is, open
	}
	for _, n := range list.Content {
		person := text(n, "person")
		is[person] = true
		if field(n, "until") == nil && open[person] == nil {
			open[person] = n
		}
	}
	return is, open
}
