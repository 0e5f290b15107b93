package policy_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/policy"
)

// TestWaived: what the facts waive is waived where the policy calls it waivable: the failure of a rule, what is
// unproven of it, and that evidence is not enough; never an error.
func TestWaived(t *testing.T) {
	t.Parallel()
	const by = ", waivable: {by: office, maxDuration: 2h}"
	of := func(evidence, rule, expression string) string {
		return "evidence:\n  - {name: provenance, predicateTypes: [\"" + fixture.ProvenanceV1 + "\"], duty: build" + evidence + "}\nrules:\n  - {id: r, about: provenance, expression: \"" + expression + "\"" + rule + "}\n"
	}
	const builtGood, missing, unproven = "it.provenance.builder == 'good'", "it.predicate.missing == 'z'", "it.signedAt.recordedBefore(it.signedAt)"
	standing := strings.Replace(of("", by, "evidence.provenance.size() == 2"), "about: provenance, ", "", 1)
	bad := func(t *testing.T) []*policy.Attestation {
		return []*policy.Attestation{attestation(t, "a", fixture.ProvenanceV1, fixture.Provenance("bad"), builder("w"))}
	}
	none := func(*testing.T) []*policy.Attestation { return nil }
	for _, test := range []struct {
		name         string
		policy       string
		attestations func(*testing.T) []*policy.Attestation
		waived       []string
		outcome      string
		allows       bool
	}{
		{"a rule that fails", of("", by, builtGood), bad, []string{"r"}, "waived", true},
		{"a rule that passes", of("", by, "true"), bad, []string{"r"}, "pass", true},
		{"not waivable", of("", "", builtGood), bad, []string{"r"}, "fail", false},
		{"not waived", of("", by, builtGood), bad, nil, "fail", false},
		{"another rule waived", of("", by, builtGood), bad, []string{"s", "provenance", "evidence:r"}, "fail", false},
		{"a rule in error", of("", by, missing), bad, []string{"r"}, "error", false},
		{"a rule that is unproven", of("", by, unproven), bad, []string{"r"}, "waived", true},
		{"a rule that does not apply", of("", by+", when: \"environment == 'x'\"", builtGood), bad, []string{"r"}, "skipped", false},
		{"a rule of what stands", standing, bad, []string{"r"}, "waived", true},
		{"a rule of what stands, not waived", standing, bad, nil, "fail", false},
		{"evidence absent", of(by, by, builtGood), none, []string{"r", "evidence:provenance"}, "waived", true},
		{"evidence absent, its rule not waived", of(by, by, builtGood), none, []string{"evidence:provenance"}, "fail", false},
		{"evidence absent, its rule not waivable", of(by, "", builtGood), none, []string{"r", "evidence:provenance"}, "fail", false},
		{"evidence absent, not waived", of(by, by, builtGood), none, []string{"r"}, "fail", false},
		{"evidence absent, not waivable", of("", by, builtGood), none, []string{"r", "evidence:provenance"}, "fail", false},
		{"evidence not enough", of(", min: 2"+by, by, builtGood), bad, []string{"r", "evidence:provenance"}, "waived", true},
		{"evidence in error, as if it were absent", of(by, by, missing), bad, []string{"r", "evidence:provenance"}, "waived", true},
		{"evidence in error, which is not waived", of("", by, missing), bad, []string{"r", "evidence:provenance"}, "error", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p, f := load(t, test.policy), facts(t)
			f.Attestations, f.Waived = test.attestations(t), test.waived
			result, err := p.Evaluate(context.Background(), f, policy.Strict)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(result.Rules[0].Outcome); got != test.outcome || result.Allows != test.allows {
				t.Errorf("%s, allows %v; want %s, %v", got, result.Allows, test.outcome, test.allows)
			}
		})
	}
	p := load(t, strings.Replace(of(by, "", "true"), "maxDuration: 2h", "quorum: 2, maxDuration: 2h, maxUses: 3", 1))
	if w := p.Requirements()[0].Waivable; w == nil || w.MaxUses != 3 || w.Quorum != 2 {
		t.Errorf("%+v", w)
	}
	if _, err := tryLoad(strings.Replace(of(by, "", "true"), "maxDuration: 2h", "maxDuration: 2h, maxUses: 0", 1)); err == nil {
		t.Error("no use at all loads")
	}
}
