package sigstore_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/sigstore"
	"github.com/surety-dev/surety/verify/sigstore/sigstoretest"
)

// abuses are the abuse cases of [TestAbuse] about how a certificate's signature is written, what names
// it, and in which form it comes.
var abuses = map[string]func(*testing.T, *sigstoretest.Sigstore){
	"03-one-key-and-one-signature-in-bundles":    certifiedTwice,
	"09-transplants-between-bundles":             transplants,
	"14-raw-r-s-where-der-is-due":                rawSignatures,
	"15-a-key-anybody-can-sign-with":             anybodysKey,
	"37-every-check-on-every-form":               everyForm,
	"38-empty-identities":                        emptyIdentities,
	"39-identities-byte-for-byte":                byteForByte,
	"40-extensions-that-read-in-two-ways":        twoWays,
	"41-two-subject-alternative-names":           twoNames,
	"42-a-name-that-escapes-its-constraints":     constructedNames,
	"42-a-host-below-the-one-permitted":          hostsBelow,
	"42-authorities-usages-and-roots":            wrongAuthorities,
	"42-a-root-that-came-inside-the-bundle":      suppliedRoots,
	"42-system-roots-are-never-used":             systemRoots,
	"46-timestamps-of-a-root":                    forgedTimestamps,
	"47-a-log-entry-about-something-else":        foreignEntries,
	"48-logs-and-their-keys":                     wrongLogs,
	"15-weak-and-other-keys-inside-certificates": weakCertificates,
}

var evaluated = boundary.Add(time.Hour)

// raw writes a DER signature of a P-256 key as r and s.
func raw(t *testing.T, der string) string {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(der)
	if err != nil {
		t.Fatal(err)
	}
	var pair struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(data, &pair); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(append(pair.R.FillBytes(make([]byte, 32)), pair.S.FillBytes(make([]byte, 32))...))
}

func rawSignatures(t *testing.T, s *sigstoretest.Sigstore) {
	spec := alice(boundary)
	spec.Log, spec.NoTime = sigstoretest.NoLog, true // a log would speak of the bytes of the signature
	rewrite := func(evidence []byte, path ...any) []byte {
		return change(t, evidence, func(d map[string]any) {
			sig := member(t, d, path...)
			sig["sig"] = raw(t, sig["sig"].(string))
		})
	}
	private, key := newKey(t, "release")
	keyed := s.KeyBundle(t, private, "release", spec)
	o := opener(t, s.TrustedRootJSON())
	proof(t, open(t, o, keyed, key))
	refused(t, open(t, o, rewrite(keyed, "dsseEnvelope", "signatures", 0), key), verify.SignatureInvalid)
	asked := key
	asked.Scheme = ownership.SchemeP1363
	proof(t, open(t, o, rewrite(keyed, "dsseEnvelope", "signatures", 0), asked))
	refused(t, open(t, o, keyed, asked), verify.SignatureInvalid)
	bundle, envelope := s.Bundle(t, spec), s.Envelope(t, spec)
	for form, pair := range map[string][2][]byte{
		"bundle":   {bundle, rewrite(bundle, "dsseEnvelope", "signatures", 0)},
		"envelope": {envelope, rewrite(envelope, "signatures", 0)},
	} {
		t.Run(form, func(t *testing.T) {
			wants(t, judge(t, s, judgedModel, evaluated, pair[0]), "indeterminate", "no-trusted-time")
			wants(t, judge(t, s, judgedModel, evaluated, pair[1]), "deny", "signature-invalid")
		})
	}
}

