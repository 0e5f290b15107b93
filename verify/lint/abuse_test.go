package lint_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify/lint"
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
		{"63-holder-gone-a-contractor", row{old: "until: 2027-01-01T00:00:00Z", new: "until: 2026-05-15T12:00:00Z"}, "deny contractor-expired"},
		{"63-holder-gone-a-vendor", row{old: "evidenceWithin: 72h}\ncredentials:\n", new: "evidenceWithin: 72h, until: 2026-05-01T00:00:00Z}\ncredentials:\n" +
			"  - {id: signco-key, holder: signco, owner: security, revokers: [security], custody: ephemeral, key: {pem: KEY(signco)}, states: [{state: active, from: 2024-01-01T00:00:00Z}]}\n"}, "deny vendor-expired"},
		{"63-holder-away", row{old: "proofedAt: 2025-02-10T00:00:00Z", new: "proofedAt: 2025-02-10T00:00:00Z, away: [{from: 2026-03-01T00:00:00Z, until: 2026-09-01T00:00:00Z}]"}, "deny offboarding-lag"},
		{"63-team-emptied-owns-a-credential", row{old: "members: [{person: erin}],", new: "members: [{person: left}],"}, "warn credential-unowned"},
		{"63-team-emptied-owns-the-gate", row{old: "members: [{person: erin}],", new: "members: [{person: left}],"}, "warn enforcement-unowned"},
		{"63-team-emptied-owns-a-vendor", row{old: "members: [{person: erin}],", new: "members: [{person: left}],"}, "deny vendor-unowned"},
		{"63-team-emptied-keeps-no-page", row{old: "members: [{person: erin}], contacts", new: "members: [{person: left}], escalation: [emptied], contacts", also: []string{"escalation: [office]}\n  - {id: office", "}\n  - {id: office"}}, "deny escalation-broken"},
		{"63-two-entries-that-disagree", row{old: monitoring, new: monitoring + strings.Replace(monitoring, "accountable: security", "accountable: audit", 1)}, "deny raci-multiple-accountable"},
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
	disagree(t)
}

// disagree has parts of one document that each load alone, and say different things. What two documents may not
// say together is refused; who answers is found.
func disagree(t *testing.T) {
	t.Helper()
	head := cleanModel[:strings.Index(cleanModel, "people:")]
	for _, tt := range []struct{ name, part, refused string }{
		{"63-another-owner", head + "controls:\n" + strings.Replace(monitoring, "accountable: security", "accountable: audit", 1), ""},
		{"63-another-version", strings.Replace(head, "version: 12", "version: 13", 1) + "controls:\n" + monitoring, "expected one name, one version and equal metadata"},
		{"63-another-review", strings.Replace(head, "reviewEvery: 90d", "reviewEvery: 900d", 1) + "controls:\n" + monitoring, "expected one name, one version and equal metadata"},
		{"63-a-credential-twice", head + "credentials:\n  - {id: tests-key, holder: dana, key: {pem: KEY(other)}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n", `credential "tests-key" for the second time`},
		{"63-a-key-twice", head + "credentials:\n  - {id: other, holder: dana, key: {pem: KEY(tests)}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n", `the key of credential "tests-key": expected each key once`},
		{"63-a-person-twice", head + "people: [{id: left, from: 2023-01-01T00:00:00Z}]\n", `person "left" for the second time`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			model, err := ownership.Load(fstest.MapFS{
				"m/ownership.yaml": {Data: []byte(fixture.Expand(cleanModel))}, "m/root.json": {Data: []byte(`{"mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1"}`)}, "m/z.yaml": {Data: []byte(fixture.Expand(tt.part))},
			}, "m")
			if tt.refused != "" {
				if err == nil || !strings.Contains(err.Error(), tt.refused) {
					t.Errorf("%v, want %s", err, tt.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			report := lint.Run(lint.Input{Ownership: model, At: when(t, cleanAt), Endorsed: true})
			if diff := cmp.Diff([]string{"deny raci-multiple-accountable m/z.yaml:5:5"}, lines(report)); diff != "" || report.Findings[0].Accountable.Team != "approvers" {
				t.Errorf("%s\n%+v", diff, report.Findings)
			}
		})
	}
}
