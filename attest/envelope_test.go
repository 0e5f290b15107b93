package attest_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"github.com/surety-dev/surety/attest"
)

func TestPAE(t *testing.T) {
	t.Parallel()
	// DSSE v1.0.2, protocol.md, test vectors.
	want := "DSSEv1 29 http://example.com/HelloWorld 11 hello world"
	if got := attest.PAE("http://example.com/HelloWorld", []byte("hello world")); string(got) != want {
		t.Errorf("%q, want %q", got, want)
	}
	for _, row := range []struct{ name, payloadType, payload string }{
		{"empty", "", ""}, {"no payload", attest.PayloadType, ""}, {"no type", "", "x"},
		{"statement", attest.PayloadType, good}, {"binary", "é\x00 ", "\xff\x00\n"}, {"long", "t", strings.Repeat("x", 100_000)},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			e := attest.Envelope{PayloadType: row.payloadType, Payload: []byte(row.payload)}
			theirs := dsse.PAE(row.payloadType, []byte(row.payload))
			if !bytes.Equal(e.PAE(), theirs) || e.Digest() != sha256.Sum256(theirs) {
				t.Errorf("%q, want %q", e.PAE(), theirs)
			}
		})
	}
}

func TestEnvelopeDigest(t *testing.T) {
	t.Parallel()
	// The same attestation however it is wrapped, another one for another payload.
	bare, bundled := readable(t, envelope(good)).Envelope(), readable(t, bundle(keyed)).Envelope()
	if bare.Digest() != bundled.Digest() || bare.Digest() != sha256.Sum256(bare.PAE()) {
		t.Error("one attestation has two digests")
	}
	if readable(t, envelope(good+" ")).Envelope().Digest() == bare.Digest() {
		t.Error("two payloads have one digest")
	}
}

// TestSignatures has abuse case 10: an entry that cannot be read costs only itself.
func TestSignatures(t *testing.T) {
	t.Parallel()
	const cert = `-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n`
	for _, row := range []struct{ name, entry, msg string }{
		{"null", "null", "is null; expected an object"},
		{"number", "5", "is a number"},
		{"string", `"c2ln"`, "is a string"},
		{"array", `[[{"sig":"c2ln"}]]`, "is an array"},
		{"no sig", `{"keyid":"k"}`, "no signature"},
		{"sig empty", `{"sig":""}`, "no signature"},
		{"sig null", `{"keyid":"k","sig":null,"x":{"y":[1]}}`, "is null"},
		{"sig object", `{"sig":{"a":[{}]},"x":{"y":[1]}}`, "is an object"},
		{"sig not base64", `{"sig":"!","x":[{"y":[1]}]}`, "canonical base64"},
		{"sig URL-safe", `{"sig":"-_-_"}`, "canonical base64"},
		{"sig unpadded", `{"sig":"c2lnMQ"}`, "canonical base64"},
		{"sig with trailing bits", `{"sig":"c2lnMR=="}`, "canonical base64"},
		{"keyid null", `{"keyid":null,"sig":"c2ln"}`, "is null"},
		{"keyid with NUL", `{"keyid":"a\u0000","sig":"c2ln"}`, "NUL"},
		{"cert array", `{"sig":"c2ln","cert":["x"]}`, "is an array"},
		{"cert empty", `{"sig":"c2ln","cert":""}`, "is empty"},
		{"cert and certificate", `{"sig":"c2ln","cert":"x","certificate":"x"}`, "second certificate"},
		{"intermediates text", `{"sig":"c2ln","intermediates":"x"}`, "is a string"},
		{"intermediate empty", `{"sig":"c2ln","intermediates":[""]}`, "is empty"},
		{"timestamps object", `{"sig":"c2ln","timestamps":{"type":"tsp"}}`, "is an object"},
		{"timestamp not base64", `{"sig":"c2ln","timestamps":[{"type":"tsp","data":"!"}]}`, "canonical base64"},
		{"timestamp's type twice spelt", `{"sig":"c2ln","timestamps":[{"Type":"tsp","data":"AA=="}]}`, "another spelling"},
		{"case variant", `{"Sig":"c2ln","sig":"c2ln"}`, "another spelling"},
		{"case variant last", `{"sig":"c2ln","SIG":{"a":1}}`, "another spelling"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(envelope(good), `[{`, `[`+row.entry+`,{"cert":"`+cert+`",`, 1)
			sigs := readable(t, text).Envelope().Signatures
			if len(sigs) != 2 {
				t.Fatalf("%d signatures", len(sigs))
			}
			if bad := sigs[0]; bad.Err == nil || !strings.Contains(bad.Err.Error(), row.msg) || !strings.Contains(bad.Err.Error(), "$.signatures[0]") || bad.Sig != nil || bad.Certificate != nil {
				t.Errorf("%+v, want …%s…", bad, row.msg)
			}
			if ok := sigs[1]; ok.Err != nil || ok.KeyID != "k" || string(ok.Sig) != "sig" || !bytes.HasPrefix(ok.Certificate, []byte("-----BEGIN")) {
				t.Errorf("its neighbour fell with it: %+v", ok)
			}
		})
	}
	// What is wrong with the text is wrong with the item.
	for _, entry := range []string{`{"sig":"c2ln","sig":"c2ln"}`, "{\"sig\":\"\xff\"}", `{"sig":}`} {
		if it := one(t, strings.Replace(envelope(good), `[{`, `[`+entry+`,{`, 1)); it.Err() == nil {
			t.Errorf("%q was read", entry)
		}
	}
	// A certificate in a bundle's signature is nobody's.
	text := strings.Replace(bundle(keyed), `"sig":`, `"cert":"x","sig":`, 1)
	if sig := readable(t, text).Envelope().Signatures[0]; sig.Certificate != nil {
		t.Errorf("certificate %q", sig.Certificate)
	}
}

// TestBesideSignature: what stands beside a signature is read as both kinds of producers write it.
func TestBesideSignature(t *testing.T) {
	t.Parallel()
	with := func(fields string) attest.Signature {
		return readable(t, strings.Replace(envelope(good), `[{"keyid":"k",`, `[{`+fields+`,`, 1)).Envelope().Signatures[0]
	}
	pem := "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"
	encoded := base64.StdEncoding.EncodeToString([]byte(pem))
	text, _ := json.Marshal(pem)
	for name, fields := range map[string]string{
		"text":   `"cert":` + string(text) + `,"intermediates":[` + string(text) + `]`,
		"base64": `"certificate":"` + encoded + `","intermediates":["` + encoded + `"]`,
	} {
		s := with(fields)
		if string(s.Certificate) != pem || len(s.Intermediates) != 1 || string(s.Intermediates[0]) != pem || s.Err != nil {
			t.Errorf("%s: %+v", name, s)
		}
	}
	if s := with(`"cert":"c2ln"`); string(s.Certificate) != "c2ln" {
		t.Errorf("what is no PEM is left as it is: %q", s.Certificate)
	}
	s := with(`"timestamps":[{"type":"tsp","data":"AQ=="},{"type":"other","data":"Ag=="},{"type":"tsp","data":"Aw=="}]`)
	if diff := cmp.Diff([][]byte{{1}, {3}}, s.Timestamps); diff != "" {
		t.Error(diff)
	}
	stamped := bundle(`{"publicKey":{},"timestampVerificationData":{"rfc3161Timestamps":[{"signedTimestamp":"AQ=="},{}]}}`)
	if diff := cmp.Diff([][]byte{{1}, nil}, readable(t, stamped).Envelope().Signatures[0].Timestamps); diff != "" {
		t.Error(diff)
	}
}
