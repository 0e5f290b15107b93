package importer

import (
	"fmt"
	"path"
	"strings"

	"github.com/surety-dev/surety/internal/pattern"
)

// compile turns the pattern of a rule into patterns of ours: the path itself and what is below it.
func (r *rule) compile() error {
	if strings.Contains(r.text, "***") {
		return fmt.Errorf("the pattern %q: expected at most two asterisks beside each other", r.text)
	}
	text, directory := strings.CutSuffix(r.text, "/")
	anchored := strings.Contains(text, "/")
	text = strings.TrimPrefix(text, "/")
	r.exact = !strings.ContainsAny(escapes().Replace(text), `?[]{}\`)
	var parts []string
	for part := range strings.SplitSeq(text, "/") {
		if part != "**" { // only what is written so is any depth
			part = segment(part)
		}
		parts = append(parts, part)
	}
	last := parts[len(parts)-1]
	own := strings.Join(parts, "/")
	if !anchored && last != "**" {
		own = "**/" + own
	}
	var list []string
	switch {
	case text == "": // "/" is no file
	case own == "**" || own == "**/*" && !directory:
		list = []string{"**"}
	case last == "**", last == "*" && anchored && !directory:
		list = []string{own}
	case directory:
		list = []string{own + "/**"}
	default:
		list = []string{own, own + "/**"}
	}
	for _, s := range list {
		p, err := pattern.Parse(s)
		if err != nil {
			return fmt.Errorf("the pattern %q: %w", r.text, err)
		}
		r.paths = append(r.paths, p)
	}
	return nil
}

// escapes are the escapes of what means nothing else in a pattern, which patterns with them say exactly.
func escapes() *strings.Replacer { return strings.NewReplacer(`\ `, " ", `\#`, "#") }

// segment is one segment without escapes, where asterisks beside each other are one. What our patterns have no word for,
// an escaped asterisk too, matches more: the rule is not exact.
func segment(part string) string {
	var b strings.Builder
	escaped := false
	for _, c := range part {
		if c == '\\' && !escaped {
			escaped = true
			continue
		}
		escaped = false
		if strings.ContainsRune(`?[]{}\`, c) {
			c = '*'
		}
		if c != '*' || !strings.HasSuffix(b.String(), "*") {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// covers reports whether the patterns of a rule are for all of a path, and whether for some of it. Of a rule that is not
// exact that says what may be.
func (r rule) covers(name string, directory bool) (all, some bool) {
	if !directory {
		for _, p := range r.paths {
			some = some || p.Match(name)
		}
		return some, some
	}
	below, err := pattern.Parse(strings.TrimPrefix(name+"/**", "/"))
	if err != nil {
		return false, true
	}
	for _, p := range r.paths {
		all = all || p.String() == "**" || above(p, name)
		_, both := pattern.Overlap(p, below)
		some = some || both
	}
	return all, some
}

// above reports whether a pattern is for all that is in a directory or in one above it.
func above(p pattern.Pattern, name string) bool {
	own, ok := strings.CutSuffix(p.String(), "/**")
	if !ok {
		return false
	}
	of, err := pattern.Parse(own)
	if err != nil {
		return false
	}
	for ; name != "" && name != "."; name = path.Dir(name) {
		if of.Match(name) {
			return true
		}
	}
	return false
}
