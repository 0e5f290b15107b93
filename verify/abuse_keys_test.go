package verify_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/asn1"
	"encoding/base64"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"github.com/surety-dev/surety/internal/fixture"
)

// signing is a scene, and a key of its model that signs a statement in ways it should not.
type signing struct {
	scene     scene
	key       fixture.Key
	statement fixture.Statement
}

// with is an envelope of the statement with other bytes for its one signature, with and without the key id.
func (s signing) with(sig []byte) (named, anonymous []byte) {
	e := fixture.Sign(s.statement.JSON(), s.key)
	e.Signatures[0].Sig = base64.StdEncoding.EncodeToString(sig)
	named = e.JSON()
	e.Signatures[0].KeyID = ""
	return named, e.JSON()
}

// refused judges a signature that must not verify, with and without key id.
func (s signing) refused(t *testing.T, name string, sig []byte) {
	t.Helper()
	named, anonymous := s.with(sig)
	t.Run(name, func(t *testing.T) {
		want(t, s.scene.judge(t, named), "deny", "evidence-missing", "signature-invalid")
		want(t, s.scene.judge(t, anonymous), "deny", "evidence-missing", "signer-unknown")
	})
}

// curves are the curves a key may be on: how long r and s are, and the order they stay below (FIPS 186-4
// section D.1.2).
var curves = map[string]struct {
	size  int
	order string
}{
	"p256": {32, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"},
	"p384": {48, "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"},
	"p521": {66, "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409"},
}

// rawSignatures offers r and s in other forms than DER (SEC 1 section C.8; RFC 3279 section 2.2.3).
func rawSignatures(t *testing.T) {
	for kind, curve := range curves {
		size := curve.size
		key := fixture.NewKey(kind + ":x")
		s := scene{model: replaced(t, baseModel, "KEY(pipeline)", "KEY("+kind+":x)")}
		st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder))
		r, q := rs(t, key, st)
		want(t, s.judge(t, fixture.Sign(st.JSON(), key).JSON()), "allow")
		raw := append(r.FillBytes(make([]byte, size)), q.FillBytes(make([]byte, size))...)
		der := must(asn1.Marshal([]*big.Int{r, q}))
		n, _ := new(big.Int).SetString(curve.order, 16)
		long := []byte{0x30, 0x82, 0, byte(len(body(t, der)))}
		for name, sig := range map[string][]byte{
			"BER of a long length":            append(long, body(t, der)...),
			"DER cut short":                   der[:len(der)-1],
			"DER inside DER":                  must(asn1.Marshal(asn1.RawValue{Tag: asn1.TagSequence, IsCompound: true, Bytes: der})),
			"s is zero":                       must(asn1.Marshal([]*big.Int{r, new(big.Int)})),
			"s is negative":                   must(asn1.Marshal([]*big.Int{r, new(big.Int).Sub(q, n)})),
			"s is over the order":             must(asn1.Marshal([]*big.Int{r, new(big.Int).Add(q, n)})),
			"r is the order":                  must(asn1.Marshal([]*big.Int{n, q})),
			"r only":                          must(asn1.Marshal([]*big.Int{r})),
			"r and s":                         raw,
			"r and s, one byte less":          raw[1:],
			"r and s, one byte more":          append([]byte{0}, raw...),
			"r and s with a DER tag before":   append([]byte{0x30}, raw...),
			"r and s in a sequence of octets": append([]byte{0x30, 0x81, byte(len(raw))}, raw...),
			"DER and a byte after":            append(append([]byte{}, der...), 0),
			"BER of indefinite length":        append(append([]byte{0x30, 0x80}, body(t, der)...), 0, 0),
			"a padded integer":                must(asn1.Marshal([]asn1.RawValue{{Tag: asn1.TagInteger, Bytes: append([]byte{0, 0}, r.Bytes()...)}, {Tag: asn1.TagInteger, Bytes: append([]byte{0}, q.Bytes()...)}})),
			"r and s swapped":                 must(asn1.Marshal([]*big.Int{q, r})),
			"r is zero":                       must(asn1.Marshal([]*big.Int{new(big.Int), q})),
			"both are zero":                   must(asn1.Marshal([]*big.Int{new(big.Int), new(big.Int)})),
			"r is negative":                   must(asn1.Marshal([]*big.Int{new(big.Int).Sub(r, n), q})),
			"r is over the order":             must(asn1.Marshal([]*big.Int{new(big.Int).Add(r, n), q})),
			"a third integer":                 must(asn1.Marshal([]*big.Int{r, q, r})),
		} {
			signing{s, key, st}.refused(t, kind+" "+name, sig)
		}
	}
	// r that begins as a DER sequence does
	key := fixture.NewKey("p256:x")
	s := scene{model: replaced(t, baseModel, "KEY(pipeline)", "KEY(p256:x)")}
	for note := 0; ; note++ {
		st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fmt.Sprint(note)))
		r, q := rs(t, key, st)
		if raw := append(r.FillBytes(make([]byte, 32)), q.FillBytes(make([]byte, 32))...); raw[0] == 0x30 {
			signing{s, key, st}.refused(t, "r that looks like DER", raw)
			break
		}
	}
}

