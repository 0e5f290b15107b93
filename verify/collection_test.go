package verify_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/verify"
)

// This file judges collections of Witness: each attestation in one counts for what its own type is granted.

const (
	collectionType = "https://witness.testifysec.com/attestation-collection/v0.1"
	approvalType   = "https://example.test/approval/v1"
	testsEvidence  = "  - {name: tests, predicateTypes: [\"" + fixture.TestResult + "\"], duty: attest}\n"
	testsRule      = "  - {id: passed, about: tests, expression: \"it.test.result == 'PASSED'\"}\n"
)

// inner is an attestation in a collection.
type inner struct {
	Type        string `json:"type"`
	Attestation any    `json:"attestation"`
	Start       string `json:"starttime,omitempty"`
}

func building(builder string) inner {
	return inner{Type: fixture.ProvenanceV1, Attestation: fixture.Provenance(builder), Start: "2026-05-01T10:00:00Z"}
}

func resulting(result string) inner {
	return inner{Type: fixture.TestResult, Attestation: map[string]any{"result": result, "configuration": []any{map[string]any{"name": "c"}}}}
}

// collecting is a statement that holds attestations.
func collecting(attestations ...inner) fixture.Statement {
	s := fixture.NewStatement(collectionType, release, map[string]any{"name": "build", "attestations": append([]inner{}, attestations...)})
	s.Type = "https://in-toto.io/Statement/v0.1"
	return s
}

// grants is the base model with these grants for the pipeline.
func grants(t *testing.T, list ...string) string {
	t.Helper()
	return replaced(t, baseModel, "  - {to: pipeline, may: [build], artifacts: [\"pkg:generic/payments/**\"], predicates: [\"https://slsa.dev/provenance/*\"]}\n", strings.Join(list, ""))
}

// grant is a grant for the pipeline of duties for predicate types.
func grant(duties, more string, types ...string) string {
	return fmt.Sprintf("  - {to: pipeline, may: [%s], artifacts: [\"pkg:generic/payments/**\"], predicates: [%s]%s}\n", duties, `"`+strings.Join(types, `", "`)+`"`, more)
}

