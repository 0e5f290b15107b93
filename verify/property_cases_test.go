package verify_test

import (
	"strings"
	"testing"

	"github.com/surety-dev/surety/internal/fixture"
)

// TestWhoLeftStillOperated is the least case of what TestNothingTakenAwayLetsIn found: who could make the pipeline act
// stands behind what it signs, also once it is written down that they had left by then. Else offboarding somebody would make
// room for what they approved before.
func TestWhoLeftStillOperated(t *testing.T) {
	t.Parallel()
	const here, left = "{id: bob, from: 2023-01-01T00:00:00Z", "{id: bob, from: 2023-01-01T00:00:00Z, until: 2026-05-01T10:00:00Z"
	operated := []string{"- {id: pipeline, owner: security, operators: [dana]}", "- {id: pipeline, owner: security, operators: [dana, bob]}"}
	evidence := [][]byte{builtAtNoon(), approval("alice"), approval("bob")} // at nine
	for _, row := range []struct {
		name     string
		pairs    []string
		decision string
	}{
		{"he was there", nil, "allow"},
		{"he left between", []string{here, left}, "allow"}, // he was there when he approved
		{"he operates the pipeline", operated, "deny"},
		{"he operated the pipeline, and left between", append([]string{here, left}, operated...), "deny"},
		{"he operates the pipeline, and was away between", append([]string{here, here + ", away: [{from: 2026-05-01T10:00:00Z, until: 2026-05-02T00:00:00Z}]"}, operated...), "deny"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			v := approvalScene(t, approvalRule, row.pairs...).judge(t, evidence...)
			if row.decision == "allow" {
				want(t, v, "allow")
				return
			}
			want(t, v, "deny", "approvals-insufficient", "rule-failed")
			says(t, v, "approvals-insufficient", "it sees those of alice (have 1, need 2)")
			want(t, approvalScene(t, approvalRule, row.pairs...).judge(t, append(evidence, approval("carol"))...), "allow")
		})
	}
}

// TestStatusDataOfTheRevoked is what the model may let in, by design §4.4: status data that nobody stands behind any more. A
// rejection counts while the key that signed it does, and so does a revocation list.
func TestStatusDataOfTheRevoked(t *testing.T) {
	t.Parallel()
	revoke := func(s scene, credential string) scene {
		at := strings.Index(s.model, credential)
		end := at + strings.Index(s.model[at:], "}]")
		s.model = s.model[:end] + "}, {state: compromised, from: 2026-05-20T00:00:00Z" + s.model[end:]
		return s
	}
	s := statusApproval(t, approvalRule)
	rejected := append([][]byte{builtAtNoon(), approval("alice"), approval("bob")}, stamped(saying("decision", "rejected"), "2026-05-01T11:00:00Z", "p256:alice"))
	want(t, s.judge(t, rejected...), "deny", "approval-dismissed", "approvals-insufficient", "rule-failed")
	want(t, revoke(s, "id: alice-second").judge(t, rejected...), "allow")
	want(t, revoke(s, "id: alice-key").judge(t, rejected...), "deny", "approvals-insufficient", "rule-failed", "signed-after-compromise")

	listed := append([][]byte{builtAtNoon(), approval("alice"), approval("bob")}, signed(listStatement(1, today, revocation("bob-key", "key-compromise", today, "")), "erin"))
	if v := s.judge(t, listed...); v.Admits() {
		t.Errorf("%s\n%s", v.Decision, explain(v))
	}
	want(t, revoke(s, "id: erin-key").judge(t, listed...), "allow")
}

// TestEarlierSignatureOfTwoHolders is the least case of a signature that refused: an early one of a second key of a workload. Who
// operates that workload also approved, so provenance passed with one holder fewer, and was not tried without the early one.
func TestEarlierSignatureOfTwoHolders(t *testing.T) {
	t.Parallel()
	s := approvalScene(t, approvalRule,
		"- {id: stranger, owner: security, operators: [dana]}", "- {id: stranger, owner: security, operators: [carol]}",
		"credentials:\n", "credentials:\n  - {id: stranger-second, holder: stranger, key: {pem: KEY(p256:stranger)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}\n",
		"grants:\n", "grants:\n  - {to: stranger, may: [build], artifacts: [\"**\"]}\n")
	s.policies = []string{replaced(t, s.policies[0], "duty: build}", "duty: build, min: 2}")}
	built := func(at, key string) []byte {
		return stamped(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)), at, key)
	}
	all := [][]byte{builtAtNoon(), approval("alice"), approval("bob"), approval("carol")} // they approve at nine
	early, late := built("2026-05-01T08:00:00Z", "p256:stranger"), built("2026-05-01T13:00:00Z", "stranger")
	want(t, s.judge(t, append(all, late)...), "allow")
	want(t, s.judge(t, append(all, late, early)...), "allow")
	want(t, s.judge(t, append(all, early)...), "deny", "evidence-missing")
	want(t, s.judge(t, all...), "deny", "evidence-missing")
	want(t, s.judge(t, builtAtNoon(), approval("alice"), approval("carol"), late, early), "deny", "evidence-missing")
}
