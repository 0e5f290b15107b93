package verify_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
)

// TestOracleCases are the least cases of what the oracle of approvals found. Each row is one approval that must not be the second, with one
// that is the first; with another that is good it is allowed.
func TestOracleCases(t *testing.T) {
	t.Parallel()
	head := strings.Repeat("d4", 20)
	user := func(id int) map[string]any { return map[string]any{"id": id, "login": "x", "type": "User"} }
	ofRepository := func(uri string) fixture.Statement {
		s := ofCommit(attest.ApprovalType, builtCommit, map[string]any{"decision": "approved"})
		s.Subject[0].URI = uri
		return s
	}
	// bob's accounts are github:2 and github:22
	review := func(author, reviewer int) fixture.Statement {
		return ofCommit(attest.ReviewsType, builtCommit, map[string]any{"repository": "https://github.com/acme/payments",
			"pull_request": map[string]any{"number": 7, "user": user(author), "head": map[string]any{"sha": head}, "merge_commit_sha": builtCommit, "merged_by": user(3)},
			"reviews":      []any{map[string]any{"user": user(reviewer), "state": "APPROVED", "commit_id": head, "submitted_at": "2026-04-30T09:00:00Z"}}})
	}
	run := func(actor, starter, reviewer int) fixture.Statement {
		return ofCommit(attest.ReviewsType, builtCommit, map[string]any{"repository": "https://github.com/acme/payments",
			"run":           map[string]any{"head_sha": builtCommit, "actor": user(actor), "triggering_actor": user(starter)},
			"run_approvals": []any{map[string]any{"state": "approved", "user": user(reviewer), "environments": []any{map[string]any{"name": "production"}}}}})
	}
	rows := []struct {
		name      string
		statement fixture.Statement
		key       string
		counts    bool
	}{
		{"of the commit in the repository", ofRepository("https://github.com/acme/payments"), "bob", true},
		{"of the commit in no repository", ofRepository(""), "bob", true},
		{"of the commit in another repository", ofRepository("https://github.com/mallory/payments"), "bob", false},
		{"a review by another than the author", review(9, 2), "app", true},
		{"a review by the author", review(2, 2), "app", false},
		{"a review by the author's second account", review(2, 22), "app", false},
		{"a review by the author's first account", review(22, 2), "app", false},
		{"a run approved by another than who started it", run(9, 9, 2), "app", true},
		{"a run approved by who started it", run(9, 2, 2), "app", false},
		{"a run approved by the second account of who started it", run(9, 2, 22), "app", false},
		{"a run approved by the second account of whom it is of", run(22, 9, 2), "app", false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := approvalScene(t, sourceRule, `accounts: ["github:2"]`, `accounts: ["github:2", "github:22"]`)
			second := stamped(row.statement, "2026-05-01T09:00:00Z", row.key)
			decision := map[bool]string{true: "allow", false: "deny"}[row.counts]
			if v := s.judge(t, builtAtNoon(), approval("alice"), second); v.Decision.String() != decision {
				t.Errorf("%s, want %s\n%s", v.Decision, decision, explain(v))
			}
			want(t, s.judge(t, builtAtNoon(), approval("alice"), second, approval("carol")), "allow")
		})
	}
}

// TestOracleLists: the approvals of a verdict are those that counted for what it allows.
func TestOracleLists(t *testing.T) {
	t.Parallel()
	other := stamped(ofCommit(attest.ApprovalType, strings.Repeat("b2", 20), map[string]any{"decision": "approved"}), "2026-05-01T09:00:00Z", "carol")
	operated := []string{"- {id: pipeline, owner: security, operators: [dana]}", "- {id: pipeline, owner: security, operators: [carol]}"}
	for _, row := range []struct {
		name  string
		pairs []string
		third []byte
		want  string
	}{
		{"who approves it", nil, approval("carol"), "alice bob carol"},
		{"who approves a commit that nothing names", nil, other, "alice bob"},
		{"who operates what built it", operated, approval("carol"), "alice bob"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			v := approvalScene(t, sourceRule, row.pairs...).judge(t, builtAtNoon(), approval("alice"), approval("bob"), row.third)
			want(t, v, "allow")
			var listed []string
			for _, a := range v.Approvals {
				listed = append(listed, a.Person)
			}
			slices.Sort(listed)
			if got := strings.Join(listed, " "); got != row.want {
				t.Errorf("it lists %s, want %s", got, row.want)
			}
		})
	}
}