// forms are the ways to hand over a bundle.
func forms(t *testing.T, bundle []byte) map[string][]byte {
	t.Helper()
	const predicate = "https://slsa.dev/provenance/v1"
	older := func(version string) []byte {
		return change(t, bundle, func(d map[string]any) {
			d["mediaType"] = "application/vnd.dev.sigstore.bundle+json;version=" + version
			m := member(t, d, "verificationMaterial")
			m["x509CertificateChain"] = map[string]any{"certificates": []any{m["certificate"]}}
			delete(m, "certificate")
		})
	}
	return map[string][]byte{
		"bundle 0.3":    bundle,
		"bundle 0.2":    older("0.2"),
		"bundle 0.1":    older("0.1"),
		"array":         append(append([]byte("["), bundle...), ']'),
		"JSON lines":    append(append([]byte("{\n"), bundle...), '\n'),
		"npm element":   fmt.Appendf(nil, `{"attestations":[{"predicateType":%q,"bundle":%s}]}`, predicate, bundle),
		"GitHub's":      fmt.Appendf(nil, `{"attestations":[{"bundle":%s,"repository_id":7}]}`, bundle),
		"GitHub's line": fmt.Appendf(nil, "{\n{\"attestations\":[{\"bundle\":%s,\"repository_id\":7}]}\n", bundle),
	}
}

