package certificate_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/internal/fixture/pki"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/certificate"
	"github.com/surety-dev/surety/verify/timestamp"
)

const (
	judgedModel = `apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
people:
  - {id: alice, from: 2023-01-01T00:00:00Z}
  - {id: bob, from: 2023-01-01T00:00:00Z}
teams:
  - {id: security, members: [{person: alice}, {person: bob}]}
workloads:
  - {id: pipeline, owner: security, operators: [bob]}
credentials:
  - {id: pipeline-svid, holder: pipeline, owner: security, identity: {authority: corp-ca, uri: "spiffe://acme.test/ci/*"}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
  - {id: alice-mail, holder: alice, owner: security, identity: {authority: corp-ca, email: "alice@acme.test"}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
  - {id: bob-mail, holder: bob, owner: security, identity: {authority: corp-ca, email: "bob@acme.test"}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
  - {id: build-host, holder: pipeline, owner: security, identity: {authority: corp-ca, dns: "build.acme.test"}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
  - {id: release-key, holder: pipeline, owner: security, key: {pem: KEY(p256:release)}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
grants:
  - {to: pipeline, may: [build, attest], artifacts: ["pkg:generic/payments/**"]}
  - {to: security, may: [build, approve], artifacts: ["pkg:generic/payments/**"]}
controls:
  - {control: publisher-identity, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: certificate-issuance, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: key-lifecycle, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: review-audit, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: release-policy, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: enforcement, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: monitoring, artifacts: ["**"], accountable: security, responsible: [security]}
trust:
  certificateAuthorities: [{id: corp-ca, file: ca.pem}]
  timestampAuthorities: [{id: corp-tsa, file: tsa.pem}]
`
	keyActive    = "key: {pem: KEY(p256:release)}, states: [{state: active, from: 2026-01-01T00:00:00Z}]"
	policyHead   = "apiVersion: surety.dev/v1alpha1\nkind: Policy\nmetadata: {name: payments, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}\nartifacts: [\"pkg:generic/payments/**\"]\n"
	judgedPolicy = policyHead + `evidence:
  - {name: provenance, predicateTypes: ["https://slsa.dev/provenance/v1"], duty: build}
rules:
  - {id: builder, about: provenance, expression: "it.provenance.builder != ''"}
`
)

// later is when the tests judge.
var later = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// asked is a request in the making. Its zero fields are those of the scene.
type asked struct {
	scene  *scene
	model  string
	policy string
	at     time.Time
	lists  [][]byte
}

// judge gives the verdict of a verifier whose openers trust what the model trusts.
func (a asked) judge(t testing.TB, evidence ...[]byte) verify.Verdict {
	t.Helper()
	return a.judgeWith(t, a.verifier(t), evidence...)
}

