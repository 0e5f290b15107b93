package policy_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/surety-dev/surety/policy"
)

const including = `apiVersion: surety.dev/v1alpha1
kind: Policy
metadata: {name: payments, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
artifacts: ["pkg:generic/payments/**"]
params: {builders: ["https://b.test"], approvers: approvers}
evidence: [{name: provenance, predicateTypes: ["https://slsa.dev/provenance/v1"], duty: build}]
include: [{baseline: surety/v1, rules: [trusted-builder, approved-before-signing]}]
`

// TestIncludeErrors: what an included rule needs and the policy does not have is an error where the policy includes it,
// and never a policy without the rule. Without the change it loads.
func TestIncludeErrors(t *testing.T) {
	t.Parallel()
	load := func(text string) error {
		_, err := policy.Load(fstest.MapFS{"policy.yaml": {Data: []byte(text)}}, "policy.yaml")
		return err
	}
	if err := load(including); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ name, old, new, says string }{
		{"another baseline", "surety/v1", "surety/v9", `policy.yaml:7:22: no baseline is called "surety/v9": expected surety/v1`},
		{"a misspelt rule", "trusted-builder,", "trusted-bilder,", `policy.yaml:7:41: baseline surety/v1 has no rule "trusted-bilder": expected one of its rules; did you mean "trusted-builder"?`},
		{"no rules", "rules: [trusted-builder, approved-before-signing]", "rules: []", "policy.yaml:7:40: an empty list"},
		{"no baseline", "baseline: surety/v1, ", "", `policy.yaml:7:11: no "baseline": expected this required field`},
		{"a field there is not", "baseline: surety/v1, ", "baseline: surety/v1, severity: warn, ", `unknown field "severity"`},
		{"no parameter", `builders: ["https://b.test"], `, "", "policy.yaml:7:41: rule trusted-builder of baseline surety/v1 needs params.builders, which the policy does not have: expected the ids of the builders"},
		{"a parameter of another type", `builders: ["https://b.test"]`, `builders: [1]`, "policy.yaml:7:22: surety/v1:13:19: rule trusted-builder: "},
		{"too small a number", "approvers: approvers", "approvers: approvers, minApprovals: 0", "policy.yaml:7:58: rule approved-before-signing of baseline surety/v1: params.minApprovals is 0: expected how many people, 1 or more"},
		{"a number that is none", "approvers: approvers", "approvers: approvers, minApprovals: two", "params.minApprovals is two: expected how many people, 1 or more"},
		{"evidence of another name", "name: provenance", "name: built", "policy.yaml:7:41: rule trusted-builder is about evidence provenance, which is not declared: expected an evidence declaration of that name"},
		{"evidence without the view", "https://slsa.dev/provenance/v1", "https://example.test/x", "policy.yaml:7:22: surety/v1:13:19: rule trusted-builder: 1:1 of the expression: it.provenance: no predicate type of provenance has this view"},
		{"a rule twice", "trusted-builder, ", "trusted-builder, trusted-builder, ", `rule "trusted-builder" for the second time`},
		{"a rule of its own of that name", "include:", "rules: [{id: trusted-builder, expression: \"true\"}]\ninclude:", `rule "trusted-builder" for the second time: expected one, as at surety/v1:10:11`},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(including, row.old) {
				t.Fatalf("there is no %q", row.old)
			}
			err := load(strings.Replace(including, row.old, row.new, 1))
			if err == nil || !strings.Contains(err.Error(), row.says) {
				t.Errorf("%v\nwant %s", err, row.says)
			}
		})
	}
}
