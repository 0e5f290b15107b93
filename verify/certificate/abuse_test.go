package certificate_test

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/internal/fixture/pki"
	"github.com/surety-dev/surety/verify"
)

// TestAbuse holds the abuse cases of keys, certificates and timestamps of an organisation's own
// authorities, by number: each one fault, refused for the stated reason.
func TestAbuse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(*testing.T){
		"03-one-key-and-one-signature-in-certificates":   certifiedTwice,
		"05-two-timestamps-of-one-authority":             oneAuthority,
		"09-transplants-between-valid-items":             transplants,
		"09-transplants-between-what-keys-signed":        keyedTransplants,
		"14-raw-r-s-where-der-is-due":                    rawSignature,
		"15-a-key-anybody-can-sign-with":                 anybodysKey,
		"36-a-name-without-its-issuer":                   issuerless,
		"37-every-option-on-every-form":                  everyForm,
		"39-names-byte-for-byte":                         byteForByte,
		"41-two-names":                                   twoNames,
		"42-a-name-that-escapes-its-constraints":         constructedName,
		"42-large-certificates":                          largeCertificates,
		"42-leaves-usages-and-roots":                     leavesAndRoots,
		"43-no-trusted-time":                             noTime,
		"44-a-log-time-nobody-signed":                    loggedTime,
		"45-windows-against-the-signing-time":            windows,
		"46-timestamps":                                  forgedTimestamps,
		"47-a-log-entry-about-something-else":            loggedTime,
		"48-trust-from-the-evidence-and-unknown-entries": evidenceTrust,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t) })
	}
}

// two asks for two people.
func two(t *testing.T) string {
	return changed(t, judgedPolicy, "duty: build}", "duty: build, min: 2}")
}

func certifiedTwice(t *testing.T) {
	s := newScene()
	alice := s.middle.Leaf("p256:a", pki.Named("email:alice@acme.test"))
	e := alice.Envelope(payload(), []pki.Holder{s.middle}, s.stamp(noon))
	repeated := e
	repeated.Signatures = append(repeated.Signatures, e.Signatures[0], e.Signatures[0])
	wants(t, asked{policy: two(t)}.judge(t, repeated.JSON()), "deny", "", "has it from 1")
	for i := range repeated.Signatures {
		repeated.Signatures[i].KeyID = fmt.Sprint("id", i)
	}
	wants(t, asked{policy: two(t)}.judge(t, repeated.JSON(), s.bundle(alice)), "deny", "", "has it from 1")
	// one person, two certificates of two keys
	again := s.middle.Leaf("p256:b", pki.Named("email:alice@acme.test"))
	wants(t, asked{policy: two(t)}.judge(t, e.JSON(), s.envelope(again)), "deny", "", "has it from 1")
	// one key, certified for two people: RSA, ECDSA and Ed25519
	for _, key := range []string{"rsa:", "p256:a", "ed"} {
		of := func(name string) []byte { return s.envelope(s.middle.Leaf(key, pki.Named("email:"+name+"@acme.test"))) }
		wants(t, asked{policy: two(t)}.judge(t, of("alice"), of("bob")), "deny", "credential-ambiguous", "one key counts for one holder")
	}
	other := s.middle.Leaf("p256:b", pki.Named("email:bob@acme.test"))
	wants(t, asked{policy: two(t)}.judge(t, e.JSON(), s.envelope(other)), "allow", "", "")
}

func oneAuthority(t *testing.T) {
	s := newScene()
	for _, data := range [][]byte{
		s.leaf().Envelope(payload(), []pki.Holder{s.middle}, s.stamp(noon.Add(time.Minute)), s.stamp(noon)).JSON(),
		s.leaf().Bundle(payload(), "", []pki.Holder{s.leaf(), s.middle}, s.stamp(noon), s.stamp(noon)),
	} {
		out := opened(t, s.opener(t), data)
		if len(out.Proofs) != 1 || len(out.Proofs[0].Times) != 1 || !out.Proofs[0].Times[0].At.Equal(noon) {
			t.Errorf("%+v", out)
		}
	}
}

