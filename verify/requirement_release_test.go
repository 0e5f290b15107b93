package verify_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/verify"
)

// Requirements R38 to R58, but those of requirement_context_test.go, exception_test.go and package verify/lint: what
// makes a release one that may go out. As in requirement_test.go each breaks one thing, and the same request
// without the breach is allowed.

// fault is one row: a scene with evidence is refused, or remarked on, for the code; the scene repaired, with the
// good evidence, is allowed without it.
type fault struct {
	name           string
	scene          scene
	repaired       *scene // nil: the same
	evidence, good [][]byte
	decision       string // "": deny
	code           verify.Code
	severity       verify.Severity
	says           string
	team           string // who answers
	model, policy  string // what stands at the finding's position; both "": it has none
}

func (f fault) run(t *testing.T) {
	t.Parallel()
	v := f.scene.judge(t, f.evidence...)
	if v.Decision.String() != or(f.decision, "deny") {
		t.Fatalf("%s, want %s\n%s", v.Decision, or(f.decision, "deny"), explain(v))
	}
	got := said(t, v, f.code, f.severity, f.says)
	at := standing(t, fixture.Expand(or(f.scene.model, baseModel)), f.model)
	if f.policy != "" {
		at = strings.Replace(standing(t, f.scene.policies[0], f.policy), "ownership.yaml", "policy.yaml", 1)
	}
	if got.Accountable.Team != f.team || got.Accountable.Page != "pager:"+f.team || got.Remedy == "" || got.Position != at {
		t.Errorf("%q answers, page %q, remedy %q, at %q, want %q and at %q", got.Accountable.Team, got.Accountable.Page, got.Remedy, got.Position, f.team, at)
	}
	whole := f.scene
	if f.repaired != nil {
		whole = *f.repaired
	}
	v = whole.judge(t, f.good...)
	want(t, v, "allow")
	for _, other := range v.Findings {
		if other.Code == f.code && other.Severity <= f.severity {
			t.Errorf("repaired: %s\n%s", other.Code, explain(v))
		}
	}
}

// TestR38FourMarks: right identity, right artefact, right policy, right time; each of the four fails by itself.
func TestR38FourMarks(t *testing.T) {
	t.Parallel()
	friday := replaced(t, baseModel, pipelineGrant, strings.TrimSuffix(pipelineGrant, "}")+`, windows: [{days: [friday]}]}`) // 2026-05-01 is one
	s := scene{model: friday, openers: []verify.Opener{timed{}}}
	sound := verify.Marks{Identity: verify.Pass, Artifact: verify.Pass, Policy: verify.Pass, Time: verify.Pass}
	v := s.judge(t, built(builtAt)...)
	if want(t, v, "allow"); v.Marks != sound {
		t.Errorf("%+v", v.Marks)
	}
	other := fixture.NewStatement(fixture.ProvenanceV1, otherFile, fixture.Provenance(fixture.Builder))
	elsewhere := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance("https://elsewhere.test"))
	for _, row := range []struct {
		name     string
		evidence []byte
		code     verify.Code
		mark     verify.Mark
		of       func(verify.Marks) verify.Standing
	}{
		{"identity", stamped(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)), builtAt, "nobody"), verify.SignerUnknown, verify.MarkIdentity, func(m verify.Marks) verify.Standing { return m.Identity }},
		{"artifact", stamped(other, builtAt, "pipeline"), verify.SubjectMismatch, verify.MarkArtifact, func(m verify.Marks) verify.Standing { return m.Artifact }},
		{"policy", stamped(elsewhere, builtAt, "pipeline"), verify.RuleFailed, verify.MarkPolicy, func(m verify.Marks) verify.Standing { return m.Policy }},
		{"time", built("2026-05-02T12:00:00Z")[0], verify.OutsideWindow, verify.MarkTime, func(m verify.Marks) verify.Standing { return m.Time }},
	} {
		v := s.judge(t, row.evidence)
		if f := finding(t, v, row.code); f.Mark != row.mark || f.Severity != verify.SeverityDeny || row.of(v.Marks) != verify.Fail || v.Decision != verify.Deny {
			t.Errorf("%s: %s, %+v, %+v", row.name, v.Decision, v.Marks, f)
		}
		failed := 0
		for _, one := range []verify.Standing{v.Marks.Identity, v.Marks.Artifact, v.Marks.Time} {
			if one == verify.Fail {
				failed++
			}
		}
		if failed > 1 || row.code == verify.RuleFailed && failed > 0 {
			t.Errorf("%s: more than one mark beside the policy's fails: %+v", row.name, v.Marks)
		}
	}
}

