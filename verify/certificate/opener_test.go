package certificate_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/internal/fixture/pki"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/certificate"
)

// TestForms has a row for each form that is accepted.
func TestForms(t *testing.T) {
	t.Parallel()
	s := newScene()
	leaf := s.leaf()
	identity := func(kind, name string) ownership.Identity {
		return ownership.Identity{Authority: "corp-ca", NameType: kind, Subject: name}
	}
	spiffe := identity("uri", "spiffe://acme.test/ci/payments")
	plain := leaf.Envelope(payload(), nil, s.stamp(noon))
	plain.Signatures[0].Cert, plain.Signatures[0].Certificate = pki.PEM(leaf, s.middle), nil
	named := func(key, name string) []byte {
		return s.envelope(s.middle.Leaf(key, pki.Named(name)))
	}
	for _, row := range []struct {
		name string
		data []byte
		want ownership.Identity
	}{
		{"an envelope with base64 of PEM", s.envelope(leaf), spiffe},
		{"an envelope with PEM, the chain in one", plain.JSON(), spiffe},
		{"a bundle with a chain", s.bundle(leaf), spiffe},
		{"an e-mail address", named("p256:a", "email:Alice@acme.test"), identity("email", "Alice@acme.test")},
		{"a DNS name", named("p256:a", "dns:build.acme.test"), identity("dns", "build.acme.test")},
		{"Ed25519", named("ed", pipeline), spiffe},
		{"RSA, PSS in an envelope", named("rsa:", pipeline), spiffe},
		{"RSA, PKCS#1 v1.5 in a bundle", s.bundle(s.middle.Leaf("rsa:", pki.Named(pipeline))), spiffe},
		{"a usage more", s.envelope(s.leaf(func(c *x509.Certificate) { c.ExtKeyUsage = append(c.ExtKeyUsage, x509.ExtKeyUsageClientAuth) })), spiffe},
		{"critical usage", s.envelope(s.leaf(func(c *x509.Certificate) {
			c.ExtKeyUsage, c.ExtraExtensions = nil, append(c.ExtraExtensions, pki.Usage(true, 3))
		})), spiffe},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			out := opened(t, s.opener(t), row.data)
			if len(out.Proofs) != 1 || len(out.Refusals) != 0 {
				t.Fatalf("%+v", out)
			}
			p := out.Proofs[0]
			if p.PublicKey == (ownership.Fingerprint{}) {
				t.Error("no fingerprint of the key")
			}
			p.PublicKey = ownership.Fingerprint{}
			want := verify.Proof{Identity: row.want, Certificate: true, NotBefore: pki.Begin(), Times: []verify.TrustedTime{{At: noon, Source: "rfc3161", Authority: "corp-tsa"}}}
			if diff := cmp.Diff(want, p); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("a bundle of version 0.3 with its one certificate", func(t *testing.T) {
		t.Parallel()
		o, err := certificate.New(certificate.Config{Authorities: []certificate.Authority{{ID: "corp-ca", PEM: []byte(pki.PEM(s.middle, s.root))}}, Clock: s.clock(t)})
		if err != nil {
			t.Fatal(err)
		}
		var d map[string]any
		if err := json.Unmarshal(leaf.Bundle(payload(), "", []pki.Holder{leaf}, s.stamp(noon)), &d); err != nil {
			t.Fatal(err)
		}
		d["mediaType"] = "application/vnd.dev.sigstore.bundle.v0.3+json"
		material := d["verificationMaterial"].(map[string]any)
		material["certificate"] = material["x509CertificateChain"].(map[string]any)["certificates"].([]any)[0]
		delete(material, "x509CertificateChain")
		data, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		if out := opened(t, o, data); len(out.Proofs) != 1 {
			t.Errorf("%+v", out)
		}
	})
	t.Run("without a timestamp there is no time", func(t *testing.T) {
		t.Parallel()
		out := opened(t, s.opener(t), leaf.Envelope(payload(), []pki.Holder{s.middle}).JSON())
		if len(out.Proofs) != 1 || out.Proofs[0].Times != nil || !out.Proofs[0].NotBefore.Equal(pki.Begin()) {
			t.Errorf("%+v", out)
		}
	})
	t.Run("the certificate above it is the model's", func(t *testing.T) {
		t.Parallel()
		o, err := certificate.New(certificate.Config{Authorities: []certificate.Authority{{ID: "corp-ca", PEM: []byte(pki.PEM(s.middle, s.root))}}, Clock: s.clock(t)})
		if err != nil {
			t.Fatal(err)
		}
		if out := opened(t, o, leaf.Envelope(payload(), nil, s.stamp(noon)).JSON()); len(out.Proofs) != 1 {
			t.Errorf("%+v", out)
		}
	})
}

// faults are changes of a leaf, each with its reason.
func faults() map[string]func(*x509.Certificate) {
	extension := func(id asn1.ObjectIdentifier, critical bool) func(*x509.Certificate) {
		return func(c *x509.Certificate) {
			c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: id, Critical: critical, Value: []byte{5, 0}})
		}
	}
	names := func(list ...string) func(*x509.Certificate) {
		return func(c *x509.Certificate) {
			c.ExtraExtensions = nil
			if list != nil {
				c.ExtraExtensions = []pkix.Extension{pki.Names(list...)}
			}
		}
	}
	return map[string]func(*x509.Certificate){
		"is an authority's, not a signer's": func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true },
		"does not allow code signing":       func(c *x509.Certificate) { c.ExtKeyUsage = nil },
		"does not allow code signing ":      func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny} },
		"does not allow code signing  ": func(c *x509.Certificate) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
		},
		"does not allow digital signatures":             func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment },
		"has no subject alternative name":               names(),
		"has 2 subject alternative names":               names(pipeline, "dns:build.acme.test"),
		"has 0 subject alternative names":               names([]string{}...),
		"has an empty subject alternative name":         names("uri:"),
		"that is no URI, e-mail address or DNS name":    names("ip:\x7f\x00\x00\x01"),
		"unhandled critical extension":                  extension(asn1.ObjectIdentifier{1, 2, 3, 4}, true),
		"certificate has expired or is not yet valid":   pki.Valid(noon.Add(time.Second), pki.End()),
		"certificate has expired or is not yet valid: ": pki.Valid(pki.Begin(), noon.Add(-time.Second)),
	}
}

