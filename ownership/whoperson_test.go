package ownership_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/ownership"
)

// bobs is the governed document with more of bob: a contractor he sponsors, a second approver's token.
func bobs(t *testing.T, edits ...string) string {
	t.Helper()
	return changed(t, slices.Concat([]string{
		"people:\n", "people:\n  - {id: carol, name: Carol, employment: contractor, sponsor: bob, from: 2026-01-01T00:00:00Z, until: 2027-01-01T00:00:00Z, accounts: [\"github:1\"], away: [{from: 2026-03-01T00:00:00Z, until: 2026-04-01T00:00:00Z}]}\n",
		"grants:\n", "  - {id: stamp, holder: bob, owner: release, revokers: [office], key: {pem: KEY4}, " + active + "}\ngrants:\n",
	}, edits)...)
}

// said is what an answer says of gaps: "CODE CREDENTIAL ABOUT", sorted.
func said(gaps []ownership.Gap) string {
	var all []string
	for _, g := range gaps {
		what := strings.Fields(strings.Join([]string{string(g.Code), g.Control, g.Credential, g.About}, " "))
		all = append(all, strings.Join(what, " "))
	}
	slices.Sort(all)
	return strings.Join(all, "; ")
}

func person(t *testing.T, m *ownership.Model, when time.Time, id string) ownership.WhoPerson {
	t.Helper()
	w, err := m.At(when).WhoPerson(id)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestWhoPersonSays: everything an answer says of a person, with where the document says it.
func TestWhoPersonSays(t *testing.T) {
	t.Parallel()
	text := bobs(t)
	w := person(t, load(t, text), at(t, "06-01"), "bob")
	check(t, "head", []string{w.APIVersion, w.Kind, w.At, w.Ownership.Name, w.Person, w.Position}, []string{"surety.dev/v1alpha1", "WhoPerson", "2026-06-01T00:00:00Z", "acme", "bob", place(t, text, "{id: bob")})
	check(t, "there", fmt.Sprint(w.Present, w.Spell, w.Away), "true {2020-01-01T00:00:00Z } []")
	check(t, "teams", w.Teams, []ownership.Belonging{
		{Team: "office", Position: place(t, text, "{person: bob}], contacts: {page: \"pager:office\""), Spell: ownership.Spell{From: "2020-01-01T00:00:00Z"}, Member: true},
		{Team: "release", Position: place(t, text, "{person: bob}], contacts: {page: \"pager:release\""), Spell: ownership.Spell{From: "2020-01-01T00:00:00Z"}, Member: true},
	})
	check(t, "credentials", w.Credentials, []ownership.Held{{Credential: "stamp", Position: place(t, text, "{id: stamp"), Holders: []string{"bob"}, State: "active", Usable: true, But: []ownership.Objection{}}})
	approve := ownership.Granted{
		Position: place(t, text, "{to: release"), Holder: "bob", To: "release", Duties: []string{"approve"}, Artifacts: []string{"pkg:generic/**", "pkg:generic/payments/*"},
		Predicates: []string{}, Builders: []string{}, Environments: []string{}, Workflow: []string{}, Windows: []string{},
	}
	check(t, "may", w.May, []ownership.ByDuty{{Duty: "approve", Grants: []ownership.Reaching{{Granted: approve, But: []ownership.Objection{}}}}})
	check(t, "revokes", w.Revokes, []ownership.Revocable{
		{Credential: "badge", Position: place(t, text, "{id: badge"), Teams: []string{"office"}}, {Credential: "stamp", Position: place(t, text, "{id: stamp"), Teams: []string{"office"}},
	})
	ci := ownership.Held{Credential: "ci", Position: place(t, text, "{id: ci"), Holders: []string{"pipeline"}, State: "active", Usable: true, But: []ownership.Objection{}}
	if len(w.Operates) != 1 {
		t.Fatalf("operates %+v", w.Operates)
	}
	o := w.Operates[0]
	check(t, "operates", []any{o.Workload, o.Position, o.Owner, o.Others, o.Credentials}, []any{"pipeline", place(t, text, "{id: pipeline"), "release", []string{}, []ownership.Held{ci}})
	check(t, "what that may", o.May[0].Duty+" "+o.May[1].Duty+" "+o.May[1].Grants[0].Position, "build release "+place(t, text, "{to: pipeline"))
	check(t, "first answer", w.Answers[0], ownership.InRole{
		Control: "publisher-identity", Position: place(t, text, "{control: publisher-identity"), Artifacts: []string{"**"}, Roles: []ownership.Role{{Role: "responsible", Team: "release"}, {Role: "paged", Team: "release"}},
	})
	var controls []string
	for _, a := range w.Answers {
		controls = append(controls, a.Control)
	}
	check(t, "answers", strings.Join(controls, " "), "publisher-identity review-audit release-policy")
	check(t, "sponsors", w.Sponsors, []ownership.Sponsored{{Person: "carol", Position: place(t, text, "{id: carol"), Present: true, Spell: ownership.Spell{From: "2026-01-01T00:00:00Z", Until: "2027-01-01T00:00:00Z"}}})
	check(t, "gaps", w.Gaps, []ownership.Gap{})

	c := person(t, load(t, text), at(t, "06-01"), "carol")
	check(t, "carol", []string{c.Name, c.Employment, c.Sponsor, fmt.Sprint(c.Accounts, c.Away)}, []string{"Carol", "contractor", "bob", "[github:1] [{2026-03-01T00:00:00Z 2026-04-01T00:00:00Z}]"})
}

// TestWhoPersonOverTime: what of an answer turns at a boundary, a second before, at it and a second after.
func TestWhoPersonOverTime(t *testing.T) {
	t.Parallel()
	short := func(w ownership.WhoPerson) string {
		var all []string
		if w.Present {
			all = append(all, "there")
		}
		for _, m := range w.Teams {
			if m.Member {
				all = append(all, "in "+m.Team)
			}
		}
		for _, c := range w.Credentials {
			if c.Usable {
				all = append(all, "signs "+c.Credential)
			}
		}
		for _, d := range w.May {
			for _, g := range d.Grants {
				if len(g.But) == 0 {
					all = append(all, d.Duty)
				} else {
					all = append(all, string(g.But[0].Code))
				}
			}
		}
		return strings.Join(all, ", ")
	}
	rows := []struct {
		name, id, boundary, before, from string
		edits                            []string
	}{
		{"comes", "alice", "01-10", "signer-departed", "there, signs token, signer-role-changed", nil},
		{"joins a team", "alice", "02-01", "there, signs token, signer-role-changed", "there, in release, signs token, approve", nil},
		{"leaves the team", "alice", "10-01", "there, in release, signs token, approve", "there, signs token, signer-role-changed", nil},
		{"leaves", "alice", "11-01", "there, signs token, signer-role-changed", "signer-departed", nil},
		{"goes away", "carol", "03-01", "there", "", nil},
		{"comes back", "carol", "04-01", "", "there", nil},
		{"a credential ends", "bob", "05-01", "there, in office, in release, signs stamp, approve", "there, in office, in release, approve",
			[]string{"key: {pem: KEY4}, states: [{state: active, from: 2026-01-01T00:00:00Z}]", "key: {pem: KEY4}, states: [{state: active, from: 2026-01-01T00:00:00Z}, {state: revoked, from: 2026-05-01T00:00:00Z}]"}},
		{"a grant ends", "bob", "05-01", "there, in office, in release, signs stamp, approve", "there, in office, in release, signs stamp, signer-not-granted",
			[]string{"\"pkg:generic/payments/*\"]}", "\"pkg:generic/payments/*\"], until: 2026-05-01T00:00:00Z}"}},
		{"a freeze begins", "bob", "05-01", "there, in office, in release, signs stamp, approve", "there, in office, in release, signs stamp, in-freeze",
			[]string{"\"pkg:generic/payments/*\"]}", "\"pkg:generic/payments/*\"], freezes: [{from: 2026-05-01T00:00:00Z, until: 2026-06-01T00:00:00Z}]}"}},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			m := load(t, bobs(t, r.edits...))
			boundary := at(t, r.boundary)
			check(t, "-1 s", short(person(t, m, boundary.Add(-time.Second), r.id)), r.before)
			check(t, "0 s", short(person(t, m, boundary, r.id)), r.from)
			check(t, "+1 s", short(person(t, m, boundary.Add(time.Second), r.id)), r.from)
		})
	}
}

