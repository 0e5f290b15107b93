package verify

import (
	"fmt"
	"strings"
)

// This file is how critical the artifact is, by which policies choose their rules (requirement R54).

// tiered finds the artifact's tier. Where several tie it refuses, whatever the policies say: a rule for one of
// them would not apply, and nobody has said that it need not.
func (r *run) tiered() {
	r.tier, _ = r.model.Tier(r.scope)
	if tied := r.model.TiedTiers(r.scope); tied != nil {
		r.stop(TierAmbiguous, fmt.Sprintf("equally specific scopes put %s into the tiers %s: expected one that is more specific", r.scope, strings.Join(tied, " and ")))
		r.stops[len(r.stops)-1].position = r.model.Position("tiers", tied[0])
	}
}