// TestRefused has a row for each fault, one at a time, in an envelope and in a bundle.
func TestRefused(t *testing.T) {
	t.Parallel()
	s := newScene()
	for reason, edit := range faults() {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			leaf := s.leaf(edit)
			refused(t, opened(t, s.opener(t), s.envelope(leaf)), verify.CertificateInvalid, strings.TrimRight(reason, " "))
			refused(t, opened(t, s.opener(t), s.bundle(leaf)), verify.CertificateInvalid, strings.TrimRight(reason, " "))
		})
	}
	leaf := s.leaf()
	edited := func(edit func(*fixture.Envelope)) []byte {
		e := leaf.Envelope(payload(), []pki.Holder{s.middle}, s.stamp(noon))
		edit(&e)
		return e.JSON()
	}
	stranger := pki.Root("stranger")
	impostor := pki.Root("impostor", func(c *x509.Certificate) { c.Subject = s.root.Certificate.Subject })
	withRoot := func(root pki.Holder, chain ...pki.Holder) []byte {
		return root.Leaf("p256:pipeline", pki.Named(pipeline)).Envelope(payload(), chain, s.stamp(noon)).JSON()
	}
	limited := s.root.Intermediate("limited", func(c *x509.Certificate) {
		c.PermittedURIDomains, c.PermittedDNSDomains = []string{"other.test"}, []string{"other.test"}
	})
	servers := s.root.Intermediate("servers", func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} })
	ends := s.root.Intermediate("ends", func(c *x509.Certificate) { c.MaxPathLen, c.MaxPathLenZero = 0, true })
	below := ends.Intermediate("below")
	noSign := s.root.Intermediate("no-sign", func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCRLSign })
	under := func(ca pki.Holder, chain ...pki.Holder) []byte {
		return ca.Leaf("p256:pipeline", pki.Named(pipeline)).Envelope(payload(), append([]pki.Holder{ca}, chain...), s.stamp(noon)).JSON()
	}
	for _, row := range []struct {
		name string
		data []byte
		code verify.Code
		want string
	}{
		{"altered", edited(func(e *fixture.Envelope) {
			e.Signatures[0].Sig = base64.StdEncoding.EncodeToString(leaf.Sign([]byte("{}"), false))
		}), verify.SignatureInvalid, "does not verify with the key in the certificate"},
		{"another's certificate", edited(func(e *fixture.Envelope) {
			e.Signatures[0].Certificate = []byte(pki.PEM(s.middle.Leaf("p256:other", pki.Named(pipeline))))
		}), verify.SignatureInvalid, "does not verify with the key in the certificate"},
		{"the intermediate is missing", leaf.Envelope(payload(), nil, s.stamp(noon)).JSON(), verify.CertificateInvalid, "none of the certificate authorities issued"},
		{"a stranger's", withRoot(stranger), verify.CertificateInvalid, "none of the certificate authorities issued"},
		{"a root of its own", withRoot(stranger, stranger), verify.CertificateInvalid, "comes with a root of its own"},
		{"a root of the name of ours", withRoot(impostor), verify.CertificateInvalid, "does not chain to corp-ca"},
		{"a root of the name of ours that comes along", withRoot(impostor, impostor), verify.CertificateInvalid, "comes with a root of its own"},
		{"a leaf as intermediate", withRoot(s.root, leaf), verify.CertificateInvalid, "intermediate that is not an authority's"},
		{"names outside what its authority may certify", under(limited), verify.CertificateInvalid, "is not permitted by any constraint"},
		{"an authority for servers", under(servers), verify.CertificateInvalid, "incompatible key usage"},
		{"an authority below one that may have none", under(below, ends), verify.CertificateInvalid, "too many intermediates"},
		{"an authority that may not certify", under(noSign), verify.CertificateInvalid, "does not chain to corp-ca"},
		{"no PEM", edited(func(e *fixture.Envelope) { e.Signatures[0].Certificate = []byte("x") }), verify.CertificateInvalid, "is not PEM of certificates"},
		{"another kind of PEM", edited(func(e *fixture.Envelope) { e.Signatures[0].Certificate = []byte(fixture.NewKey("x").PEM()) }), verify.CertificateInvalid, "PUBLIC KEY"},
		{"an intermediate that is none", edited(func(e *fixture.Envelope) { e.Signatures[0].Intermediates = [][]byte{[]byte("x")} }), verify.CertificateInvalid, "intermediate (0) that is not PEM"},
		{"a weak key", s.envelope(weak(s)), verify.CertificateInvalid, "RSA key of 1024 bits"},
		{"a timestamp of another signature", edited(func(e *fixture.Envelope) {
			e.Signatures[0].Timestamps[0].Data = s.tsa.Token([]byte("other"), pki.Stamp{At: noon})
		}), verify.SignatureInvalid, "timestamp 0 is over other bytes"},
		{"a stranger's timestamp", edited(func(e *fixture.Envelope) {
			sig, _ := base64.StdEncoding.DecodeString(e.Signatures[0].Sig)
			e.Signatures[0].Timestamps[0].Data = stranger.Timestamper("x").Token(sig, pki.Stamp{At: noon})
		}), verify.SignatureInvalid, "timestamp 0 is made by none of the timestamp authorities"},
		{"a timestamp of before it was valid", leaf.Envelope(payload(), []pki.Holder{s.middle}, s.stamp(pki.Begin().Add(-time.Second))).JSON(), verify.SignatureInvalid, "does not chain to corp-tsa"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			refused(t, opened(t, s.opener(t), row.data), row.code, row.want)
		})
	}
	t.Run("no authority", func(t *testing.T) {
		t.Parallel()
		o, err := certificate.New(certificate.Config{Clock: s.clock(t)})
		if err != nil {
			t.Fatal(err)
		}
		refused(t, opened(t, o, s.envelope(leaf)), verify.CertificateInvalid, "none of the certificate authorities")
	})
	t.Run("no clock", func(t *testing.T) {
		t.Parallel()
		o, err := certificate.New(certificate.Config{Authorities: []certificate.Authority{{ID: "corp-ca", PEM: []byte(pki.PEM(s.root))}}})
		if err != nil {
			t.Fatal(err)
		}
		refused(t, opened(t, o, s.envelope(leaf)), verify.SignatureInvalid, "expected timestamp authorities")
	})
	t.Run("a chain in a bundle of version 0.3", func(t *testing.T) {
		t.Parallel()
		data := bytes.Replace(s.bundle(leaf), []byte("version=0.1"), []byte("version=0.3"), 1)
		refused(t, opened(t, s.opener(t), data), verify.CertificateInvalid, "holds one certificate, not a chain")
	})
}

