package verify

import (
	"cmp"
	"maps"
	"slices"
)

// RevocationList is a revocation list that counted: somebody signed it who may revoke something.
type RevocationList struct {
	// Evidence is the digest of the item that is the list.
	Evidence string `json:"evidence"`
	// Number is the list's number.
	Number int64 `json:"number"`
	// IssuedAt is when it was made, as it says.
	IssuedAt Time `json:"issuedAt"`
	// NextUpdate is when the next one is there at the latest, as it says.
	NextUpdate Time `json:"nextUpdate"`
	// Signers are those who signed it and may revoke something, by credential.
	Signers []ListSigner `json:"signers"`
	// Entries is how many of its entries count: are of a credential that a team it speaks for may revoke.
	Entries int `json:"entries"`
	// Refused are the credentials it refused signatures of, sorted.
	Refused []string `json:"refused"`
	// Fresh are the credentials for whose signatures it was fresh enough for a policy that demands it, sorted.
	Fresh []string `json:"fresh"`
}

// ListSigner is who signed a revocation list.
type ListSigner struct {
	// Credential is the credential's id.
	Credential string `json:"credential"`
	// Holder is the principal; "" where several hold the credential.
	Holder string `json:"holder"`
	// Person is the holder where that is a person, else "".
	Person string `json:"person"`
	// Teams are the teams that may revoke something and that the signature speaks for, sorted.
	Teams []string `json:"teams"`
}

// filled is the list with empty lists where there were none.
func (l RevocationList) filled() RevocationList {
	l.Signers, l.Refused, l.Fresh = append([]ListSigner{}, l.Signers...), list(l.Refused), list(l.Fresh)
	for i := range l.Signers {
		l.Signers[i].Teams = list(l.Signers[i].Teams)
	}
	return l
}

// revocations lists what counted of status data, for the verdict.
func (r *run) revocations() []RevocationList {
	var out []RevocationList
	for _, l := range r.lists {
		entry := RevocationList{
			Evidence: l.item.Digest(), Number: l.view.Number, IssuedAt: Time{l.view.IssuedAt}, NextUpdate: Time{l.view.NextUpdate},
			Entries: l.entries, Refused: slices.Sorted(maps.Keys(l.refused)), Fresh: slices.Sorted(maps.Keys(l.fresh)),
		}
		for _, s := range l.signers {
			signer := ListSigner{Credential: s.binding.Credential, Person: s.binding.Person, Teams: s.teams}
			if len(s.binding.Holders) == 1 {
				signer.Holder = s.binding.Holders[0]
			}
			entry.Signers = append(entry.Signers, signer)
		}
		slices.SortFunc(entry.Signers, func(x, y ListSigner) int { return cmp.Compare(x.Credential, y.Credential) })
		entry.Signers = slices.CompactFunc(entry.Signers, func(x, y ListSigner) bool { return x.Credential == y.Credential && slices.Equal(x.Teams, y.Teams) })
		out = append(out, entry)
	}
	return out
}
