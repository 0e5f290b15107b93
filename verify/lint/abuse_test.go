package lint_test

import (
	"slices"
	"strings"
	"testing"
)

// TestAbuse holds what of the abuse cases shows before anything is judged: each is found.
func TestAbuse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		row   row
		finds string // "severity code"
	}{
		{"53-absence-beside-true", rule("", "", "(it.predicate.missing == 'z' || true)", ""), "warn rule-never-fails"},
		{"53-absence-is-absorbed", rule("", "", "(it.predicate.missing == 'z' || true)", ""), "warn error-absorbed"},
		{"53-all-of-nothing", row{old: `expression: "variables.approved"`, new: `expression: "[].all(x, x == 1) || variables.approved"`}, "warn rule-never-fails"},
		{"53-not-exists", rule("", "", "!it.signers.exists(s, s.person == 'mallory')", ""), "warn not-monotone"},
		{"63-sponsor-left", row{old: "sponsor: alice", new: "sponsor: left"}, "warn contractor-unsponsored"},
		{"63-vendor-without-owner", row{old: "internalOwner: security, evidence", new: "evidence"}, "deny vendor-unowned"},
		{"63-team-emptied", row{old: "members: [{person: erin}],", new: "members: [{person: left}],"}, "deny owner-stale"},
		{"63-team-emptied-cannot-revoke", row{old: "members: [{person: erin}],", new: "members: [{person: left}],"}, "deny nobody-can-revoke"},
		{"63-holder-gone", row{old: "{id: bob, from: 2023-01-01T00:00:00Z", new: "{id: bob, until: 2026-05-01T00:00:00Z, from: 2023-01-01T00:00:00Z"}, "deny offboarding-lag"},
		{"68-warn-rules-only", policyRows()[1], "deny no-deny-rule"},
		{"73-a-claim-that-names-nobody", subject("", "", "https://github.com/acme/publish/.github/workflows/publish.yaml@refs/heads/main", "sourceRepositoryURI: https://github.com/*/*", ""), "warn credential-inherited"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			model, rules := tt.row.replaced(t)
			found := lines(tt.row.run(t, model, rules))
			if !slices.ContainsFunc(found, func(line string) bool { return strings.HasPrefix(line, tt.finds+" ") }) {
				t.Errorf("%q, want %s among them", found, tt.finds)
			}
		})
	}
}
