package policy_test

import (
	"testing"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/policy"
)

// TestLists: lists of a view are CEL's lists in all that rules do with them.
func TestLists(t *testing.T) {
	t.Parallel()
	const m = "it.provenance.materials"
	for expression, want := range map[string]string{
		m + ".size() == 2 && size(" + m + ") == 2": "pass", m + "[0].uri == 'a' && " + m + "[1].uri == 'b'": "pass", m + "[2].uri == 'a'": "error", m + "[-1].uri == 'a'": "error",
		m + "[dyn(0u)].uri == 'a' && " + m + "[dyn(1.0)].uri == 'b'": "pass", m + "[dyn(0.5)].uri == 'a'": "error", m + "[dyn('0')].uri == 'a'": "error",
		m + " == " + m: "pass", m + " == []": "fail", m + " != []": "pass", m + " == [" + m + "[0], " + m + "[1]]": "pass", m + " == [" + m + "[1], " + m + "[0]]": "fail",
		m + "[0] in " + m: "pass", "it.subjects[0] in dyn(" + m + ")": "fail", "(" + m + " + " + m + ").size() == 4 && (" + m + " + " + m + ")[3].uri == 'b'": "pass",
		m + ".map(x, x.uri) == ['a', 'b']": "pass", m + ".filter(x, x.uri == 'b')[0].uri == 'b'": "pass", m + ".exists_one(x, x.uri == 'b')": "pass",
		m + ".reverse()[0].uri == 'b'": "pass", m + ".slice(1, 2)[0].uri == 'b'": "pass", m + "[?5].uri.orValue('z') == 'z' && " + m + "[?1].uri.orValue('z') == 'b'": "pass",
		"type(" + m + ") == list && dyn(" + m + ") != 'x'": "pass", "optional.ofNonZeroValue(" + m + ").hasValue()": "pass", "[" + m + "].flatten().size() == 2": "pass",
		"sets.contains(" + m + ", [" + m + "[1]])": "pass", m + ".map(x, x.uri).distinct().size() == 2": "pass", m + ".sortBy(x, x.uri)[0].uri == 'a'": "pass",
	} {
		p := load(t, provenance+"rules:\n  - {id: r, about: provenance, expression: \""+expression+"\"}\n")
		f := facts(t, attestation(t, "a", fixture.ProvenanceV1, map[string]any{
			"buildDefinition": map[string]any{"buildType": "t", "externalParameters": map[string]any{}, "resolvedDependencies": []any{map[string]any{"uri": "a"}, map[string]any{"uri": "b"}}},
			"runDetails":      map[string]any{"builder": map[string]any{"id": "x"}},
		}, builder("w")))
		if r := evaluate(t, p, f, policy.Strict).Rules[0]; r.Outcome.String() != want {
			t.Errorf("%s: %s %s, want %s", expression, r.Outcome, r.Message, want)
		}
	}
}