// TestCollectionGrants: neither a grant for collections nor one for what is in them does for the other.
func TestCollectionGrants(t *testing.T) {
	t.Parallel()
	const slsa = "https://slsa.dev/provenance/*"
	both := policyHead + buildEvidence + testsEvidence + builderRule + testsRule
	good := signed(collecting(building(fixture.Builder), resulting("PASSED")), "pipeline")
	for _, row := range []struct {
		name     string
		grants   []string
		policy   string
		evidence []byte
		decision string
		codes    []string
	}{
		{"both types", []string{grant("build", "", slsa, collectionType)}, basePolicy, good, "allow", nil},
		{"both types in two grants", []string{grant("build", "", slsa), grant("build", "", collectionType)}, basePolicy, good, "allow", nil},
		{"any type", []string{"  - {to: pipeline, may: [build], artifacts: [\"pkg:generic/payments/**\"]}\n"}, basePolicy, good, "allow", nil},
		{"only collections", []string{grant("build", "", collectionType)}, basePolicy, good, "deny", []string{"evidence-missing", "signer-not-granted", "threshold-unreachable"}},
		{"only provenance", []string{grant("build", "", slsa)}, basePolicy, good, "deny", []string{"evidence-missing", "signer-not-granted"}},
		{"collections for another duty", []string{grant("build", "", slsa), grant("attest", "", collectionType)}, basePolicy, good, "deny", []string{"evidence-missing", "signer-not-granted"}},
		{"collections of another host", []string{grant("build", "", slsa, "https://witness.dev/attestation-collection/v0.1")}, basePolicy, good, "deny", []string{"evidence-missing", "signer-not-granted"}},
		{"collections once", []string{grant("build", "", slsa), grant("build", ", until: 2026-05-01T00:00:00Z", collectionType)}, basePolicy, good, "deny", []string{"evidence-missing", "signer-not-granted"}},
		{"provenance and tests", []string{grant("build, attest", "", slsa, fixture.TestResult, collectionType)}, both, good, "allow", nil},
		{"tests smuggled beside provenance", []string{grant("build, attest", "", slsa, collectionType)}, both, good, "deny", []string{"evidence-missing", "signer-not-granted", "threshold-unreachable"}},
		{"tests for the duty to build", []string{grant("build", "", slsa, fixture.TestResult, collectionType)}, both, good, "deny", []string{"evidence-missing", "signer-not-granted", "threshold-unreachable"}},
		{"a builder that is trusted", []string{grant("build", ", builders: [\""+fixture.Builder+"\"]", slsa, collectionType)}, basePolicy, good, "allow", nil},
		{"a builder that is not", []string{grant("build", ", builders: [\"https://b.test\"]", slsa, collectionType)}, basePolicy, good, "deny", []string{"builder-untrusted", "evidence-missing"}},
		{"a builder trusted only for collections", []string{grant("build", ", builders: [\"https://b.test\"]", slsa), grant("build", "", collectionType)}, basePolicy, good, "deny", []string{"builder-untrusted", "evidence-missing"}},
		{"another builder", []string{grant("build", "", slsa, collectionType)}, basePolicy, signed(collecting(building("https://b.test")), "pipeline"), "deny", []string{"rule-failed"}},
		{"tests that failed", []string{grant("build, attest", "", slsa, fixture.TestResult, collectionType)}, both, signed(collecting(building(fixture.Builder), resulting("FAILED")), "pipeline"), "deny", []string{"rule-failed"}},
		{"nothing in it", []string{grant("build", "", slsa, collectionType)}, basePolicy, signed(collecting(), "pipeline"), "deny", []string{"evidence-missing"}},
		{"signed by a stranger", []string{grant("build", "", slsa, collectionType)}, basePolicy, signed(collecting(building(fixture.Builder)), "nobody"), "deny", []string{"evidence-missing", "signer-unknown"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			v := scene{model: grants(t, row.grants...), policies: []string{row.policy}}.judge(t, row.evidence)
			want(t, v, row.decision, row.codes...)
			if len(v.Inputs.Evidence) != 1 || row.decision == "allow" && (len(v.Signers) != 1 || v.Inputs.Evidence[0].Status != verify.Counted) {
				t.Errorf("signers %+v, evidence %+v", v.Signers, v.Inputs.Evidence)
			}
			if row.name == "only provenance" && !strings.Contains(explain(v), "pipeline (credential pipeline-key) may not build the artifact with "+collectionType) {
				t.Error(explain(v))
			}
			if row.name == "only collections" && !strings.Contains(explain(v), "pipeline (credential pipeline-key) may not build the artifact with "+fixture.ProvenanceV1) {
				t.Error(explain(v))
			}
		})
	}
}

// granted is a model whose pipeline may do anything with a collection and what is in it.
func granted(t *testing.T) string {
	t.Helper()
	return grants(t, "  - {to: pipeline, may: [build, attest], artifacts: [\"pkg:generic/payments/**\"]}\n")
}

// TestCollectionBroken breaks, one by one, what a good collection rests on.
func TestCollectionBroken(t *testing.T) {
	t.Parallel()
	s := scene{model: granted(t)}
	want(t, s.judge(t, signed(collecting(building(fixture.Builder)), "pipeline")), "allow")

	flipped := envelope(collecting(building(fixture.Builder)), "pipeline")
	flipped.Signatures[0].Sig = flipBase64(flipped.Signatures[0].Sig, 5)
	want(t, s.judge(t, flipped.JSON()), "deny", "evidence-missing", "signature-invalid")

	altered, other := envelope(collecting(building(fixture.Builder)), "pipeline"), envelope(collecting(building("https://b.test")), "pipeline")
	other.Payload = altered.Payload
	want(t, s.judge(t, other.JSON()), "deny", "evidence-missing", "signature-invalid")

	elsewhere := collecting(building(fixture.Builder))
	elsewhere.Subject[0].Digest["sha256"] = otherFile
	want(t, s.judge(t, signed(elsewhere, "pipeline")), "deny", "evidence-missing", "subject-mismatch")

	elsewhere.Subject = append(elsewhere.Subject, fixture.Subject{Name: "product", Digest: map[string]string{"sha256": release}})
	want(t, s.judge(t, signed(elsewhere, "pipeline")), "allow") // a collection has many subjects

	want(t, s.judge(t, signed(collecting(building(fixture.Builder), inner{Type: collectionType, Attestation: map[string]any{}}), "pipeline")), "deny", "evidence-missing", "evidence-unreadable")
	want(t, s.judge(t, signed(collecting(slices.Repeat([]inner{building(fixture.Builder)}, attest.MaxCollected)...), "pipeline")), "allow")
	want(t, s.judge(t, signed(collecting(slices.Repeat([]inner{building(fixture.Builder)}, attest.MaxCollected+1)...), "pipeline")), "deny", "evidence-missing", "limit-exceeded")
}