// TestR39PolicyInForce: the policy that counts is the one in force at the time of evaluation.
func TestR39PolicyInForce(t *testing.T) {
	t.Parallel()
	ended := scene{policies: []string{replaced(t, basePolicy, "effectiveFrom: 2026-01-01T00:00:00Z", "effectiveFrom: 2026-01-01T00:00:00Z, effectiveUntil: 2026-05-01T00:00:00Z")}}
	before := ended
	before.at = "2026-04-30T23:59:59Z"
	good := [][]byte{provenance("pipeline")}
	old, late := scene{minimum: map[string]int{"payments": 5}}, scene{policies: []string{replaced(t, basePolicy, "effectiveFrom: 2026-01-01", "effectiveFrom: 2026-06-02")}}
	begun := late
	begun.at = "2026-06-02T00:00:00Z"
	for _, f := range []fault{
		{name: "ended", scene: ended, repaired: &before, severity: verify.SeverityDeny, says: "ended"},
		{name: "older than the caller demands", scene: old, repaired: &scene{minimum: map[string]int{"payments": 4}}, severity: verify.SeverityDeny, says: "demands at least 5"},
		{name: "not begun", scene: late, repaired: &begun, severity: verify.SeverityDeny, says: "has not begun: version 4 applies from 2026-06-02T00:00:00Z"},
	} {
		f.code, f.team, f.evidence, f.good = verify.PolicyNotInForce, "approvers", good, good
		t.Run(f.name, f.run)
	}
}

// TestR41EvidenceMissing: what a policy asks for is there, and nothing passes on none.
func TestR41EvidenceMissing(t *testing.T) {
	t.Parallel()
	tests := replaced(t, basePolicy, "rules:", "  - {name: tests, predicateTypes: [\"https://in-toto.io/attestation/test-result/v0.1\"], duty: build}\nrules:")
	tested := scene{model: replaced(t, baseModel, `predicates: ["https://slsa.dev/provenance/*"]`, `predicates: ["https://slsa.dev/provenance/*", "https://in-toto.io/**"]`), policies: []string{tests}}
	result := signed(fixture.NewStatement("https://in-toto.io/attestation/test-result/v0.1", release, map[string]any{"result": "PASSED", "configuration": []any{}}), "pipeline")
	vacuous := scene{policies: []string{replaced(t, basePolicy, "it.provenance.builder == 'https://github.com/actions/runner/github-hosted'", "true")}}
	for _, f := range []fault{
		{name: "none at all", scene: scene{policies: []string{basePolicy}}, good: [][]byte{provenance("pipeline")}, says: "needs evidence provenance", policy: "{name: provenance"},
		{name: "none, and a rule that always holds", scene: vacuous, good: [][]byte{provenance("pipeline")}, says: "needs evidence provenance", policy: "{name: provenance"},
		{name: "one of two", scene: tested, evidence: [][]byte{provenance("pipeline")}, good: [][]byte{provenance("pipeline"), result}, says: "needs evidence tests", policy: "{name: tests"},
	} {
		f.code, f.severity, f.team = verify.EvidenceMissing, verify.SeverityDeny, "approvers"
		t.Run(f.name, f.run)
	}
}

// unmet is a fault of approvals: beside Alice's there is something that is no second; with Carol's it is allowed.
func unmet(t *testing.T, f fault, evidence ...[]byte) fault {
	if f.scene.policies == nil {
		f.scene = approvalScene(t, approvalRule)
	}
	f.evidence = append([][]byte{builtAtNoon(), approval("alice")}, evidence...)
	f.good = append([][]byte{approval("carol"), approval("alice"), builtAtNoon()}, evidence...)
	f.team = or(f.team, "approvers")
	return f
}

