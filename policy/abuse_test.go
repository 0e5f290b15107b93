package policy_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/policy"
)

// hostile are expressions that a careless or hostile hand could write. Each is refused when the policy is
// loaded, for the reason given, or, where that is empty, is an error of the rule when it is evaluated.
var hostile = []struct{ name, expression, refused string }{
	{"nested-comprehensions", "lists.range(1000).all(x, lists.range(1000).all(y, lists.range(1000).all(z, x + y + z >= 0)))", ""},
	{"nested-comprehensions-of-literals", "lists.range(1000).map(x, lists.range(1000).map(y, lists.range(1000).map(z, x + y + z))).size() > 0", "at the least: expected at most 1000000"},
	{"nested-comprehensions-of-evidence", "it.provenance.materials.all(a, it.provenance.materials.all(b, it.provenance.materials.all(c, a.uri + b.uri != c.uri)))", ""},
	{"a-range-too-long", "lists.range(100000000).size() > 0", "at the least: expected at most 1000000"},
	{"a-range-of-evidence-too-long", "lists.range(it.provenance.materials.size() * 1000).size() > 0", ""},
	{"string-doubling", doubling("'" + strings.Repeat("a", 32) + "'"), "at the least: expected at most 1000000"},
	{"string-doubling-of-evidence", doubling("it.provenance.builder + it.digest"), ""},
	{"list-doubling", strings.ReplaceAll(doubling("[1, 2, 3, 4, 5, 6, 7, 8]"), "x9 != ''", "x9.exists(x, x == 0)"), "at the least: expected at most 1000000"},
	{"list-doubling-of-evidence", strings.ReplaceAll(doubling("it.subjects"), "x9 != ''", "x9.exists(x, x.name == '')"), ""},
	{"doubling-in-a-loop", "lists.range(60).map(x, it.provenance.builder).map(x, x + x).map(x, x + x).map(x, x + x).map(x, x + x).map(x, x + x).map(x, x + x).map(x, x + x).map(x, x + x).exists(x, x == '')", ""},
	{"replace-chain", "'a'.replace('a', 'aaaaaaaaaa').replace('a', 'aaaaaaaaaa').replace('a', 'aaaaaaaaaa') == ''", "replace is not available in rules"},
	{"join-chain", "lists.range(1000).map(x, 'aaaaaaaaaa').join(',') == ''", "join is not available in rules"},
	{"format", "'%s%s'.format(['a', 'b']) == ''", "format is not available in rules"},
	{"a-pattern-that-is-not-literal", "'a'.matches(it.provenance.builder)", "matches takes a literal pattern only"},
	{"a-pattern-made", "'a'.matches('a' + 'b')", "matches takes a literal pattern only"},
	{"bounded-repeats", "it.digest.matches('^((a{1,100}){1,100}){1,100}$')", "a pattern that cannot be read"},
	{"a-pattern-of-no-language", "it.digest.matches('(')", "a pattern that cannot be read"},
	{"matching-over-and-over", "lists.range(1000).all(x, lists.range(1000).all(y, it.provenance.builder.matches('(x+x+)+y') == false))", ""},
	{"globbing-over-and-over", "lists.range(1000).all(x, lists.range(1000).all(y, it.provenance.builder.glob('**/a') == false))", ""},
	{"people-over-and-over", "lists.range(1000).all(x, lists.range(1000).all(y, approvals.people().size() >= 0))", ""},
	{"materials-over-and-over", "lists.range(1000).all(x, lists.range(1000).all(y, it.provenance.materials.size() >= 0))", ""},
	{"flattening", "lists.range(1000).map(x, lists.range(1000)).flatten().flatten(1).size() == 7", "at the least: expected at most 1000000"},
	{"sorting", "lists.range(1000).map(x, lists.range(1000).reverse().sort()).size() == 7", "at the least: expected at most 1000000"},
	{"a-long-split", "lists.range(1000).map(x, it.provenance.builder.split('')).size() == 7", ""},
	{"deep-nesting", strings.Repeat("(", 500) + "true" + strings.Repeat(")", 500), "policy.yaml:"},
	{"deep-negation", strings.Repeat("!(", 1<<13) + "true" + strings.Repeat(")", 1<<13), "policy.yaml:"},
	{"deep-lists", strings.Repeat("[", 300) + strings.Repeat("]", 300) + " == []", "policy.yaml:"},
	{"deep-selection", "it.predicate" + strings.Repeat(".a", 500) + " == 1", "policy.yaml:"},
	{"a-long-chain", "true" + strings.Repeat(" && true", 5000), "expected at most 32768"},
	{"a-long-text", "'" + strings.Repeat("a", 33<<10) + "' == ''", "expected at most 32768"},
	{"an-object-made", "surety.Span{}.source == ''", "a rule cannot make a surety.Span"},
}

