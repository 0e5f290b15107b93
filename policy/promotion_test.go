package policy_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/policy"
)

const promoting = `apiVersion: surety.dev/v1alpha1
kind: Policy
metadata: {name: p, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
artifacts: ["**"]
environments: [production, edge]
promotion: {from: [staging], by: office, quorum: 2}
evidence: [{name: provenance, predicateTypes: [x], duty: build}]
rules: [{id: r, expression: "true"}]
`

// TestPromotion: what a policy asks of a promotion, and what is no promotion.
func TestPromotion(t *testing.T) {
	t.Parallel()
	load := func(files ...string) (*policy.Policy, error) {
		fsys := fstest.MapFS{}
		for i, f := range files {
			fsys["d/"+string(rune('a'+i))+".yaml"] = &fstest.MapFile{Data: []byte(f)}
		}
		all, err := policy.Load(fsys, "d")
		if err != nil {
			return nil, err
		}
		return all[0], nil
	}
	for _, row := range []struct {
		name, old, new string
		want           policy.Promotion // Quorum 0: there is none
		says           string           // "": it loads
	}{
		{"all of it", "", "", policy.Promotion{From: []string{"staging"}, By: "office", Quorum: 2, Position: "d/a.yaml:6:12"}, ""},
		{"the least", ", by: office, quorum: 2", "", policy.Promotion{From: []string{"staging"}, Quorum: 1, Position: "d/a.yaml:6:12"}, ""},
		{"none", "promotion: {from: [staging], by: office, quorum: 2}\n", "", policy.Promotion{}, ""},
		{"from nowhere", "from: [staging], ", "", policy.Promotion{}, `d/a.yaml:6:12: no "from": expected this required field`},
		{"from an empty list", "[staging]", "[]", policy.Promotion{}, "d/a.yaml:6:19: an empty list: expected one or more items, or the field left out"},
		{"from an empty name", "[staging]", `[""]`, policy.Promotion{}, "d/a.yaml:6:20: an empty string: expected one or more characters"},
		{"by nobody", "by: office", `by: ""`, policy.Promotion{}, "d/a.yaml:6:34: an empty string: expected one or more characters"},
		{"by none", "quorum: 2", "quorum: 0", policy.Promotion{}, "d/a.yaml:6:50: 0: expected a whole number, 1 or more"},
		{"a field misspelt", "by: office", "team: office", policy.Promotion{}, `d/a.yaml:6:30: unknown field "team": expected one of from, by, quorum`},
		{"from where it goes", "[staging]", "[staging, edge]", policy.Promotion{}, `d/a.yaml:6:12: a promotion from "edge", an environment of the policy: expected others than it is promoted to`},
		{"to everywhere", "environments: [production, edge]\n", "", policy.Promotion{}, "d/a.yaml:5:12: a promotion in a policy of every environment: expected environments, which it is promoted to"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			p, err := load(strings.Replace(promoting, row.old, row.new, 1))
			if row.says != "" {
				if err == nil || !strings.HasPrefix(err.Error(), row.says) || strings.Contains(err.Error(), "\n") {
					t.Errorf("got  %v\nwant %s", err, row.says)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got, asked := p.Promotion()
			if diff := cmp.Diff(row.want, got); diff != "" || asked != (row.want.Quorum > 0) || p.ReadsApprovals() != asked {
				t.Errorf("asked %v\n%s", asked, diff)
			}
		})
	}
	part := strings.Replace(promoting, "rules: [{id: r,", "rules: [{id: s,", 1)
	part = strings.Replace(part, "name: provenance", "name: more", 1)
	if _, err := load(promoting, part); err == nil || !strings.Contains(err.Error(), `d/b.yaml:6:12: section "promotion" for the second time: expected one, as at d/a.yaml:6:12`) {
		t.Errorf("two parts with a promotion: %v", err)
	}
	if _, asked := (*policy.Policy)(nil).Promotion(); asked {
		t.Error("no policy asks for a promotion")
	}
}
