package verify_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

// oneMatcher writes other languages' constructs wherever a pattern may stand.
func oneMatcher(t *testing.T) {
	for _, p := range []string{"[^x]", "[a-z]*", "{a,b}", "a?", `a\\*`, "a**", "**b", "a/**b/c"} {
		for where, document := range map[string]string{
			"grant's artifacts":    replaced(t, baseModel, `artifacts: ["pkg:generic/payments/**"]`, `artifacts: ["`+p+`"]`),
			"grant's predicates":   replaced(t, baseModel, `predicates: ["https://slsa.dev/provenance/*"]`, `predicates: ["`+p+`"]`),
			"grant's builders":     replaced(t, baseModel, `predicates: ["https://slsa.dev/provenance/*"]`, `builders: ["`+p+`"]`),
			"control's artifacts":  replaced(t, baseModel, `{control: monitoring, artifacts: ["**"]`, `{control: monitoring, artifacts: ["`+p+`"]`),
			"credential's subject": replaced(t, baseModel, "key: {pem: KEY(pipeline)}", `identity: {issuer: i, subject: "`+p+`"}`),
			"credential's claim":   replaced(t, baseModel, "key: {pem: KEY(pipeline)}", `identity: {issuer: i, subject: s, claims: {tokenSubject: "`+p+`"}}`),
		} {
			var wrong *ownership.Error
			if _, err := loadModel(document); !errors.As(err, &wrong) || wrong.Line == 0 || !strings.Contains(err.Error(), "expected") {
				t.Errorf("%s %s: %v", where, p, err)
			}
		}
		var wrong *policy.Error
		if _, err := loadPolicies(replaced(t, basePolicy, `["pkg:generic/payments/**"]`, `["`+p+`"]`)); !errors.As(err, &wrong) || wrong.Line == 0 {
			t.Errorf("policy's artifacts %s: %v", p, err)
		}
		// in a rule it does not compile, or is an error, which passes nothing
		rule := replaced(t, basePolicy, `"it.provenance.builder == 'https://github.com/actions/runner/github-hosted'"`, `"it.provenance.builder.glob('`+p+`')"`)
		if _, err := loadPolicies(rule); err != nil {
			continue
		}
		v := scene{policies: []string{rule}}.judge(t, provenance("pipeline"))
		if v.Admits() || !slices.Contains(refusing(v), "rule-error") {
			t.Errorf("glob %s: %s %v", p, v.Decision, refusing(v))
		}
	}
	want(t, scene{policies: []string{replaced(t, basePolicy, "it.provenance.builder == 'https://github.com/actions/runner/github-hosted'", "it.provenance.builder.glob('https://github.com/actions/**')")}}.judge(t, provenance("pipeline")), "allow")
}

// composed and decomposed are one word to a reader, two to a computer (Unicode NFC and NFD).
const composed, decomposed = "caf\u00e9", "cafe\u0301"

// otherSpellings holds that names are equal only byte for byte: another spelling is refused by name where
// the caller gives it, and a finding where evidence or a document has it.
func otherSpellings(t *testing.T) {
	// given by the caller
	for _, name := range []string{"dir/../foo", "dir/./foo", "./foo", "dir//foo", "/foo", "foo/", "pkg:generic/a/../foo", "pkg:generic//foo", "https://a.test/x/../foo", "https://a.test//foo", "https://A.test/foo", composed, "pkg:generic/" + composed, "pkg:generic/%c3%a9", `dir\foo`} {
		_, err := attest.NewArtifact(name, attest.Digests{"sha256": release})
		var refused *attest.NameError
		if !errors.As(err, &refused) || refused.Name != name || refused.Msg == "" {
			t.Errorf("%q: %v", name, err)
		}
	}
	// two escaped spellings, each a name of its own: a policy and a grant for one say nothing of the other
	nfc, nfd := "pkg:generic/payments/caf%C3%A9@1", "pkg:generic/payments/cafe%CC%81@1"
	one := func(document, name string) string {
		return strings.ReplaceAll(document, "pkg:generic/payments/**", name)
	}
	for _, pair := range [][2]string{{nfc, nfd}, {nfd, nfc}, {"pkg:generic/payments/api@1", "pkg:generic/payments/API@1"}} {
		s := scene{name: pair[0], model: one(baseModel, pair[0]), policies: []string{one(basePolicy, pair[0])}}
		want(t, s.judge(t, provenance("pipeline")), "allow")
		s.name = pair[1]
		want(t, s.judge(t, provenance("pipeline")), "deny", "no-policy")
		s.policies = []string{basePolicy} // covers both
		v := s.judge(t, provenance("pipeline"))
		if v.Admits() || !slices.Contains(refusing(v), "signer-not-granted") {
			t.Errorf("a grant for %s: %s %v", pair[0], v.Decision, refusing(v))
		}
	}
	// said by evidence
	st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder))
	for _, name := range []string{"pkg:generic/payments/x/../api@1.4.2", "pkg:generic/payments/./api@1.4.2", "pkg:generic/payments//api@1.4.2", "pkg:generic/Payments/api@1.4.2", "pkg:generic/payments/API@1.4.2", "pkg:generic/payments/a%CC%81pi@1.4.2", "pkg:generic/payments%2Fapi@1.4.2"} {
		st.Subject[0].Name = name
		want(t, scene{}.judge(t, signed(st, "pipeline")), "deny", "evidence-missing", "subject-mismatch")
	}
	// a builder in a grant
	for _, spelling := range []string{"https://mine.test/x/../one", "https://mine.test//one", "https://Mine.test/one", "https://mine.test/One", "https://mine.test/one/", "https://mine.test/" + decomposed} {
		model := replaced(t, baseModel, `predicates: ["https://slsa.dev/provenance/*"]}`, `builders: ["https://mine.test/one", "https://mine.test/`+composed+`"]}`)
		anything := scene{model: model, policies: []string{policyHead + buildEvidence + "rules:\n  - {id: any, about: provenance, expression: \"true\"}\n"}}
		mine := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(spelling))
		want(t, anything.judge(t, signed(mine, "pipeline")), "deny", "builder-untrusted", "evidence-missing")
	}
}

