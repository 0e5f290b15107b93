package pattern_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/internal/pattern"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name, pattern, in string
		want              bool
	}{
		{"literal", "pkg:generic/payments/api@1", "pkg:generic/payments/api@1", true},
		{"literal is the whole string, not a prefix", "pkg:a", "pkg:a/b", false},
		{"literal is the whole string, not a suffix", "a/b", "x/a/b", false},
		{"case is never folded", "pkg:a", "pkg:A", false},
		{"NFC and NFD differ", "caf\u00e9", "cafe\u0301", false},
		{"a newline at the end is a byte like others", "refs/tags/v1", "refs/tags/v1\n", false},
		{"a dot is a dot", "a.b", "axb", false},
		{"at and colon are literal", "git@host:acme", "git@host:acme", true},

		{"star within a segment: some bytes", "v*", "v1.2", true},
		{"star within a segment: no bytes", "v*", "v", true},
		{"star never crosses a slash", "v*", "v1/2", false},
		{"star at the front", "*.yaml", "release.yaml", true},
		{"star at the front: no bytes", "*.yaml", ".yaml", true},
		{"stars around", "*rel*", "my-release", true},
		{"stars must not overlap the text they stand between", "ab*ba", "aba", false},
		{"first places are enough", "*a*ab", "aab", true},
		{"the same text twice", "a*a*a", "aa", false},
		{"star matches a newline", "v*", "v1\n", true},

		{"star alone: one byte or more", "refs/tags/*", "refs/tags/v1", true},
		{"star alone: not none", "refs/tags/*", "refs/tags/", false},
		{"star alone: not two segments", "refs/*", "refs/tags/v1", false},
		{"star alone in the middle", "a/*/c", "a/b/c", true},
		{"star alone in the middle: not none", "a/*/c", "a//c", false},
		{"star alone is the whole pattern", "*", "x", true},
		{"star alone is the whole pattern: not empty", "*", "", false},
		{"star alone is the whole pattern: one segment", "*", "x/y", false},

		{"final double star: one segment", "a/**", "a/b", true},
		{"final double star: many", "a/**", "a/b/c/d", true},
		{"final double star: not none", "a/**", "a", false},
		{"final double star keeps to the boundary", "a/**", "ab/c", false},
		{"double star is all", "**", "pkg:generic/x@1", true},
		{"double star is all: one segment", "**", "x", true},
		{"inner double star: none", "a/**/z", "a/z", true},
		{"inner double star: one", "a/**/z", "a/b/z", true},
		{"inner double star: many", "a/**/z", "a/b/c/z", true},
		{"inner double star: the end must fit", "a/**/z", "a/b/c", false},
		{"inner double star needs the boundary", "a/**/z", "a/bz", false},
		{"leading double star: none", "**/z", "z", true},
		{"leading double star: many", "**/z", "a/b/z", true},
		{"two double stars", "**/b/**", "a/b/c", true},
		{"two double stars: the last needs one", "**/b/**", "a/b", false},
		{"two double stars: back to the later b", "**/b/**", "b/b", true},
		{"double star twice at the end", "a/**/**", "a/b", true},
		{"double star twice at the end: not none", "a/**/**", "a", false},
		{"double star then star", "a/**/*", "a/b", true},
		{"double star then star: not none", "a/**/*", "a", false},
		{"empty segments are segments", "https://**", "https://github.com/acme", true},
		{"empty segments are segments, inner", "a/**/z", "a//z", true},

		{"the workflow of a repository", "https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/*", "https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/v1", true},
		{"a tag with a slash is another tag", "https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/*", "https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/v1/x", false},
		{"a version", "pkg:bazel/aspect_rules_lint@*", "pkg:bazel/aspect_rules_lint@1.3.1", true},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			p, err := pattern.Parse(r.pattern)
			if err != nil {
				t.Fatal(err)
			}
			if got := p.Match(r.in); got != r.want {
				t.Errorf("%q on %q: %v, want %v", r.pattern, r.in, got, r.want)
			}
			if want := oracle(r.pattern, r.in); want != r.want {
				t.Errorf("the oracle says %v for %q on %q", want, r.pattern, r.in)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	rows := []struct{ name, in, want string }{
		{"empty", "", "an empty pattern: expected at least one character"},
		{"question mark", "a?", `"?" in a pattern: expected only * and ** as wildcards`},
		{"class", "[^x]", `"[" in a pattern: expected only * and ** as wildcards`},
		{"end of a class", "x]", `"]" in a pattern: expected only * and ** as wildcards`},
		{"alternatives", "{a,b}", `"{" in a pattern: expected only * and ** as wildcards`},
		{"end of alternatives", "a}", `"}" in a pattern: expected only * and ** as wildcards`},
		{"backslash", `a\*`, `"\\" in a pattern: expected only * and ** as wildcards`},
		{"double star before text", "a/**b", `** beside other characters in "**b": expected ** as a whole segment`},
		{"double star after text", "a**", `** beside other characters in "a**": expected ** as a whole segment`},
		{"three stars", "a/***", `** beside other characters in "***": expected ** as a whole segment`},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			p, err := pattern.Parse(r.in)
			if err == nil || err.Error() != r.want {
				t.Errorf("Parse(%q): %v, want %s", r.in, err, r.want)
			}
			if p.Match(r.in) || p.Match("") || p.Match("a") {
				t.Error("what was refused matches")
			}
		})
	}
}