func rawSignature(t *testing.T) {
	s := newScene()
	raw := func(text string) string {
		der, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		raw := make([]byte, 0, 64) // SEQUENCE { INTEGER r, INTEGER s }
		for rest := der[2:]; len(rest) > 0; rest = rest[2+int(rest[1]):] {
			n := rest[2 : 2+int(rest[1])]
			raw = append(raw, append(make([]byte, 32), n...)[len(n):]...)
		}
		return base64.StdEncoding.EncodeToString(raw)
	}
	const certified, keyed = "does not verify with the key in the certificate", "does not verify with the key of credential release-key"
	key := fixture.NewKey("p256:release")
	holder := pki.Holder{Key: key.Private()}
	e := s.leaf().Envelope(payload(), []pki.Holder{s.middle})
	k := fixture.Sign(payload(), key)
	for want, envelope := range map[string]fixture.Envelope{certified: e, keyed: k} {
		envelope.Signatures[0].Sig = raw(envelope.Signatures[0].Sig)
		wants(t, asked{}.judge(t, pki.Stamped(envelope, 0, s.stamp(noon)).JSON()), "deny", "signature-invalid", want)
	}
	for want, bundle := range map[string][]byte{certified: s.bundle(s.leaf()), keyed: holder.Bundle(payload(), key.ID(), nil, s.stamp(noon))} {
		var d map[string]any
		if err := json.Unmarshal(bundle, &d); err != nil {
			t.Fatal(err)
		}
		sig := d["dsseEnvelope"].(map[string]any)["signatures"].([]any)[0].(map[string]any)
		sig["sig"] = raw(sig["sig"].(string))
		data, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		wants(t, asked{}.judge(t, data), "deny", "signature-invalid", want)
	}
}

// issuerless: an organisation's own Fulcio below its root certifies names of several OIDC issuers, and who
// called a workflow stands in the claims. By the name alone anybody's would pass for the credential's.
func issuerless(t *testing.T) {
	s := newScene()
	for _, arc := range []int{1, 8, 12} {
		leaf := s.leaf(func(c *x509.Certificate) {
			c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 57264, 1, arc}, Value: []byte("\x0c\x13https://issuer.evil")})
		})
		for _, data := range [][]byte{s.envelope(leaf), s.bundle(leaf)} {
			wants(t, asked{}.judge(t, data), "deny", "certificate-invalid", "is one as Sigstore issues")
			wants(t, asked{}.judge(t, data, s.envelope(s.leaf())), "allow", "", "")
		}
	}
}

