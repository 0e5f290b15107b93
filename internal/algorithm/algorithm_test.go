package algorithm_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/asn1"
	"math/big"
	"testing"

	"github.com/surety-dev/surety/internal/algorithm"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
)

// text is something that has been signed.
type text string

func (s text) PAE() []byte               { return []byte(s) }
func (s text) Digest() [sha256.Size]byte { return sha256.Sum256([]byte(s)) }

// schemes are the kinds of fixture's keys, and what a credential says of each.
var schemes = map[string]string{
	"ed25519:x": "", "p256:x": "", "p384:x": "", "p521:x": "", "p1363:x": ownership.SchemeP1363, "rsa:": "", "pkcs1:": ownership.SchemePKCS1v15,
}

// TestVerifies: one message verifies with each kind of key, in turn and again, and not with another's
// signature. How strictly each is read, internal/wycheproof tells.
func TestVerifies(t *testing.T) {
	t.Parallel()
	const signed text = "what is signed"
	m, other := algorithm.Over(signed), algorithm.Over(signed+".")
	for range 2 {
		for by := range schemes {
			sig := fixture.NewKey(by).Sign([]byte(signed))
			for kind, scheme := range schemes {
				key := ownership.Key{Public: fixture.NewKey(kind).Public(), Scheme: scheme}
				if got := algorithm.Fits(key, sig) && m.Verifies(key, sig); got != (kind == by) {
					t.Errorf("%s with the key %s: %t", by, kind, got)
				}
				if other.Verifies(key, sig) {
					t.Errorf("%s with the key %s verifies of another message", by, kind)
				}
				if key.Scheme = ""; scheme != "" && kind == by && m.Verifies(key, sig) {
					t.Errorf("%s verifies without its scheme", by)
				}
			}
		}
	}
}

// TestKeysOfNoModel: what no model holds verifies nothing.
func TestKeysOfNoModel(t *testing.T) {
	t.Parallel()
	const signed text = "what is signed"
	m, digest := algorithm.Over(signed), signed.Digest()
	private, err := ecdsa.ParseRawPrivateKey(elliptic.P224(), append(make([]byte, 27), 7))
	if err != nil {
		t.Fatal(err)
	}
	r, s, err := ecdsa.Sign(zero{}, private, digest[:])
	if err != nil || !ecdsa.Verify(&private.PublicKey, digest[:], r, s) {
		t.Fatal(err)
	}
	der, err := asn1.Marshal([]*big.Int{r, s})
	if err != nil {
		t.Fatal(err)
	}
	raw := append(r.FillBytes(make([]byte, 28)), s.FillBytes(make([]byte, 28))...)
	for _, scheme := range []string{"", ownership.SchemeP1363} {
		for _, sig := range [][]byte{der, raw} {
			if m.Verifies(ownership.Key{Public: &private.PublicKey, Scheme: scheme}, sig) {
				t.Errorf("P-224 verifies: %q", scheme)
			}
		}
	}
	for _, public := range []any{nil, "text"} {
		if key := (ownership.Key{Public: public}); m.Verifies(key, der) || algorithm.Fits(key, der) {
			t.Errorf("%v is a key", public)
		}
	}
}

// zero is no randomness: nobody needs the key.
type zero struct{}

// Read fills with zeroes.
func (zero) Read(p []byte) (int, error) { clear(p); return len(p), nil }