func TestZeroPatternMatchesNothing(t *testing.T) {
	t.Parallel()
	var p pattern.Pattern
	if p.Match("") || p.Match("a") || p.Literal() || p.LiteralSegments(0) {
		t.Error("the zero pattern matches or claims to be literal")
	}
}

func TestShape(t *testing.T) {
	t.Parallel()
	type shape struct {
		Literal   bool
		Prefix    string
		Wildcards int
		Segments  [5]bool // LiteralSegments(0..4)
	}
	rows := []struct {
		name, in string
		want     shape
	}{
		{"a literal", "https://github.com/acme", shape{true, "https://github.com/acme", 0, [5]bool{true, true, true, true, true}}},
		{"an owner", "https://github.com/acme/*", shape{false, "https://github.com/acme/", 1, [5]bool{true, true, true, true, true}}},
		{"nobody", "https://github.com/*/*", shape{false, "https://github.com/", 2, [5]bool{true, true, true, true, false}}},
		{"an owner that only begins with text", "https://github.com/acme*/x", shape{false, "https://github.com/acme", 1, [5]bool{true, true, true, true, false}}},
		{"too few segments", "acme", shape{true, "acme", 0, [5]bool{true, true, false, false, false}}},
		{"everything", "**", shape{false, "", 1, [5]bool{true, false, false, false, false}}},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			p := must(t, r.in)
			got := shape{Literal: p.Literal(), Prefix: p.Prefix(), Wildcards: p.Wildcards()}
			for n := range got.Segments {
				got.Segments[n] = p.LiteralSegments(n)
			}
			if diff := cmp.Diff(r.want, got); diff != "" {
				t.Error(diff)
			}
			if p.String() != r.in {
				t.Errorf("String gives %q", p)
			}
		})
	}
}

// TestIndexAgreesWithLinearScan adds many patterns and asks for many names; the
// index must find exactly what trying each pattern finds.
func TestIndexAgreesWithLinearScan(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"a", "b", "ab", "*", "**", "a*", "*b", ""}
	var x pattern.Index[int]
	var all []pattern.Pattern
	for len(all) < 600 {
		p, err := pattern.Parse(join(rng, pieces))
		if err != nil {
			continue
		}
		x.Add(p, len(all))
		all = append(all, p)
	}
	for range 2000 {
		s := join(rng, []string{"a", "b", "ab", "ba", "aab", ""})
		var want, got []int
		for i, p := range all {
			if p.Match(s) {
				want = append(want, i)
			}
		}
		x.Lookup(s, func(p pattern.Pattern, i int) bool {
			if p.String() != all[i].String() {
				t.Errorf("pattern %s came with the value of %s", p, all[i])
			}
			got = append(got, i)
			return true
		})
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("on %q: %v, want %v", s, got, want)
		}
	}
}

