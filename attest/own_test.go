package attest_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/attest"
)

// The least of each, and of each what it must have.
const (
	leastApproval  = `{"decision":"rejected"}`
	leastException = `{"policy":"p","rules":["r"],"artifact":"a","reason":"r","validFrom":"2026-01-02T03:04:05Z","validUntil":"2026-01-02T03:04:06Z","requestedBy":"b","reviewDue":"2026-01-02T03:04:05Z"}`
	leastList      = `{"number":9223372036854775807,"issuedAt":"2026-01-02T03:04:05Z","nextUpdate":"2026-01-02T12:04:05.5Z","entries":[]}`
	leastDrill     = `{"scenario":"s","outcome":"failed","participants":[{"person":"p","role":"r"}],"startedAt":"2026-01-02T03:04:05Z","endedAt":"2026-01-02T03:04:05Z"}`
)

// own are the predicates of this project.
func own() []sample {
	approval := `{"approver":"github:583231","decision":"approved","role":"release manager","requestedBy":"alice","environment":"production","reference":"https://git.test/payments/pull/7","recordedAt":"2026-01-02T04:04:05+01:00","expires":"2026-01-02T12:04:05.5Z"}`
	exception := `{"policy":"payments-release","rules":["two-approvals","evidence:tests"],"artifact":"pkg:generic/payments/**","environment":"production","reason":"the fix for INC-7 cannot wait\nfor the tests","incident":"INC-7",
		"validFrom":"2026-01-02T03:04:05Z","validUntil":"2026-01-02T12:04:05.5Z","requestedBy":"alice","reviewDue":"2026-01-02T12:04:05.5Z","reviewOwner":"security-office"}`
	revocation := `{"number":7,"issuedAt":"2026-01-02T03:04:05Z","nextUpdate":"2026-01-02T12:04:05.5Z","entries":[
		{"credential":"release-2026","reason":"key-compromise","from":"2026-01-02T12:04:05.5Z","invalidFrom":"2026-01-02T03:04:05Z"},
		{"credential":"release-2025","reason":"superseded","from":"2026-01-02T03:04:05Z"},{"credential":"release-2026","reason":"unspecified","from":"2026-01-02T03:04:05Z","invalidFrom":"2026-01-02T03:04:05Z"}]}`
	drill := `{"scenario":"signing key stolen","outcome":"passed","participants":[{"person":"alice","role":"incident commander"},{"person":"github:7","role":"revoker"},{"person":"alice","role":"revoker"}],
		"startedAt":"2026-01-02T03:04:05Z","endedAt":"2026-01-02T12:04:05.5Z","reference":"https://wiki.acme.test/drills/7"}`
	return []sample{
		{"approval", attest.ApprovalType, approval, &attest.Approval{
			Approver: "github:583231", Decision: "approved", Role: "release manager", RequestedBy: "alice", Environment: "production", Reference: "https://git.test/payments/pull/7", ClaimedAt: morning, Expires: noon,
		}},
		{"approval of a promotion", attest.ApprovalType, `{"decision":"approved","role":"promotion","environment":"production","from":"staging"}`, &attest.Approval{
			Decision: "approved", Role: attest.RolePromotion, Environment: "production", From: "staging",
		}},
		{"approval, the least", attest.ApprovalType, leastApproval, &attest.Approval{Decision: "rejected"}},
		{"exception", attest.ExceptionType, exception, &attest.Exception{
			Policy: "payments-release", Rules: []string{"two-approvals", "evidence:tests"}, Artifact: "pkg:generic/payments/**", Environment: "production",
			Reason: "the fix for INC-7 cannot wait\nfor the tests", Incident: "INC-7", ValidFrom: morning, ValidUntil: noon, RequestedBy: "alice", ReviewDue: noon, ReviewOwner: "security-office",
		}},
		{"exception, the least", attest.ExceptionType, leastException, &attest.Exception{
			Policy: "p", Rules: []string{"r"}, Artifact: "a", Reason: "r", ValidFrom: morning, ValidUntil: morning.Add(time.Second), RequestedBy: "b", ReviewDue: morning,
		}},
		{"revocation", attest.RevocationType, revocation, &attest.Revocation{Number: 7, IssuedAt: morning, NextUpdate: noon, Entries: []attest.RevocationEntry{
			{Credential: "release-2026", Reason: "key-compromise", From: noon, InvalidFrom: morning},
			{Credential: "release-2025", Reason: "superseded", From: morning}, {Credential: "release-2026", Reason: "unspecified", From: morning, InvalidFrom: morning},
		}}},
		{"revocation of nothing", attest.RevocationType, leastList, &attest.Revocation{Number: 1<<63 - 1, IssuedAt: morning, NextUpdate: noon}},
		{"drill", attest.DrillType, drill, &attest.Drill{
			Scenario: "signing key stolen", Outcome: "passed", Started: morning, Ended: noon, Reference: "https://wiki.acme.test/drills/7",
			Participants: []attest.DrillParticipant{{Person: "alice", Role: "incident commander"}, {Person: "github:7", Role: "revoker"}, {Person: "alice", Role: "revoker"}},
		}},
		{"drill, the least", attest.DrillType, leastDrill, &attest.Drill{Scenario: "s", Outcome: "failed", Participants: []attest.DrillParticipant{{Person: "p", Role: "r"}}, Started: morning, Ended: morning}},
	}
}