// everyForm holds that no form of evidence escapes a check of identity, time or log.
func everyForm(t *testing.T, s *sigstoretest.Sigstore) {
	claimed := changed(t, judgedModel, `subject: "alice@acme.test"}`, `subject: "alice@acme.test", claims: {runnerEnvironment: github-hosted}}`)
	spec := func(edit func(*sigstoretest.Spec)) []byte {
		sp := alice(boundary)
		sp.Claims = map[string]string{"runnerEnvironment": "github-hosted"}
		edit(&sp)
		return s.Bundle(t, sp)
	}
	other := sigstoretest.New(t)
	donor := spec(func(sp *sigstoretest.Spec) { sp.Statement = append([]byte(" "), statement("b")...) })
	entry := at(t, parsed(t, donor), "verificationMaterial", "tlogEntries", 0)
	root := func(issuers ...string) []sigstore.Root {
		return []sigstore.Root{{ID: "root", JSON: s.TrustedRootJSON(), Issuers: issuers}}
	}
	for _, row := range []struct {
		name           string
		bundle         []byte
		roots          []sigstore.Root
		at             time.Time
		decision, code string
	}{
		{"ok", spec(func(*sigstoretest.Spec) {}), root("https://accounts.acme.test"), evaluated, "allow", ""},
		{"another subject", spec(func(sp *sigstoretest.Spec) { sp.Subject = "mallory@acme.test" }), root(), evaluated, "deny", "signer-unknown"},
		{"another issuer", spec(func(sp *sigstoretest.Spec) { sp.Issuer = "https://accounts.evil.test" }), root(), evaluated, "deny", "signer-unknown"},
		{"another claim", spec(func(sp *sigstoretest.Spec) { sp.Claims["runnerEnvironment"] = "self-hosted" }), root(), evaluated, "deny", "signer-unknown"},
		{"no claim", spec(func(sp *sigstoretest.Spec) { sp.Claims = nil }), root(), evaluated, "deny", "signer-unknown"},
		{"an issuer the root is not trusted for", spec(func(*sigstoretest.Spec) {}), root("https://token.actions.githubusercontent.com"), evaluated, "deny", "certificate-invalid"},
		{"another deployment's certificate", spec(func(*sigstoretest.Spec) {}), []sigstore.Root{{ID: "root", JSON: other.TrustedRootJSON()}}, evaluated, "deny", "certificate-invalid"},
		{"no root", spec(func(*sigstoretest.Spec) {}), nil, evaluated, "deny", "certificate-invalid"},
		{"no promise of certificate transparency", spec(func(sp *sigstoretest.Spec) { sp.NoSCT = true }), root(), evaluated, "deny", "certificate-invalid"},
		{"signed before the credential was active", spec(func(sp *sigstoretest.Spec) { sp.At, sp.NotBefore = sp.At.AddDate(-1, 0, 0), sp.At.AddDate(-1, 0, 0) }), root(), evaluated, "deny", "credential-not-active"},
		{"signed after the evaluation", spec(func(*sigstoretest.Spec) {}), root(), boundary.Add(-time.Second), "deny", "signed-after-evaluation"},
		{"signed after the certificate ended", spec(func(sp *sigstoretest.Spec) { sp.NotBefore = boundary.Add(-time.Hour) }), root(), evaluated, "deny", "certificate-invalid"},
		{"no time", spec(func(sp *sigstoretest.Spec) { sp.NoTime = true }), root(), evaluated, "indeterminate", "no-trusted-time"},
		{"another's log entry", change(t, spec(func(*sigstoretest.Spec) {}), func(d map[string]any) { member(t, d, "verificationMaterial")["tlogEntries"] = []any{entry} }), root(), evaluated, "deny", "signature-invalid"},
		{"a time the log did not sign", change(t, spec(func(*sigstoretest.Spec) {}), func(d map[string]any) {
			member(t, d, "verificationMaterial", "tlogEntries", 0)["integratedTime"] = fmt.Sprint(boundary.Unix() - 1)
		}), root(), evaluated, "deny", "signature-invalid"},
		{"another's payload", change(t, spec(func(*sigstoretest.Spec) {}), func(d map[string]any) {
			member(t, d, "dsseEnvelope")["payload"] = at(t, parsed(t, donor), "dsseEnvelope", "payload")
		}), root(), evaluated, "deny", "signature-invalid"},
	} {
		for form, data := range forms(t, row.bundle) {
			// Of a bundle of version 0.1 the promise is required, of the later ones the proof.
			if row.name == "no time" && form == "bundle 0.1" {
				wantsRefusal(t, judgeUnder(t, row.roots, claimed, row.at, data), verify.SignatureInvalid, form)
				continue
			}
			t.Run(row.name+", "+form, func(t *testing.T) {
				v := judgeUnder(t, row.roots, claimed, row.at, data)
				if strings.Contains(form, "line") || form == "JSON lines" {
					v.Findings = slices.DeleteFunc(v.Findings, func(f verify.Finding) bool { return f.Code == verify.EvidenceUnreadable }) // its first line
				}
				wants(t, v, row.decision, row.code)
			})
		}
	}
	// A bare envelope with a certificate has no time, and everything else is checked as in a bundle.
	for name, row := range map[string]struct {
		edit func(*sigstoretest.Spec)
		code string
	}{
		"ok":                 {func(*sigstoretest.Spec) {}, "no-trusted-time"},
		"another subject":    {func(sp *sigstoretest.Spec) { sp.Subject = "mallory@acme.test" }, "signer-unknown"},
		"another issuer":     {func(sp *sigstoretest.Spec) { sp.Issuer = "https://accounts.evil.test" }, "signer-unknown"},
		"no claim":           {func(sp *sigstoretest.Spec) { sp.Claims = nil }, "signer-unknown"},
		"two subjects":       {func(sp *sigstoretest.Spec) { sp.MoreSubjects = []string{"mallory@acme.test"} }, "certificate-invalid"},
		"before it was kept": {func(sp *sigstoretest.Spec) { sp.At, sp.NotBefore = sp.At.AddDate(-1, 0, 0), sp.At.AddDate(-1, 0, 0) }, "credential-not-active"},
	} {
		t.Run(name+", envelope", func(t *testing.T) {
			sp := alice(boundary)
			sp.Claims = map[string]string{"runnerEnvironment": "github-hosted"}
			row.edit(&sp)
			decision := "deny"
			if name == "ok" {
				decision = "indeterminate"
			}
			wants(t, judge(t, s, claimed, evaluated, s.Envelope(t, sp)), decision, row.code)
		})
	}
}

// wantsRefusal asserts a denial for one code.
func wantsRefusal(t *testing.T, v verify.Verdict, code verify.Code, form string) {
	t.Helper()
	if v.Admits() || !slices.ContainsFunc(v.Findings, func(f verify.Finding) bool { return f.Code == code }) {
		t.Errorf("%s: %s %+v, want %s", form, v.Decision, v.Findings, code)
	}
}

