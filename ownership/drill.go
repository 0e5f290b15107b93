package ownership

import (
	"slices"

	"github.com/surety-dev/surety/internal/pattern"
)

// Drill is what some drills release: artifacts under names that are of no other use, and that are never to be
// shipped (requirement R71).
type Drill struct {
	// ID names it in the document.
	ID string
	// Artifacts are the patterns of the artifacts' names, one or more.
	Artifacts []string
	// Sources are where an importer found it; nil: none named.
	Sources []string
}

// Drills gives the drills of the document, in its order.
func (m *Model) Drills() []Drill {
	list := slices.Clone(m.drills)
	for i := range list {
		list[i].Artifacts, list[i].Sources = slices.Clone(list[i].Artifacts), slices.Clone(list[i].Sources)
	}
	return list
}

// DrillsOf gives the ids of the drills whose artifact an artifact is, named as patterns see it, sorted; nil: it is
// the artifact of none.
func (m *Model) DrillsOf(artifact string) []string {
	var ids []string
	m.drillScopes.Lookup(artifact, func(_ pattern.Pattern, id string) bool {
		ids = append(ids, id)
		return true
	})
	slices.Sort(ids)
	return slices.Compact(ids)
}
