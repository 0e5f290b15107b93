package lint

import (
	"slices"

	"github.com/surety-dev/surety/internal/pattern"
)

// samples gives names that stand for what patterns match.
func samples(patterns []string) []string {
	var names []string
	for _, text := range patterns {
		if p, err := pattern.Parse(text); err == nil {
			names = append(names, p.Samples()...)
		}
	}
	return names
}

// overlap gives a name two patterns both match.
func overlap(a, b string) (string, bool) {
	p, errP := pattern.Parse(a)
	q, errQ := pattern.Parse(b)
	if errP != nil || errQ != nil {
		return "", false
	}
	return pattern.Overlap(p, q)
}

// matches reports whether one of the patterns matches a name.
func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(text string) bool {
		p, err := pattern.Parse(text)
		return err == nil && p.Match(name)
	})
}
