package ownership_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/surety-dev/surety/ownership"
)

func TestControls(t *testing.T) {
	t.Parallel()
	names := []string{"publisher-identity", "certificate-issuance", "key-lifecycle", "review-audit", "release-policy", "enforcement", "monitoring"}
	for i, name := range names {
		c, ok := ownership.ParseControl(name)
		if !ok || c.String() != name || int(c) != i+1 {
			t.Errorf("%s: %v %v", name, c, ok)
		}
		var upstream []string
		for _, u := range c.Upstream() {
			upstream = append(upstream, u.String())
		}
		check(t, name, strings.Join(upstream, " "), strings.Join(names[:i], " "))
	}
	if c, ok := ownership.ParseControl("Monitoring"); ok || c.String() != "none" || c.Upstream() != nil || ownership.Control(99).String() != "none" || ownership.Control(99).Upstream() != nil {
		t.Error("something else is a control")
	}
}

// TestControlPrecedence: "the most specific scope (longest literal prefix, then fewest
// wildcards) names the owner; a tie of different answers is control-unowned" (design
// §4.7), whatever the order of the document.
func TestControlPrecedence(t *testing.T) {
	t.Parallel()
	owned := func(scope, team string) string {
		return fmt.Sprintf("{control: monitoring, artifacts: [%q], accountable: %s}", scope, team)
	}
	rows := []struct {
		name     string
		controls []string
		artifact string
		want     string // empty: nobody
	}{
		{"nobody", []string{owned("b/**", "security")}, "a/x", ""},
		{"everything", []string{owned("**", "security")}, "a/x", "security"},
		{"the longer prefix", []string{owned("**", "security"), owned("a/**", "release")}, "a/x", "release"},
		{"the longer prefix, outside it", []string{owned("**", "security"), owned("a/**", "release")}, "b/x", "security"},
		{"nested three deep", []string{owned("**", "security"), owned("a/**", "security"), owned("a/b/**", "release")}, "a/b/x", "release"},
		{"a literal", []string{owned("a/x*", "security"), owned("a/x", "release")}, "a/x", "release"},
		{"fewer wildcards", []string{owned("a/*/*", "security"), owned("a/**", "release")}, "a/x/y", "release"},
		{"the prefix before the wildcards", []string{owned("a/x*/*", "release"), owned("a/**", "security")}, "a/xy/z", "release"},
		{"a tie of different answers", []string{owned("a/*/y", "security"), owned("a/x*y", "release"), owned("a/*/*y", "security")}, "a/x/y", "security"},
		{"one scope, two owners", []string{owned("a/**", "security"), owned("a/**", "release")}, "a/x", ""},
		{"overlapping, equally specific", []string{owned("a/*/y", "security"), owned("a/**", "release")}, "a/x/y", ""},
		{"overlapping, one owner", []string{owned("a/*/y", "security"), owned("a/**", "security")}, "a/x/y", "security"},
		{"a tie below a more specific one", []string{owned("**", "security"), owned("**", "release"), owned("a/**", "release")}, "a/x", "release"},
		{"one owner, two pages", []string{owned("a/**", "security"), "{control: monitoring, artifacts: [\"a/**\"], accountable: security, page: release}"}, "a/x", ""},
		{"the same responsible in another order", []string{
			"{control: monitoring, artifacts: [\"a/**\"], accountable: security, responsible: [release, security]}",
			"{control: monitoring, artifacts: [\"a/**\"], accountable: security, responsible: [security, release]}",
		}, "a/x", "security"},
		{"nobody accountable does not fall back", []string{owned("**", "security"), "{control: monitoring, artifacts: [\"a/**\"], responsible: [security]}"}, "a/x", ""},
		{"another control", []string{"{control: enforcement, artifacts: [\"**\"], accountable: security}"}, "a/x", ""},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			permute(r.controls, func(controls []string) {
				m := load(t, head+people+"controls:\n  - "+strings.Join(controls, "\n  - ")+"\n")
				o, ok := m.At(at(t, "06-01")).Control(ownership.Monitoring, r.artifact)
				if o.Accountable != r.want || ok != (r.want != "") {
					t.Errorf("%v: %+v %v, want %q", controls, o, ok, r.want)
				}
			})
		})
	}
	t.Run("no control", func(t *testing.T) {
		t.Parallel()
		m := load(t, head)
		for _, c := range []ownership.Control{0, ownership.Monitoring + 1} {
			if _, ok := m.At(at(t, "06-01")).Control(c, "a"); ok {
				t.Errorf("%d is owned", c)
			}
		}
	})
}

// permute calls f with every order of the items.
func permute(items []string, f func([]string)) {
	var next func(done, rest []string)
	next = func(done, rest []string) {
		if len(rest) == 0 {
			f(done)
		}
		for i := range rest {
			others := append(append([]string{}, rest[:i]...), rest[i+1:]...)
			next(append(append([]string{}, done...), rest[i]), others)
		}
	}
	next(nil, items)
}
