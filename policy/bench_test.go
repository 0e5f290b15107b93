package policy_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/policy"
)

// ruleTexts are rules as people write them; failing ones differ in what they ask for.
var ruleTexts = []string{
	"it.provenance.builder in params.builders && it.provenance.buildType != ''",
	"it.provenance.materials.all(m, m.uri.startsWith('pkg:'))",
	"approvals.by('release').recordedBefore(it.signedAt).people().size() >= params.two",
	"it.signers.exists(s, 'build' in s.duties) && it.digest != ''",
	"has(it.predicate.runDetails) && it.predicate.runDetails.builder.id != ''",
}

// manyRules is a policy of so many rules, which pass or do not.
func manyRules(n int, passing bool) string {
	var b strings.Builder
	b.WriteString("params: {two: 2, builders: [good]}\n" + provenance + "rules:\n")
	for i := range n {
		expression := ruleTexts[i%len(ruleTexts)]
		if !passing {
			expression += " && it.digest == 'none'"
		}
		fmt.Fprintf(&b, "  - {id: r%d, about: provenance, expression: %q}\n", i, expression)
	}
	return b.String()
}

func manyFacts(tb testing.TB, n int) policy.Facts {
	tb.Helper()
	f := facts(tb)
	for i := range n {
		f.Attestations = append(f.Attestations, attestation(tb, fmt.Sprintf("d%04d", i), fixture.ProvenanceV1, map[string]any{
			"buildDefinition": map[string]any{"buildType": "t", "externalParameters": map[string]any{}, "resolvedDependencies": []any{map[string]any{"uri": "pkg:generic/a"}}},
			"runDetails":      map[string]any{"builder": map[string]any{"id": "good"}},
		}, builder("w")))
	}
	for _, person := range []string{"alice", "bob", "carol"} {
		f.Approvals = append(f.Approvals, &policy.Approval{Person: person, Teams: []string{"release"}, SignedAt: logged(-5)})
	}
	return f
}

// BenchmarkCompile loads policies: of 100 rules in less than 50 ms.
func BenchmarkCompile(b *testing.B) {
	for _, n := range []int{1, 10, 100} {
		b.Run(fmt.Sprintf("rules-%d", n), func(b *testing.B) {
			text := manyRules(n, true)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := tryLoad(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkEvaluate evaluates rules over attestations. What one rule costs on one attestation stays what it is
// however many there are; an explanation costs nothing where all pass.
func BenchmarkEvaluate(b *testing.B) {
	for _, n := range []struct{ rules, attestations int }{{1, 1}, {10, 10}, {100, 1}, {1, 100}, {100, 100}} {
		for _, passing := range []bool{true, false} {
			name := fmt.Sprintf("rules-%d/attestations-%d/passing-%v", n.rules, n.attestations, passing)
			b.Run(name, func(b *testing.B) {
				p, err := tryLoad(manyRules(n.rules, passing))
				if err != nil {
					b.Fatal(err)
				}
				f := manyFacts(b, n.attestations)
				for _, world := range []struct {
					name string
					policy.World
				}{{"explained", policy.Strict}, {"not-explained", policy.Generous}} {
					b.Run(world.name, func(b *testing.B) {
						b.ReportAllocs()
						for b.Loop() {
							r, err := p.Evaluate(context.Background(), f, world.World)
							if err != nil || r.Allows != passing {
								b.Fatal(err, r.Allows)
							}
						}
						b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n.rules*n.attestations), "ns/rule")
					})
				}
			})
		}
	}
}
