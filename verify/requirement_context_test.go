package verify_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
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

// shortLived is a credential of short-lived certificates that the pipeline holds, beside its key.
var shortLived = []string{"  - {id: pipeline-key,", "  - {id: workflow, holder: pipeline, owner: security, revokers: [security], identity: {issuer: \"https://ci.acme.test\", subject: release}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n  - {id: pipeline-key,"}

// TestR40Instants: a window and a freeze begin with their first instant and end before their last, however
// finely time is told; one grant has to fit in all at once.
func TestR40Instants(t *testing.T) {
	t.Parallel()
	grant := func(more ...string) []string {
		var lines []string
		for _, m := range more {
			lines = append(lines, strings.TrimSuffix(pipelineGrant, "}")+m+"}")
		}
		return []string{pipelineGrant, strings.Join(lines, "\n")}
	}
	week := grant(`, windows: [{days: [friday], from: "08:00", until: "16:00"}, {days: [saturday], until: "00:01"}]`) // 2026-05-01 is a Friday
	night := grant(`, windows: [{days: [friday], from: "22:00", until: "24:00"}, {days: [saturday], until: "06:00"}]`)
	freeze := grant(`, freezes: [{from: 2026-05-01T10:00:00Z, until: 2026-05-01T11:00:00Z}, {from: 2026-05-01T12:00:00Z, until: 2026-05-01T13:00:00Z, reason: cut-over}]`)
	both := grant(`, windows: [{days: [friday], from: "08:00", until: "16:00"}], freezes: [{from: 2026-05-01T10:00:00Z, until: 2026-05-01T11:00:00Z}]`)
	apart := grant(`, windows: [{days: [friday]}], until: 2026-04-01T00:00:00Z`, `, windows: [{days: [monday]}]`)
	for _, b := range []breach{
		{name: "the last instant before", broken: week, evidence: built("2026-05-01T07:59:59.999999999Z"), good: built("2026-05-01T08:00:00.000000000Z"), code: "outside-window"},
		{name: "the last instant within", broken: week, evidence: built("2026-05-01T16:00:00Z"), good: built("2026-05-01T15:59:59.999999999Z"), code: "outside-window"},
		{name: "a window of one minute", broken: week, evidence: built("2026-05-02T00:01:00Z"), good: built("2026-05-02T00:00:59.9Z"), code: "outside-window"},
		{name: "two windows over midnight", broken: night, evidence: built("2026-05-01T21:59:59Z"), good: built("2026-05-02T00:00:00Z"), code: "outside-window"},
		{name: "in another time zone", broken: week, evidence: built("2026-05-01T09:00:00+02:00"), good: built("2026-05-01T17:30:00+02:00"), code: "outside-window"},
		{name: "a freeze's first instant", broken: freeze, evidence: built("2026-05-01T10:00:00Z"), good: built("2026-05-01T09:59:59.999999999Z"), code: "in-freeze"},
		{name: "a freeze's last instant", broken: freeze, evidence: built("2026-05-01T12:59:59.999999999Z"), good: built("2026-05-01T13:00:00Z"), code: "in-freeze"},
		{name: "the second freeze", broken: freeze, evidence: built("2026-05-01T12:30:00Z"), good: built("2026-05-01T11:30:00Z"), code: "in-freeze"},
		{name: "a freeze within a window", broken: both, evidence: built("2026-05-01T10:30:00Z"), good: built("2026-05-01T11:00:00Z"), code: "in-freeze"},
		{name: "one grant's window, another's interval", broken: apart, evidence: built("2026-05-01T12:00:00Z"), good: built("2026-05-04T12:00:00Z"), code: "outside-window"},
		{name: "one person's approval", policy: approvalsPolicy, broken: []string{"{to: approvers, may: [approve], artifacts: [\"pkg:generic/payments/**\"]}", "{to: approvers, may: [approve], artifacts: [\"pkg:generic/payments/**\"], windows: [{days: [friday]}]}"},
			evidence: approved("2026-05-02T00:00:00Z", "alice"), good: approved("2026-05-01T23:59:59Z", "alice"), code: "outside-window", stands: "{id: alice-key"},
	} {
		b.repaired, b.decision, b.severity, b.team, b.stands = b.broken, "deny", verify.SeverityDeny, "approvers", or(b.stands, "{id: pipeline-key")
		t.Run(b.name, b.run)
	}
}

