package pattern_test

import (
	"testing"

	"github.com/surety-dev/surety/internal/pattern"
)

func TestCovers(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		p, q string
		want bool
	}{
		{"**", "**", true},
		{"**", "pkg:generic/payments/**", true},
		{"**", "a", true},
		{"pkg:generic/**", "pkg:generic/payments/*", true},
		{"pkg:generic/**", "pkg:generic/payments/api", true},
		{"pkg:generic/payments/**", "pkg:generic/**", false},
		{"pkg:generic/payments/**", "pkg:generic/payments*/**", false},
		{"pkg:generic/pay*/**", "pkg:generic/payments*/**", true},
		{"pkg:generic/payments/**", "**", false},
		{"pkg:generic/payments/**", "pkg:generic/payments", false},
		{"a/**/b", "a/b", true},
		{"a/**/b", "a/*/b", true},
		{"a/**/b", "a/**/c/b", true},
		{"a/*/b", "a/**/b", false},
		{"a/**", "a/**/b", true},
		{"a/**/b", "a/**", false},
		{"*/**", "**", false}, // an empty first segment
		{"**/*", "**", false},
		{"a*", "ab*", true},
		{"ab*", "a*", false},
		{"*b", "a*cb", true},
		{"a*b", "a*", false},
		{"a*b*c", "a*b*c", true},
		{"a*b*c", "ab*bc", false}, // it does, and cannot be seen to
		{"*", "a*", true},
		{"*", "**", false},
		{"**", "*", true},
		{"a", "a", true},
		{"a", "b", false},
		{"a", "*", false},
	} {
		p, q := parse(t, row.p), parse(t, row.q)
		if got := p.Covers(q); got != row.want {
			t.Errorf("%s covers %s: %v, want %v", row.p, row.q, got, row.want)
		}
	}
	if parse(t, "**").Covers(pattern.Pattern{}) || (pattern.Pattern{}).Covers(parse(t, "a")) {
		t.Error("the zero Pattern covers or is covered")
	}
}

// FuzzCovers: what a pattern covers it matches, and what a pattern covers covers is covered.
func FuzzCovers(f *testing.F) {
	for _, seed := range [][3]string{
		{"**", "a/**", "a/b/c"}, {"a/**/b", "a/*/b", "a/x/b"}, {"**/a/**", "**/a/b/**", "a/b/c"}, {"a*", "ab*c", "abxc"}, {"**/**/x", "**/x", "x"}, {"*/**", "a*/**", "a/b"}, {"*", "*", ""},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, a, b, name string) {
		p, errP := pattern.Parse(a)
		q, errQ := pattern.Parse(b)
		if errP != nil || errQ != nil || len(a)+len(b)+len(name) > 200 {
			return
		}
		if !p.Covers(p) || !q.Covers(q) {
			t.Errorf("%q or %q does not cover itself", a, b)
		}
		if !p.Covers(q) {
			return
		}
		for _, s := range append(q.Samples(), name) {
			if q.Match(s) && !p.Match(s) {
				t.Errorf("%q covers %q and does not match %q", a, b, s)
			}
		}
		if _, ok := pattern.Overlap(p, q); !ok {
			t.Errorf("%q covers %q and does not overlap it", a, b)
		}
	})
}
