package ownership_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/ownership"
)

// shortly is a difference in a line each.
func shortly(d ownership.Difference) []string {
	var all []string
	for _, c := range d.Changes {
		line := fmt.Sprintf("%s %s %s", c.Section, c.ID, c.What)
		if c.Field != "" {
			line += fmt.Sprintf(" %s %v to %v", c.Field, c.Before, c.After)
		}
		for _, o := range c.Because {
			line += ", " + string(o.Code)
		}
		all = append(all, line)
	}
	return all
}

// TestCompareTimes: what differs between two times of one document, at each boundary; and nothing a
// second further.
func TestCompareTimes(t *testing.T) {
	t.Parallel()
	text := changed(t, "{id: gate, ", "{id: late, environment: production, artifacts: [\"**\"], mode: audit, from: 2026-07-01T00:00:00Z}\n  - {id: gate, ",
		"KEY2}, states: [{state: active, from: 2026-01-01T00:00:00Z}]", "KEY2}, states: [{state: active, from: 2026-01-01T00:00:00Z}, {state: suspended, from: 2026-05-01T00:00:00Z}]",
		"enforcement:\n", "  - {control: monitoring, artifacts: [\"pkg:npm/**\"], accountable: office, from: 2026-06-01T00:00:00Z, until: 2026-08-01T00:00:00Z}\nenforcement:\n")
	m := load(t, text)
	for _, r := range []struct {
		day  string
		want []string
	}{
		{"01-01", []string{"metadata metadata altered inForce [false] to [true]", "credentials badge altered state [pre-activation] to [active]", "credentials token altered state [pre-activation] to [active]"}},
		{"01-10", []string{"people alice begun"}},
		{"02-01", []string{"memberships alice in release begun"}},
		{"04-01", []string{"grants pipeline may build, release pkg:generic/payments/** begun"}},
		{"05-01", []string{"credentials token altered state [active] to [suspended]"}},
		{"06-01", []string{"controls monitoring of pkg:npm/** altered accountable [security] to [office]", "controls monitoring of pkg:npm/** altered responsible [security] to []",
			"controls monitoring of pkg:npm/** altered paged [security] to [office]", "controls monitoring of pkg:npm/** altered runbook [https://r.acme.test/7] to []"}},
		{"07-01", []string{"enforcement late begun"}},
		{"08-01", []string{"controls monitoring of pkg:npm/** altered accountable [office] to [security]", "controls monitoring of pkg:npm/** altered responsible [] to [security]",
			"controls monitoring of pkg:npm/** altered paged [office] to [security]", "controls monitoring of pkg:npm/** altered runbook [] to [https://r.acme.test/7]"}},
		{"09-01", []string{"grants pipeline may build, release pkg:generic/payments/** ended"}},
		{"10-01", []string{"memberships alice in release ended"}},
		{"11-01", []string{"people alice ended"}},
		{"12-01", nil},
	} {
		boundary := at(t, r.day)
		d := ownership.Compare(m.At(boundary.Add(-time.Second)), m.At(boundary))
		check(t, r.day, shortly(d), r.want)
		check(t, r.day+" to a second later", shortly(ownership.Compare(m.At(boundary), m.At(boundary.Add(time.Second)))), nil)
		back := ownership.Compare(m.At(boundary), m.At(boundary.Add(-time.Second)))
		if len(back.Changes) != len(d.Changes) {
			t.Errorf("%s: %d changes, and %d back", r.day, len(d.Changes), len(back.Changes))
		}
		for i, c := range back.Changes {
			was := d.Changes[i]
			check(t, "back", []any{c.Before, c.After, c.PositionBefore, c.PositionAfter}, []any{was.After, was.Before, was.PositionAfter, was.PositionBefore})
		}
	}
	d := ownership.Compare(m.At(at(t, "01-09")), m.At(at(t, "01-10")))
	alice := place(t, text, "{id: alice")
	check(t, "alice", d.Changes, []ownership.Changed{{Section: "people", ID: "alice", What: "begun", Before: []string{}, After: []string{}, PositionBefore: alice, PositionAfter: alice, Because: []ownership.Objection{}}})
	check(t, "head", []string{d.Kind, d.Artifact, d.Before.At, d.After.At, d.After.Ownership.Name}, []string{"Difference", "", "2026-01-09T00:00:00Z", "2026-01-10T00:00:00Z", "acme"})
}

