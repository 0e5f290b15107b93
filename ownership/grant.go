package ownership

import (
	"bytes"
	"slices"
	"time"

	"github.com/surety-dev/surety/internal/document"
	"github.com/surety-dev/surety/internal/pattern"
)

// Use is what a principal has done, for View.May.
type Use struct {
	// Artifact is the name of the artifact as patterns see it.
	Artifact string
	// Predicate is the predicate type of what was signed.
	Predicate string
	// Builder is the builder id inside provenance; empty: none.
	Builder string
	// IsBuild says that what was signed is provenance, so that a grant's builders
	// apply (design §4.7). Zero: they do not.
	IsBuild bool
}

// Permission is what the grants say about a use. The three But sets explain a refusal;
// they hold no duty that is granted.
type Permission struct {
	// Duties are granted: for each, one grant fits in duty, artifact, predicate,
	// builder and interval at once.
	Duties Duties
	// ButBuilder are those for which a grant fits in all but its builders.
	ButBuilder Duties
	// ButRole are those for which a grant to a team fits in all, but the person
	// belonged to the team only at another time.
	ButRole Duties
	// ButTime are those for which a grant fits in all but its interval.
	ButTime Duties
}

// grant is one grant of the document.
type grant struct {
	to         string
	duties     Duties
	artifacts  []pattern.Pattern
	predicates []pattern.Pattern // nil: any
	builders   []pattern.Pattern // nil: any
	interval   Interval
	at         document.Place
}

// scope is all that is granted under one artifact pattern.
type scope struct {
	grants map[string][]*grant // by principal or team
	keys   []*Key              // of all they are granted to; see Model.KeysFor
}

// May says which duties a principal has for a use: its own grants and those of the
// teams it is a member of. A principal that is not present has none.
func (v View) May(principal string, u Use) Permission {
	var p Permission
	if !v.Present(principal) {
		return p
	}
	v.model.scopes.Lookup(u.Artifact, func(_ pattern.Pattern, s *scope) bool {
		v.reaching(s, principal, func(g *grant, through *teamMembership) { p.add(g, u, v.t, through.contains(v.t)) })
		return true
	})
	return p.settled()
}

// settled is the permission without, in what explains a refusal, what is granted.
func (p Permission) settled() Permission {
	p.ButBuilder &^= p.Duties
	p.ButRole &^= p.Duties
	p.ButTime &^= p.Duties
	return p
}

// reaching calls yield for each grant of a scope to a principal: its own, through nil, and those of
// the teams it is a member of at any time, through its membership.
func (v View) reaching(s *scope, principal string, yield func(g *grant, through *teamMembership)) {
	for _, g := range s.grants[principal] {
		yield(g, nil)
	}
	memberships := v.model.memberships[principal]
	for i := range memberships {
		for _, g := range s.grants[memberships[i].team] {
			yield(g, &memberships[i])
		}
	}
}

// add enters what one grant says: its duties if all fits, or if all but one does.
func (p *Permission) add(g *grant, u Use, t time.Time, inRole bool) {
	if g.predicates != nil && !matchesAny(g.predicates, u.Predicate) {
		return
	}
	builder := !u.IsBuild || g.builders == nil || matchesAny(g.builders, u.Builder)
	p.fit(g, builder, inRole, g.interval.Contains(t))
}

// fit enters a grant's duties by what of it fits.
func (p *Permission) fit(g *grant, builder, inRole, inTime bool) {
	switch {
	case builder && inRole && inTime:
		p.Duties |= g.duties
	case inRole && inTime:
		p.ButBuilder |= g.duties
	case builder && inTime:
		p.ButRole |= g.duties
	case builder && inRole:
		p.ButTime |= g.duties
	}
}

func matchesAny(patterns []pattern.Pattern, s string) bool {
	return slices.ContainsFunc(patterns, func(p pattern.Pattern) bool { return p.Match(s) })
}

// MaxKeys is the most keys Model.KeysFor gives, whatever it is asked for.
const MaxKeys = 256

// KeysFor gives the keys of credentials one of whose holders has, or through a team
// at any time had, a grant on an artifact, for any duty and at any time: the keys
// worth trying on a signature over it (design §7). They come in the order of their
// fingerprints, each once, at most max and at most MaxKeys.
func (m *Model) KeysFor(artifact string, max int) []Key {
	max = min(max, MaxKeys)
	var all []*Key
	m.scopes.Lookup(artifact, func(_ pattern.Pattern, s *scope) bool {
		all = append(all, s.keys...)
		return true
	})
	if max <= 0 || len(all) == 0 {
		return nil
	}
	all = sortKeys(all)
	keys := make([]Key, min(max, len(all)))
	for i := range keys {
		keys[i] = *all[i]
	}
	return keys
}

// sortKeys orders keys by fingerprint, drops repeats and keeps the first MaxKeys: of
// the union of such lists, the first MaxKeys are among them.
func sortKeys(keys []*Key) []*Key {
	slices.SortFunc(keys, func(a, b *Key) int { return bytes.Compare(a.Fingerprint[:], b.Fingerprint[:]) })
	keys = slices.Compact(keys)
	return slices.Clip(keys[:min(MaxKeys, len(keys))])
}
