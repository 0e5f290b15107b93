package policy_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/policy"
)

// remarked loads a policy with one rule about provenance, or about nothing, and gives what is remarked,
// a line each: shape, at, sub-expression, name.
func remarked(t *testing.T, about, expression, more string) []string {
	t.Helper()
	rule := fmt.Sprintf("  - {id: rule, expression: %q}\n", expression)
	if about != "" {
		rule = fmt.Sprintf("  - {id: rule, about: %s, expression: %q}\n", about, expression)
	}
	text := `apiVersion: surety.dev/v1alpha1
kind: Policy
metadata: {name: p, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
artifacts: ["**"]
params: {none: 0, two: 2, team: release, list: [a, release]}
evidence:
  - {name: provenance, predicateTypes: ["https://slsa.dev/provenance/v1"], duty: build}
  - {name: tests, predicateTypes: ["https://in-toto.io/attestation/test-result/v0.1"], duty: attest}
` + more + "rules:\n  - {id: base, severity: warn, expression: \"evidence.tests.size() > 0 && evidence.provenance.size() > params.none + params.two && params.team in params.list\"}\n" + rule
	ps, err := policy.Load(fstest.MapFS{"p.yaml": {Data: []byte(text)}}, "p.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, m := range ps[0].Remarks() {
		line := string(m.Shape)
		for _, s := range []string{m.At, m.Expression, m.Name} {
			if s != "" {
				line += " " + s
			}
		}
		lines = append(lines, line)
	}
	return lines
}

