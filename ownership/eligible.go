package ownership

import (
	"slices"

	"github.com/surety-dev/surety/internal/pattern"
)

// Eligible gives the principals who may do a duty to an artifact at the view's time with one of the
// predicate types, sorted: those a grant names, and the members of teams it names. With people, only
// persons. What depends on one signature is left aside: builders, environments, workflows, windows and freezes.
func (v View) Eligible(d Duty, artifact string, predicates []string, people bool) []string {
	var ids []string
	add := func(principal string) {
		if (v.model.people[principal] != nil || !people) && v.Present(principal) {
			ids = append(ids, principal)
		}
	}
	v.model.scopes.Lookup(artifact, func(_ pattern.Pattern, s *scope) bool {
		for to, grants := range s.grants {
			if !slices.ContainsFunc(grants, func(g *grant) bool { return g.eligible(d, predicates, v) }) {
				continue
			}
			add(to)
			for _, member := range v.Members(to) {
				add(member)
			}
		}
		return true
	})
	slices.Sort(ids)
	return slices.Compact(ids)
}

// eligible reports whether the grant gives the duty for one of the predicate types at the time.
func (g *grant) eligible(d Duty, predicates []string, v View) bool {
	return g.duties.Has(d) && g.interval.Contains(v.t) &&
		(g.predicates == nil || slices.ContainsFunc(predicates, func(p string) bool { return matchesAny(g.predicates, p) }))
}
