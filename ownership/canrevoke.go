package ownership

// Revoking says who could revoke one credential.
type Revoking struct {
	// Credential is its id.
	Credential string `json:"credential"`
	// Position is where the credential stands, and with it its revokers.
	Position string `json:"position"`
	// Revokers are the teams that can revoke it, sorted.
	Revokers []Revoker `json:"revokers"`
}

// Revoker is a team that can revoke a credential.
type Revoker struct {
	// Team is its id.
	Team string `json:"team"`
	// Position is where the team stands.
	Position string `json:"position"`
	// Members are its members who were present, sorted; empty: it could not.
	Members []string `json:"members"`
	// Page is where to page it, or the next of its escalation; "": nowhere.
	Page string `json:"page"`
}

// CanRevoke says, for each credential that could sign an artifact at the view's time,
// which teams could revoke it, and who was in them.
func (v View) CanRevoke(artifact string) []Revoking {
	return v.couldRevoke(v.CanSign(artifact, "").CouldSign)
}

func (v View) couldRevoke(signings []Signing) []Revoking {
	all := []Revoking{}
	for _, s := range signings {
		r := Revoking{Credential: s.Credential, Position: s.Position, Revokers: []Revoker{}}
		for _, team := range v.model.credentials[s.Credential].Revokers {
			r.Revokers = append(r.Revokers, Revoker{team, v.model.places[team].String(), list(v.Members(team)), v.contact(team)})
		}
		all = append(all, r)
	}
	return all
}

// staffed reports whether somebody could revoke it.
func (r Revoking) staffed() bool {
	for _, revoker := range r.Revokers {
		if len(revoker.Members) > 0 {
			return true
		}
	}
	return false
}
