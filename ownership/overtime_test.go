package ownership_test

import (
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/ownership"
)

// TestControlOverTime: an entry holds in its interval, and outside it is as if it were not there.
func TestControlOverTime(t *testing.T) {
	t.Parallel()
	m := load(t, head+people+`controls:
  - {control: monitoring, artifacts: ["**"], accountable: release, until: 2026-02-01T00:00:00Z}
  - {control: monitoring, artifacts: ["**"], accountable: security, from: 2026-02-01T00:00:00Z}
  - {control: monitoring, artifacts: ["a/**"], accountable: release, from: 2026-03-01T00:00:00Z, until: 2026-04-01T00:00:00Z}
  - {control: monitoring, artifacts: ["a/**"], accountable: security, from: 2026-03-15T00:00:00Z, until: 2026-03-16T00:00:00Z}
`)
	for _, r := range []struct{ artifact, t, want string }{
		{"b", "01-31T23:59:59", "release"}, {"b", "02-01", "security"}, {"b", "03-15", "security"},
		{"a/x", "02-28T23:59:59", "security"}, {"a/x", "03-01", "release"}, {"a/x", "03-14T23:59:59", "release"},
		{"a/x", "03-15", ""}, {"a/x", "03-16", "release"}, {"a/x", "04-01", "security"}, {"a/x", "03-31T23:59:59", "release"},
	} {
		view := m.At(at(t, r.t))
		if o, ok := view.Control(ownership.Monitoring, r.artifact); o.Accountable != r.want || ok != (r.want != "") {
			t.Errorf("%s at %s: %q %v, want %q", r.artifact, r.t, o.Accountable, ok, r.want)
		}
		if got := view.Answering(r.artifact)[ownership.Monitoring-1].Accountable.Team; got != r.want {
			t.Errorf("%s at %s: %q answers, want %q", r.artifact, r.t, got, r.want)
		}
	}
}

// TestEnforcementOverTime: a point blocks while it stands.
func TestEnforcementOverTime(t *testing.T) {
	t.Parallel()
	m := load(t, head+people+"enforcement: [{id: gate, environment: production, artifacts: [\"**\"], mode: enforce, from: 2026-02-01T00:00:00Z, until: 2026-03-01T00:00:00Z, revocationWithin: 1h}]\n")
	for when, want := range map[string]int{"01-31T23:59:59": 0, "02-01": 1, "02-28T23:59:59": 1, "03-01": 0} {
		if got := m.At(at(t, when)).MustBlock("x", "production"); len(got) != want {
			t.Errorf("%s: %d points, want %d", when, len(got), want)
		}
	}
	if e := m.EnforcementPoints()[0]; e.RevocationWithin != time.Hour || !e.Interval.From.Equal(at(t, "02-01")) {
		t.Errorf("%+v", e)
	}
}

// TestUses: a grant fits a use in its environments, its windows and outside its freezes; of a time nothing
// proves it is not known to be one of them.
func TestUses(t *testing.T) {
	t.Parallel()
	grant := func(more string) ownership.View {
		return load(t, head+people+"grants: [{to: alice, may: [build], artifacts: [x], "+more+"}]\n").At(at(t, "02-02T12:00:00")) // a Monday
	}
	day := `windows: [{days: [monday], from: "12:00", until: "12:01"}]`
	shut := `windows: [{days: [monday], from: "12:01"}, {days: [tuesday]}]`
	freeze := "freezes: [{from: 2026-02-02T12:00:00Z, until: 2026-02-02T12:00:01Z}]"
	thawed := "freezes: [{from: 2026-02-02T11:00:00Z, until: 2026-02-02T12:00:00Z}]"
	both := `environments: [production], ` + shut
	var build ownership.Duties
	build = build.Add(ownership.Build)
	for _, r := range []struct {
		name, grant, environment string
		timed                    bool
		want                     ownership.Permission
	}{
		{"no terms", `from: 2026-01-01T00:00:00Z`, "", false, ownership.Permission{Duties: build}},
		{"its environment", `environments: [staging, production]`, "production", false, ownership.Permission{Duties: build}},
		{"another environment", `environments: [staging]`, "production", false, ownership.Permission{ButEnvironment: build}},
		{"another environment by case", `environments: [Production]`, "production", false, ownership.Permission{ButEnvironment: build}},
		{"no environment", `environments: [production]`, "", true, ownership.Permission{ButEnvironment: build}},
		{"in a window", day, "", true, ownership.Permission{Duties: build}},
		{"in a window, not proven", day, "", false, ownership.Permission{ButWindow: build}},
		{"outside the windows", shut, "", true, ownership.Permission{ButWindow: build}},
		{"in a freeze", freeze, "", true, ownership.Permission{ButFreeze: build}},
		{"in a freeze, not proven", freeze, "", false, ownership.Permission{ButWindow: build}},
		{"after a freeze", thawed, "", true, ownership.Permission{Duties: build}},
		{"after a freeze, not proven", thawed, "", false, ownership.Permission{ButWindow: build}},
		{"two things do not fit", both, "staging", true, ownership.Permission{}},
	} {
		t.Run(r.name, func(t *testing.T) {
			check(t, r.name, grant(r.grant).May("alice", ownership.Use{Artifact: "x", Environment: r.environment, Timed: r.timed}), r.want)
		})
	}
}

