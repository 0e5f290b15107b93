package verify_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

// The test vector of DSSE v1.0.2, protocol.md, "Test Vectors".
const (
	dssePayload = "hello world"
	dsseType    = "http://example.com/HelloWorld"
	dssePAE     = "DSSEv1 29 http://example.com/HelloWorld 11 hello world"
	dsseX       = "46950820868899156662930047687818585632848591499744589407958293238635476079160"
	dsseY       = "5640078356564379163099075877009565129882514886557779369047442380624545832820"
	dsseD       = "97358161215184420915383655311931858321456579547487070936769975997791359926199"
	dsseSig     = "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="
)

// dsseKey is the vector's public key as that of a credential, with a scheme or "".
func dsseKey(t *testing.T, scheme string) ownership.Key {
	t.Helper()
	point := []byte{4}
	for _, coordinate := range []string{dsseX, dsseY} {
		n, _ := new(big.Int).SetString(coordinate, 10)
		point = append(point, n.FillBytes(make([]byte, 32))...)
	}
	public := must(ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point))
	text := fmt.Sprintf("credentials: [{id: c, holder: alice, key: {file: key.pem%s}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}]\n", scheme)
	m, err := ownership.Load(fstest.MapFS{
		"ownership.yaml": {Data: []byte("apiVersion: surety.dev/v1alpha1\nkind: Ownership\nmetadata: {name: acme, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}\n" +
			"people: [{id: alice, from: 2026-01-01T00:00:00Z}]\n" + text)},
		"key.pem": {Data: pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: must(x509.MarshalPKIXPublicKey(public))})},
	}, "ownership.yaml")
	if err != nil {
		t.Fatal(err)
	}
	key, _ := m.KeyNamed("c")
	return key
}

// TestDSSEVector holds the specification's own vector: the bytes that are signed, and their signature,
// which is r and s (Cryptodome's binary encoding). Whatever is changed of it does not verify.
func TestDSSEVector(t *testing.T) {
	t.Parallel()
	envelope := attest.Envelope{PayloadType: dsseType, Payload: []byte(dssePayload)}
	if got := string(envelope.PAE()); got != dssePAE {
		t.Errorf("PAE %q", got)
	}
	if envelope.Digest() != sha256.Sum256([]byte(dssePAE)) {
		t.Error("the digest is not that of the PAE")
	}
	sig := must(base64.StdEncoding.DecodeString(dsseSig))
	raw, usual := dsseKey(t, ", scheme: ecdsa-p1363"), dsseKey(t, "")
	der := must(asn1.Marshal([]*big.Int{new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])}))
	if !verify.VerifyKey(raw, &envelope, sig) || !verify.VerifyKey(usual, &envelope, der) {
		t.Error("the signature does not verify")
	}
	if verify.VerifyKey(usual, &envelope, sig) || verify.VerifyKey(raw, &envelope, der) {
		t.Error("the signature verifies in the form the credential does not give")
	}
	t.Run("is the one its private key makes", func(t *testing.T) {
		t.Parallel()
		d, _ := new(big.Int).SetString(dsseD, 10)
		private := must(ecdsa.ParseRawPrivateKey(elliptic.P256(), d.FillBytes(make([]byte, 32))))
		digest := sha256.Sum256([]byte(dssePAE))
		if got := must(private.Sign(nil, digest[:], crypto.SHA256)); !private.PublicKey.Equal(raw.Public) || !bytes.Equal(got, der) { // RFC 6979
			t.Errorf("%x", got)
		}
	})
	t.Run("any byte of the signature changed", func(t *testing.T) {
		t.Parallel()
		for i := range sig {
			broken := bytes.Clone(sig)
			broken[i] ^= 1
			if verify.VerifyKey(raw, &envelope, broken) {
				t.Errorf("verifies with byte %d changed", i)
			}
		}
	})
	for name, broken := range map[string][]byte{
		"s a zero longer": slices.Concat(sig[:32], []byte{0}, sig[32:]), "r a zero longer": append([]byte{0}, sig...), "both": slices.Concat([]byte{0}, sig[:32], []byte{0}, sig[32:]),
		"a zero after it": append(bytes.Clone(sig), 0), "a byte less": sig[:63], "r alone": sig[:32], "nothing": nil, "swapped": slices.Concat(sig[32:], sig[:32]),
	} {
		if verify.VerifyKey(raw, &envelope, broken) || verify.VerifyKey(usual, &envelope, broken) {
			t.Errorf("%s: verifies", name)
		}
	}
	for name, other := range map[string]attest.Envelope{
		"another payload":                     {PayloadType: dsseType, Payload: []byte("hello worle")},
		"a longer payload":                    {PayloadType: dsseType, Payload: []byte(dssePayload + "\n")},
		"no payload":                          {PayloadType: dsseType},
		"another type":                        {PayloadType: strings.ToLower(dsseType), Payload: []byte(dssePayload)},
		"no type":                             {Payload: []byte(dssePayload)},
		"a part of the payload in the type":   {PayloadType: dsseType + " 11 hello", Payload: []byte("world")},
		"the PAE as payload":                  {PayloadType: dsseType, Payload: []byte(dssePAE)},
		"the type of in-toto, the only one":   {PayloadType: attest.PayloadType, Payload: []byte(dssePayload)},
		"the payload as the envelope's text":  {PayloadType: dsseType, Payload: []byte("aGVsbG8gd29ybGQ=")},
		"the lengths of the other characters": {PayloadType: "http://example.com/HelloWörl", Payload: []byte(dssePayload)},
	} {
		if verify.VerifyKey(raw, &other, sig) {
			t.Errorf("%s: verifies", name)
		}
	}
}