// rawWhereAsked holds the credentials that ask for r and s: they are taken at exactly the curve's length,
// in range, and in no other form.
func rawWhereAsked(t *testing.T) {
	for kind, curve := range curves {
		size := curve.size
		key := fixture.NewKey(kind + ":x")
		s := scene{model: replaced(t, baseModel, "{pem: KEY(pipeline)}", "{pem: KEY("+kind+":x), scheme: ecdsa-p1363}")}
		st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder))
		r, q := rs(t, key, st)
		n, _ := new(big.Int).SetString(curve.order, 16)
		pair := func(r, s *big.Int, size int) []byte {
			return append(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))...)
		}
		raw, zero := pair(r, q, size), new(big.Int)
		for _, ok := range [][]byte{raw, pair(r, new(big.Int).Sub(n, q), size)} { // as with DER, -s is another signature of the same
			named, anonymous := signing{s, key, st}.with(ok)
			want(t, s.judge(t, named), "allow")
			want(t, s.judge(t, anonymous), "allow")
		}
		der := must(asn1.Marshal([]*big.Int{r, q}))
		for name, sig := range map[string][]byte{
			"DER":                             der,
			"one byte less":                   raw[1:],
			"one byte less at the end":        raw[:len(raw)-1],
			"one byte more":                   append([]byte{0}, raw...),
			"one byte more at the end":        append(bytes.Clone(raw), 0),
			"each a byte longer":              pair(r, q, size+1),
			"s a zero longer":                 append(append(bytes.Clone(raw[:size]), 0), raw[size:]...),
			"r alone":                         raw[:size],
			"twice":                           append(bytes.Clone(raw), raw...),
			"as SEC 1 marks a point":          append([]byte{4}, raw...),
			"swapped":                         pair(q, r, size),
			"little-endian":                   reversed(raw),
			"r is zero":                       pair(zero, q, size),
			"s is zero":                       pair(r, zero, size),
			"both are zero":                   make([]byte, 2*size),
			"r is the order":                  pair(n, q, size),
			"s is the order":                  pair(r, n, size),
			"both are the order":              pair(n, n, size),
			"all bits set":                    bytes.Repeat([]byte{0xff}, 2*size),
			"r and s of one":                  pair(big.NewInt(1), big.NewInt(1), size),
			"the most that is in range, both": pair(new(big.Int).Sub(n, big.NewInt(1)), new(big.Int).Sub(n, big.NewInt(1)), size),
			"as text":                         []byte(fmt.Sprintf("%x", raw)),
		} {
			signing{s, key, st}.refused(t, kind+" "+name, sig)
		}
	}
	// r that begins with a zero byte keeps it
	key := fixture.NewKey("p1363:x")
	s := scene{model: replaced(t, baseModel, "{pem: KEY(pipeline)}", "{pem: KEY(p1363:x), scheme: ecdsa-p1363}")}
	for note := 0; ; note++ {
		p := fixture.Provenance(fixture.Builder)
		p["note"] = note
		st := fixture.NewStatement(fixture.ProvenanceV1, release, p)
		raw := key.Sign(dsse.PAE(fixture.PayloadType, st.JSON()))
		if raw[0] != 0 {
			continue
		}
		named, _ := signing{s, key, st}.with(raw)
		want(t, s.judge(t, named), "allow")
		signing{s, key, st}.refused(t, "r without its zero", raw[1:])
		break
	}
}

