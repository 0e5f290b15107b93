package verify_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/verify"
)

// early is a statement signed before it was built.
func early(s fixture.Statement, key string) []byte { return stamped(s, "2026-05-01T09:00:00Z", key) }

// account is an account as GitHub's API writes one.
func account(id int) map[string]any { return map[string]any{"id": id, "type": "User"} }

// reviewedHead is the head of the pull request of pullRequest.
var reviewedHead = strings.Repeat("d4", 20)

// pullRequest is an export of a merged pull request by an author, with its reviews.
func pullRequest(author int, reviews ...any) map[string]any {
	return map[string]any{"repository": "https://github.com/acme/payments", "reviews": reviews,
		"pull_request": map[string]any{"number": 7, "user": account(author), "head": map[string]any{"sha": reviewedHead}, "merge_commit_sha": builtCommit, "merged_by": account(3)}}
}

// reviewOf is a review of the head as GitHub's API writes one; at "" is no time.
func reviewOf(id int, state, at string) map[string]any {
	r := map[string]any{"user": account(id), "state": state, "commit_id": reviewedHead, "submitted_at": nil}
	if at != "" {
		r["submitted_at"] = at
	}
	return r
}

// runOf is an export of a run that accounts let go on, for environments.
func runOf(actor int, environments []any, ids ...int) map[string]any {
	approvals := []any{}
	for _, id := range ids {
		approvals = append(approvals, map[string]any{"state": "approved", "user": account(id), "environments": environments})
	}
	return map[string]any{"repository": "https://github.com/acme/payments", "run": map[string]any{"head_sha": builtCommit, "actor": account(actor), "triggering_actor": account(actor)}, "run_approvals": approvals}
}

