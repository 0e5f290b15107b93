package ownership_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/ownership"
)

func team(t *testing.T, m *ownership.Model, when time.Time, id string) ownership.WhoTeam {
	t.Helper()
	w, err := m.At(when).WhoTeam(id)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestWhoTeamSays: everything an answer says of a team, with where the document says it.
func TestWhoTeamSays(t *testing.T) {
	t.Parallel()
	text := changed(t, "workloads: [", "vendors: [{id: signco, internalOwner: security, contractOwner: release}]\nworkloads: [",
		"{id: ci, holder: pipeline, owner: security,", "{id: ci, holder: pipeline, owner: security, keptBy: release,",
		"runbook: \"https://r.acme.test/6\"", "acceptedBy: [{team: release, at: 2026-02-01T00:00:00Z}], runbook: \"https://r.acme.test/6\"")
	m := load(t, text)
	w := team(t, m, at(t, "06-01"), "release")
	check(t, "head", []string{w.Kind, w.At, w.Team, w.Position, w.Page, w.Email, w.Paged}, []string{"WhoTeam", "2026-06-01T00:00:00Z", "release", place(t, text, "{id: release"), "pager:release", "", "pager:release"})
	check(t, "members", w.Members, []ownership.Member{
		{Person: "alice", Position: place(t, text, "{person: alice"), Spell: ownership.Spell{From: "2026-02-01T00:00:00Z", Until: "2026-10-01T00:00:00Z"}, Present: true, Member: true},
		{Person: "bob", Position: place(t, text, "{person: bob}"), Spell: ownership.Spell{From: "2020-01-01T00:00:00Z"}, Present: true, Member: true},
	})
	check(t, "escalation", w.Escalation, []ownership.Crew{{Team: "security", Position: place(t, text, "{id: security"), Members: []string{"erin"}, Page: "pager:security"}})
	check(t, "may", fmt.Sprint(len(w.May), w.May[0].Duty, w.May[0].Grants[0].Position, w.May[0].Grants[0].But), fmt.Sprint(1, "approve", place(t, text, "{to: release"), []ownership.Objection{}))
	check(t, "last answer", w.Answers[len(w.Answers)-1], ownership.InRole{Control: "release-policy", Position: place(t, text, "{control: release-policy"), Artifacts: []string{"**"}, Roles: []ownership.Role{
		{Role: "accountable", Team: "release"}, {Role: "responsible", Team: "release"}, {Role: "paged", Team: "release"},
	}})
	check(t, "accepted", w.Accepted, []ownership.Accepting{{Control: "enforcement", Position: place(t, text, "{control: enforcement"), Artifacts: []string{"**"}, At: "2026-02-01T00:00:00Z"}})
	check(t, "charges", w.Charges, []ownership.Charge{
		{Section: "credentials", ID: "ci", Position: place(t, text, "{id: ci"), As: []string{"keeper"}, State: "active"},
		{Section: "credentials", ID: "token", Position: place(t, text, "{id: token"), As: []string{"owner"}, State: "active"},
		{Section: "vendors", ID: "signco", Position: place(t, text, "{id: signco"), As: []string{"contract owner"}},
		{Section: "workloads", ID: "pipeline", Position: place(t, text, "{id: pipeline"), As: []string{"owner"}},
	})
	security := team(t, m, at(t, "06-01"), "security")
	check(t, "escalated from", security.EscalatedFrom, []string{"release"})
	check(t, "charges of security", fmt.Sprint(security.Charges[0].As, security.Charges[1].As, security.Charges[2].Section, security.Charges[3].As), "[owner revoker] [revoker]enforcement[internal owner]")
}

// TestWhoTeamOverTime: who is in it and what it lacks, a second before a boundary, at it and after.
func TestWhoTeamOverTime(t *testing.T) {
	t.Parallel()
	short := func(w ownership.WhoTeam) string {
		var in []string
		for _, m := range w.Members {
			if m.Member {
				in = append(in, m.Person)
			}
		}
		return strings.TrimSuffix(strings.Join(in, ",")+" "+w.Paged+": "+said(w.Gaps), ": ")
	}
	erin := "{id: erin, from: 2020-01-01T00:00:00Z"
	gone := []string{erin, erin + ", until: 2026-06-01T00:00:00Z"}
	few := "approvers-few review-audit approve pkg:generic/**; approvers-few review-audit approve pkg:generic/payments/*"
	badge := []string{"{id: badge, holder: erin, owner: office, revokers: [office]", "{id: badge, holder: bob, owner: office, revokers: [office]"}
	rows := []struct {
		name, id, boundary, before, from string
		edits                            []string
	}{
		{"somebody joins", "release", "02-01", "bob pager:release: " + few, "alice,bob pager:release", badge},
		{"somebody leaves it", "release", "10-01", "alice,bob pager:release", "bob pager:release: " + few, badge},
		{"the last one leaves", "security", "06-01", "erin pager:security", " pager:office: team-empty security", gone},
		{"the last one of whom it escalates to leaves", "release", "06-01", "alice,bob pager:release: " + few, "alice,bob pager:release: " + few + "; escalation-broken release", append([]string{`contacts: {page: "pager:security"}, escalation: [office]`, `contacts: {page: "pager:security"}`}, gone...)},
		{"one in the middle of its escalation leaves", "release", "06-01", "alice,bob pager:release: " + few, "alice,bob pager:release: " + few, gone},
		{"nobody is left to page", "office", "06-01", "bob pager:office", ": nobody-paged office; team-empty office", []string{"{id: bob, from: 2020-01-01T00:00:00Z", "{id: bob, from: 2020-01-01T00:00:00Z, until: 2026-06-01T00:00:00Z"}},
		{"a team nothing relies on", "idle", "06-01", "erin ", "", append([]string{"  - {id: office,", "  - {id: idle, members: [{person: erin}]}\n  - {id: office,"}, gone...)},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			m := load(t, changed(t, r.edits...))
			boundary := at(t, r.boundary)
			trim := func(w ownership.WhoTeam) string { return strings.TrimPrefix(strings.TrimSuffix(short(w), " "), " : ") }
			check(t, "-1 s", trim(team(t, m, boundary.Add(-time.Second), r.id)), strings.TrimSuffix(r.before, " "))
			check(t, "0 s", trim(team(t, m, boundary, r.id)), strings.TrimPrefix(r.from, ": "))
			check(t, "+1 s", trim(team(t, m, boundary.Add(time.Second), r.id)), strings.TrimPrefix(r.from, ": "))
		})
	}
}

