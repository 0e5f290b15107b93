package issue_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/attest/issue"
)

const (
	digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	commit = "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"
)

var (
	morning = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	noon    = time.Date(2026, 1, 2, 13, 4, 5, 5e8, time.FixedZone("", 3600))
)

// release is the artifact statements are about.
func release(t *testing.T) attest.Subject {
	t.Helper()
	a, err := attest.NewArtifact("pkg:generic/payments/api@1.4.2", attest.Digests{"sha256": digest})
	if err != nil {
		t.Fatal(err)
	}
	return issue.About(a)
}

// One of each, with every field.
var (
	approval  = attest.Approval{Approver: "github:583231", Decision: "approved", Role: "release manager", Environment: "production", Reference: "https://git.test/pull/7?a=1&b=<2>", RequestedBy: "bob", ClaimedAt: morning, Expires: noon}
	exception = attest.Exception{
		Policy: "payments-release", Rules: []string{"two-approvals", "evidence:tests"}, Artifact: "pkg:generic/payments/**", Environment: "production", Reason: "INC-7", Incident: "INC-7",
		ValidFrom: morning, ValidUntil: noon, RequestedBy: "alice", ReviewDue: noon, ReviewOwner: "security-office",
	}
	revocation = attest.Revocation{Number: 7, IssuedAt: morning, NextUpdate: noon, Entries: []attest.RevocationEntry{
		{Credential: "release-2026", Reason: "key-compromise", From: noon, InvalidFrom: morning}, {Credential: "release-2025", Reason: "superseded", From: morning},
	}}
	drill = attest.Drill{Scenario: "key stolen", Outcome: "passed", Participants: []attest.DrillParticipant{{Person: "alice", Role: "revoker"}}, Started: morning, Ended: noon, Reference: "https://wiki.acme.test/7"}
)

// TestStatementBytes: a statement is its fields in the order of the specification, and nothing else.
func TestStatementBytes(t *testing.T) {
	t.Parallel()
	subject := release(t)
	rows := []struct {
		name string
		made func() (issue.Statement, error)
		want string
	}{
		{"approval", func() (issue.Statement, error) { return issue.Approval(approval, subject) },
			`{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"pkg:generic/payments/api@1.4.2","digest":{"sha256":"` + digest + `"}}],"predicateType":"https://github.com/surety-dev/surety/predicates/approval/v1",` +
				`"predicate":{"approver":"github:583231","decision":"approved","role":"release manager","environment":"production","reference":"https://git.test/pull/7?a=1&b=<2>","requestedBy":"bob","recordedAt":"2026-01-02T03:04:05Z","expires":"2026-01-02T12:04:05.5Z"}}`},
		{"approval of a commit", func() (issue.Statement, error) {
			return issue.Approval(attest.Approval{Decision: "rejected"}, issue.Commit("https://git.test/payments", commit))
		},
			`{"_type":"https://in-toto.io/Statement/v1","subject":[{"uri":"https://git.test/payments","digest":{"gitCommit":"` + commit + `"}}],"predicateType":"https://github.com/surety-dev/surety/predicates/approval/v1","predicate":{"decision":"rejected"}}`},
		{"exception", func() (issue.Statement, error) { return issue.Exception(exception, subject) },
			`{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"pkg:generic/payments/api@1.4.2","digest":{"sha256":"` + digest + `"}}],"predicateType":"https://github.com/surety-dev/surety/predicates/exception/v1",` +
				`"predicate":{"policy":"payments-release","rules":["two-approvals","evidence:tests"],"artifact":"pkg:generic/payments/**","environment":"production","reason":"INC-7","incident":"INC-7","validFrom":"2026-01-02T03:04:05Z",` +
				`"validUntil":"2026-01-02T12:04:05.5Z","requestedBy":"alice","reviewDue":"2026-01-02T12:04:05.5Z","reviewOwner":"security-office"}}`},
		{"revocation of nothing", func() (issue.Statement, error) {
			return issue.Revocation(attest.Revocation{Number: 1, IssuedAt: morning, NextUpdate: noon}, "acme/eu 1")
		},
			`{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"surety:revocations/acme/eu%201","digest":{"sha256":"3028906fca73e45f3790cf6b00f76e2a855a698b016b20814cf557fc879f6b5e"}}],` +
				`"predicateType":"https://github.com/surety-dev/surety/predicates/revocation/v1","predicate":{"number":1,"issuedAt":"2026-01-02T03:04:05Z","nextUpdate":"2026-01-02T12:04:05.5Z","entries":[]}}`},
		{"drill", func() (issue.Statement, error) { return issue.Drill(drill, subject) },
			`{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"pkg:generic/payments/api@1.4.2","digest":{"sha256":"` + digest + `"}}],"predicateType":"https://github.com/surety-dev/surety/predicates/drill/v1",` +
				`"predicate":{"scenario":"key stolen","outcome":"passed","participants":[{"person":"alice","role":"revoker"}],"startedAt":"2026-01-02T03:04:05Z","endedAt":"2026-01-02T12:04:05.5Z","reference":"https://wiki.acme.test/7"}}`},
	}
	for _, row := range rows {
		s, err := row.made()
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
		}
		if diff := cmp.Diff(row.want, string(s.JSON())); diff != "" {
			t.Errorf("%s: %s", row.name, diff)
		}
	}
}

