package importer

import (
	"slices"
	"time"

	"go.yaml.in/yaml/v3"
)

// A duty counts if any grant gives it, so an unrestricted grant beside a limited one loosens that. What limits somebody is a grant
// to them that says more than whom and what, or begins later; and, for those who are in a team, or were, such a grant to the team,
// and any grant to a team of which their membership ends or has not begun.

// limits are the grants of the document and who is in its teams, to ask what it limits.
type limits struct {
	grants  map[string][]*yaml.Node // by whom they are to
	stays   map[string][]stay       // by person
	members map[string][]string     // by team, without those whose time has ended
}

// stay is somebody's time in a team.
type stay struct {
	team string
	open bool // it has begun and has no end
}

// limits reads the document, with the memberships that are new.
func (m *merge) limits() *limits {
	l := &limits{map[string][]*yaml.Node{}, map[string][]stay{}, map[string][]string{}}
	for _, node := range m.items("grants") {
		l.grants[text(node, "to")] = append(l.grants[text(node, "to")], node)
	}
	for _, team := range slices.Concat(m.items("teams"), m.added["teams"]) {
		id := text(team, "id")
		open := map[string]bool{}
		var people []string
		members := field(team, "members")
		if members == nil {
			continue
		}
		for _, n := range members.Content {
			person := text(n, "person")
			if _, twice := open[person]; !twice {
				people = append(people, person)
				open[person] = false
			}
			from, until := when(n, "from"), when(n, "until")
			if until.IsZero() || until.After(m.o.At) {
				l.members[id] = append(l.members[id], person)
			}
			if until.IsZero() && !m.later(from) {
				open[person] = true
			}
		}
		for _, person := range people {
			l.stays[person] = append(l.stays[person], stay{id, open[person]})
		}
	}
	return l
}

// when is a time of the document, the zero time if there is none; it has been read before.
func when(n *yaml.Node, name string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text(n, name))
	if err != nil {
		return time.Time{}
	}
	return t
}

// limiting gives a grant that limits a person's duty for some artifacts, but for those to one team.
func (m *merge) limiting(l *limits, person string, g given) *yaml.Node {
	for _, node := range l.grants[person] {
		if m.limited(node) && g.overlaps(node) {
			return node
		}
	}
	for _, stay := range l.stays[person] {
		for _, node := range l.grants[stay.team] {
			if stay.team != g.to && (!stay.open || m.limited(node)) && g.overlaps(node) {
				return node
			}
		}
	}
	return nil
}

// limited reports whether a grant says more than whom and what, or begins later.
func (m *merge) limited(node *yaml.Node) bool {
	return !unrestricted(node) || m.later(when(node, "from"))
}

// later reports whether a time is after that of the sources.
func (m *merge) later(t time.Time) bool { return !m.o.At.IsZero() && t.After(m.o.At) }

// overlaps reports whether a grant is for the same duty and some of the artifacts.
func (g given) overlaps(node *yaml.Node) bool {
	return slices.Contains(listed(node, "may"), g.duty) &&
		slices.ContainsFunc(listed(node, "artifacts"), func(artifacts string) bool { return overlap(artifacts, g.artifacts) })
}

// loosens reports whether something granted to a team, or to a person, would be without limits for somebody whom the
// document limits. That is a conflict.
func (m *merge) loosens(l *limits, g given) bool {
	if m.kinds[g.to] == kindPerson {
		if node := m.limiting(l, g.to, g); node != nil {
			m.findAt(Conflict, g.at[0], m.here(node), "%q may %s %s, which the document limits", g.to, g.duty, g.artifacts)
			return true
		}
		return false
	}
	for _, person := range l.members[g.to] {
		if m.left(person) {
			continue
		}
		if node := m.limiting(l, person, g); node != nil {
			m.findAt(Conflict, g.at[0], m.here(node), "%q, with %q in it, may %s %s, which the document limits", g.to, person, g.duty, g.artifacts)
			return true
		}
	}
	return false
}

// loosensBy gives a grant that limits somebody who would have the grants of a team as its new member.
func (m *merge) loosensBy(l *limits, team, person string) *yaml.Node {
	for _, node := range l.grants[team] {
		for _, duty := range listed(node, "may") {
			for _, artifacts := range listed(node, "artifacts") {
				if by := m.limiting(l, person, given{to: team, duty: duty, artifacts: artifacts}); by != nil {
					return by
				}
			}
		}
	}
	return nil
}
