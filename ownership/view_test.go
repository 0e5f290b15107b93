package ownership_test

import (
	"strings"
	"testing"

	"github.com/surety-dev/surety/ownership"
)

func TestMembership(t *testing.T) {
	t.Parallel()
	m := load(t, head+`people:
  - {id: alice, from: 2026-02-01T00:00:00Z}
  - {id: bob, from: 2026-01-01T00:00:00Z, until: 2026-04-01T00:00:00Z}
teams:
  - {id: open, members: [{person: alice}, {person: bob}]}
  - {id: bounded, members: [{person: alice, from: 2026-01-01T00:00:00Z, until: 2026-03-01T00:00:00Z}, {person: bob, until: 2026-05-01T00:00:00Z}]}
  - {id: twice, members: [{person: alice, until: 2026-03-01T00:00:00Z}, {person: alice, from: 2026-05-01T00:00:00Z}]}
workloads: [{id: w}]
vendors: [{id: v}]
`)
	rows := []struct {
		name, t             string
		present             string
		open, bounded, once string // members
		aliceTeams          string
	}{
		{"before alice comes; her membership does not make her present", "01-15", "bob v w", "bob", "bob", "", ""},
		{"one second before alice comes", "01-31T23:59:59", "bob v w", "bob", "bob", "", ""},
		{"alice comes", "02-01", "alice bob v w", "alice bob", "alice bob", "alice", "bounded open twice"},
		{"the last second of a membership", "02-28T23:59:59", "alice bob v w", "alice bob", "alice bob", "alice", "bounded open twice"},
		{"the end of a membership", "03-01", "alice bob v w", "alice bob", "bob", "", "open"},
		{"bob's last second", "03-31T23:59:59", "alice bob v w", "alice bob", "bob", "", "open"},
		{"bob leaves; his longer membership does not keep him", "04-01", "alice v w", "alice", "", "", "open"},
		{"alice is back in the team", "05-01", "alice v w", "alice", "", "alice", "open twice"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			v := m.At(at(t, r.t))
			var present []string
			for _, id := range []string{"alice", "bob", "nobody", "open", "v", "w"} {
				if v.Present(id) {
					present = append(present, id)
				}
			}
			check(t, "present", strings.Join(present, " "), r.present)
			for team, want := range map[string]string{"open": r.open, "bounded": r.bounded, "twice": r.once, "nobody": ""} {
				got := v.Members(team)
				check(t, team, strings.Join(got, " "), want)
				for _, person := range []string{"alice", "bob"} {
					if v.Member(person, team) != strings.Contains(want, person) {
						t.Errorf("%s in %s: %v", person, team, v.Member(person, team))
					}
				}
			}
			check(t, "alice's teams", strings.Join(v.Teams("alice"), " "), r.aliceTeams)
		})
	}
}

func TestContact(t *testing.T) {
	t.Parallel()
	m := load(t, head+`people:
  - {id: alice, from: 2026-01-01T00:00:00Z}
  - {id: bob, from: 2026-01-01T00:00:00Z, until: 2026-03-01T00:00:00Z}
teams:
  - {id: staffed, members: [{person: alice}], contacts: {page: staffed}, escalation: [last]}
  - {id: empties, members: [{person: bob}], contacts: {page: empties}, escalation: [gone, nearer, staffed]}
  - {id: gone, members: [{person: bob}], contacts: {page: gone}, escalation: [last]}
  - {id: nearer, members: [{person: alice}], contacts: {page: nearer}}
  - {id: silent, members: [{person: alice}], escalation: [nearer]}
  - {id: deep, members: [{person: bob}], escalation: [gone]}
  - {id: alone, members: [{person: bob}], contacts: {page: alone}}
  - {id: last, members: [{person: alice}], contacts: {page: last}}
`)
	rows := []struct{ name, team, t, want string }{
		{"its own page", "staffed", "02-01", "staffed"},
		{"somebody is still there", "empties", "02-28T23:59:59", "empties"},
		{"empty: the next of its escalation that is not", "empties", "03-01", "nearer"},
		{"no page: the next of its escalation", "silent", "03-01", "nearer"},
		{"empty, and its escalation too", "deep", "03-01", "last"},
		{"empty and alone", "alone", "03-01", ""},
		{"unknown", "nobody", "03-01", ""},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			check(t, r.team, m.Contact(r.team, at(t, r.t)), r.want)
		})
	}
}

func TestBehind(t *testing.T) {
	t.Parallel()
	m := load(t, head+`people:
  - {id: alice, from: 2026-01-01T00:00:00Z}
  - {id: bob, from: 2026-01-01T00:00:00Z, until: 2026-03-01T00:00:00Z}
workloads:
  - {id: run, operators: [bob, alice]}
  - {id: bobs, operators: [bob]}
  - {id: nobodys}
vendors: [{id: signco}]
`)
	rows := []struct {
		name, principals, t, want string
		known                     bool
	}{
		{"a person", "alice", "02-01", "alice", true},
		{"a person who left still stands behind it", "bob", "03-01", "bob", true},
		{"a workload and its operators", "run", "02-01", "alice bob run", true},
		{"an operator who left still stands behind it", "run", "03-01", "alice bob run", true},
		{"all operators left", "bobs", "03-01", "bob bobs", false},
		{"no operators", "nobodys", "02-01", "nobodys", false},
		{"a vendor", "signco", "02-01", "signco", false},
		{"somebody unknown", "zoe", "02-01", "zoe", false},
		{"several", "run nobodys alice", "02-01", "alice bob nobodys run", false},
		{"each once", "run bobs", "02-01", "alice bob bobs run", true},
		{"nobody", "", "02-01", "", true},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			ids, known := m.Behind(strings.Fields(r.principals), at(t, r.t))
			if got := strings.Join(ids, " "); got != r.want || known != r.known {
				t.Errorf("%q %v, want %q %v", got, known, r.want, r.known)
			}
		})
	}
}

func TestViewState(t *testing.T) {
	t.Parallel()
	m := load(t, head+people+"credentials: [{id: c, holder: bob, identity: {issuer: i, subject: s}, "+active+"}]\n")
	if s, ok := m.At(at(t, "01-01")).State("c"); !ok || s != ownership.Active || s.String() != "active" {
		t.Errorf("%v %v", s, ok)
	}
	if s, ok := m.At(at(t, "01-01")).State("d"); ok || s.String() != "none" {
		t.Errorf("%v %v", s, ok)
	}
}