// anybodysKey: under a point of low order there is a signature of every message, and no private key.
func anybodysKey(t *testing.T) {
	s := newScene()
	point := make([]byte, ed25519.PublicKeySize)
	point[0] = 1
	forged := append(slices.Clone(point), make([]byte, 32)...)
	if !ed25519.Verify(point, []byte("anything"), forged) {
		t.Fatal("it does not verify")
	}
	template := *s.leaf().Certificate
	template.ExtraExtensions = []pkix.Extension{pki.Names(pipeline)}
	der, err := x509.CreateCertificate(nil, &template, s.middle.Certificate, ed25519.PublicKey(point), s.middle.Key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	e := pki.Holder{Certificate: leaf, Key: s.leaf().Key}.Envelope(payload(), []pki.Holder{s.middle})
	e.Signatures[0].Sig = base64.StdEncoding.EncodeToString(forged)
	e = pki.Stamped(e, 0, s.stamp(noon))
	wants(t, asked{}.judge(t, e.JSON()), "deny", "certificate-invalid", "no point of full order")
}

func everyForm(t *testing.T) {
	s := newScene()
	leaf := s.leaf()
	foreign := pki.Root("stranger").Timestamper("x")
	stranger := func(sig []byte) []byte { return foreign.Token(sig, pki.Stamp{At: noon}) }
	forms := map[string]func(...func([]byte) []byte) []byte{
		"key envelope": func(tokens ...func([]byte) []byte) []byte { return keyed(false, tokens...) },
		"key bundle":   func(tokens ...func([]byte) []byte) []byte { return keyed(true, tokens...) },
		"certificate envelope": func(tokens ...func([]byte) []byte) []byte {
			return leaf.Envelope(payload(), []pki.Holder{s.middle}, tokens...).JSON()
		},
		"certificate bundle": func(tokens ...func([]byte) []byte) []byte {
			return leaf.Bundle(payload(), "", []pki.Holder{leaf, s.middle}, tokens...)
		},
	}
	for form, make := range forms {
		certified, bundled := strings.HasPrefix(form, "certificate"), strings.HasSuffix(form, "bundle")
		t.Run(form, func(t *testing.T) {
			// the time: proven, foreign, none, after the evaluation
			wants(t, asked{}.judge(t, make(s.stamp(noon))), "allow", "", "")
			wants(t, asked{}.judge(t, make(stranger, s.stamp(noon))), "allow", "", "")
			wants(t, asked{at: noon.Add(-time.Second)}.judge(t, make(s.stamp(noon))), "deny", "signed-after-evaluation", "")
			if certified || bundled {
				wants(t, asked{}.judge(t, make(stranger)), "deny", "signature-invalid", "timestamp 0 is made by none")
			} else {
				wants(t, asked{}.judge(t, make(stranger)), "allow", "", "")
			}
			if certified {
				wants(t, asked{}.judge(t, make()), "indeterminate", "no-trusted-time", "")
			} else {
				wants(t, asked{}.judge(t, make()), "allow", "", "")
			}
			// the identity: another's credential
			other := strings.ReplaceAll(strings.ReplaceAll(judgedModel, "spiffe://acme.test/ci/*", "spiffe://acme.test/other"), "KEY(p256:release)", "KEY(p256:other)")
			code := "signer-unknown"
			if certified {
				code = "misissued"
			}
			wants(t, asked{model: other}.judge(t, make(s.stamp(noon))), "deny", code, "")
			// the log: nothing here verifies an entry
			if bundled {
				logged := bytes.Replace(make(s.stamp(noon)), []byte(`"verificationMaterial":{`), []byte(`"verificationMaterial":{"tlogEntries":[{"logIndex":"1","integratedTime":"1780315200"}],`), 1)
				wants(t, asked{}.judge(t, logged), "deny", "certificate-invalid", "nothing here opens a sigstore-bundle")
			}
		})
	}
}

func byteForByte(t *testing.T) {
	s := newScene()
	model := strings.Replace(judgedModel, "spiffe://acme.test/ci/*", "spiffe://acme.test/ci/payments", 1)
	wants(t, asked{model: model}.judge(t, s.envelope(s.leaf())), "allow", "", "")
	for _, name := range []string{
		"uri:spiffe://Acme.test/ci/payments", "uri:spiffe://acme.test/ci/payments/", "uri:spiffe://acme.test:443/ci/payments", "uri:spiffe://acme.test/ci/%70ayments",
		"uri:spiffe://acme.test/ci/../ci/payments", "uri:spiffe://acme.test/ci/paymentsx", "uri:spiffe://acme.test/ci/payment", "uri:spiffe://acme.test.evil.test/ci/payments", "uri:SPIFFE://acme.test/ci/payments",
		"email:Alice@acme.test", "email:alice@ACME.test", "email:alice@acme.test.evil.test", "dns:Build.acme.test", "dns:build.acme.test.", "dns:x.build.acme.test",
	} {
		wants(t, asked{model: model}.judge(t, s.envelope(s.middle.Leaf("p256:k", pki.Named(name)))), "deny", "misissued", "")
	}
	// the common name is nobody's
	common := s.middle.Leaf("p256:k", func(c *x509.Certificate) { c.Subject = pkix.Name{CommonName: "alice@acme.test"} })
	wants(t, asked{}.judge(t, s.envelope(common)), "deny", "certificate-invalid", "has no subject alternative name")
}

func twoNames(t *testing.T) {
	s := newScene()
	for _, names := range [][]string{
		{"email:alice@acme.test", "email:bob@acme.test"}, {pipeline, "dns:build.acme.test"}, {"email:alice@acme.test", "email:alice@acme.test"}, {pipeline, "ip:\x7f\x00\x00\x01"},
	} {
		wants(t, asked{}.judge(t, s.envelope(s.middle.Leaf("p256:k", pki.Named(names...)))), "deny", "certificate-invalid", "has 2 subject alternative names")
	}
}

// constructedName: a name in a constructed encoding, which crypto/x509 passes over, escapes no constraint.
func constructedName(t *testing.T) {
	s := newScene(func(c *x509.Certificate) {
		c.PermittedDNSDomainsCritical = true
		c.PermittedURIDomains, c.PermittedDNSDomains, c.PermittedEmailAddresses = []string{"sub.test"}, []string{"sub.test"}, []string{"sub.test"}
	})
	for _, row := range []struct {
		name string
		tag  int
	}{{pipeline, 6}, {"email:alice@acme.test", 1}, {"dns:build.acme.test", 2}} {
		honest := s.middle.Leaf("p256:k", pki.Named(row.name))
		wants(t, asked{scene: &s}.judge(t, s.envelope(honest)), "deny", "certificate-invalid", "does not chain to corp-ca")
		_, value, _ := strings.Cut(row.name, ":")
		der, err := asn1.Marshal([]asn1.RawValue{{Class: asn1.ClassContextSpecific, Tag: row.tag, IsCompound: true, Bytes: []byte(value)}})
		if err != nil {
			t.Fatal(err)
		}
		constructed := s.middle.Leaf("p256:k", func(c *x509.Certificate) {
			c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Value: der})
		})
		for _, evidence := range [][]byte{s.envelope(constructed), s.bundle(constructed)} {
			wants(t, asked{scene: &s}.judge(t, evidence), "deny", "certificate-invalid", "is no URI, e-mail address or DNS name")
		}
	}
}

