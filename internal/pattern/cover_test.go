package pattern_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

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
		{"a*b*c", "ab*bc", true},
		{"a*b*c", "a*bc", true},
		{"a*b*c", "a*c", false},
		{"*a*b*", "*ab*", true},
		{"*pay*/**", "payments*/**", true},
		{"pkg:generic/*pay*/**", "pkg:generic/payments*/**", true},
		{"pkg:generic/p*y*s/**", "pkg:generic/pay*ments/**", true},
		{"pkg:*/payments/**", "pkg:generic/payments/**", true},
		{"**/*/a", "*/**/a", false}, // an empty segment before the last
		{"**/*/**/a", "*/**/a", true},
		{"*/**/**", "*/**", true},
		{"**/a/**/b", "**/a/*/b", true},
		{"**/a/*/b", "**/a/**/b", false},
		{"**/**", "**", true},
		{"**", "**/**", true},
		{"*", "*b*", true},
		{"**/", "*/", true},
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

// TestCoversAgainstAll: a pattern covers another if and only if it matches every name that the other does, of
// all names of up to six short segments.
func TestCoversAgainstAll(t *testing.T) {
	t.Parallel()
	join := func(parts []string, most int) []string {
		all, from := slices.Clone(parts), 0
		for range most - 1 {
			end := len(all)
			for _, s := range all[from:end] {
				for _, part := range parts {
					all = append(all, s+"/"+part)
				}
			}
			from = end
		}
		return all
	}
	for _, r := range []struct {
		name  string
		parts []string // of patterns, of up to so many
		most  int
		words []string // of names; c is in no pattern
		long  int
	}{
		{"steps", []string{"", "a", "*", "**", "a*"}, 4, []string{"", "a", "c", "ac"}, 6},
		{"within a segment", []string{"a", "*", "a*", "*a", "*a*", "a*b", "*b*a", "ab*", "a*a*", "*ab*", "a*b*a", "ab*ba", "*a*b*", "abba"}, 1, globs("abc", 7), 1},
		{"both", []string{"a*b", "*b*", "b", "**"}, 3, globs("abc", 2), 4},
	} {
		var patterns []pattern.Pattern
		var matched [][]uint64
		names := join(append(slices.Clone(r.words), ""), r.long)
		slices.Sort(names)
		names = slices.Compact(names)
		for _, text := range join(r.parts, r.most) {
			p, err := pattern.Parse(text)
			if err != nil {
				continue // the empty one
			}
			set := make([]uint64, len(names)/64+1)
			for i, name := range names {
				if p.Match(name) {
					set[i/64] |= 1 << (i % 64)
				}
			}
			patterns, matched = append(patterns, p), append(matched, set)
		}
		yes := 0
		for i, p := range patterns {
			for j, q := range patterns {
				want := true
				for k := range matched[j] {
					want = want && matched[j][k]&^matched[i][k] == 0
				}
				if p.Covers(q) != want {
					t.Errorf("%s: %q covers %q: %v", r.name, p, q, !want)
				}
				if want {
					yes++
				}
			}
		}
		if yes <= len(patterns) || yes > len(patterns)*len(patterns)*9/10 {
			t.Errorf("%s: %d of %d patterns' pairs cover", r.name, yes, len(patterns))
		}
	}
}

// globs are all words of letters up to a length.
func globs(letters string, length int) []string {
	all, from := []string{""}, 0
	for range length {
		end := len(all)
		for _, s := range all[from:end] {
			for _, c := range letters {
				all = append(all, s+string(c))
			}
		}
		from = end
	}
	return all
}

// TestLimits: a pattern may be so long and so deep and no more, and the longest and deepest are compared in a moment.
func TestLimits(t *testing.T) {
	t.Parallel()
	for _, r := range []struct{ name, text, limit string }{
		{"the longest", strings.Repeat("a", pattern.MaxBytes-1) + "*", ""},
		{"one longer", strings.Repeat("a", pattern.MaxBytes) + "*", "pattern-bytes"},
		{"the longest without wildcards", strings.Repeat("a", pattern.MaxBytes), ""},
		{"one longer without wildcards", strings.Repeat("a", pattern.MaxBytes+1), "pattern-bytes"},
		{"the deepest", strings.Repeat("a/", pattern.MaxSegments-1) + "**", ""},
		{"one deeper", strings.Repeat("a/", pattern.MaxSegments) + "**", "pattern-segments"},
		{"one deeper without wildcards", strings.Repeat("a/", pattern.MaxSegments) + "a", "pattern-segments"},
	} {
		_, err := pattern.Parse(r.text)
		var limit *pattern.LimitError
		switch {
		case r.limit == "":
			if err != nil {
				t.Errorf("%s: %v", r.name, err)
			}
		case !errors.As(err, &limit) || limit.Limit != r.limit || !strings.Contains(err.Error(), fmt.Sprintf("%s: at most %d", r.limit, limit.Max)):
			t.Errorf("%s: %v, want one over the limit %s", r.name, err, r.limit)
		}
	}
	var hard []pattern.Pattern
	for _, part := range []string{"**/", "*/", "/", "a/", "**/*/", "**//", "*//a/", "**/*//*/"} {
		hard = append(hard, parse(t, strings.Repeat(part, (pattern.MaxSegments-1)/strings.Count(part, "/"))+"**"))
	}
	half := strings.Repeat("*//", 15)
	hard = append(hard, parse(t, "**/"+half+half+"**"), parse(t, half+"**/"+half+"**"), parse(t, strings.Repeat("*a", pattern.MaxBytes/2)), parse(t, strings.Repeat("a*", pattern.MaxBytes/2)))
	began := time.Now()
	for _, p := range hard {
		for _, q := range hard {
			_, both := pattern.Overlap(p, q)
			if p.Covers(q) && (!both || contradicted(p, q)) {
				t.Errorf("%.20s does not cover %.20s", p, q)
			}
		}
	}
	if d := time.Since(began); d > 20*time.Second { // it is well under one
		t.Errorf("%s for %d pairs", d, len(hard)*len(hard))
	}
}

// contradicted reports whether a sample of q is none of p's.
func contradicted(p, q pattern.Pattern) bool {
	return slices.ContainsFunc(q.Samples(), func(s string) bool { return !p.Match(s) })
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