// TestCollectionUnreadable: provenance in a collection that cannot be read counts for nothing, and takes nothing with it.
func TestCollectionUnreadable(t *testing.T) {
	t.Parallel()
	broken := inner{Type: fixture.ProvenanceV1, Attestation: map[string]any{"runDetails": 1}}
	s := scene{model: granted(t)}
	v := s.judge(t, signed(collecting(resulting("PASSED"), broken), "pipeline"))
	want(t, v, "deny", "evidence-missing", "evidence-unreadable")
	if !strings.Contains(explain(v), "$.predicate.attestations[1].attestation.") {
		t.Error(explain(v))
	}
	want(t, s.judge(t, signed(collecting(broken, building(fixture.Builder)), "pipeline")), "allow")
	tests := scene{model: granted(t), policies: []string{policyHead + "evidence:\n" + testsEvidence + "rules:\n" + testsRule}}
	want(t, tests.judge(t, signed(collecting(resulting("PASSED"), broken), "pipeline")), "allow")
}

// TestCollectionCounts: holders are counted, however often one says a thing and in however many wrappings.
func TestCollectionCounts(t *testing.T) {
	t.Parallel()
	two := policyHead + "evidence:\n  - {name: provenance, predicateTypes: [\"" + fixture.ProvenanceV1 + "\"], duty: build, min: 2}\n" + builderRule
	model := granted(t)
	model = replaced(t, model, "controls:\n", "  - {to: stranger, may: [build], artifacts: [\"pkg:generic/payments/**\"]}\ncontrols:\n")
	s := scene{model: model, policies: []string{two}}
	twice := collecting(building(fixture.Builder), building(fixture.Builder))
	want(t, s.judge(t, signed(twice, "pipeline")), "deny", "evidence-missing")
	want(t, s.judge(t, signed(twice, "pipeline"), append([]byte(" "), signed(twice, "pipeline", "pipeline")...), provenance("pipeline")), "deny", "evidence-missing")
	want(t, s.judge(t, signed(collecting(building(fixture.Builder)), "pipeline", "stranger")), "allow")
	want(t, s.judge(t, signed(twice, "pipeline"), signed(twice, "stranger")), "allow")
	want(t, s.judge(t, signed(twice, "pipeline"), provenance("stranger")), "allow")

	// two people are needed, and one speaks twice
	people := policyHead + "evidence:\n  - {name: approvals, predicateTypes: [\"" + approvalType + "\"], duty: approve, min: 2}\nrules:\n  - {id: r, about: approvals, expression: \"true\"}\n"
	approving := collecting(inner{Type: approvalType, Attestation: map[string]any{"n": 1}}, inner{Type: approvalType, Attestation: map[string]any{"n": 2}})
	p := scene{policies: []string{people}}
	want(t, p.judge(t, signed(approving, "alice", "p256:alice")), "deny", "evidence-missing")
	want(t, p.judge(t, signed(approving, "alice", "bob")), "allow")
}

// TestCollectionOfTwo: of two attestations of one type in a collection one may stand; half of each never does
// (abuse case 32).
func TestCollectionOfTwo(t *testing.T) {
	t.Parallel()
	half := policyHead + buildEvidence + builderRule + "  - {id: run, about: provenance, expression: \"it.provenance.invocation.endsWith('/runs/1/attempts/1')\"}\n"
	s := scene{model: granted(t), policies: []string{half}}
	elsewhere := fixture.Provenance(fixture.Builder)
	elsewhere["runDetails"].(map[string]any)["metadata"].(map[string]any)["invocationId"] = "https://x.test"
	ran := inner{Type: fixture.ProvenanceV1, Attestation: elsewhere}
	good, bad := building(fixture.Builder), building("https://b.test")
	for name, c := range map[string]fixture.Statement{"good first": collecting(good, bad), "good last": collecting(bad, ran, good)} {
		if v := s.judge(t, signed(c, "pipeline")); !v.Admits() {
			t.Errorf("%s: %s", name, explain(v))
		}
	}
	want(t, s.judge(t, signed(collecting(bad, ran), "pipeline")), "deny", "rule-failed")
	want(t, s.judge(t, signed(collecting(ran, bad), "pipeline")), "deny", "rule-failed")
}

