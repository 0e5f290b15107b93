package ownership

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/surety-dev/surety/internal/document"
)

// DifferenceKind heads every Difference as JSON.
const DifferenceKind = "Difference"

// Difference is what changed between two times, or two versions of a document. Its JSON is
// documented in docs/who.md.
type Difference struct {
	// APIVersion is "surety.dev/v1alpha1".
	APIVersion string `json:"apiVersion"`
	// Kind is DifferenceKind.
	Kind string `json:"kind"`
	// Artifact is the name asked about; "": all of the document.
	Artifact string `json:"artifact"`
	// Environment is the environment asked about; "": every one.
	Environment string `json:"environment"`
	// Before is what was before.
	Before Moment `json:"before"`
	// After is what was afterwards.
	After Moment `json:"after"`
	// Changes are what is different, by section and id; empty: nothing.
	Changes []Changed `json:"changes"`
}

// Moment is a document as of a time.
type Moment struct {
	// At is the time.
	At string `json:"at"`
	// Ownership is the document.
	Ownership Source `json:"ownership"`
}

// Changed is one thing that is different.
type Changed struct {
	// Section is what it is in: a section of the document, "memberships", or, of an
	// artifact, one of the questions.
	Section string `json:"section"`
	// ID names it there.
	ID string `json:"id"`
	// What is Begun, Ended or Altered.
	What string `json:"what"`
	// Field is what of it is different; "" where it has begun or ended.
	Field string `json:"field"`
	// Before is what the field was; empty: nothing, or it has begun or ended.
	Before []string `json:"before"`
	// After is what it is.
	After []string `json:"after"`
	// PositionBefore is where the document said so before; "": it did not.
	PositionBefore string `json:"positionBefore"`
	// PositionAfter is where it says so afterwards; "": it does not.
	PositionAfter string `json:"positionAfter"`
	// Because is why a credential could sign on one side only: what speaks against it on
	// the other. Empty of all else.
	Because []Objection `json:"because"`
}

// What can have become of a thing.
const (
	// Begun: it is there, or holds, only afterwards.
	Begun = "begun"
	// Ended: it was there, or held, only before.
	Ended = "ended"
	// Altered: it was on both sides, and something of it is different.
	Altered = "altered"
)

// Compare says what changed from one view to another: of one document between two times, or
// of two versions of it. What does not hold at a view's time counts as not there.
func Compare(before, after View) Difference {
	d := difference(before.moment(), after.moment())
	olds, news := before.things(), after.things()
	for i, section := range olds {
		d.Changes = append(d.Changes, changes(section, news[i])...)
		if section.name == sectionGrants { // controls come after them, by the scopes of both
			d.Changes = append(d.Changes, changesOfControls(before, after)...)
		}
	}
	return d
}

// JSON gives the difference as one line of JSON, as Who.JSON does.
func (d Difference) JSON() ([]byte, error) { return encode(d) }

// moment is the document and the time of a view.
func (v View) moment() Moment { return Moment{stamp(v.t), v.model.source()} }

// difference begins one.
func difference(before, after Moment) Difference {
	return Difference{APIVersion: document.APIVersion, Kind: DifferenceKind, Before: before, After: after, Changes: []Changed{}}
}

// section is what of a document, or an answer, is compared thing by thing.
type section struct {
	name   string
	things []thing
}

// thing is one of them.
type thing struct {
	id     string
	at     fmt.Stringer
	on     bool           // it is there, and holds
	is     any            // things of which this is the same do not differ; nil: look at the fields
	fields func() []field // not asked for where nothing can differ
	but    []Objection    // why it is not on
}

// where is positions as answers have them.
type where string

// String gives them.
func (w where) String() string { return string(w) }

// field is something of a thing.
type field struct {
	name   string
	values []string
}

// one is a field of one value, or none if that is "".
func one(name, value string) field {
	if value == "" {
		return field{name, nil}
	}
	return field{name, []string{value}}
}

// many is a field of several values.
func many(name string, values []string) field { return field{name, values} }

// changes compares two sections, in the order of the ids; of things of one id the first counts.
func changes(before, after section) []Changed {
	olds, news := byThing(before.things), byThing(after.things)
	ids := make([]string, 0, len(olds)+len(news))
	for id := range olds {
		ids = append(ids, id)
	}
	for id := range news {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var all []Changed
	for _, id := range slices.Compact(ids) {
		all = append(all, changesOf(before.name, olds[id], news[id])...)
	}
	return all
}

// byThing files things by id.
func byThing(things []thing) map[string]*thing {
	filed := make(map[string]*thing, len(things))
	for i := range things {
		if filed[things[i].id] == nil {
			filed[things[i].id] = &things[i]
		}
	}
	return filed
}

// changesOf compares one thing; nil: it is not there.
func changesOf(section string, before, after *thing) []Changed {
	none := thing{at: where("")}
	if before == nil {
		before = &none
	}
	if after == nil {
		after = &none
	}
	if !before.on && !after.on || before.on && after.on && before.is != nil && before.is == after.is {
		return nil
	}
	c := Changed{Section: section, ID: cmp.Or(before.id, after.id), Before: []string{}, After: []string{}, Because: []Objection{}}
	c.PositionBefore, c.PositionAfter = before.at.String(), after.at.String()
	switch {
	case !before.on:
		c.What, c.Because = Begun, list(before.but)
		return []Changed{c}
	case !after.on:
		c.What, c.Because = Ended, list(after.but)
		return []Changed{c}
	}
	var all []Changed
	news := after.fields()
	for i, f := range before.fields() {
		if g := news[i]; !slices.Equal(f.values, g.values) {
			c.What, c.Field, c.Before, c.After = Altered, f.name, list(f.values), list(g.values)
			all = append(all, c)
		}
	}
	return all
}
