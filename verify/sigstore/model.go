package sigstore

import "github.com/surety-dev/surety/ownership"

// FromModel gives the Sigstore roots of an ownership model (trust.sigstore, design §3.1), in its
// order, for [New]. No model, or one without such roots, gives none.
func FromModel(m *ownership.Model) []Root {
	if m == nil {
		return nil
	}
	var roots []Root
	for _, a := range m.Trust().Sigstore {
		roots = append(roots, Root{ID: a.ID, JSON: a.Data, Issuers: a.Issuers})
	}
	return roots
}
