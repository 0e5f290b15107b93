package ownership_test

import (
	"slices"
	"strings"
)

// use is what a principal has done.
type use struct {
	artifact, predicate, builder, environment string
	provenance, timed                         bool
	anything                                  bool // whatever predicate and builder (docs/who.md)
	anywhere                                  bool // whatever environment
	anytime                                   bool // whatever windows and freezes
}

// allowed are duties by what became of them: "" granted, else the one thing that did not fit.
type allowed map[string][]string

// may: one grant must fit in everything at once (design §4.7); a But set tells of grants of which
// all but one thing fits.
func (w *world) may(principal string, u use, t moment) allowed {
	found := allowed{}
	if !w.present(principal, t) {
		return found
	}
	for _, g := range w.grants {
		if g.to != principal && !w.belonged(principal, g.to) || !matchesAny(g.artifacts, u.artifact) {
			continue
		}
		if !u.anything && g.predicates != nil && !matchesAny(g.predicates, u.predicate) {
			continue
		}
		wrong := g.wrong(u, t)
		if g.to != principal && !w.member(principal, g.to, t) {
			wrong = append(wrong, "role")
		}
		if len(wrong) < 2 {
			found[strings.Join(wrong, "")] = append(found[strings.Join(wrong, "")], g.may...)
		}
	}
	for but := range found {
		found[but] = slices.DeleteFunc(sorted(found[but]), func(d string) bool { return but != "" && slices.Contains(found[""], d) })
	}
	return found
}

// wrong is what of a grant that covers the artifact does not fit.
func (g *permit) wrong(u use, t moment) (wrong []string) {
	if !u.anything && u.provenance && g.builders != nil && !matchesAny(g.builders, u.builder) {
		wrong = append(wrong, "builder")
	}
	if !g.holds(t) {
		wrong = append(wrong, "time")
	}
	if !u.anywhere && g.environments != nil && !slices.Contains(g.environments, u.environment) {
		wrong = append(wrong, "environment")
	}
	if u.anytime {
		return wrong
	}
	if !u.timed && (g.windows != nil || g.freezes != nil) {
		return append(wrong, "window") // nothing proves when it was
	}
	if g.windows != nil && !slices.ContainsFunc(g.windows, func(v drawnWindow) bool { return v.open(t) }) {
		wrong = append(wrong, "window")
	}
	if slices.ContainsFunc(g.freezes, func(f span) bool { return f.holds(t) }) {
		wrong = append(wrong, "freeze")
	}
	return wrong
}

// eligible are those present who have a duty by a grant with one of the predicate types.
func (w *world) eligible(duty, artifact string, predicates []string, people bool, t moment) (ids []string) {
	for _, id := range w.ids("principals") {
		if people && w.human(id) == nil {
			continue
		}
		for _, p := range predicates {
			if slices.Contains(w.may(id, use{artifact: artifact, predicate: p, timed: true, anywhere: true, anytime: true}, t)[""], duty) {
				ids = append(ids, id)
			}
		}
	}
	return sorted(ids)
}

// everGranted: a grant covers the artifact, to the principal or a team they at any time belonged to.
func (w *world) everGranted(principal, artifact string) bool {
	return slices.ContainsFunc(w.grants, func(g permit) bool {
		return (g.to == principal || w.belonged(principal, g.to)) && matchesAny(g.artifacts, artifact)
	})
}

// keysFor are the numbers of the keys of credentials one of whose holders was ever granted anything.
func (w *world) keysFor(artifact string) (keys []int) {
	for _, c := range w.credentials {
		if c.key != 0 && slices.ContainsFunc(c.holders, func(h string) bool { return w.everGranted(h, artifact) }) {
			keys = append(keys, c.key)
		}
	}
	slices.SortFunc(keys, func(a, b int) int {
		f, g := drawnKeys()[a].fingerprint, drawnKeys()[b].fingerprint
		return strings.Compare(string(f[:]), string(g[:]))
	})
	return keys
}

// owned is who answers for a control: the entries that are the most specific, and what they say.
type owned struct {
	entries                          []charge
	tied                             bool   // they differ, so nobody answers
	accountable                      string // "": nobody, or more than one
	responsible, consulted, informed []string
	page                             string // accountable, where the entries name none
	runbooks                         []string
}

// specific is how specific a scope is: the longest literal prefix of those patterns that match, then
// the fewest wildcards; false if none matches.
func specific(patterns []string, artifact string) (prefix, wildcards int, ok bool) {
	for _, p := range patterns {
		if !matches(p, artifact) {
			continue
		}
		literal, _, _ := strings.Cut(p, "*")
		stars := strings.Count(strings.ReplaceAll(p, "**", "*"), "*")
		if !ok || len(literal) > prefix || len(literal) == prefix && stars < wildcards {
			prefix, wildcards, ok = len(literal), stars, true
		}
	}
	return prefix, wildcards, ok
}

// owner: "the most specific scope (longest literal prefix, then fewest wildcards) names the owner; a
// tie of different answers is control-unowned" (design §4.7).
func (w *world) owner(control, artifact string, t moment) (o owned) {
	var prefix, wildcards int
	for _, c := range w.controls {
		p, n, ok := specific(c.artifacts, artifact)
		if c.control != control || !ok || !c.holds(t) {
			continue
		}
		if o.entries == nil || p > prefix || p == prefix && n < wildcards {
			o.entries, prefix, wildcards = nil, p, n
		}
		if p == prefix && n == wildcards {
			o.entries = append(o.entries, c)
		}
	}
	for i, c := range o.entries {
		page := c.page
		if page == "" {
			page = c.accountable
		}
		if i > 0 && (c.accountable != o.accountable || page != o.page) {
			return owned{entries: o.entries, tied: true}
		}
		o.accountable, o.page = c.accountable, page
		o.responsible = sorted(append(o.responsible, c.responsible...))
		o.consulted = sorted(append(o.consulted, c.consulted...))
		o.informed = sorted(append(o.informed, c.informed...))
		if c.runbook != "" {
			o.runbooks = append(o.runbooks, c.runbook)
		}
	}
	return o
}

// tierOf: the most specific scope names the tier; a tie of different ones is none.
func (w *world) tierOf(artifact string) string {
	var prefix, wildcards int
	var ids []string
	for _, tier := range w.tiers {
		p, n, ok := specific(tier.artifacts, artifact)
		if !ok {
			continue
		}
		if ids == nil || p > prefix || p == prefix && n < wildcards {
			ids, prefix, wildcards = nil, p, n
		}
		if p == prefix && n == wildcards {
			ids = append(ids, tier.id)
		}
	}
	if len(ids) != 1 {
		return ""
	}
	return ids[0]
}