// TestCompareVersions: what differs between two versions of a document, each edit by itself.
func TestCompareVersions(t *testing.T) {
	t.Parallel()
	grant := "{to: release, may: [approve], artifacts: [\"pkg:generic/**\", \"pkg:generic/payments/*\"]}"
	rows := []struct {
		name  string
		edits []string
		want  []string
	}{
		{"nothing", nil, nil},
		{"a comment", []string{"people:\n", "# people\npeople:\n"}, nil},
		{"another order", []string{"  - {id: bob, from: 2020-01-01T00:00:00Z}\n  - {id: erin, from: 2020-01-01T00:00:00Z}\n", "  - {id: erin, from: 2020-01-01T00:00:00Z}\n  - {id: bob, from: 2020-01-01T00:00:00Z}\n"}, nil},
		{"metadata", []string{"effectiveFrom: 2026-01-01T00:00:00Z", "effectiveFrom: 2026-01-01T00:00:00Z, reviewEvery: 90d"}, []string{"metadata metadata altered reviewEvery [] to [90d]"}},
		{"a new person", []string{"people:\n", "people:\n  - {id: zoe, from: 2026-01-01T00:00:00Z}\n"}, []string{"people zoe begun"}},
		{"somebody is to leave", []string{"{id: bob, from: 2020-01-01T00:00:00Z", "{id: bob, from: 2020-01-01T00:00:00Z, until: 2027-01-01T00:00:00Z, accounts: [\"x:1\"]"}, []string{"people bob altered accounts [] to [x:1]", "people bob altered until [] to [2027-01-01T00:00:00Z]"}},
		{"a team's page", []string{`contacts: {page: "pager:office"}`, `contacts: {page: "pager:desk", email: o@acme.test}`}, []string{"teams office altered page [pager:office] to [pager:desk]", "teams office altered email [] to [o@acme.test]"}},
		{"a membership", []string{"{id: office, members: [{person: bob}]", "{id: office, members: [{person: erin}]"}, []string{"memberships bob in office ended", "memberships erin in office begun"}},
		{"a workload", []string{"{id: pipeline, owner: release, operators: [bob]}", "{id: pipeline, owner: security, operators: [bob, erin], runner: hosted}"},
			[]string{"workloads pipeline altered owner [release] to [security]", "workloads pipeline altered operators [bob] to [bob erin]", "workloads pipeline altered runner [] to [hosted]"}},
		{"a credential's owner and revokers", []string{"{id: token, holder: alice, owner: release, revokers: [security]", "{id: token, holder: alice, owner: office, revokers: [office, security]"},
			[]string{"credentials token altered owner [release] to [office]", "credentials token altered revokers [security] to [office security]"}},
		{"a history rewritten", []string{"KEY2}, states: [{state: active, from: 2026-01-01T00:00:00Z}]", "KEY2}, states: [{state: active, from: 2026-01-02T00:00:00Z}]"}, []string{"credentials token altered states [active from 2026-01-01T00:00:00Z] to [active from 2026-01-02T00:00:00Z]"}},
		{"another key", []string{"KEY2", "KEY4"}, []string{"credentials token altered matches [key " + fingerprint(t, key(2)).String() + "] to [key " + fingerprint(t, key(4)).String() + "]"}},
		{"a credential less", []string{"  - {id: badge, holder: erin, owner: office, revokers: [office], key: {pem: KEY3}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n", ""}, []string{"credentials badge ended"}},
		{"a grant's terms", []string{grant, grant[:len(grant)-1] + ", environments: [production], windows: [{days: [monday]}]}"},
			[]string{"grants release may approve pkg:generic/**, pkg:generic/payments/* altered environments [] to [production]", "grants release may approve pkg:generic/**, pkg:generic/payments/* altered windows [] to [monday 00:00-24:00 UTC]"}},
		{"a grant's duties", []string{grant, strings.Replace(grant, "[approve]", "[review]", 1)},
			[]string{"grants release may approve pkg:generic/**, pkg:generic/payments/* ended", "grants release may review pkg:generic/**, pkg:generic/payments/* begun"}},
		{"a grant twice", []string{grant, grant + "\n  - " + grant}, []string{"grants release may approve pkg:generic/**, pkg:generic/payments/* (2) begun"}},
		{"an owner for some", []string{"enforcement:\n", "  - {control: monitoring, artifacts: [\"pkg:npm/*\"], accountable: security, responsible: [office], quorum: 2, acceptedBy: [{team: release}], activities: {monitor: office}}\nenforcement:\n"},
			[]string{"controls monitoring of pkg:npm/* altered responsible [security] to [office]", "controls monitoring of pkg:npm/* altered runbook [https://r.acme.test/7] to []", "controls monitoring of pkg:npm/* altered activities [] to [monitor office]", "controls monitoring of pkg:npm/* altered acceptedBy [] to [release]", "controls monitoring of pkg:npm/* altered quorum [] to [2]"}},
		{"no owner", []string{"{control: monitoring, artifacts: [\"**\"], accountable: security, ", "{control: monitoring, artifacts: [\"**\"], "}, []string{"controls monitoring of ** ended"}},
		{"a point of enforcement", []string{"onFailure: closed, owner: security", "onFailure: open, owner: office"}, []string{"enforcement gate altered onFailure [closed] to [open]", "enforcement gate altered owner [security] to [office]"}},
		{"separation and tiers", []string{"enforcement:\n", "separation: [{id: apart, duties: [build, approve]}]\ntiers: [{id: critical, artifacts: [\"**\"]}]\ndrills: [{id: tabletop, artifacts: [\"d/**\"]}]\nvendors: [{id: signco}]\nenforcement:\n"}, []string{"vendors signco begun", "separation apart begun", "tiers critical begun", "drills tabletop begun"}},
	}
	before := load(t, changed(t))
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			when := at(t, "06-01")
			text := changed(t, r.edits...)
			d := ownership.Compare(before.At(when), load(t, text).At(when))
			check(t, "changes", shortly(d), r.want)
			for _, c := range d.Changes {
				if c.PositionBefore == "" && c.PositionAfter == "" {
					t.Errorf("%+v stands nowhere", c)
				}
			}
			check(t, "back", len(ownership.Compare(load(t, text).At(when), before.At(when)).Changes), len(r.want))
		})
	}
}

