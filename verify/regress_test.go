package verify_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

// timed is an opener that gives an envelope's signature the trusted time its key id says. It stands in
// for timestamps beside keys.
type timed struct{}

func (timed) Opens(item *attest.Item) bool {
	e := item.Envelope()
	return e != nil && len(e.Signatures) == 1 && strings.HasPrefix(e.Signatures[0].KeyID, "time:")
}
func (timed) Trust() []verify.TrustInput { return nil }
func (o timed) Open(_ context.Context, item *attest.Item, keys verify.Keys) (verify.Opened, error) {
	e := item.Envelope()
	at, err := time.Parse(time.RFC3339, strings.TrimPrefix(e.Signatures[0].KeyID, "time:"))
	if err != nil {
		return verify.Opened{}, err
	}
	for _, key := range keys(e.Signatures[0].KeyID) {
		if verify.VerifyKey(key, e, e.Signatures[0].Sig) {
			return verify.Opened{Checks: 1, Proofs: []verify.Proof{{
				Identity: ownership.Identity{Key: key.Fingerprint}, Times: []verify.TrustedTime{{At: at, Source: "rfc3161", Authority: "test"}},
			}}}, nil
		}
	}
	return verify.Opened{Checks: 1}, nil
}

// stamped is a signed statement with a trusted time.
func stamped(s fixture.Statement, at string, key string) []byte {
	e := envelope(s, key)
	e.Signatures[0].KeyID = "time:" + at
	return e.JSON()
}

// TestOneSignerACredential: what a credential signs over one payload makes one signer, whenever and
// however often; an earlier signature neither adds to the count nor takes anything from a later.
func TestOneSignerACredential(t *testing.T) {
	t.Parallel()
	a := approvalStatement("a")
	april, may := stamped(a, "2026-04-15T00:00:00Z", "alice"), stamped(a, "2026-05-15T00:00:00Z", "alice")
	model := replaced(t, baseModel, "grants:\n", "grants:\n  - {to: approvers, may: [attest], artifacts: [\"**\"], from: 2026-05-01T00:00:00Z}\n",
		"members: [{person: erin}]", "members: [{person: erin}, {person: alice, from: 2026-05-01T00:00:00Z}]")
	rule := func(expression string) scene {
		return scene{model: model, openers: []verify.Opener{timed{}}, policies: []string{policyHead + "evidence:\n  - {name: approvals, predicateTypes: [\"https://example.test/approval/v1\"], duty: approve}\nrules:\n  - {id: r, about: approvals, expression: \"" + expression + "\"}\n"}}
	}
	for _, count := range []string{"it.signers.size() >= 2", "it.signers.holding('approve').size() >= 2", "it.signers.people().size() >= 2"} {
		for _, evidence := range [][][]byte{{april}, {may}, {april, may}, {may, april}, {april, may, signed(a, "alice")}} {
			want(t, rule(count).judge(t, evidence...), "deny", "rule-failed")
		}
		want(t, rule(count).judge(t, april, signed(a, "bob")), "allow")
	}
	for _, later := range []string{"it.signers.holding('attest').size() == 1", "it.signers.exists(s, 'security' in s.teams)"} {
		want(t, rule(later).judge(t, april), "deny", "rule-failed")
		want(t, rule(later).judge(t, may), "allow")
		want(t, rule(later).judge(t, april, may), "allow")
	}
	first := rule("it.signedAt.notAfter == timestamp('2026-04-15T00:00:00Z')")
	want(t, first.judge(t, april, may), "allow")
	want(t, first.judge(t, may), "deny", "rule-failed")
	// no rule sees the duty or the team of one signature with the time of the other
	for _, mixed := range []string{
		"it.signers.holding('attest').exists(s, s.signedAt.notAfter < timestamp('2026-05-01T00:00:00Z'))",
		"it.signers.exists(s, 'security' in s.teams && s.signedAt.notAfter < timestamp('2026-05-01T00:00:00Z'))",
		"it.signers.holding('attest').size() == 1 && it.signedAt.notAfter < timestamp('2026-05-01T00:00:00Z')",
	} {
		for _, evidence := range [][][]byte{{april}, {may}, {april, may}} {
			want(t, rule(mixed).judge(t, evidence...), "deny", "rule-failed")
		}
	}
	// what only a later signature shows stands beside an earlier one
	late := rule("it.signedAt.notAfter >= timestamp('2026-05-01T00:00:00Z')")
	want(t, late.judge(t, april), "deny", "rule-failed")
	want(t, late.judge(t, may), "allow")
	want(t, late.judge(t, april, may), "allow")
}

