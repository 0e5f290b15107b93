package policy_test

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/surety-dev/surety/policy"
)

// mistaken is the policy that each mistake is made in, once.
const mistaken = `params: {minApprovals: 2, builders: ["https://builder.test/x"], tiers: {gold: 1}}
evidence:
  - {name: provenance, predicateTypes: ["https://slsa.dev/provenance/v1"], duty: build}
  - {name: tests, predicateTypes: ["https://in-toto.io/attestation/test-result/v0.1"], duty: attest, min: 1}
variables:
  - {name: release, expression: "approvals.by('release-engineering')"}
rules:
  - id: built
    about: provenance
    when: "environment == 'production'"
    expression: "it.provenance.builder in params.builders"
  - id: approved
    about: provenance
    expression: "variables.release.recordedBefore(it.signedAt).people().size() >= params.minApprovals"
  - id: tested
    about: tests
    expression: "it.test.passed && it.test.failedTests.size() == 0"
  - id: whole
    expression: "signers.holding('build').size() > 0 && evidence.tests.exists(t, t.test.url != '')"
`

// wrongs are the mistakes: what is replaced by what.
var wrongs = []struct{ name, old, new string }{
	{"a view misspelt", "it.provenance.builder in", "it.provenence.builder in"},
	{"a field of a view misspelt", "it.provenance.builder in", "it.provenance.bilder in"},
	{"a field in another case", "it.test.failedTests", "it.test.failedtests"},
	{"a field with an underscore", "it.test.failedTests", "it.test.failed_tests"},
	{"a field of a member misspelt", "t.test.url", "t.tests.url"},
	{"a parameter misspelt", "params.builders", "params.builder"},
	{"a parameter there is not", "params.builders", "params.workshops"},
	{"a variable misspelt", "variables.release", "variables.releases"},
	{"evidence misspelt", "evidence.tests", "evidence.test"},
	{"a name misspelt", "environment ==", "enviroment =="},
	{"a name of something else", "signers.holding", "signatures.holding"},
	{"a function misspelt", "recordedBefore", "recordedbefore"},
	{"a function of another thing", "signers.holding('build')", "signers.by('build')"},
	{"a function there is not", "signers.holding('build')", "signers.having('build')"},
	{"a function of CEL misspelt", "environment == 'production'", "environment.startswith('prod')"},
	{"an argument too many", "people()", "people('all')"},
	{"an argument too few", "holding('build')", "holding()"},
	{"an argument of another type", "holding('build')", "holding(7)"},
	{"a view of another predicate type", "it.test.passed &&", "it.provenance.builder != '' &&"},
	{"a view of another predicate type, of evidence by name", "t.test.url != ''", "t.summary.passed"},
	{"a view of another predicate type, through a variable", "it.provenance.builder in params.builders", "variables.tested"},
	{"a view of a type without one", "it.test.passed &&", "it.sbom.components > 0 &&"},
	{"it in a rule without about", "signers.holding('build').size() > 0", "it.digest != ''"},
	{"approvals in a rule without about", "signers.holding('build').size() > 0", "approvals.size() > 1"},
	{"signers in a rule about one declaration", "it.test.passed &&", "signers.size() > 0 &&"},
	{"evidence in a rule about one declaration", "it.test.passed &&", "evidence.provenance.size() > 0 &&"},
	{"it in when", "environment == 'production'", "it.digest != ''"},
	{"variables in when", "environment == 'production'", "variables.release.size() > 0"},
	{"a variable that the rule cannot see", "signers.holding('build').size() > 0", "variables.release.size() > 0"},
	{"a text compared with a number", "size() == 0", "size() == '0'"},
	{"a time compared with a text", "it.test.passed &&", "evaluation.at > '2026-01-01T00:00:00Z' &&"},
	{"a duration compared with a number", "it.test.passed &&", "evaluation.at - it.signedAt.notAfter < 24 &&"},
	{"a list compared with a text", "it.test.passed &&", "it.test.failedTests == 'none' &&"},
	{"a span compared with a time", "it.test.passed &&", "it.signedAt < evaluation.at &&"},
	{"a text added to a number", "it.test.passed &&", "it.test.url + 1 != '' &&"},
	{"a text negated", "it.test.passed &&", "!it.test.url &&"},
	{"a text beside &&", "it.test.passed &&", "it.test.url &&"},
	{"in what is no list", "in params.builders", "in it.provenance.buildType"},
	{"a member of what is no list", "it.test.failedTests.size()", "it.test.url.all(c, c != '')"},
	{"no boolean", "it.test.passed && it.test.failedTests.size() == 0", "it.test.failedTests.size()"},
	{"a value of any type", "it.test.passed && it.test.failedTests.size() == 0", "it.predicate.ok"},
	{"an optional where a bool is due", "it.test.passed && it.test.failedTests.size() == 0", "it.predicate.?ok"},
	{"an optional without need", "it.test.passed", "it.?digest.hasValue()"},
	{"= for ==", "environment == 'production'", "environment = 'production'"},
	{"and for &&", "it.test.passed &&", "it.test.passed and"},
	{"or for ||", "it.test.passed &&", "it.test.passed or"},
	{"not for !", "it.test.passed &&", "not it.test.passed &&"},
	{"an expression that breaks off", "size() == 0", "size() =="},
	{"a bracket that is not closed", "it.test.failedTests.size() == 0", "(it.test.failedTests.size() == 0"},
	{"a bracket too many", "it.test.failedTests.size() == 0", "it.test.failedTests.size() == 0)"},
	{"a text that is not closed", "'release-engineering'", "'release-engineering"},
	{"an assignment", "it.test.passed &&", "passed := it.test.passed &&"},
	{"a clock", "environment == 'production'", "now() > evaluation.at"},
	{"an environment variable", "environment == 'production'", "env('CI') == 'true'"},
	{"a pattern that is not literal", "environment == 'production'", "environment.matches(artifact.name)"},
	{"a pattern of no language", "environment == 'production'", "environment.matches('prod(')"},
	{"a glob with other wildcards", "environment == 'production'", "environment.glob('prod?')"},
	{"a package URL that is none", "environment == 'production'", "purl(artifact.name) == purl('payments/api@1')"},
	{"a version that is none", "environment == 'production'", "semver(purl(artifact.name).version).isLessThan(semver('2.0'))"},
	{"a version with a v", "environment == 'production'", "semver('v2.0.0').major == 2"},
	{"a version compared with <", "environment == 'production'", "semver(purl(artifact.name).version) < semver('2.0.0')"},
	{"a field of a version misspelt", "environment == 'production'", "semver('2.0.0').mayor == 2"},
	{"a time that is none", "environment == 'production'", "evaluation.at > timestamp('2026-01-01')"},
	{"a duration that is none", "environment == 'production'", "evaluation.at - evaluation.at < duration('1 day')"},
	{"a function without bound", "environment == 'production'", "environment.replace('a', 'b') == 'x'"},
	{"an object made", "environment == 'production'", "surety.Span{source: 'rekor'}.source == ''"},
	{"what costs too much whatever the evidence", "environment == 'production'", "lists.range(1000).map(x, lists.range(1000).map(y, x * y)).size() > 0"},
	{"a rule about nothing declared", "about: tests", "about: test"},
	{"a parameter that no expression can name", "minApprovals: 2", "min-approvals: 2"},
	{"a minimum of none", "min: 1", "min: 0"},
}