// TestCompareWho: what differs of one artifact.
func TestCompareWho(t *testing.T) {
	t.Parallel()
	m := load(t, changed(t))
	who := func(m *ownership.Model, day string) ownership.Who {
		return m.At(at(t, day)).Who(payments, "production")
	}
	rows := []struct {
		name          string
		before, after ownership.Who
		want          []string
	}{
		{"nothing", who(m, "06-01"), who(m, "06-02"), nil},
		{"a grant begins", who(m, "03-31"), who(m, "04-01"), []string{"couldSign ci begun, signer-not-granted"}},
		{"a grant ends", who(m, "08-31"), who(m, "09-01"), []string{"couldSign ci ended, signer-not-granted"}},
		{"nobody could sign any more", who(m, "09-30"), who(m, "10-01"), []string{"couldSign token ended, signer-role-changed", "controls release-policy altered quorum [2] to [1]", "gaps nobody-can-sign publisher-identity begun"}},
		{"who could revoke", who(m, "06-01"), who(load(t, changed(t, "{id: security, members: [{person: erin}]", "{id: security, members: [{person: erin}, {person: bob}]")), "06-01"),
			[]string{"couldRevoke ci altered people [erin] to [bob erin]", "couldRevoke token altered people [erin] to [bob erin]"}},
		{"who must block", who(m, "06-01"), who(load(t, changed(t, "mode: enforce", "mode: audit")), "06-01"), []string{"mustBlock gate altered mode [enforce] to [audit]", "gaps not-enforced enforcement production begun"}},
		{"who answers", who(m, "06-01"), who(load(t, changed(t, "accountable: security, responsible: [security], runbook: \"https://r.acme.test/7\"", "accountable: office, responsible: [security], runbook: \"https://r.acme.test/7\"")), "06-01"), []string{
			"controls monitoring altered accountable [security] to [office]", "controls monitoring altered paged [security] to [office]",
			"controls monitoring altered page [pager:security] to [pager:office]", "controls monitoring altered escalation [office] to []", "gaps escalation-broken monitoring begun",
		}},
		{"its tier", who(m, "06-01"), who(load(t, changed(t, "enforcement:\n", "tiers: [{id: critical, artifacts: [\"**\"]}]\nenforcement:\n")), "06-01"), []string{"artifact " + payments + " altered tier [] to [critical]"}},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			d := ownership.CompareWho(r.before, r.after)
			check(t, "changes", shortly(d), r.want)
			check(t, "artifact", d.Artifact+" "+d.Environment, payments+" production")
			back := shortly(ownership.CompareWho(r.after, r.before))
			check(t, "back", len(back), len(r.want))
		})
	}
}

// TestCompareDrawn: of drawn documents, no difference with itself, and none that is not told back.
func TestCompareDrawn(t *testing.T) {
	t.Parallel()
	told := 0
	for seed := range uint64(20) {
		m, other := load(t, draw(seed)), load(t, draw(seed+1))
		v, w := m.At(at(t, "05-01")), other.At(at(t, "06-01"))
		if changes := ownership.Compare(v, load(t, draw(seed)).At(at(t, "05-01"))).Changes; len(changes) > 0 {
			t.Fatalf("document %d differs from itself: %+v", seed, changes)
		}
		there, back := ownership.Compare(v, w).Changes, ownership.Compare(w, v).Changes
		for i := range back {
			c := &back[i]
			c.Before, c.After, c.PositionBefore, c.PositionAfter = c.After, c.Before, c.PositionAfter, c.PositionBefore
			switch c.What {
			case ownership.Begun:
				c.What = ownership.Ended
			case ownership.Ended:
				c.What = ownership.Begun
			}
		}
		order := func(a, b ownership.Changed) int {
			return strings.Compare(fmt.Sprint(a.Section, a.ID, a.Field, a.Before, a.After), fmt.Sprint(b.Section, b.ID, b.Field, b.Before, b.After))
		}
		slices.SortStableFunc(there, order)
		slices.SortStableFunc(back, order)
		check(t, fmt.Sprint("document ", seed), there, back)
		told += len(there)
	}
	if told < 500 {
		t.Errorf("only %d changes: too few to tell", told)
	}
}