func TestIndexStopsWhenAsked(t *testing.T) {
	t.Parallel()
	var x pattern.Index[int]
	x.Add(must(t, "a"), 1)
	x.Add(must(t, "*"), 2)
	x.Add(pattern.Pattern{}, 3)
	var got []int
	x.Lookup("a", func(_ pattern.Pattern, v int) bool {
		got = append(got, v)
		return false
	})
	if !slices.Equal(got, []int{2}) {
		t.Errorf("found %v, want the shortest prefix only", got)
	}
}

// TestLongStringsTakeLinearTime holds the bound that keeps a stranger's name
// from stopping a judgement.
func TestLongStringsTakeLinearTime(t *testing.T) {
	t.Parallel()
	p := must(t, strings.Repeat("**/a*a*a*b/", 30)+"z")
	s := strings.Repeat(strings.Repeat("a", 50)+"/", 2000)
	start := time.Now()
	if p.Match(s) {
		t.Error("matches")
	}
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("took %v", d)
	}
}

func FuzzMatch(f *testing.F) {
	for _, s := range []string{"a/**/b", "**", "*a*/**/*", "a", "a/*", "**/**"} {
		f.Add(s, "a/b")
		f.Add(s, "a/x/b/")
	}
	f.Fuzz(func(t *testing.T, pat, s string) {
		if len(pat) > 30 || len(s) > 40 {
			t.Skip()
		}
		p, err := pattern.Parse(pat)
		if err != nil {
			return
		}
		if got, want := p.Match(s), oracle(pat, s); got != want {
			t.Errorf("%q on %q: %v, the oracle says %v", pat, s, got, want)
		}
		if p.Match(s) && !strings.HasPrefix(s, p.Prefix()) {
			t.Errorf("%q matches %q, which does not begin with its prefix", pat, s)
		}
		var x pattern.Index[int]
		x.Add(p, 1)
		found := false
		x.Lookup(s, func(pattern.Pattern, int) bool { found = true; return true })
		if found != p.Match(s) {
			t.Errorf("the index disagrees on %q and %q", pat, s)
		}
	})
}

func BenchmarkLookup(b *testing.B) {
	for _, n := range []int{10, 1000, 100_000} {
		var x pattern.Index[int]
		for i := range n {
			p, err := pattern.Parse(fmt.Sprintf("pkg:generic/payments-%06d@*", i))
			if err != nil {
				b.Fatal(err)
			}
			x.Add(p, i)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				x.Lookup("pkg:generic/payments-000007@1.2.3", func(pattern.Pattern, int) bool { return true })
			}
		})
	}
}

// oracle is the design's sentence, read word by word, with no care for speed.
func oracle(pat, s string) bool {
	return oracleSegments(strings.Split(pat, "/"), strings.Split(s, "/"))
}

func oracleSegments(pat, s []string) bool {
	switch {
	case len(pat) == 0:
		return len(s) == 0
	case pat[0] == "**" && len(pat) == 1:
		return len(s) >= 1 // at the end one or more segments
	case pat[0] == "**":
		for i := 0; i <= len(s); i++ { // elsewhere zero or more
			if oracleSegments(pat[1:], s[i:]) {
				return true
			}
		}
		return false
	case len(s) == 0:
		return false
	case pat[0] == "*":
		return s[0] != "" && oracleSegments(pat[1:], s[1:])
	}
	return oracleBytes(pat[0], s[0]) && oracleSegments(pat[1:], s[1:])
}

func oracleBytes(pat, s string) bool {
	if pat == "" {
		return s == ""
	}
	if pat[0] == '*' {
		for i := 0; i <= len(s); i++ {
			if oracleBytes(pat[1:], s[i:]) {
				return true
			}
		}
		return false
	}
	return s != "" && s[0] == pat[0] && oracleBytes(pat[1:], s[1:])
}

func must(t *testing.T, s string) pattern.Pattern {
	t.Helper()
	p, err := pattern.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func join(rng *rand.Rand, pieces []string) string {
	parts := make([]string, 1+rng.IntN(4))
	for i := range parts {
		parts[i] = pieces[rng.IntN(len(pieces))]
	}
	return strings.Join(parts, "/")
}