// TestR43Approvals: so many distinct people of the right team, neither author nor signer; how many there are and
// how many it takes.
func TestR43Approvals(t *testing.T) {
	t.Parallel()
	operator := approvalScene(t, approvalRule, "{person: carol}]", "{person: carol}, {person: dana}]",
		"credentials:\n", "credentials:\n  - {id: dana-key, holder: dana, owner: approvers, revokers: [security], key: {pem: KEY(dana)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}\n")
	outsider := approvalScene(t, approvalRule, "grants:\n", "grants:\n  - {to: security, may: [approve], artifacts: [\"**\"]}\n",
		"credentials:\n", "credentials:\n  - {id: erin-key, holder: erin, owner: security, revokers: [security], key: {pem: KEY(erin)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}\n")
	author := fault{name: "the author", scene: approvalScene(t, sourceRule), code: verify.ApprovalVoid, severity: verify.SeverityDeny, says: "bob is the author of the change", team: "approvers", model: "{id: app-key"}
	author.evidence = [][]byte{builtAtNoon(), stamped(ofCommit(attest.ReviewsType, builtCommit, pullRequest(2, reviewOf(1, "APPROVED", "2026-04-30T09:00:00Z"), reviewOf(2, "APPROVED", "2026-04-30T09:00:00Z"))), "2026-05-01T09:00:00Z", "app")}
	author.good = [][]byte{builtAtNoon(), stamped(ofCommit(attest.ReviewsType, builtCommit, pullRequest(9, reviewOf(1, "APPROVED", "2026-04-30T09:00:00Z"), reviewOf(2, "APPROVED", "2026-04-30T09:00:00Z"))), "2026-05-01T09:00:00Z", "app")}
	few := fault{code: verify.ApprovalsInsufficient, severity: verify.SeverityDeny, says: "it sees those of alice (have 1, need 2)", policy: "id: two-approvals"}
	named := func(name string, s scene) fault {
		f := few
		f.name, f.scene = name, s
		return f
	}
	another := named("of another team", outsider)
	another.says = "asks for approvals"
	for _, f := range []fault{
		unmet(t, named("one short", scene{})),
		unmet(t, named("the signer: an operator of the pipeline", operator), approval("dana")),
		unmet(t, another, approval("erin")),
		author,
	} {
		t.Run(f.name, f.run)
	}
}

// TestR44Bound: an approval is of this revision, this digest and this environment.
func TestR44Bound(t *testing.T) {
	t.Parallel()
	other := saying()
	other.Subject[0].Digest["sha256"] = otherFile
	revision := fault{name: "another revision", scene: approvalScene(t, sourceRule), says: "the review is of revision f6", code: verify.ApprovalForOtherArtifact, severity: verify.SeverityDeny, team: "approvers", model: "{id: app-key"}
	old := reviewOf(2, "APPROVED", "2026-04-30T09:00:00Z")
	old["commit_id"] = strings.Repeat("f6", 20)
	of := func(second map[string]any) [][]byte {
		return [][]byte{builtAtNoon(), stamped(ofCommit(attest.ReviewsType, builtCommit, pullRequest(9, reviewOf(1, "APPROVED", "2026-04-30T09:00:00Z"), second)), "2026-05-01T09:00:00Z", "app")}
	}
	revision.evidence, revision.good = of(old), of(reviewOf(2, "APPROVED", "2026-04-30T09:00:00Z"))
	bound := func(name, says string) fault {
		return fault{name: name, says: says, code: verify.ApprovalForOtherArtifact, severity: verify.SeverityDeny}
	}
	environment := bound("another environment", "it is for environment staging, and the request is for production")
	environment.model = "{id: bob-key"
	for _, f := range []fault{
		revision,
		unmet(t, bound("another digest", otherFile), stamped(other, "2026-05-01T09:00:00Z", "bob")),
		unmet(t, environment, approval("bob", "environment", "staging")),
	} {
		t.Run(f.name, f.run)
	}
}