// TestFalls: each thing that can fall.
func TestFalls(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name, t, id, want string
		edits             []string
	}{
		{"one of two approvers", "06-01", "alice", "approvers-few review-audit approve pkg:generic/**; approvers-few review-audit approve pkg:generic/payments/*; offboarding-lag key-lifecycle token alice", nil},
		{"she has left already", "11-01", "alice", "", nil},
		{"a second before", "10-31T23:59:59", "alice", "offboarding-lag key-lifecycle token alice", nil},
		{"the last in two teams, an operator, a sponsor and an approver", "06-01", "bob",
			"approvers-few review-audit approve pkg:generic/**; approvers-few review-audit approve pkg:generic/payments/*; contractor-unsponsored publisher-identity carol; " +
				"escalation-broken certificate-issuance; escalation-broken enforcement; escalation-broken key-lifecycle; escalation-broken monitoring; escalation-broken publisher-identity; escalation-broken release; escalation-broken release-policy; escalation-broken review-audit; escalation-broken security; " +
				"nobody-can-revoke key-lifecycle badge; nobody-can-revoke key-lifecycle stamp; nobody-paged office; offboarding-lag key-lifecycle stamp bob; owner-stale key-lifecycle badge; team-empty office; workload-unoperated publisher-identity pipeline", nil},
		{"who alone can revoke", "06-01", "erin",
			"nobody-can-revoke key-lifecycle ci; nobody-can-revoke key-lifecycle token; offboarding-lag key-lifecycle badge erin; " +
				"owner-stale certificate-issuance; owner-stale enforcement; owner-stale key-lifecycle; owner-stale key-lifecycle ci; owner-stale monitoring; owner-stale publisher-identity; " +
				"raci-no-responsible certificate-issuance; raci-no-responsible enforcement; raci-no-responsible key-lifecycle; raci-no-responsible monitoring; team-empty security", nil},
		{"who holds a key with a pipeline", "06-01", "erin", "duty-unexercisable key-lifecycle build pkg:generic/payments/**; duty-unexercisable key-lifecycle build pkg:generic/payments/**; " +
			"duty-unexercisable key-lifecycle release pkg:generic/payments/**; duty-unexercisable key-lifecycle release pkg:generic/payments/**; offboarding-lag key-lifecycle ci erin", []string{
			"{id: ci, holder: pipeline", "{id: ci, holder: [pipeline, erin]", "grants:\n", "grants:\n  - {to: erin, may: [build, release], artifacts: [\"**\"], until: 2026-06-01T00:00:00Z}\n  - {to: erin, may: [build, release], artifacts: [\"pkg:generic/payments/**\"]}\n",
			"{id: security, members: [{person: erin}", "{id: security, members: [{person: erin}, {person: bob}", "{id: badge, holder: erin", "{id: badge, holder: bob",
		}},
		{"only contractors are left", "06-01", "bob", "contractor-sole-approver review-audit except pkg:oci/**", []string{
			"grants:\n", "  - {id: pin, holder: carol, owner: release, revokers: [security], key: {pem: KEY5}, " + active + "}\n  - {id: pen, holder: dan, owner: release, revokers: [security], identity: {issuer: i, subject: dan}, " + active + "}\ngrants:\n  - {to: guests, may: [except], artifacts: [\"pkg:oci/**\"]}\n",
			"people:\n", "people:\n  - {id: dan, employment: contractor, sponsor: erin, from: 2026-01-01T00:00:00Z, until: 2027-01-01T00:00:00Z}\n",
			"  - {id: office, members: [{person: bob}]", "  - {id: guests, members: [{person: bob}, {person: carol}, {person: dan}], contacts: {page: x}}\n  - {id: office, members: [{person: bob}, {person: erin}]",
			"operators: [bob]", "operators: [bob, erin]", "sponsor: bob", "sponsor: erin", "{to: release, may: [approve], artifacts: [\"pkg:generic/**\", \"pkg:generic/payments/*\"]}", "{to: release, may: [attest], artifacts: [\"pkg:generic/**\"]}",
			"holder: bob", "holder: bob", "key: {pem: KEY4}, states: [{state: active, from: 2026-01-01T00:00:00Z}]", "key: {pem: KEY4}, states: [{state: active, from: 2026-01-01T00:00:00Z}, {state: suspended, from: 2026-06-01T00:00:01Z}]",
		}},
		{"an environment nobody else may approve in", "06-01", "alice", "duty-unexercisable key-lifecycle approve pkg:npm/*; offboarding-lag key-lifecycle token alice", []string{
			"{to: release, may: [approve], artifacts: [\"pkg:generic/**\", \"pkg:generic/payments/*\"]}", "{to: alice, may: [approve], artifacts: [\"pkg:npm/*\"], environments: [production, staging]}\n  - {to: bob, may: [approve], artifacts: [\"pkg:npm/**\"], environments: [staging]}",
		}},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			text := bobs(t, r.edits...)
			w := person(t, load(t, text), at(t, r.t), r.id)
			got := said(w.Falls)
			if r.name == "only contractors are left" { // and what is tested above
				got = strings.Join(slices.DeleteFunc(strings.Split(got, "; "), func(s string) bool { return !strings.HasPrefix(s, "contractor") }), "; ")
			}
			check(t, "falls", got, r.want)
			for _, g := range w.Falls {
				if g.Message == "" || len(g.Positions) == 0 || g.Code.Meaning() == "" {
					t.Errorf("%+v says too little", g)
				}
			}
		})
	}
}

