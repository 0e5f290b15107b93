package verify_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/verify"
)

// The scene of approvals: two people of a team of three approve before the pipeline signs at noon.
const (
	builtAt       = "2026-05-01T12:00:00Z"
	approvalModel = `people:
  - {id: alice, from: 2023-01-01T00:00:00Z, accounts: ["github:1", "github:11", "email:alice@acme.test"]}
  - {id: bob, from: 2023-01-01T00:00:00Z, accounts: ["github:2"]}
  - {id: carol, from: 2023-01-01T00:00:00Z, accounts: ["github:3"]}
`
	approvalRule = `rules:
  - id: two-approvals
    about: provenance
    expression: "approvals.by('approvers').recordedBefore(it.signedAt).people().size() >= 2"
    message: "two people approve before it is built"
`
	sourceRule = `rules:
  - id: two-approvals
    about: provenance
    expression: "approvals.withSource().withWitnessed().by('approvers').people().size() >= 2"
`
)

var builtCommit = strings.Repeat("a1", 20)

// approvalScene is the base scene with three approvers, a witness, and a rule.
func approvalScene(t testing.TB, rules string, pairs ...string) scene {
	t.Helper()
	model := replaced(t, baseModel,
		"people:\n  - {id: alice, from: 2023-01-01T00:00:00Z}\n  - {id: bob, from: 2023-01-01T00:00:00Z}\n", approvalModel,
		"{person: bob}]", "{person: bob}, {person: carol}]",
		"workloads:\n", "workloads:\n  - {id: app, owner: security, operators: [erin]}\n",
		"credentials:\n", "credentials:\n"+
			"  - {id: app-key, holder: app, owner: security, revokers: [security], key: {pem: KEY(app)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}\n"+
			"  - {id: carol-key, holder: carol, owner: approvers, revokers: [security], key: {pem: KEY(carol)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}\n",
		"grants:\n", "grants:\n  - {to: app, may: [witness], artifacts: [\"pkg:generic/payments/**\"]}\n")
	return scene{model: replaced(t, model, pairs...), policies: []string{policyHead + buildEvidence + rules}, openers: []verify.Opener{timed{}}, environment: "production"}
}

// builtAtNoon is the provenance, signed at noon.
func builtAtNoon() []byte {
	return stamped(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)), builtAt, "pipeline")
}

// saying is an approval of the artifact, with more fields or others.
func saying(fields ...string) fixture.Statement {
	p := map[string]any{"decision": "approved"}
	for i := 0; i < len(fields); i += 2 {
		p[fields[i]] = fields[i+1]
	}
	return fixture.NewStatement(attest.ApprovalType, release, p)
}

// ofCommit is a statement about a commit.
func ofCommit(predicateType, commit string, predicate any) fixture.Statement {
	s := fixture.NewStatement(predicateType, release, predicate)
	s.Subject = []fixture.Subject{{Name: "git", Digest: map[string]string{"gitCommit": commit}}}
	return s
}

// approval is a person's approval at a time of that day before it was built.
func approval(key string, fields ...string) []byte {
	return stamped(saying(fields...), "2026-05-01T09:00:00Z", key)
}

// found reports whether a verdict has a finding with this code and text.
func found(v verify.Verdict, code, text string) bool {
	return slices.ContainsFunc(v.Findings, func(f verify.Finding) bool { return string(f.Code) == code && strings.Contains(f.Message, text) })
}