// TestCollectionSeparated: one who signs a collection stands behind all that is in it.
func TestCollectionSeparated(t *testing.T) {
	t.Parallel()
	model := replaced(t, grants(t, "  - {to: alice, may: [build], artifacts: [\"pkg:generic/payments/**\"]}\n"),
		"controls:\n", "separation:\n  - {id: apart, duties: [build, approve]}\ncontrols:\n")
	s := scene{model: model, policies: []string{policyHead + buildEvidence + "  - {name: approvals, predicateTypes: [\"" + approvalType + "\"], duty: approve}\n" +
		builderRule + "  - {id: approved, about: approvals, expression: \"true\"}\n"}}
	approval := inner{Type: approvalType, Attestation: map[string]any{}}
	want(t, s.judge(t, signed(collecting(building(fixture.Builder), approval), "alice")), "deny", "separation-violated")
	want(t, s.judge(t, signed(collecting(building(fixture.Builder), approval), "alice", "bob")), "allow")
	want(t, s.judge(t, signed(collecting(building(fixture.Builder)), "alice"), signed(collecting(approval), "bob")), "allow")
}

// TestCollectionItself: a collection is also what it is; what nobody asks for is not examined.
func TestCollectionItself(t *testing.T) {
	t.Parallel()
	asks := policyHead + "evidence:\n  - {name: steps, predicateTypes: [\"" + collectionType + "\"], duty: build}\nrules:\n" +
		"  - {id: named, about: steps, expression: \"it.predicate.name == 'build' && it.predicate.attestations.size() == 1 && it.predicateType == '" + collectionType + "'\"}\n"
	good := signed(collecting(building(fixture.Builder)), "pipeline")
	want(t, scene{model: granted(t), policies: []string{asks}}.judge(t, good), "allow")
	v := scene{model: granted(t)}.judge(t, provenance("pipeline"), signed(collecting(resulting("PASSED")), "nobody"))
	want(t, v, "allow")
	for _, e := range v.Inputs.Evidence {
		if len(v.Findings) != 0 || (e.Status == verify.Unused) != (e.Digest != v.Signers[0].Evidence) {
			t.Errorf("%s is %s: %s", e.Digest, e.Status, explain(v))
		}
	}
}

// TestCollectionVerdict: the item is shown once, with all that its signer was granted for it; nothing depends on order
// or workers.
func TestCollectionVerdict(t *testing.T) {
	t.Parallel()
	both := policyHead + buildEvidence + testsEvidence + builderRule + testsRule
	s := scene{model: granted(t), policies: []string{both}}
	good := [][]byte{
		signed(collecting(building(fixture.Builder), resulting("FAILED"), resulting("PASSED")), "pipeline"),
		append([]byte("\n"), signed(collecting(building(fixture.Builder), resulting("FAILED"), resulting("PASSED")), "pipeline", "stranger")...),
		signed(collecting(building("https://b.test"), resulting("PASSED")), "pipeline"),
	}
	v := s.judge(t, good...)
	want(t, v, "allow")
	if len(v.Signers) != 2 || !slices.Equal(v.Signers[0].Duties, []string{"build", "attest"}) {
		t.Errorf("signers %+v", v.Signers)
	}
	first, err := v.JSON()
	if err != nil {
		t.Fatal(err)
	}
	for n := range 12 {
		s.workers = n%4 + 1
		good = append(good[1:], good[0])
		if n%2 == 0 {
			good[0], good[1] = good[1], good[0]
		}
		again, err := s.verifier(t).Verify(context.Background(), s.request(t, good...))
		if err != nil {
			t.Fatal(err)
		}
		data, err := again.JSON()
		if err != nil || string(data) != string(first) {
			t.Errorf("%s\nwant %s (%v)", data, first, err)
		}
	}

	fresh := replaced(t, both, "artifacts:", "freshness: {revocations: 24h}\nartifacts:")
	stale := scene{model: granted(t), policies: []string{fresh}}.judge(t, good[0])
	if n := strings.Count(explain(stale), "revocation-stale"); n != 1 || stale.Decision != verify.Indeterminate {
		t.Errorf("%s with %d of revocation-stale\n%s", stale.Decision, n, explain(stale))
	}
}