// TestGapsOfPeople: what is to be known of a person.
func TestGapsOfPeople(t *testing.T) {
	t.Parallel()
	carol := "employment: contractor, sponsor: bob, from: 2026-01-01T00:00:00Z, until: 2027-01-01T00:00:00Z"
	proofed := func(when string) []string {
		return []string{"version: 1", "version: 1, proofEvery: 30d", "{id: bob, from: 2020-01-01T00:00:00Z", "{id: bob, from: 2020-01-01T00:00:00Z" + when}
	}
	rows := []struct {
		name, t, id, want string
		edits             []string
	}{
		{"a contractor", "06-01", "carol", "", nil},
		{"a contractor nobody sponsors", "06-01", "carol", "contractor-unsponsored: contractor carol has no sponsor", []string{"sponsor: bob, ", ""}},
		{"a sponsor about to leave", "05-31T23:59:59", "carol", "", []string{"{id: bob, from: 2020-01-01T00:00:00Z", "{id: bob, from: 2020-01-01T00:00:00Z, until: 2026-06-01T00:00:00Z"}},
		{"a sponsor who left", "06-01", "carol", "contractor-unsponsored: bob, the sponsor of contractor carol, is not there", []string{"{id: bob, from: 2020-01-01T00:00:00Z", "{id: bob, from: 2020-01-01T00:00:00Z, until: 2026-06-01T00:00:00Z"}},
		{"a contract without an end", "06-01", "carol", "contractor-open-ended: contractor carol has no end date", []string{carol, strings.Replace(carol, ", until: 2027-01-01T00:00:00Z", "", 1)}},
		{"a contract that has ended", "06-01", "carol", "", []string{"sponsor: bob, ", "", "until: 2027-01-01T00:00:00Z", "until: 2026-06-01T00:00:00Z"}},
		{"nobody asks for proofing of who holds nothing", "06-01", "carol", "", proofed("")},
		{"never proofed", "06-01", "bob", "proofing-stale: who bob is has never been proofed, and is to be every 30d", proofed("")},
		{"proofed just in time", "06-01", "bob", "", proofed(", proofedAt: 2026-05-02T00:00:00Z")},
		{"a second too late", "06-01T00:00:01", "bob", "proofing-stale: who bob is was last proofed on 2026-05-02T00:00:00Z, and is to be every 30d", proofed(", proofedAt: 2026-05-02T00:00:00Z")},
		{"a live credential of who left", "11-01", "alice", "offboarding-lag: alice left on 2026-11-01T00:00:00Z, and credential token is still active", nil},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, g := range person(t, load(t, bobs(t, r.edits...)), at(t, r.t), r.id).Gaps {
				got = append(got, string(g.Code)+": "+g.Message)
			}
			check(t, "gaps", strings.Join(got, "; "), r.want)
		})
	}
}