// approvalsThatDoNotCount are approvals that must not count. Each row adds to one good approval something that is not a
// second; with the second one it is allowed.
func approvalsThatDoNotCount(t *testing.T) {
	early := func(s fixture.Statement, key string) []byte { return stamped(s, "2026-05-01T09:00:00Z", key) }
	other := saying()
	other.Subject[0].Digest["sha256"] = otherFile
	otherName := saying()
	otherName.Subject[0].Name = "pkg:generic/other/api@1.4.2"
	rows := []struct {
		name       string
		pairs      []string // of the model
		evidence   [][]byte
		code, text string
	}{
		{"another digest", nil, [][]byte{early(other, "bob")}, "approval-for-other-artifact", otherFile},
		{"another artifact's name", nil, [][]byte{early(otherName, "bob")}, "approval-for-other-artifact", "pkg:generic/other/api"},
		{"another environment", nil, [][]byte{approval("bob", "environment", "staging")}, "approval-for-other-artifact", "it is for environment staging, and the request is for production"},
		{"another commit", nil, [][]byte{early(ofCommit(attest.ApprovalType, strings.Repeat("b2", 20), map[string]any{"decision": "approved"}), "bob")}, "approvals-insufficient", "those of alice (have 1, need 2)"},
		{"by who builds: an operator of the pipeline", []string{"{person: carol}]", "{person: carol}, {person: dana}]", "credentials:\n", "credentials:\n  - {id: dana-key, holder: dana, owner: approvers, revokers: [security], key: {pem: KEY(dana)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}\n"},
			[][]byte{approval("dana")}, "approvals-insufficient", "those of alice (have 1, need 2)"},
		{"by who asked for it", nil, [][]byte{approval("bob", "requestedBy", "github:2")}, "approval-void", "bob asked for it, and nobody approves what they asked for"},
		{"asked for by nobody known", nil, [][]byte{approval("bob", "requestedBy", "github:99")}, "approval-void", `names "github:99" as who asked for it`},
		{"by a bot", nil, [][]byte{approval("app")}, "approval-void", "credential app-key is held by app: expected one person's, for only people approve"},
		{"by a person's second key", nil, [][]byte{approval("p256:alice")}, "same-person", "alice approves by credential alice-key and credential alice-second, and counts once"},
		{"by a person's second account", nil, [][]byte{approval("app", "approver", "github:11")}, "same-person", "alice approves by account github:11 and credential alice-key"},
		{"by who left before", []string{"{person: bob}", "{person: bob, until: 2026-05-01T08:00:00Z}"}, [][]byte{approval("bob")}, "signer-role-changed", "bob (credential bob-key) was no member of a team that may approve"},
		{"by who left the organisation", []string{"{id: bob, from: 2023-01-01T00:00:00Z", "{id: bob, from: 2023-01-01T00:00:00Z, until: 2026-05-01T08:00:00Z"}, [][]byte{approval("bob")}, "signer-departed", "bob"},
		{"by who had not yet joined", []string{"{person: bob}", "{person: bob, from: 2026-05-01T10:00:00Z}"}, [][]byte{approval("bob")}, "signer-role-changed", "was no member"},
		{"after it was built", nil, [][]byte{stamped(saying(), "2026-05-01T12:00:01Z", "bob")}, "approval-late", "bob approved at 2026-05-01T12:00:01Z, and what it approves was signed at 2026-05-01T12:00:00Z"},
		{"when it was built", nil, [][]byte{stamped(saying(), builtAt, "bob")}, "approval-late", "bob approved at"},
		{"expired", nil, [][]byte{approval("bob", "expires", "2026-06-01T12:00:00Z")}, "approval-expired", "it ended at 2026-06-01T12:00:00Z"},
		{"rejected", nil, [][]byte{approval("bob", "decision", "rejected")}, "approvals-insufficient", "those of alice (have 1, need 2)"},
		{"approved, and then rejected", nil, [][]byte{approval("bob"), stamped(saying("decision", "rejected"), "2026-05-01T10:00:00Z", "bob")}, "approval-dismissed", "bob approved"},
		{"approved and rejected at no proven time", nil, [][]byte{approval("bob"), signed(saying("decision", "rejected"), "bob")}, "approval-dismissed", "bob approved"},
		{"in somebody else's name", nil, [][]byte{approval("bob", "approver", "github:3")}, "approval-void", `it names "github:3" as the approver, and bob signed it, who may not witness`},
		{"of nobody known, by a witness", nil, [][]byte{approval("app", "approver", "github:99")}, "approval-void", `it names "github:99" as the approver, whom the model does not know`},
		{"by a witness, unasked", nil, [][]byte{approval("app", "approver", "github:2")}, "approvals-insufficient", "those of alice, bob (have 1, need 2)"},
		{"by who is no witness", []string{"grants:\n", "grants:\n  - {to: stranger, may: [attest], artifacts: [\"**\"]}\n"}, [][]byte{approval("stranger", "approver", "github:2")}, "signer-not-granted", "may not witness the artifact"},
		{"by who may not approve", []string{"{to: approvers, may: [approve]", "{to: bob, may: [attest], artifacts: [\"**\"]}\n  - {to: carol, may: [approve], artifacts: [\"**\"]}\n  - {to: alice, may: [approve]"}, [][]byte{approval("bob")}, "signer-not-granted", "bob (credential bob-key) may not approve"},
		{"by nobody known", nil, [][]byte{approval("mallory")}, "signer-unknown", ""},
		{"by a revoked key", []string{"KEY(bob)}, states: [{state: active, from: 2023-01-01T00:00:00Z}", "KEY(bob)}, states: [{state: active, from: 2023-01-01T00:00:00Z}, {state: revoked, from: 2026-05-20T00:00:00Z, reason: key-compromise}"}, [][]byte{approval("bob")}, "signed-after-compromise", "bob-key"},
		{"the same again", nil, [][]byte{approval("alice", "role", "other")}, "approvals-insufficient", "those of alice (have 1, need 2)"},
		{"of another type", nil, [][]byte{early(fixture.NewStatement("https://example.test/approval/v1", release, map[string]any{"decision": "approved"}), "bob")}, "approvals-insufficient", "those of alice (have 1, need 2)"},
		{"unreadable", nil, [][]byte{approval("bob", "decision", "approved!")}, "evidence-unreadable", `expected "approved" or "rejected"`},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := approvalScene(t, approvalRule, row.pairs...)
			evidence := append([][]byte{builtAtNoon(), approval("alice")}, row.evidence...)
			v := s.judge(t, evidence...)
			if v.Decision != verify.Deny || !slices.Contains(refusing(v), "rule-failed") || !slices.Contains(refusing(v), "approvals-insufficient") {
				t.Errorf("%s %v\n%s", v.Decision, refusing(v), explain(v))
			}
			if !found(v, row.code, row.text) {
				t.Errorf("no %s %q:\n%s", row.code, row.text, explain(v))
			}
			v = s.judge(t, append(evidence, approval("carol"))...)
			want(t, v, "allow")
		})
	}
	t.Run("without a provable time", func(t *testing.T) {
		t.Parallel()
		s := approvalScene(t, approvalRule)
		v := s.judge(t, builtAtNoon(), approval("alice"), signed(saying(), "bob"))
		want(t, v, "indeterminate", "approvals-insufficient", "rule-failed")
	})
}

