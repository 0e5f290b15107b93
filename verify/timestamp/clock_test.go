package timestamp_test

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	digitorus "github.com/digitorus/timestamp"
	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/internal/fixture/pki"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/timestamp"
)

// noon is when the tests' timestamps are made.
var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

var message = []byte("the bytes of a signature")

// scene is two authorities: a root, an authority below it and its signer.
type scene struct{ root, middle, signer, other, otherSigner pki.Holder }

func newScene() scene {
	s := scene{root: pki.Root("tsa-root"), other: pki.Root("other-root")}
	s.middle = s.root.Intermediate("tsa-middle")
	s.signer, s.otherSigner = s.middle.Timestamper("tsa"), s.other.Timestamper("other-tsa")
	return s
}

// clock trusts the first authority by its root only, and the other.
func (s scene) clock(t testing.TB) *timestamp.Clock {
	t.Helper()
	return clock(t, timestamp.Authority{ID: "tsa", PEM: []byte(pki.PEM(s.middle, s.root))}, timestamp.Authority{ID: "other", PEM: []byte(pki.PEM(s.other))})
}

func clock(t testing.TB, authorities ...timestamp.Authority) *timestamp.Clock {
	t.Helper()
	c, err := timestamp.New(authorities...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// at is an honest timestamp of a time.
func at(t time.Time) pki.Stamp { return pki.Stamp{At: t} }

// TestVerify has a row for each form that is accepted.
func TestVerify(t *testing.T) {
	t.Parallel()
	s := newScene()
	for _, row := range []struct {
		name string
		data []byte
		want time.Time
	}{
		{"a token", s.signer.Token(message, at(noon)), noon},
		{"a response", pki.Response(0, s.signer.Token(message, at(noon))), noon},
		{"granted with modifications", pki.Response(1, s.signer.Token(message, at(noon))), noon},
		{"SHA-384", s.signer.Token(message, pki.Stamp{At: noon, Hash: crypto.SHA384}), noon},
		{"SHA-512", s.signer.Token(message, pki.Stamp{At: noon, Hash: crypto.SHA512, Digest: crypto.SHA512}), noon},
		{"the later edge of its accuracy", s.signer.Token(message, pki.Stamp{At: noon, Accuracy: [3]int64{2, 500, 1}}), noon.Add(2*time.Second + 500*time.Millisecond + time.Microsecond)},
		{"the certificate named as RFC 3161 does", s.signer.Token(message, pki.Stamp{At: noon, Old: true}), noon},
		{"the chain comes along, the signer last", s.signer.Token(message, pki.Stamp{At: noon, Bag: []*x509.Certificate{s.root.Certificate, s.middle.Certificate, s.signer.Certificate}}), noon},
		{"of another library", foreign(t, s.signer), noon},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			got, err := s.clock(t).Verify(row.data, message)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(verify.TrustedTime{At: row.want, Source: "rfc3161", Authority: "tsa"}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("the signer's certificate is the model's alone", func(t *testing.T) {
		t.Parallel()
		bare := s.signer.Token(message, pki.Stamp{At: noon, Bag: []*x509.Certificate{}})
		if _, err := s.clock(t).Verify(bare, message); err == nil || !strings.Contains(err.Error(), "none of the timestamp authorities") {
			t.Errorf("without it: %v", err)
		}
		for _, file := range []string{pki.PEM(s.signer), pki.PEM(s.signer, s.middle, s.root), "a comment\n" + pki.PEM(s.root, s.middle, s.signer)} {
			if _, err := clock(t, timestamp.Authority{ID: "tsa", PEM: []byte(file)}).Verify(bare, message); err != nil {
				t.Error(err)
			}
		}
	})
}

// foreign is a response made by the library others use.
func foreign(t *testing.T, h pki.Holder) []byte {
	t.Helper()
	imprint := sha256.Sum256(message)
	data, err := (&digitorus.Timestamp{
		HashAlgorithm: crypto.SHA256, HashedMessage: imprint[:], Time: noon, Policy: asn1.ObjectIdentifier{1, 2, 3},
		AddTSACertificate: true, SerialNumber: big.NewInt(1),
	}).CreateResponseWithOpts(h.Certificate, h.Key, crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestRefused has a row for each fault, one at a time, with its reason.
func TestRefused(t *testing.T) {
	t.Parallel()
	s := newScene()
	mallory := pki.Root("tsa-root-of-mallory", func(c *x509.Certificate) { c.Subject = s.root.Certificate.Subject })
	forged := mallory.Timestamper("forged", func(c *x509.Certificate) {
		c.SerialNumber, c.Subject = s.signer.Certificate.SerialNumber, s.signer.Certificate.Subject
	})
	twin := fixtureTwin(s)
	usage := func(extensions ...pkix.Extension) pki.Holder {
		return s.middle.Timestamper("odd", func(c *x509.Certificate) { c.ExtraExtensions = extensions })
	}
	small := usage(pki.Usage(true, 8))
	good := s.signer.Token(message, at(noon))
	for _, row := range []struct {
		name string
		data []byte
		want string
	}{
		{"over other bytes", s.signer.Token([]byte("another signature"), at(noon)), "is over other bytes"},
		{"a wrong imprint", s.signer.Token(message, pki.Stamp{At: noon, Imprint: make([]byte, 32)}), "is over other bytes"},
		{"an imprint of another length", s.signer.Token(message, pki.Stamp{At: noon, Imprint: []byte{1}}), "is over other bytes"},
		{"an imprint of SHA-1", s.signer.Token(message, pki.Stamp{At: noon, Hash: crypto.SHA1}), "expected SHA-256, SHA-384 or SHA-512"},
		{"signed over SHA-1", s.signer.Token(message, pki.Stamp{At: noon, Digest: crypto.SHA1}), "is signed over hash"},
		{"a stranger's authority", mallory.Timestamper("m").Token(message, at(noon)), "does not chain to tsa"},
		{"a stranger of another name", pki.Root("stranger").Timestamper("m").Token(message, at(noon)), "none of the timestamp authorities"},
		{"the stranger's root comes along", mallory.Timestamper("m").Token(message, pki.Stamp{At: noon, Bag: []*x509.Certificate{mallory.Timestamper("m").Certificate, mallory.Certificate}}), "does not chain to tsa"},
		// CVE-2026-39984: what is first in the bag is not who signed
		{"the honest certificate first, a forged one signed", forged.Token(message, pki.Stamp{At: noon, Bag: []*x509.Certificate{s.signer.Certificate, s.middle.Certificate, forged.Certificate}}), "does not chain to tsa"},
		{"a forged one first, with the honest one's issuer and serial number", twin.Token(message, pki.Stamp{At: noon, Named: s.signer.Certificate, Bag: []*x509.Certificate{twin.Certificate, s.signer.Certificate}}), "does not verify with the certificate of its signer"},
		{"a forged one named in its place", twin.Token(message, pki.Stamp{At: noon, Bag: []*x509.Certificate{twin.Certificate, s.signer.Certificate}}), "does not chain to tsa"},
		{"a certificate for TLS", usage(pki.Usage(false, 1)).Token(message, at(noon)), "whose one usage is not timestamping"},
		{"a certificate for timestamps and TLS", usage(pki.Usage(true, 8, 1)).Token(message, at(noon)), "whose one usage is not timestamping"},
		{"a certificate for timestamps and something else", usage(pki.Usage(true, 8, 99)).Token(message, at(noon)), "whose one usage is not timestamping"},
		{"a certificate for anything", usage().Token(message, at(noon)), "whose one usage is not timestamping"},
		{"a usage that is not critical", usage(pki.Usage(false, 8)).Token(message, at(noon)), "is not critical"},
		{"a code signer's certificate", s.middle.Leaf("p256:x").Token(message, at(noon)), "whose one usage is not timestamping"},
		{"an authority as signer", s.middle.Intermediate("ca", func(c *x509.Certificate) { c.ExtraExtensions = []pkix.Extension{pki.Usage(true, 8)} }).Token(message, at(noon)), "certificate of a certificate authority"},
		{"a key for more than signatures", s.middle.Timestamper("k", func(c *x509.Certificate) { c.KeyUsage |= x509.KeyUsageKeyEncipherment }).Token(message, at(noon)), "for other than signatures"},
		{"no certificate named", s.signer.Token(message, pki.Stamp{At: noon, Unnamed: true}), "does not say which certificate signed it"},
		{"other content", s.signer.Token(message, pki.Stamp{At: noon, Content: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}}), "is not signed as time-stamp information"},
		{"two signers", s.signer.Token(message, pki.Stamp{At: noon, Signers: 2}), "has 2 signers"},
		{"five certificates", s.signer.Token(message, pki.Stamp{At: noon, Bag: repeat(small.Certificate, 5)}), "has 5 certificates"},
		{"an authority with an enormous key", s.signer.Token(message, pki.Stamp{At: noon, Bag: []*x509.Certificate{s.signer.Certificate, enormous(t, s.root)}}), "has an RSA key of 65536 bits, expected 2048 to 8192"},
		{"a critical extension", s.signer.Token(message, pki.Stamp{At: noon, Critical: true}), "critical extension"},
		{"another version", s.signer.Token(message, pki.Stamp{At: noon, Version: 2}), "version 1"},
		{"an accuracy below zero", s.signer.Token(message, pki.Stamp{At: noon, Accuracy: [3]int64{-1, 0, 0}}), "accuracy out of range"},
		{"an accuracy that overflows", s.signer.Token(message, pki.Stamp{At: noon, Accuracy: [3]int64{1 << 62, 0, 0}}), "accuracy out of range"},
		{"thousands of milliseconds", s.signer.Token(message, pki.Stamp{At: noon, Accuracy: [3]int64{0, 1000, 0}}), "accuracy out of range"},
		{"a refusal of the authority", pki.Response(2, good), "status 2, not granted"},
		{"a response without a token", []byte{0x30, 5, 0x30, 3, 2, 1, 0}, "not granted"},
		{"a flipped bit in the signature", flip(good, len(good)-1), "does not verify"},
		{"bytes after it", append(bytes.Clone(good), 0), "is not DER"},
		{"cut short", good[:len(good)-1], "is not DER"},
		{"indefinite length", []byte{0x30, 0x80, 0, 0}, "is not DER"},
		{"deep nesting", bytes.Repeat([]byte{0x30, 0x80}, 2000), "is not DER"},
		{"too large", make([]byte, 64<<10+1), "bytes, over"},
		{"nothing", nil, "is no time-stamp token"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			got, err := s.clock(t).Verify(row.data, message)
			if err == nil || !strings.Contains(err.Error(), row.want) || got != (verify.TrustedTime{}) {
				t.Errorf("%v, %v; want …%s…", got, err, row.want)
			}
		})
	}
	if _, err := clock(t).Verify(good, message); err == nil || !strings.Contains(err.Error(), "none of the timestamp authorities") {
		t.Errorf("without authorities: %v", err)
	}
}

// fixtureTwin is a signer of the stranger's key under a certificate with issuer, serial number and name
// of the honest signer's.
func fixtureTwin(s scene) pki.Holder {
	fake := pki.Root("fake-middle", func(c *x509.Certificate) { c.Subject = s.middle.Certificate.Subject })
	return fake.Timestamper("twin", func(c *x509.Certificate) {
		c.SerialNumber, c.Subject = s.signer.Certificate.SerialNumber, s.signer.Certificate.Subject
	})
}

func repeat(c *x509.Certificate, n int) []*x509.Certificate {
	var all []*x509.Certificate
	for range n {
		all = append(all, c)
	}
	return all
}

func flip(data []byte, at int) []byte {
	data = bytes.Clone(data)
	data[at] ^= 1
	return data
}

// TestChainValidity has both ends of each certificate of the chain at -1 s, 0 and +1 s.
func TestChainValidity(t *testing.T) {
	t.Parallel()
	from, until := noon, noon.Add(time.Hour)
	for level, name := range []string{"root", "middle", "signer"} {
		edits := make([][]func(*x509.Certificate), 3)
		edits[level] = []func(*x509.Certificate){pki.Valid(from, until)}
		root := pki.Root("r", edits[0]...)
		middle := root.Intermediate("m", edits[1]...)
		signer := middle.Timestamper("s", edits[2]...)
		c := clock(t, timestamp.Authority{ID: "tsa", PEM: []byte(pki.PEM(root, middle))})
		for _, row := range []struct {
			when time.Time
			ok   bool
		}{
			{from.Add(-time.Second), false}, {from, true}, {from.Add(time.Second), true},
			{until.Add(-time.Second), true}, {until, true}, {until.Add(time.Second), false},
		} {
			_, err := c.Verify(signer.Token(message, at(row.when)), message)
			if (err == nil) != row.ok || err != nil && !strings.Contains(err.Error(), "does not chain to tsa") {
				t.Errorf("%s at %s: %v, want accepted %v", name, row.when.Format(time.TimeOnly), err, row.ok)
			}
		}
	}
}

// TestTimes: what proves nothing is passed over, and two timestamps of one authority are one.
func TestTimes(t *testing.T) {
	t.Parallel()
	s := newScene()
	early, late := s.signer.Token(message, at(noon)), s.signer.Token(message, at(noon.Add(time.Hour)))
	other := s.otherSigner.Token(message, at(noon.Add(time.Minute)))
	foreign := pki.Root("stranger").Timestamper("x").Token(message, at(noon.Add(-time.Hour)))
	times := func(authority string, at time.Time) verify.TrustedTime {
		return verify.TrustedTime{At: at, Source: "rfc3161", Authority: authority}
	}
	for _, row := range []struct {
		name   string
		tokens [][]byte
		want   []verify.TrustedTime
		fault  string
	}{
		{"none", nil, nil, ""},
		{"one", [][]byte{late}, []verify.TrustedTime{times("tsa", noon.Add(time.Hour))}, ""},
		{"two of one authority", [][]byte{late, early}, []verify.TrustedTime{times("tsa", noon)}, ""},
		{"one of each", [][]byte{other, late}, []verify.TrustedTime{times("other", noon.Add(time.Minute)), times("tsa", noon.Add(time.Hour))}, ""},
		{"junk before and behind", [][]byte{foreign, nil, early, foreign}, []verify.TrustedTime{times("tsa", noon)}, ""},
		{"only junk", [][]byte{foreign, nil}, nil, "timestamp 0 is made by none"},
		{"too much junk", [][]byte{foreign, nil, foreign, nil, early}, nil, "timestamp 0 is made by none"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			got, err := s.clock(t).Times(&attest.Signature{Sig: message, Timestamps: row.tokens})
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
			if (err == nil) != (row.fault == "") || err != nil && !strings.Contains(err.Error(), row.fault) {
				t.Errorf("%v, want %q", err, row.fault)
			}
		})
	}
}

// TestNew: an authority that cannot be used is an error that names it.
func TestNew(t *testing.T) {
	t.Parallel()
	s := newScene()
	root := []byte(pki.PEM(s.root))
	for name, row := range map[string]struct {
		authorities []timestamp.Authority
		want        string
	}{
		"no id":          {[]timestamp.Authority{{PEM: root}}, `"": has no id`},
		"an id twice":    {[]timestamp.Authority{{ID: "a", PEM: root}, {ID: "a", PEM: root}}, `"a": the id is given to two`},
		"empty":          {[]timestamp.Authority{{ID: "a"}}, "is not PEM of certificates"},
		"DER":            {[]timestamp.Authority{{ID: "a", PEM: s.root.Certificate.Raw}}, "is not PEM of certificates"},
		"a key":          {[]timestamp.Authority{{ID: "a", PEM: []byte(fixture.NewKey("k").PEM())}}, `"PUBLIC KEY"`},
		"a broken one":   {[]timestamp.Authority{{ID: "a", PEM: bytes.Replace(append(bytes.Clone(root), root...), []byte("\nMII"), []byte("\n*II"), 1)}}, "is not PEM of certificates"},
		"no certificate": {[]timestamp.Authority{{ID: "a", PEM: []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")}}, "cannot be parsed"},
	} {
		_, err := timestamp.New(row.authorities...)
		if _, ok := errors.AsType[*timestamp.AuthorityError](err); !ok || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want …%s…", name, err, row.want)
		}
	}
	trust := s.clock(t).Trust()
	if len(trust) != 2 || trust[0].ID != "other" || trust[1].ID != "tsa" || !strings.HasPrefix(trust[1].Digest, "sha256:") {
		t.Errorf("%+v", trust)
	}
	if timestamp.FromModel(nil) != nil {
		t.Error("authorities of no model")
	}
}

// FuzzVerify: nothing panics, and what verifies is the token it began as.
func FuzzVerify(f *testing.F) {
	s := newScene()
	good := s.signer.Token(message, at(noon))
	for _, seed := range [][]byte{good, pki.Response(0, good), good[:len(good)/2], nil, {0x30, 0x80}, {0x30, 0}, bytes.Repeat([]byte{0x30}, 99)} {
		f.Add(seed)
	}
	for n := 0; n < len(good); n += 7 {
		f.Add(good[:n])
		f.Add(flip(good, n))
	}
	c := s.clock(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := c.Verify(data, message)
		if err == nil && !got.At.Equal(noon) {
			t.Errorf("another time: %v", got)
		}
	})
}

// enormous is a certificate in the name of an authority of a key that takes long to check with.
func enormous(t *testing.T, issuer pki.Holder) *x509.Certificate {
	t.Helper()
	modulus := new(big.Int).Lsh(big.NewInt(1), 1<<16-1)
	modulus.SetBit(modulus, 0, 1)
	template := &x509.Certificate{SerialNumber: big.NewInt(5), Subject: pkix.Name{CommonName: "enormous"}, NotBefore: pki.Begin(), NotAfter: pki.End(), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(nil, template, issuer.Certificate, &rsa.PublicKey{N: modulus, E: 1<<31 - 1}, issuer.Key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