// TestApprovalsRefused: approvals that look as if they counted. Each row is refused for its reason, and allowed
// with what it lacks.
func TestApprovalsRefused(t *testing.T) {
	t.Parallel()
	const nine, ten = "2026-04-30T09:00:00Z", "2026-04-30T10:00:00Z"
	approved := map[string]any{"decision": "approved"}
	production := []any{map[string]any{"name": "production"}}
	of := func(uri, name string, predicateType string, predicate any, key string) []byte {
		s := ofCommit(predicateType, builtCommit, predicate)
		s.Subject[0].URI, s.Subject[0].Name = uri, name
		return early(s, key)
	}
	reviews := func(predicate map[string]any) []byte {
		return early(ofCommit(attest.ReviewsType, builtCommit, predicate), "app")
	}
	two := early(ofCommit("https://gittuf.dev/reference-authorization/v0.2", builtCommit,
		map[string]any{"targetRef": "refs/heads/main", "fromID": strings.Repeat("0", 40), "targetID": strings.Repeat("c3", 20)}), "bob")
	tree := ofCommit("https://gittuf.dev/reference-authorization/v0.2", builtCommit,
		map[string]any{"targetRef": "refs/heads/main", "fromID": strings.Repeat("0", 40), "targetID": strings.Repeat("c3", 20)})
	tree.Subject = append(tree.Subject, fixture.Subject{Name: "tree", Digest: map[string]string{"gitTree": strings.Repeat("c3", 20)}})
	first := early(ofCommit(attest.ApprovalType, builtCommit, approved), "alice")
	rows := []struct {
		name       string
		evidence   []byte
		code, text string
	}{
		{"by the author's second account", reviews(pullRequest(22, reviewOf(2, "APPROVED", nine))), "approval-void", "bob is the author of the change"},
		{"of a run its approver started by a second account", reviews(runOf(22, production, 2)), "approval-void", "bob owns or started the run"},
		{"of a run, for no environment", reviews(runOf(9, []any{}, 2)), "approval-for-other-artifact", "it is for environment none, and the request is for production"},
		{"of the commit in another repository", of("https://github.com/mallory/payments", "", attest.ApprovalType, approved, "bob"), "approvals-insufficient", "those of alice (have 1, need 2)"},
		{"of the commit in another repository, which the verdict says", of("https://github.com/mallory/payments", "", attest.ApprovalType, approved, "bob"), "approval-for-other-artifact", "it is of commit " + builtCommit + ", which no provenance that counts names with repository https://github.com/mallory/payments"},
		{"of the commit in another spelling of the repository", of("https://github.com/acme/payments/", "", attest.ApprovalType, approved, "bob"), "approvals-insufficient", "those of alice (have 1, need 2)"},
		{"of the commit, for another package", of("", "pkg:generic/payments/other@1.4.2", attest.ApprovalType, approved, "bob"), "approval-for-other-artifact", "pkg:generic/payments/other@1.4.2"},
		{"of the commit, for another version", of("", "pkg:generic/payments/api@1.4.1", attest.ApprovalType, approved, "bob"), "approval-for-other-artifact", "1.4.1"},
		{"a change to a tree, of a statement that names a commit too", early(tree, "bob"), "approval-for-other-artifact", "it is of commit c3"},
		{"a change to another commit", two, "approval-for-other-artifact", "it is of commit c3"},
		{"dismissed at no time that is said", reviews(pullRequest(9, reviewOf(2, "APPROVED", nine), reviewOf(2, "DISMISSED", ""))), "approvals-insufficient", "those of alice (have 1, need 2)"},
		{"dismissed at no time that is said, before", reviews(pullRequest(9, reviewOf(2, "DISMISSED", ""), reviewOf(2, "APPROVED", nine))), "approvals-insufficient", "those of alice (have 1, need 2)"},
		{"changes requested in the same second", reviews(pullRequest(9, reviewOf(2, "APPROVED", ten), reviewOf(2, "CHANGES_REQUESTED", ten))), "approvals-insufficient", "those of alice (have 1, need 2)"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := approvalScene(t, sourceRule, `["github:2"]`, `["github:2", "github:22"]`)
			v := s.judge(t, builtAtNoon(), first, row.evidence)
			if v.Decision != verify.Deny || !slices.Contains(refusing(v), "approvals-insufficient") || !found(v, row.code, row.text) {
				t.Errorf("%s, no %s %q:\n%s", v.Decision, row.code, row.text, explain(v))
			}
			want(t, s.judge(t, builtAtNoon(), first, row.evidence, early(ofCommit(attest.ApprovalType, builtCommit, approved), "carol")), "allow")
		})
	}
	want(t, approvalScene(t, sourceRule).judge(t, builtAtNoon(), first, of("https://github.com/acme/payments", "", attest.ApprovalType, approved, "bob")), "allow")
	want(t, approvalScene(t, sourceRule).judge(t, builtAtNoon(), first, reviews(runOf(9, production, 2))), "allow")
	want(t, approvalScene(t, sourceRule).judge(t, builtAtNoon(), first, reviews(pullRequest(9, reviewOf(2, "APPROVED", nine)))), "allow")
}

// TestFailedVerificationApprovesNothing: what says that nothing was enforced is no approval, also of a rule that
// only counts statements.
func TestFailedVerificationApprovesNothing(t *testing.T) {
	t.Parallel()
	s := approvalScene(t, "rules:\n  - {id: reviewed, about: provenance, expression: \"approvals.withSource().withWitnessed().size() >= 1\"}\n")
	summary := func(result string) []byte {
		return early(ofCommit("https://slsa.dev/verification_summary/v1", builtCommit, map[string]any{"verifier": map[string]any{"id": "https://source.test"}, "resourceUri": "git+https://github.com/acme/payments",
			"verificationResult": result, "verifiedLevels": []string{"SLSA_SOURCE_LEVEL_3"}}), "app")
	}
	want(t, s.judge(t, builtAtNoon(), summary("PASSED")), "allow")
	v := s.judge(t, builtAtNoon(), summary("FAILED"))
	want(t, v, "deny", "approval-void", "approvals-insufficient", "rule-failed")
	if !found(v, "approval-void", "it says of no control that it was enforced") {
		t.Error(explain(v))
	}
}

