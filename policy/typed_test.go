package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/policy"
)

// ruled evaluates one rule about provenance, whose predicate has further fields.
func ruled(t *testing.T, expression string) policy.RuleResult {
	t.Helper()
	p := load(t, provenance+fmt.Sprintf("rules:\n  - {id: r, about: provenance, expression: %q}\n", expression))
	predicate := map[string]any{
		"name": "pkg:npm/%40acme/api@1.4.2?arch=x64#lib", "version": "1.4.2-rc.1+build.7", "none": nil, "text": "x",
		"deep": map[string]any{"list": []any{"a", "b"}},
	}
	return evaluate(t, p, facts(t, attestation(t, "a", fixture.ProvenanceV1, predicate, builder("w"))), policy.Strict).Rules[0]
}

// TestTypedValues: package URLs and versions are values with fields; text that is neither is an error,
// which nothing compares with.
func TestTypedValues(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ expression, want string }{
		{"purl(it.predicate.name).type == 'npm' && purl(it.predicate.name).namespace == '@acme' && purl(it.predicate.name).name == 'api'", "pass"},
		{"purl(it.predicate.name).version == '1.4.2' && purl(it.predicate.name).qualifiers['arch'] == 'x64' && purl(it.predicate.name).subpath == 'lib'", "pass"},
		{"purl(it.predicate.name) == purl('pkg:npm/%40acme/api@1.4.2?arch=x64#lib')", "pass"},
		{"purl('pkg:PYPI/Acme_Api@1') == purl('pkg:pypi/acme-api@1')", "pass"},
		{"purl(it.predicate.name) == purl('pkg:npm/%40acme/api@1.4.3?arch=x64#lib')", "fail"},
		{"purl(it.predicate.name) == purl('pkg:npm/%40acme/api@1.4.2?arch=arm#lib')", "fail"},
		{"purl(artifact.name).name == 'api'", "pass"},
		{"purl(it.predicate.text).name != 'api'", "error"},
		{"purl('pkg:generic/a' + '%2Fb').name != 'api'", "error"},
		{"purl('pkg:generic/a/' + '/b').name != 'api'", "error"},
		{"purl('pkg:generic/' + params.long).name != 'api'", "error"},
		{"semver(it.predicate.version).major == 1 && semver(it.predicate.version).minor == 4 && semver(it.predicate.version).patch == 2", "pass"},
		{"semver(it.predicate.version).prerelease == 'rc.1' && semver(it.predicate.version).build == 'build.7'", "pass"},
		{"semver(it.predicate.version).isLessThan(semver('1.4.2')) && semver('1.10.0').isGreaterThan(semver('1.9.0'))", "pass"},
		{"semver('1.0.0').isLessThan(semver('1.0.0')) || semver('1.0.0').isGreaterThan(semver('1.0.0'))", "fail"},
		{"semver('1.0.0+a').compareTo(semver('1.0.0+b')) == 0 && semver('1.0.0+a') != semver('1.0.0+b')", "pass"},
		{"semver('1.0.0-1').compareTo(semver('1.0.0-a')) == -1", "pass"},
		{"semver(it.predicate.text).major != 1", "error"},
		{"semver('v' + '1.0.0').major == 1", "error"},
		{"semver('1' + '.2').major == 1", "error"},
		{"semver('01' + '.2.3').major == 1", "error"},
		{"semver('9999999999999999999' + '.0.0').major == 1", "error"},
		{"semver(it.predicate.none).major == 1", "error"},

		{"it.predicate.?deep.list[0].orValue('') == 'a'", "pass"},
		{"it.predicate.?absent.list[0].orValue('z') == 'z'", "pass"},
		{"it.predicate.?deep.?absent.hasValue()", "fail"},
		{"it.predicate.deep.list[?1].optMap(x, x + '!').orValue('') == 'b!'", "pass"},
		{"it.predicate.?absent.value() == 'x'", "error"},
		{"it.predicate.?text.orValue(1) == 'x'", "pass"},
		{"it.predicate.?none.hasValue()", "pass"},
		{"it.signedAt.?notBefore.hasValue()", "pass"},
		{"it.?test.hasValue()", "fail"},
	} {
		t.Run(tt.expression, func(t *testing.T) {
			t.Parallel()
			expression := strings.ReplaceAll(tt.expression, "params.long", "'"+strings.Repeat("a", 5000)+"'")
			if r := ruled(t, expression); r.Outcome.String() != tt.want {
				t.Errorf("%s %s, want %s", r.Outcome, r.Message, tt.want)
			}
		})
	}
}

// TestOptionalHidesNothingMalformed: an optional view is absent where the predicate type has none, and an
// error where the predicate cannot be decoded.
func TestOptionalHidesNothingMalformed(t *testing.T) {
	t.Parallel()
	p := load(t, `evidence:
  - {name: tests, predicateTypes: ["https://in-toto.io/attestation/test-result/v0.1"], duty: attest}
rules:
  - {id: r, about: tests, expression: "it.?test.failedTests.orValue([]) == []"}
  - {id: s, about: tests, expression: "it.?test.failedTests[0].orValue('') == ''"}
`)
	for want, predicate := range map[string]any{
		"r=pass s=pass":   map[string]any{"result": "PASSED", "configuration": []any{}},
		"r=error s=error": map[string]any{"result": 1, "configuration": []any{}},
		"r=fail s=fail":   map[string]any{"result": "FAILED", "configuration": []any{}, "failedTests": []any{"one"}},
	} {
		r := evaluate(t, p, facts(t, attestation(t, "a", fixture.TestResult, predicate, person("dana", "attest"))), policy.Strict)
		if outcomes(r) != want {
			t.Errorf("%s %+v, want %s", outcomes(r), r.Rules, want)
		}
	}
}
