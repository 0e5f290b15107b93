package importer

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/surety-dev/surety/internal/pattern"
)

// CODEOWNERS as GitHub documents it ("About code owners"): a pattern as gitignore has them and owners a line, and
// "the last matching pattern takes the most precedence". An owner is @user, @organisation/team or an e-mail address; a
// rule without owners takes ownership away.
//
// Owners of the path of a scope may review its artifacts. github.com/hmarr/codeowners was looked at and not taken: it
// tells whether a rule matches one file, where a scope needs to know whether it takes in all of a directory.

// maxPath bounds a pattern of CODEOWNERS.
const maxPath = 4096

// rule is one line of CODEOWNERS.
type rule struct {
	text   string
	paths  []pattern.Pattern // any of them: relative to the root
	exact  bool              // paths say all that the rule does; else they match more
	owners []string
	line   int
}

// readCodeowners reads CODEOWNERS.
func readCodeowners(s Source, o *Options) (facts, error) {
	var f facts
	rules, err := codeownersRules(s)
	if err != nil {
		return f, err
	}
	root := path.Dir(clean(s.Path))
	if base := path.Base(root); base == ".github" || base == ".gitlab" || base == "docs" {
		root = path.Dir(root)
	}
	if root == "." {
		root = ""
	}
	used := map[int]bool{}
	for _, scope := range o.Scopes {
		name, ok := within(root, scope.Path)
		if !ok {
			continue
		}
		f.scopes = append(f.scopes, scope.Path)
		owner, parts := owning(rules, name, strings.HasSuffix(scope.Path, "/"))
		for _, r := range parts {
			used[r.line] = true
			f.find(Ignored, position{s.Path, r.line}, "the rule for %q is for a part of the scope %q: the scope is judged as a whole", r.text, scope.Path)
		}
		if owner.text == "" {
			f.find(Ignored, position{s.Path, 1}, "no rule is for all of the scope %q: nobody is granted anything for it", scope.Path)
			continue
		}
		used[owner.line] = true
		at := position{s.Path, owner.line}
		if len(owner.owners) == 0 {
			f.find(Ignored, at, "the rule for %q gives the scope %q to nobody: nobody is granted anything for it", owner.text, scope.Path)
		}
		for _, name := range owner.owners {
			f.grants = append(f.grants, grantFact{codeowner(name, o, at), "review", []string{scope.Artifacts}, at})
		}
	}
	for _, r := range rules {
		if !used[r.line] {
			f.find(Ignored, position{s.Path, r.line}, "the rule for %q is not the last for any scope", r.text)
		}
	}
	return f, nil
}

// owning gives the last rule for all of a path, the zero rule if there is none, and the later ones for a part of it.
func owning(rules []rule, name string, directory bool) (owner rule, parts []rule) {
	for _, r := range slices.Backward(rules) {
		all, some := r.covers(name, directory)
		if all {
			return r, parts
		}
		if some {
			parts = append(parts, r)
		}
	}
	return rule{}, parts
}

// within gives a scope's path relative to the root of a repository.
func within(root, scope string) (string, bool) {
	if strings.Contains(scope, ":") {
		return "", false // an entity
	}
	name := clean(scope)
	if root == "" {
		return name, !strings.HasPrefix(name, "../") && name != ".." && !path.IsAbs(name)
	}
	if name == root {
		return "", true
	}
	return strings.CutPrefix(name, root+"/")
}

// codeowner is an owner of a rule.
func codeowner(name string, o *Options, at position) ref {
	r := ref{said: name, at: at}
	user, isUser := strings.CutPrefix(name, "@")
	organisation, team, isTeam := strings.Cut(user, "/")
	switch {
	case !isUser:
		r.accounts = []string{email + name}
	case !isTeam:
		r.accounts = []string{login + user}
	default:
		r.teams = []string{user}
		for _, ours := range o.Organisations {
			if strings.EqualFold(ours, organisation) {
				r.teams = []string{user, team}
			}
		}
	}
	return r
}

