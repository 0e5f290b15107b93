package ownership

import (
	"cmp"
	"slices"
	"time"

	"github.com/surety-dev/surety/internal/pattern"
)

// Governance says who owns a control over all that an artifact pattern matches, and over parts of it. What
// the entries of the document have to do with the pattern is found once; which of them hold is a question
// of the time. It is immutable.
type Governance struct {
	whole []governing // of entries that cover the pattern
	parts []governing // of those that overlap it
}

// governing is an entry, and the one of its patterns that is concerned.
type governing struct {
	scope pattern.Pattern
	owner *owner
}

// Governance finds the entries of a control that have a say in an artifact pattern. Of what is no pattern
// nobody is the owner.
func (m *Model) Governance(c Control, scope string) Governance {
	var g Governance
	whole, err := pattern.Parse(scope)
	if err != nil {
		return g
	}
	for _, o := range m.owners {
		if o.control != c {
			continue
		}
		for _, p := range o.artifacts {
			if p.Covers(whole) {
				g.whole = append(g.whole, governing{p, o})
			} else if _, both := pattern.Overlap(p, whole); both {
				g.parts = append(g.parts, governing{p, o})
			}
		}
	}
	return g
}

// Whole says who owns the control at a time over all that the pattern matches: of the entries that cover it
// whole, the most specific, as View.Control has it. Entries for a part of it do not matter. False where
// View.Control would say so.
func (g Governance) Whole(t time.Time) (Ownership, bool) {
	return g.mostSpecific(t).one()
}

func (g Governance) mostSpecific(t time.Time) mostSpecific {
	var m mostSpecific
	for _, c := range g.whole {
		if c.owner.interval.Contains(t) {
			m.add(c.scope, c.owner)
		}
	}
	return m
}

// Part is a part of what an artifact pattern matches, and who owns a control over it.
type Part struct {
	// Scope is the pattern of the entry for the part; it may match more besides.
	Scope string
	// Ownership is who answers; the zero Ownership: nobody, or more than one team.
	Ownership Ownership
}

// Parts gives the owners of the control at a time over parts of what the pattern matches: each entry that
// overlaps the pattern, does not cover it, and is as specific as the owner of the whole or more so, for it
// may be what names the owner of an artifact there. Entries with one pattern are one part, as View.Control
// has it. Sorted by pattern; nil where the whole has no owner.
func (g Governance) Parts(t time.Time) []Part {
	whole := g.mostSpecific(t)
	if _, ok := whole.one(); !ok {
		return nil
	}
	scopes := map[string]*mostSpecific{}
	for _, c := range g.parts {
		if !c.owner.interval.Contains(t) || specificity(c.scope, whole.scope) < 0 {
			continue
		}
		text := c.scope.String()
		if scopes[text] == nil {
			scopes[text] = new(mostSpecific)
		}
		scopes[text].add(c.scope, c.owner)
	}
	parts := make([]Part, 0, len(scopes))
	for text, m := range scopes {
		o, _ := m.one()
		parts = append(parts, Part{text, o})
	}
	slices.SortFunc(parts, func(x, y Part) int { return cmp.Compare(x.Scope, y.Scope) })
	return parts
}
