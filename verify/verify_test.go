package verify_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

// TestNothingAllows: what is zero, nil, empty or cancelled never allows.
func TestNothingAllows(t *testing.T) {
	t.Parallel()
	if (verify.Verdict{}).Admits() || (verify.Verdict{}).Decision.String() != "deny" {
		t.Error("the zero Verdict admits")
	}
	if data, err := (verify.Verdict{}).JSON(); err != nil || !strings.Contains(string(data), `"decision":"deny"`) {
		t.Errorf("the zero Verdict is %s, %v", data, err)
	}
	request := scene{}.request(t, provenance("pipeline"))
	var none *verify.Verifier
	for name, v := range map[string]*verify.Verifier{"nil": none, "zero": {}} {
		if verdict, err := v.Verify(context.Background(), request); !errors.Is(err, verify.ErrNoOwnership) || verdict.Admits() {
			t.Errorf("%s verifier: %v, %s", name, err, verdict.Decision)
		}
	}
	if _, err := verify.New(nil, nil, verify.Config{}); !errors.Is(err, verify.ErrNoOwnership) {
		t.Errorf("nil model: %v", err)
	}
	model, err := loadModel(baseModel)
	if err != nil {
		t.Fatal(err)
	}
	var config *verify.ConfigError
	if _, err := verify.New(model, []*policy.Policy{nil}, verify.Config{}); !errors.As(err, &config) {
		t.Errorf("nil policy: %v", err)
	}
	if _, err := verify.New(model, nil, verify.Config{MinVersions: map[string]int{"nothing": 1}}); !errors.As(err, &config) {
		t.Errorf("minimum of an unknown document: %v", err)
	}
	if v, err := verify.New(&ownership.Model{}, []*policy.Policy{{}}, verify.Config{}); err == nil {
		if verdict, err := v.Verify(context.Background(), request); err == nil && verdict.Admits() {
			t.Error("the empty model and policy admit")
		}
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if verdict, err := (scene{}).verifier(t).Verify(cancelled, request); !errors.Is(err, context.Canceled) || verdict.Admits() {
		t.Errorf("cancelled: %v, %s", err, verdict.Decision)
	}
	for field, change := range map[string]func(*verify.Request){
		"artifact": func(r *verify.Request) { r.Artifact = attest.Artifact{} },
		"at":       func(r *verify.Request) { r.At = r.At.Truncate(1<<62).AddDate(-9999, 0, 0); r.At = verify.Request{}.At },
	} {
		r := request
		change(&r)
		var bad *verify.RequestError
		if verdict, err := (scene{}).verifier(t).Verify(context.Background(), r); !errors.As(err, &bad) || bad.Field != field || verdict.Admits() {
			t.Errorf("no %s: %v", field, err)
		}
	}
	want(t, scene{}.judge(t), "deny", "evidence-missing")
}

// TestInForce moves the time of evaluation around the effective times of model and policy (§4.8, §4.13).
func TestInForce(t *testing.T) {
	t.Parallel()
	model := replaced(t, baseModel, "effectiveFrom: 2026-01-01T00:00:00Z", "effectiveFrom: 2026-03-01T00:00:00Z")
	ends := replaced(t, basePolicy, "effectiveFrom: 2026-01-01T00:00:00Z", "effectiveFrom: 2026-02-01T00:00:00Z, effectiveUntil: 2026-05-01T00:00:00Z")
	next := replaced(t, basePolicy, "version: 4, effectiveFrom: 2026-01-01", "version: 5, effectiveFrom: 2026-04-01", "github-hosted'", "nothing'")
	tests := []struct {
		name     string
		scene    scene
		decision string
		codes    []string
	}{
		{"model at -1 s", scene{model: model, at: "2026-02-28T23:59:59Z"}, "deny", []string{"ownership-not-in-force"}},
		{"model at 0", scene{model: model, at: "2026-03-01T00:00:00Z"}, "allow", nil},
		{"model at +1 s", scene{model: model, at: "2026-03-01T00:00:01Z"}, "allow", nil},
		{"policy begins at -1 s", scene{policies: []string{ends}, at: "2026-01-31T23:59:59Z"}, "deny", []string{"no-policy", "policy-not-in-force"}},
		{"policy begins at 0", scene{policies: []string{ends}, at: "2026-02-01T00:00:00Z"}, "allow", nil},
		{"policy begins at +1 s", scene{policies: []string{ends}, at: "2026-02-01T00:00:01Z"}, "allow", nil},
		{"policy ends at -1 s", scene{policies: []string{ends}, at: "2026-04-30T23:59:59Z"}, "allow", nil},
		{"policy ends at 0", scene{policies: []string{ends}, at: "2026-05-01T00:00:00Z"}, "deny", []string{"policy-not-in-force"}},
		{"policy ends at +1 s", scene{policies: []string{ends}, at: "2026-05-01T00:00:01Z"}, "deny", []string{"policy-not-in-force"}},
		{"next version at -1 s", scene{policies: []string{basePolicy, next}, at: "2026-03-31T23:59:59Z"}, "allow", nil},
		{"next version at 0", scene{policies: []string{basePolicy, next}, at: "2026-04-01T00:00:00Z"}, "deny", []string{"rule-failed"}},
		{"next version at +1 s", scene{policies: []string{next, basePolicy}, at: "2026-04-01T00:00:01Z"}, "deny", []string{"rule-failed"}},
		{"next version follows one that ended", scene{policies: []string{ends, replaced(t, next, "nothing'", "github-hosted'")}, at: "2026-06-01T00:00:00Z"}, "allow", nil},
		{"minimum version met", scene{minimum: map[string]int{"payments": 4, "acme": 12}}, "allow", nil},
		{"policy older than the minimum", scene{minimum: map[string]int{"payments": 5}}, "deny", []string{"policy-not-in-force"}},
		{"model older than the minimum", scene{minimum: map[string]int{"acme": 13}}, "deny", []string{"ownership-not-in-force"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want(t, tt.scene.judge(t, provenance("pipeline")), tt.decision, tt.codes...)
		})
	}
	t.Run("a name that has not begun is ignored with a finding", func(t *testing.T) {
		t.Parallel()
		later := replaced(t, basePolicy, "name: payments, version: 4, effectiveFrom: 2026-01-01", "name: later, version: 1, effectiveFrom: 2027-01-01", "github-hosted'", "nothing'")
		v := scene{policies: []string{basePolicy, later}}.judge(t, provenance("pipeline"))
		want(t, v, "allow")
		if got := noted(v, verify.SeverityInfo); !slices.Equal(got, []string{"policy-not-in-force"}) {
			t.Errorf("noted %v", got)
		}
	})
	t.Run("equal effectiveFrom does not load", func(t *testing.T) {
		t.Parallel()
		model, err := loadModel(baseModel)
		if err != nil {
			t.Fatal(err)
		}
		policies, err := loadPolicies(basePolicy, replaced(t, basePolicy, "version: 4", "version: 5"))
		if err != nil {
			t.Fatal(err)
		}
		var config *verify.ConfigError
		if _, err := verify.New(model, policies, verify.Config{}); !errors.As(err, &config) {
			t.Errorf("%v", err)
		}
	})
	t.Run("the worst policy decides", func(t *testing.T) {
		t.Parallel()
		strict := replaced(t, basePolicy, "name: payments", "name: strict", "github-hosted'", "nothing'")
		fresh := replaced(t, basePolicy, "name: payments", "name: fresh", "artifacts:", "freshness: {revocations: 24h}\nartifacts:")
		want(t, scene{policies: []string{basePolicy, strict}}.judge(t, provenance("pipeline")), "deny", "rule-failed")
		want(t, scene{policies: []string{basePolicy, fresh}}.judge(t, provenance("pipeline")), "indeterminate", "evidence-missing", "revocation-stale")
		want(t, scene{policies: []string{strict, fresh, basePolicy}}.judge(t, provenance("pipeline")), "deny", "evidence-missing", "revocation-stale", "rule-failed")
	})
}

// TestMonotone: a stranger's junk changes no decision, and removing supporting evidence never turns a
// refusal into an allow (§4.3, §4.4).
func TestMonotone(t *testing.T) {
	t.Parallel()
	supporting := map[string][]byte{
		"provenance": provenance("pipeline"),
		"bad":        signed(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance("bad")), "pipeline"),
		"alice":      signed(approvalStatement("a"), "alice"),
		"bob":        signed(approvalStatement("a"), "bob"),
		"alice too":  signed(approvalStatement("b"), "p256:alice"),
	}
	tampered := envelope(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)), "pipeline")
	tampered.Signatures[0].Sig = flipBase64(tampered.Signatures[0].Sig, 2)
	crowded := envelope(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)), "pipeline")
	for range 40 {
		crowded.Signatures = append(crowded.Signatures, fixture.Signature{Sig: "AAAA"})
	}
	junk := map[string][]byte{
		"unreadable": []byte(`{"payload":`), "not JSON": []byte("\xff\xfe"), "empty object": []byte("{}"), "stranger": provenance("nobody"), "not granted": provenance("stranger"),
		"tampered": tampered.JSON(), "over a limit": crowded.JSON(), "other artifact": signed(fixture.NewStatement(fixture.ProvenanceV1, otherFile, fixture.Provenance("x")), "pipeline"),
		"unasked": signed(fixture.NewStatement("https://example.test/x", release, nil), "pipeline"), "unsigned": fixture.Sign(fixture.NewStatement(fixture.ProvenanceV1, release, nil).JSON()).JSON(),
	}
	policies := map[string]scene{
		"builder":    {},
		"two people": {policies: []string{twoPeople}},
		"both":       {policies: []string{basePolicy, replaced(t, twoPeople, "name: payments, version: 4", "name: people, version: 1")}},
		"standing":   {policies: []string{policyHead + buildEvidence + builderRule + "  - {id: exists, expression: \"evidence.provenance.exists(p, p.provenance.builder != 'bad')\"}\n"}},
		"fresh":      {policies: []string{replaced(t, basePolicy, "artifacts:", "freshness: {revocations: 24h}\nartifacts:")}},
		"in error":   {policies: []string{replaced(t, basePolicy, "it.provenance.builder == 'https://github.com/actions/runner/github-hosted'", "it.predicate.x == 1")}},
	}
	names := slices.Sorted(func(yield func(string) bool) {
		for n := range supporting {
			if !yield(n) {
				return
			}
		}
	})
	for name, s := range policies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := s.verifier(t)
			decide := func(files ...[]byte) verify.Decision {
				verdict, err := v.Verify(context.Background(), s.request(t, files...))
				if err != nil {
					t.Fatal(err)
				}
				return verdict.Decision
			}
			decisions := map[int]verify.Decision{}
			for set := range 1 << len(names) {
				var files [][]byte
				for i, n := range names {
					if set&(1<<i) != 0 {
						files = append(files, supporting[n])
					}
				}
				decisions[set] = decide(files...)
				for what, j := range junk {
					if got := decide(append(slices.Clone(files), j)...); got != decisions[set] {
						t.Errorf("set %05b: %s turns %s into %s", set, what, decisions[set], got)
					}
				}
			}
			for set, decision := range decisions {
				for i := range names {
					if less := decisions[set&^(1<<i)]; less > decision && less.Admits() {
						t.Errorf("set %05b without %s: %s becomes %s", set, names[i], decision, less)
					}
				}
			}
		})
	}
}

