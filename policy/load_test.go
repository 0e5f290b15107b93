package policy_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/surety-dev/surety/policy"
)

const whole = `apiVersion: surety.dev/v1alpha1
kind: Policy
metadata: {name: payments, version: 4, effectiveFrom: 2026-01-01T00:00:00Z, effectiveUntil: 2027-01-01T00:00:00Z}
artifacts: ["pkg:generic/payments/**"]
environments: [production, staging]
params: {minApprovals: 2, ratio: 0.5, on: true, builders: ["a", "b"], mixed: [1, "x"], tiers: {gold: 1}, none: null}
freshness: {revocations: 1d}
evidence:
  - {name: provenance, predicateTypes: ["https://slsa.dev/provenance/v1"], duty: build, waivable: {by: office, maxDuration: 2h}}
variables:
  - {name: release, expression: "approvals.by('release')"}
  - {name: enough, expression: "variables.release.people().size() >= params.minApprovals"}
  - {name: all, expression: "evidence.provenance.size()"}
rules:
  - id: trusted-builder
    about: provenance
    control: publisher-identity
    severity: warn
    when: "environment == 'production'"
    expression: "it.provenance.builder in params.builders"
    messageExpression: "'not ours: ' + it.provenance.builder"
    remedy: "build it elsewhere"
    frameworks: ["slsa-1.2:build-l3"]
    waivable: {by: office, quorum: 2, maxDuration: 72h}
  - {id: approved, about: provenance, expression: "variables.enough || it.signedAt.source == 'rekor'"}
  - {id: some, expression: "variables.all > 0 && params.tiers.gold == 1 && params.ratio < 1 && params.on"}
`

func loadAll(files fstest.MapFS, path string) ([]*policy.Policy, error) {
	return policy.Load(files, path)
}