// TestCanSignInEnvironment: who could sign for one environment, and for any.
func TestCanSignInEnvironment(t *testing.T) {
	t.Parallel()
	m := load(t, changed(t, "\"pkg:generic/payments/*\"]", "\"pkg:generic/payments/*\"], environments: [staging]"))
	could := func(environment string) (ids []string) {
		for _, s := range m.At(at(t, "06-01")).CanSign(payments, environment).CouldSign {
			ids = append(ids, s.Credential)
		}
		return ids
	}
	check(t, "staging", could("staging"), []string{"ci", "token"})
	check(t, "production", could("production"), []string{"ci"})
	check(t, "any", could(""), []string{"ci", "token"})
	for _, s := range m.At(at(t, "06-01")).CanSign(payments, "production").CouldNotSign {
		if s.Credential == "token" && (s.But[0].Code != ownership.SignerNotGranted || !strings.Contains(s.But[0].Message, "only in staging")) {
			t.Errorf("%+v", s.But)
		}
	}
}

func TestWindows(t *testing.T) {
	t.Parallel()
	night := ownership.Window{Days: []time.Weekday{time.Friday, time.Saturday}, From: 22 * time.Hour, Until: 24 * time.Hour}
	for when, want := range map[string]bool{
		"2026-05-01T21:59:59Z": false, "2026-05-01T22:00:00Z": true, "2026-05-01T23:59:59.999Z": true, "2026-05-02T00:00:00Z": false, "2026-05-02T22:00:00Z": true, "2026-05-03T22:00:00Z": false,
		"2026-05-02T00:30:00+02:00": true, // Friday 22:30 in UTC
	} {
		moment, err := time.Parse(time.RFC3339, when)
		if err != nil {
			t.Fatal(err)
		}
		if night.Contains(moment) != want {
			t.Errorf("%s: %v, want %v", when, !want, want)
		}
	}
	check(t, "text", night.String(), "friday, saturday 22:00-24:00 UTC")
}

// TestTiers: the most specific scope names the tier; a tie of different ones is none (R54).
func TestTiers(t *testing.T) {
	t.Parallel()
	tiers := []string{`{id: critical, artifacts: ["a/**", "b/*/y"]}`, `{id: normal, artifacts: ["**"]}`, `{id: other, artifacts: ["b/x*/y", "b/x/*"]}`, `{id: same, artifacts: ["c/*", "c/**"]}`, `{id: tied, artifacts: ["d/*"]}`, `{id: knot, artifacts: ["d/**"]}`}
	permute(tiers, func(tiers []string) {
		m := load(t, head+"tiers:\n  - "+strings.Join(tiers, "\n  - ")+"\n")
		for artifact, want := range map[string]string{"a/x": "critical", "z": "normal", "b/q/y": "critical", "b/x/y": "other", "b/x/z": "other", "c/x": "same", "c/x/y": "same", "d/x": "", "d/x/y": "knot"} {
			if id, ok := m.Tier(artifact); id != want || ok != (want != "") {
				t.Fatalf("%s: %q %v, want %q", artifact, id, ok, want)
			}
		}
	})
	if _, ok := load(t, head).Tier("a"); ok {
		t.Error("a document without tiers has one")
	}
	m := load(t, head+"tiers: [{id: critical, artifacts: [\"a/**\"], sources: [x]}]\n")
	check(t, "tiers", m.Tiers(), []ownership.Tier{{ID: "critical", Artifacts: []string{"a/**"}, Sources: []string{"x"}}})
	check(t, "position", m.Position("tiers", "critical"), "ownership.yaml:4:9")
}