func emptyIdentities(t *testing.T, s *sigstoretest.Sigstore) {
	// an empty issuer of a root is an error, never "any"
	for _, issuers := range [][]string{{""}, {"https://accounts.acme.test", ""}} {
		var wrong *sigstore.RootError
		if _, err := sigstore.New(sigstore.Root{ID: "root", JSON: s.TrustedRootJSON(), Issuers: issuers}); !errors.As(err, &wrong) || wrong.ID != "root" {
			t.Errorf("issuers %q: %v", issuers, err)
		}
	}
	// a certificate without issuer or subject names nobody, whatever a credential's pattern
	anybody := changed(t, judgedModel, "holder: alice", "holder: bot", `subject: "alice@acme.test"}`, `subject: "**"}`, "teams:", "workloads: [{id: bot, operators: [alice]}]\nteams:", "to: builders", "to: bot")
	wants(t, judge(t, s, anybody, evaluated, s.Bundle(t, alice(boundary))), "allow", "")
	san := asn1.ObjectIdentifier{2, 5, 29, 17}
	for name, template := range map[string]func(*x509.Certificate){
		"no issuer": func(c *x509.Certificate) { c.ExtraExtensions = c.ExtraExtensions[:1] },
		"an empty issuer": func(c *x509.Certificate) {
			setExtension(1, nil)(c)
			setExtension(8, sigstoretest.UTF8String(""))(c)
		},
		"no subject": func(c *x509.Certificate) {
			c.ExtraExtensions = slices.DeleteFunc(c.ExtraExtensions, func(e pkix.Extension) bool { return e.Id.Equal(san) })
		},
		"an empty subject": func(c *x509.Certificate) { c.ExtraExtensions[0].Value = []byte{0x30, 2, 0x81, 0} },
		"no names at all":  func(c *x509.Certificate) { c.ExtraExtensions[0].Value = []byte{0x30, 0} },
	} {
		t.Run(name, func(t *testing.T) {
			spec := alice(boundary)
			spec.Template = template
			wants(t, judge(t, s, anybody, evaluated, s.Bundle(t, spec)), "deny", "certificate-invalid")
		})
	}
	// an empty claim is an absent one
	claimed := changed(t, anybody, `subject: "**"}`, `subject: "**", claims: {runnerEnvironment: "**"}}`)
	spec := alice(boundary)
	spec.Claims = map[string]string{"runnerEnvironment": ""}
	wants(t, judge(t, s, claimed, evaluated, s.Bundle(t, spec)), "deny", "signer-unknown")
}

func byteForByte(t *testing.T, s *sigstoretest.Sigstore) {
	const flow = "https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/v1"
	replace := func(old, new string) string { return strings.Replace(flow, old, new, 1) }
	for subject, others := range map[string][]string{
		flow: {replace("github.com", "GitHub.com"), replace(".github/", "%2egithub/"), replace("github.com", "github.com:443"), replace("github.com", "xn--gthub-n4a.com"),
			replace("acme/", "acme/../acme/"), replace("acme/", "acme//"), flow + "/", replace("https", "HTTPS")},
		"alice@acme.test": {"Alice@acme.test", "alice@ACME.test", "alice@acme.test."},
	} {
		model := changed(t, judgedModel, "alice@acme.test", subject)
		for _, name := range append([]string{subject}, others...) {
			spec := alice(boundary)
			spec.Subject = name
			if v := judge(t, s, model, evaluated, s.Bundle(t, spec)); name == subject {
				wants(t, v, "allow", "")
			} else {
				wants(t, v, "deny", "signer-unknown")
			}
		}
	}
	escaped := alice(boundary)
	escaped.Subject = replace("github.com", "github%2ecom") // no URI at all
	wants(t, judge(t, s, changed(t, judgedModel, "alice@acme.test", flow), evaluated, s.Bundle(t, escaped)), "deny", "certificate-invalid")
	for _, issuer := range []string{"https://Accounts.acme.test", "https://accounts.acme.test/", "https://accounts.acme.test:443", "http://accounts.acme.test"} {
		spec := alice(boundary)
		spec.Issuer = issuer
		wants(t, judge(t, s, judgedModel, evaluated, s.Bundle(t, spec)), "deny", "signer-unknown")
	}
}