// reversed is the bytes from the last to the first.
func reversed(b []byte) []byte {
	b = bytes.Clone(b)
	slices.Reverse(b)
	return b
}

// rs is what a key's DER signature over a statement holds.
func rs(t *testing.T, key fixture.Key, statement fixture.Statement) (r, s *big.Int) {
	t.Helper()
	var pair struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(key.Sign(dsse.PAE(fixture.PayloadType, statement.JSON())), &pair); err != nil || len(rest) > 0 {
		t.Fatal(err)
	}
	return pair.R, pair.S
}

// body is what a DER sequence holds.
func body(t *testing.T, der []byte) []byte {
	t.Helper()
	var v asn1.RawValue
	if _, err := asn1.Unmarshal(der, &v); err != nil {
		t.Fatal(err)
	}
	return v.Bytes
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// rsaPaddings signs with the right RSA key in every way but the credential's.
func rsaPaddings(t *testing.T) {
	pss := scene{model: replaced(t, baseModel, "KEY(pipeline)", "KEY(rsa:)")}
	pkcs1 := scene{model: replaced(t, baseModel, "{pem: KEY(pipeline)}", "{pem: KEY(rsa:), scheme: rsassa-pkcs1v15}")}
	key := fixture.NewKey("rsa:")
	private := key.Private().(*rsa.PrivateKey)
	st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder))
	pae := dsse.PAE(fixture.PayloadType, st.JSON())
	small, large := sha256.Sum256(pae), sha512.Sum512(pae)
	salted := func(hash crypto.Hash, digest []byte, salt int) []byte {
		return must(rsa.SignPSS(rand.Reader, private, hash, digest, &rsa.PSSOptions{SaltLength: salt, Hash: hash}))
	}
	right := salted(crypto.SHA256, small[:], sha256.Size)
	v15 := must(rsa.SignPKCS1v15(nil, private, crypto.SHA256, small[:]))
	for s, sig := range map[*scene][]byte{&pss: right, &pkcs1: v15} {
		named, anonymous := signing{*s, key, st}.with(sig)
		want(t, s.judge(t, named), "allow")
		want(t, s.judge(t, anonymous), "allow")
	}
	most := private.Size() - sha256.Size - 2
	for name, sig := range map[string][]byte{
		"PKCS#1 v1.5 where the credential does not say so": v15,
		"a salt of 1":           salted(crypto.SHA256, small[:], 1),
		"a salt of 20":          salted(crypto.SHA256, small[:], 20),
		"a salt of 31":          salted(crypto.SHA256, small[:], 31),
		"a salt of 33":          salted(crypto.SHA256, small[:], 33),
		"the longest salt":      salted(crypto.SHA256, small[:], most),
		"SHA-512, its salt":     salted(crypto.SHA512, large[:], sha512.Size),
		"SHA-512, a salt of 32": salted(crypto.SHA512, large[:], sha256.Size),
		"a zero before it":      append([]byte{0}, right...),
		"a zero after it":       append(append([]byte{}, right...), 0),
		"shortened":             right[1:],
	} {
		signing{pss, key, st}.refused(t, "PSS: "+name, sig)
	}
	for name, sig := range map[string][]byte{
		"PSS":              right,
		"SHA-512":          must(rsa.SignPKCS1v15(nil, private, crypto.SHA512, large[:])),
		"no hash named":    must(rsa.SignPKCS1v15(nil, private, 0, small[:])),
		"a zero before it": append([]byte{0}, v15...),
		"shortened":        v15[1:],
	} {
		signing{pkcs1, key, st}.refused(t, "PKCS#1 v1.5: "+name, sig)
	}
	// the same key with and without the scheme is one key
	both := strings.Replace(baseModel, "credentials:\n", "credentials:\n"+
		"  - {id: one, holder: pipeline, key: {pem: KEY(rsa:)}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n"+
		"  - {id: two, holder: stranger, key: {pem: KEY(rsa:), scheme: rsassa-pkcs1v15}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n", 1)
	if _, err := loadModel(both); err == nil || !strings.Contains(err.Error(), `the key of credential "one"`) {
		t.Errorf("one RSA key with two schemes: %v", err)
	}
}
