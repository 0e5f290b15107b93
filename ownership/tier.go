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
// specific ones are of different tiers, as TiedTiers tells.
func (m *Model) Tier(artifact string) (id string, ok bool) {
	if tiers := m.tiersOf(artifact); len(tiers) == 1 {
		return tiers[0], true
	}
	return "", false
}

// TiedTiers gives the different tiers, sorted, that equally specific scopes put an
// artifact into, where none is more specific; nil: it has one tier, or none.
func (m *Model) TiedTiers(artifact string) []string {
	if tiers := m.tiersOf(artifact); len(tiers) > 1 {
		slices.Sort(tiers)
		return tiers
	}
	return nil
}

// tiersOf gives the tiers of the most specific scopes that cover an artifact, each once.
func (m *Model) tiersOf(artifact string) []string {
	var tiers []string
	var scope pattern.Pattern
	m.tierScopes.Lookup(artifact, func(p pattern.Pattern, tier string) bool {
		switch order := specificity(p, scope); {
		case tiers == nil || order > 0:
			tiers, scope = append(tiers[:0], tier), p
		case order == 0 && !slices.Contains(tiers, tier):
			tiers = append(tiers, tier)
		}
		return true
	})
	return tiers
}