// TestR40Undecided: a certificate nobody vouches for the time of is taken, generously, to have signed when it
// began: it never allows, and in a freeze, or outside the windows, it is not even undecided.
func TestR40Undecided(t *testing.T) {
	t.Parallel()
	st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder))
	friday := append([]string{pipelineGrant, strings.TrimSuffix(pipelineGrant, "}") + `, windows: [{days: [friday], from: "08:00", until: "16:00"}], freezes: [{from: 2026-05-01T10:00:00Z, until: 2026-05-01T11:00:00Z}]}`}, shortLived...)
	s := scene{model: replaced(t, baseModel, friday...), openers: []verify.Opener{certOpener{ownership.Identity{Issuer: "https://ci.acme.test", Subject: "release"}}}}
	for _, row := range []struct{ from, decision, code string }{
		{"2026-05-01T08:00:00Z", "indeterminate", "no-trusted-time"},
		{"2026-05-01T11:00:00Z", "indeterminate", "no-trusted-time"},
		{"2026-05-01T07:59:59Z", "deny", "outside-window"},
		{"2026-05-01T10:00:00Z", "deny", "in-freeze"},
	} {
		v := s.judge(t, certificate(st, row.from, ""))
		if v.Decision.String() != row.decision || !slices.Contains(refusing(v), row.code) {
			t.Errorf("%s: %s %v, want %s with %s", row.from, v.Decision, refusing(v), row.decision, row.code)
		}
		proven := s.judge(t, certificate(st, row.from, row.from))
		if proven.Admits() != (row.decision == "indeterminate") {
			t.Errorf("%s, proven: %s\n%s", row.from, proven.Decision, explain(proven))
		}
	}
	// what nobody vouches for takes nothing from what is proven, and adds nothing to it
	want(t, s.judge(t, certificate(st, "2026-05-01T08:00:00Z", "2026-05-01T08:05:00Z"), certificate(st, "2026-05-01T10:00:00Z", "")), "allow")
}

// TestR40Environment: a freeze of one environment is none of another; where no environment is named neither
// grant fits.
func TestR40Environment(t *testing.T) {
	t.Parallel()
	grants := strings.TrimSuffix(pipelineGrant, "}") + ", environments: [production], freezes: [{from: 2026-05-01T00:00:00Z, until: 2026-05-02T00:00:00Z}]}\n" +
		strings.TrimSuffix(pipelineGrant, "}") + ", environments: [staging]}"
	for _, row := range []struct{ name, environment, at, decision, code string }{
		{"frozen", "production", "2026-05-01T12:00:00Z", "deny", "in-freeze"},
		{"afterwards", "production", "2026-05-02T00:00:00Z", "allow", ""},
		{"elsewhere", "staging", "2026-05-01T12:00:00Z", "allow", ""},
		{"nowhere named", "", "2026-05-02T00:00:00Z", "deny", "signer-not-granted"},
		{"somewhere unknown", "canary", "2026-05-02T00:00:00Z", "deny", "signer-not-granted"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := scene{model: replaced(t, baseModel, pipelineGrant, grants), environment: row.environment, openers: []verify.Opener{timed{}}}
			v := s.judge(t, built(row.at)...)
			if v.Decision.String() != row.decision || row.code != "" && !slices.Contains(refusing(v), row.code) {
				t.Errorf("%s %v, want %s %s\n%s", v.Decision, refusing(v), row.decision, row.code, explain(v))
			}
		})
	}
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

