package verify_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

// because writes the causes of a verdict's rules, a line for each.
func because(v verify.Verdict) string {
	var lines []string
	for _, r := range v.Rules {
		for _, c := range r.Because {
			line := fmt.Sprintf("%s %s %s is %s at %s", r.ID, r.Outcome, c.Expression, c.Value, c.Position)
			for _, in := range c.Inputs {
				line += fmt.Sprintf(" [%s: %s %s]", in.Expression, in.Value, in.Path)
			}
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// needed writes the needs of a verdict, a line for each: what, what it lacks, about how many items.
func needed(v verify.Verdict) []string {
	var lines []string
	for _, n := range v.Needed {
		lines = append(lines, fmt.Sprintf("%s %s%s %s %s %d", n.Policy, n.Declaration, n.Rule, n.Position, n.Lacks, len(n.Evidence)))
	}
	return lines
}

// TestBecause: a rule that does not pass says which parts of it, with what values, and where; one that passes, or
// has nothing to be evaluated on, says nothing. Nobody without the verdict hears of it.
func TestBecause(t *testing.T) {
	t.Parallel()
	builder := replaced(t, basePolicy, "github-hosted'", "ours'")
	for _, row := range []struct {
		name     string
		scene    scene
		evidence [][]byte
		decision string
		want     string
	}{
		{"it passes", scene{}, [][]byte{provenance("pipeline")}, "allow", ""},
		{"there is no evidence", scene{}, nil, "deny", ""},
		{"it fails", scene{policies: []string{builder}}, [][]byte{provenance("pipeline")}, "deny",
			`trusted-builder fail it.provenance.builder == "https://github.com/actions/runner/ours" is false at policy.yaml:8:59 [it.provenance.builder: "https://github.com/actions/runner/github-hosted" $.predicate.runDetails.builder.id]`},
		{"evidence of a stranger says nothing", scene{policies: []string{builder}}, [][]byte{provenance("pipeline"), provenance("nobody"), provenance("stranger")}, "deny",
			`trusted-builder fail it.provenance.builder == "https://github.com/actions/runner/ours" is false at policy.yaml:8:59 [it.provenance.builder: "https://github.com/actions/runner/github-hosted" $.predicate.runDetails.builder.id]`},
		{"a warning says why too", scene{policies: []string{basePolicy + "  - {id: many, severity: warn, expression: \"evidence.provenance.size() > 1\"}\n"}}, [][]byte{provenance("pipeline")}, "allow",
			`many fail evidence.provenance.size() > 1 is false at policy.yaml:9:45 [evidence.provenance: [sha256:1958f4c45b41937b0c9752dca3cb2fdbb6db2c3f9ac5f951b9e2686b615e37a3] ] [.size(): 1 ]`},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			v := row.scene.judge(t, row.evidence...)
			got := because(v)
			if v.Decision.String() != row.decision || got != row.want {
				t.Errorf("%s\n%s\nwant %s\n%s", v.Decision, got, row.decision, row.want)
			}
			slices.Reverse(row.evidence)
			again := row.scene.judge(t, row.evidence...)
			if x, y := canonical(t, v), canonical(t, again); x != y {
				t.Errorf("in another order it says\n%s\n%s", x, y)
			}
			if text := v.Public(); strings.Contains(text, "builder") || strings.Contains(text, "policy.yaml") {
				t.Errorf("everybody hears %q", text)
			}
		})
	}
}

func canonical(t *testing.T, v verify.Verdict) string {
	t.Helper()
	data, err := v.JSON()
	if err != nil {
		t.Fatal(err)
	}
	read, err := verify.ParseVerdict(data)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := read.JSON(); err != nil || !bytes.Equal(again, data) {
		t.Errorf("read and written again: %v\n%s\n%s", err, again, data)
	}
	return string(data)
}

// TestBecauseIsBounded: however many rules fail, a verdict has so many causes.
func TestBecauseIsBounded(t *testing.T) {
	t.Parallel()
	rules := "rules:\n"
	for i := range policy.MaxRules {
		rules += fmt.Sprintf("  - {id: r%d, about: provenance, expression: \"it.provenance.builder == 'a' || it.provenance.builder == 'b%d'\"}\n", i, i)
	}
	v := scene{policies: []string{policyHead + buildEvidence + rules}}.judge(t, provenance("pipeline"))
	count := 0
	for _, r := range v.Rules {
		count += len(r.Because)
	}
	if v.Admits() || len(v.Rules) != policy.MaxRules || count != verify.MaxCauses || len(v.Rules[0].Because) != 2 {
		t.Errorf("%s: %d rules have %d causes", v.Decision, len(v.Rules), count)
	}
}

// TestNeeded: where the release is only not proven, the verdict says of what, and what is lacking; where it is
// allowed or denied, nothing. What gives a rule its order, or the evidence its time, leaves nothing needed.
func TestNeeded(t *testing.T) {
	t.Parallel()
	ordered := replaced(t, basePolicy, "it.provenance.builder ==", "it.signedAt.recordedBefore(it.signedAt) || it.provenance.builder !=")
	erring := replaced(t, basePolicy, "it.provenance.builder ==", "it.predicate.missing ==")
	fresh := replaced(t, basePolicy, "evidence:", "freshness: {revocations: 24h}\nevidence:")
	timeless := scene{model: replaced(t, baseModel, shortLived[0], shortLived[1]), openers: []verify.Opener{only{opened: verify.Opened{Checks: 1, Proofs: []verify.Proof{{Identity: ownership.Identity{Issuer: "https://ci.acme.test", Subject: "release"}, Certificate: true, NotBefore: time.Date(2026, 6, 1, 11, 0, 0, 0, time.UTC)}}}}}}
	approvals := approvalScene(t, approvalRule)
	unordered := func(key string) []byte { return signed(saying(), key) }
	for _, row := range []struct {
		name     string
		scene    scene
		evidence [][]byte
		decision string
		want     []string
	}{
		{"nothing", scene{}, [][]byte{provenance("pipeline")}, "allow", nil},
		{"it is denied", scene{}, nil, "deny", nil},
		{"an order", scene{policies: []string{ordered}}, [][]byte{provenance("pipeline")}, "indeterminate", []string{"payments trusted-builder policy.yaml:8:5 order 1"}},
		{"a value", scene{policies: []string{erring}}, [][]byte{provenance("pipeline")}, "indeterminate", []string{"payments trusted-builder policy.yaml:8:5 error 1"}},
		{"status data", scene{policies: []string{fresh}}, [][]byte{provenance("pipeline")}, "indeterminate", []string{"payments provenance policy.yaml:7:5 freshness 1"}},
		{"a time", timeless, [][]byte{provenance("nobody")}, "indeterminate", []string{"payments provenance policy.yaml:6:5 time 1"}},
		{"one policy of two", scene{policies: []string{replaced(t, basePolicy, "name: payments", "name: other"), ordered}}, [][]byte{provenance("pipeline")}, "indeterminate", []string{"payments trusted-builder policy.yaml:8:5 order 1"}},
		{"another policy denies", scene{policies: []string{replaced(t, basePolicy, "name: payments", "name: other", "github-hosted'", "ours'"), ordered}}, [][]byte{provenance("pipeline")}, "deny", nil},
		{"approvals in order", approvals, [][]byte{builtAtNoon(), approval("alice"), approval("bob")}, "allow", nil},
		{"the order of an approval", approvals, [][]byte{builtAtNoon(), approval("alice"), unordered("bob")}, "indeterminate", []string{"payments two-approvals policy.yaml:8:5 order 2"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			v := row.scene.judge(t, row.evidence...)
			if got := needed(v); v.Decision.String() != row.decision || !slices.Equal(got, row.want) {
				t.Errorf("%s %q, want %s %q\n%s", v.Decision, got, row.decision, row.want, explain(v))
			}
			if text := canonical(t, v); strings.Contains(text, `"needed"`) != (row.want != nil) || !json.Valid([]byte(text)) {
				t.Errorf("it is written as %s", text)
			}
		})
	}
}

// TestNeededIsBounded: of any number of items a need names so many.
func TestNeededIsBounded(t *testing.T) {
	t.Parallel()
	var many [][]byte
	for i := range verify.MaxNeededEvidence + 4 {
		many = append(many, signed(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fmt.Sprintf("%s/%d", fixture.Builder, i))), "pipeline"))
	}
	many = append(many, provenance("pipeline"))
	v := scene{policies: []string{replaced(t, basePolicy, "evidence:", "freshness: {revocations: 24h}\nevidence:")}}.judge(t, many...)
	if len(v.Needed) != 1 || len(v.Needed[0].Evidence) != verify.MaxNeededEvidence || !slices.IsSorted(v.Needed[0].Evidence) {
		t.Errorf("%s %+v", v.Decision, v.Needed)
	}
}