// doubling binds a text to names, each eight times the one before.
func doubling(start string) string {
	text := "cel.bind(x0, " + start + ", "
	for n := 1; n <= 9; n++ {
		text += fmt.Sprintf("cel.bind(x%d, %s, ", n, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("x%d + ", n-1), 8), " + "))
	}
	return text + "x9 != ''" + strings.Repeat(")", 10)
}

// hostileFacts are what hostile rules are evaluated on: a long builder, many materials and approvals.
func hostileFacts(t testing.TB) policy.Facts {
	t.Helper()
	materials := make([]any, 2000)
	for i := range materials {
		materials[i] = map[string]any{"uri": fmt.Sprintf("pkg:generic/m%d", i)}
	}
	f := facts(t, attestation(t, "a", fixture.ProvenanceV1, map[string]any{
		"buildDefinition": map[string]any{"buildType": "t", "externalParameters": map[string]any{}, "resolvedDependencies": materials},
		"runDetails":      map[string]any{"builder": map[string]any{"id": strings.Repeat("x", 10_000)}},
	}, builder("w")))
	for n := range 1000 {
		f.Approvals = append(f.Approvals, &policy.Approval{Person: fmt.Sprint("p", n), SignedAt: logged(-1)})
	}
	return f
}

// TestAbuse holds the abuse cases of the rule language, by number.
func TestAbuse(t *testing.T) {
	t.Parallel()
	t.Run("51-parameters-are-values", func(t *testing.T) { t.Parallel(); parametersAreValues(t) })
	t.Run("52-no-other-value-passes", func(t *testing.T) { t.Parallel(); noOtherValuePasses(t) })
	t.Run("53-absence-is-no-success", func(t *testing.T) { t.Parallel(); absenceIsNoSuccess(t) })
	for _, tt := range hostile {
		number := "54-"
		if strings.HasPrefix(tt.name, "deep-") || strings.HasPrefix(tt.name, "a-long-chain") || tt.name == "a-long-text" {
			number = "55-"
		}
		t.Run(number+tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := tryLoad(provenance + fmt.Sprintf("rules:\n  - {id: r, about: provenance, expression: %q}\n", tt.expression))
			if tt.refused != "" {
				if err == nil || !strings.Contains(err.Error(), tt.refused) || strings.Contains(err.Error(), "\n") || len(err.Error()) > 2000 {
					t.Errorf("loads, or is refused for another reason: %.300v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			r := evaluate(t, p, hostileFacts(t), policy.Strict)
			if r.Allows || r.Rules[0].Outcome != policy.Errored || !strings.Contains(r.Rules[0].Message, "cost limit exceeded") && !strings.Contains(r.Rules[0].Message, "1000") {
				t.Errorf("allows %v: %s %s", r.Allows, r.Rules[0].Outcome, r.Rules[0].Message)
			}
		})
	}
	t.Run("54-a-cancelled-context", func(t *testing.T) { t.Parallel(); cancelled(t) })
	t.Run("56-limits", func(t *testing.T) { t.Parallel(); limits(t) })
}

// parametersAreValues: what a parameter says is compared, never read as CEL.
func parametersAreValues(t *testing.T) {
	for _, text := range []string{"' || true || '", "\" || true || \"", "true", "params.x", "') || true //", "\\x27 || true", "{{.}}", "${builder}", "\n|| true"} {
		for _, expression := range []string{"it.provenance.builder == params.x", "it.provenance.builder in [params.x]", "it.provenance.builder.startsWith(params.x + '!')", "params.m['k'] == it.provenance.builder"} {
			p := load(t, provenance+fmt.Sprintf("params: {x: %q, m: {k: %q}}\nrules:\n  - {id: r, about: provenance, expression: %q}\n", text, text, expression))
			r := evaluate(t, p, facts(t, attestation(t, "a", fixture.ProvenanceV1, fixture.Provenance("bad"), builder("w"))), policy.Strict)
			if r.Allows || r.Rules[0].Outcome != policy.Failed {
				t.Errorf("%q in %s: %s", text, expression, r.Rules[0].Outcome)
			}
			if expression != "it.provenance.builder == params.x" {
				continue
			}
			r = evaluate(t, p, facts(t, attestation(t, "a", fixture.ProvenanceV1, fixture.Provenance(text), builder("w"))), policy.Strict)
			if !r.Allows {
				t.Errorf("%q is not itself: %s", text, r.Rules[0].Message)
			}
		}
	}
	if _, err := tryLoad(provenance + "params: {\"x || true\": 1}\nrules:\n  - {id: r, about: provenance, expression: \"params.x == 1\"}\n"); err == nil || !strings.Contains(err.Error(), "cannot be named") {
		t.Errorf("a parameter's name that is CEL: %v", err)
	}
}

// noOtherValuePasses: only true passes. What is no bool does not compile; what CEL cannot type is an error.
func noOtherValuePasses(t *testing.T) {
	for _, tt := range []struct{ expression, want string }{
		{"'true'", "expected a bool"}, {"1", "expected a bool"}, {"1.0", "expected a bool"}, {"null", "expected a bool"}, {"[true]", "expected a bool"}, {"{'a': true}", "expected a bool"},
		{"it", "expected a bool"}, {"it.signedAt", "expected a bool"}, {"optional.of(true)", "expected a bool"}, {"optional.none()", "expected a bool"}, {"it.predicate.?a", "expected a bool"},
		{"it.predicate", "expected a bool"}, {"it.predicate.a", "expected a bool"}, {"dyn(true)", "expected a bool"}, {"type(true)", "expected a bool"}, {"evaluation.at", "expected a bool"},
	} {
		if _, err := tryLoad(provenance + fmt.Sprintf("rules:\n  - {id: r, about: provenance, expression: %q}\n", tt.expression)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.expression, err)
		}
	}
	for _, tt := range []struct{ expression, want string }{
		{"1 / 0 == 1", "error"}, {"it.predicate.missing", ""}, {"it.predicate.text == true", "fail"}, {"it.predicate.none == true", "fail"}, {"it.predicate.text || false", "error"},
		{"it.predicate.none && true", "error"}, {"it.predicate.text ? true : true", "error"}, {"!it.predicate.text", "error"}, {"it.predicate.missing || false", "error"},
		{"it.signedAt.before(it.signedAt)", "unknown"}, {"!it.signedAt.before(it.signedAt)", "unknown"}, {"it.signedAt.before(it.signedAt) ? true : true", "unknown"},
		{"[it.signedAt.before(it.signedAt)].all(x, x)", "unknown"}, {"optional.none().orValue(false)", "fail"}, {"optional.none().value()", ""},
	} {
		if tt.want == "" {
			continue
		}
		if r := ruled(t, tt.expression); r.Outcome.String() != tt.want {
			t.Errorf("%s: %s %s, want %s", tt.expression, r.Outcome, r.Message, tt.want)
		}
	}
}

// absenceIsNoSuccess: what absence makes true is remarked on when the policy is loaded.
func absenceIsNoSuccess(t *testing.T) {
	for _, tt := range []struct {
		expression string
		shape      policy.Shape
	}{
		{"it.predicate.missing == 'z' || true", policy.NeverFails},
		{"it.predicate.missing == 'z' || it.digest != ''", policy.AbsorbsError},
		{"[].all(x, x == 1)", policy.NeverFails},
		{"approvals.all(a, a.person == 'alice')", policy.NotMonotone},
		{"!approvals.exists(a, a.person == 'mallory')", policy.NotMonotone},
		{"approvals.size() == 0", policy.NotMonotone},
		{"!has(it.predicate.missing) || it.predicate.missing == 'x' || it.predicate.other == 'y'", policy.AbsorbsError},
	} {
		found := false
		for _, m := range load(t, provenance+fmt.Sprintf("rules:\n  - {id: r, about: provenance, expression: %q}\n", tt.expression)).Remarks() {
			found = found || m.Shape == tt.shape && m.Rule == "r" && m.Expression != "" && m.Position != ""
		}
		if !found {
			t.Errorf("%s: nothing says %s", tt.expression, tt.shape)
		}
	}
}

// cancelled: an evaluation under way ends when its context does. A deadline of its own keeps the test from
// hanging; how promptly it ends is measured in BenchmarkHostile.
func cancelled(t *testing.T) {
	p := load(t, provenance+fmt.Sprintf("rules:\n  - {id: r, about: provenance, expression: %q}\n", hostile[0].expression))
	ctx, cancel := context.WithCancelCause(context.Background())
	own := errors.New("the caller's reason")
	cancel(own)
	if r, err := p.Evaluate(ctx, hostileFacts(t), policy.Strict); !errors.Is(err, context.Canceled) || r.Allows || len(r.Rules) != 0 {
		t.Errorf("cancelled before: %v %+v", err, r)
	}
	ctx, stop := context.WithTimeout(context.Background(), time.Millisecond)
	defer stop()
	if r, err := p.Evaluate(ctx, hostileFacts(t), policy.Strict); err != nil && (!errors.Is(err, context.DeadlineExceeded) || r.Allows) {
		t.Errorf("cancelled under way: %v %+v", err, r)
	}
}

// limits: at a limit a policy loads, one over it does not, nor a million; the message names the limit.
func limits(t *testing.T) {
	rules := func(n int) string {
		var b strings.Builder
		b.WriteString(provenance + "rules:\n")
		for i := range n {
			fmt.Fprintf(&b, "  - {id: r%d, about: provenance, expression: \"true\"}\n", i)
		}
		return b.String()
	}
	long := func(n int) string {
		return provenance + "rules:\n  - {id: r, about: provenance, expression: \"'" + strings.Repeat("a", n-len("''==it.digest")) + "'==it.digest\"}\n"
	}
	deep := func(n int) string {
		return provenance + "rules:\n  - {id: r, about: provenance, expression: \"" + strings.Repeat("(", n) + "true" + strings.Repeat(")", n) + "\"}\n"
	}
	for _, tt := range []struct {
		name  string
		text  func(int) string
		limit int
		says  string
		most  int
	}{
		{"rules", rules, policy.MaxRules, "expected at most 256", 20_000},
		{"bytes of an expression", long, policy.MaxExpression, "expected at most 32768", 1_000_000},
		{"nesting", deep, 0, "", 0},
	} {
		if tt.limit == 0 {
			continue
		}
		if _, err := tryLoad(tt.text(tt.limit)); err != nil {
			t.Errorf("%s at the limit: %.200v", tt.name, err)
		}
		for _, n := range []int{tt.limit + 1, tt.most} {
			if _, err := tryLoad(tt.text(n)); err == nil || !strings.Contains(err.Error(), tt.says) || len(err.Error()) > 1000 {
				t.Errorf("%d %s: %.200v", n, tt.name, err)
			}
		}
	}
	p := load(t, rules(1))
	f := facts(t, attestation(t, "a", fixture.ProvenanceV1, fixture.Provenance("x"), builder("w")))
	for budget, over := range map[uint64]bool{1: false, math.MaxUint64: false} {
		f.Budget = budget
		_, err := p.Evaluate(context.Background(), f, policy.Strict)
		if over != (err != nil) {
			t.Errorf("budget %d: %v", budget, err)
		}
	}
	p = load(t, provenance+"rules:\n  - {id: r, about: provenance, expression: \"lists.range(100).all(x, x >= 0)\"}\n")
	f.Budget = 0
	cost := evaluate(t, p, f, policy.Strict).Cost
	for budget, over := range map[uint64]bool{cost: false, cost - 1: true, 1: true} {
		f.Budget = budget
		_, err := p.Evaluate(context.Background(), f, policy.Strict)
		var limit *policy.LimitError
		if over != errors.As(err, &limit) || over && limit.Limit != "request-cost" {
			t.Errorf("cost %d, budget %d: %v", cost, budget, err)
		}
	}
}

// BenchmarkHostile measures what it takes to stop each hostile expression that loads, and what to refuse the
// others: time, and bytes allocated.
func BenchmarkHostile(b *testing.B) {
	f := hostileFacts(b)
	for _, tt := range hostile {
		b.Run(tt.name, func(b *testing.B) {
			text := provenance + fmt.Sprintf("rules:\n  - {id: r, about: provenance, expression: %q}\n", tt.expression)
			p, err := tryLoad(text)
			b.ReportAllocs()
			for b.Loop() {
				if err != nil {
					_, _ = tryLoad(text)
				} else if _, err := p.Evaluate(context.Background(), f, policy.Strict); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("cancelled", func(b *testing.B) {
		p, err := tryLoad(provenance + fmt.Sprintf("rules:\n  - {id: r, about: provenance, expression: %q}\n", hostile[0].expression))
		if err != nil {
			b.Fatal(err)
		}
		var late time.Duration
		for b.Loop() {
			ctx, cancel := context.WithCancel(context.Background())
			end := make(chan time.Time, 1)
			go func() { runtime.Gosched(); time.Sleep(time.Millisecond); end <- time.Now(); cancel() }()
			_, _ = p.Evaluate(ctx, f, policy.Strict)
			cancel()
			select {
			case at := <-end:
				late += time.Since(at)
			default:
			}
		}
		b.ReportMetric(float64(late.Microseconds())/float64(b.N), "µs-late")
	})
}