func approvalFaults() []fault {
	const s = "approval"
	return []fault{
		{s, "decision of another case", `"approved"`, `"Approved"`, ".decision", `is "Approved"; expected "approved" or "rejected"`},
		{s, "decision as others have it", `"approved"`, `"APPROVED"`, ".decision", `expected "approved" or "rejected"`},
		{s, "decision a boolean", `"approved"`, `true`, ".decision", "is a boolean; expected a string"},
		{s, "decision folded", `"decision":"approved"`, `"Decision":"approved"`, ".Decision", `another spelling of "decision"`},
		{s, "approver with a space", `github:583231`, `github:583231 `, ".approver", "expected printable characters without a space at either end"},
		{s, "approver with a control character", `github:583231`, `github:583231\u202e`, ".approver", "expected printable characters"},
		{s, "approver a list", `"github:583231"`, `["github:583231"]`, ".approver", "is an array; expected a string"},
		{s, "requested by two", `"alice"`, `["alice","bob"]`, ".requestedBy", "is an array; expected a string"},
		{s, "requested by nobody", `"alice"`, `""`, ".requestedBy", "is empty"},
		{s, "requested, in another spelling", `"requestedBy"`, `"requested_by"`, ".requested_by", `another spelling of "requestedBy"`},
		{"approval of a promotion", "without an environment", `"environment":"production",`, ``, "", `has a from; expected the role "promotion" and an environment with it`},
		{"approval of a promotion", "in another role", `"promotion"`, `"Promotion"`, "", `has a from; expected the role "promotion" and an environment with it`},
		{"approval of a promotion", "in no role", `"role":"promotion",`, ``, "", `has a from; expected the role "promotion" and an environment with it`},
		{"approval of a promotion", "from nowhere", `"staging"`, `""`, ".from", "is empty"},
		{"approval of a promotion", "from two", `"staging"`, `["staging"]`, ".from", "is an array; expected a string"},
		{"approval of a promotion", "from, folded", `"from"`, `"From"`, ".From", `another spelling of "from"`},
		{s, "environments", `"environment":"production"`, `"environments":["production"]`, ".environments", "is not known; expected only approver, decision, role, requestedBy, environment, from, reference, recordedAt, expires"},
		{s, "expiry of another name", `"expires"`, `"expiresAt"`, ".expiresAt", "is not known"},
		{s, "expiry in the past of any clock", "2026-01-02T12:04:05.5Z", "1899-12-31T23:59:59Z", ".expires", "is \"1899-12-31T23:59:59Z\"; expected an RFC 3339 time, in 1900 or later"},
		{s, "expiry without zone", "2026-01-02T12:04:05.5Z", "2026-01-02T12:04:05", ".expires", "RFC 3339"},
		{s, "recorded a number", `"2026-01-02T04:04:05+01:00"`, `1767323045`, ".recordedAt", "is a number; expected a string"},
	}
}

