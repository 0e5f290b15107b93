package policy_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/policy"
)

var updateGolden = flag.Bool("update-golden", false, "write the golden files of the external tests")

// failures are rules that do not pass, each for its own reason.
var failures = []struct{ name, about, expression, variables string }{
	{"a comparison", "provenance", "it.provenance.builder == 'https://builder.test/good'", ""},
	{"a member of a list", "provenance", "it.provenance.builder in params.builders", ""},
	{"one of two", "provenance", "it.digest != '' && it.provenance.buildType == 'make'", ""},
	{"both of two", "provenance", "it.provenance.buildType == 'make' && it.provenance.builder == 'x' && it.digest != ''", ""},
	{"neither of two", "provenance", "it.provenance.buildType == 'make' || it.provenance.builder == 'x'", ""},
	{"a negation", "provenance", "!(it.provenance.builder.startsWith('https://') && it.digest != '')", ""},
	{"a negated either", "provenance", "!(it.digest == 'x' || it.provenance.builder.startsWith('https://'))", ""},
	{"approvals at each stage", "provenance", "approvals.by('release-engineering').recordedBefore(it.signedAt).people().size() >= params.two", ""},
	{"approvals nobody gave", "provenance", "approvals.by('nobody').people().size() >= 1", ""},
	{"a variable", "provenance", "variables.people.size() >= 4", "people, expression: approvals.people()"},
	{"a variable of logic", "provenance", "variables.ok", "ok, expression: \"it.digest != '' && it.provenance.buildType == 'make'\""},
	{"a variable of a variable", "provenance", "!variables.b", "a, expression: \"approvals.people()\"}\n  - {name: b, expression: \"variables.a.size() > 1\""},
	{"all, and one that is not", "provenance", "it.provenance.materials.all(m, m.uri.startsWith('pkg:'))", ""},
	{"all, and two that are not: the first", "provenance", "it.provenance.materials.all(m, m.uri == '' && m.name == '')", ""},
	{"exists: the closest", "provenance", "it.provenance.materials.exists(m, m.uri.startsWith('git') && m.uri.endsWith('x') && m.name == 'y')", ""},
	{"exists of nothing", "provenance", "approvals.by('nobody').exists(a, a.person == 'alice')", ""},
	{"no such member", "provenance", "!approvals.exists(a, a.person == 'bob')", ""},
	{"exactly one", "provenance", "approvals.exists_one(a, a.person.size() > 2)", ""},
	{"a filter", "provenance", "approvals.filter(a, a.person.startsWith('a')).map(a, a.person).size() > 3", ""},
	{"a ternary that is taken", "provenance", "environment == 'production' ? it.provenance.buildType == 'make' : true", ""},
	{"a ternary that gives false", "provenance", "environment == 'production' ? false : true", ""},
	{"a name bound", "provenance", "cel.bind(m, it.provenance.materials, m.size() > 2 && m[0].uri == 'x')", ""},
	{"an unproven order", "provenance", "it.signedAt.before(it.signedAt) && it.digest != ''", ""},
	{"an order refuted", "provenance", "approvals[2].signedAt.before(it.signedAt)", ""},
	{"a field that is absent", "provenance", "it.predicate.runDetails.builder.nothing == 'x'", ""},
	{"what an error hides behind", "provenance", "it.predicate.missing == 'z' || it.digest == 'x'", ""},
	{"an error alone", "provenance", "it.predicate.missing == 'z' && it.predicate.other == 'y'", ""},
	{"an error in a member", "provenance", "it.provenance.materials.all(m, m.digest['sha256'] != '')", ""},
	{"a field asked for", "provenance", "has(it.predicate.runDetails.builder.version)", ""},
	{"an optional", "provenance", "it.predicate.?nothing.orValue('none') == 'some'", ""},
	{"a package URL", "provenance", "purl(artifact.name) == purl('pkg:generic/payments/web@1.4.2')", ""},
	{"a version", "provenance", "semver('1.4.2').isGreaterThan(semver(purl(artifact.name).version))", ""},
	{"arithmetic", "provenance", "approvals.size() + it.signers.size() >= 2 * params.two + 5", ""},
	{"a long text", "provenance", "'" + strings.Repeat("long ", 40) + "' == it.provenance.builder", ""},
	{"a long list", "provenance", "lists.range(20 * params.two).map(x, x * 2) == []", ""},
	{"a map", "provenance", "it.predicate.runDetails == {}", ""},
	{"what stands", "", "evidence.provenance.exists(p, p.provenance.builder == 'x')", ""},
	{"signers of what stands", "", "signers.holding('release').people().size() >= 1", ""},
	{"a view that is a bool", "tests", "it.test.passed", ""},
	{"a list of a view", "tests", "it.test.failedTests.size() == 0", ""},
	{"a condition in error", "when", "", ""},
	{"more reasons than are told", "provenance", "environment == 'a' || environment == 'b' || environment == 'c' || environment == 'd' || environment == 'e' || environment == 'f' || environment == 'g' || environment == 'h' || environment == 'i' || environment == 'j'", ""},
}