// verifier is the request's verifier.
func (a asked) verifier(t testing.TB) *verify.Verifier {
	t.Helper()
	s := newScene()
	if a.scene != nil {
		s = *a.scene
	}
	document := or(a.model, judgedModel)
	authority := pki.PEM(s.root)
	if len(a.lists) > 0 { // whose issuers are in the file
		authority = pki.PEM(s.root, s.middle)
	}
	model, err := ownership.Load(fstest.MapFS{
		"ownership.yaml": {Data: []byte(fixture.Expand(document))},
		"ca.pem":         {Data: []byte(authority)}, "tsa.pem": {Data: []byte(pki.PEM(s.tsaRoot))},
	}, "ownership.yaml")
	if err != nil {
		t.Fatal(err)
	}
	policies, err := policy.Load(fstest.MapFS{"policy.yaml": {Data: []byte(or(a.policy, judgedPolicy))}}, "policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	clock, err := timestamp.New(timestamp.FromModel(model)...)
	if err != nil {
		t.Fatal(err)
	}
	config := certificate.Config{Authorities: certificate.FromModel(model), Clock: clock}
	for i, l := range a.lists {
		config.Lists = append(config.Lists, certificate.List{ID: fmt.Sprintf("list-%d", i), Data: l})
	}
	certificates, err := certificate.New(config)
	if err != nil {
		t.Fatal(err)
	}
	v, err := verify.New(model, policies, verify.Config{Openers: []verify.Opener{certificates, verify.KeyOpener(clock)}})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// judgeWith judges with a verifier made before.
func (a asked) judgeWith(t testing.TB, v *verify.Verifier, evidence ...[]byte) verify.Verdict {
	t.Helper()
	artifact, err := attest.NewArtifact("pkg:generic/payments/api@1.4.2", attest.Digests{"sha256": release})
	if err != nil {
		t.Fatal(err)
	}
	r := verify.Request{Artifact: artifact, At: later}
	if !a.at.IsZero() {
		r.At = a.at
	}
	for _, e := range evidence {
		r.Evidence = append(r.Evidence, attest.Parse("evidence.json", e, attest.Limits{})...)
	}
	verdict, err := v.Verify(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return verdict
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

// wants asserts the decision, the refusing codes beside evidence-missing, and a part of the messages.
func wants(t testing.TB, v verify.Verdict, decision, code, message string) {
	t.Helper()
	var codes, messages []string
	for _, f := range v.Findings {
		messages = append(messages, string(f.Code)+": "+f.Message)
		if f.Severity <= verify.SeverityIndeterminate && f.Code != verify.EvidenceMissing && !slices.Contains(codes, string(f.Code)) {
			codes = append(codes, string(f.Code))
		}
	}
	all := strings.Join(messages, "\n")
	if v.Decision.String() != decision || strings.Join(codes, " ") != code || !strings.Contains(all, message) {
		t.Errorf("%s %v, want %s %s …%s…\n%s", v.Decision, codes, decision, code, message, all)
	}
}

// changed is a document with one part changed; the part must be there.
func changed(t testing.TB, document, from, to string) string {
	t.Helper()
	if !strings.Contains(document, from) {
		t.Fatalf("the document has no %q", from)
	}
	return strings.Replace(document, from, to, 1)
}

// keyed is what the release key signed, in an envelope or a bundle, with timestamps.
func keyed(bundled bool, tokens ...func([]byte) []byte) []byte {
	key := fixture.NewKey("p256:release")
	if bundled {
		return pki.Holder{Key: key.Private()}.Bundle(payload(), key.ID(), nil, tokens...)
	}
	return pki.Stamped(fixture.Sign(payload(), key), 0, tokens...).JSON()
}

// TestLongLivedKey: with a timestamp a key's signature stands after the key's ordinary revocation and
// falls at a compromise dated before it; without one it falls both times, and the verdict says why.
func TestLongLivedKey(t *testing.T) {
	t.Parallel()
	s := newScene()
	state := func(revoked string) string {
		return changed(t, judgedModel, keyActive, strings.TrimSuffix(keyActive, "]")+", "+revoked+"]")
	}
	ordinary := state("{state: revoked, from: 2026-09-01T00:00:00Z, reason: superseded}")
	before := state("{state: revoked, from: 2026-09-01T00:00:00Z, reason: key-compromise, invalidFrom: 2026-05-20T00:00:00Z}")
	after := state("{state: revoked, from: 2026-09-01T00:00:00Z, reason: key-compromise, invalidFrom: 2026-08-20T00:00:00Z}")
	undated := state("{state: revoked, from: 2026-09-01T00:00:00Z, reason: key-compromise}")
	const might = "(judged at the time of evaluation; a timestamp might have shown otherwise)"
	foreign := pki.Root("stranger").Timestamper("x")
	stranger := func(sig []byte) []byte { return foreign.Token(sig, pki.Stamp{At: noon}) }
	for _, bundled := range []bool{false, true} {
		for _, row := range []struct {
			name, model             string
			with, codeWith, because string
			code                    string
		}{
			{"active", judgedModel, "allow", "", "", ""},
			{"revoked in the ordinary way", ordinary, "allow", "", "", "credential-revoked"},
			{"a compromise dated before it", before, "deny", "signed-after-compromise", "which reaches back to 2026-05-20T00:00:00Z; the signature is of 2026-06-01T12:00:00Z", "credential-revoked"},
			{"a compromise dated after it", after, "allow", "", "", "credential-revoked"},
			{"a compromise without a date", undated, "deny", "signed-after-compromise", "the signature is of 2026-06-01T12:00:00Z", "credential-revoked"},
		} {
			t.Run(fmt.Sprintf("%s, bundle %v", row.name, bundled), func(t *testing.T) {
				t.Parallel()
				v := asked{model: row.model}.judge(t, keyed(bundled, s.stamp(noon)))
				wants(t, v, row.with, row.codeWith, row.because)
				if row.codeWith == "" {
					at := v.Signers[0].SignedAt
					if at.Source != "rfc3161" || at.Authority != "corp-tsa" || !at.NotAfter.Equal(noon) {
						t.Errorf("signed %+v", at)
					}
				}
				bare := asked{model: row.model}.judge(t, keyed(bundled))
				if row.code == "" {
					wants(t, bare, "allow", "", "")
					if at := bare.Signers[0].SignedAt; at.Source != "" || at.Authority != "" || !at.NotAfter.Equal(later) {
						t.Errorf("signed %+v", at)
					}
					return
				}
				wants(t, bare, "deny", row.code, might)
				junk := asked{model: row.model}.judge(t, keyed(bundled, stranger))
				if bundled {
					wants(t, junk, "deny", "signature-invalid", "no timestamp of the bundle verifies: timestamp 0 is made by none of the timestamp authorities")
				} else {
					wants(t, junk, "deny", row.code, "proves no time: timestamp 0 is made by none of the timestamp authorities")
				}
			})
		}
	}
}

// TestCertificates has a row for each way a certificate's name may bind or not.
func TestCertificates(t *testing.T) {
	t.Parallel()
	s := newScene()
	named := func(name string) []byte { return s.envelope(s.middle.Leaf("p256:k", pki.Named(name))) }
	second := strings.Replace(judgedModel, "credentials:\n", "credentials:\n  - {id: bob-svid, holder: bob, owner: security, identity: {authority: corp-ca, uri: \"spiffe://acme.test/ci/payments\"}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n", 1)
	ended := strings.ReplaceAll(judgedModel, "uri: \"spiffe://acme.test/ci/*\"}, states: [{state: active, from: 2026-01-01T00:00:00Z}]", "uri: \"spiffe://acme.test/ci/*\"}, states: [{state: active, from: 2026-01-01T00:00:00Z}, {state: deactivated, from: 2026-06-01T12:00:00Z}]")
	for _, row := range []struct {
		name, model       string
		at                time.Time
		data              []byte
		decision, code    string
		credential, means string
	}{
		{"a SPIFFE id", "", later, named(pipeline), "allow", "", "pipeline-svid", ""},
		{"as a bundle", "", later, s.bundle(s.leaf()), "allow", "", "pipeline-svid", ""},
		{"an e-mail address", "", later, named("email:alice@acme.test"), "allow", "", "alice-mail", ""},
		{"a DNS name", "", later, named("dns:build.acme.test"), "allow", "", "build-host", ""},
		{"a name nobody has", "", later, named("uri:spiffe://acme.test/prod/payments"), "deny", "misissued", "", `the uri name "spiffe://acme.test/prod/payments" under authority "corp-ca"`},
		{"another case", "", later, named("email:Alice@acme.test"), "deny", "misissued", "", ""},
		{"the same name of another kind", "", later, named("uri:email://build.acme.test"), "deny", "misissued", "", ""},
		{"a DNS name as a URI", "", later, named("dns:alice.acme.test"), "deny", "misissued", "", ""},
		{"credentials of two holders", second, later, named(pipeline), "deny", "credential-ambiguous", "", ""},
		{"a credential that had ended", ended, later, named(pipeline), "deny", "credential-not-active", "", ""},
		{"no timestamp", "", later, s.leaf().Envelope(payload(), []pki.Holder{s.middle}).JSON(), "indeterminate", "no-trusted-time", "", "it was valid from 2026-01-01T00:00:00Z"},
		{"no timestamp, judged within the certificate", "", noon, s.leaf().Envelope(payload(), []pki.Holder{s.middle}).JSON(), "indeterminate", "no-trusted-time", "", ""},
		{"signed after the evaluation", "", noon.Add(-time.Second), named(pipeline), "deny", "signed-after-evaluation", "", ""},
		{"signed at the evaluation", "", noon, named(pipeline), "allow", "", "pipeline-svid", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			v := asked{model: row.model, at: row.at}.judge(t, row.data)
			wants(t, v, row.decision, row.code, row.means)
			if row.credential == "" {
				return
			}
			if len(v.Signers) != 1 || v.Signers[0].Credential != row.credential || v.Signers[0].Identity.Authority != "corp-ca" {
				t.Fatalf("signers %+v", v.Signers)
			}
			if at := v.Signers[0].SignedAt; !at.NotBefore.Equal(pki.Begin()) || !at.NotAfter.Equal(noon) || at.Source != "rfc3161" || at.Authority != "corp-tsa" {
				t.Errorf("signed %+v", at)
			}
		})
	}
}

// TestRevoked judges what lists say by reason and invalidity date, as the states of a credential.
func TestRevoked(t *testing.T) {
	t.Parallel()
	s := newScene()
	leaf := s.leaf()
	none := time.Time{}
	for _, row := range []struct {
		name             string
		revoked, invalid time.Time
		reason           int
		above            bool // of the authority above the leaf
		at               time.Time
		code             string
	}{
		{"superseded a second before", noon.Add(-time.Second), none, 4, false, later, "credential-revoked"},
		{"superseded then", noon, none, 4, false, later, "credential-revoked"},
		{"superseded a second after", noon.Add(time.Second), none, 4, false, later, ""},
		{"no reason, after", noon.Add(time.Second), none, 0, false, later, ""},
		{"key compromise, after", noon.Add(time.Hour), none, 1, false, later, "signed-after-compromise"},
		{"key compromise, before", noon.Add(-time.Hour), none, 1, false, later, "credential-revoked"},
		{"key compromise from a second after", noon.Add(time.Hour), noon.Add(time.Second), 1, false, later, ""},
		{"key compromise from then", noon.Add(time.Hour), noon, 1, false, later, "signed-after-compromise"},
		{"key compromise from a second before", noon.Add(time.Hour), noon.Add(-time.Second), 1, false, later, "signed-after-compromise"},
		{"cessation from a second before", noon.Add(time.Hour), noon.Add(-time.Second), 5, false, later, "signed-after-compromise"},
		{"on hold a second after", noon.Add(time.Second), none, 6, false, later, ""},
		{"on hold then", noon, none, 6, false, later, "credential-suspended"},
		{"the authority's key compromised", noon.Add(time.Hour), none, 2, true, later, "signed-after-compromise"},
		{"the authority superseded after", noon.Add(time.Hour), none, 4, true, later, ""},
		{"the authority superseded before", noon.Add(-time.Hour), none, 4, true, later, "credential-revoked"},
		{"judged before it was revoked", noon.Add(time.Hour), none, 1, false, noon.Add(time.Minute), ""},
		{"judged when it was revoked", noon.Add(time.Hour), none, 1, false, noon.Add(time.Hour), "signed-after-compromise"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			entry := pki.Revoked{Certificate: leaf.Certificate, At: row.revoked, Reason: row.reason, InvalidFrom: row.invalid}
			list := s.middle.List(row.revoked, nil, entry) // long out of date at later
			if row.above {
				entry.Certificate = s.middle.Certificate
				list = s.root.List(row.revoked, nil, entry)
			}
			a := asked{at: row.at, lists: [][]byte{list}}
			if row.code == "" {
				wants(t, a.judge(t, s.envelope(leaf)), "allow", "", "")
				return
			}
			for _, data := range [][]byte{s.envelope(leaf), s.bundle(leaf)} {
				v := a.judge(t, data)
				wants(t, v, "deny", row.code, "as list-0 of ")
				for _, f := range v.Findings {
					if string(f.Code) == row.code && f.Credential != "pipeline-svid" {
						t.Errorf("credential %q", f.Credential)
					}
				}
			}
			a.lists = nil
			wants(t, a.judge(t, s.envelope(leaf)), "allow", "", "") // a list only tightens
		})
	}
	t.Run("without a time it is judged at notBefore", func(t *testing.T) {
		t.Parallel()
		bare := leaf.Envelope(payload(), []pki.Holder{s.middle}).JSON()
		early := s.middle.List(noon, nil, pki.Revoked{Certificate: leaf.Certificate, At: noon, Reason: 4})
		wants(t, asked{lists: [][]byte{early}}.judge(t, bare), "indeterminate", "no-trusted-time", "")
		never := s.middle.List(noon, nil, pki.Revoked{Certificate: leaf.Certificate, At: noon, Reason: 1})
		wants(t, asked{lists: [][]byte{never}}.judge(t, bare), "deny", "signed-after-compromise", "")
	})
}

// TestOrder: the spans of keys and certificates, from timestamps, prove an order or leave it unknown.
func TestOrder(t *testing.T) {
	t.Parallel()
	s := newScene()
	test := fixture.NewStatement(fixture.TestResult, release, map[string]any{"result": "PASSED"}).JSON()
	tested := func(tokens ...func([]byte) []byte) []byte {
		return pki.Stamped(fixture.Sign(test, fixture.NewKey("p256:release")), 0, tokens...).JSON()
	}
	rule := func(expression string) string {
		return policyHead + "evidence:\n  - {name: provenance, predicateTypes: [\"https://slsa.dev/provenance/v1\"], duty: build}\n" +
			"  - {name: test, predicateTypes: [\"https://in-toto.io/attestation/test-result/v0.1\"], duty: attest}\n" +
			"rules:\n  - {id: order, expression: \"evidence.test.exists(t, evidence.provenance.exists(p, " + expression + "))\"}\n"
	}
	recorded, before := "t.signedAt.recordedBefore(p.signedAt)", "t.signedAt.before(p.signedAt)"
	young := s.leaf(pki.Valid(noon.Add(-time.Minute), pki.End()))
	for _, row := range []struct {
		name, expression string
		test, provenance []byte
		decision, code   string
	}{
		{"recorded before", recorded, tested(s.stamp(noon.Add(-time.Second))), s.envelope(young), "allow", ""},
		{"recorded at the same time", recorded, tested(s.stamp(noon)), s.envelope(young), "deny", "rule-failed"},
		{"recorded after", recorded, tested(s.stamp(noon.Add(time.Second))), s.envelope(young), "deny", "rule-failed"},
		{"never recorded", recorded, tested(), s.envelope(young), "indeterminate", "rule-failed"},
		{"made before the certificate was there", before, tested(s.stamp(noon.Add(-time.Minute))), s.envelope(young), "allow", ""},
		{"perhaps made before", before, tested(s.stamp(noon.Add(-59 * time.Second))), s.envelope(young), "indeterminate", "rule-failed"},
		{"the authorities are named", "t.signedAt.source == 'rfc3161' && p.signedAt.source == 'rfc3161'", tested(s.stamp(noon)), s.bundle(young), "allow", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			wants(t, asked{policy: rule(row.expression)}.judge(t, row.test, row.provenance), row.decision, row.code, "")
		})
	}
}

// TestOneKey: a key that is certified for two, or is a credential of its own beside, counts for one.
func TestOneKey(t *testing.T) {
	t.Parallel()
	s := newScene()
	two := changed(t, judgedPolicy, "duty: build}", "duty: build, min: 2}")
	mail := func(key, name string) pki.Holder { return s.middle.Leaf(key, pki.Named("email:"+name+"@acme.test")) }
	wants(t, asked{policy: two}.judge(t, s.envelope(mail("p256:a", "alice")), s.envelope(mail("p256:b", "bob"))), "allow", "", "")
	const once = "one key counts for one holder"
	wants(t, asked{policy: two}.judge(t, s.envelope(mail("p256:a", "alice")), s.envelope(mail("p256:a", "bob"))), "deny", "credential-ambiguous", once)
	wants(t, asked{}.judge(t, s.envelope(mail("p256:a", "alice")), s.envelope(mail("p256:a", "bob"))), "allow", "", once)
	// the key is pipeline's, and certified for alice
	wants(t, asked{policy: two}.judge(t, keyed(false, s.stamp(noon)), s.envelope(mail("p256:release", "alice"))), "deny", "credential-ambiguous", once)
	// and one signature that both prove
	wants(t, asked{policy: two}.judge(t, s.envelope(mail("p256:release", "alice"))), "deny", "credential-ambiguous", once)
	// one without a proven time takes nothing from one with it, whichever comes first
	builder := changed(t, judgedPolicy, "it.provenance.builder != ''", "it.signers.exists(s, s.holder == 'pipeline')")
	untimed := mail("p256:pipeline", "alice").Envelope(payload(), []pki.Holder{s.middle}).JSON()
	wants(t, asked{policy: builder}.judge(t, s.envelope(s.leaf()), untimed), "allow", "", once)
	wants(t, asked{policy: builder}.judge(t, untimed, s.envelope(s.leaf())), "allow", "", once)
	// nor does one with a proven time: whose the key is then is what is asked for, of one at a time
	certified := s.envelope(mail("p256:pipeline", "alice"))
	wants(t, asked{policy: builder}.judge(t, s.envelope(s.leaf()), certified), "allow", "", once)
	person := strings.Replace(builder, "'pipeline'", "'alice'", 1)
	wants(t, asked{policy: person}.judge(t, certified, s.envelope(s.leaf())), "allow", "", once)
	both := changed(t, builder, "s.holder == 'pipeline')", "s.holder == 'pipeline') && it.signers.exists(s, s.holder == 'alice')")
	wants(t, asked{policy: both}.judge(t, s.envelope(s.leaf()), certified), "deny", "credential-ambiguous rule-failed", once)
	wants(t, asked{policy: both}.judge(t, s.envelope(s.leaf()), s.envelope(mail("p256:a", "alice"))), "allow", "", "")
	// a key besides, which one of them shares with another, takes nothing from two that have one each
	wants(t, asked{policy: two}.judge(t, s.envelope(mail("p256:a", "alice")), s.envelope(mail("p256:b", "bob")), s.envelope(mail("p256:b", "alice"))), "allow", "", once)
	wants(t, asked{policy: two}.judge(t, s.envelope(mail("p256:a", "bob")), s.envelope(mail("p256:b", "bob")), s.envelope(mail("p256:b", "alice"))), "allow", "", once)
	wants(t, asked{policy: two}.judge(t, s.envelope(mail("p256:b", "bob")), s.envelope(mail("p256:b", "alice"))), "deny", "credential-ambiguous", once)
	// of nine such keys not every way is tried
	var many [][]byte
	for n := range 9 {
		key := fmt.Sprint("p256:many", n)
		many = append(many, s.envelope(mail(key, "alice")), s.envelope(mail(key, "bob")))
	}
	three := changed(t, judgedPolicy, "duty: build}", "duty: build, min: 3}")
	wants(t, asked{policy: three}.judge(t, many...), "deny", "credential-ambiguous", "over the limit key-assignments: 256 ways")
	wants(t, asked{policy: three}.judge(t, many[:16]...), "deny", "credential-ambiguous", once)
	wants(t, asked{policy: two}.judge(t, many...), "allow", "", once)
	// one person's two certificates for one key are one person
	wants(t, asked{policy: two}.judge(t, s.envelope(mail("p256:a", "alice")), s.bundle(mail("p256:a", "alice"))), "deny", "", "")
}

// TestNoAuthorities: a model without authorities proves nothing by certificates, and its keys stand.
func TestNoAuthorities(t *testing.T) {
	t.Parallel()
	s := newScene()
	at := strings.Index(judgedModel, "trust:")
	plain := strings.ReplaceAll(judgedModel[:at], "authority: corp-ca, uri: ", "issuer: \"https://i.test\", subject: ")
	plain = strings.ReplaceAll(strings.ReplaceAll(plain, "authority: corp-ca, email: ", "issuer: \"https://i.test\", subject: "), "authority: corp-ca, dns: ", "issuer: \"https://i.test\", subject: ")
	wants(t, asked{model: plain}.judge(t, keyed(false, s.stamp(noon))), "allow", "", "")
	wants(t, asked{model: plain}.judge(t, s.envelope(s.leaf())), "deny", "signature-invalid", "made by none of the timestamp authorities")
	wants(t, asked{model: plain}.judge(t, s.leaf().Envelope(payload(), []pki.Holder{s.middle}).JSON()), "deny", "certificate-invalid", "none of the certificate authorities")
}

// TestKnownKey: what the model says of a key holds of a certificate for it too, whatever else is given,
// and the holder of a key that merely ended may have it certified.
func TestKnownKey(t *testing.T) {
	t.Parallel()
	s := newScene()
	item := s.envelope(s.middle.Leaf("p256:release", pki.Named(pipeline)))
	const active = "{state: active, from: 2026-01-01T00:00:00Z}"
	for name, row := range map[string]struct{ holder, states, decision, code, message string }{
		"active":                      {"pipeline", active, "allow", "", ""},
		"not active yet":              {"pipeline", "{state: active, from: 2026-07-01T00:00:00Z}", "allow", "", ""},
		"deactivated":                 {"pipeline", active + ", {state: deactivated, from: 2026-02-01T00:00:00Z}", "allow", "", ""},
		"destroyed":                   {"pipeline", active + ", {state: deactivated, from: 2026-02-01T00:00:00Z}, {state: destroyed, from: 2026-05-01T00:00:00Z}", "deny", "credential-not-active", "release-key is deactivated"},
		"destroyed then":              {"pipeline", active + ", {state: destroyed, from: 2026-06-01T12:00:00Z}", "deny", "credential-not-active", "release-key is destroyed"},
		"destroyed later":             {"pipeline", active + ", {state: destroyed, from: 2026-06-01T12:00:01Z}", "allow", "", ""},
		"compromised":                 {"pipeline", active + ", {state: compromised, from: 2026-05-01T00:00:00Z}", "deny", "credential-revoked", "release-key is compromised"},
		"compromised later":           {"pipeline", active + ", {state: compromised, from: 2026-07-01T00:00:00Z}", "deny", "signed-after-compromise", "release-key is compromised"},
		"revoked":                     {"pipeline", active + ", {state: revoked, from: 2026-05-01T00:00:00Z, reason: superseded}", "deny", "credential-revoked", "release-key is revoked"},
		"revoked later":               {"pipeline", active + ", {state: revoked, from: 2026-07-01T00:00:00Z, reason: superseded}", "allow", "", ""},
		"suspended":                   {"pipeline", active + ", {state: suspended, from: 2026-05-01T00:00:00Z}", "deny", "credential-suspended", "release-key was suspended"},
		"another's":                   {"carol", active, "deny", "credential-ambiguous", "one key counts for one holder"},
		"alice's, who signed with it": {"alice", active, "allow", "", "one key counts for one holder"},
		"another's, not active yet":   {"carol", "{state: active, from: 2026-07-01T00:00:00Z}", "deny", "credential-ambiguous", "held by carol"},
		"another's, deactivated":      {"carol", active + ", {state: deactivated, from: 2026-02-01T00:00:00Z}", "deny", "credential-ambiguous", "held by carol"},
		"another's, revoked":          {"carol", active + ", {state: revoked, from: 2026-02-01T00:00:00Z, reason: superseded}", "deny", "credential-revoked", "release-key is revoked"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			model := changed(t, judgedModel, "holder: pipeline, owner: security, "+keyActive, "holder: "+row.holder+", owner: security, key: {pem: KEY(p256:release)}, states: ["+row.states+"]")
			model = changed(t, model, "people:\n", "people:\n  - {id: carol, from: 2023-01-01T00:00:00Z}\n")
			wants(t, asked{model: model}.judge(t, item), row.decision, row.code, row.message)
			if row.decision == "deny" { // nor does the same as a bundle, or both, count
				if v := (asked{model: model}).judge(t, item, s.bundle(s.middle.Leaf("p256:release", pki.Named(pipeline)))); v.Decision != verify.Deny {
					t.Errorf("with a bundle beside it: %s", v.Decision)
				}
			}
		})
	}
}