// TestRoles: every entry, those that tie, add up, give way to others, or do not hold.
func TestRoles(t *testing.T) {
	t.Parallel()
	short := func(r ownership.Roles) string {
		var all []string
		for _, c := range r.Controls {
			all = append(all, fmt.Sprintf("%s %v: %s by %s", c.Control, c.Artifacts, c.Accountable.Team, strings.Join(c.Responsible, ",")))
		}
		return strings.Join(all, "; ") + " | " + said(r.Gaps)
	}
	entry := func(artifacts, team string) string {
		return "  - {control: monitoring, artifacts: [" + artifacts + "], accountable: " + team + ", responsible: [" + team + "], runbook: \"https://r.acme.test/7\"}\n"
	}
	rows := []struct {
		name, t, want string
		entries       string
		overruled     int
	}{
		{"one", "06-01", "monitoring [**]: security by security | ", "", 0},
		{"a more specific one", "06-01", "monitoring [**]: security by security; monitoring [pkg:npm/** pkg:oci/**]: release by release | ", entry(`"pkg:npm/**", "pkg:oci/**"`, "release"), 0},
		{"a tie", "06-01", "monitoring [** **]: security by security; monitoring [pkg:npm/**]:  by  | control-unowned monitoring", entry(`"pkg:npm/**"`, "release") + entry(`"pkg:npm/**"`, "security"), 0},
		{"a tie in some depths only", "06-01", "monitoring [**]: security by security; monitoring [pkg:npm/** pkg:npm/*]:  by ; monitoring [pkg:npm/**]: release by release | control-unowned monitoring", entry(`"pkg:npm/**"`, "release") + entry(`"pkg:npm/*"`, "security"), 0},
		{"what adds up", "06-01", "monitoring [**]: security by security; monitoring [pkg:npm/**]: security by office,security | ", entry(`"pkg:npm/**"`, "security") + strings.Replace(entry(`"pkg:npm/**"`, "security"), "[security]", "[office]", 1), 0},
		{"what is overruled", "06-01", "monitoring [**]: security by security; monitoring [pkg:a/*/* pkg:a/**]: security by security | ", entry(`"pkg:a/*/*"`, "release") + entry(`"pkg:a/**"`, "security"), 1},
		{"what does not hold yet", "05-31T23:59:59", "monitoring [**]: security by security | ", strings.Replace(entry(`"pkg:npm/**"`, "release"), "runbook", "from: 2026-06-01T00:00:00Z, runbook", 1), 0},
		{"what holds from then on", "06-01", "monitoring [**]: security by security; monitoring [pkg:npm/**]: release by release | ", strings.Replace(entry(`"pkg:npm/**"`, "release"), "runbook", "from: 2026-06-01T00:00:00Z, runbook", 1), 0},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			text := changed(t, "enforcement:\n", r.entries+"enforcement:\n")
			got := load(t, text).At(at(t, r.t)).Roles(ownership.Monitoring)
			check(t, "roles", short(got), strings.Replace(r.want, "[** **]", "[**]", 1))
			if len(got.Overruled) != r.overruled {
				t.Errorf("overruled %v", got.Overruled)
			}
			for _, p := range got.Overruled {
				check(t, "overruled", p, place(t, text, r.entries[4:50]))
			}
		})
	}
	// all of them, as one artifact has them; and of a control that nobody is named for
	m := load(t, changed(t))
	all := m.At(at(t, "06-01")).Roles()
	answering := m.At(at(t, "06-01")).Answering(payments)
	if len(all.Controls) != 7 || len(all.Gaps) > 0 {
		t.Fatalf("%+v", all)
	}
	for i, c := range all.Controls {
		check(t, c.Control, c.Answering, answering[i])
	}
	none := load(t, head+people).At(at(t, "02-01")).Roles(ownership.KeyLifecycle)
	check(t, "none", fmt.Sprint(len(none.Controls), none.Controls[0].Artifacts, none.Gaps[0].Message), "1 []nobody is accountable for key-lifecycle of any artifact: no entry covers it")
}
