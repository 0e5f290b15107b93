package layout_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"testing"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/attest/layout"
)

// fingerprintOf is the fingerprint of an Ed25519 key in hexadecimal.
func fingerprintOf(public string) [32]byte {
	raw, _ := hex.DecodeString(public)
	spki, _ := x509.MarshalPKIXPublicKey(ed25519.PublicKey(raw))
	return sha256.Sum256(spki)
}

// FuzzVerify: whatever a layout and its links say, nothing panics, the same gives the same, what passes has
// passed in every part, and a layout that passes does not without its links.
func FuzzVerify(f *testing.F) {
	s := good(f, false)
	root, err := json.Marshal(s.layout)
	if err != nil {
		f.Fatal(err)
	}
	one := signedPart(f, s.links["clone.alice"])
	f.Add(string(root), one, signedPart(f, s.links["package.pipeline"]))
	f.Add(string(root), string(root), one)
	f.Add(`{"_type":"layout","expires":"2027-01-31T00:00:00Z","steps":[{"name":"a","threshold":1,"pubkeys":["k"],"expected_products":[["REQUIRE","x"],["DISALLOW","[a-b]*"]]}],"keys":{"k":{"keyid":"k","keytype":"ed25519","scheme":"ed25519","keyval":{"public":"3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29"}}}}`,
		`{"_type":"link","name":"a","materials":{},"products":{"x":{"sha256":"`+digest("A")+`"}}}`, one)
	artifact, err := attest.NewArtifact("pkg:generic/x@1", attest.Digests{"sha256": digest("A")})
	if err != nil {
		f.Fatal(err)
	}
	at := when(f, "2026-06-01T12:00:00Z")
	f.Fuzz(func(t *testing.T, root, first, second string) {
		var all []layout.Signed
		for _, text := range []string{root, first, second} {
			it := attest.Parse("f", []byte(`{"signed":`+text+`,"signatures":[{"sig":"00"}]}`), attest.Limits{})[0]
			if it.Err() != nil {
				return
			}
			signer := layout.Signer{Key: fingerprintOf("3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29"), Holder: "alice"}
			all = append(all, layout.Signed{Evidence: it.Digest(), Statement: it.Statement(), Signers: []layout.Signer{signer}})
		}
		r := layout.Verify(all[0], all, artifact, at)
		if canonical(t, r) != canonical(t, layout.Verify(all[0], []layout.Signed{all[2], all[1], all[0], all[1]}, artifact, at)) {
			t.Log(canonical(t, r)) // a repeated item has its signers twice, which changes nothing
			t.Error("another order, another result")
		}
		for _, step := range r.Steps {
			if r.Passed && (!step.Passed || len(step.Holders) < step.Threshold || len(step.Reasons) > 0) {
				t.Errorf("passed with %+v", step)
			}
		}
		if r.Passed && layout.Verify(all[0], nil, artifact, at).Passed {
			t.Error("passed without links")
		}
	})
}

// signedPart is what a metablock signs.
func signedPart(t testing.TB, data []byte) string {
	t.Helper()
	var m struct{ Signed json.RawMessage }
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return string(m.Signed)
}