// watched is a file system that notes what is opened.
type watched struct {
	fs.FS
	mu     sync.Mutex
	opened []string
}

func (w *watched) Open(name string) (fs.File, error) {
	w.mu.Lock()
	w.opened = append(w.opened, name)
	w.mu.Unlock()
	return w.FS.Open(name)
}

// namesAreNoPaths puts paths wherever evidence may have a name, and has those files there: nothing but
// what the caller named is opened, and what is in those files is nowhere.
func namesAreNoPaths(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte(fixture.NewKey("pipeline").PEM()+"-- the secret --"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{secret, "file://" + secret, "secret.pub", "./secret.pub", "../secret.pub", "/etc/passwd", "-", "https://attacker.invalid/x", "|id", "$HOME/secret.pub", "~/secret.pub", "%SECRET%"} {
		st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder))
		st.Subject[0].Name, st.Subject[0].URI = path, path
		p := st.Predicate.(map[string]any)
		p["buildDefinition"].(map[string]any)["resolvedDependencies"] = []any{map[string]any{"uri": path, "name": path}}
		p["buildDefinition"].(map[string]any)["externalParameters"] = map[string]any{"source": path}
		e := envelope(st, "pipeline", "nobody")
		e.Signatures[0].KeyID, e.Signatures[1].KeyID = path, path
		e.Signatures[1].Cert = path
		files := &watched{FS: fstest.MapFS{
			"ownership.yaml": {Data: []byte(fixture.Expand(baseModel))}, "policy.yaml": {Data: []byte(basePolicy)}, "evidence.json": {Data: e.JSON()},
			"secret.pub": {Data: []byte(fixture.NewKey("nobody").PEM() + "-- the secret --")}, "trusted_root.json": {Data: []byte("-- the secret --")},
		}}
		model, err := ownership.Load(files, "ownership.yaml")
		if err != nil {
			t.Fatal(err)
		}
		policies, err := policy.Load(files, "policy.yaml")
		if err != nil {
			t.Fatal(err)
		}
		items, err := attest.ReadFS(files, "evidence.json", attest.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		v, err := verify.New(model, policies, verify.Config{})
		if err != nil {
			t.Fatal(err)
		}
		request := scene{}.request(t)
		request.Evidence = items
		verdict, err := v.Verify(context.Background(), request)
		if err != nil {
			t.Fatal(err)
		}
		want(t, verdict, "allow")
		if got := noted(verdict, verify.SeverityInfo); !slices.Equal(got, []string{"signer-unknown"}) {
			t.Errorf("%s: noted %v", path, got)
		}
		slices.Sort(files.opened)
		if opened := slices.Compact(files.opened); !slices.Equal(opened, []string{"evidence.json", "ownership.yaml", "policy.yaml"}) {
			t.Errorf("%s: opened %v", path, opened)
		}
		if data, _ := verdict.JSON(); bytes.Contains(data, []byte("the secret")) {
			t.Errorf("%s was read", path)
		}
	}
}