// TestR42Workflow: a certificate counts only in the workflow the grant approves: path, ref, digest, trigger, as
// the certificate says of the workflow that was started; one grant must fit in all at once.
func TestR42Workflow(t *testing.T) {
	t.Parallel()
	const (
		repository = "https://github.com/acme/payments"
		file       = repository + "/.github/workflows/release.yaml"
		commit     = "0123456789abcdef0123456789abcdef01234567"
	)
	credential := "  - {id: workflow, holder: pipeline, owner: security, revokers: [security], identity: {issuer: \"https://ci.acme.test\", subject: \"" + repository +
		"/**\", claims: {sourceRepositoryURI: \"" + repository + "\"}}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n  - {id: pipeline-key,"
	approved := strings.TrimSuffix(pipelineGrant, "}") + ", workflow: {path: .github/workflows/release.yaml, ref: \"refs/tags/*\", digest: [" + commit + "], trigger: [push, workflow_dispatch]}}"
	split := strings.TrimSuffix(pipelineGrant, "}") + ", workflow: {path: .github/workflows/release.yaml, ref: \"refs/tags/*\"}, until: 2026-02-01T00:00:00Z}\n" +
		strings.TrimSuffix(pipelineGrant, "}") + ", workflow: {trigger: [push]}, environments: [staging]}\n" + strings.Replace(approved, "may: [build]", "may: [attest]", 1)
	claims := func(pairs ...string) ownership.Identity {
		id := ownership.Identity{Issuer: "https://ci.acme.test", Subject: file + "@refs/tags/v1", Claims: map[string]string{
			"sourceRepositoryURI": repository, "buildSignerURI": file + "@refs/tags/v1", "buildConfigURI": file + "@refs/tags/v1", "buildConfigDigest": commit, "buildTrigger": "push"}}
		for i := 0; i < len(pairs); i += 2 {
			if id.Claims[pairs[i]] = pairs[i+1]; pairs[i+1] == "" {
				delete(id.Claims, pairs[i])
			}
		}
		return id
	}
	st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder))
	signed := certificate(st, "2026-05-01T00:00:00Z", "2026-05-01T00:05:00Z")
	judge := func(grant string, identity ownership.Identity, evidence []byte) verify.Verdict {
		model := replaced(t, baseModel, pipelineGrant, grant, "  - {id: pipeline-key,", credential)
		return scene{model: model, openers: []verify.Opener{timed{}, certOpener{identity}}}.judge(t, evidence)
	}
	want(t, judge(approved, claims(), signed), "allow")
	want(t, judge(approved, claims("buildTrigger", "workflow_dispatch"), signed), "allow")
	for _, row := range []struct {
		name, grant string
		identity    ownership.Identity
		evidence    []byte
		code        verify.Code
		says        string
	}{
		{"another file", approved, claims("buildConfigURI", repository+"/.github/workflows/test.yaml@refs/tags/v1"), signed, verify.WorkflowNotApproved,
			`buildConfigURI is ".github/workflows/test.yaml", expected a path .github/workflows/release.yaml`},
		{"a branch", approved, claims("buildConfigURI", file+"@refs/heads/main"), signed, verify.WorkflowNotApproved, `buildConfigURI is "refs/heads/main", expected a ref refs/tags/*`},
		{"a branch called as a tag", approved, claims("buildConfigURI", file+"@refs/heads/x@refs/tags/v1"), signed, verify.WorkflowNotApproved, `buildConfigURI is "` + file + `@refs/heads/x@refs/tags/v1", expected a path`},
		{"a caller elsewhere", approved, claims("buildConfigURI", "https://github.com/acme/other/.github/workflows/release.yaml@refs/tags/v1"), signed, verify.WorkflowNotApproved, "expected a path .github/workflows/release.yaml"},
		{"another commit", approved, claims("buildConfigDigest", strings.Repeat("f", 40)), signed, verify.WorkflowNotApproved, `buildConfigDigest is "` + strings.Repeat("f", 40) + `", expected ` + commit},
		{"a pull request", approved, claims("buildTrigger", "pull_request_target"), signed, verify.WorkflowNotApproved, `buildTrigger is "pull_request_target", expected push or workflow_dispatch`},
		{"no trigger", approved, claims("buildTrigger", ""), signed, verify.WorkflowNotApproved, "the certificate has no buildTrigger, expected push or workflow_dispatch"},
		{"no workflow", approved, claims("buildConfigURI", ""), signed, verify.WorkflowNotApproved, "the certificate has no buildConfigURI, expected a path"},
		{"a key", approved, claims(), built("2026-05-01T00:05:00Z")[0], verify.WorkflowNotApproved, "what signed names no workflow, expected a certificate with buildConfigURI a path .github/workflows/release.yaml"},
		{"two grants that fit in half", split, claims(), signed, verify.SignerNotGranted, "pipeline (credential workflow) may build the artifact, but not at 2026-05-01T00:05:00Z"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			v := judge(row.grant, row.identity, row.evidence)
			want(t, v, "deny", string(row.code), "evidence-missing")
			f := said(t, v, row.code, verify.SeverityDeny, row.says)
			if f.Control != "publisher-identity" || f.Mark != verify.MarkIdentity || f.Accountable.Team != "security" {
				t.Errorf("%+v", f)
			}
			// the same signature stands under a grant that asks for no workflow
			want(t, judge(pipelineGrant, row.identity, row.evidence), "allow")
		})
	}
}

// TestR42CertificateOfAnAuthority: a name an authority of the model certified comes with no workflow, whatever
// an opener says of its claims; provenance's own word for its workflow is not asked either.
func TestR42CertificateOfAnAuthority(t *testing.T) {
	t.Parallel()
	ca := "trust:\n  certificateAuthorities:\n    - {id: corp-ca, owner: security, file: ca.pem}\ncredentials:\n  - {id: spiffe, holder: pipeline, owner: security, revokers: [security], " +
		"identity: {authority: corp-ca, uri: \"spiffe://acme.test/release\"}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n"
	identity := ownership.Identity{Authority: "corp-ca", NameType: "uri", Subject: "spiffe://acme.test/release", Claims: map[string]string{"buildTrigger": "push"}}
	predicate := fixture.Provenance(fixture.Builder)
	predicate["buildDefinition"].(map[string]any)["externalParameters"] = map[string]any{"buildTrigger": "push", "workflow": map[string]any{"ref": "refs/tags/v1", "path": ".github/workflows/release.yaml"}}
	signed := certificate(fixture.NewStatement(fixture.ProvenanceV1, release, predicate), "2026-05-01T00:00:00Z", "2026-05-01T00:05:00Z")
	judge := func(grant string) verify.Verdict {
		model := strings.Replace(replaced(t, baseModel, "credentials:\n", ca, pipelineGrant, grant), "file: ca.pem}", "file: ca.pem, digest: \"sha256:4b650e5c4785025dee7bd65e3c5c527356717d7a1c0bfef5b4ada8ca1e9cbe17\"}", 1)
		return scene{model: model, openers: []verify.Opener{certOpener{identity}}}.judge(t, signed)
	}
	want(t, judge(pipelineGrant), "allow")
	v := judge(strings.TrimSuffix(pipelineGrant, "}") + ", workflow: {trigger: [push]}}")
	want(t, v, "deny", "workflow-not-approved", "evidence-missing")
	said(t, v, verify.WorkflowNotApproved, verify.SeverityDeny, "what signed names no workflow, expected a certificate with buildTrigger push")
}