// values makes predicates at random, some of which nobody may sign.
type values struct{ *rand.Rand }

func (v values) text() string {
	pool := []string{"", "alice", "github:583231", "release manager", "ünïcode ✓", `"quoted" \ back`, "<a href='x'>&", "\u2028", "two\nlines", " edge", "x\x00y", "\xff\xfe", "evidence:tests", "pkg:generic/**"}
	if v.IntN(2) == 0 {
		return pool[1+v.IntN(7)]
	}
	return pool[v.IntN(len(pool))]
}

func (v values) one(words ...string) string { return words[v.IntN(len(words))] }

func (v values) time() time.Time {
	if v.IntN(12) == 0 {
		return time.Time{}
	}
	zones := []*time.Location{time.UTC, time.FixedZone("x", 7*3600), time.FixedZone("", -30*60), time.FixedZone("odd", 3601)}
	return time.Unix(v.Int64N(1<<32), v.Int64N(3)*v.Int64N(1e9)).In(zones[v.IntN(len(zones))])
}

// TestReadAgain: whatever is made is read again as what it was made of, and made of that is the same bytes.
func TestReadAgain(t *testing.T) {
	t.Parallel()
	v := values{rand.New(rand.NewPCG(1, 2))}
	good := map[string]int{}
	for range 4000 {
		a := attest.Approval{Approver: v.text(), Decision: v.one("approved", "rejected", "approved "), Role: v.text(), Environment: v.text(), From: v.one("", "", "", v.text()), Reference: v.text(), RequestedBy: v.text(), ClaimedAt: v.time(), Expires: v.time()}
		again(t, good, a, (*attest.Statement).Approval, func(a attest.Approval) (issue.Statement, error) { return issue.Approval(a, release(t)) })
		e := attest.Exception{
			Policy: v.text(), Rules: []string{v.text(), v.text()}[:v.IntN(3)], Artifact: v.one("**", "pkg:generic/**", "pkg:generic/payments/api@1.4.2", "pkg:npm/**", v.text()), Environment: v.text(),
			Reason: v.text(), Incident: v.text(), ValidFrom: v.time(), ValidUntil: v.time(), RequestedBy: v.text(), ReviewDue: v.time(), ReviewOwner: v.text(),
		}
		again(t, good, e, (*attest.Statement).Exception, func(e attest.Exception) (issue.Statement, error) { return issue.Exception(e, release(t)) })
		r := attest.Revocation{Number: v.Int64() >> v.IntN(64), IssuedAt: v.time(), NextUpdate: v.time()}
		for range v.IntN(3) {
			r.Entries = append(r.Entries, attest.RevocationEntry{Credential: v.text(), Reason: v.one("superseded", "key-compromise", "stolen"), From: v.time(), InvalidFrom: v.time()})
		}
		again(t, good, r, (*attest.Statement).Revocation, func(r attest.Revocation) (issue.Statement, error) { return issue.Revocation(r, "acme") })
		d := attest.Drill{Scenario: v.text(), Outcome: v.one("passed", "failed", ""), Started: v.time(), Ended: v.time(), Reference: v.text()}
		for range v.IntN(3) {
			d.Participants = append(d.Participants, attest.DrillParticipant{Person: v.text(), Role: v.text()})
		}
		again(t, good, d, (*attest.Statement).Drill, func(d attest.Drill) (issue.Statement, error) { return issue.Drill(d, release(t)) })
	}
	for _, kind := range []string{"attest.Approval", "attest.Exception", "attest.Revocation", "attest.Drill"} {
		if good[kind] < 50 {
			t.Errorf("only %d of %s were made", good[kind], kind)
		}
	}
}

