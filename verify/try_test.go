package verify_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/surety-dev/surety/verify"
)

// TestTry: an expression sees what a rule would: what counts, and nothing that does not. It is true on nothing only
// where a rule would be, so nothing at all is no pass.
func TestTry(t *testing.T) {
	t.Parallel()
	ordered := approvalScene(t, approvalRule)
	ordered.policies = []string{basePolicy}
	fresh := scene{policies: []string{replaced(t, basePolicy, "evidence:", "freshness: {revocations: 24h}\nevidence:")}}
	two := scene{policies: []string{basePolicy, replaced(t, basePolicy, "name: payments", "name: other")}}
	for _, row := range []struct {
		name     string
		scene    scene
		trial    verify.Trial
		evidence [][]byte
		passed   bool
		want     string
	}{
		{"it is true", scene{}, verify.Trial{Expression: "it.provenance.builder != ''", About: "provenance"}, [][]byte{provenance("pipeline")}, true, "pass true"},
		{"it is false", scene{}, verify.Trial{Expression: "it.signers.size() > 1", About: "provenance"}, [][]byte{provenance("pipeline")}, false, "fail false: it.signers.size() > 1 is false at expression:1:1"},
		{"no stranger is seen", scene{}, verify.Trial{Expression: "it.signers.size() == 1", About: "provenance"}, [][]byte{provenance("pipeline", "nobody", "stranger")}, true, "pass true"},
		{"what does not count is not there", scene{}, verify.Trial{Expression: "true", About: "provenance"}, [][]byte{provenance("nobody")}, false, ""},
		{"what is undecided is not there", fresh, verify.Trial{Expression: "true", About: "provenance"}, [][]byte{provenance("pipeline")}, false, ""},
		{"what stands", scene{}, verify.Trial{Expression: "evidence.provenance.size() == 1"}, [][]byte{provenance("pipeline")}, true, "pass true"},
		{"what does not stand", scene{policies: []string{replaced(t, basePolicy, "github-hosted'", "ours'")}}, verify.Trial{Expression: "evidence.provenance.size() == 0"}, [][]byte{provenance("pipeline")}, true, "pass true"},
		{"approvals, though no rule asks for them", ordered, verify.Trial{Expression: "approvals.people().size() == 1", About: "provenance"}, [][]byte{builtAtNoon(), approval("alice"), approval("dana")}, true, "pass true"},
		{"an order that is not proven", scene{}, verify.Trial{Expression: "it.signedAt.recordedBefore(it.signedAt)", About: "provenance"}, [][]byte{provenance("pipeline")}, false, "unknown unknown: it.signedAt.recordedBefore(it.signedAt) is unknown at expression:1:1"},
		{"no bool", scene{}, verify.Trial{Expression: "it.provenance.builder.size()", About: "provenance"}, [][]byte{provenance("pipeline")}, false, "error 47"},
		{"an error", scene{}, verify.Trial{Expression: "it.predicate.nothing == 1", About: "provenance"}, [][]byte{provenance("pipeline")}, false, "error error: no such key: nothing: it.predicate.nothing is error: no such key: nothing at expression:1:1"},
		{"one policy of two", two, verify.Trial{Expression: "true", About: "provenance", Policy: "other"}, [][]byte{provenance("pipeline")}, true, "pass true"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			got, err := row.scene.verifier(t).Try(context.Background(), row.scene.request(t, row.evidence...), row.trial)
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, r := range got.Results {
				line := r.Outcome.String() + " " + r.Value
				for _, c := range r.Because {
					line += fmt.Sprintf(": %s is %s at %s", c.Expression, c.Value, c.Position)
				}
				lines = append(lines, line)
			}
			if text := strings.Join(lines, "\n"); text != row.want || got.Passed() != row.passed {
				t.Errorf("passed %v: %s\nwant %v: %s", got.Passed(), text, row.passed, row.want)
			}
		})
	}
	for _, row := range []struct {
		name  string
		scene scene
		trial verify.Trial
		says  string
	}{
		{"it does not compile", scene{}, verify.Trial{Expression: "it.bilder", About: "provenance"}, "the expression: "},
		{"no such evidence", scene{}, verify.Trial{Expression: "true", About: "provenace"}, `no evidence is called "provenace": expected the name of an evidence declaration; did you mean "provenance"?`},
		{"several policies", two, verify.Trial{Expression: "true"}, "several policies apply: expected the name of one, other or payments"},
		{"no such policy", scene{}, verify.Trial{Expression: "true", Policy: "x"}, `no policy called "x" applies: expected payments`},
		{"nothing covers it", scene{name: "pkg:generic/other/api@1"}, verify.Trial{Expression: "true"}, "nothing counts: no policy covers pkg:generic/other/api@1"},
		{"it is not about one", scene{}, verify.Trial{Expression: "it.signers.size() == 1"}, "the expression: it is not visible in a rule without about"},
	} {
		if _, err := row.scene.verifier(t).Try(context.Background(), row.scene.request(t, provenance("pipeline")), row.trial); err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v, want %s", row.name, err, row.says)
		}
	}
	var none *verify.Verifier
	if e, err := none.Try(context.Background(), scene{}.request(t), verify.Trial{Expression: "true"}); err == nil || e.Passed() {
		t.Errorf("no verifier: %v", err)
	}
}
