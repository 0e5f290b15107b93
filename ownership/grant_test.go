package ownership_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/surety-dev/surety/ownership"
)

// TestMay: "a grant must fit in duty, artifact, predicate, builder and interval at
// once" (design §4.7).
func TestMay(t *testing.T) {
	t.Parallel()
	m := load(t, head+people+`grants:
  - {to: pipeline, may: [build, release], artifacts: ["pkg:a/**", "pkg:b/**"], predicates: ["https://slsa.dev/provenance/*"], builders: ["https://github.com/actions/runner/*"], from: 2026-02-01T00:00:00Z, until: 2026-06-01T00:00:00Z}
  - {to: pipeline, may: [build], artifacts: ["pkg:a/api"], predicates: ["https://other"]}
  - {to: tests, may: [attest], artifacts: ["**"]}
  - {to: release, may: [approve], artifacts: ["pkg:a/**"]}
  - {to: bob, may: [review], artifacts: ["pkg:a/**"]}
  - {to: bob, may: [approve], artifacts: ["pkg:c/**"], until: 2026-02-01T00:00:00Z}
`)
	set := func(duties ...ownership.Duty) (s ownership.Duties) {
		for _, d := range duties {
			s = s.Add(d)
		}
		return s
	}
	const runner, provenance = "https://github.com/actions/runner/github-hosted", "https://slsa.dev/provenance/v1"
	build := ownership.Use{Artifact: "pkg:a/api", Predicate: provenance, Builder: runner, IsBuild: true}
	but := func(change func(*ownership.Use)) ownership.Use { u := build; change(&u); return u }
	approval := ownership.Use{Artifact: "pkg:a/api", Predicate: "approval"}
	granted := ownership.Permission{Duties: set(ownership.Build, ownership.Release)}
	rows := []struct {
		name, who string
		use       ownership.Use
		t         string
		want      ownership.Permission
	}{
		{"all fits", "pipeline", build, "02-01", granted},
		{"the other pattern of one grant", "pipeline", but(func(u *ownership.Use) { u.Artifact = "pkg:b/x/y" }), "02-01", granted},
		{"another artifact", "pipeline", but(func(u *ownership.Use) { u.Artifact = "pkg:c/x" }), "02-01", ownership.Permission{}},
		{"another predicate", "pipeline", but(func(u *ownership.Use) { u.Predicate = "https://slsa.dev/provenance/v1/x" }), "02-01", ownership.Permission{}},
		{"another builder", "pipeline", but(func(u *ownership.Use) { u.Builder = "https://evil" }), "02-01", ownership.Permission{ButBuilder: set(ownership.Build, ownership.Release)}},
		{"no builder", "pipeline", but(func(u *ownership.Use) { u.Builder = "" }), "02-01", ownership.Permission{ButBuilder: set(ownership.Build, ownership.Release)}},
		{"builders do not matter but of provenance", "pipeline", but(func(u *ownership.Use) { u.Builder, u.IsBuild = "", false }), "02-01", granted},
		{"no builders listed: any", "pipeline", ownership.Use{Artifact: "pkg:a/api", Predicate: "https://other", Builder: "https://evil", IsBuild: true}, "02-01", ownership.Permission{Duties: set(ownership.Build)}},
		{"one grant's predicate does not help another's artifact", "pipeline", ownership.Use{Artifact: "pkg:b/api", Predicate: "https://other", Builder: runner, IsBuild: true}, "02-01", ownership.Permission{}},
		{"before the grant", "pipeline", build, "01-31T23:59:59", ownership.Permission{ButTime: set(ownership.Build, ownership.Release)}},
		{"the grant's last second", "pipeline", build, "05-31T23:59:59", granted},
		{"the grant's end", "pipeline", build, "06-01", ownership.Permission{ButTime: set(ownership.Build, ownership.Release)}},
		{"two things wrong explain nothing", "pipeline", but(func(u *ownership.Use) { u.Builder = "" }), "06-01", ownership.Permission{}},
		{"no predicates listed: any", "tests", ownership.Use{Artifact: "x", Predicate: "whatever"}, "02-01", ownership.Permission{Duties: set(ownership.Attest)}},
		{"a member, and a grant of his own", "bob", approval, "02-01", ownership.Permission{Duties: set(ownership.Approve, ownership.Review)}},
		{"a member", "alice", approval, "02-28T23:59:59", ownership.Permission{Duties: set(ownership.Approve)}},
		{"no longer a member", "alice", approval, "03-01", ownership.Permission{ButRole: set(ownership.Approve)}},
		{"left", "bob", approval, "04-01", ownership.Permission{}},
		{"never a member", "pipeline", approval, "02-01", ownership.Permission{}},
		{"an expired grant of a person", "bob", ownership.Use{Artifact: "pkg:c/x"}, "02-01", ownership.Permission{ButTime: set(ownership.Approve)}},
		{"somebody unknown", "zoe", approval, "02-01", ownership.Permission{}},
		{"a team is nobody", "release", approval, "02-01", ownership.Permission{}},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			check(t, r.who, m.At(at(t, r.t)).May(r.who, r.use), r.want)
		})
	}
}