// explained is the policy around a rule of failures.
func explained(about, expression, variables string) string {
	text := `params: {two: 2, builders: ["https://builder.test/good", "https://builder.test/better"]}
evidence:
  - {name: provenance, predicateTypes: ["https://slsa.dev/provenance/v1"], duty: build}
  - {name: tests, predicateTypes: ["https://in-toto.io/attestation/test-result/v0.1"], duty: attest}
`
	if variables != "" {
		text += "variables:\n  - {name: " + variables + "}\n"
	}
	switch about {
	case "when":
		return text + "rules:\n  - id: rule\n    about: provenance\n    when: \"params.builders[7] == environment\"\n    expression: \"true\"\n"
	case "":
		return text + "rules:\n  - id: rule\n    expression: >-\n      " + expression + "\n"
	}
	return text + fmt.Sprintf("rules:\n  - id: rule\n    about: %s\n    expression: |\n      %s\n", about, expression)
}

// explainedFacts are what the rules of failures fail on.
func explainedFacts(t *testing.T) policy.Facts {
	t.Helper()
	material := func(uri string) map[string]any {
		return map[string]any{"uri": uri, "digest": map[string]any{"sha1": "da39a3ee5e6b4b0d3255bfef95601890afd80709"}}
	}
	f := facts(t,
		attestation(t, "sha256:p", fixture.ProvenanceV1, map[string]any{
			"buildDefinition": map[string]any{"buildType": "https://build.test/type", "externalParameters": map[string]any{}, "resolvedDependencies": []any{material("pkg:generic/a"), material("git+https://git.test/x")}},
			"runDetails":      map[string]any{"builder": map[string]any{"id": "https://builder.test/bad"}},
		}, builder("pipeline")),
		attestation(t, "sha256:t", fixture.TestResult, map[string]any{"result": "FAILED", "configuration": []any{}, "failedTests": []any{"one", "two"}}, person("dana", "attest")))
	f.Approvals = []*policy.Approval{
		{Person: "alice", Teams: []string{"release-engineering"}, SignedAt: logged(-10)},
		{Person: "alice", Teams: []string{"release-engineering"}, SignedAt: logged(-9)},
		{Person: "bob", Teams: []string{"release-engineering", "sre"}, SignedAt: logged(10)},
		{Person: "carol", Teams: []string{"sre"}, SignedAt: &policy.Span{NotAfter: at}},
	}
	return f
}

// TestExplanations compares what is said of rules that do not pass with testdata/explanations.txt.
func TestExplanations(t *testing.T) {
	t.Parallel()
	const path = "testdata/explanations.txt"
	var b strings.Builder
	b.WriteString("# What is said of rules that do not pass: go test ./policy -run TestExplanations -update-golden\n")
	for _, row := range failures {
		p := load(t, explained(row.about, row.expression, row.variables))
		f := explainedFacts(t)
		r := evaluate(t, p, f, policy.Strict).Rules[0]
		if r.Outcome == policy.Passed || r.Outcome == policy.Skipped || len(r.Explanation) == 0 {
			t.Errorf("%s: %s, %d causes: expected a failure and why", row.name, r.Outcome, len(r.Explanation))
		}
		if len(r.Explanation) > policy.MaxCauses {
			t.Errorf("%s: %d causes", row.name, len(r.Explanation))
		}
		fmt.Fprintf(&b, "\n-- %s: %s --\n%s\n%s\n", row.name, r.Outcome, row.expression, r.Explain())
		for _, c := range r.Explanation {
			if placed := regexp.MustCompile(`^policy\.yaml:[0-9]+:[0-9]+$`); !placed.MatchString(c.Position) || c.Expression == "" || c.Value == "" || c.At == "" || len(c.Inputs) > policy.MaxInputs {
				t.Errorf("%s: %+v", row.name, c)
			}
		}
		// the order of the facts changes nothing, nor does evaluating again
		f.Attestations[0], f.Attestations[1] = f.Attestations[1], f.Attestations[0]
		if again := evaluate(t, p, f, policy.Strict).Rules[0].Explain(); again != r.Explain() {
			t.Errorf("%s: said\n%s\nand then\n%s", row.name, r.Explain(), again)
		}
		if generous := evaluate(t, p, f, policy.Generous).Rules[0]; generous.Explanation != nil {
			t.Errorf("%s: explained generously", row.name)
		}
	}
	if strings.Contains(b.String(), "0xc0") || strings.Contains(b.String(), "too many parts") {
		t.Error("an explanation shows the machine")
	}
	if *updateGolden {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want, err := os.ReadFile(path); err != nil || string(want) != b.String() {
		t.Errorf("%s differs, %v: run go test ./policy -run TestExplanations -update-golden and read what changed", path, err)
	}
}