func TestLoadWhole(t *testing.T) {
	t.Parallel()
	// "on" must be quoted as a name, as every YAML reader then takes it for one
	text := strings.Replace(whole, " on: true", " \"on\": true", 1)
	ps, err := loadAll(fstest.MapFS{"p.yaml": {Data: []byte(text)}}, "p.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p := ps[0]
	day := func(s string) time.Time {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	if p.Name() != "payments" || p.Version() != 4 || p.Freshness() != 24*time.Hour || !strings.HasPrefix(p.Digest(), "sha256:") {
		t.Errorf("%s %d %s %s", p.Name(), p.Version(), p.Freshness(), p.Digest())
	}
	for at, want := range map[string]bool{"2025-12-31T23:59:59Z": false, "2026-01-01T00:00:00Z": true, "2026-12-31T23:59:59Z": true, "2027-01-01T00:00:00Z": false} {
		if p.InForce(day(at)) != want {
			t.Errorf("in force at %s: %v", at, !want)
		}
	}
	for _, row := range []struct {
		scope, environment string
		want               bool
	}{
		{"pkg:generic/payments/api@1", "production", true}, {"pkg:generic/payments/api@1", "", false}, {"pkg:generic/payments/api@1", "dev", false},
		{"pkg:generic/payments", "production", false}, {"pkg:generic/other/api", "production", false},
	} {
		if got := p.Covers(row.scope, row.environment); got != row.want {
			t.Errorf("covers %s in %q: %v", row.scope, row.environment, got)
		}
	}
	need := p.Requirements()[0]
	if need.Min != 1 || need.Waivable == nil || need.Waivable.Quorum != 1 || need.Position != "p.yaml:9:5" {
		t.Errorf("%+v", need)
	}
}

func TestLoadDirectory(t *testing.T) {
	t.Parallel()
	head := "apiVersion: surety.dev/v1alpha1\nkind: Policy\nmetadata: {name: p, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}\n"
	one := head + "artifacts: [\"**\"]\n" + provenance
	two := head + "rules:\n  - {id: r, about: provenance, expression: \"true\"}\n"
	json := `{"apiVersion":"surety.dev/v1alpha1","kind":"Policy","metadata":{"name":"q","version":1,"effectiveFrom":"2026-01-01T00:00:00Z"},"artifacts":["**"],` +
		`"evidence":[{"name":"e","predicateTypes":["t"],"duty":"attest"}],"rules":[{"id":"r","expression":"signers.size() > 0"}]}`
	files := fstest.MapFS{"1.yaml": {Data: []byte(one)}, "2.yml": {Data: []byte(two)}, "3.json": {Data: []byte(json)}, "notes.txt": {Data: []byte("x")}}
	ps, err := loadAll(files, ".")
	if err != nil {
		t.Fatal(err)
	}
	if len(ps) != 2 || ps[0].Name() != "p" || ps[1].Name() != "q" {
		t.Fatalf("%d policies", len(ps))
	}
	for name, change := range map[string]fstest.MapFS{
		"a part with other metadata": {"1.yaml": files["1.yaml"], "2.yml": {Data: []byte(strings.Replace(two, "2026-01-01", "2026-02-01", 1))}},
		"a rule twice":               {"1.yaml": {Data: []byte(one + "rules:\n  - {id: r, about: provenance, expression: \"true\"}\n")}, "2.yml": files["2.yml"]},
		"evidence twice":             {"1.yaml": files["1.yaml"], "2.yml": {Data: []byte(two + provenance)}},
		"nothing in it":              {"notes.txt": {Data: []byte("x")}},
	} {
		if _, err := loadAll(change, "."); err == nil {
			t.Errorf("%s loads", name)
		}
	}
}

// TestWrongPolicies: each mistake gives one error that says where it is and what was expected.
func TestWrongPolicies(t *testing.T) {
	t.Parallel()
	text := strings.Replace(whole, " on: true", " \"on\": true", 1)
	tests := []struct {
		name, old, new string
		want           string
	}{
		{"unknown field", "remedy:", "remedies:", "p.yaml:22:5"},
		{"unknown duty", "duty: build", "duty: bild", "p.yaml:9:"},
		{"unknown control", "control: publisher-identity", "control: publisher", "p.yaml:17:"},
		{"unknown severity", "severity: warn", "severity: fatal", "p.yaml:18:"},
		{"about nothing", "    about: provenance\n    control", "    about: provenence\n    control", "p.yaml:16:12"},
		{"rule id twice", "{id: some,", "{id: approved,", "p.yaml:26:10"},
		{"variable twice", "{name: enough,", "{name: release,", "p.yaml:12:12"},
		{"name that is no identifier", "{name: release,", "{name: re-lease,", "p.yaml:11:12"},
		{"a reserved word", "{name: release,", "{name: loop,", "p.yaml:11:12"},
		{"param that cannot be named", "ratio:", "ra-tio:", "p.yaml:6:"},
		{"params that are no mapping", "params: {", "params: [{", "p.yaml:6:"},
		{"two messages", "remedy:", "message: \"x\"\n    remedy:", "p.yaml:21:"},
		{"misspelt variable", "variables.enough ||", "variables.enuf ||", "undefined field 'enuf'"},
		{"misspelt param", "params.minApprovals", "params.minAprovals", "undefined field 'minAprovals'"},
		{"misspelt evidence", "evidence.provenance.size()", "evidence.prov.size()", "undefined field 'prov'"},
		{"misspelt view", "it.provenance.builder in", "it.provenence.builder in", "undefined field 'provenence'"},
		{"it in a rule without about", "variables.all > 0", "it.digest == ''", "it is not visible in a rule without about"},
		{"approvals in a rule without about", "variables.all > 0", "approvals.size() > 0", "approvals is not visible in a rule without about"},
		{"signers in a rule about", "variables.enough ||", "signers.size() > 0 ||", "signers is not visible in a rule about one declaration"},
		{"evidence in when", "environment == 'production'", "evidence.provenance.size() > 0", "evidence is not visible in when"},
		{"variables in when", "environment == 'production'", "variables.enough", "variables is not visible in when"},
		{"a variable of another visibility", "variables.all > 0", "variables.enough", "variables.enough names approvals, which is not visible in a rule without about"},
		{"a variable that sees both", "evidence.provenance.size()\"", "evidence.provenance.size() + it.signers.size()\"", "no rule sees both it and evidence"},
		{"a clock", "variables.all > 0", "now() > evaluation.at", "now"},
		{"no bool", "variables.all > 0 && params.tiers.gold == 1 && params.ratio < 1 && params.on", "variables.all", "expected a bool"},
		{"a message that is no string", "'not ours: ' + it.provenance.builder", "1", "expected a string"},
		{"syntax", "variables.all > 0", "variables.all >", "Syntax error"},
		{"a pattern that is not literal", "variables.all > 0", "'a'.matches(environment)", "matches takes a literal pattern only"},
		{"a function without bound", "variables.all > 0", "'a'.replace('a', 'b') == 'b'", "replace is not available"},
		{"an object made", "variables.all > 0", "surety.Span{source: 'rekor'}.source == 'rekor'", "a rule cannot make a surety.Span"},
		{"quorum zero", "quorum: 2", "quorum: 0", "p.yaml:24:"},
		{"waivable for no time", "maxDuration: 72h", "maxDuration: 0h", "p.yaml:24:"},
		{"waivable without a team", "{by: office, quorum: 2, ", "{quorum: 2, ", "by"},
		{"freshness zero", "revocations: 1d", "revocations: 0s", "p.yaml:7:"},
		{"ends before it begins", "effectiveUntil: 2027", "effectiveUntil: 2025", "p.yaml:3:"},
		{"version zero", "version: 4", "version: 0", "p.yaml:3:"},
		{"no version", "version: 4, ", "", "version"},
		{"an empty environment", "staging", "''", "p.yaml:5:"},
		{"expression too long", "variables.all > 0", "true" + strings.Repeat(" && true", 5000), "at most 32768"},
		{"expression too deep", "variables.all > 0", strings.Repeat("(", 500) + "true" + strings.Repeat(")", 500), "p.yaml:26:"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(text, tt.old) {
				t.Fatalf("the policy has no %q", tt.old)
			}
			_, err := loadAll(fstest.MapFS{"p.yaml": {Data: []byte(strings.Replace(text, tt.old, tt.new, 1))}}, "p.yaml")
			var where *policy.Error
			if err == nil || !errors.As(err, &where) || !strings.Contains(err.Error(), tt.want) || where.File != "p.yaml" || where.Line == 0 {
				t.Errorf("error %v, want %q", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one error: %v", err)
			}
		})
	}
	t.Run("too many rules", func(t *testing.T) {
		t.Parallel()
		var b strings.Builder
		for n := range policy.MaxRules + 1 {
			b.WriteString(strings.Replace("  - {id: rX, expression: \"true\"}\n", "X", string(rune('a'+n%26))+strings.Repeat("x", n/26), 1))
		}
		if _, err := tryLoad(provenance + "rules:\n" + b.String()); err == nil || !strings.Contains(err.Error(), "at most 256") {
			t.Errorf("%v", err)
		}
	})
}
