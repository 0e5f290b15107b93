package ownership_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/surety-dev/surety/internal/pattern"
	"github.com/surety-dev/surety/ownership"
)

// releasing is an entry for the release policy.
func releasing(scope, team, more string) string {
	return fmt.Sprintf("{control: release-policy, artifacts: [%s], accountable: %s%s}", scope, team, more)
}

// TestGovernanceWhole: who owns a control over all a pattern matches.
func TestGovernanceWhole(t *testing.T) {
	t.Parallel()
	for _, r := range []struct {
		name     string
		controls []string
		scope    string
		want     string // team and quorum; empty: nobody
	}{
		{"everything", []string{releasing(`"**"`, "security", "")}, "**", "security 0"},
		{"a part does not answer for the whole", []string{releasing(`"a/**"`, "release", "")}, "**", ""},
		{"parts together do not either", []string{releasing(`"*", "*/**"`, "release", "")}, "**", ""},
		{"a part beside the whole", []string{releasing(`"**"`, "security", ""), releasing(`"a/**"`, "release", "")}, "**", "security 0"},
		{"the most specific that covers it", []string{releasing(`"**"`, "security", ""), releasing(`"a/**"`, "release", "")}, "a/b/*", "release 0"},
		{"one that covers it in part", []string{releasing(`"**"`, "security", ""), releasing(`"a/b/**"`, "release", "")}, "a/**", "security 0"},
		{"a tie", []string{releasing(`"**"`, "security", ""), releasing(`"**"`, "release", "")}, "**", ""},
		{"one team twice", []string{releasing(`"**"`, "security", ", quorum: 2"), releasing(`"**"`, "security", ", quorum: 3")}, "**", "security 3"},
		{"one that does not hold", []string{releasing(`"**"`, "security", ""), releasing(`"a/**"`, "release", ", until: 2026-05-01T00:00:00Z")}, "a/**", "security 0"},
		{"one that names nobody", []string{releasing(`"**"`, "security", ""), `{control: release-policy, artifacts: ["a/**"]}`}, "a/**", ""},
		{"another control", []string{`{control: monitoring, artifacts: ["**"], accountable: security}`}, "**", ""},
		{"no pattern", []string{releasing(`"**"`, "security", "")}, "a**", ""},
		{"wildcards on both sides of a word", []string{releasing(`"**"`, "security", ""), releasing(`"a/*pay*/**"`, "release", "")}, "a/payments*/**", "release 0"},
		{"more wildcards than one within a word", []string{releasing(`"**"`, "security", ""), releasing(`"a/p*y*s/**"`, "release", "")}, "a/pay*ments/**", "release 0"},
		{"a literal", []string{releasing(`"a/*"`, "security", "")}, "a/b", "security 0"},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			permute(r.controls, func(controls []string) {
				m := load(t, head+people+"controls:\n  - "+strings.Join(controls, "\n  - ")+"\n")
				got := ""
				if o, ok := m.Governance(ownership.ReleasePolicy, r.scope).Whole(at(t, "06-01")); ok {
					got = fmt.Sprintf("%s %d", o.Accountable, o.Quorum)
				}
				check(t, r.name, got, r.want)
			})
		})
	}
}