// TestEarlierSignature: an earlier signature of the same attestation takes nothing away, for who is kept out by it
// would leave it out (design §4.4).
func TestEarlierSignature(t *testing.T) {
	t.Parallel()
	s := approvalScene(t, approvalRule, "grants:\n", "grants:\n  - {to: stranger, may: [build], artifacts: [\"**\"]}\n")
	st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder))
	before := stamped(st, "2026-05-01T08:00:00Z", "stranger")
	want(t, s.judge(t, builtAtNoon(), approval("alice"), approval("bob")), "allow")
	want(t, s.judge(t, before, approval("alice"), approval("bob")), "deny", "approval-late", "approvals-insufficient", "rule-failed")
	want(t, s.judge(t, builtAtNoon(), before, approval("alice"), approval("bob")), "allow")
	// nor does one of whom it is not known when the signer began
	early := replaced(t, approvalRule, ".recordedBefore(", ".before(")
	s = approvalScene(t, early, "grants:\n", "grants:\n  - {to: stranger, may: [build], artifacts: [\"**\"]}\n", "KEY(pipeline)}, states: [{state: active, from: 2026-01-01T00:00:00Z}", "KEY(pipeline)}, states: [{state: active, from: 2026-05-01T10:00:00Z}")
	late := stamped(st, "2026-05-01T13:00:00Z", "stranger")
	want(t, s.judge(t, builtAtNoon(), approval("alice"), approval("bob")), "allow")
	want(t, s.judge(t, builtAtNoon(), late, approval("alice"), approval("bob")), "allow")
	v := s.judge(t, late, approval("alice"), approval("bob"))
	if v.Decision == verify.Allow {
		t.Error(explain(v))
	}
}

// TestApprovalLimits: over a limit nothing is counted, and the limit is named; who may not witness reaches none.
func TestApprovalLimits(t *testing.T) {
	t.Parallel()
	s := approvalScene(t, sourceRule)
	export := func(n, run int) fixture.Statement {
		ids := []int{1, 2}
		for len(ids) < n {
			ids = append(ids, 1000+len(ids))
		}
		e := runOf(9, []any{map[string]any{"name": "production"}}, ids...)
		e["run"].(map[string]any)["id"] = run
		return ofCommit(attest.ReviewsType, builtCommit, e)
	}
	want(t, s.judge(t, builtAtNoon(), early(export(verify.MaxItemApprovals, 0), "app")), "allow")
	v := s.judge(t, builtAtNoon(), early(export(verify.MaxItemApprovals+1, 0), "app"))
	want(t, v, "deny", "approvals-insufficient", "limit-exceeded", "rule-failed")
	if !found(v, "limit-exceeded", "item-approvals") {
		t.Error(explain(v))
	}
	flood := func(key string, n int) [][]byte {
		evidence := [][]byte{builtAtNoon()}
		for run := range n {
			evidence = append(evidence, early(export(verify.MaxItemApprovals, run+1), key))
		}
		return evidence
	}
	most := verify.MaxRequestApprovals / verify.MaxItemApprovals
	want(t, s.judge(t, flood("app", most)...), "allow")
	v = s.judge(t, flood("app", most+1)...)
	if v.Decision != verify.Indeterminate || !found(v, "limit-exceeded", "request-approvals") || len(v.Approvals) != 0 {
		t.Errorf("%s, %d approvals, %d findings", v.Decision, len(v.Approvals), len(v.Findings))
	}
	v = s.judge(t, append(flood("bob", most+1), early(export(2, 0), "app"))...)
	want(t, v, "allow")
	if n := len(v.Findings); n > 2*(most+1) {
		t.Errorf("%d findings", n)
	}
}
