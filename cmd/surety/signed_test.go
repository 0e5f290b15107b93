package main

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/verify"
)

// TestSignedDocuments: every command takes signed documents, and none speaks from one that is not approved.
func TestSignedDocuments(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		putAt(t, filepath.Join(dir, name), text)
		return filepath.Join(dir, name)
	}
	signed := func(name, payloadType, text string, by ...string) string {
		var keys []fixture.Key
		for _, k := range by {
			keys = append(keys, fixture.NewKey(k))
		}
		return write(name, string(fixture.SignAs(payloadType, []byte(text), keys...).JSON()))
	}
	model, rules := fixture.Expand(readFile(t, "testdata/base/ownership.yaml")), readFile(t, "testdata/base/policy.yaml")
	sum := func(text string) string { return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(text))) }
	newer := strings.Replace(model, "version: 12,", `version: 13, previous: "`+sum(model)+`",`, 1)
	newerRules := strings.Replace(rules, "version: 4,", `version: 5, previous: "`+sum(rules)+`",`, 1)
	if newerRules == rules || !strings.Contains(rules, `["pkg:generic/payments/**"]`) {
		t.Fatal("the policy is another than this test thinks")
	}
	baseline := strings.Replace(rules, `["pkg:generic/payments/**"]`, `["**"]`, 1)
	split := strings.Replace(strings.Replace(model, "teams:", "teams:\n  - {id: payments, members: [{person: bob}]}", 1), "controls:", `controls:
  - {control: release-policy, artifacts: ["pkg:generic/payments/**"], accountable: payments}`, 1)
	taken := strings.Replace(newer, `release-policy, artifacts: ["**"], accountable: release-engineering`, `release-policy, artifacts: ["**"], accountable: platform-security`, 1)

	plain, policy := write("ownership.yaml", model), write("policy.yaml", rules)
	full := signed("full.json", verify.OwnershipPayloadType, model, "alice", "bob")
	half := signed("half.json", verify.OwnershipPayloadType, model, "alice")
	next := signed("next.json", verify.OwnershipPayloadType, newer, "bob", "alice")
	taking := signed("taking.json", verify.OwnershipPayloadType, taken, "bob", "alice")
	fullPolicy := signed("full-policy.json", verify.PolicyPayloadType, rules, "alice", "bob")
	halfPolicy := signed("half-policy.json", verify.PolicyPayloadType, rules, "bob")
	nextPolicy := signed("next-policy.json", verify.PolicyPayloadType, newerRules, "alice", "bob")
	plainBaseline := write("baseline.yaml", baseline)
	splitModel := write("split.yaml", split)
	narrowed := signed("narrowed.json", verify.PolicyPayloadType, strings.Replace(newerRules, sum(rules), sum(baseline), 1), "bob")
	deep := signed("deep.json", verify.PolicyPayloadType, strings.Replace(rules, `["pkg:generic/payments/**"]`, `["x/`+strings.Repeat("a/", 1<<20)+`*"]`, 1), "stranger")
	wrongType := signed("wrong.json", verify.PolicyPayloadType, model, "alice", "bob")
	evidence := write("evidence.json", string(fixture.Sign(fixture.NewStatement(fixture.ProvenanceV1, storyDigest, fixture.Provenance(fixture.Builder)).JSON(), fixture.NewKey("release-2026")).JSON()))

	verifying := func(model, policy string, more ...string) []string {
		return append([]string{"verify", "--ownership", model, "--policy", policy, "--environment", "production", "--at", "2026-06-01T12:00:00Z", "--artifact", "pkg:generic/payments/api@1.4.2@sha256:" + storyDigest, evidence}, more...)
	}
	who := func(model string, more ...string) []string {
		return append([]string{"who", "--artifact", "pkg:generic/payments/api", "--ownership", model}, more...)
	}
	for _, row := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"signed", verifying(full, fullPolicy, "--require-signed"), 0, "ALLOW"},
		{"a quorum is not met", verifying(half, policy), 1, "change-unapproved"},
		{"a policy's quorum is not met", verifying(full, halfPolicy), 1, "change-unapproved"},
		{"plain", verifying(plain, policy), 0, "ALLOW"},
		{"plain where it must be signed", verifying(plain, fullPolicy, "--require-signed"), 1, "ownership-unsigned"},
		{"a plain policy where it must be signed", verifying(full, policy, "--require-signed"), 1, "policy-unsigned"},
		{"the next version", verifying(next, policy, "--previous", plain), 0, "ALLOW"},
		{"the next version after a signed one", verifying(next, policy, "--previous", full), 0, "ALLOW"},
		{"the same version again", verifying(full, policy, "--previous", plain), 1, "expected a higher version"},
		{"an older version", verifying(full, policy, "--previous", next), 1, "change-unapproved"},
		{"other owners, approved by those before", verifying(taking, policy, "--previous", plain), 0, "ALLOW"},
		{"other owners, on their own word", verifying(taking, policy), 1, "it takes 1 of the 1 members of team platform-security"},
		{"a model on its own word", verifying(full, policy), 0, "ownership-self-endorsed"},
		{"the next policy, on its own word", verifying(plain, nextPolicy), 0, "previous-unknown"},
		{"the next policy", verifying(plain, nextPolicy, "--previous-policy", policy), 0, "ALLOW"},
		{"the next policy after another", verifying(plain, nextPolicy, "--previous-policy", plainBaseline), 1, "it names the previous version"},
		{"the next policy, plain", verifying(plain, policy, "--previous-policy", policy), 1, "policy-unsigned"},
		{"a name taken over, on its own word", verifying(splitModel, narrowed), 0, "previous-unknown"},
		{"a name taken over", verifying(splitModel, narrowed, "--previous-policy", plainBaseline), 1, "of team release-engineering, accountable for release-policy over **, and only bob signed"},
		{"a policy before others", verifying(plain, nextPolicy, "--previous-policy", policy, "--previous-policy", write("other.yaml", strings.Replace(rules, "name: payments-release", "name: other", 1))), 3, "--previous-policy names policy other, of which no version is given"},
		{"a pattern of a million segments", verifying(plain, deep), 3, "over the limit pattern-bytes"},
		{"a policy as an ownership model", verifying(wrongType, policy), 3, "a signed document that cannot be read: $.payloadType"},
		{"an ownership model as a policy", verifying(plain, full), 3, "$.payloadType"},
		{"an attestation as a policy", verifying(plain, evidence), 3, "$.payloadType"},
		{"a version before that is not there", verifying(full, policy, "--previous", filepath.Join(dir, "none.yaml")), 3, "none.yaml: no such file"},

		{"who, signed", who(full), 0, "release-engineering"},
		{"who, a quorum is not met", who(half), 3, "surety: the ownership model acme version 12 is not approved: it takes 2 of the 2 members of team release-engineering"},
		{"who, the next version", who(next, "--previous", plain), 0, "release-engineering"},
		{"who, plain after a version that is known", who(plain, "--previous", full), 3, "it is not signed"},
		{"lint, signed", []string{"lint", "--ownership", full, "--policy", fullPolicy}, 1, "control"},
		{"lint, the next policy", []string{"lint", "--ownership", full, "--policy", nextPolicy, "--previous-policy", policy}, 1, "control"},
		{"lint, a name taken over", []string{"lint", "--ownership", splitModel, "--policy", narrowed, "--previous-policy", plainBaseline}, 3, "of team release-engineering"},
		{"lint, a policy before another", []string{"lint", "--policy", policy, "--previous-policy", plainBaseline}, 0, ""},
		{"lint, a quorum is not met", []string{"lint", "--ownership", half, "--policy", policy}, 3, "is not approved"},
		{"lint, a policy's quorum is not met", []string{"lint", "--ownership", full, "--policy", halfPolicy}, 3, "policy payments-release version 4 is not approved"},
		{"lint, a policy of which nobody can say who must have signed it", []string{"lint", "--policy", halfPolicy}, 0, ""},
		{"lint, previous to nothing", []string{"lint", "--policy", policy, "--previous", plain}, 3, "--previous without --ownership"},
		{"inspect, signed", []string{"inspect", "--ownership", full, evidence}, 0, "release-2026"},
		{"inspect, a quorum is not met", []string{"inspect", "--ownership", half, evidence}, 3, "is not approved"},
	} {
		code, stdout, stderr := surety(t, row.args...)
		if code != row.code || !strings.Contains(stdout+stderr, row.says) || code == exitNotJudged && stdout != "" {
			t.Errorf("%s: exit %d, want %d and %q\n%s%s", row.name, code, row.code, row.says, stdout, stderr)
		}
	}
	for _, row := range []struct {
		model    string
		unsigned bool
	}{{plain, true}, {full, false}, {half, false}} { // half is not read at all
		if _, stdout, _ := surety(t, "lint", "--ownership", row.model); strings.Contains(stdout, "ownership-unsigned") != row.unsigned {
			t.Errorf("%s: ownership-unsigned %v, want %v\n%s", row.model, !row.unsigned, row.unsigned, stdout)
		}
	}
}
