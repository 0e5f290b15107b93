// Package wycheproof runs the signature vectors of project Wycheproof (github.com/c2sp/wycheproof): each
// vector's key as that of a credential, loaded by package ownership, and its signature as verify.VerifyKey
// verifies it.
package wycheproof

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/c2sp/wycheproof"

	"github.com/surety-dev/surety/internal/algorithm"
	"github.com/surety-dev/surety/ownership"
)

// files are the files of vectors for signatures by ECDSA, EdDSA, DSA and RSA; the others in the module are
// for other things.
var files = regexp.MustCompile(`^(dsa|ecdsa|ed25519|ed448|rsa_pss|rsa_signature|rsa_pkcs1_\d+_sig_gen)_.*test\.json$|^ed(25519|448)_test\.json$`)

// group is the vectors of one key, with how their signatures are made.
type group struct {
	file         string
	Type         string
	PublicKey    struct{ Curve string }
	PublicKeyPEM string `json:"publicKeyPem"`
	KeyPEM       string `json:"keyPem"` // where vectors are for those who sign too
	KeySize      int
	SHA          string
	MGF          string
	MGFSHA       string
	SaltLength   int `json:"sLen"`
	Tests        []vector
}

// vector is one signature, and whether it is valid.
type vector struct {
	ID        int `json:"tcId"`
	Comment   string
	Message   octets `json:"msg"`
	Signature octets `json:"sig"`
	Result    string // valid, invalid or acceptable
	Flags     []string
}

// octets is bytes that JSON has in hex.
type octets []byte

// UnmarshalText reads hex.
func (o *octets) UnmarshalText(text []byte) (err error) {
	*o, err = hex.DecodeString(string(text))
	return err
}

// PAE is the message: bytes that are signed as they are.
func (o octets) PAE() []byte { return o }

// Digest is the SHA-256 of the message.
func (o octets) Digest() [sha256.Size]byte { return sha256.Sum256(o) }

// groups reads one file of vectors.
func groups(t *testing.T, name string) []group {
	t.Helper()
	data, err := fs.ReadFile(wycheproof.TestVectors, name)
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		NumberOfTests int
		TestGroups    []group
	}
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	count := 0
	for i := range f.TestGroups {
		f.TestGroups[i].file = name
		count += len(f.TestGroups[i].Tests)
	}
	if count == 0 || count != f.NumberOfTests {
		t.Fatalf("%s: %d vectors; expected %d", name, count, f.NumberOfTests)
	}
	return f.TestGroups
}

// scheme is what a credential says of the group's key.
func (g group) scheme() string {
	switch g.Type {
	case "EcdsaP1363Verify", "DsaP1363Verify":
		return ownership.SchemeP1363
	case "RsassaPkcs1Verify", "RsassaPkcs1Generate":
		return ownership.SchemePKCS1v15
	}
	return ""
}

const model = `apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
people: [{id: alice, from: 2026-01-01T00:00:00Z}]
credentials:
  - {id: c, holder: alice, key: {file: key.pem%s}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
`

// load gives the group's key as the credential of a model, with a scheme or "".
func (g group) load(scheme string) (ownership.Key, error) {
	if scheme != "" {
		scheme = ", scheme: " + scheme
	}
	m, err := ownership.Load(fstest.MapFS{
		"ownership.yaml": {Data: fmt.Appendf(nil, model, scheme)},
		"key.pem":        {Data: []byte(g.PublicKeyPEM + g.KeyPEM)},
	}, "ownership.yaml")
	if err != nil {
		return ownership.Key{}, err
	}
	key, _ := m.KeyNamed("c")
	return key, nil
}

// accepts verifies a vector's signature, as an opener does: what does not fit the key is not tried.
func accepts(t *testing.T, key ownership.Key, v vector) bool {
	t.Helper()
	m := algorithm.Over(v.Message)
	verified, fits := m.Verifies(key, v.Signature), algorithm.Fits(key, v.Signature)
	if verified && !fits {
		t.Errorf("%d: the signature verifies, and would not be tried", v.ID)
	}
	return verified && fits
}

// refusedKey reports whether a model was refused for its key: nothing else is wrong with it.
func refusedKey(err error) bool {
	return strings.HasPrefix(err.Error(), "ownership.yaml:6:") && strings.Contains(err.Error(), ": key.pem: ") &&
		strings.HasSuffix(err.Error(), "expected ECDSA on P-256, P-384 or P-521, Ed25519, or RSA of 2048 bits or more")
}