// refusedFor judges certificates with one fault each: refused as certificates, saying why.
func refusedFor(t *testing.T, s *sigstoretest.Sigstore, faults map[string]func(*sigstoretest.Spec)) {
	t.Helper()
	wants(t, judge(t, s, judgedModel, evaluated, s.Bundle(t, alice(boundary))), "allow", "")
	for says, edit := range faults {
		t.Run(says, func(t *testing.T) {
			spec := alice(boundary)
			edit(&spec)
			v := judge(t, s, judgedModel, evaluated, s.Bundle(t, spec))
			wants(t, v, "deny", "certificate-invalid")
			if !slices.ContainsFunc(v.Findings, func(f verify.Finding) bool {
				return f.Code == verify.CertificateInvalid && strings.Contains(f.Message, says) && f.Control == "certificate-issuance"
			}) {
				t.Errorf("no finding says %q: %+v", says, v.Findings)
			}
		})
	}
}

// template is a fault of the certificate's template.
func template(edit func(*x509.Certificate)) func(*sigstoretest.Spec) {
	return func(spec *sigstoretest.Spec) { spec.Template = edit }
}

func twoWays(t *testing.T, s *sigstoretest.Sigstore) {
	twice := pkix.Extension{Id: sigstoretest.FulcioOID(12), Value: sigstoretest.UTF8String("https://github.com/acme/payments")}
	refusedFor(t, s, map[string]func(*sigstoretest.Spec){
		"issuers differ": template(setExtension(1, []byte("https://evil.test"))),
		"duplicate extension": template(func(c *x509.Certificate) {
			c.ExtraExtensions = append(c.ExtraExtensions, twice, twice)
		}),
		"is DER where raw text is due": template(setExtension(5, sigstoretest.UTF8String("acme/payments"))),
		"is not one DER UTF8String":    template(setExtension(12, []byte("https://github.com/acme/payments"))),
		"is not UTF-8":                 template(setExtension(6, []byte{0xff})),
		"control character":            func(spec *sigstoretest.Spec) { spec.Issuer += "\n" },
	})
}

func twoNames(t *testing.T, s *sigstoretest.Sigstore) {
	for _, more := range [][]string{{"mallory@acme.test"}, {"alice@acme.test"}, {"https://github.com/acme/payments"}, {"other"}, {"a@acme.test", "b@acme.test"}} {
		says := fmt.Sprintf("%d subject alternative names", len(more)+1)
		refusedFor(t, s, map[string]func(*sigstoretest.Spec){says: func(spec *sigstoretest.Spec) { spec.MoreSubjects = more }})
	}
	refusedFor(t, s, map[string]func(*sigstoretest.Spec){
		"2 subject alternative names": func(spec *sigstoretest.Spec) { // the stranger first
			spec.Subject, spec.MoreSubjects = "mallory@acme.test", []string{"alice@acme.test"}
		},
		"duplicate extension": template(func(c *x509.Certificate) {
			c.ExtraExtensions = append(c.ExtraExtensions, c.ExtraExtensions[0])
		}),
	})
}

// constructedNames: a name in a constructed encoding, which crypto/x509 passes over, would escape the
// constraints of the authorities above.
func constructedNames(t *testing.T, s *sigstoretest.Sigstore) {
	for tag, name := range map[int]string{1: "alice@acme.test", 6: "https://github.com/acme/payments"} {
		der, err := asn1.Marshal([]asn1.RawValue{{Class: asn1.ClassContextSpecific, Tag: tag, IsCompound: true, Bytes: []byte(name)}})
		if err != nil {
			t.Fatal(err)
		}
		refusedFor(t, s, map[string]func(*sigstoretest.Spec){
			"is no URI, e-mail address or Fulcio other name": template(func(c *x509.Certificate) { c.ExtraExtensions[0].Value = der }),
		})
	}
}