// TestChainValidity has both ends of each certificate of the chain at -1 s, 0 and +1 s of the signing
// time.
func TestChainValidity(t *testing.T) {
	t.Parallel()
	from, until := noon, noon.Add(time.Hour)
	for level, name := range []string{"root", "middle", "leaf"} {
		edits := make([][]func(*x509.Certificate), 3)
		edits[level] = []func(*x509.Certificate){pki.Valid(from, until)}
		s := newScene()
		s.root = pki.Root("r", edits[0]...)
		s.middle = s.root.Intermediate("m", edits[1]...)
		leaf := s.leaf(edits[2]...)
		for _, row := range []struct {
			at time.Time
			ok bool
		}{
			{from.Add(-time.Second), false}, {from, true}, {from.Add(time.Second), true},
			{until.Add(-time.Second), true}, {until, true}, {until.Add(time.Second), false},
		} {
			out := opened(t, s.opener(t), leaf.Envelope(payload(), []pki.Holder{s.middle}, s.stamp(row.at)).JSON())
			if row.ok {
				if len(out.Proofs) != 1 {
					t.Errorf("%s at %s: %+v", name, row.at.Format(time.TimeOnly), out.Refusals)
				}
				continue
			}
			refused(t, out, verify.CertificateInvalid, "does not chain to corp-ca at "+row.at.Format(time.RFC3339))
		}
	}
}