func exceptionFaults() []fault {
	const s = "exception"
	return []fault{
		{s, "no rules", `["two-approvals","evidence:tests"]`, `[]`, ".rules", "is empty; expected one or more"},
		{s, "all rules", `["two-approvals","evidence:tests"]`, `"*"`, ".rules", "is a string; expected an array"},
		{s, "a rule twice", `"evidence:tests"`, `"two-approvals"`, ".rules[1]", `is "two-approvals" for the second time`},
		{s, "evidence without a name", `"evidence:tests"`, `"evidence:"`, ".rules", "expected the name of a declaration after it"},
		{s, "a rule empty", `"two-approvals"`, `""`, ".rules[0]", "is empty"},
		{s, "a pattern of another language", `payments/**`, `payments/{api,web}`, ".artifact", "no artifact's name and no pattern"},
		{s, "a pattern too wide to read", `payments/**`, `pay**`, ".artifact", "expected ** as a whole segment"},
		{s, "a name that no artifact has", `pkg:generic/payments/**`, `pkg:generic/Payments/../x`, ".artifact", `has the segment ".."`},
		{s, "ends before it begins", `"validUntil":"2026-01-02T12:04:05.5Z"`, `"validUntil":"2026-01-02T03:04:04Z"`, "", "has the validUntil 2026-01-02T03:04:04Z; expected a time after validFrom"},
		{s, "ends when it begins", `"validUntil":"2026-01-02T12:04:05.5Z"`, `"validUntil":"2026-01-02T03:04:05Z"`, "", "expected a time after validFrom"},
		{s, "reviewed before", `"reviewDue":"2026-01-02T12:04:05.5Z"`, `"reviewDue":"2026-01-02T03:04:04Z"`, "", "has the reviewDue 2026-01-02T03:04:04Z; expected a time not before validFrom"},
		{s, "without end", `"2026-01-02T12:04:05.5Z"`, `null`, ".validUntil", "is null; expected a string"},
		{s, "environment empty", `"production"`, `""`, ".environment", "is empty"},
		{s, "environment null", `"production"`, `null`, ".environment", "is null"},
		{s, "requested by two", `"alice"`, `["alice","bob"]`, ".requestedBy", "is an array"},
		{s, "a field of its own", `"incident"`, `"x-ticket"`, ".x-ticket", "is not known; expected only policy, rules, artifact, environment, reason,"},
		{s, "reason with NUL", `the fix`, `\u0000`, ".reason", "NUL"},
	}
}

func revocationFaults() []fault {
	const s = "revocation"
	return []fault{
		{s, "number zero", `"number":7`, `"number":0`, ".number", `is "0"; expected an integer from 1`},
		{s, "number a string", `"number":7`, `"number":"7"`, ".number", "is a string; expected a number"},
		{s, "number with a fraction", `"number":7`, `"number":7.0`, ".number", `is "7.0"; expected an integer`},
		{s, "number with an exponent", `"number":7`, `"number":7e0`, ".number", `is "7e0"; expected an integer`},
		{s, "number over 64 bits", `"number":7`, `"number":9223372036854775808`, ".number", "expected an integer from 1 to 9223372036854775807"},
		{s, "next before", `"nextUpdate":"2026-01-02T12:04:05.5Z"`, `"nextUpdate":"2026-01-02T03:04:05Z"`, "", "has the nextUpdate 2026-01-02T03:04:05Z; expected a time after issuedAt"},
		{s, "a reason of its own", "superseded", "stolen", ".entries[1].reason", `is "stolen"; expected "key-compromise", "ca-compromise", "affiliation-changed", "superseded", "cessation-of-operation", "privilege-withdrawn" or "unspecified"`},
		{s, "a reason as X.509 has it", "superseded", "keyCompromise", ".entries[1].reason", `is "keyCompromise"`},
		{s, "invalid after it is revoked", `"invalidFrom":"2026-01-02T03:04:05Z"},
		{`, `"invalidFrom":"2026-01-02T12:04:06Z"},
		{`, ".entries[0]", "has the invalidFrom 2026-01-02T12:04:06Z; expected a time not after from"},
		{s, "a state", `{"credential":"release-2025",`, `{"credential":"release-2025","state":"suspended",`, ".entries[1].state", "is not known; expected only credential, reason, from, invalidFrom"},
		{s, "entry a string", `"entries":[`, `"entries":["release-2024",`, ".entries[0]", "is a string; expected an object"},
		{s, "entries an object", `"entries":[`, `"entries":{},"x":[`, ".entries", "is an object; expected an array"},
		{s, "credential empty", "release-2025", "", ".entries[1].credential", "is empty"},
		{s, "a field of its own", `"number"`, `"comment":"x","number"`, ".comment", "is not known"},
	}
}