func TestKeysFor(t *testing.T) {
	t.Parallel()
	text := head + people + `grants:
  - {to: pipeline, may: [build], artifacts: ["pkg:a/**"]}
  - {to: release, may: [approve], artifacts: ["pkg:a/*"], until: 2026-02-01T00:00:00Z}
  - {to: tests, may: [attest], artifacts: ["pkg:b/**"]}
credentials:
`
	for i, holder := range []string{"pipeline", "pipeline", "alice", "bob", "tests", "signco", "[tests, bob]"} {
		text += fmt.Sprintf("  - {id: k%d, holder: %s, key: {pem: %s}, %s}\n", i, holder, inline(t, i), active)
	}
	text += "  - {id: i, holder: pipeline, identity: {issuer: i, subject: s}, " + active + "}\n"
	m := load(t, text)
	rows := []struct {
		name, artifact string
		max            int
		want           []int
	}{
		{"holders and members, whenever", "pkg:a/x", 64, []int{0, 1, 2, 3, 6}},
		{"only one of the grants", "pkg:a/x/y", 64, []int{0, 1}},
		{"one of several holders", "pkg:b/x", 64, []int{4, 6}},
		{"nobody", "pkg:c/x", 64, nil},
		{"at most so many", "pkg:a/x", 2, []int{0, 1, 2, 3, 6}},
		{"none asked for", "pkg:a/x", 0, nil},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			var want []ownership.Fingerprint
			for _, n := range r.want {
				want = append(want, fingerprint(t, key(n)))
			}
			slices.SortFunc(want, func(a, b ownership.Fingerprint) int { return bytes.Compare(a[:], b[:]) })
			var got []ownership.Fingerprint
			for _, k := range m.KeysFor(r.artifact, r.max) {
				got = append(got, k.Fingerprint)
				if f := fingerprint(t, k.Public); f != k.Fingerprint {
					t.Error("a key with another fingerprint")
				}
			}
			check(t, "keys", got, want[:min(r.max, len(want))])
		})
	}
}

// TestKeysForKeepsTheFirst: with more keys than are kept, those given are the first by
// fingerprint of all.
func TestKeysForKeepsTheFirst(t *testing.T) {
	t.Parallel()
	const n = 400
	text := head + people + "grants:\n  - {to: pipeline, may: [build], artifacts: [\"**\"]}\n  - {to: tests, may: [build], artifacts: [\"**\"]}\n  - {to: bob, may: [build], artifacts: [\"a/**\"]}\ncredentials:\n"
	holders := []string{"pipeline", "tests", "bob"}
	var want []ownership.Fingerprint
	for i := range n {
		text += fmt.Sprintf("  - {id: k%d, holder: %s, key: {pem: %s}, %s}\n", i, holders[i%3], inline(t, i), active)
		want = append(want, fingerprint(t, key(i)))
	}
	slices.SortFunc(want, func(a, b ownership.Fingerprint) int { return bytes.Compare(a[:], b[:]) })
	for _, most := range []int{64, 65, ownership.MaxKeys, 10_000} {
		got := load(t, text).KeysFor("a/x", most)
		if len(got) != min(most, ownership.MaxKeys) {
			t.Fatalf("%d keys of %d", len(got), most)
		}
		for i, k := range got {
			if k.Fingerprint != want[i] {
				t.Fatalf("key %d of %d is another", i, most)
			}
		}
	}
}

func TestDuties(t *testing.T) {
	t.Parallel()
	var all ownership.Duties
	names := []string{"build", "review", "approve", "release", "deploy", "except", "revoke", "attest", "witness"}
	for i, name := range names {
		d, ok := ownership.ParseDuty(name)
		if !ok || d.String() != name || int(d) != i+1 || all.Has(d) {
			t.Errorf("%s: %v %v", name, d, ok)
		}
		all = all.Add(d)
		if !all.Has(d) {
			t.Errorf("%s is not in the set", name)
		}
	}
	for i, d := range all.List() {
		check(t, "list", d.String(), names[i])
	}
	if d, ok := ownership.ParseDuty("Build"); ok || d != 0 || d.String() != "none" {
		t.Error("another case is a duty")
	}
	if all.Has(0) || ownership.Duties(0).Add(0) != 0 || ownership.Duties(0).List() != nil || ownership.Duty(200).String() != "none" {
		t.Error("the zero duty is one")
	}
}

func TestInterval(t *testing.T) {
	t.Parallel()
	day := func(d int) time.Time { return time.Date(2026, 1, d, 0, 0, 0, 0, time.UTC) }
	rows := []struct {
		name     string
		interval ownership.Interval
		in       [4]bool // on day 1, 2, 3, 4
	}{
		{"open", ownership.Interval{}, [4]bool{true, true, true, true}},
		{"from is in", ownership.Interval{From: day(2)}, [4]bool{false, true, true, true}},
		{"until is out", ownership.Interval{Until: day(3)}, [4]bool{true, true, false, false}},
		{"both", ownership.Interval{From: day(2), Until: day(3)}, [4]bool{false, true, false, false}},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			for i, want := range r.in {
				if r.interval.Contains(day(i+1)) != want {
					t.Errorf("day %d: %v", i+1, !want)
				}
			}
		})
	}
}
