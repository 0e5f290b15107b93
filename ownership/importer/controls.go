package importer

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// answer is a team that answers for a control over one pattern, and where sources say so.
type answer struct {
	control, artifacts, team string
	at                       []position
}

// joinControls brings in who answers. Nobody is made to answer in the place of somebody else: the most specific entry
// names who answers, so one that overlaps another's takes over some of it, or is taken over later.
func (m *merge) joinControls() {
	facts := map[[3]string]*answer{}
	for _, f := range m.all {
		for _, c := range f.controls {
			team, ok := m.resolve(c.accountable)
			if !ok {
				continue
			}
			for _, artifacts := range c.artifacts {
				key := [3]string{c.control, artifacts, team}
				if facts[key] == nil {
					facts[key] = &answer{c.control, artifacts, team, nil}
				}
				facts[key].at = append(facts[key].at, c.at)
			}
		}
	}
	var answers []*answer
	for _, key := range slices.SortedFunc(maps.Keys(facts), func(a, b [3]string) int { return slices.Compare(a[:], b[:]) }) {
		answers = append(answers, facts[key])
	}
	for i, a := range answers {
		differs := func(b *answer) bool {
			return a.control == b.control && a.team != b.team && overlap(a.artifacts, b.artifacts)
		}
		switch j := slices.IndexFunc(answers, differs); {
		case j < 0:
			m.control(a)
		case j < i: // else it is told of there
			m.findAt(Conflict, a.at[0], answers[j].at[0], "%q answers for %s over %s, elsewhere %q%s", a.team, a.control, a.artifacts, answers[j].team, over(a.artifacts, answers[j].artifacts))
		}
	}
}

// over says for what another answers, if that is not the same.
func over(artifacts, other string) string {
	if artifacts == other {
		return ""
	}
	return " over " + other
}

// control makes a team answer for a control, if nobody does.
func (m *merge) control(a *answer) {
	entries := slices.DeleteFunc(slices.Clone(m.items("controls")), func(n *yaml.Node) bool { return text(n, "control") != a.control })
	for _, node := range entries {
		if slices.Contains(listed(node, "artifacts"), a.artifacts) && text(node, "accountable") == a.team && field(node, "until") == nil {
			m.agree(node, a.at)
			return
		}
	}
	for _, node := range entries {
		for _, artifacts := range listed(node, "artifacts") {
			if overlap(artifacts, a.artifacts) && (text(node, "accountable") != a.team || !m.plainly(node)) {
				m.findAt(Conflict, a.at[0], m.here(node), "%q answers for %s over %s, in the document %s%s",
					a.team, a.control, a.artifacts, whoever(text(node, "accountable")), over(a.artifacts, artifacts))
				return
			}
		}
	}
	node := mapping(yaml.FlowStyle, "control", scalar(a.control), "artifacts", texts(a.artifacts), "accountable", scalar(a.team), "from", moment(m.since(a.at[0])))
	m.add("controls", node)
	m.source(node, node, true, a.at...)
	delete(m.touched, node)
}

// plainly reports whether an entry says nothing but who answers for what, and has begun: another of the same team beside
// it, which would hold in its place, changes nothing.
func (m *merge) plainly(node *yaml.Node) bool {
	for i := 0; i < len(node.Content); i += 2 {
		if !slices.Contains([]string{"control", "artifacts", "accountable", "from", "sources"}, node.Content[i].Value) {
			return false
		}
	}
	return !m.later(when(node, "from"))
}

func whoever(team string) string {
	if team == "" {
		return "nobody"
	}
	return "it is " + strings.TrimSpace(team)
}