// certified is a scene in which a certificate with a subject signs, and a credential names an identity.
func certified(t *testing.T, subject, identity string) verify.Verdict {
	t.Helper()
	s := scene{openers: []verify.Opener{certificates{subject}}, model: replaced(t, baseModel, "credentials:\n",
		"credentials:\n  - {id: c, holder: pipeline, identity: "+identity+", states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n")}
	return s.judge(t, signed(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)), "nobody"))
}

// emptyIdentity: an empty text in a credential is a load error; in a certificate it matches nothing.
func emptyIdentity(t *testing.T) {
	for _, identity := range []string{
		`{issuer: "", subject: s}`, `{issuer: i, subject: ""}`, `{issuer: i}`, `{subject: s}`, `{}`, `{issuer: i, subject: s, claims: {}}`,
		`{issuer: i, subject: s, claims: {tokenSubject: ""}}`, `{issuer: null, subject: s}`, `{issuer: i, subject: s, claims: null}`,
	} {
		model := replaced(t, baseModel, "credentials:\n", "credentials:\n  - {id: c, holder: pipeline, identity: "+identity+", states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n")
		var wrong *ownership.Error
		if _, err := loadModel(model); !errors.As(err, &wrong) || wrong.Line == 0 || !strings.Contains(err.Error(), "expected") {
			t.Errorf("%s: %v", identity, err)
		}
	}
	any := `{issuer: "https://issuer.test", subject: "**"}`
	want(t, certified(t, "somebody", any), "allow")
	want(t, certified(t, "", any), "deny", "evidence-missing", "signer-unknown")
	want(t, certified(t, "somebody", `{issuer: "https://issuer.test", subject: "**", claims: {tokenSubject: "**"}}`), "deny", "evidence-missing", "signer-unknown")
	// an authority that may name anybody
	_, err := ownership.Load(fstest.MapFS{"ca.pem": {Data: []byte("CA")}, "ownership.yaml": {Data: []byte(fixture.Expand(replaced(t, baseModel, "credentials:\n",
		"trust: {certificateAuthorities: [{id: ca, file: ca.pem}]}\ncredentials:\n  - {id: c, holder: pipeline, identity: {authority: ca, uri: \"**\"}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n")))}}, "ownership.yaml")
	if err == nil || !strings.Contains(err.Error(), "a name of wildcards only") {
		t.Errorf("an authority without constraint: %v", err)
	}
}

// byteForByte: identities are equal only if their bytes are.
func byteForByte(t *testing.T) {
	const flow, mail = "https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/v1", "release@acme.test"
	for subject, others := range map[string][]string{
		flow: {
			strings.Replace(flow, "github.com", "GitHub.com", 1), strings.Replace(flow, "github.com", "github%2ecom", 1), strings.Replace(flow, "github.com", "github%2Ecom", 1),
			strings.Replace(flow, "github.com", "github.com:443", 1), strings.Replace(flow, "github.com", "g\u0456thub.com", 1), strings.Replace(flow, "github.com", "xn--gthub-n4a.com", 1),
			strings.Replace(flow, "github.com", "github.com.", 1), strings.Replace(flow, "acme/payments", "acme/x/../payments", 1), strings.Replace(flow, "acme/payments", "acme/./payments", 1),
			strings.Replace(flow, "acme/payments", "acme//payments", 1), strings.Replace(flow, "acme/payments", "Acme/payments", 1), flow + "/", flow + "?", flow + "#", flow + "\n", " " + flow,
			strings.Replace(flow, "https", "HTTPS", 1), strings.Replace(flow, "https://", "https://user@", 1), strings.Replace(flow, ".github/", "%2Egithub/", 1),
		},
		mail: {"Release@acme.test", "release@ACME.test", "release@acme.test.", "<release@acme.test>", "mailto:release@acme.test", "release+x@acme.test", "rel\u0435ase@acme.test"},
	} {
		identity := `{issuer: "https://issuer.test", subject: "` + subject + `"}`
		want(t, certified(t, subject, identity), "allow")
		for _, other := range others {
			want(t, certified(t, other, identity), "deny", "evidence-missing", "signer-unknown")
		}
		for _, issuer := range []string{"https://issuer.test/", "https://Issuer.test", "http://issuer.test", "https://issuer.test:443", "https://issuer.test.", "HTTPS://issuer.test", "https://issuer%2etest", "issuer.test"} {
			want(t, certified(t, subject, `{issuer: "`+issuer+`", subject: "`+subject+`"}`), "deny", "evidence-missing", "signer-unknown")
		}
	}
}