// TestR45InTime: an approval is made before what it approves is signed, has not ended and was not taken back; where
// no time proves it nothing is known.
func TestR45InTime(t *testing.T) {
	t.Parallel()
	untimed := unmet(t, fault{name: "at no proven time", decision: "indeterminate", code: verify.ApprovalsInsufficient, severity: verify.SeverityIndeterminate, says: "asks for approvals", policy: "id: two-approvals"}, signed(saying(), "bob"))
	for _, f := range []fault{
		unmet(t, fault{name: "late", code: verify.ApprovalLate, says: "bob approved at 2026-05-01T12:00:01Z, and what it approves was signed at 2026-05-01T12:00:00Z"}, stamped(saying(), "2026-05-01T12:00:01Z", "bob")),
		unmet(t, fault{name: "expired", code: verify.ApprovalExpired, says: "it ended at 2026-06-01T12:00:00Z", model: "{id: bob-key"}, approval("bob", "expires", "2026-06-01T12:00:00Z")),
		unmet(t, fault{name: "dismissed", code: verify.ApprovalDismissed, says: "bob approved"}, approval("bob"), stamped(saying("decision", "rejected"), "2026-05-01T10:00:00Z", "bob")),
		untimed,
	} {
		t.Run(f.name, f.run)
	}
}

// TestR46SamePerson: one person's accounts and keys are one person.
func TestR46SamePerson(t *testing.T) {
	t.Parallel()
	for _, f := range []fault{
		unmet(t, fault{name: "a second key", code: verify.SamePerson, says: "alice approves by credential alice-key and credential alice-second, and counts once"}, approval("p256:alice")),
		unmet(t, fault{name: "a second account", scene: approvalScene(t, strings.Replace(approvalRule, "approvals.by", "approvals.withWitnessed().by", 1)), code: verify.SamePerson, says: "alice approves by account github:11 and credential alice-key"}, approval("app", "approver", "github:11")),
	} {
		t.Run(f.name, f.run)
	}
}

// TestR47ReviewBypassed: a review that was bypassed is reported with who did it, and where the rules that passed
// are demanded, as they must be, it is refused; so is no record at all.
func TestR47ReviewBypassed(t *testing.T) {
	t.Parallel()
	suite := func(result string) []byte {
		return stamped(ofCommit(attest.ReviewsType, builtCommit, map[string]any{"repository": "https://github.com/acme/payments",
			"rule_suite": map[string]any{"result": result, "actor_id": 3, "before_sha": strings.Repeat("0", 40), "after_sha": builtCommit, "ref": "refs/heads/main"}}), "2026-05-01T09:00:00Z", "app")
	}
	demanded := approvalScene(t, "rules:\n  - {id: rules-passed, about: provenance, expression: \"approvals.withSource().withWitnessed().exists(a, 'RULE_SUITE_PASSED' in a.controls)\"}\n")
	merged := approvalScene(t, "rules:\n  - {id: any, about: provenance, expression: \"approvals.withSource().withWitnessed().people().size() >= 0\"}\n")
	run := pullRequest(9, reviewOf(1, "APPROVED", "2026-04-30T09:00:00Z"))
	bare := pullRequest(9)
	bare["reviews"] = []any{}
	export := func(p map[string]any) []byte {
		return stamped(ofCommit(attest.ReviewsType, builtCommit, p), "2026-05-01T09:00:00Z", "app")
	}
	for _, f := range []fault{
		{name: "rules bypassed", scene: demanded, evidence: [][]byte{builtAtNoon(), suite("bypass")}, good: [][]byte{builtAtNoon(), suite("pass")},
			code: verify.ReviewBypassed, severity: verify.SeverityWarn, says: "github:3 bypassed the rules of https://github.com/acme/payments to bring in commit " + builtCommit},
		{name: "no record", scene: demanded, evidence: [][]byte{builtAtNoon()}, good: [][]byte{builtAtNoon(), suite("pass")},
			code: verify.ApprovalsInsufficient, severity: verify.SeverityDeny, says: "asks for approvals", policy: "{id: rules-passed"},
		{name: "merged by the author's own approval", scene: merged, decision: "allow", evidence: [][]byte{builtAtNoon(), export(pullRequest(1, reviewOf(1, "APPROVED", "2026-04-30T09:00:00Z")))}, good: [][]byte{builtAtNoon(), export(run)},
			code: verify.ReviewBypassed, severity: verify.SeverityWarn, says: "and nobody else had approved it"},
		{name: "merged without approval", scene: merged, decision: "allow", evidence: [][]byte{builtAtNoon(), export(bare)}, good: [][]byte{builtAtNoon(), export(run)},
			code: verify.ReviewBypassed, severity: verify.SeverityWarn, says: "github:3 merged pull request 7 of https://github.com/acme/payments, and nobody else had approved it"},
	} {
		f.team = "approvers"
		t.Run(f.name, f.run)
	}
	// who may not witness says nothing of it, nor what is of another commit
	for name, other := range map[string][]byte{
		"no witness":     stamped(ofCommit(attest.ReviewsType, builtCommit, bare), "2026-05-01T09:00:00Z", "bob"),
		"another commit": stamped(ofCommit(attest.ReviewsType, strings.Repeat("b2", 20), bare), "2026-05-01T09:00:00Z", "app"),
	} {
		if v := merged.judge(t, builtAtNoon(), other); found(v, "review-bypassed", "") || !v.Admits() {
			t.Errorf("%s: %s\n%s", name, v.Decision, explain(v))
		}
	}
}

