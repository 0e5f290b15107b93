package ownership

import (
	"slices"

	"github.com/surety-dev/surety/internal/pattern"
)

// Tier is how critical some artifacts are (requirement R54).
type Tier struct {
	// ID names it in the document.
	ID string
	// Artifacts are the patterns of the artifacts in it, one or more.
	Artifacts []string
	// Sources are where an importer found it; nil: none named.
	Sources []string
}

// Tiers gives the tiers of the document, in its order.
func (m *Model) Tiers() []Tier {
	list := slices.Clone(m.tiers)
	for i := range list {
		list[i].Artifacts, list[i].Sources = slices.Clone(list[i].Artifacts), slices.Clone(list[i].Sources)
	}
	return list
}

// Tier gives the tier of an artifact, named as patterns see it: that of the most
// specific scope that covers it, as Control chooses. False: no scope does, or equally
// specific ones are of different tiers.
func (m *Model) Tier(artifact string) (id string, ok bool) {
	var scope pattern.Pattern
	covered, tied := false, false
	m.tierScopes.Lookup(artifact, func(p pattern.Pattern, tier string) bool {
		switch order := specificity(p, scope); {
		case !covered || order > 0:
			id, scope, covered, tied = tier, p, true, false
		case order == 0 && tier != id:
			tied = true
		}
		return true
	})
	if !covered || tied {
		return "", false
	}
	return id, true
}