// largeCertificates: a certificate beside a signature is bounded before it is parsed, wherever it stands.
func largeCertificates(t *testing.T) {
	s := newScene()
	large := func(c *x509.Certificate) {
		c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3}, Value: make([]byte, 64<<10)})
	}
	leaf, middle := s.leaf(large), s.root.Intermediate("large", large)
	below := middle.Leaf("p256:pipeline", pki.Named(pipeline))
	for name, data := range map[string][]byte{
		"a leaf": s.envelope(leaf), "a leaf in a bundle": s.bundle(leaf),
		"an intermediate":             below.Envelope(payload(), []pki.Holder{middle}, s.stamp(noon)).JSON(),
		"an intermediate in a bundle": below.Bundle(payload(), "", []pki.Holder{below, middle}, s.stamp(noon)),
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, opened(t, s.opener(t), data), verify.CertificateInvalid, "over the limit MaxCertificateBytes of 65536")
		})
	}
}

func leavesAndRoots(t *testing.T) {
	s := newScene()
	for name, row := range map[string]struct {
		edit func(*x509.Certificate)
		want string
	}{
		"a leaf that is an authority": {func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true }, "is an authority's"},
		"no usage":                    {func(c *x509.Certificate) { c.ExtKeyUsage = nil }, "does not allow code signing"},
		"any usage":                   {func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny} }, "does not allow code signing"},
		"TLS":                         {func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }, "does not allow code signing"},
	} {
		t.Run(name, func(t *testing.T) {
			wants(t, asked{}.judge(t, s.envelope(s.leaf(row.edit))), "deny", "certificate-invalid", row.want)
			wants(t, asked{}.judge(t, s.bundle(s.leaf(row.edit))), "deny", "certificate-invalid", row.want)
		})
	}
	// the model's root is another: that of the evidence is none, and neither is the system's
	other := newScene()
	other.root = pki.Root("another-root")
	wants(t, asked{scene: &other}.judge(t, s.envelope(s.leaf())), "deny", "certificate-invalid", "none of the certificate authorities issued")
	evidenceTrust(t)
}