// TestR48Separation: who builds does not release, even where grants say that they might.
func TestR48Separation(t *testing.T) {
	s := scene{
		model: replaced(t, baseModel, "grants:\n", "separation:\n  - {id: build-vs-release, duties: [build, release]}\ngrants:\n"+
			"  - {to: pipeline, may: [release], artifacts: [\"**\"]}\n  - {to: approvers, may: [release], artifacts: [\"**\"]}\n"),
		policies: []string{replaced(t, basePolicy, "rules:", "  - {name: release, predicateTypes: [\"https://example.test/release/v1\"], duty: release}\nrules:")},
	}
	released := func(key string) []byte {
		return signed(fixture.NewStatement("https://example.test/release/v1", release, map[string]any{"note": "x"}), key)
	}
	apart := replaced(t, s.model, "duties: [build, release]", "duties: [build, deploy]")
	fault{scene: s, evidence: [][]byte{provenance("pipeline"), released("pipeline")}, good: [][]byte{provenance("pipeline"), released("alice")},
		code: verify.SeparationViolated, severity: verify.SeverityDeny, says: "build", team: "approvers"}.run(t)
	want(t, scene{model: apart, policies: s.policies}.judge(t, provenance("pipeline"), released("pipeline")), "allow")
}

// TestR53ChangeApproved: a change of the ownership model or of a policy is approved by those who answer for it.
func TestR53ChangeApproved(t *testing.T) {
	t.Parallel()
	model := govern(t)
	for _, row := range []struct {
		name         string
		broken, good endorsing
		says         string
	}{
		{"the model", endorsing{by: []string{"alice"}}, endorsing{by: []string{"alice", "bob"}}, "it takes 2 of the 3 members of team approvers, accountable for release-policy over **, and only alice signed"},
		{"the model, on its own word", endorsing{model: next(t, model), by: []string{"mallory"}, previous: model}, endorsing{model: next(t, model), by: []string{"alice", "bob"}, previous: model}, "mallory (credential mallory-key) is in no team"},
		{"a policy", endorsing{policyBy: []string{"alice"}}, endorsing{policyBy: []string{"mallory"}}, "of team payments"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			v := row.broken.judge(t)
			f := said(t, v, verify.ChangeUnapproved, verify.SeverityDeny, row.says)
			if v.Decision != verify.Deny || f.Control != "release-policy" || f.Accountable.Team == "" || f.Remedy == "" {
				t.Errorf("%s %+v", v.Decision, f)
			}
			v = row.good.judge(t)
			want(t, v, "allow")
		})
	}
}

