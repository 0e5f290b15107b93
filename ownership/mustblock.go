package ownership

import "slices"

// Blocking is a point of enforcement that covers an artifact.
type Blocking struct {
	// ID names it in the document.
	ID string `json:"id"`
	// Position is where it stands.
	Position string `json:"position"`
	// Environment is where it blocks.
	Environment string `json:"environment"`
	// Mode is "enforce" or "audit"; only the first blocks.
	Mode string `json:"mode"`
	// OnFailure is "closed" or "open", for when it cannot judge; "": not given.
	OnFailure string `json:"onFailure"`
	// Owner is the team that owns it; "": none named.
	Owner string `json:"owner"`
	// Page is where to page the owner, or the next of its escalation; "": nowhere.
	Page string `json:"page"`
}

// enforceMode is the mode of a point that stops what it refuses.
const enforceMode = "enforce"

// MustBlock gives the points of enforcement that cover an artifact, named as patterns
// see it, at the view's time in an environment, in the document's order; "": in every
// one.
func (v View) MustBlock(artifact, environment string) []Blocking {
	all := []Blocking{}
	for _, e := range v.model.enforcements {
		if !e.Interval.Contains(v.t) || !e.Covers(e.Environment, artifact) || environment != "" && environment != e.Environment {
			continue
		}
		all = append(all, Blocking{e.ID, e.at.String(), e.Environment, e.Mode, e.OnFailure, e.Owner, v.contact(e.Owner)})
	}
	return all
}

// enforcing reports whether one of the points stops anything.
func enforcing(points []Blocking) bool {
	return slices.ContainsFunc(points, func(b Blocking) bool { return b.Mode == enforceMode })
}