// TestTimesOfCopies: a copy of a signature with another time takes nothing from it; each is judged by
// its own.
func TestTimesOfCopies(t *testing.T) {
	t.Parallel()
	model := replaced(t, baseModel, "key: {pem: KEY(pipeline)}, states: [{state: active, from: 2026-01-01T00:00:00Z}]",
		"key: {pem: KEY(pipeline)}, states: [{state: active, from: 2026-01-01T00:00:00Z}, {state: suspended, from: 2026-03-01T00:00:00Z}, {state: active, from: 2026-04-01T00:00:00Z}]")
	s := scene{model: model, openers: []verify.Opener{timed{}}}
	st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder))
	inside, after := stamped(st, "2026-03-15T00:00:00Z", "pipeline"), stamped(st, "2026-05-01T00:00:00Z", "pipeline")
	want(t, s.judge(t, inside), "deny", "credential-suspended", "evidence-missing")
	want(t, s.judge(t, after), "allow")
	v := s.judge(t, after, inside)
	want(t, v, "allow")
	if got := noted(v, verify.SeverityInfo); !slices.Equal(got, []string{"credential-suspended"}) {
		t.Errorf("noted %v", got)
	}
}

// TestMapsComeInOrder: a rule that looks at the order of a map's keys gets one answer.
func TestMapsComeInOrder(t *testing.T) {
	t.Parallel()
	m := map[string]any{}
	for n := range 20 {
		m[fmt.Sprintf("k%02d", n)] = map[string]any{"b": 1, "a": 2, "c": 3}
	}
	item := signed(fixture.NewStatement(fixture.ProvenanceV1, release, map[string]any{"m": m}), "pipeline")
	for _, x := range []string{
		"it.predicate.m.map(k, k)[0] == 'k00'", "it.predicate.m.map(k, k)[19] == 'k19'", "it.predicate.m.k07.map(k, k) == ['a', 'b', 'c']",
		"params.tiers.map(k, k) == ['bronze', 'gold', 'silver']", "{'z': 1, 'y': 2, 'x': 3}.map(k, k) == ['x', 'y', 'z']", "it.subjects[0].digest.map(k, k) == ['sha256']",
	} {
		s := scene{policies: []string{policyHead + "params: {tiers: {silver: 1, gold: 2, bronze: 3}}\n" + buildEvidence + "rules:\n  - {id: r, about: provenance, expression: \"" + x + "\"}\n"}}
		v, request := s.verifier(t), s.request(t, item)
		for range 50 {
			verdict, err := v.Verify(context.Background(), request)
			if err != nil {
				t.Fatal(err)
			}
			if !verdict.Admits() {
				t.Fatalf("%s: %s\n%s", x, verdict.Decision, explain(verdict))
			}
		}
	}
}

// TestRefusalsSayWhy: a deny has a finding that denies, an indeterminate verdict has one that is
// indeterminate and none that denies; undecided evidence that speaks against a release is said to.
func TestRefusalsSayWhy(t *testing.T) {
	t.Parallel()
	fresh := "freshness: {revocations: 24h}\nartifacts:"
	separate := replaced(t, baseModel, "controls:\n", "separation:\n  - {id: apart, duties: [build, approve]}\ncontrols:\n", "operators: [dana]", "operators: [alice]")
	both := replaced(t, policyHead, "artifacts:", fresh) + buildEvidence + "  - {name: approvals, predicateTypes: [\"https://example.test/approval/v1\"], duty: approve}\nrules:\n  - {id: built, about: provenance, expression: \"true\"}\n"
	global := func(x string) string {
		return replaced(t, policyHead, "artifacts:", fresh) + buildEvidence + "rules:\n  - {id: built, about: provenance, expression: \"true\"}\n  - {id: global, expression: \"" + x + "\"}\n"
	}
	tests := []struct {
		name     string
		scene    scene
		evidence [][]byte
		decision string
		code     string
	}{
		{"undecided evidence that breaks separation", scene{model: separate, policies: []string{both}}, [][]byte{provenance("pipeline"), signed(approvalStatement("a"), "alice")}, "deny", "separation-violated"},
		{"undecided evidence that fails a rule about all", scene{policies: []string{global("evidence.provenance.all(p, p.provenance.builder == 'x')")}}, [][]byte{provenance("pipeline")}, "deny", "rule-failed"},
		{"a rule in error on undecided evidence", scene{policies: []string{global("evidence.provenance.exists(p, p.predicate.nope == 1)")}}, [][]byte{provenance("pipeline")}, "indeterminate", "rule-failed"},
		{"a rule that errs on what stands and fails on undecided evidence", scene{policies: []string{global("evidence.provenance[0].provenance.builder == 'x'")}}, [][]byte{provenance("pipeline")}, "deny", "rule-failed"},
		{"an unproven order on undecided evidence", scene{policies: []string{global("evidence.provenance.exists(p, p.signedAt.before(p.signedAt))")}}, [][]byte{provenance("pipeline")}, "indeterminate", "rule-failed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := tt.scene.judge(t, tt.evidence...)
			severity := verify.SeverityDeny
			if tt.decision == "indeterminate" {
				severity = verify.SeverityIndeterminate
				if codes := noted(v, verify.SeverityDeny); len(codes) > 0 {
					t.Errorf("an indeterminate verdict denies: %v", codes)
				}
			}
			if v.Decision.String() != tt.decision || !slices.Contains(noted(v, severity), tt.code) {
				t.Errorf("%s, want %s %s\n%s", v.Decision, tt.decision, tt.code, explain(v))
			}
		})
	}
}

