package verify_test

import (
	"strings"
	"testing"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/verify"
)

// TestApprovalsSaid: what a verdict says of approvals is so: how many there are and are needed, that one came late
// only where that matters, that nobody reviewed only where the reviews were given, and what refuses, as such.
func TestApprovalsSaid(t *testing.T) {
	t.Parallel()
	rule := func(expression string) scene {
		return approvalScene(t, "rules:\n  - {id: r, about: provenance, expression: \""+expression+"\"}\n")
	}
	rows := []struct {
		name, expression string
		evidence         [][]byte
		text, not        string
	}{
		{"more than", "approvals.people().size() > 1", [][]byte{approval("alice")}, "(have 1, need 2)", ""},
		{"more than a parameter's sum", "approvals.people().size() > 1 + 1", [][]byte{approval("alice"), approval("bob")}, "(have 2, need 3)", ""},
		{"another comparison fails", "approvals.people().size() >= 1 && it.signers.size() == 0", [][]byte{approval("alice")}, "those of alice", "(have"},
		{"too many", "approvals.people().size() == 1", [][]byte{approval("alice"), approval("bob")}, "those of alice, bob", "(have"},
		{"an error", "approvals.filter(a, a.expires > evaluation.at).people().size() >= 2", [][]byte{approval("alice")}, "those of alice", "(have"},
		{"late, and no order asked", "approvals.people().size() >= 2", [][]byte{stamped(saying(), "2026-05-01T13:00:00Z", "bob")}, "(have 1, need 2)", "what it approves was signed at"},
	}
	for _, row := range rows {
		v := rule(row.expression).judge(t, append(row.evidence, builtAtNoon())...)
		if v.Admits() || !found(v, "approvals-insufficient", row.text) || row.not != "" && strings.Contains(explain(v), row.not) {
			t.Errorf("%s: %s\n%s", row.name, v.Decision, explain(v))
		}
	}
	run := runOf(9, []any{map[string]any{"name": "production"}}, 1, 2)
	run["pull_request"] = pullRequest(9)["pull_request"]
	export := func() []byte { return early(ofCommit(attest.ReviewsType, builtCommit, run), "app") }
	v := approvalScene(t, sourceRule).judge(t, builtAtNoon(), export())
	if want(t, v, "allow"); found(v, "review-bypassed", "") {
		t.Error(explain(v))
	}
	for name, reviews := range map[string][]any{"none": {}, "by the author": {reviewOf(9, "APPROVED", "")}} {
		run["reviews"] = reviews
		v = approvalScene(t, sourceRule).judge(t, builtAtNoon(), export())
		if want(t, v, "allow"); !found(v, "review-bypassed", "github:3 merged pull request 7 of https://github.com/acme/payments, and nobody else had approved it") {
			t.Errorf("%s\n%s", name, explain(v))
		}
	}
	other := early(ofCommit(attest.ApprovalType, strings.Repeat("b2", 20), map[string]any{"decision": "approved"}), "carol")
	v = approvalScene(t, approvalRule).judge(t, builtAtNoon(), approval("alice"), approval("bob"), other)
	if want(t, v, "allow"); len(v.Approvals) != 2 || !found(v, "approval-for-other-artifact", "b2b2, which no provenance that counts names") {
		t.Errorf("%v\n%s", v.Approvals, explain(v))
	}
	of, discarded := attest.Parse("evidence.json", other, attest.Limits{})[0].Digest(), false
	for _, e := range v.Inputs.Evidence {
		discarded = discarded || e.Digest == of && e.Status == verify.Discarded
	}
	if !discarded {
		t.Errorf("an approval of another commit is not discarded: %v", v.Inputs.Evidence)
	}
	s := approvalScene(t, "")
	s.policies = []string{policyHead + "evidence:\n  - {name: signoff, predicateTypes: [\"" + attest.ApprovalType + "\"], duty: approve, min: 2}\nrules:\n  - {id: ok, about: signoff, expression: \"it.approval.decision == 'approved'\"}\n"}
	want(t, s.judge(t, approval("alice"), approval("bob")), "allow")
	v = s.judge(t, approval("alice"), approval("bob"), approval("bob", "decision", "rejected"))
	want(t, v, "deny", "approval-dismissed", "evidence-missing")
	want(t, s.judge(t, approval("alice"), approval("p256:alice")), "deny", "evidence-missing", "same-person")
	v = s.judge(t, approval("alice"), approval("bob"), approval("carol"), approval("bob", "decision", "rejected"))
	if want(t, v, "allow"); !found(v, "approval-dismissed", "bob") {
		t.Error(explain(v))
	}
	for _, e := range v.Inputs.Evidence {
		if e.Status == verify.Undecided || e.Status == verify.Unused {
			t.Errorf("%s is %s", e.Digest, e.Status)
		}
	}
}
