package ownership_test

import (
	"crypto"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/ownership"
)

// certify wraps a SubjectPublicKeyInfo in a certificate (RFC 5280 section 4.1) in PEM. Nobody has
// signed it, it ended before the model began and it names nobody: nothing but its key is looked at.
func certify(t testing.TB, spki []byte) string {
	t.Helper()
	algorithm := pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 3, 101, 112}}
	type validity struct{ From, Until time.Time }
	name := asn1.RawValue{FullBytes: []byte{0x30, 0}}
	der, err := asn1.Marshal(struct {
		TBS struct {
			Version   int `asn1:"explicit,tag:0"`
			Serial    *big.Int
			Algorithm pkix.AlgorithmIdentifier
			Issuer    asn1.RawValue
			Validity  validity
			Subject   asn1.RawValue
			Key       asn1.RawValue
		}
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
	}{
		TBS: struct {
			Version   int `asn1:"explicit,tag:0"`
			Serial    *big.Int
			Algorithm pkix.AlgorithmIdentifier
			Issuer    asn1.RawValue
			Validity  validity
			Subject   asn1.RawValue
			Key       asn1.RawValue
		}{
			Version: 2, Serial: big.NewInt(1), Algorithm: algorithm, Issuer: name, Subject: name,
			Validity: validity{time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2002, 1, 1, 0, 0, 0, 0, time.UTC)},
			Key:      asn1.RawValue{FullBytes: spki},
		},
		Algorithm: algorithm, Signature: asn1.BitString{Bytes: make([]byte, 64), BitLength: 512},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// spki is the SubjectPublicKeyInfo of a key, given as itself or, where crypto/x509 cannot write it, in PEM.
func spki(t testing.TB, public any) []byte {
	t.Helper()
	if text, ok := public.(string); ok {
		block, _ := pem.Decode([]byte(text))
		return block.Bytes
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// TestCertificateKeys: a certificate is a key as its PEM block PUBLIC KEY is, and refused for the same.
func TestCertificateKeys(t *testing.T) {
	t.Parallel()
	const accepted = ": expected ECDSA on P-256, P-384 or P-521, Ed25519, or RSA of 2048 bits or more"
	unknown := append([]byte{0x30, 0x0b, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x7f, 0x03, 0x02, 0x00}, 0)
	good := certify(t, spki(t, key(1)))
	document := func(pem, scheme string) string {
		return head + people + "credentials: [{id: c, holder: alice, key: {pem: " + quoted(pem) + scheme + "}, " + active + "}]\n"
	}
	for name, public := range map[string]crypto.PublicKey{
		"ECDSA P-256": ecdsaKey(t, elliptic.P256()), "ECDSA P-384": ecdsaKey(t, elliptic.P384()), "ECDSA P-521": ecdsaKey(t, elliptic.P521()),
		"Ed25519": key(1), "RSA": rsaKey(2048, 65537),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := load(t, document(certify(t, spki(t, public)), ""))
			plain := load(t, document(encode(t, public), ""))
			got, _ := m.KeyNamed("c")
			want, _ := plain.KeyNamed("c")
			if got.Fingerprint != want.Fingerprint || got.Fingerprint != fingerprint(t, public) {
				t.Errorf("fingerprint %s, as PUBLIC KEY %s", got.Fingerprint, want.Fingerprint)
			}
		})
	}
	if k, ok := load(t, document(certify(t, spki(t, rsaKey(2048, 65537))), ", scheme: rsassa-pkcs1v15")).KeyNamed("c"); !ok || k.Scheme != ownership.SchemePKCS1v15 {
		t.Errorf("scheme %q", k.Scheme)
	}
	rows := []struct{ name, pem, scheme, want string }{
		{"ECDSA P-224", certify(t, spki(t, ecdsaKey(t, elliptic.P224()))), "", "an ECDSA key on P-224" + accepted},
		{"RSA 1024", certify(t, spki(t, rsaKey(1024, 65537))), "", "an RSA key of 1024 bits" + accepted},
		{"RSA e=1", certify(t, spki(t, rsaKey(2048, 1))), "", "an RSA key with exponent 1: expected an odd exponent of 3 or more"},
		{"DSA", certify(t, spki(t, dsaKey(t))), "", "a key of type *dsa.PublicKey" + accepted},
		{"X25519", certify(t, spki(t, x25519(t))), "", "a certificate with a key of an unknown kind" + accepted},
		{"Ed25519 all zero", certify(t, spki(t, edwards(t, strings.Repeat("00", 32)))), "", "an Ed25519 key that is no point of full order: expected a key somebody has generated"},
		{"a key of an unknown kind", certify(t, unknown), "", "a certificate with a key of an unknown kind" + accepted},
		{"a chain", good + good, "", "data after the PEM block: expected one PEM block PUBLIC KEY or CERTIFICATE"},
		{"a key beside it", good + encode(t, key(2)), "", "data after the PEM block: expected one PEM block PUBLIC KEY or CERTIFICATE"},
		{"a trusted certificate of OpenSSL", strings.ReplaceAll(good, " CERTIFICATE", " TRUSTED CERTIFICATE"), "", "a PEM block TRUSTED CERTIFICATE: expected PUBLIC KEY or CERTIFICATE"},
		{"a request", strings.ReplaceAll(good, " CERTIFICATE", " CERTIFICATE REQUEST"), "", "a PEM block CERTIFICATE REQUEST: expected PUBLIC KEY or CERTIFICATE"},
		{"a public key called a certificate", strings.ReplaceAll(encode(t, key(1)), "PUBLIC KEY", "CERTIFICATE"), "", "not a certificate ("},
		{"a certificate called a public key", strings.ReplaceAll(good, "CERTIFICATE", "PUBLIC KEY"), "", "not a public key ("},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			_, err := ownership.Load(tree(document(r.pem, r.scheme)), "ownership.yaml")
			if want := "ownership.yaml:12:49: " + r.want; err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
}

// TestKeysOfModel: all keys in fingerprint order, as many as are asked for.
func TestKeysOfModel(t *testing.T) {
	t.Parallel()
	m := load(t, head+people+"credentials:\n  - {id: a, holder: alice, key: {pem: "+inline(t, 1)+"}, "+active+"}\n  - {id: b, holder: bob, key: {pem: "+inline(t, 2)+"}, "+active+"}\n"+
		"  - {id: c, holder: pipeline, key: {pem: "+inline(t, 3)+"}, "+active+"}\n  - {id: d, holder: pipeline, identity: {issuer: i, subject: s}, "+active+"}\n")
	all := m.Keys(10)
	if len(all) != 3 {
		t.Fatalf("%d keys, want 3", len(all))
	}
	for i := 1; i < len(all); i++ {
		if all[i-1].Fingerprint.String() >= all[i].Fingerprint.String() {
			t.Errorf("%s before %s", all[i-1].Fingerprint, all[i].Fingerprint)
		}
	}
	for most, want := range map[int]int{-1: 0, 0: 0, 2: 2, 3: 3} {
		got := m.Keys(most)
		if len(got) != want || want > 0 && got[0].Credential != all[0].Credential {
			t.Errorf("Keys(%d) gives %d", most, len(got))
		}
	}
	if got := new(ownership.Model).Keys(1); len(got) != 0 {
		t.Errorf("the zero model has %d keys", len(got))
	}
}