// TestGovernanceParts: who owns a control over a part of what a pattern matches.
func TestGovernanceParts(t *testing.T) {
	t.Parallel()
	all := releasing(`"**"`, "security", "")
	for _, r := range []struct {
		name     string
		controls []string
		scope    string
		want     string // pattern and team of each
	}{
		{"none", []string{all}, "a/**", ""},
		{"one below", []string{all, releasing(`"a/b/**"`, "release", "")}, "a/**", "a/b/** release"},
		{"one beside", []string{all, releasing(`"b/**"`, "release", "")}, "a/**", ""},
		{"one across", []string{all, releasing(`"a/b/**"`, "release", "")}, "*/b/**", "a/b/** release"},
		{"one across, less specific than the whole", []string{releasing(`"a/b/**"`, "release", ""), releasing(`"a/*/c"`, "security", "")}, "a/b/**", ""},
		{"one across, as specific as the whole", []string{releasing(`"a/*/**"`, "release", ""), releasing(`"a/**/c"`, "security", "")}, "a/*/**", "a/**/c security"},
		{"one that covers it", []string{all, releasing(`"a/**"`, "release", "")}, "a/b/**", ""},
		{"two below, one of them below the other", []string{all, releasing(`"a/b/c"`, "release", ""), releasing(`"a/b/**"`, "security", "")}, "a/**", "a/b/** security, a/b/c release"},
		{"one that names nobody", []string{all, `{control: release-policy, artifacts: ["a/b"]}`}, "a/**", "a/b "},
		{"a tie", []string{all, releasing(`"a/b"`, "release", ""), releasing(`"a/b"`, "security", "")}, "a/**", "a/b "},
		{"one that does not hold", []string{all, releasing(`"a/b"`, "release", ", until: 2026-05-01T00:00:00Z")}, "a/**", ""},
		{"the whole has no owner", []string{releasing(`"a/b"`, "release", "")}, "a/**", ""},
		{"no pattern", []string{all, releasing(`"a/b"`, "release", "")}, "a**", ""},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			permute(r.controls, func(controls []string) {
				m := load(t, head+people+"controls:\n  - "+strings.Join(controls, "\n  - ")+"\n")
				var got []string
				for _, p := range m.Governance(ownership.ReleasePolicy, r.scope).Parts(at(t, "06-01")) {
					got = append(got, p.Scope+" "+p.Ownership.Accountable)
				}
				check(t, r.name, strings.Join(got, ", "), r.want)
			})
		})
	}
}

// TestGovernanceLeavesNobodyOut: whoever owns a control for a name is among the owners of the whole and of the
// parts of each pattern that matches it; and where one name has no owner one of them has none, or two of the
// parts are as specific.
func TestGovernanceLeavesNobodyOut(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 6))
	parts := []string{"a", "b", "ab", "*", "**", "a*", "*b", "*a*"}
	scope := func() string {
		var s []string
		for range 1 + rng.IntN(3) {
			s = append(s, parts[rng.IntN(len(parts))])
		}
		return strings.Join(s, "/")
	}
	var names []string
	for _, x := range []string{"a", "b", "ab", "ba", "c"} {
		for _, y := range []string{"", "/a", "/b", "/ab", "/ba", "/c"} {
			names = append(names, x+y, x+y+"/a", x+y+"/ab")
		}
	}
	three := strings.Replace(people, "workloads:", "  - {id: office, members: [{person: bob}]}\nworkloads:", 1)
	when, seen := at(t, "06-01"), map[string]int{}
	for range 400 {
		controls := []string{releasing(`"**"`, "security", "")}
		for range rng.IntN(4) {
			controls = append(controls, releasing(`"`+scope()+`"`, []string{"release", "office", "security"}[rng.IntN(3)], ""))
		}
		m := load(t, head+three+"controls:\n  - "+strings.Join(controls, "\n  - ")+"\n")
		text := scope()
		whole, err := pattern.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		g := m.Governance(ownership.ReleasePolicy, text)
		var teams []string
		owner, some := g.Whole(when)
		if some {
			teams = append(teams, owner.Accountable)
		}
		for _, p := range g.Parts(when) {
			teams = append(teams, p.Ownership.Accountable)
		}
		for _, name := range names {
			if !some || !whole.Match(name) {
				continue
			}
			o, ok := m.At(when).Control(ownership.ReleasePolicy, name)
			seen[fmt.Sprint(ok, o.Accountable == owner.Accountable)]++
			if ok && !slices.Contains(teams, o.Accountable) {
				t.Errorf("%s of %s: %s answers and is none of %q: %q", name, text, o.Accountable, teams, controls)
			}
			if !ok && len(teams) < 2 {
				t.Errorf("%s of %s: nobody answers, and the owners are %q: %q", name, text, teams, controls)
			}
		}
	}
	if seen["true true"] < 100 || seen["true false"] < 100 || seen["false false"] < 20 {
		t.Errorf("too little was tried: %v", seen)
	}
}
