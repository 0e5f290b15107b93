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
	// Environment is where the artifact goes; empty: nowhere named, and a grant for
	// some environments does not fit.
	Environment string
	// Timed says that a trusted time proves when it was signed. Zero: it does not,
	// and a grant with windows or freezes does not fit.
	Timed bool
	// Claims are the claims of the certificate that signed, if it names an OIDC issuer; nil: it is a key or
	// another certificate, and a grant with a workflow does not fit.
	Claims map[string]string
}

// Permission is what the grants say about a use. The But sets explain a refusal; they
// hold no duty that is granted.
type Permission struct {
	// Duties are granted: for each, one grant fits in duty, artifact, predicate,
	// builder, environment, workflow, interval, windows and freezes at once.
	Duties Duties
	// ButBuilder are those for which a grant fits in all but its builders.
	ButBuilder Duties
	// ButRole are those for which a grant to a team fits in all, but the person
	// belonged to the team only at another time.
	ButRole Duties
	// ButTime are those for which a grant fits in all but its interval.
	ButTime Duties
	// ButEnvironment are those for which a grant fits in all but its environments.
	ButEnvironment Duties
	// ButWindow are those for which a grant fits in all but its windows; also where it
	// has windows or freezes and nothing proves when it was signed.
	ButWindow Duties
	// ButFreeze are those for which a grant fits in all but a freeze.
	ButFreeze Duties
	// ButWorkflow are those for which a grant fits in all but its workflow, as View.Unapproved
	// tells.
	ButWorkflow Duties
}

// grant is one grant of the document.
type grant struct {
	to           string
	duties       Duties
	artifacts    []pattern.Pattern
	predicates   []pattern.Pattern // nil: any
	builders     []pattern.Pattern // nil: any
	environments []string          // nil: any
	workflow     *workflow         // nil: any, and signatures of no workflow
	interval     Interval
	windows      []Window // nil: any time
	freezes      []Freeze
	sources      []string
	at           document.Place
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
		v.reaching(s, principal, func(g *grant, through *teamMembership) {
			if g.predicates == nil || matchesAny(g.predicates, u.Predicate) {
				p.fit(g, g.misses(u, v.t, through.contains(v.t)))
			}
		})
		return true
	})
	return p.settled()
}

// settled is the permission without, in what explains a refusal, what is granted.
func (p Permission) settled() Permission {
	for _, but := range p.buts() {
		*but &^= p.Duties
	}
	return p
}

// buts are the sets that explain a refusal.
func (p *Permission) buts() [misses]*Duties {
	return [misses]*Duties{missBuilder: &p.ButBuilder, missRole: &p.ButRole, missTime: &p.ButTime, missEnvironment: &p.ButEnvironment, missWindow: &p.ButWindow, missFreeze: &p.ButFreeze, missWorkflow: &p.ButWorkflow}
}

// Common is what two principals are both granted, and all that explains what they are not.
func (p Permission) Common(q Permission) Permission {
	both := Permission{Duties: p.Duties & q.Duties}
	for i, but := range both.buts() {
		*but = (*p.buts()[i] | *q.buts()[i]) &^ both.Duties
	}
	return both
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

// What of a grant may not fit, as Permission.buts has them.
const (
	missBuilder = iota
	missRole
	missTime
	missEnvironment
	missWindow
	missFreeze
	missWorkflow
	misses
)

// missing says what of a grant does not fit.
type missing [misses]bool

// misses says what of a grant does not fit a use at t.
func (g *grant) misses(u Use, t time.Time, inRole bool) missing {
	_, frozen := g.frozen(t)
	_, unapproved := g.workflow.refuses(u.Claims)
	unproven := g.timed() && !u.Timed
	return missing{
		missBuilder:     u.IsBuild && g.builders != nil && !matchesAny(g.builders, u.Builder),
		missRole:        !inRole,
		missTime:        !g.interval.Contains(t),
		missEnvironment: g.environments != nil && !slices.Contains(g.environments, u.Environment),
		missWindow:      unproven || !g.open(t),
		missFreeze:      frozen && !unproven,
		missWorkflow:    unapproved,
	}
}

// fit enters a grant's duties: as granted if all fits, in the set that says so if all
// but one thing does.
func (p *Permission) fit(g *grant, m missing) {
	but := -1
	for i, miss := range m {
		switch {
		case miss && but >= 0:
			return
		case miss:
			but = i
		}
	}
	if but < 0 {
		p.Duties |= g.duties
		return
	}
	*p.buts()[but] |= g.duties
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
