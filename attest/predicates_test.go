package attest_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
)

// TestPredicatesExamples: the example of each specification is a statement, with every field, and says this.
func TestPredicatesExamples(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		tm, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return tm
	}
	for name, want := range map[string]any{
		"approval": &attest.Approval{
			Approver: "github:583231", Decision: "approved", Role: "promotion", RequestedBy: "github:9919", Environment: "production", From: "staging", Reference: "https://github.com/acme/payments/pull/7",
			ClaimedAt: at("2026-11-20T14:00:00Z"), Expires: at("2026-11-27T14:00:00Z"),
		},
		"exception": &attest.Exception{
			Policy: "payments-release", Rules: []string{"two-approvals", "evidence:tests"}, Artifact: "pkg:generic/payments/api@1.4.3", Environment: "production",
			Reason: "the fix for the outage cannot wait for the test farm", Incident: "INC-2041", ValidFrom: at("2026-11-21T17:00:00Z"), ValidUntil: at("2026-11-22T17:00:00Z"),
			RequestedBy: "github:583231", ReviewDue: at("2026-11-28T17:00:00Z"), ReviewOwner: "security-office",
		},
		"revocation": &attest.Revocation{Number: 7, IssuedAt: at("2026-11-21T18:00:00Z"), NextUpdate: at("2026-11-22T18:00:00Z"), Entries: []attest.RevocationEntry{
			{Credential: "release-2026", Reason: "key-compromise", From: at("2026-11-21T17:45:00Z"), InvalidFrom: at("2026-11-20T03:00:00Z")},
			{Credential: "release-2025", Reason: "superseded", From: at("2026-02-01T00:00:00Z")},
		}},
		"drill": &attest.Drill{
			Scenario: "signing key stolen", Outcome: "passed", Started: at("2026-11-12T09:00:00Z"), Ended: at("2026-11-12T11:30:00Z"), Reference: "https://wiki.acme.test/drills/2026-4",
			Participants: []attest.DrillParticipant{{Person: "alice", Role: "incident-commander"}, {Person: "github:583231", Role: "revoker"}},
		},
		"github-reviews": &attest.Reviews{
			Repository: "https://github.com/acme/payments", Number: 42, Author: "github:583231", MergedBy: "github:583231", Head: "9f3e5d7c1b0a2f4e6d8c9b7a5f3e1d0c2b4a6f8e", Merge: "2b7c1f0e9d8a4c6b5e3f7a1d0c9b8e7f6a5d4c3b",
			Reviews: []attest.Review{{Reviewer: "github:9919", State: "APPROVED", Commit: "9f3e5d7c1b0a2f4e6d8c9b7a5f3e1d0c2b4a6f8e", ClaimedAt: at("2026-11-20T14:00:00Z")}},
			RunHead: "2b7c1f0e9d8a4c6b5e3f7a1d0c9b8e7f6a5d4c3b", RunActors: []string{"github:583231"}, RunApprovals: []attest.RunApproval{{Reviewer: "github:9919", State: "approved", Environments: []string{"production"}}},
			RuleSuite: &attest.RuleSuite{Result: "pass", Actor: "github:583231", Before: "4e6d8c9b7a5f3e1d0c2b4a6f8e9f3e5d7c1b0a2f", After: "2b7c1f0e9d8a4c6b5e3f7a1d0c9b8e7f6a5d4c3b", Ref: "refs/heads/main"},
		},
	} {
		page, err := os.ReadFile("predicates/" + name + ".md")
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(page), "```json\n")
		example, _, _ := strings.Cut(rest, "```")
		items := attest.Parse(name, []byte(envelope(example)), attest.Limits{})
		if len(items) != 1 || items[0].Err() != nil {
			t.Fatalf("%s: %v", name, items[0].Err())
		}
		st := items[0].Statement()
		if attest.ViewOf(st.PredicateType) != attest.View(strings.TrimPrefix(name, "github-")) || !strings.Contains(string(page), "Type URI: `"+st.PredicateType+"`") {
			t.Errorf("%s: the example has the type %s", name, st.PredicateType)
		}
		got, err := decoded(t, st)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		sum := sha256.Sum256(st.Predicate)
		if digest := st.Subjects[0].Digests["sha256"]; name == "revocation" && digest != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: the subject has the digest %s, the predicate %x", name, digest, sum)
		}
	}
}