func drillFaults() []fault {
	const s = "drill"
	return []fault{
		{s, "outcome of another case", `"passed"`, `"PASSED"`, ".outcome", `is "PASSED"; expected "passed" or "failed"`},
		{s, "ends before it begins", `"endedAt":"2026-01-02T12:04:05.5Z"`, `"endedAt":"2026-01-02T03:04:04Z"`, "", "has the endedAt 2026-01-02T03:04:04Z; expected a time not before startedAt"},
		{s, "participant a string", `"participants":[`, `"participants":["bob",`, ".participants[0]", "is a string; expected an object"},
		{s, "participant twice", `{"person":"alice","role":"revoker"}`, `{"role":"revoker","person":"github:7"}`, ".participants[2]", `is "github:7" as "revoker" for the second time`},
		{s, "participant with a team", `{"person":"github:7",`, `{"person":"github:7","team":"x",`, ".participants[1].team", "is not known; expected only person, role"},
		{"drill, the least", "nobody", `[{"person":"p","role":"r"}]`, `[]`, ".participants", "is empty; expected one participant or more"},
		{s, "a field of its own", `"reference"`, `"notes"`, ".notes", "is not known"},
	}
}

// TestOwnUnknown: at no place of this project's predicates is there room for a field nobody reads, whatever
// its name and value.
func TestOwnUnknown(t *testing.T) {
	t.Parallel()
	for _, s := range own() {
		for i := range len(s.predicate) {
			if s.predicate[i] != '{' {
				continue
			}
			for _, name := range []string{"zz", "x-ticket", "$schema", "_type", "comment", " "} {
				for _, value := range []string{`"x"`, "null", "[]", "{}"} {
					changed := s.predicate[:i+1] + `"` + name + `":` + value + "," + s.predicate[i+1:]
					v, err := decoded(t, statementOf(t, s.predicateType, changed))
					var e *attest.SyntaxError
					if v != nil || !errors.As(err, &e) || !strings.HasPrefix(e.Msg, "is not known; expected only ") {
						t.Fatalf("%s with %q at %d: %v, %v", s.name, name, i, v, err)
					}
				}
			}
		}
	}
}

// TestOwnNothing: null and empty values never stand for an absent field.
func TestOwnNothing(t *testing.T) {
	t.Parallel()
	for _, s := range own() {
		var members map[string]any
		if err := json.Unmarshal([]byte(s.predicate), &members); err != nil {
			t.Fatal(err)
		}
		for name, value := range members {
			for _, nothing := range []any{nil, "", []any{}, map[string]any{}, 0, false} {
				if name == "entries" && slices.Equal([]any{"[]"}, []any{string(encoded(t, nothing))}) {
					continue // nothing is revoked
				}
				members[name] = nothing
				if v, err := decoded(t, statementOf(t, s.predicateType, string(encoded(t, members)))); v != nil || err == nil {
					t.Errorf("%s: %s of %v: %v", s.name, name, nothing, v)
				}
			}
			members[name] = value
		}
		for _, whole := range []string{"null", `{}`} {
			if v, err := decoded(t, statementOf(t, s.predicateType, whole)); v != nil || err == nil {
				t.Errorf("%s: %s: %v", s.predicateType, whole, v)
			}
		}
	}
}

func encoded(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
