package verify_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/verify"
)

// TestViews: a rule over a view decides; a predicate that cannot be decoded never passes a rule that reads
// it, is undecided rather than refused, and says why; one that no rule reads changes nothing.
func TestViews(t *testing.T) {
	t.Parallel()
	const summary = "https://slsa.dev/verification_summary/v1"
	const passed = `{"verifier":{"id":"https://verifier.acme.test"},"resourceUri":"` + baseName + `","verificationResult":"PASSED","verifiedLevels":["SLSA_BUILD_LEVEL_3"]}`
	failed, malformed := strings.Replace(passed, "PASSED", "FAILED", 1), strings.Replace(passed, `"verificationResult"`, `"verificationresult":"PASSED","x"`, 1)
	model := replaced(t, baseModel, "grants:\n", "grants:\n  - {to: pipeline, may: [attest], artifacts: [\"**\"], predicates: [\"https://slsa.dev/verification_summary/v1\"]}\n")
	with := func(expression string) scene {
		return scene{model: model, policies: []string{policyHead + "evidence:\n  - {name: summary, predicateTypes: [\"" + summary + "\"], duty: attest}\nrules:\n  - {id: r, about: summary, expression: \"" + expression + "\"}\n"}}
	}
	of := func(predicate string) []byte {
		return signed(fixture.NewStatement(summary, release, json.RawMessage(predicate)), "pipeline")
	}
	read := with("it.summary.passed && it.summary.resource == artifact.name && 'SLSA_BUILD_LEVEL_3' in it.summary.levels")
	want(t, read.judge(t, of(passed)), "allow")
	want(t, read.judge(t, of(failed)), "deny", "rule-failed")
	want(t, with("'SLSA_BUILD_LEVEL_3' in it.summary.levels").judge(t, of(failed)), "deny", "rule-failed")
	want(t, read.judge(t, of(malformed)), "indeterminate", "rule-error")
	want(t, with("!it.summary.passed").judge(t, of(malformed)), "indeterminate", "rule-error")
	want(t, with("!has(it.summary) || it.summary.passed").judge(t, of(malformed)), "indeterminate", "rule-error")
	either := with("it.provenance.builder == ''") // which does not compile where no declared type has the view
	either.policies[0] = strings.Replace(either.policies[0], `["`+summary, `["https://slsa.dev/provenance/v1", "`+summary, 1)
	want(t, either.judge(t, of(passed)), "indeterminate", "rule-error")
	want(t, with("it.digest != ''").judge(t, of(malformed)), "allow")
	want(t, read.judge(t, of(malformed), of(passed)), "allow")

	for _, f := range read.judge(t, of(malformed)).Findings {
		if f.Code == verify.RuleError && !strings.Contains(f.Message, `$.predicate.verificationresult: the name "verificationresult" is another spelling of "verificationResult"`) {
			t.Errorf("the finding does not say where and why: %s", f.Message)
		}
	}
}

// TestViewsAreNoDuty: what a view says of a builder or a verifier is for rules; only provenance is held
// against a grant's builders, and only what is called provenance is a build.
func TestViewsAreNoDuty(t *testing.T) {
	t.Parallel()
	const source = "https://github.com/slsa-framework/slsa-source-poc/source-provenance/v1-draft"
	model := replaced(t, baseModel, "grants:\n", "grants:\n  - {to: pipeline, may: [attest, build], artifacts: [\"**\"], builders: [\"https://builder.acme.test/*\"]}\n")
	s := scene{model: model, policies: []string{policyHead + "evidence:\n  - {name: source, predicateTypes: [\"" + source + "\"], duty: attest}\nrules:\n  - {id: r, about: source, expression: \"it.source.ref == 'refs/heads/main'\"}\n"}}
	want(t, s.judge(t, signed(fixture.NewStatement(source, release, map[string]any{"repo_uri": "https://git.test/x", "branch": "refs/heads/main"}), "pipeline")), "allow")
}