func wrongAuthorities(t *testing.T, s *sigstoretest.Sigstore) {
	refusedFor(t, s, map[string]func(*sigstoretest.Spec){
		"is an authority's": template(func(c *x509.Certificate) {
			c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageDigitalSignature|x509.KeyUsageCertSign
		}),
		"over the limit MaxCertificateBytes of 65536": template(setExtension(23, sigstoretest.UTF8String(strings.Repeat("x", 64<<10)))),
		"does not allow digital signatures":           template(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyAgreement }),
	})
	for _, usages := range [][]x509.ExtKeyUsage{{}, {x509.ExtKeyUsageServerAuth}, {x509.ExtKeyUsageEmailProtection, x509.ExtKeyUsageTimeStamping}, {x509.ExtKeyUsageAny}} {
		refusedFor(t, s, map[string]func(*sigstoretest.Spec){"does not allow code signing": template(func(c *x509.Certificate) { c.ExtKeyUsage = usages })})
	}
	good := s.Bundle(t, alice(boundary))
	for name, roots := range map[string][]sigstore.Root{
		"no roots":           nil,
		"a root without CAs": {{ID: "root", JSON: s.TrustedRootJSON(sigstoretest.CertificateAuthorities)}},
		"another's root":     {{ID: "root", JSON: sigstoretest.New(t).TrustedRootJSON()}},
		"another's CA, our logs": {{ID: "root", JSON: change(t, s.TrustedRootJSON(), func(d map[string]any) {
			d["certificateAuthorities"] = parsed(t, sigstoretest.New(t).TrustedRootJSON())["certificateAuthorities"]
		})}},
	} {
		t.Run(name, func(t *testing.T) {
			wants(t, judgeUnder(t, roots, judgedModel, evaluated, good), "deny", "certificate-invalid")
		})
	}
	for name, document := range map[string]string{"empty": "", "no object": "null", "nothing in it": "{}", "an empty list of authorities without a type": `{"certificateAuthorities":[]}`} {
		if _, err := sigstore.New(sigstore.Root{ID: "root", JSON: []byte(document)}); err == nil {
			t.Errorf("a root document that is %s is taken", name)
		}
	}
}

// authorities gives the certificates of a deployment's authority, the root last, as bundles have them.
func authorities(t *testing.T, s *sigstoretest.Sigstore) []any {
	t.Helper()
	return at(t, parsed(t, s.TrustedRootJSON()), "certificateAuthorities", 0, "certChain", "certificates").([]any)
}

// suppliedRoots: a stranger's deployment signs as alice and hands over its own authorities.
func suppliedRoots(t *testing.T, s *sigstoretest.Sigstore) {
	stranger := sigstoretest.New(t)
	for _, version := range []string{"0.1", "0.2"} {
		bundle := change(t, stranger.Bundle(t, alice(boundary)), func(d map[string]any) {
			d["mediaType"] = "application/vnd.dev.sigstore.bundle+json;version=" + version
			m := member(t, d, "verificationMaterial")
			m["x509CertificateChain"] = map[string]any{"certificates": append([]any{m["certificate"]}, authorities(t, stranger)...)}
			delete(m, "certificate")
		})
		wants(t, judge(t, stranger, judgedModel, evaluated, bundle), "allow", "") // to the stranger's friends
		wants(t, judge(t, s, judgedModel, evaluated, bundle), "deny", "certificate-invalid")
	}
	var chain strings.Builder
	for _, c := range authorities(t, stranger) {
		der, err := base64.StdEncoding.DecodeString(c.(map[string]any)["rawBytes"].(string))
		if err != nil {
			t.Fatal(err)
		}
		chain.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	}
	envelope := change(t, stranger.Envelope(t, alice(boundary)), func(d map[string]any) {
		sig := member(t, d, "signatures", 0)
		sig["cert"] = sig["cert"].(string) + chain.String()
	})
	wants(t, judge(t, s, judgedModel, evaluated, envelope), "deny", "certificate-invalid")
}

