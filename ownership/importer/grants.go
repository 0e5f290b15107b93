package importer

import (
	"cmp"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/surety-dev/surety/internal/pattern"
)

// given is one duty of one principal for one pattern, and where sources say so.
type given struct {
	to, duty, artifacts string
	at                  []position
}

// joinGrants brings in what the sources grant. A limited grant of the document has its reasons: beside it nothing is
// granted to whom it limits.
func (m *merge) joinGrants() {
	facts := map[[3]string]*given{}
	for _, f := range m.all {
		for _, g := range f.grants {
			to, ok := m.resolve(g.to)
			if !ok || m.gone(to, g.to) {
				continue
			}
			for _, artifacts := range g.artifacts {
				key := [3]string{to, artifacts, g.duty}
				if facts[key] == nil {
					facts[key] = &given{to, g.duty, artifacts, nil}
				}
				facts[key].at = append(facts[key].at, g.at)
			}
		}
	}
	l := m.limits()
	// One item for all that is granted alike.
	type item struct {
		to, artifacts string
		duties        []string
		at            []position
	}
	var items []*item
	for _, key := range slices.SortedFunc(maps.Keys(facts), func(a, b [3]string) int { return slices.Compare(a[:], b[:]) }) {
		g := facts[key]
		if !m.grantable(g, l) {
			continue
		}
		if n := len(items); n == 0 || items[n-1].to != g.to || items[n-1].artifacts != g.artifacts {
			items = append(items, &item{to: g.to, artifacts: g.artifacts})
		}
		last := items[len(items)-1]
		last.duties, last.at = append(last.duties, g.duty), append(last.at, g.at...)
	}
	for _, i := range items {
		slices.SortFunc(i.duties, func(a, b string) int { return cmp.Compare(rank(a), rank(b)) })
		node := mapping(yaml.FlowStyle, "to", scalar(i.to), "may", texts(i.duties...), "artifacts", texts(i.artifacts), "from", moment(m.since(i.at[0])))
		m.add("grants", node)
		m.source(node, node, true, i.at...)
		delete(m.touched, node)
	}
}

// rank orders the duties that are imported as documents list them.
func rank(duty string) int { return slices.Index([]string{"review", "approve"}, duty) }

// grantable reports whether something is to be granted anew, beside the grants of the document.
func (m *merge) grantable(g *given, l *limits) bool {
	for _, node := range l.grants[g.to] {
		if unrestricted(node) && slices.Contains(listed(node, "may"), g.duty) && slices.Contains(listed(node, "artifacts"), g.artifacts) {
			m.agree(node, g.at)
			return false
		}
	}
	for _, node := range l.grants[g.to] {
		if m.limited(node) && g.overlaps(node) {
			m.findAt(Conflict, g.at[0], m.here(node), "%q may %s %s, which the document limits", g.to, g.duty, g.artifacts)
			return false
		}
	}
	return !m.loosens(l, *g)
}

// here is where a node of the document stands.
func (m *merge) here(node *yaml.Node) position { return position{m.name, node.Line} }

// unrestricted reports whether a grant says nothing but whom, what and since when.
func unrestricted(node *yaml.Node) bool {
	for i := 0; i < len(node.Content); i += 2 {
		if !slices.Contains([]string{"to", "may", "artifacts", "from", "sources"}, node.Content[i].Value) {
			return false
		}
	}
	return true
}

// overlap reports whether some artifact is in both scopes.
func overlap(a, b string) bool {
	p, errP := pattern.Parse(a)
	q, errQ := pattern.Parse(b)
	if errP != nil || errQ != nil {
		return true
	}
	_, both := pattern.Overlap(p, q)
	return both
}