// TestUnknown: an id the document does not have is an error that says what was probably meant.
func TestUnknown(t *testing.T) {
	t.Parallel()
	v := load(t, changed(t)).At(at(t, "06-01"))
	ask := map[string]func(id string) error{
		"person":     func(id string) error { _, err := v.WhoPerson(id); return err },
		"credential": func(id string) error { _, err := v.WhoCredential(id); return err },
		"team":       func(id string) error { _, err := v.WhoTeam(id); return err },
	}
	for _, r := range []struct{ kind, id, want string }{
		{"person", "alise", `nothing is called "alise": expected the id of a person; did you mean "alice"?`},
		{"person", "zoltan", `nothing is called "zoltan": expected the id of a person`},
		{"person", "release", `"release" is a team: expected the id of a person`},
		{"person", "ci", `"ci" is a credential: expected the id of a person`},
		{"credential", "tokens", `nothing is called "tokens": expected the id of a credential; did you mean "token"?`},
		{"credential", "bob", `"bob" is a person: expected the id of a credential`},
		{"team", "pipeline", `"pipeline" is a workload: expected the id of a team`},
		{"team", "", `nothing is called "": expected the id of a team`},
	} {
		err := ask[r.kind](r.id)
		unknown, ok := errors.AsType[*ownership.UnknownError](err)
		if !ok || unknown.ID != r.id || unknown.Kind != r.kind {
			t.Fatalf("%v is no such error", err)
		}
		check(t, "error", err.Error(), r.want)
	}
}

