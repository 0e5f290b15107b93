package verify_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/surety-dev/surety/verify"
)

// Requirements R40, R42, R54 to R56 and R62: what a release is judged in the context of. As in
// requirement_test.go each breaks one thing, and the same request without the breach is allowed.

// said asserts that a verdict has a finding of the code and severity whose message contains the text, and
// gives it.
func said(t *testing.T, v verify.Verdict, code verify.Code, severity verify.Severity, text string) verify.Finding {
	t.Helper()
	for _, f := range v.Findings {
		if f.Code == code && f.Severity == severity && strings.Contains(f.Message, text) {
			return f
		}
	}
	t.Errorf("no finding %s %s that says %q\n%s", severity, code, text, explain(v))
	return verify.Finding{}
}

// tiers are two: what takes money is critical, and the rest of payments is not.
const tiers = `tiers:
  - {id: low, artifacts: ["pkg:generic/payments/**"]}
  - {id: critical, artifacts: ["pkg:generic/payments/api@*"]}
`

// tierPolicies are two that choose by tier: one wants a builder of ours always, one the first of its runs for
// what is critical.
func tierPolicies() []string {
	strict := strings.Replace(policyHead, "name: payments", "name: critical", 1) + buildEvidence + `rules:
  - {id: signed, about: provenance, expression: "it.signers.size() >= 1"}
  - {id: two-signers, about: provenance, when: "artifact.tier == 'critical'", expression: "it.signers.size() >= 2", message: "what is critical has two signers"}
`
	return []string{basePolicy, strict}
}

// TestR54Tier: strictness follows criticality. The same evidence is enough for one tier and not for another;
// the tier is in the verdict; the most specific scope names it, in whatever order of the document.
func TestR54Tier(t *testing.T) {
	t.Parallel()
	const critical, low = "pkg:generic/payments/api@1.4.2", "pkg:generic/payments/docs@1.4.2"
	for _, row := range []struct{ name, model, artifact, tier, decision, code string }{
		{"low", baseModel + tiers, low, "low", "allow", ""},
		{"critical", baseModel + tiers, critical, "critical", "deny", "rule-failed"},
		{"critical, in the other order", baseModel + swapped(tiers), critical, "critical", "deny", "rule-failed"},
		{"no tier covers it", baseModel + strings.ReplaceAll(tiers, "pkg:generic/payments/", "pkg:npm/payments/"), critical, "", "allow", ""},
		{"no tiers", baseModel, critical, "", "allow", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			v := scene{model: row.model, name: row.artifact, policies: tierPolicies()}.judge(t, provenance("pipeline"))
			if v.Tier != row.tier {
				t.Errorf("tier %q, want %q", v.Tier, row.tier)
			}
			if row.decision == "allow" {
				want(t, v, "allow")
				return
			}
			want(t, v, row.decision, row.code)
			said(t, v, verify.RuleFailed, verify.SeverityDeny, "what is critical has two signers")
			alice := replaced(t, row.model, "{to: approvers, may: [approve],", "{to: approvers, may: [build],")
			want(t, scene{model: alice, name: row.artifact, policies: tierPolicies()}.judge(t, provenance("pipeline", "alice")), "allow")
		})
	}
}

// TestR54TierTied: where two tiers tie neither rule is chosen, so nothing is admitted: a strict rule is not
// dodged by a second entry. A more specific scope, or one tier named twice, settles it.
func TestR54TierTied(t *testing.T) {
	t.Parallel()
	tie := "tiers:\n  - {id: low, artifacts: [\"pkg:generic/payments/api@*\"]}\n  - {id: critical, artifacts: [\"pkg:generic/payments/api@*\"]}\n"
	settled := strings.Replace(tie, "{id: low, artifacts: [\"pkg:generic/payments/api@*\"]}", "{id: low, artifacts: [\"pkg:generic/payments/api@*\", \"pkg:generic/payments/api@1.4.*\"]}", 1)
	for _, policies := range [][]string{{basePolicy}, tierPolicies()} {
		for _, model := range []string{tie, swapped(tie)} {
			v := scene{model: baseModel + model, policies: policies}.judge(t, provenance("pipeline"))
			want(t, v, "deny", "tier-ambiguous")
			f := said(t, v, verify.TierAmbiguous, verify.SeverityDeny, "into the tiers critical and low")
			if v.Tier != "" || f.Accountable.Team != "approvers" || f.Control != "release-policy" || !strings.HasPrefix(f.Position, "ownership.yaml:") {
				t.Errorf("tier %q, %+v", v.Tier, f)
			}
		}
		v := scene{model: baseModel + settled, policies: policies}.judge(t, provenance("pipeline"))
		if want(t, v, "allow"); v.Tier != "low" {
			t.Errorf("tier %q", v.Tier)
		}
	}
}

// swapped is a section of a document with its items in the other order.
func swapped(section string) string {
	lines := strings.SplitAfter(strings.TrimSuffix(section, "\n"), "\n")
	lines[len(lines)-1] += "\n"
	slices.Reverse(lines[1:])
	return strings.Join(lines, "")
}