func noTime(t *testing.T) {
	s := newScene()
	short := s.leaf(pki.Valid(noon, noon.Add(10*time.Minute)))
	bare := short.Envelope(payload(), []pki.Holder{s.middle}).JSON()
	for _, at := range []time.Time{noon, noon.Add(time.Minute), later} { // inside its window too
		wants(t, asked{at: at}.judge(t, bare), "indeterminate", "no-trusted-time", "")
	}
	// the whole chain at the signing time
	s.middle = s.root.Intermediate("corp-middle", pki.Valid(pki.Begin(), noon.Add(-time.Second)))
	wants(t, asked{}.judge(t, s.envelope(s.leaf())), "deny", "certificate-invalid", "does not chain to corp-ca at 2026-06-01T12:00:00Z")
}

// loggedTime: a bundle that holds a log entry is not opened for what else it holds.
func loggedTime(t *testing.T) {
	s := newScene()
	for _, entry := range []string{
		`{"logIndex":"1","integratedTime":"1780315200"}`,
		`{"logIndex":"1","kindVersion":{"kind":"dsse","version":"0.0.1"},"integratedTime":"1780315200","canonicalizedBody":"e30="}`,
		`{"kindVersion":{"kind":"unheard-of","version":"9"}}`, `{}`,
	} {
		for _, data := range [][]byte{s.bundle(s.leaf()), keyed(true, s.stamp(noon))} {
			logged := bytes.Replace(data, []byte(`"verificationMaterial":{`), []byte(`"verificationMaterial":{"tlogEntries":[`+entry+`],`), 1)
			v := asked{}.judge(t, logged)
			wants(t, v, "deny", "certificate-invalid", "nothing here opens a sigstore-bundle")
			if len(v.Signers) > 0 {
				t.Errorf("signers %+v", v.Signers)
			}
		}
	}
}

func windows(t *testing.T) {
	s := newScene()
	ended := changed(t, judgedModel, keyActive, "key: {pem: KEY(p256:release)}, states: [{state: active, from: 2026-06-01T12:00:00Z}, {state: deactivated, from: 2026-06-01T12:00:10Z}]")
	for offset, code := range map[int]string{-1: "credential-not-active", 0: "", 1: "", 9: "", 10: "credential-not-active", 11: "credential-not-active"} {
		at := noon.Add(time.Duration(offset) * time.Second)
		leaf := s.leaf(pki.Valid(noon, noon.Add(9*time.Second)))
		for _, bundled := range []bool{false, true} {
			v := asked{model: ended}.judge(t, keyed(bundled, s.stamp(at)))
			certified := leaf.Envelope(payload(), []pki.Holder{s.middle}, s.stamp(at)).JSON()
			if bundled {
				certified = leaf.Bundle(payload(), "", []pki.Holder{leaf, s.middle}, s.stamp(at))
			}
			w := asked{}.judge(t, certified)
			if code == "" {
				wants(t, v, "allow", "", "")
				wants(t, w, "allow", "", "")
			} else {
				wants(t, v, "deny", code, "")
				wants(t, w, "deny", "certificate-invalid", "does not chain to corp-ca")
			}
		}
	}
}