// TestWhose: what Sigstore's authority issued is another opener's, and so are keys and log entries.
func TestWhose(t *testing.T) {
	t.Parallel()
	s := newScene()
	leaf := s.leaf()
	fulcio := pki.Root("fulcio").Leaf("p256:x", pki.Named(pipeline), func(c *x509.Certificate) {
		c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 57264, 1, 8}, Value: []byte{12, 1, 'i'}})
	})
	logged := bytes.Replace(s.bundle(leaf), []byte(`"verificationMaterial":{`), []byte(`"verificationMaterial":{"tlogEntries":[{}],`), 1)
	for _, row := range []struct {
		name string
		data []byte
		want bool
	}{
		{"an envelope", s.envelope(leaf), true},
		{"a bundle", s.bundle(leaf), true},
		{"a Sigstore certificate in an envelope", fulcio.Envelope(payload(), nil).JSON(), false},
		{"a Sigstore certificate in a bundle", fulcio.Bundle(payload(), "", []pki.Holder{fulcio}), false},
		{"a log entry", logged, false},
		{"a key", fixture.Sign(payload(), fixture.NewKey("k")).JSON(), false},
		{"a key's bundle", leaf.Bundle(payload(), "k", nil, s.stamp(noon)), false},
	} {
		if got := s.opener(t).Opens(attest.Parse("e", row.data, attest.Limits{})[0]); got != row.want {
			t.Errorf("%s: opens %v", row.name, got)
		}
	}
	if s.opener(t).Opens(nil) || s.opener(t).Opens(attest.Parse("e", []byte("{"), attest.Limits{})[0]) {
		t.Error("opens what cannot be read")
	}
	over, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.opener(t).Open(over, attest.Parse("e", s.envelope(leaf), attest.Limits{})[0], nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// weak is a certificate for an RSA key of 1,024 bits, which the fixture does not sign with: it is
// refused before its signature is looked at.
func weak(s scene) pki.Holder {
	h := s.leaf()
	h.Certificate = pki.Weak(s.middle, pki.Named(pipeline))
	return h
}

// FuzzOpen: nothing panics, and nothing but the envelope itself proves anything.
func FuzzOpen(f *testing.F) {
	s := newScene()
	leaf := s.leaf()
	for _, seed := range [][]byte{s.envelope(leaf), s.bundle(leaf)} {
		f.Add(seed)
		for n := 0; n < len(seed); n += len(seed)/40 + 1 {
			f.Add(seed[:n])
			mangled := bytes.Clone(seed)
			mangled[n] ^= 1
			f.Add(mangled)
		}
	}
	o := s.opener(f)
	want := payload()
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, item := range attest.Parse("fuzz", data, attest.Limits{}) {
			out, err := verify.Open(context.Background(), item, []verify.Opener{o}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(out.Proofs) > 0 && !bytes.Equal(item.Envelope().Payload, want) {
				t.Errorf("proves %s", item.Envelope().Payload)
			}
		}
		_, err := certificate.New(certificate.Config{Authorities: []certificate.Authority{{ID: "a", PEM: data}}, Lists: []certificate.List{{ID: "l", Data: data}}})
		if _, ok := errors.AsType[*certificate.ConfigError](err); !ok {
			t.Errorf("a list and an authority of %q: %v", data, err)
		}
	})
}
