package ownership_test

import (
	"slices"
	"strings"
	"time"
)

// The oracle: what design §3 and §4 say of a drawn model, interval by interval, in linear scans. It
// shares nothing with the package but the words.

// holds: "intervals half-open (`from` in, `until` out), absent ends open" (design §3).
func (s span) holds(t moment) bool {
	return (s.from == 0 || s.from <= t) && (s.until == 0 || t < s.until)
}

// matches is design §3's sentence on patterns, segment by segment.
func matches(pattern, name string) bool {
	return matchSegments(strings.Split(pattern, "/"), strings.Split(name, "/"))
}

func matchSegments(pattern, name []string) bool {
	if len(pattern) == 0 {
		return len(name) == 0
	}
	if pattern[0] == "**" {
		if len(pattern) == 1 {
			return len(name) > 0
		}
		for skipped := range len(name) + 1 {
			if matchSegments(pattern[1:], name[skipped:]) {
				return true
			}
		}
		return false
	}
	if len(name) == 0 || pattern[0] == "*" && name[0] == "" || !matchSegment(pattern[0], name[0]) {
		return false
	}
	return matchSegments(pattern[1:], name[1:])
}

func matchSegment(pattern, text string) bool {
	literal, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == text
	}
	if !strings.HasPrefix(text, literal) {
		return false
	}
	for i := len(literal); i <= len(text); i++ {
		if matchSegment(rest, text[i:]) {
			return true
		}
	}
	return false
}

func matchesAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, name) })
}

func (w *world) human(id string) *human {
	for i := range w.people {
		if w.people[i].id == id {
			return &w.people[i]
		}
	}
	return nil
}

func (w *world) group(id string) *group {
	for i := range w.teams {
		if w.teams[i].id == id {
			return &w.teams[i]
		}
	}
	return nil
}

// present: a person inside their time and not away, a workload always, a vendor inside its contract.
func (w *world) present(id string, t moment) bool {
	if h := w.human(id); h != nil {
		return h.holds(t) && !slices.ContainsFunc(h.away, func(s span) bool { return s.holds(t) })
	}
	for _, v := range w.vendors {
		if v.id == id {
			return v.holds(t)
		}
	}
	return slices.ContainsFunc(w.workloads, func(m machine) bool { return m.id == id })
}

// member: inside one membership, and present (design §4.10).
func (w *world) member(person, team string, t moment) bool {
	g := w.group(team)
	return g != nil && w.present(person, t) && slices.ContainsFunc(g.members, func(m stay) bool {
		return m.person == person && span{w.begin(m), m.until}.holds(t)
	})
}

// belonged: a member by the document at one time or another.
func (w *world) belonged(person, team string) bool {
	g := w.group(team)
	return g != nil && slices.ContainsFunc(g.members, func(m stay) bool { return m.person == person })
}

// members are the members of a team at a time, sorted.
func (w *world) members(team string, t moment) (ids []string) {
	for _, h := range w.people {
		if w.member(h.id, team, t) {
			ids = append(ids, h.id)
		}
	}
	slices.Sort(ids)
	return ids
}

// behind is everybody who stands behind a signature by these principals (design §4.11), and whether operators are known
// who were there.
func (w *world) behind(principals []string, t moment) (ids []string, known bool) {
	known = true
	for _, id := range principals {
		ids = append(ids, id)
		for _, m := range w.workloads {
			if m.id == id {
				ids = append(ids, m.operators...)
			}
		}
		known = known && (w.human(id) != nil || w.operators(id, t) != nil)
	}
	return sorted(ids), known
}

// operators are the people who can make a workload act and were there.
func (w *world) operators(id string, t moment) (ids []string) {
	for _, m := range w.workloads {
		for _, o := range m.operators {
			if m.id == id && w.present(o, t) {
				ids = append(ids, o)
			}
		}
	}
	return ids
}

// contact is whom to page for a team: "that team's page now (or, if it is empty now, the next of its
// escalation)" (design §4.14), nearer teams first.
func (w *world) contact(team string, t moment) string {
	for near, seen := []string{team}, 0; seen < len(near); seen++ {
		g := w.group(near[seen])
		if g == nil {
			continue
		}
		if g.page != "" && w.members(g.id, t) != nil {
			return g.page
		}
		for _, next := range g.escalation {
			if !slices.Contains(near, next) {
				near = append(near, next)
			}
		}
	}
	return ""
}

// sorted gives the ids in order, each once.
func sorted(ids []string) []string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// open reports whether a time lies in a window: hours of a day in UTC.
func (v drawnWindow) open(t moment) bool {
	at := t.time()
	hour := time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute + time.Duration(at.Second())*time.Second
	return (v.days == nil || slices.Contains(v.days, at.Weekday())) && hour >= time.Duration(v.from)*time.Hour && hour < time.Duration(v.until)*time.Hour
}