// TestApprovals: who is left out, what binds an approval, and what the verdict says of those that count.
func TestApprovals(t *testing.T) {
	t.Parallel()
	commit := func(predicateType string, predicate any, key string) []byte {
		return stamped(ofCommit(predicateType, builtCommit, predicate), "2026-05-01T09:00:00Z", key)
	}
	approved := map[string]any{"decision": "approved"}
	t.Run("the verdict lists them", func(t *testing.T) {
		t.Parallel()
		v := approvalScene(t, approvalRule).judge(t, builtAtNoon(), approval("bob", "expires", "2027-01-01T00:00:00Z"), approval("alice"))
		want(t, v, "allow")
		var got []string
		for _, a := range v.Approvals {
			got = append(got, a.Person+" "+strings.Join(a.Teams, "+")+" "+a.Kind+" "+a.Via+" "+a.SignedAt.Source)
		}
		slices.Sort(got)
		if diff := cmp.Diff([]string{"alice approvers approver digest rfc3161", "bob approvers approver digest rfc3161"}, got); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("what a person signs does not take away their approval", func(t *testing.T) {
		t.Parallel()
		s := approvalScene(t, approvalRule, "{to: pipeline, may: [build]", "{to: approvers, may: [build], artifacts: [\"**\"]}\n  - {to: pipeline, may: [build]")
		both := stamped(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)), builtAt, "alice")
		want(t, s.judge(t, builtAtNoon(), approval("alice"), approval("bob")), "allow")
		want(t, s.judge(t, builtAtNoon(), both, approval("alice"), approval("bob")), "allow")
		want(t, s.judge(t, both, approval("alice"), approval("bob")), "deny", "approvals-insufficient", "rule-failed")
		want(t, s.judge(t, both, approval("alice"), approval("bob"), approval("carol")), "allow")
	})
	t.Run("of the commit", func(t *testing.T) {
		t.Parallel()
		s := approvalScene(t, sourceRule)
		a, b := commit(attest.ApprovalType, approved, "alice"), commit(attest.ApprovalType, approved, "bob")
		v := s.judge(t, builtAtNoon(), a, b)
		want(t, v, "allow")
		if len(v.Approvals) != 2 || v.Approvals[0].Via != "source" {
			t.Errorf("%+v", v.Approvals)
		}
		elsewhere := ofCommit(attest.ApprovalType, builtCommit, approved)
		elsewhere.Subject[0].URI = "https://github.com/mallory/payments"
		want(t, s.judge(t, builtAtNoon(), a, stamped(elsewhere, "2026-05-01T09:00:00Z", "bob")), "deny", "approval-for-other-artifact", "approvals-insufficient", "rule-failed")
		elsewhere.Subject[0].URI = "https://github.com/acme/payments"
		want(t, s.judge(t, builtAtNoon(), a, stamped(elsewhere, "2026-05-01T09:00:00Z", "bob")), "allow")
		want(t, s.judge(t, builtAtNoon(), a, stamped(ofCommit(attest.ApprovalType, strings.Repeat("a2", 20), approved), "2026-05-01T09:00:00Z", "bob")), "deny", "approval-for-other-artifact", "approvals-insufficient", "rule-failed")
		// unasked, they are not seen
		want(t, approvalScene(t, strings.Replace(sourceRule, ".withSource()", "", 1)).judge(t, builtAtNoon(), a, b), "deny", "approvals-insufficient", "rule-failed")
	})
	t.Run("what was enforced for the commit", func(t *testing.T) {
		t.Parallel()
		rules := "rules:\n  - {id: reviewed, about: provenance, expression: \"approvals.withSource().withWitnessed().exists(a, 'SLSA_SOURCE_TWO_PARTY_REVIEWED' in a.controls)\"}\n"
		s := approvalScene(t, rules)
		summary := func(result, resource string) map[string]any {
			return map[string]any{"verifier": map[string]any{"id": "https://source.test"}, "timeVerified": "2026-05-01T08:00:00Z", "resourceUri": resource, "policy": map[string]any{"uri": "https://p.test"},
				"verificationResult": result, "verifiedLevels": []string{"SLSA_SOURCE_LEVEL_3", "SLSA_SOURCE_TWO_PARTY_REVIEWED"}}
		}
		const vsa = "https://slsa.dev/verification_summary/v1"
		good := commit(vsa, summary("PASSED", "git+https://github.com/acme/payments"), "app")
		want(t, s.judge(t, builtAtNoon(), good), "allow")
		for name, bad := range map[string][]byte{
			"failed":             commit(vsa, summary("FAILED", "git+https://github.com/acme/payments"), "app"),
			"another repository": commit(vsa, summary("PASSED", "git+https://github.com/mallory/payments"), "app"),
			"another commit":     stamped(ofCommit(vsa, strings.Repeat("b2", 20), summary("PASSED", "git+https://github.com/acme/payments")), "2026-05-01T09:00:00Z", "app"),
			"no witness":         commit(vsa, summary("PASSED", "git+https://github.com/acme/payments"), "bob"),
		} {
			if v := s.judge(t, builtAtNoon(), bad); v.Decision != verify.Deny || !slices.Contains(refusing(v), "approvals-insufficient") {
				t.Errorf("%s: %s\n%s", name, v.Decision, explain(v))
			}
		}
	})
	t.Run("gittuf's, of a commit a tag points to", func(t *testing.T) {
		t.Parallel()
		s := approvalScene(t, sourceRule)
		authorization := func(target string) map[string]any {
			return map[string]any{"targetRef": "refs/tags/v1", "fromID": strings.Repeat("0", 40), "targetID": target}
		}
		const v02, pull = "https://gittuf.dev/reference-authorization/v0.2", "https://gittuf.dev/github-pull-request-approval/v0.1"
		alice := commit(v02, authorization(builtCommit), "alice")
		want(t, s.judge(t, builtAtNoon(), alice, commit(v02, authorization(builtCommit), "bob")), "allow")
		v := s.judge(t, builtAtNoon(), alice, commit(v02, authorization(strings.Repeat("c3", 20)), "bob"))
		want(t, v, "deny", "approval-for-other-artifact", "approvals-insufficient", "rule-failed")
		tree := ofCommit(v02, builtCommit, authorization(builtCommit))
		tree.Subject[0].Digest = map[string]string{"gitTree": builtCommit}
		v = s.judge(t, builtAtNoon(), alice, stamped(tree, "2026-05-01T09:00:00Z", "bob"))
		want(t, v, "deny", "approval-for-other-artifact", "approvals-insufficient", "rule-failed")
		if !found(v, "approval-for-other-artifact", "nothing ties a git tree to one") {
			t.Error(explain(v))
		}
		app := func(approvers, dismissed []string) []byte {
			return commit(pull, map[string]any{"targetRef": "refs/heads/main", "fromRevisionID": strings.Repeat("0", 40), "targetTreeID": builtCommit, "approvers": approvers, "dismissedApprovers": dismissed}, "app")
		}
		want(t, s.judge(t, builtAtNoon(), app([]string{"alice+1", "bob+2"}, nil)), "allow")
		v = s.judge(t, builtAtNoon(), app([]string{"alice+1", "bob+2"}, []string{"bob+2"}))
		want(t, v, "deny", "approvals-insufficient", "rule-failed")
		// what an app says of a dismissal takes back what another statement says of the approval
		v = s.judge(t, builtAtNoon(), app([]string{"alice+1", "bob+2"}, nil), app([]string{"alice+1"}, []string{"bob+2"}))
		want(t, v, "deny", "approval-dismissed", "approvals-insufficient", "rule-failed")
		v = s.judge(t, builtAtNoon(), app([]string{"alice+1", "alice-work+11"}, nil))
		want(t, v, "deny", "approvals-insufficient", "rule-failed", "same-person")
	})
	t.Run("exported from GitHub", func(t *testing.T) {
		t.Parallel()
		s := approvalScene(t, sourceRule)
		head := strings.Repeat("d4", 20)
		review := func(id int, state, commit, at string) map[string]any {
			return map[string]any{"user": map[string]any{"id": id, "login": "x", "type": "User"}, "state": state, "commit_id": commit, "submitted_at": at}
		}
		export := func(reviews ...any) map[string]any {
			return map[string]any{"repository": "https://github.com/acme/payments", "reviews": reviews,
				"pull_request": map[string]any{"number": 7, "user": map[string]any{"id": 9, "type": "User"}, "head": map[string]any{"sha": head}, "merge_commit_sha": builtCommit, "merged_by": map[string]any{"id": 3, "type": "User"}}}
		}
		const nine, ten = "2026-04-30T09:00:00Z", "2026-04-30T10:00:00Z"
		alice, bob := review(1, "APPROVED", head, nine), review(2, "APPROVED", head, nine)
		judge := func(predicate map[string]any, key string) verify.Verdict {
			return s.judge(t, builtAtNoon(), commit(attest.ReviewsType, predicate, key))
		}
		want(t, judge(export(alice, bob), "app"), "allow")
		bot := review(2, "APPROVED", head, nine)
		bot["user"].(map[string]any)["type"] = "Bot"
		author := export(alice, bob)
		author["pull_request"].(map[string]any)["user"] = map[string]any{"id": 2, "type": "User"}
		elsewhere := export(alice, bob)
		elsewhere["repository"] = "https://github.com/mallory/payments"
		onHead := export(review(1, "APPROVED", builtCommit, nine), review(2, "APPROVED", builtCommit, nine))
		onHead["pull_request"].(map[string]any)["head"] = map[string]any{"sha": builtCommit}
		onHead["pull_request"].(map[string]any)["merge_commit_sha"] = strings.Repeat("e5", 20)
		merged := export(alice, bob)
		merged["pull_request"].(map[string]any)["merge_commit_sha"] = strings.Repeat("e5", 20)
		for name, row := range map[string]struct {
			predicate  map[string]any
			code, text string
		}{
			"of an earlier revision": {export(alice, review(2, "APPROVED", strings.Repeat("f6", 20), nine)), "approval-for-other-artifact", "the review is of revision f6"},
			"dismissed since":        {export(alice, bob, review(2, "DISMISSED", head, ten)), "approvals-insufficient", "those of alice (have 1, need 2)"},
			"changes requested":      {export(alice, bob, review(2, "CHANGES_REQUESTED", head, ten)), "approvals-insufficient", "those of alice (have 1, need 2)"},
			"only a comment":         {export(alice, review(2, "COMMENTED", head, nine)), "approvals-insufficient", "those of alice (have 1, need 2)"},
			"a bot's":                {export(alice, bot), "approval-void", "the reviewer is a bot"},
			"the author's":           {author, "approval-void", "bob is the author of the change"},
			"of another repository":  {elsewhere, "approvals-insufficient", "those of nobody (have 0, need 2)"},
			"merged, by its head":    {onHead, "approval-for-other-artifact", "its subject is " + builtCommit},
			"of another merge":       {merged, "approval-for-other-artifact", "its subject is " + builtCommit},
			"one person's accounts":  {export(alice, review(11, "APPROVED", head, nine)), "same-person", "account github:1 and account github:11"},
		} {
			v := judge(row.predicate, "app")
			if v.Decision != verify.Deny || !found(v, row.code, row.text) {
				t.Errorf("%s: %s, no %s %q\n%s", name, v.Decision, row.code, row.text, explain(v))
			}
		}
		v := judge(export(alice, bob), "bob")
		if v.Decision != verify.Deny || !found(v, "signer-not-granted", "bob (credential bob-key) may not witness") {
			t.Error(explain(v))
		}
		// a comment after an approval leaves it, an approval after a request for changes stands
		want(t, judge(export(alice, bob, review(2, "COMMENTED", head, ten)), "app"), "allow")
		want(t, judge(export(alice, review(2, "CHANGES_REQUESTED", head, nine), review(2, "APPROVED", head, ten)), "app"), "allow")
	})
	t.Run("of a run, for an environment", func(t *testing.T) {
		t.Parallel()
		s := approvalScene(t, sourceRule)
		export := func(actor int, environment string) map[string]any {
			approved := func(id int, environment string) map[string]any {
				return map[string]any{"state": "approved", "user": map[string]any{"id": id, "type": "User"}, "environments": []any{map[string]any{"name": environment}}}
			}
			return map[string]any{"repository": "https://github.com/acme/payments", "run": map[string]any{"head_sha": builtCommit, "actor": map[string]any{"id": actor, "type": "User"}, "triggering_actor": map[string]any{"id": actor, "type": "User"}},
				"run_approvals": []any{approved(1, "production"), approved(2, environment)}}
		}
		want(t, s.judge(t, builtAtNoon(), commit(attest.ReviewsType, export(9, "production"), "app")), "allow")
		v := s.judge(t, builtAtNoon(), commit(attest.ReviewsType, export(9, "staging"), "app"))
		want(t, v, "deny", "approval-for-other-artifact", "approvals-insufficient", "rule-failed")
		v = s.judge(t, builtAtNoon(), commit(attest.ReviewsType, export(2, "production"), "app"))
		want(t, v, "deny", "approval-void", "approvals-insufficient", "rule-failed")
	})
	t.Run("a bypassed rule suite", func(t *testing.T) {
		t.Parallel()
		s := approvalScene(t, "rules:\n  - {id: rules-passed, about: provenance, expression: \"approvals.withSource().withWitnessed().exists(a, 'RULE_SUITE_PASSED' in a.controls)\"}\n")
		export := func(result string) []byte {
			return commit(attest.ReviewsType, map[string]any{"repository": "https://github.com/acme/payments",
				"rule_suite": map[string]any{"result": result, "actor_id": 3, "before_sha": strings.Repeat("0", 40), "after_sha": builtCommit, "ref": "refs/heads/main"}}, "app")
		}
		want(t, s.judge(t, builtAtNoon(), export("pass")), "allow")
		v := s.judge(t, builtAtNoon(), export("bypass"))
		want(t, v, "deny", "approvals-insufficient", "rule-failed")
		if !found(v, "review-bypassed", "github:3 bypassed the rules of https://github.com/acme/payments to bring in commit "+builtCommit) {
			t.Error(explain(v))
		}
		want(t, s.judge(t, builtAtNoon(), export("fail")), "deny", "approvals-insufficient", "rule-failed")
		// one that was bypassed takes back one that passed; no record at all is no pass
		want(t, s.judge(t, builtAtNoon(), export("pass"), export("bypass")), "deny", "approval-dismissed", "approvals-insufficient", "rule-failed")
		want(t, s.judge(t, builtAtNoon()), "deny", "approvals-insufficient", "rule-failed")
	})
	t.Run("as evidence by itself", func(t *testing.T) {
		t.Parallel()
		s := approvalScene(t, "")
		s.policies = []string{policyHead + "evidence:\n  - {name: sign-off, predicateTypes: [\"" + attest.ApprovalType + "\"], duty: approve, min: 2}\nrules:\n  - {id: ok, about: sign-off, expression: \"it.approval.decision == 'approved'\"}\n"}
		s.policies[0] = strings.ReplaceAll(s.policies[0], "sign-off", "signoff")
		want(t, s.judge(t, approval("alice"), approval("bob")), "allow")
		for name, row := range map[string]struct {
			second     []byte
			code, text string
		}{
			"expired":             {approval("bob", "expires", "2026-05-02T00:00:00Z"), "approval-expired", "it ended"},
			"for staging":         {approval("bob", "environment", "staging"), "approval-for-other-artifact", "environment staging"},
			"reported":            {approval("app", "approver", "bob"), "approval-void", "a witness reports it"},
			"rejected":            {approval("bob", "decision", "rejected"), "evidence-missing", "has it from 1"},
			"in another's name":   {approval("bob", "approver", "carol"), "approval-void", "who may not witness"},
			"of another artifact": {stamped(fixture.NewStatement(attest.ApprovalType, otherFile, approved), "2026-05-01T09:00:00Z", "bob"), "approval-for-other-artifact", otherFile},
		} {
			v := s.judge(t, approval("alice"), row.second)
			if v.Decision != verify.Deny || !found(v, row.code, row.text) {
				t.Errorf("%s: %s\n%s", name, v.Decision, explain(v))
			}
		}
		v := s.judge(t, approval("alice"), approval("bob"), signed(saying("decision", "rejected"), "bob"))
		if v.Decision != verify.Deny || !found(v, "approval-dismissed", "bob approved, and it was taken back") {
			t.Errorf("taken back: %s\n%s", v.Decision, explain(v))
		}
	})
	t.Run("separated duties", func(t *testing.T) {
		t.Parallel()
		s := approvalScene(t, approvalRule, "grants:\n", "separation:\n  - {id: release-vs-approve, duties: [release, approve]}\ngrants:\n  - {to: approvers, may: [release], artifacts: [\"**\"]}\n")
		s.policies = []string{policyHead + strings.TrimSuffix(buildEvidence, "\n") + "\n  - {name: release, predicateTypes: [\"https://example.test/release/v1\"], duty: release}\n" + approvalRule}
		released := func(key string) []byte {
			return stamped(fixture.NewStatement("https://example.test/release/v1", release, map[string]any{"note": "x"}), builtAt, key)
		}
		want(t, s.judge(t, builtAtNoon(), approval("alice"), approval("bob"), released("carol")), "allow")
		v := s.judge(t, builtAtNoon(), approval("alice"), approval("bob"), released("bob"))
		want(t, v, "deny", "separation-violated")
		v = s.judge(t, builtAtNoon(), approval("alice"), approval("bob"), approval("carol"), released("bob"))
		want(t, v, "allow")
		if !found(v, "separation-violated", "bob (approve, release)") {
			t.Error(explain(v))
		}
	})
}