// TestR57BuilderUntrusted: whoever builds is believed only about builders it is trusted for, a vendor too.
func TestR57BuilderUntrusted(t *testing.T) {
	t.Parallel()
	limited := strings.TrimSuffix(pipelineGrant, "}") + `, builders: ["https://github.com/actions/runner/*"]}`
	vendor := []string{"credentials:\n", "vendors:\n  - {id: buildco, internalOwner: security}\ncredentials:\n", "{id: pipeline-key, holder: pipeline,", "{id: pipeline-key, holder: buildco,", pipelineGrant, strings.Replace(limited, "to: pipeline", "to: buildco", 1)}
	foreign := signed(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance("https://builds.elsewhere.test")), "pipeline")
	anyBuilder := replaced(t, basePolicy, "it.provenance.builder == 'https://github.com/actions/runner/github-hosted'", "it.provenance.builder != ''")
	for name, pairs := range map[string][]string{"ours": {pipelineGrant, limited}, "a vendor's": vendor} {
		f := fault{name: name, scene: scene{model: replaced(t, baseModel, pairs...), policies: []string{anyBuilder}}, evidence: [][]byte{foreign}, good: [][]byte{provenance("pipeline")},
			code: verify.BuilderUntrusted, severity: verify.SeverityDeny, says: "https://builds.elsewhere.test", team: "security", model: "{id: pipeline-key"}
		t.Run(name, f.run)
	}
	// a federated builder beside it is trusted for its own, and for no other's
	two := replaced(t, baseModel, pipelineGrant, limited+"\n  - {to: stranger, may: [build], artifacts: [\"pkg:generic/payments/**\"], builders: [\"https://builds.elsewhere.test\"]}")
	s := scene{model: two, policies: []string{anyBuilder}}
	want(t, s.judge(t, foreign), "deny", "builder-untrusted", "evidence-missing")
	want(t, s.judge(t, signed(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance("https://builds.elsewhere.test")), "stranger")), "allow")
	want(t, s.judge(t, provenance("stranger")), "deny", "builder-untrusted", "evidence-missing")
}

// TestR58NoBots: a bot, an agent, a workload of any kind, and a key that several hold are never people who approve,
// whatever they are granted.
func TestR58NoBots(t *testing.T) {
	t.Parallel()
	granted := approvalScene(t, approvalRule, "grants:\n", "grants:\n  - {to: app, may: [approve], artifacts: [\"**\"]}\n")
	shared := approvalScene(t, approvalRule, "{id: bob-key, holder: bob,", "{id: bob-key, holder: [bob, app],")
	evidenced := approvalScene(t, approvalRule, "grants:\n", "grants:\n  - {to: app, may: [approve], artifacts: [\"**\"]}\n")
	evidenced.policies = []string{policyHead + fmt.Sprintf("evidence:\n  - {name: approved, predicateTypes: [%q], duty: approve, min: 2}\nrules:\n  - {id: ok, about: approved, expression: \"it.approval.decision == 'approved'\"}\n", attest.ApprovalType)}
	bot := reviewOf(2, "APPROVED", "2026-04-30T09:00:00Z")
	bot["user"] = map[string]any{"id": 2, "type": "Bot"}
	of := func(second map[string]any) [][]byte {
		return [][]byte{builtAtNoon(), stamped(ofCommit(attest.ReviewsType, builtCommit, pullRequest(9, reviewOf(1, "APPROVED", "2026-04-30T09:00:00Z"), second)), "2026-05-01T09:00:00Z", "app")}
	}
	for _, f := range []fault{
		unmet(t, fault{name: "a workload", scene: granted, code: verify.ApprovalVoid, says: "credential app-key is held by app: expected one person's, for only people approve", model: "{id: app-key"}, approval("app")),
		unmet(t, fault{name: "a shared key", scene: shared, code: verify.ApprovalVoid, says: "expected one person's, for only people approve", model: "{id: bob-key"}, approval("bob")),
		{name: "as evidence by itself", scene: evidenced, evidence: [][]byte{approval("alice"), approval("app")}, good: [][]byte{approval("alice"), approval("bob")}, code: verify.EvidenceMissing, says: "2 distinct people", policy: "{name: approved", team: "approvers"},
		{name: "an account a code host calls a bot", scene: approvalScene(t, sourceRule), evidence: of(bot), good: of(reviewOf(2, "APPROVED", "2026-04-30T09:00:00Z")), code: verify.ApprovalVoid, says: "the reviewer is a bot", team: "approvers", model: "{id: app-key"},
	} {
		t.Run(f.name, f.run)
	}
}