// TestR56Rollback: somebody who is there owns rolling back, and what is gone back to is judged as of now.
func TestR56Rollback(t *testing.T) {
	t.Parallel()
	const entry = `{control: release-policy, artifacts: ["**"], accountable: approvers, responsible: [approvers]}`
	with := func(activities string) string { return strings.TrimSuffix(entry, "}") + activities + "}" }
	activities := func(team string) string {
		return ", activities: {approve: approvers, promote: approvers, distribute: approvers, roll-back: " + team + "}"
	}
	retired := []string{"teams:\n", "teams:\n  - {id: retired, members: [{person: bob, until: 2026-06-01T12:00:00Z}], contacts: {page: \"pager:retired\"}}\n"}
	for _, row := range []struct {
		name, entry string
		says        string // "": it is owned
		owners      []verify.Paged
	}{
		{"the responsible team", entry, "", []verify.Paged{{Team: "approvers", Page: "pager:approvers"}}},
		{"a team of its own", with(activities("security")), "", []verify.Paged{{Team: "security", Page: "pager:security"}}},
		{"the activity left out", with(strings.Replace(activities(""), ", roll-back: ", "", 1)), "no team is named to roll back pkg:generic/payments/api@1.4.2", nil},
		{"a team emptied at that instant", with(activities("retired")), "nobody is in retired, which is to roll back pkg:generic/payments/api@1.4.2", nil},
		{"nobody responsible", strings.Replace(entry, ", responsible: [approvers]", "", 1), "no team is named to roll back", nil},
		{"an entry that has ended", with(", until: 2026-06-01T12:00:00Z"), "nobody, or more than one team, is accountable for release-policy", nil},
		{"one of two responsible teams emptied", strings.Replace(entry, "responsible: [approvers]", "responsible: [retired, approvers]", 1), "", []verify.Paged{{Team: "approvers", Page: "pager:approvers"}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := scene{model: replaced(t, baseModel, append(retired, entry, row.entry)...)}
			request := s.request(t, provenance("pipeline"))
			plain := judgeRequest(t, s, request)
			want(t, plain, "allow")
			if plain.Rollback || plain.RollbackOwners != nil {
				t.Errorf("%+v", plain.RollbackOwners)
			}
			request.Rollback = true
			v := judgeRequest(t, s, request)
			if !v.Rollback || !slices.Equal(v.RollbackOwners, row.owners) {
				t.Errorf("rollback %v by %v, want %v", v.Rollback, v.RollbackOwners, row.owners)
			}
			if row.says == "" {
				want(t, v, "allow")
				return
			}
			if v.Admits() || !slices.Contains(refusing(v), "rollback-unowned") {
				t.Errorf("%s %v", v.Decision, refusing(v))
			}
			f := said(t, v, verify.RollbackUnowned, verify.SeverityDeny, row.says)
			if f.Control != "release-policy" || f.Mark != verify.MarkPolicy {
				t.Errorf("%+v", f)
			}
		})
	}
}

// TestR56NoLeniency: what is gone back to needs what every release needs, at this time; a rule may ask more of it.
func TestR56NoLeniency(t *testing.T) {
	t.Parallel()
	rolled := func(s scene, evidence ...[]byte) verify.Verdict {
		request := s.request(t, evidence...)
		request.Rollback = true
		return judgeRequest(t, s, request)
	}
	openers := []verify.Opener{timed{}}
	old := built("2026-03-01T00:00:00Z")[0]
	want(t, rolled(scene{openers: openers}, old), "allow")
	revoked := replaced(t, baseModel, pipelineActive, pipelineStates+"{state: revoked, from: 2026-05-01T00:00:00Z, reason: key-compromise}]")
	want(t, rolled(scene{model: revoked, openers: openers}, old), "deny", "signed-after-compromise", "evidence-missing")
	want(t, rolled(scene{openers: openers, digest: otherFile}, old), "deny", "subject-mismatch", "evidence-missing")
	want(t, rolled(scene{openers: openers}), "deny", "evidence-missing")
	strict := basePolicy + "  - {id: two-to-roll-back, about: provenance, when: \"evaluation.rollback\", expression: \"it.signers.size() >= 2\", message: \"a rollback has two signers\"}\n"
	s := scene{openers: openers, policies: []string{strict}}
	want(t, s.judge(t, old), "allow")
	v := rolled(s, old)
	want(t, v, "deny", "rule-failed")
	said(t, v, verify.RuleFailed, verify.SeverityDeny, "a rollback has two signers")
}

