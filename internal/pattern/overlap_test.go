package pattern_test

import (
	"strings"
	"testing"

	"github.com/surety-dev/surety/internal/pattern"
)

func parse(t testing.TB, s string) pattern.Pattern {
	t.Helper()
	p, err := pattern.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestOverlap(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		p, q string
		want bool
	}{
		{"a", "a", true},
		{"a", "b", false},
		{"**", "**", true},
		{"**", "a/b/c", true},
		{"*", "a/b", false},
		{"a/**", "a", false},
		{"a/**", "a/b", true},
		{"**/a", "a", true},
		{"**/a", "b", false},
		{"a/**/z", "a/z", true},
		{"a/**/z", "**/y/**", true},
		{"a/**/z", "**/y", false},
		{"a*", "*b", true},
		{"a*b", "a*c", false},
		{"ab*", "b*", false},
		{"x*y*z", "xa*z", true},
		{"a/*/x", "a/x/*", true},
		{"a/*/x", "a/*/y", false},
		{"pkg:generic/payments/**", "pkg:generic/*/api@1", true},
		{"pkg:generic/payments/**", "pkg:generic/billing/**", false},
		{"https://github.com/acme/**", "**/*@refs/heads/x", true},
		{"https://github.com/acme/r/w.yaml@refs/tags/*", "**/*@refs/heads/x", false},
		{"*@acme.test", "**/*@refs/heads/x", false},
	} {
		t.Run(tt.p+" and "+tt.q, func(t *testing.T) {
			t.Parallel()
			p, q := parse(t, tt.p), parse(t, tt.q)
			for _, pair := range [][2]pattern.Pattern{{p, q}, {q, p}} {
				s, ok := pattern.Overlap(pair[0], pair[1])
				if ok != tt.want {
					t.Fatalf("overlap %t (%q), want %t", ok, s, tt.want)
				}
				if ok && (!p.Match(s) || !q.Match(s)) {
					t.Errorf("%q does not match both", s)
				}
			}
		})
	}
	if s, ok := pattern.Overlap(pattern.Pattern{}, parse(t, "**")); ok {
		t.Errorf("the zero pattern overlaps at %q", s)
	}
}

func TestSamples(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		p, by   string
		covered bool
	}{
		{"a/**", "**", true},
		{"a/**", "a/**", true},
		{"a/**", "a/*", false},
		{"a/**", "a/*/**", false},
		{"a/*", "a/**", true},
		{"a/b", "a/*", true},
		{"a*", "*a", false},
		{"**/a", "**", true},
	} {
		covered := true
		for _, s := range parse(t, tt.p).Samples() {
			covered = covered && parse(t, tt.by).Match(s)
		}
		if covered != tt.covered {
			t.Errorf("%s covers the samples of %s: %t, want %t", tt.by, tt.p, covered, tt.covered)
		}
	}
	if s := (pattern.Pattern{}).Samples(); s != nil {
		t.Errorf("the zero pattern has samples %q", s)
	}
}

// TestOverlapAgainstAll: over a small alphabet, patterns overlap if and only if some short string matches both.
func TestOverlapAgainstAll(t *testing.T) {
	t.Parallel()
	words := []string{}
	for s := []string{""}; len(s[0]) <= 5; {
		var next []string
		for _, w := range s {
			for _, c := range []string{"a", "b", "/"} {
				next = append(next, w+c)
			}
		}
		words = append(words, next...)
		s = next
	}
	var patterns []pattern.Pattern
	for s := []string{""}; len(s[0]) < 4; {
		var next []string
		for _, w := range s {
			for _, c := range []string{"a", "b", "/", "*"} {
				next = append(next, w+c)
			}
		}
		for _, w := range next {
			if p, err := pattern.Parse(w); err == nil {
				patterns = append(patterns, p)
			}
		}
		s = next
	}
	matches := make([][]bool, len(patterns))
	for i, p := range patterns {
		matches[i] = make([]bool, len(words))
		for k, w := range words {
			matches[i][k] = p.Match(w)
		}
		for _, s := range p.Samples() {
			if !p.Match(s) {
				t.Errorf("%s does not match its sample %q", p, s)
			}
		}
	}
	for i, p := range patterns {
		for j, q := range patterns[:i+1] {
			s, ok := pattern.Overlap(p, q)
			if ok && (!p.Match(s) || !q.Match(s)) {
				t.Fatalf("%s and %s: %q does not match both", p, q, s)
			}
			if ok {
				continue
			}
			for k := range words {
				if matches[i][k] && matches[j][k] {
					t.Fatalf("%s and %s both match %q: expected an overlap", p, q, words[k])
				}
			}
		}
	}
	if len(patterns) < 100 || !strings.Contains(words[len(words)-1], "/") {
		t.Fatal("too little was tried")
	}
}

// TestSamplesAreDeep: a pattern for each depth up to some is not one for every depth.
func TestSamplesAreDeep(t *testing.T) {
	t.Parallel()
	p, err := pattern.Parse("a/**")
	if err != nil {
		t.Fatal(err)
	}
	for _, shallow := range []string{"a/*", "a/*/*", "a/*/*/*"} {
		q, err := pattern.Parse(shallow)
		if err != nil {
			t.Fatal(err)
		}
		matched := 0
		for _, s := range p.Samples() {
			if !p.Match(s) {
				t.Errorf("%q is no sample of a/**", s)
			}
			if q.Match(s) {
				matched++
			}
		}
		if matched != 1 {
			t.Errorf("%s matches %d of %d samples, want one", shallow, matched, len(p.Samples()))
		}
	}
}
