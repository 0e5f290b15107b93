package sigstore_test

import (
	"crypto/elliptic"
	"testing"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/verify/sigstore/sigstoretest"
)

// FuzzOpen holds that whatever the bytes, nothing panics, and what gets a time is what sigstore-go
// verifies too.
func FuzzOpen(f *testing.F) {
	// The seeds are made in one process and opened in others.
	s := sigstoretest.Named(f, "fuzz")
	private := sigstoretest.Key(f, elliptic.P256(), "release")
	key := modelKey(f, "release", &private.PublicKey)
	for _, spec := range []sigstoretest.Spec{{}, {Log: sigstoretest.RekorV2}, {Log: sigstoretest.NoLog}} {
		f.Add(s.Bundle(f, spec))
		f.Add(s.Envelope(f, spec))
		f.Add(s.KeyBundle(f, private, "release", spec))
	}
	rootJSON := s.TrustedRootJSON()
	o := opener(f, rootJSON)
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, it := range attest.Parse("fuzz", data, attest.Limits{}) {
			opened, err := o.Open(t.Context(), it, offer(key))
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range opened.Proofs {
				if len(p.Times) == 0 || it.Envelope().Signatures[0].KeyID != "" {
					continue
				}
				if err := plainly(rootJSON, it.Bundle().Raw, key); err != nil {
					t.Errorf("a timed proof, and sigstore-go refuses it: %v", err)
				}
			}
		}
	})
}