// judgeRequest is the scene's verdict on a request.
func judgeRequest(t *testing.T, s scene, request verify.Request) verify.Verdict {
	t.Helper()
	v, err := s.verifier(t).Verify(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// acceptedRelease is the verdict on an earlier release, read back as it was written.
func acceptedRelease(t *testing.T, s scene, evidence ...[]byte) *verify.Verdict {
	t.Helper()
	v := s.judge(t, evidence...)
	want(t, v, "allow")
	data, err := v.JSON()
	if err != nil {
		t.Fatal(err)
	}
	read, err := verify.ParseVerdict(data)
	if err != nil {
		t.Fatal(err)
	}
	again, err := read.JSON()
	if err != nil || !bytes.Equal(data, again) {
		t.Fatalf("read back: %v\n%s\n%s", err, data, again)
	}
	return &read
}

// TestR62Drift: what is new of who signed, beside the last accepted release, is warned of, once each, with what it
// was; the decision is what it is without.
func TestR62Drift(t *testing.T) {
	t.Parallel()
	const repository = "https://github.com/acme/payments"
	model := replaced(t, baseModel, "  - {id: pipeline-key,", "  - {id: workflow, holder: pipeline, owner: security, revokers: [security], identity: {issuer: \"https://ci.acme.test\", subject: \""+repository+
		"/**\"}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n  - {id: elsewhere, holder: pipeline, owner: security, revokers: [security], identity: {issuer: \"https://other.acme.test\", subject: \""+repository+
		"/**\"}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n  - {id: pipeline-key,", "may: [build]", "may: [build, release]")
	identity := func(issuer, subject, config string) ownership.Identity {
		return ownership.Identity{Issuer: issuer, Subject: repository + subject, Claims: map[string]string{"buildConfigURI": repository + config}}
	}
	const ci, other = "https://ci.acme.test", "https://other.acme.test"
	const file, tag, branch = "/release.yaml", "/release.yaml@refs/tags/v1", "/release.yaml@refs/heads/main"
	of := func(id ownership.Identity, name, digest string) scene {
		any := strings.Replace(basePolicy, "it.provenance.builder == 'https://github.com/actions/runner/github-hosted'", "it.provenance.builder != ''", 1)
		return scene{model: model, name: name, digest: digest, policies: []string{any}, openers: []verify.Opener{timed{}, certOpener{id}}}
	}
	build := func(builder, digest string) fixture.Statement {
		return fixture.NewStatement(fixture.ProvenanceV1, digest, fixture.Provenance(builder))
	}
	cert := func(builder, digest string) []byte {
		return certificate(build(builder, digest), "2026-05-01T00:00:00Z", "2026-05-01T00:05:00Z")
	}
	before := acceptedRelease(t, of(identity(ci, tag, tag), "pkg:generic/payments/api@1.4.1", otherFile), cert(fixture.Builder, otherFile))
	byKey := acceptedRelease(t, of(identity(ci, tag, tag), "pkg:generic/payments/api@1.4.1", otherFile), stamped(build(fixture.Builder, otherFile), "2026-05-01T00:00:00Z", "pipeline"))
	key := fixture.NewKey("pipeline").ID()
	const head = "build, release of https://slsa.dev/provenance/v1, by credential "
	for _, row := range []struct {
		name     string
		accepted *verify.Verdict
		identity ownership.Identity
		builder  string // "": signed with the pipeline's key
		want     []string
	}{
		{"nothing new", before, identity(ci, tag, tag), fixture.Builder, nil},
		{"another tag", before, identity(ci, file+"@refs/tags/v2", file+"@refs/tags/v2"), fixture.Builder, nil},
		{"another issuer", before, identity(other, tag, tag), fixture.Builder, []string{head + `elsewhere: the issuer is "https://other.acme.test", and in the last accepted release it was "https://ci.acme.test"`}},
		{"another subject", before, identity(ci, "/test.yaml@refs/tags/v1", tag), fixture.Builder,
			[]string{head + `workflow: the subject is "` + repository + `/test.yaml", and in the last accepted release it was "` + repository + `/release.yaml"`}},
		{"a subject of a branch", before, identity(ci, branch, tag), fixture.Builder, []string{head + `workflow: the subject's ref is "a branch", and in the last accepted release it was "a tag"`}},
		{"another workflow", before, identity(ci, tag, "/test.yaml@refs/tags/v1"), fixture.Builder,
			[]string{head + `workflow: the workflow is "` + repository + `/test.yaml", and in the last accepted release it was "` + repository + `/release.yaml"`}},
		{"a workflow of a pull request", before, identity(ci, tag, file+"@refs/pull/7/merge"), fixture.Builder, []string{head + `workflow: the workflow's ref is "a pull request", and in the last accepted release it was "a tag"`}},
		{"another builder", before, identity(ci, tag, tag), "https://builder.acme.test/own", []string{head + `workflow: the builder is "https://builder.acme.test/own", and in the last accepted release it was "` + fixture.Builder + `"`}},
		{"a key instead", before, identity(ci, tag, tag), "", []string{head + `pipeline-key: the key is "` + key + `", and in the last accepted release there was none`}},
		{"a certificate instead", byKey, identity(ci, tag, tag), fixture.Builder, []string{
			head + `workflow: the issuer is "https://ci.acme.test", and in the last accepted release there was none`,
			head + `workflow: the subject is "` + repository + `/release.yaml", and in the last accepted release there was none`,
			head + `workflow: the subject's ref is "a tag", and in the last accepted release there was none`,
			head + `workflow: the workflow is "` + repository + `/release.yaml", and in the last accepted release there was none`,
			head + `workflow: the workflow's ref is "a tag", and in the last accepted release there was none`,
		}},
		{"who did something else", with(before, func(v *verify.Verdict) { v.Signers[0].Duties = []string{"attest"} }), identity(ci, tag, tag), fixture.Builder, []string{head + "workflow: nobody did that in the last accepted release"}},
		{"a duty more", with(before, func(v *verify.Verdict) { v.Signers[0].Duties = []string{"build"} }), identity(ci, tag, tag), fixture.Builder,
			[]string{"release of https://slsa.dev/provenance/v1, by credential workflow: nobody did that in the last accepted release"}},
		{"nobody", with(before, func(v *verify.Verdict) { v.Signers = nil }), identity(ci, tag, tag), fixture.Builder, []string{head + "workflow: nobody did that in the last accepted release"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s, evidence := of(row.identity, "", ""), cert(row.builder, release)
			if row.builder == "" {
				evidence = stamped(build(fixture.Builder, release), "2026-05-01T00:00:00Z", "pipeline")
			}
			for _, evidence := range [][]byte{evidence, cert(fixture.Builder, otherFile)} { // the second is refused
				plain := s.judge(t, evidence)
				request := s.request(t, evidence)
				request.Accepted = row.accepted
				v := judgeRequest(t, s, request)
				var got []string
				v.Findings = slices.DeleteFunc(v.Findings, func(f verify.Finding) bool {
					if f.Code != verify.IdentityDrift {
						return false
					}
					if f.Severity != verify.SeverityWarn || f.Control != "monitoring" || f.Accountable.Team != "security" || len(f.Evidence) != 1 || f.Credential == "" {
						t.Errorf("%+v", f)
					}
					got = append(got, f.Message)
					return true
				})
				if !plain.Admits() {
					row.want = nil
				}
				if diff := cmp.Diff(row.want, got); diff != "" {
					t.Errorf("%s", diff)
				}
				if v.Inputs.Accepted == "" {
					t.Error("the inputs do not name it")
				}
				v.Inputs.Accepted = ""
				if diff := cmp.Diff(plain, v); diff != "" {
					t.Errorf("beside the warnings the verdict differs:\n%s", diff)
				}
			}
		})
	}
}

// with is a verdict changed.
func with(v *verify.Verdict, change func(*verify.Verdict)) *verify.Verdict {
	changed := *v
	changed.Signers = slices.Clone(v.Signers)
	change(&changed)
	return &changed
}

// TestR62Accepted: only the verdict on a release of the package that was admitted can be compared with.
func TestR62Accepted(t *testing.T) {
	t.Parallel()
	s := scene{}
	good := acceptedRelease(t, scene{}, provenance("pipeline"))
	named := func(name string) *verify.Verdict {
		return with(good, func(v *verify.Verdict) { v.Artifact.Name = name })
	}
	for _, row := range []struct {
		name     string
		accepted *verify.Verdict
		says     string // "": it is taken
	}{
		{"the release itself", good, ""},
		{"another version", named("pkg:generic/payments/api@1.3.0"), ""},
		{"another platform of it", named("pkg:generic/payments/api@1.3.0?arch=arm64"), ""},
		{"without a version", named("pkg:generic/payments/api"), ""},
		{"another package", named("pkg:generic/payments/web@1.4.2"), `accepted: it is about "pkg:generic/payments/web@1.4.2", expected a release of pkg:generic/payments/api`},
		{"a package whose name begins alike", named("pkg:generic/payments/api-evil@1.4.2"), "accepted: it is about"},
		{"denied", with(good, func(v *verify.Verdict) { v.Decision = verify.Deny }), "accepted: its decision is deny, expected that of a release that was admitted"},
		{"not decided", with(good, func(v *verify.Verdict) { v.Decision = verify.Indeterminate }), "accepted: its decision is indeterminate"},
		{"excepted", with(good, func(v *verify.Verdict) { v.Decision = verify.AllowWithException }), ""},
		{"the zero verdict", &verify.Verdict{}, "accepted: it is no verdict"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			request := s.request(t, provenance("pipeline"))
			request.Accepted = row.accepted
			v, err := s.verifier(t).Verify(t.Context(), request)
			if row.says == "" {
				if err != nil || !v.Admits() {
					t.Errorf("%v %v", v.Decision, err)
				}
				return
			}
			var wrong *verify.RequestError
			if !asRequestError(err, &wrong) || !strings.HasPrefix(err.Error(), row.says) || v.Admits() {
				t.Errorf("%v %v, want %s", v.Decision, err, row.says)
			}
		})
	}
}

// TestParseVerdict: a verdict is read strictly; what is not one, or says a thing twice, is an error.
func TestParseVerdict(t *testing.T) {
	t.Parallel()
	v := scene{}.judge(t, provenance("pipeline"), provenance("nobody"))
	data, err := v.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var laidOut bytes.Buffer
	if err := json.Indent(&laidOut, data, "", "  "); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{string(data), string(data) + "\n", laidOut.String()} {
		read, err := verify.ParseVerdict([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if again, err := read.JSON(); err != nil || !bytes.Equal(again, data) {
			t.Errorf("%v\n%s\n%s", err, again, data)
		}
	}
	for _, row := range []struct{ name, old, new, says string }{
		{"another kind", `"kind":"Verdict"`, `"kind":"Policy"`, `a document of kind "Policy", version "surety.dev/v1alpha1": expected kind "Verdict", version "surety.dev/v1alpha1"`},
		{"another version", `surety.dev/v1alpha1`, `surety.dev/v2`, "a document of kind"},
		{"no kind", `"kind":"Verdict",`, ``, "a document of kind"},
		{"the kind in another case", `"kind":`, `"Kind":`, "a document of kind"},
		{"the kind twice", `"kind":"Verdict"`, `"kind":"Verdict","kind":"Verdict"`, "duplicate"},
		{"the decision twice", `"decision":"allow"`, `"decision":"allow","decision":"deny"`, "duplicate"},
		{"the decision in another case", `"decision":"allow"`, `"decision":"allow","Decision":"deny"`, "unknown"},
		{"a decision there is none", `"decision":"allow"`, `"decision":"Allow"`, "decision"},
		{"an unknown field", `"kind":"Verdict"`, `"kind":"Verdict","admitted":true`, "unknown"},
		{"another type", `"environment":""`, `"environment":1`, "environment"},
		{"a time that is none", `"evaluatedAt":"2026-06-01T12:00:00Z"`, `"evaluatedAt":"yesterday"`, "evaluatedAt"},
		{"no time", `"evaluatedAt":"2026-06-01T12:00:00Z",`, ``, "evaluatedAt: none, expected the time of evaluation"},
		{"no artifact's name", `"name":"pkg:generic/payments/api@1.4.2"`, `"name":""`, "artifact: "},
		{"an artifact's name spelt otherwise", `pkg:generic/payments/api@1.4.2`, `pkg:Generic/payments/api@1.4.2`, "artifact: "},
		{"a second document", `}]}}`, `}]}}{}`, "no verdict"},
		{"nothing", string(data), ``, "no verdict"},
		{"null", string(data), `null`, "a document of kind"},
		{"a list", string(data), `[]`, "no verdict"},
		{"invalid UTF-8", `"environment":""`, "\"environment\":\"\xff\"", "UTF-8"},
		{"too much", string(data), strings.Repeat(" ", verify.MaxVerdict+1), "expected at most 10485760"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			read, err := verify.ParseVerdict([]byte(replaced(t, string(data), row.old, row.new)))
			if err == nil || !strings.Contains(err.Error(), row.says) || read.Admits() {
				t.Errorf("%v, want %s", err, row.says)
			}
		})
	}
}

// TestR55Promotion: what goes on from one environment to another was let go on, by enough people of the team, for
// this artifact and environment. Each row is refused for what it says; with two promotions it is allowed.
func TestR55Promotion(t *testing.T) {
	t.Parallel()
	promoting := func(promotion string) string {
		return strings.Replace(basePolicy, "artifacts:", "environments: [production, edge]\npromotion: {"+promotion+"}\nartifacts:", 1)
	}
	promotion := func(key string, fields ...string) []byte {
		return approval(key, append([]string{"role", "promotion", "environment", "production", "from", "staging"}, fields...)...)
	}
	ofOther := saying("role", "promotion", "environment", "production", "from", "staging")
	ofOther.Subject[0].Digest["sha256"] = otherFile
	commit := ofCommit(attest.ApprovalType, builtCommit, map[string]any{"decision": "approved", "role": "promotion", "environment": "production", "from": "staging"})
	const two = "from: [staging, canary], quorum: 2"
	alice := promotion("alice")
	for _, row := range []struct {
		name, promotion string
		evidence        [][]byte
		decision, says  string // "": allowed
	}{
		{"two people", two, [][]byte{alice, promotion("bob")}, "allow", ""},
		{"two people, from two environments", two, [][]byte{alice, promotion("bob", "from", "canary")}, "allow", ""},
		{"one, where one is enough", "from: [staging]", [][]byte{alice}, "allow", ""},
		{"the team named", "from: [staging], by: approvers, quorum: 2", [][]byte{alice, promotion("carol")}, "allow", ""},
		{"nobody", two, nil, "deny", "policy payments lets into production what was promoted from staging or canary, by 2 of team approvers, and it was by nobody"},
		{"one", two, [][]byte{alice}, "deny", "by 2 of team approvers, and it was by alice"},
		{"one person twice", two, [][]byte{alice, stamped(saying("role", "promotion", "environment", "production", "from", "canary"), "2026-05-01T09:00:00Z", "p256:alice")}, "deny", "by alice"},
		{"from elsewhere", two, [][]byte{alice, promotion("bob", "from", "laptop")}, "deny", "by alice"},
		{"to elsewhere", two, [][]byte{alice, promotion("bob", "environment", "edge")}, "deny", "by alice"},
		{"of another artifact", two, [][]byte{alice, stamped(ofOther, "2026-05-01T09:00:00Z", "bob")}, "deny", "by alice"},
		{"of the commit", two, [][]byte{alice, stamped(commit, "2026-05-01T09:00:00Z", "bob")}, "deny", "by alice"},
		{"an approval of the artifact", two, [][]byte{alice, approval("bob", "environment", "production")}, "deny", "by alice"},
		{"in the role, from nowhere", two, [][]byte{alice, approval("bob", "role", "promotion", "environment", "production")}, "deny", "by alice"},
		{"expired", two, [][]byte{alice, promotion("bob", "expires", "2026-06-01T12:00:00Z")}, "deny", "by alice"},
		{"taken back", two, [][]byte{alice, promotion("bob"), stamped(saying("decision", "rejected"), "2026-05-02T00:00:00Z", "bob")}, "deny", "by alice"},
		{"reported by a witness", two, [][]byte{alice, promotion("app", "approver", "github:2")}, "deny", "by alice"},
		{"by another team", "from: [staging], by: security", [][]byte{alice}, "deny", "by 1 of team security, and it was by nobody"},
		{"by a team there is none", "from: [staging], by: nobodies", [][]byte{alice}, "deny", "by 1 of team nobodies, and it was by nobody"},
		{"by who built it", two, [][]byte{alice, promotion("pipeline")}, "deny", "by alice"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := approvalScene(t, "")
			s.policies = []string{promoting(row.promotion)}
			v := s.judge(t, append(row.evidence, builtAtNoon())...)
			if row.says == "" {
				want(t, v, "allow")
				want(t, s.judge(t, builtAtNoon()), "deny", "not-promoted")
				s.environment = "edge" // the same promotions are for production
				if v := s.judge(t, append(row.evidence, builtAtNoon())...); v.Admits() || !slices.Contains(refusing(v), "not-promoted") {
					t.Errorf("elsewhere: %s %v", v.Decision, refusing(v))
				}
				return
			}
			if v.Admits() || v.Decision.String() != row.decision || !slices.Contains(refusing(v), "not-promoted") {
				t.Errorf("%s %v", v.Decision, refusing(v))
			}
			f := said(t, v, verify.NotPromoted, verify.SeverityDeny, row.says)
			if f.Control != "release-policy" || f.Mark != verify.MarkPolicy || f.Accountable.Team != "approvers" || !strings.HasPrefix(f.Position, "policy.yaml:") {
				t.Errorf("%+v", f)
			}
			if strings.Contains(row.promotion, "by:") {
				return
			}
			want(t, s.judge(t, append(row.evidence, builtAtNoon(), alice, promotion("carol"))...), "allow")
		})
	}
}

// TestR55Unowned: where nobody is accountable nobody can promote; with separation who builds cannot.
func TestR55Unowned(t *testing.T) {
	t.Parallel()
	rules := strings.Replace(basePolicy, "artifacts:", "environments: [production]\npromotion: {from: [staging]}\nartifacts:", 1)
	promoted := approval("alice", "role", "promotion", "environment", "production", "from", "staging")
	s := approvalScene(t, "")
	s.policies = []string{rules}
	want(t, s.judge(t, promoted, builtAtNoon()), "allow")
	unowned := s
	unowned.model = replaced(t, s.model, `{control: release-policy, artifacts: ["**"], accountable: approvers,`, `{control: release-policy, artifacts: ["**"],`)
	v := unowned.judge(t, promoted, builtAtNoon())
	want(t, v, "deny", "not-promoted", "control-unowned")
	said(t, v, verify.NotPromoted, verify.SeverityDeny, "so nobody can promote it")
	operated := replaced(t, s.model, "{id: pipeline, owner: security, operators: [dana]}", "{id: pipeline, owner: security, operators: [alice]}")
	s.model = operated
	want(t, s.judge(t, promoted, builtAtNoon()), "allow")
	s.model = operated + "separation:\n  - {id: build-vs-approve, duties: [build, approve]}\n"
	if v := s.judge(t, promoted, builtAtNoon()); v.Admits() || !slices.Contains(refusing(v), "separation-violated") {
		t.Errorf("%s %v\n%s", v.Decision, refusing(v), explain(v))
	}
	bob := approval("bob", "role", "promotion", "environment", "production", "from", "staging")
	want(t, s.judge(t, promoted, bob, builtAtNoon()), "allow")
}

// TestR55Undecided: a promotion nobody vouches for the time of is not known to count, and never allows.
func TestR55Undecided(t *testing.T) {
	t.Parallel()
	s := approvalScene(t, "", "  - {id: pipeline-key,", "  - {id: bob-cert, holder: bob, owner: approvers, revokers: [security], identity: {issuer: \"https://ci.acme.test\", subject: bob}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}\n  - {id: pipeline-key,")
	s.policies = []string{strings.Replace(basePolicy, "artifacts:", "environments: [production]\npromotion: {from: [staging]}\nartifacts:", 1)}
	s.openers = append(s.openers, certOpener{ownership.Identity{Issuer: "https://ci.acme.test", Subject: "bob"}})
	st := saying("role", "promotion", "environment", "production", "from", "staging")
	v := s.judge(t, certificate(st, "2026-05-01T09:00:00Z", ""), builtAtNoon())
	want(t, v, "indeterminate", "no-trusted-time", "not-promoted")
	said(t, v, verify.NotPromoted, verify.SeverityIndeterminate, "and it was by nobody")
	want(t, s.judge(t, certificate(st, "2026-05-01T09:00:00Z", "2026-05-01T09:05:00Z"), builtAtNoon()), "allow")
}