// systemRoots runs itself again in a process whose system roots hold the stranger's root.
func systemRoots(t *testing.T, s *sigstoretest.Sigstore) {
	const child = "SURETY_TEST_SYSTEM_ROOTS"
	if os.Getenv(child) == "" {
		file := filepath.Join(t.TempDir(), "roots.pem")
		cmd := exec.Command(os.Args[0], "-test.run=^TestAbuse$/^42-system-roots-are-never-used$", "-test.v")
		cmd.Env = append(os.Environ(), child+"=1", "SSL_CERT_FILE="+file)
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestAbuse/42-system-roots-are-never-used") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	var chain [][]byte
	for _, c := range authorities(t, s) {
		der, err := base64.StdEncoding.DecodeString(c.(map[string]any)["rawBytes"].(string))
		if err != nil {
			t.Fatal(err)
		}
		chain = append(chain, der)
	}
	root := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: chain[len(chain)-1]})
	if err := os.WriteFile(os.Getenv("SSL_CERT_FILE"), root, 0o600); err != nil {
		t.Fatal(err)
	}
	bundle := s.Bundle(t, alice(boundary))
	if runtime.GOOS == "linux" { // where the system's roots are those of the file, they would vouch for it
		der, err := base64.StdEncoding.DecodeString(at(t, parsed(t, bundle), "verificationMaterial", "certificate", "rawBytes").(string))
		if err != nil {
			t.Fatal(err)
		}
		leaf, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		pool := x509.NewCertPool()
		for _, der := range chain[:len(chain)-1] {
			c, err := x509.ParseCertificate(der)
			if err != nil {
				t.Fatal(err)
			}
			pool.AddCert(c)
		}
		if _, err := leaf.Verify(x509.VerifyOptions{Intermediates: pool, CurrentTime: boundary, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning}}); err != nil {
			t.Fatalf("the system's roots do not vouch for the certificate: %v", err)
		}
	}
	for name, roots := range map[string][]sigstore.Root{"none": nil, "without CAs": {{ID: "root", JSON: s.TrustedRootJSON(sigstoretest.CertificateAuthorities)}}, "another's": {{ID: "root", JSON: sigstoretest.New(t).TrustedRootJSON()}}} {
		if v := judgeUnder(t, roots, judgedModel, evaluated, bundle); v.Admits() || len(v.Signers) > 0 {
			t.Errorf("%s: %s", name, v.Decision)
		} else {
			wants(t, v, "deny", "certificate-invalid")
		}
	}
}

// weakCertificates: what a credential's key may not be does not verify from inside a certificate either.
func weakCertificates(t *testing.T, s *sigstoretest.Sigstore) {
	o := opener(t, s.TrustedRootJSON())
	private, err := ecdsa.ParseRawPrivateKey(elliptic.P224(), append(make([]byte, 27), 7))
	if err != nil {
		t.Fatal(err)
	}
	spec := alice(boundary)
	spec.Log, spec.NoTime = sigstoretest.NoLog, true
	// A model never holds such a key; an opener that were given one must not take it.
	refused(t, open(t, o, s.KeyBundle(t, private, "weak", spec), modelKey(t, "weak", &private.PublicKey)), verify.SignatureInvalid)
	strong, key := newKey(t, "strong")
	proof(t, open(t, o, s.KeyBundle(t, strong, "strong", spec), key))
	if verify.VerifyKey(ownership.Key{Public: "text"}, item(t, s.KeyBundle(t, strong, "strong", spec)).Envelope(), []byte("x")) {
		t.Error("a text is a key")
	}
}