func forgedTimestamps(t *testing.T) {
	s := newScene()
	mallory := pki.Root("mallory", func(c *x509.Certificate) { c.Subject = s.tsaRoot.Certificate.Subject })
	forged := mallory.Timestamper("forged", func(c *x509.Certificate) {
		c.SerialNumber, c.Subject = s.tsa.Certificate.SerialNumber, s.tsa.Certificate.Subject
	})
	tls := s.tsaRoot.Timestamper("tls", func(c *x509.Certificate) { c.ExtraExtensions = []pkix.Extension{pki.Usage(false, 1)} })
	by := func(h pki.Holder, stamp pki.Stamp) func([]byte) []byte {
		stamp.At = noon
		return func(sig []byte) []byte { return h.Token(sig, stamp) }
	}
	revoked := changed(t, judgedModel, keyActive, strings.TrimSuffix(keyActive, "]")+", {state: revoked, from: 2026-09-01T00:00:00Z, reason: superseded}]")
	for name, row := range map[string]struct {
		token func([]byte) []byte
		want  string
	}{
		"forged certificate first in the bag":    {by(forged, pki.Stamp{Named: s.tsa.Certificate, Bag: []*x509.Certificate{forged.Certificate, s.tsa.Certificate}}), "does not verify with the certificate of its signer"},
		"honest certificate first, forged signs": {by(forged, pki.Stamp{Bag: []*x509.Certificate{s.tsa.Certificate, forged.Certificate}}), "does not chain to corp-tsa"},
		"its root comes along":                   {by(forged, pki.Stamp{Bag: []*x509.Certificate{forged.Certificate, mallory.Certificate}}), "does not chain to corp-tsa"},
		"TLS certificate as authority":           {by(tls, pki.Stamp{}), "whose one usage is not timestamping"},
		"over other bytes":                       {func([]byte) []byte { return s.tsa.Token([]byte("other"), pki.Stamp{At: noon}) }, "is over other bytes"},
		"over the payload":                       {func([]byte) []byte { return s.tsa.Token(payload(), pki.Stamp{At: noon}) }, "is over other bytes"},
		"a wrong imprint":                        {by(s.tsa, pki.Stamp{Imprint: make([]byte, 32)}), "is over other bytes"},
		"an imprint of SHA-1":                    {by(s.tsa, pki.Stamp{Hash: crypto.SHA1}), "is over a hash of algorithm"},
		"an empty one":                           {func([]byte) []byte { return []byte{} }, "is no time-stamp token"},
	} {
		t.Run(name, func(t *testing.T) {
			leaf := s.leaf()
			wants(t, asked{}.judge(t, leaf.Envelope(payload(), []pki.Holder{s.middle}, row.token).JSON()), "deny", "signature-invalid", row.want)
			wants(t, asked{}.judge(t, leaf.Bundle(payload(), "", []pki.Holder{leaf, s.middle}, row.token)), "deny", "signature-invalid", row.want)
			wants(t, asked{}.judge(t, keyed(true, row.token)), "deny", "signature-invalid", row.want)
			// a key's signature in an envelope stands without a time, so this takes what only a time gives
			wants(t, asked{model: revoked}.judge(t, keyed(false, row.token)), "deny", "credential-revoked", row.want)
		})
	}
	// "nonce": nobody asked for one here, so an honest timestamp with any stands
	wants(t, asked{model: revoked}.judge(t, keyed(false, s.stamp(noon))), "allow", "", "")
}

// evidenceTrust: nothing that comes with a signature is an anchor.
func evidenceTrust(t *testing.T) {
	s := newScene()
	mine := pki.Root("mallory")
	middle := mine.Intermediate("mallory-middle")
	leaf := middle.Leaf("p256:m", pki.Named(pipeline))
	impostor := pki.Root("impostor", func(c *x509.Certificate) { c.Subject = s.root.Certificate.Subject })
	posing := impostor.Leaf("p256:m", pki.Named(pipeline))
	for name, row := range map[string]struct {
		leaf  pki.Holder
		chain []pki.Holder
		want  string
	}{
		"a chain of its own":            {leaf, []pki.Holder{middle}, "none of the certificate authorities issued"},
		"with its root":                 {leaf, []pki.Holder{middle, mine}, "comes with a root of its own"},
		"a root of the name of ours":    {posing, []pki.Holder{impostor}, "comes with a root of its own"},
		"issued in the name of ours":    {posing, nil, "does not chain to corp-ca"},
		"our own root and a stranger's": {leaf, []pki.Holder{s.root}, "comes with a root of its own"},
	} {
		t.Run(name, func(t *testing.T) {
			wants(t, asked{}.judge(t, row.leaf.Envelope(payload(), row.chain, s.stamp(noon)).JSON()), "deny", "certificate-invalid", row.want)
			bundle := row.leaf.Bundle(payload(), "", append([]pki.Holder{row.leaf}, row.chain...), s.stamp(noon))
			wants(t, asked{}.judge(t, bundle), "deny", "certificate-invalid", row.want)
		})
	}
	v := asked{}.judge(t, s.envelope(s.leaf()))
	ids := func(inputs []verify.TrustInput) (ids []string) {
		for _, i := range inputs {
			ids = append(ids, i.ID)
		}
		return ids
	}
	if got := ids(v.Inputs.Trust); !slices.Equal(got, []string{"corp-ca", "corp-tsa"}) {
		t.Errorf("trust %v", got)
	}
}