// TestVerdictRoundTrip: what the verdict's JSON says, reading it gives back.
func TestVerdictRoundTrip(t *testing.T) {
	t.Parallel()
	for _, evidence := range [][][]byte{nil, {provenance("pipeline")}, {provenance("nobody"), []byte("<&>")}} {
		v := scene{}.judge(t, evidence...)
		data, err := v.JSON()
		if err != nil {
			t.Fatal(err)
		}
		var back verify.Verdict
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		again, err := back.JSON()
		if err != nil || string(again) != string(data) {
			t.Errorf("%v\n%s\n%s", err, data, again)
		}
	}
	for _, bad := range []string{`{"decision":"Allow"}`, `{"decision":"allowed"}`, `{"decision":""}`, `{"marks":{"identity":"PASS"}}`, `{"findings":[{"severity":"fatal"}]}`} {
		var v verify.Verdict
		if err := json.Unmarshal([]byte(bad), &v); err == nil || v.Admits() {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// TestAttribution holds §4.14: who answers, whom to page, and the controls upstream.
func TestAttribution(t *testing.T) {
	t.Parallel()
	find := func(v verify.Verdict, code verify.Code) verify.Finding {
		t.Helper()
		i := slices.IndexFunc(v.Findings, func(f verify.Finding) bool { return f.Code == code })
		if i < 0 {
			t.Fatalf("no %s:\n%s", code, explain(v))
		}
		return v.Findings[i]
	}
	v := scene{}.judge(t)
	f := find(v, verify.EvidenceMissing)
	if got, want := fmt.Sprint(f.Accountable), "{approvers pager:approvers [security] [approvers] {approvers pager:approvers} }"; got != want {
		t.Errorf("accountable %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(f.AlsoAnswer), "[{publisher-identity security} {certificate-issuance security} {key-lifecycle security} {review-audit approvers}]"; got != want {
		t.Errorf("upstream %s, want %s", got, want)
	}
	if f.Position != "policy.yaml:6:5" || f.Control != "release-policy" {
		t.Errorf("%+v", f)
	}
	// the team is empty now: the next of its escalation is paged, and the team still answers
	gone := replaced(t, baseModel, "members: [{person: alice}, {person: bob}]", "members: [{person: alice, until: 2026-05-01T00:00:00Z}]")
	f = find(scene{model: gone}.judge(t), verify.EvidenceMissing)
	if f.Accountable.Team != "approvers" || f.Accountable.Page != "pager:security" {
		t.Errorf("empty team: %+v", f.Accountable)
	}
	// a rule names its own control
	own := scene{policies: []string{replaced(t, basePolicy, "about: provenance,", "about: provenance, control: key-lifecycle, remedy: \"do it\", frameworks: [\"slsa-1.2:build-l3\"],", "github-hosted'", "nothing'")}}
	f = find(own.judge(t, provenance("pipeline")), verify.RuleFailed)
	if f.Control != "key-lifecycle" || f.Remedy != "do it" || !slices.Equal(f.Frameworks, []string{"slsa-1.2:build-l3"}) || len(f.AlsoAnswer) != 2 || f.Position != "policy.yaml:8:5" || !strings.Contains(f.Message, "the builder is not one of ours") {
		t.Errorf("%+v", f)
	}
	// a rule without frameworks has its code's
	own.policies[0] = replaced(t, own.policies[0], ", frameworks: [\"slsa-1.2:build-l3\"]", "")
	if f := find(own.judge(t, provenance("pipeline")), verify.RuleFailed); !slices.Equal(f.Frameworks, verify.RuleFailed.Frameworks()) || len(f.Frameworks) == 0 {
		t.Errorf("frameworks %q", f.Frameworks)
	}
	// nobody owns it: that is a finding itself
	unowned := replaced(t, baseModel, "  - {control: publisher-identity, artifacts: [\"**\"], accountable: security, responsible: [security]}\n", "")
	v = scene{model: unowned}.judge(t, provenance("nobody"))
	want(t, v, "deny", "control-unowned", "evidence-missing", "signer-unknown")
	if f := find(v, verify.SignerUnknown); f.Accountable.Team != "" || !slices.Equal(f.Frameworks, []string{"nist-csf-2.0:PR.AA-05"}) {
		t.Errorf("%+v", f)
	}
	if f := find(v, verify.ControlUnowned); !slices.Equal(f.Frameworks, []string{"nist-csf-2.0:GV.RR-02"}) {
		t.Errorf("%+v", f)
	}
	if f := find(v, verify.EvidenceMissing); len(f.Frameworks) != 0 {
		t.Errorf("%+v", f)
	}
}

// TestSeparation is §4.11 for two declared kinds.
func TestSeparation(t *testing.T) {
	t.Parallel()
	model := replaced(t, baseModel, "controls:\n", "separation:\n  - {id: apart, duties: [build, approve]}\ncontrols:\n", "operators: [dana]", "operators: [alice]",
		"grants:\n", "grants:\n  - {to: alice, may: [build], artifacts: [\"pkg:generic/payments/**\"]}\n")
	both := policyHead + buildEvidence + "  - {name: approvals, predicateTypes: [\"https://example.test/approval/v1\"], duty: approve}\nrules:\n  - {id: built, about: provenance, expression: \"true\"}\n"
	s := scene{model: model, policies: []string{both}}
	alice, bob := signed(approvalStatement("a"), "alice"), signed(approvalStatement("a"), "bob")
	own := signed(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)), "alice")
	want(t, s.judge(t, provenance("pipeline"), bob), "allow")
	want(t, s.judge(t, provenance("pipeline"), alice), "deny", "separation-violated") // she operates the pipeline
	want(t, s.judge(t, own, alice), "deny", "separation-violated")
	v := s.judge(t, provenance("pipeline"), alice, bob)
	want(t, v, "allow")
	if got := noted(v, verify.SeverityInfo); !slices.Equal(got, []string{"separation-violated"}) {
		t.Errorf("noted %v", got)
	}
	want(t, s.judge(t, own, bob, alice), "allow")
	two := s
	two.policies = []string{replaced(t, both, "duty: approve", "duty: approve, min: 2")}
	want(t, two.judge(t, provenance("pipeline"), alice, bob), "deny", "separation-violated")
	unknown := s
	unknown.model = replaced(t, model, ", operators: [alice]", "")
	v = unknown.judge(t, provenance("pipeline"), alice)
	want(t, v, "allow")
	if got := noted(v, verify.SeverityWarn); !slices.Equal(got, []string{"separation-unprovable"}) {
		t.Errorf("warned of %v", got)
	}
}

// TestSharedCredential: several holders count as nobody in particular, and each must be granted.
func TestSharedCredential(t *testing.T) {
	t.Parallel()
	shared := replaced(t, baseModel, "{id: pipeline-key, holder: pipeline,", "{id: pipeline-key, holder: [pipeline, stranger],")
	want(t, scene{model: shared}.judge(t, provenance("pipeline")), "deny", "evidence-missing", "signer-not-granted")
	granted := replaced(t, shared, "grants:\n", "grants:\n  - {to: stranger, may: [build], artifacts: [\"pkg:generic/payments/**\"]}\n")
	v := scene{model: granted}.judge(t, provenance("pipeline"))
	want(t, v, "allow")
	if got := noted(v, verify.SeverityInfo); !slices.Equal(got, []string{"credential-shared"}) || v.Signers[0].Holder != "" {
		t.Errorf("noted %v, holder %q", got, v.Signers[0].Holder)
	}
	people := replaced(t, baseModel, "{id: alice-key, holder: alice,", "{id: alice-key, holder: [alice, bob],")
	one := scene{model: people, policies: []string{replaced(t, twoPeople, "min: 2", "min: 1")}}
	want(t, one.judge(t, signed(approvalStatement("a"), "alice")), "deny", "credential-shared", "evidence-missing")
}

func TestDocumentDigests(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"a.yaml": {Data: []byte(basePolicy)}, "b.yml": {Data: []byte(replaced(t, basePolicy, "name: payments", "name: other"))}}
	policies, err := policy.Load(files, ".")
	if err != nil {
		t.Fatal(err)
	}
	if len(policies) != 2 || policies[0].Digest() == policies[1].Digest() {
		t.Errorf("%d policies", len(policies))
	}
}