func TestRemarks(t *testing.T) {
	t.Parallel()
	variables := func(lines ...string) string {
		return "variables:\n  - {name: " + strings.Join(lines, "}\n  - {name: ") + "}\n"
	}
	const mixed = "  - {name: mixed, predicateTypes: [\"https://in-toto.io/attestation/test-result/v0.1\", \"https://slsa.dev/verification_summary/v1\"], duty: attest}\n"
	for _, tt := range []struct {
		name, about, expression, more string
		want                          []string
	}{
		{"nothing to say", "provenance", "it.provenance.builder in params.list", "", nil},
		{"true", "provenance", "true", "", []string{"never-fails 1:1 true"}},
		{"false", "provenance", "1 > 2", "", []string{"never-passes 1:1 1 > 2"}},
		{"in error", "provenance", "1 / 0 == 1", "", []string{"never-passes 1:1 1 / 0 == 1"}},
		{"true beside anything", "provenance", "it.digest == '' || true", "", []string{"never-fails 1:1 it.digest == \"\" || true"}},
		{"all of nothing", "provenance", "[].all(x, x == 1)", "", []string{"never-fails 1:1 [].all(x, x == 1)"}},
		{"parameters are known", "provenance", "params.two == 2", "", []string{"never-fails 1:1 params.two == 2"}},
		{"variables of parameters are known", "provenance", "variables.b > 4", variables("a, expression: params.two + 1", "b, expression: variables.a + 1"), []string{"never-passes 1:1 variables.b > 4"}},
		{"variables of evidence are not", "provenance", "variables.b", variables("b, expression: it.provenance.builder == 'x'"), nil},
		{"two values at once", "provenance", "it.provenance.builder == 'a' && it.digest != '' && 'b' == it.provenance.builder", "",
			[]string{`contradiction 1:1 it.provenance.builder == "a" && it.digest != "" && "b" == it.provenance.builder "b" == it.provenance.builder`}},
		{"a value and not it", "provenance", "it.digest == 'a' && (it.digest != 'a' && it.digest != 'b')", "", []string{`contradiction 1:1 it.digest == "a" && it.digest != "a" && it.digest != "b" it.digest != "a"`}},
		{"no member of both lists", "provenance", "it.digest in ['a', 'b'] && it.digest in params.list && it.digest != 'a'", "", []string{`contradiction 1:1 it.digest in ["a", "b"] && it.digest in params.list && it.digest != "a" it.digest != "a"`}},
		{"a member of both lists", "provenance", "it.digest in ['a', 'b'] && it.digest in params.list && it.digest != 'b'", "", nil},
		{"bounds that do not meet", "provenance", "approvals.size() >= params.two && approvals.people().size() > 5 && !(approvals.size() > 1)", "",
			[]string{"contradiction 1:1 approvals.size() >= params.two && approvals.people().size() > 5 && !(approvals.size() > 1) !(approvals.size() > 1)", "not-monotone 1:68 !(approvals.size() > 1)"}},
		{"bounds that meet in one number", "provenance", "it.subjects.size() >= 2 && it.subjects.size() <= 2 && it.subjects.size() == 2", "", nil},
		{"a part and its negation", "provenance", "has(it.predicate.a) && it.digest != '' && !has(it.predicate.a)", "", []string{`contradiction 1:1 has(it.predicate.a) && it.digest != "" && !has(it.predicate.a) !has(it.predicate.a)`}},
		{"a contradiction beside or", "provenance", "it.digest != 'x' || it.digest == 'a' && it.digest == 'b'", "", []string{`contradiction 1:21 it.digest == "a" && it.digest == "b" it.digest == "b"`}},
		{"of members", "provenance", "it.provenance.materials.exists(m, m.uri == 'a' && m.uri == 'b')", "", []string{`contradiction 1:35 m.uri == "a" && m.uri == "b" m.uri == "b"`}},
		{"one of two it cannot both be", "provenance", "it.digest != 'a' || it.digest != 'b'", "", []string{`tautology 1:1 it.digest != "a" || it.digest != "b" it.digest != "b"`}},
		{"one of all numbers", "provenance", "it.subjects.size() > 3 || it.subjects.size() <= 3", "", []string{"tautology 1:1 it.subjects.size() > 3 || it.subjects.size() <= 3 it.subjects.size() <= 3"}},
		{"a part or not it, guarded", "provenance", "!has(it.predicate.a) || has(it.predicate.a) && it.predicate.a == 1", "", nil},
		{"another value of another", "provenance", "it.digest == 'a' && it.provenance.builder == 'b'", "", nil},
		{"a branch never taken", "provenance", "params.two > 1 ? it.digest != '' : it.digest == ''", "", []string{`unreachable 1:36 it.digest == ""`}},
		{"the other branch never taken", "provenance", "params.team == 'x' ? it.digest != '' : it.digest != 'z'", "", []string{`unreachable 1:22 it.digest != ""`}},
		{"no approvals needed", "provenance", "approvals.people().size() >= params.none", "", []string{"threshold 1:1 approvals.people().size() >= params.none"}},
		{"no approvals needed, mirrored", "provenance", "0 <= size(approvals)", "", []string{"threshold 1:1 0 <= size(approvals)"}},
		{"fewer than none", "provenance", "it.subjects.size() < 0", "", []string{"threshold 1:1 it.subjects.size() < 0"}},
		{"one needed", "provenance", "approvals.size() >= 1 && approvals.size() > 0", "", nil},

		{"a field beside or", "provenance", "it.predicate.missing == 'z' || it.digest == ''", "", []string{"absorbs-error 1:1 it.predicate.missing"}},
		{"a field beside and", "provenance", "it.digest != '' && it.predicate.missing == 'z'", "", []string{"absorbs-error 1:20 it.predicate.missing"}},
		{"a field alone", "provenance", "it.predicate.missing == 'z'", "", nil},
		{"a guarded field", "provenance", "has(it.predicate.a) && it.predicate.a == 'z'", "", nil},
		{"a guarded field, the other way", "provenance", "!has(it.predicate.a) || it.predicate.a == 'z'", "", nil},
		{"a guard of another field", "provenance", "has(it.predicate.b) && it.predicate.a == 'z'", "", []string{"absorbs-error 1:24 it.predicate.a"}},
		{"a guard that holds for or", "provenance", "has(it.predicate.a) || it.predicate.a == 'z'", "", []string{"absorbs-error 1:24 it.predicate.a"}},
		{"a guard that can err", "provenance", "has(it.predicate.a.b) && it.predicate.a.b == 'z'", "", []string{"absorbs-error 1:5 it.predicate.a"}},
		{"guards step by step", "provenance", "has(it.predicate.a) && has(it.predicate.a.b) && it.predicate.a.b == 'z'", "", nil},
		{"a guarded key", "provenance", "'k' in it.provenance.source.digest && it.provenance.source.digest['k'] == 'z' && it.provenance.source.digest.k == 'z'", "", nil},
		{"a key", "provenance", "it.digest != '' && it.provenance.source.digest['k'] == 'z'", "", []string{"absorbs-error 1:20 it.provenance.source.digest[\"k\"]"}},
		{"a ternary is a guard", "provenance", "it.digest != '' && (has(it.predicate.a) ? it.predicate.a == 'z' : false)", "", nil},
		{"division", "provenance", "it.digest != '' && 10 / it.subjects.size() > 1", "", []string{"absorbs-error 1:20 10 / it.subjects.size()"}},
		{"division by a number", "provenance", "it.digest != '' && it.subjects.size() / 2 > 1", "", nil},
		{"conversion", "provenance", "it.digest != '' && int(it.provenance.builder) > 1", "", []string{"absorbs-error 1:20 int(it.provenance.builder)"}},
		{"a time that may not be known", "provenance", "it.digest != '' && it.signedAt.notAfter < evaluation.at", "", []string{"absorbs-error 1:20 it.signedAt.notAfter"}},
		{"inside exists", "provenance", "it.predicate.list.exists(x, x.name == 'z')", "", []string{"absorbs-error 1:29 x.name"}},
		{"inside a variable", "provenance", "it.digest == '' || variables.a", variables("a, expression: \"it.predicate.a == 'z'\""), []string{"absorbs-error 1:20 variables.a"}},

		{"approvals counted", "provenance", "approvals.by('release').recordedBefore(it.signedAt).people().size() >= 2", "", []string{"names-team 1:1 approvals.by(\"release\") release"}},
		{"approvals counted from above", "provenance", "approvals.size() < 2", "", []string{"not-monotone 1:1 approvals.size() < 2"}},
		{"approvals counted exactly", "provenance", "approvals.size() == 2", "", []string{"not-monotone 1:1 approvals.size() == 2"}},
		{"no approvals", "provenance", "approvals.size() == 0", "", []string{"not-monotone 1:1 approvals.size() == 0"}},
		{"not no approvals", "provenance", "!(approvals.size() == 0) && approvals != [] && size(approvals) != 0", "", nil},
		{"no such approval", "provenance", "it.digest != '' && !approvals.exists(a, a.person == 'mallory')", "", []string{"not-monotone 1:20 !approvals.exists(a, a.person == \"mallory\")"}},
		{"all approvals", "provenance", "approvals.all(a, a.person != 'mallory')", "", []string{"not-monotone 1:1 approvals.all(a, a.person != \"mallory\")"}},
		{"one approval exactly", "provenance", "approvals.exists_one(a, a.person == 'x')", "", []string{"not-monotone 1:1 approvals.exists_one(a, a.person == \"x\")"}},
		{"filtered approvals", "provenance", "approvals.filter(a, a.person != 'mallory').map(a, a.person).size() >= 2", "", nil},
		{"all signers of it", "provenance", "it.signers.all(s, s.person == '')", "", []string{"not-monotone 1:1 it.signers.all(s, s.person == \"\")"}},
		{"all materials of it are its own", "provenance", "it.provenance.materials.all(m, m.uri != '')", "", nil},
		{"a first approval", "provenance", "approvals[0].person == 'x'", "", []string{"not-monotone 1:1 approvals[0].person == \"x\""}},
		{"a negated variable", "provenance", "!variables.a", variables("a, expression: approvals.size() > 1"), []string{"not-monotone 1:1 !variables.a"}},
		{"a variable that is not monotone", "provenance", "variables.a", variables("a, expression: it.digest == '' || approvals.size() <= 1"), []string{"not-monotone 1:20 approvals.size() <= 1"}},
		{"inside exists, of evidence", "", "evidence.provenance.exists(p, !p.signers.exists(s, s.person == 'x'))", "", []string{"not-monotone 1:31 !p.signers.exists(s, s.person == \"x\")"}},
		{"all of the evidence", "", "evidence.provenance.all(p, p.digest != '')", "", []string{"not-monotone 1:1 evidence.provenance.all(p, p.digest != \"\")"}},
		{"filtered by an order that may be unproven", "provenance", "approvals.filter(a, a.signedAt.before(it.signedAt)).size() >= 2", "", []string{"not-monotone 1:1 approvals.filter(a, a.signedAt.before(it.signedAt)).size() >= 2"}},
		{"the same with a list", "provenance", "approvals.before(it.signedAt).size() >= 2 && approvals.exists(a, a.signedAt.before(it.signedAt))", "", nil},
		{"filtered by what may be in error", "", "evidence.tests.filter(t, t.predicate.n > 2) != []", "", []string{"not-monotone 1:1 evidence.tests.filter(t, t.predicate.n > 2) != []"}},
		{"filtered by a view, which may be malformed", "", "evidence.tests.filter(t, t.test.passed) != []", "", []string{"not-monotone 1:1 evidence.tests.filter(t, t.test.passed) != []"}},
		{"filtered by what is guarded", "", "evidence.tests.filter(t, has(t.predicate.n) && t.predicate.n == 2) != []", "", nil},
		{"mapped to what may be in error", "provenance", "approvals.map(a, a.signedAt.notBefore).size() > 1", "", []string{"not-monotone 1:1 approvals.map(a, a.signedAt.notBefore).size() > 1"}},
		{"the time of what stands", "", "evidence.tests.exists(t, t.signedAt.source == 'rekor')", "", []string{"not-monotone 1:26 t.signedAt.source == \"rekor\""}},
		{"an optional attestation's signers", "provenance", "optional.of(it).signers.orValue([]).size() < 2", "", []string{"not-monotone 1:1 optional.of(it).signers.orValue([]).size() < 2"}},
		{"bound", "provenance", "cel.bind(n, approvals.size(), n >= 2)", "", nil},
		{"bound and wrong", "provenance", "cel.bind(n, approvals.size(), n < 2)", "", []string{"not-monotone 1:31 n < 2"}},

		{"a duty", "", "signers.holding('bild').size() > 0 && signers.exists(s, 'attest' in s.duties && params.team in s.teams)", "",
			[]string{"names-duty 1:1 signers.holding(\"bild\") bild", "names-duty 1:57 \"attest\" in s.duties attest", "names-team 1:81 params.team in s.teams release"}},
		{"a view of one of two types", "mixed", "it.summary.passed", mixed, []string{"other-view 1:1 it.summary"}},
		{"a view of one of two types, of standing evidence", "", "evidence.mixed.filter(m, m.digest != '').exists(m, m.summary.passed) && evidence.mixed[0].test.passed", mixed,
			[]string{"absorbs-error 1:73 evidence.mixed[0]", "not-monotone 1:73 evidence.mixed[0].test.passed", "other-view 1:52 m.summary", "other-view 1:73 evidence.mixed[0].test"}},
		{"a view of one of two types, asked for", "mixed", "has(it.summary) ? it.summary.passed : it.test.passed", mixed, nil},
		{"a view of one of two types, by type", "mixed", "it.predicateType == 'https://slsa.dev/verification_summary/v1' ? it.summary.passed : it.test.passed", mixed, nil},
		{"a view of one of two types, optional", "mixed", "it.?summary.passed.orValue(false)", mixed, nil},
		{"views of test results", "tests", "it.test.passed && has(it.provenance) && it.predicate.test == it.test.url", "", []string{"absorbs-error 1:41 it.predicate.test"}},
		{"a view beside or", "tests", "it.digest == '' || it.test.passed", "", []string{"absorbs-error 1:20 it.test"}},
		{"a view beside or, deeper", "tests", "it.digest == '' || (it.digest != 'x' && it.test.failedTests.all(t, t != ''))", "", []string{"absorbs-error 1:41 it.test"}},
		{"a view beside and", "tests", "it.digest == '' && it.test.passed", "", nil},
		{"a view on both sides of or", "tests", "it.test.passed || it.test.failedTests == ['x']", "", nil},
		{"a guarded view", "tests", "!has(it.test) || it.test.passed", "", nil},
		{"provenance beside or", "provenance", "it.digest == '' || it.provenance.builder == 'x'", "", nil},
		{"a view in exists", "", "evidence.tests.exists(t, t.test.passed)", "", nil},
		{"a claimed time that may not be known", "tests", "it.digest != '' && it.signedAt.notBefore < evaluation.at", "", []string{"absorbs-error 1:20 it.signedAt.notBefore"}},
		{"a count that may not be known", "mixed", "it.digest != '' && it.trace.connections == 0", strings.ReplaceAll(mixed, "https://slsa.dev/verification_summary/v1", "https://in-toto.io/attestation/runtime-trace/v0.1"), []string{"absorbs-error 1:20 it.trace.connections", "other-view 1:20 it.trace"}},
		{"an unused variable", "provenance", "it.digest != ''", variables("a, expression: it.digest"), []string{"unused-variable a"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, remarked(t, tt.about, tt.expression, tt.more)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestRemarksPlaces: a remark says of which rule it is, how much that matters, and where in the document.
func TestRemarksPlaces(t *testing.T) {
	t.Parallel()
	const text = `apiVersion: surety.dev/v1alpha1
kind: Policy
metadata: {name: p, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
artifacts: ["pkg:generic/**"]
params: {two: 2}
evidence:
  - {name: provenance, predicateTypes: ["https://slsa.dev/provenance/v1"], duty: build}
  - {name: tests, predicateTypes: ["https://in-toto.io/attestation/test-result/v0.1"], duty: attest}
rules:
  - id: one
    about: provenance
    when: "environment == 'x' && false"
    expression: |
      it.digest != '' &&
        approvals.size() < 2
  - id: two
    about: provenance
    severity: info
    waivable: {by: office, maxDuration: 2h}
    control: review-audit
    expression: "approvals.size() < 2 && true"
`
	ps, err := policy.Load(fstest.MapFS{"p.yaml": {Data: []byte(text)}}, "p.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p := ps[0]
	want := []policy.Remark{
		{Shape: policy.NeverApplies, Rule: "one", Expression: `environment == "x" && false`, At: "1:1", Position: "p.yaml:12:11"},
		{Shape: policy.NotMonotone, Rule: "one", Expression: "approvals.size() < 2", At: "2:3", Position: "p.yaml:13:17"},
		{Shape: policy.NothingApplies, Position: "p.yaml:3:11"},
		{Shape: policy.NothingApplies, Name: "x", Position: "p.yaml:3:11"},
		{Shape: policy.Unruled, Name: "tests", Position: "p.yaml:8:5"},
		{Shape: policy.UnusedParam, Name: "two", Position: "p.yaml:5:9"},
	}
	if diff := cmp.Diff(want, p.Remarks()); diff != "" {
		t.Error(diff)
	}
	rules := []policy.Rule{
		{ID: "one", About: "provenance", Control: "release-policy", Position: "p.yaml:10:5"},
		{ID: "two", About: "provenance", Control: "review-audit", Severity: policy.Info, Waivable: &policy.Waiver{By: "office", Quorum: 1, MaxDuration: 2 * time.Hour}, Position: "p.yaml:16:5"},
	}
	if diff := cmp.Diff(rules, p.Rules()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"pkg:generic/**"}, p.Artifacts()); diff != "" || p.Position() != "p.yaml:3:11" {
		t.Error(diff, p.Position())
	}
	if (&policy.Policy{}).Remarks() != nil || (*policy.Policy)(nil).Remarks() != nil {
		t.Error("a policy without rules has remarks")
	}
}

// TestRemarksAreSteady: whether a rule can fail does not depend on the order Go keeps a map in.
func TestRemarksAreSteady(t *testing.T) {
	t.Parallel()
	for range 30 {
		p := load(t, provenance+"rules:\n  - {id: r, about: provenance, expression: \"{'a': 1, 'b': 2, 'c': 3}.map(k, k)[0] == 'a'\"}\n")
		if r := p.Remarks(); len(r) != 1 || r[0].Shape != policy.NeverFails {
			t.Fatalf("%+v", r)
		}
	}
}

// TestRemarksOfPolicies: what shows of all deny rules together.
func TestRemarksOfPolicies(t *testing.T) {
	t.Parallel()
	const waivable = ", waivable: {by: office, maxDuration: 2h}"
	about := func(id, more, expression string) string {
		return fmt.Sprintf("  - {id: %s, about: provenance%s, expression: %q}\n", id, more, expression)
	}
	for _, tt := range []struct {
		name, head, rules string
		want              []string // shape rule name expression
	}{
		{"two rules that cannot both pass", "", about("a", "", "it.digest == 'a' && it.provenance.builder != ''") + about("b", "", "it.digest == 'b'"), []string{`contradiction b a it.digest == "b"`}},
		{"of which one warns", "", about("a", "", "it.digest == 'a'") + about("b", ", severity: warn", "it.digest == 'b'"), nil},
		{"of which one applies elsewhere", "", about("a", ", when: \"environment == 'x'\"", "it.digest == 'a'") + about("b", ", when: \"environment != 'x'\"", "it.digest == 'b'"), nil},
		{"of which one applies always", "", about("a", "", "it.digest == 'a'") + about("b", ", when: \"environment != 'x'\"", "it.digest == 'b'"), []string{`contradiction b a it.digest == "b"`}},
		{"of different evidence", "", about("a", "", "it.digest == 'a'") + "  - {id: b, expression: \"signers.size() == 1\"}\n", []string{"not-monotone b  signers.size() == 1"}},
		{"all can be waived", "", about("a", waivable, "it.digest == 'a'"), []string{"bypass   office"}},
		{"all can be waived, by two teams", "", about("a", waivable, "it.digest == 'a'") + about("b", strings.Replace(waivable, "office", "others", 1), "it.digest != ''"), []string{"bypass   "}},
		{"one cannot be waived", "", about("a", waivable, "it.digest == 'a'") + about("b", "", "it.digest != ''"), nil},
		{"the one that cannot be waived is skipped in one environment", "environments: [production, staging]\n",
			about("a", waivable, "it.digest == 'a'") + about("b", ", when: \"environment == 'production'\"", "it.digest != ''"), []string{"bypass  staging office"}},
		{"the one that cannot be waived is skipped for some artifacts", "",
			about("a", waivable, "it.digest == 'a'") + about("b", ", when: \"artifact.name.startsWith('pkg:npm/')\"", "it.digest != ''"), []string{"bypass   office"}},
		{"nothing applies in one environment", "environments: [production, staging]\n", about("a", ", when: \"environment in ['production']\"", "it.digest == 'a'"), []string{"nothing-applies  staging "}},
		{"environments that only conditions name", "", about("a", ", when: \"environment in ['production', 'test']\"", "it.digest == 'a'"), []string{"nothing-applies   "}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, m := range load(t, tt.head+provenance+"rules:\n"+tt.rules).Remarks() {
				got = append(got, fmt.Sprintf("%s %s %s %s", m.Shape, m.Rule, m.Name, m.Expression))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
