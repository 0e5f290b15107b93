package verify_test

import (
	"strings"
	"testing"

	"github.com/surety-dev/surety/verify"
)

// statusApproval is the scene of approvals where erin may revoke, and approvers may also grant exceptions.
func statusApproval(t *testing.T, rules string) scene {
	s := approvalScene(t, rules, "credentials:\n", "credentials:\n  - {id: erin-key, holder: erin, key: {pem: KEY(erin)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}\n",
		"grants:\n", "grants:\n  - {to: approvers, may: [except], artifacts: [\"**\"]}\n")
	return s
}

// TestListsAndApprovals: lists speak against approvals as against evidence, and never against what takes one back.
func TestListsAndApprovals(t *testing.T) {
	t.Parallel()
	s := statusApproval(t, approvalRule)
	all := [][]byte{builtAtNoon(), approval("alice"), approval("bob")}
	want(t, s.judge(t, all...), "allow")
	from := func(at string) []byte {
		return signed(listStatement(1, today, revocation("bob-key", "superseded", at, "")), "erin")
	}
	want(t, s.judge(t, append(all, from("2026-05-01T08:00:00Z"))...), "deny", "approvals-insufficient", "credential-revoked", "rule-failed")
	want(t, s.judge(t, append(all, from("2026-05-01T10:00:00Z"))...), "allow")
	back := append(all, stamped(saying("decision", "rejected"), "2026-05-01T11:00:00Z", "bob"))
	if v := s.judge(t, back...); v.Admits() {
		t.Errorf("bob took it back\n%s", explain(v))
	}
	if v := s.judge(t, append(back, from("2026-05-01T10:00:00Z"))...); v.Admits() {
		t.Errorf("bob took it back with a key that was revoked before\n%s", explain(v))
	}
	s.policies = []string{strings.Replace(s.policies[0], "evidence:\n", "freshness: {revocations: 24h}\nevidence:\n", 1)}
	want(t, s.judge(t, append(all, signed(listStatement(1, today), "erin"))...), "allow")
	if v := s.judge(t, all...); v.Decision != verify.Indeterminate {
		t.Errorf("%s\n%s", v.Decision, explain(v))
	}
}

// TestNobodyBehindApprovals: who approved the release grants no exception for it beside that; and the review of an
// exception is no approval of the artifact.
func TestNobodyBehindApprovals(t *testing.T) {
	t.Parallel()
	s := statusApproval(t, approvalRule+"  - {id: trusted-builder, about: provenance, expression: \"it.provenance.builder == 'https://trusted.test'\", waivable: {by: approvers, maxDuration: 72h}}\n")
	asked := map[string]any{"requestedBy": "dana"}
	all := [][]byte{builtAtNoon(), approval("alice"), approval("bob")}
	want(t, s.judge(t, append(all, signed(exceptional(asked), "carol"))...), "allow-with-exception")
	v := s.judge(t, append(all, signed(exceptional(asked), "bob"))...)
	want(t, v, "deny", "exception-invalid", "rule-failed")
	says(t, v, "exception-invalid", "bob granted it and stands behind evidence")
	v = s.judge(t, append(all, signed(exceptional(asked), "bob"), approval("carol"))...)
	want(t, v, "allow-with-exception")
	says(t, v, "separation-violated", "bob granted an exception that is used, so what they stand behind does not count")
	left := finding(t, v, "separation-violated").Evidence[0]
	for _, e := range v.Inputs.Evidence {
		if want := map[bool]verify.Status{true: verify.Discarded, false: verify.Counted}[e.Digest == left]; e.Status != want {
			t.Errorf("%+v, want %s", e, want)
		}
	}

	s = statusApproval(t, approvalRule)
	review := stamped(saying("role", verify.ReviewRole, "reference", "sha256:"+release), "2026-05-01T09:00:00Z", "bob")
	want(t, s.judge(t, builtAtNoon(), approval("alice"), review), "deny", "approvals-insufficient", "rule-failed")
	want(t, s.judge(t, builtAtNoon(), approval("alice"), review, approval("bob")), "allow")
}