// TestSeparationHoldsAfterwards: with somebody left out of a duty, what stands then has nobody in common
// either.
func TestSeparationHoldsAfterwards(t *testing.T) {
	t.Parallel()
	model := replaced(t, baseModel, "controls:\n", "separation:\n  - {id: apart, duties: [build, approve]}\ncontrols:\n",
		"grants:\n", "grants:\n  - {to: approvers, may: [build], artifacts: [\"pkg:generic/payments/**\"]}\n")
	s := scene{model: model, policies: []string{policyHead + buildEvidence + "  - {name: approvals, predicateTypes: [\"https://example.test/approval/v1\"], duty: approve}\n" +
		"rules:\n  - {id: one-builder, about: provenance, expression: \"it.signers.holding('build').size() == 1\"}\n  - {id: one-approver, about: approvals, expression: \"it.signers.holding('approve').size() == 1\"}\n"}}
	build := func(note string) fixture.Statement {
		return fixture.NewStatement(fixture.ProvenanceV1, release, map[string]any{"note": note})
	}
	together := [][]byte{signed(build("3"), "alice", "bob"), signed(approvalStatement("2"), "alice", "bob")}
	want(t, s.judge(t, together...), "deny", "rule-failed")
	own := append(together, signed(build("2"), "bob"), signed(approvalStatement("1"), "bob"))
	// Bob's own two leave him out of one duty: then Alice alone would stand behind both of those together
	// with him, unless one of his own takes the place of one of them
	want(t, s.judge(t, own...), "allow")
	want(t, s.judge(t, append(together, signed(build("2"), "bob"))...), "deny", "rule-failed")
	alone := s
	alone.policies = []string{replaced(t, s.policies[0], "id: one-approver, about: approvals, expression: \"", "id: one-approver, about: approvals, expression: \"it.predicate.note == '2' && ")}
	// only the approval both signed would do, and without Bob it is Alice's, as the build is
	want(t, alone.judge(t, own...), "deny", "rule-failed")
}

// TestRenamedFilesChangeOnlySources is abuse case 33 for what cannot be read.
func TestRenamedFilesChangeOnlySources(t *testing.T) {
	t.Parallel()
	malformed := strings.Replace(string(provenance("pipeline")), `"signatures":[`, `"signatures":[{"sig":7},`, 1)
	v := scene{}.verifier(t)
	var first []byte
	for _, name := range []string{"one.json", "dir/two.json"} {
		r := scene{}.request(t)
		r.Evidence = append(attest.Parse(name, []byte(malformed), attest.Limits{}), attest.Parse(name, []byte(`{"payload":`), attest.Limits{})...)
		verdict, err := v.Verify(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		for i := range verdict.Inputs.Evidence {
			verdict.Inputs.Evidence[i].Sources = nil
		}
		data, err := verdict.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if first != nil && !bytes.Equal(first, data) {
			t.Errorf("the name changed more than the sources:\n%s\n%s", first, data)
		}
		first = data
	}
}

// TestEnvironmentNames: a name that only looks like a policy's does not dodge it.
func TestEnvironmentNames(t *testing.T) {
	t.Parallel()
	for _, environment := range []string{"production ", " production", "production\u200b", "pro\nduction", "prod\u0443ction", "\x00"} {
		s := scene{environment: environment}
		var bad *verify.RequestError
		if _, err := s.verifier(t).Verify(context.Background(), s.request(t, provenance("pipeline"))); !asRequestError(err, &bad) || bad.Field != "environment" {
			t.Errorf("%q: %v", environment, err)
		}
	}
}