// again makes a value, reads it, and makes what was read.
func again[T any](t *testing.T, good map[string]int, v T, decode func(*attest.Statement) (*T, error), made func(T) (issue.Statement, error)) {
	t.Helper()
	s, err := made(v)
	if err != nil {
		return
	}
	good[reflect.TypeFor[T]().String()]++
	items := attest.Parse("", signed(t, s).JSON(), attest.Limits{})
	if items[0].Err() != nil {
		t.Fatal(items[0].Err())
	}
	got, err := decode(items[0].Statement())
	if err != nil {
		t.Fatalf("%+v: %v", v, err)
	}
	if diff := cmp.Diff(v, *got); diff != "" {
		t.Fatal(diff)
	}
	if s2, err := made(*got); err != nil || string(s2.JSON()) != string(s.JSON()) {
		t.Fatalf("made again: %v\n%s\n%s", err, s.JSON(), s2.JSON())
	}
}

// TestStatementRefused: what a verifier would refuse is not made.
func TestStatementRefused(t *testing.T) {
	t.Parallel()
	subject := release(t)
	approve := func(edit func(*attest.Approval)) func() (issue.Statement, error) {
		return func() (issue.Statement, error) { a := approval; edit(&a); return issue.Approval(a, subject) }
	}
	except := func(edit func(*attest.Exception)) func() (issue.Statement, error) {
		return func() (issue.Statement, error) { e := exception; edit(&e); return issue.Exception(e, subject) }
	}
	revoke := func(edit func(*attest.Revocation)) func() (issue.Statement, error) {
		return func() (issue.Statement, error) {
			r := revocation
			r.Entries = slices.Clone(r.Entries)
			edit(&r)
			return issue.Revocation(r, "acme")
		}
	}
	practise := func(edit func(*attest.Drill)) func() (issue.Statement, error) {
		return func() (issue.Statement, error) { d := drill; edit(&d); return issue.Drill(d, subject) }
	}
	about := func(subjects ...attest.Subject) func() (issue.Statement, error) {
		return func() (issue.Statement, error) { return issue.Approval(approval, subjects...) }
	}
	for _, row := range []struct {
		name string
		made func() (issue.Statement, error)
		want string
	}{
		{"no decision", approve(func(a *attest.Approval) { a.Decision = "" }), `$.predicate.decision: is ""; expected "approved" or "rejected"`},
		{"another decision", approve(func(a *attest.Approval) { a.Decision = "yes" }), `expected "approved" or "rejected"`},
		{"an approver with an end", approve(func(a *attest.Approval) { a.Approver = "alice\n" }), "$.predicate.approver: is \"alice\\n\"; expected printable characters"},
		{"no UTF-8", approve(func(a *attest.Approval) { a.Reference = "\xff" }), "expected text in UTF-8"},
		{"NUL", approve(func(a *attest.Approval) { a.Reference = "a\x00" }), "$.predicate.reference: has a NUL character"},
		{"an expiry that cannot be written", approve(func(a *attest.Approval) { a.Expires = morning.AddDate(9000, 0, 0) }), "$.predicate.expires: "},
		{"an expiry long ago", approve(func(a *attest.Approval) { a.Expires = morning.AddDate(-200, 0, 0) }), "in 1900 or later"},
		{"no rules", except(func(e *attest.Exception) { e.Rules = nil }), "$.predicate.rules: is empty"},
		{"a rule twice", except(func(e *attest.Exception) { e.Rules = []string{"a", "a"} }), "for the second time"},
		{"no reason", except(func(e *attest.Exception) { e.Reason = "" }), "$.predicate.reason: is empty"},
		{"no end", except(func(e *attest.Exception) { e.ValidUntil = time.Time{} }), "has no validUntil"},
		{"no beginning", except(func(e *attest.Exception) { e.ValidFrom = time.Time{} }), "has no validFrom"},
		{"no review", except(func(e *attest.Exception) { e.ReviewDue = time.Time{} }), "has no reviewDue"},
		{"an end before the beginning", except(func(e *attest.Exception) { e.ValidUntil = e.ValidFrom }), "expected a time after validFrom"},
		{"for another artifact", except(func(e *attest.Exception) { e.Artifact = "pkg:generic/web/**" }), `the artifact "pkg:generic/web/**" of the exception does not match the subject pkg:generic/payments/api@1.4.2`},
		{"for no pattern", except(func(e *attest.Exception) { e.Artifact = "pkg:[a]" }), "no artifact's name and no pattern"},
		{"number zero", revoke(func(r *attest.Revocation) { r.Number = 0 }), "$.predicate.number: is \"0\"; expected an integer from 1"},
		{"no next update", revoke(func(r *attest.Revocation) { r.NextUpdate = time.Time{} }), "has no nextUpdate"},
		{"a reason of its own", revoke(func(r *attest.Revocation) { r.Entries[1].Reason = "stolen" }), "$.predicate.entries[1].reason: is \"stolen\""},
		{"trusted after it is revoked", revoke(func(r *attest.Revocation) { r.Entries[0].InvalidFrom = noon.Add(time.Second) }), "expected a time not after from"},
		{"too many", revoke(func(r *attest.Revocation) { r.Entries = slices.Repeat(r.Entries[1:], attest.MaxRevocations+1) }), "over the limit revocations of 10000"},
		{"of no model", func() (issue.Statement, error) { return issue.Revocation(revocation, "") }, "a revocation list without a name"},
		{"of a model that is no path", func() (issue.Statement, error) { return issue.Revocation(revocation, "..") }, `has the segment ".."`},
		{"nobody took part", practise(func(d *attest.Drill) { d.Participants = nil }), "$.predicate.participants: is empty"},
		{"no outcome", practise(func(d *attest.Drill) { d.Outcome = "" }), `$.predicate.outcome: is ""`},
		{"it did not end", practise(func(d *attest.Drill) { d.Ended = time.Time{} }), "has no endedAt"},
		{"about nothing", about(), "a statement without subjects"},
		{"about the zero subject", about(attest.Subject{}), "subject 0: artifact name \"\": is empty"},
		{"about a digest nobody names", about(attest.Subject{Digests: subject.Digests}), "is empty"},
		{"about SHA-1 only", about(attest.Subject{Name: "a", Digests: attest.Digests{"sha1": commit}}), "subject 0: "},
		{"about half a digest", about(subject, attest.Subject{Name: "a", Digests: attest.Digests{"sha256": "ab"}}), "subject 1: "},
		{"about an unknown digest", about(attest.Subject{Name: "a", Digests: attest.Digests{"sha256": digest, "blake9": "x"}}), "subject 0: "},
		{"about a name that is none", about(attest.Subject{Name: "pkg:generic/../a@1", Digests: subject.Digests}), `has the segment ".."`},
		{"about a URI", about(attest.Subject{Name: "a", URI: "https://a.test", Digests: subject.Digests}), "has more than a name and digests"},
		{"about a void subject", about(attest.Subject{Name: "a", Digests: subject.Digests, Void: "x"}), "has more than a name and digests"},
		{"about a commit of nothing", about(issue.Commit("", commit)), `has the repository ""`},
		{"about a commit of a location", about(issue.Commit("git+https://git.test/payments", commit)), "expected a URI without git+"},
		{"about a commit of a branch", about(issue.Commit("https://git.test/payments@main", commit)), "expected a URI without git+"},
		{"about a repository that is no UTF-8", about(issue.Commit("https://git.test/\xff", commit)), "expected text in UTF-8"},
		{"about half a commit", about(issue.Commit("https://git.test/payments", "abc")), "subject 0: its gitCommit has 3 digits; expected 40"},
		{"about a commit and more", about(attest.Subject{URI: "https://git.test/payments", Digests: attest.Digests{"gitCommit": commit, "sha256": digest}}), "has more than a repository and a commit"},
		{"an exception for a commit", func() (issue.Statement, error) {
			return issue.Exception(exception, issue.Commit("https://git.test/payments", commit))
		}, "subject 0: has more than a name and digests"},
		{"a drill of a commit", func() (issue.Statement, error) {
			return issue.Drill(drill, issue.Commit("https://git.test/payments", commit))
		}, "subject 0: has more than a name and digests"},
		{"too many subjects", about(slices.Repeat([]attest.Subject{subject}, attest.MaxSubjects+1)...), "over the limit subjects"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s, err := row.made()
			if err == nil || s.JSON() != nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("%s, %v; want …%s…", s.JSON(), err, row.want)
			}
			if strings.Contains(fmt.Sprint(err), "payload") {
				t.Errorf("%v: of an envelope nobody has seen", err)
			}
		})
	}
}

// TestStatementKeepsNothing: what the caller changes afterwards changes no statement.
func TestStatementKeepsNothing(t *testing.T) {
	t.Parallel()
	subject := release(t)
	e := exception
	e.Rules = slices.Clone(e.Rules)
	s, err := issue.Exception(e, subject)
	if err != nil {
		t.Fatal(err)
	}
	before := string(s.JSON())
	e.Rules[0], subject.Digests["sha256"], s.JSON()[0] = "other", strings.Repeat("0", 64), 'x'
	if string(s.JSON()) != before {
		t.Errorf("%s; was %s", s.JSON(), before)
	}
}