// codeownersRules reads the rules in their order.
func codeownersRules(s Source) ([]rule, error) {
	var rules []rule
	var errs []error
	line := 0
	for text := range strings.Lines(string(s.Data)) {
		line++
		r, err := codeownersRule(strings.TrimRight(text, "\r\n"))
		switch {
		case err != nil:
			errs = append(errs, &Error{File: s.Path, Line: line, Msg: err.Error()})
		case r.text != "":
			r.line = line
			rules = append(rules, r)
		}
	}
	return rules, errors.Join(errs...)
}

// codeownersRule reads one line; the zero rule is an empty one.
func codeownersRule(line string) (rule, error) {
	if !utf8.ValidString(line) {
		return rule{}, errors.New("not UTF-8: expected a line in UTF-8")
	}
	words := fields(line)
	if len(words) == 0 {
		return rule{}, nil
	}
	r := rule{text: words[0], owners: words[1:]}
	switch {
	case len(r.text) > maxPath:
		return rule{}, fmt.Errorf("a pattern of %d bytes: expected at most %d", len(r.text), maxPath)
	case strings.HasPrefix(r.text, "!"):
		return rule{}, fmt.Errorf("the pattern %q: expected one without a !, which code owners do not have", r.text)
	case strings.HasPrefix(r.text, "[") || strings.HasPrefix(r.text, "^["):
		return rule{}, fmt.Errorf("the section %q: expected a pattern and its owners, as GitHub reads them", line)
	}
	for _, owner := range r.owners {
		name, isUser := strings.CutPrefix(owner, "@")
		if !printable(owner) || name == "" || isUser == strings.Contains(name, "@") || strings.HasSuffix(name, "/") || strings.HasPrefix(name, "/") || strings.Count(name, "/") > 1 {
			return rule{}, fmt.Errorf("the owner %q: expected @user, @organisation/team or an e-mail address", owner)
		}
	}
	return r, r.compile()
}

// fields divides a line at unescaped spaces and cuts it at a comment.
func fields(line string) []string {
	var list []string
	var b strings.Builder
	escaped := false
	for _, c := range line + " " {
		switch {
		case escaped:
			b.WriteRune('\\')
			b.WriteRune(c)
			escaped = false
		case c == '\\':
			escaped = true
		case c == '#' && b.Len() == 0:
			return list
		case c == ' ' || c == '\t':
			if b.Len() > 0 {
				list = append(list, b.String())
				b.Reset()
			}
		default:
			b.WriteRune(c)
		}
	}
	return list
}

// compile turns the pattern of a rule into patterns of ours: the path itself and what is below it.
func (r *rule) compile() error {
	if strings.Contains(r.text, "***") {
		return fmt.Errorf("the pattern %q: expected at most two asterisks beside each other", r.text)
	}
	text, directory := strings.CutSuffix(r.text, "/")
	anchored := strings.Contains(text, "/")
	text = strings.TrimPrefix(text, "/")
	r.exact = !strings.ContainsAny(text, `?[]{}`)
	var parts []string
	for part := range strings.SplitSeq(text, "/") {
		part = literal(part)
		if part != "**" {
			part = strings.ReplaceAll(part, "**", "*")
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

// literal is one segment without escapes; what our patterns have no word for matches more.
func literal(part string) string {
	var b strings.Builder
	escaped := false
	for _, c := range part {
		switch {
		case !escaped && c == '\\':
			escaped = true
			continue
		case strings.ContainsRune(`?[]{}\`, c):
			c = '*'
		}
		if escaped && c == '*' || c != '*' || !strings.HasSuffix(b.String(), "**") {
			b.WriteRune(c)
		}
		escaped = false
	}
	return b.String()
}

// covers reports whether a rule is for all of a path, and whether for some of it. An escaped asterisk is
// taken for one that is not: no path of a scope has one.
func (r rule) covers(name string, directory bool) (all, some bool) {
	if !directory {
		for _, p := range r.paths {
			some = some || p.Match(name)
		}
		return some && r.exact, some
	}
	below, err := pattern.Parse(strings.TrimPrefix(name+"/**", "/"))
	if err != nil {
		return false, true
	}
	for _, p := range r.paths {
		all = all || p.String() == "**" || r.exact && above(p, name)
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
