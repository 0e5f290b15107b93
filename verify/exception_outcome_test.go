package verify_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/verify"
)

// halfTests asks for tests by two, whose absence may be waived, and so may one of the two rules about them.
var halfTests = policyHead + `environments: [production]
evidence:
  - {name: tests, predicateTypes: ["https://in-toto.io/attestation/test-result/v0.1"], duty: attest, min: 2, waivable: {by: office, quorum: 2, maxDuration: 72h}}
rules:
  - {id: one, about: tests, expression: "it.predicate.one == 'y'", waivable: {by: office, quorum: 2, maxDuration: 72h}}
  - {id: two, about: tests, expression: "it.predicate.two == 'y'", message: "the second did not pass"}
`

// outcomes are the rules' outcomes, in words.
func outcomes(v verify.Verdict) string {
	var all []string
	for _, rule := range v.Rules {
		all = append(all, rule.ID+" "+rule.Outcome.String())
	}
	return strings.Join(all, ", ")
}

// TestWaivedAbsence: where the absence of evidence is waived, what does not stand is as if it had not been supplied:
// it neither refuses nor, in error, makes another rule pass; and a rule that is not waived says why it refuses.
func TestWaivedAbsence(t *testing.T) {
	t.Parallel()
	s := exceptionScene(halfTests)
	s.model = replaced(t, behindModel, "grants:\n", "grants:\n  - {to: stranger, may: [attest], artifacts: [\"**\"]}\n  - {to: pipeline, may: [attest], artifacts: [\"**\"]}\n")
	test := func(key string, predicate map[string]any) []byte {
		return signed(fixture.NewStatement(fixture.TestResult, release, predicate), key)
	}
	stands := test("stranger", map[string]any{"one": "y", "two": "y"})
	second := test("pipeline", map[string]any{"one": "y", "two": "y"})
	fails := test("pipeline", map[string]any{"one": "y", "two": "n"})
	erring := test("stranger", map[string]any{"two": "y"})
	half := test("stranger", map[string]any{"one": "n", "two": "y"})
	absence := signed(exceptional(map[string]any{"rules": []any{"evidence:tests"}}), "gina", "hugo")
	both := signed(exceptional(map[string]any{"rules": []any{"one", "evidence:tests"}}), "gina", "hugo")
	for _, row := range []struct {
		name     string
		evidence [][]byte
		decision string
		codes    []string
		outcomes string
	}{
		{"enough", [][]byte{stands, second, absence}, "allow", nil, "one pass, two pass"},
		{"one too few", [][]byte{stands, absence}, "allow-with-exception", nil, "one pass, two pass"},
		{"one too few, not waived", [][]byte{stands}, "deny", []string{"evidence-missing"}, "one pass, two pass"},
		{"one too few, and one that fails", [][]byte{stands, fails, absence}, "allow-with-exception", nil, "one pass, two pass"},
		{"one that fails", [][]byte{fails, absence}, "deny", []string{"rule-failed"}, "one fail, two fail"},
		{"none", [][]byte{absence}, "deny", []string{"rule-failed"}, "one fail, two fail"},
		{"none, one rule waived", [][]byte{both}, "deny", []string{"rule-failed"}, "one waived, two fail"},
		{"one rule waived", [][]byte{half, both}, "allow-with-exception", nil, "one waived, two pass"},
		{"one rule waived that is in error", [][]byte{erring, both}, "indeterminate", []string{"rule-failed"}, "one waived, two unknown"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			v := s.judge(t, row.evidence...)
			want(t, v, row.decision, row.codes...)
			if got := outcomes(v); got != row.outcomes {
				t.Errorf("%s, want %s", got, row.outcomes)
			}
			if v.Decision == verify.Deny && slices.Equal(row.codes, []string{"rule-failed"}) {
				if !found(v, "rule-failed", "rule two of policy payments does not hold without evidence tests, whose absence is waived: the second did not pass") {
					t.Error(explain(v))
				}
			}
			if (len(v.Exceptions) > 0) != (v.Decision == verify.AllowWithException) {
				t.Errorf("%+v", v.Exceptions)
			}
		})
	}
}

// TestWaivedIsTold: what is waived for one attestation of several that are needed is told, whichever comes first; what
// others meet without is not.
func TestWaivedIsTold(t *testing.T) {
	t.Parallel()
	s := exceptionScene(replaced(t, withoutTests, "duty: build}", "duty: build, min: 2}"))
	s.model = replaced(t, exceptionModel, "grants:\n", "grants:\n  - {to: stranger, may: [build], artifacts: [\"**\"]}\n")
	built := func(builder string, key string) []byte {
		return signed(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(builder)), key)
	}
	trusted, other := "https://trusted.test", fixture.Builder
	granted := signed(exceptional(nil), "gina", "hugo")
	for _, row := range []struct{ first, second string }{{trusted, other}, {other, trusted}, {other, other}} {
		evidence := [][]byte{built(row.first, "pipeline"), built(row.second, "stranger")}
		v := s.judge(t, append(evidence, granted)...)
		want(t, v, "allow-with-exception")
		if len(v.Exceptions) != 1 || outcomes(v) != "any-builder pass, trusted-builder waived" || !found(v, "exception-used", "trusted-builder of policy payments waived") {
			t.Errorf("%+v %s\n%s", v.Exceptions, outcomes(v), explain(v))
		}
		want(t, s.judge(t, evidence...), "deny", "rule-failed")
	}
	// where the waiver is for something else, what passes without is not said to be waived
	s = exceptionScene(replaced(t, withoutTests, "rules:\n", "rules:\n  - {id: never, expression: \"false\", waivable: {by: office, quorum: 2, maxDuration: 72h}}\n"))
	s.model = replaced(t, exceptionModel, "grants:\n", "grants:\n  - {to: stranger, may: [build], artifacts: [\"**\"]}\n")
	v := s.judge(t, built(trusted, "pipeline"), built(other, "stranger"), signed(exceptional(map[string]any{"rules": []any{"never", "trusted-builder"}}), "gina", "hugo"))
	want(t, v, "allow-with-exception")
	if outcomes(v) != "never waived, any-builder pass, trusted-builder pass" || !slices.Equal(v.Exceptions[0].Rules, []string{"never"}) {
		t.Errorf("%s %+v", outcomes(v), v.Exceptions)
	}
}