// TestAnswersAreJSON: every answer is the same bytes each time, without null, and reads back.
func TestAnswersAreJSON(t *testing.T) {
	t.Parallel()
	bare := strings.Replace(head, "version: 1", "version: 1", 1) + "people: [{id: p, from: 2026-01-01T00:00:00Z}]\nteams: [{id: t, members: [{person: p}]}]\ncredentials: [{id: c, holder: p, identity: {issuer: i, subject: s}, " + active + "}]\n"
	for name, text := range map[string]string{"bare": bare, "drawn": draw(3), "governed": bobs(t)} {
		ids := map[string][3]string{"bare": {"p", "c", "t"}, "drawn": {"p3", "c3", "t1"}, "governed": {"bob", "ci", "release"}}[name]
		var first []string
		for range 5 {
			v := load(t, text).At(time.Date(2026, 6, 1, 2, 0, 0, 987, time.FixedZone("", 2*3600)))
			p, err1 := v.WhoPerson(ids[0])
			c, err2 := v.WhoCredential(ids[1])
			team, err3 := v.WhoTeam(ids[2])
			if err := errors.Join(err1, err2, err3); err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, a := range []interface{ JSON() ([]byte, error) }{p, c, team, v.Roles(), ownership.Compare(load(t, text).At(time.Time{}), v)} {
				data, err := a.JSON()
				if err != nil || strings.Contains(string(data), "null") || strings.Contains(string(data), "\n") {
					t.Fatalf("%v, or null or several lines in %s", err, data)
				}
				lines = append(lines, string(data))
			}
			if first == nil {
				first = lines
				var back ownership.WhoPerson
				if err := json.Unmarshal([]byte(lines[0]), &back); err != nil {
					t.Fatal(err)
				}
				check(t, "read back", back, p)
			}
			check(t, name, lines, first)
		}
	}
}