// TestWrongs compares what is said of each mistake with testdata/wrong.txt: one message on one line, with
// its place, unlike the others.
func TestWrongs(t *testing.T) {
	t.Parallel()
	if _, err := tryLoad(mistaken); err != nil {
		t.Fatalf("without a mistake: %v", err)
	}
	const path = "testdata/wrong.txt"
	var b strings.Builder
	b.WriteString("# What is said of policies with one mistake: go test ./policy -run TestWrongs -update-golden\n")
	seen := map[string]string{}
	for _, w := range wrongs {
		if !strings.Contains(mistaken, w.old) {
			t.Fatalf("%s: the policy has no %q", w.name, w.old)
		}
		text := strings.Replace(mistaken, w.old, w.new, 1)
		if strings.Contains(w.new, "variables.tested") {
			text = strings.Replace(text, "rules:\n", "  - {name: tested, expression: it.test.passed}\nrules:\n", 1)
		}
		_, err := tryLoad(text)
		var where *policy.Error
		if err == nil || !errors.As(err, &where) {
			t.Errorf("%s: %v", w.name, err)
			continue
		}
		said := err.Error()
		if placed := regexp.MustCompile(`^policy\.yaml:[0-9]+:[0-9]+: .{10,400}$`); !placed.MatchString(said) {
			t.Errorf("%s: expected one message with its place: %q", w.name, said)
		}
		if seen[said] != "" {
			t.Errorf("%s: the same message as %s: %s", w.name, seen[said], said)
		}
		seen[said] = w.name
		fmt.Fprintf(&b, "\n-- %s --\n%s\n%s\n", w.name, w.new, said)
	}
	if len(wrongs) < 60 {
		t.Errorf("%d mistakes: expected sixty at the least", len(wrongs))
	}
	if *updateGolden {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want, err := os.ReadFile(path); err != nil || string(want) != b.String() {
		t.Errorf("%s differs, %v: run go test ./policy -run TestWrongs -update-golden and read what changed", path, err)
	}
}