// TestActivities: who does what of a control (R7).
func TestActivities(t *testing.T) {
	t.Parallel()
	m := load(t, head+people+`controls:
  - {control: key-lifecycle, artifacts: ["**"], accountable: security, responsible: [release, security]}
  - {control: certificate-issuance, artifacts: ["**"], accountable: security, responsible: [security], activities: {issue: release}}
`)
	keys, _ := m.At(at(t, "06-01")).Control(ownership.KeyLifecycle, "x")
	certificates, _ := m.At(at(t, "06-01")).Control(ownership.CertificateIssuance, "x")
	check(t, "not listed", keys.Does(ownership.Rotate), []string{"release", "security"})
	check(t, "listed", certificates.Does(ownership.Issue), []string{"release"})
	check(t, "left out of the list", certificates.Does(ownership.Renew), nil)
	var all []string
	for c := ownership.PublisherIdentity; c <= ownership.Monitoring; c++ {
		for _, a := range ownership.Activities(c) {
			all = append(all, string(a))
		}
	}
	check(t, "all", all, strings.Fields("prove-identity issue renew expire emergency-revoke generate store access rotate revoke approve promote distribute roll-back monitor"))
}

// TestAtRisk: what was signed before a suspension for a suspected compromise that has not ended (R23).
func TestAtRisk(t *testing.T) {
	t.Parallel()
	m := load(t, head+people+`credentials:
  - id: c
    holder: alice
    identity: {issuer: i, subject: s}
    states: [{state: active, from: 2026-01-01T00:00:00Z}, {state: suspended, from: 2026-03-01T00:00:00Z, reason: ca-compromise}, {state: active, from: 2026-04-01T00:00:00Z}, {state: suspended, from: 2026-05-01T00:00:00Z, reason: superseded}]
`)
	for _, r := range []struct {
		signed, seen string
		want         bool
	}{{"02-28T23:59:59", "03-01", true}, {"02-28", "02-28T23:59:59", false}, {"03-01", "03-01", false}, {"02-28", "03-31T23:59:59", true}, {"02-28", "04-01", false}, {"02-28", "05-02", false}} {
		if _, position, ok := m.AtRisk("c", at(t, r.signed), at(t, r.seen)); ok != r.want || ok && !strings.HasPrefix(position, "ownership.yaml:16:59") {
			t.Errorf("signed %s, seen %s: %v at %s, want %v", r.signed, r.seen, ok, position, r.want)
		}
	}
	if _, _, ok := m.AtRisk("nobody's", at(t, "02-28"), at(t, "03-01")); ok {
		t.Error("a credential nobody has is at risk")
	}
}

// TestDrills: what drills release is known by its name.
func TestDrills(t *testing.T) {
	t.Parallel()
	m := load(t, head+"drills:\n  - {id: tabletop, artifacts: [\"pkg:generic/drills/**\"], sources: [x]}\n  - {id: all, artifacts: [\"pkg:generic/drills/*\", \"a/b\"]}\n")
	check(t, "two", m.DrillsOf("pkg:generic/drills/a"), []string{"all", "tabletop"})
	check(t, "one", m.DrillsOf("pkg:generic/drills/a/b"), []string{"tabletop"})
	check(t, "none", m.DrillsOf("pkg:generic/drillsx/a"), nil)
	check(t, "list", m.Drills(), []ownership.Drill{{ID: "tabletop", Artifacts: []string{"pkg:generic/drills/**"}, Sources: []string{"x"}}, {ID: "all", Artifacts: []string{"pkg:generic/drills/*", "a/b"}}})
	check(t, "position", m.Position("drills", "all"), "ownership.yaml:6:5")
	check(t, "no position", m.Position("drills", "other"), "")
	check(t, "without", load(t, head).DrillsOf("a/b"), nil)
}
