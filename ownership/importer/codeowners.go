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
	root, _ := repository(s.Path)
	used := map[int]bool{}
	for _, scope := range o.Scopes {
		name, ok := within(root, scope.Path)
		if !ok {
			continue
		}
		f.scopes = append(f.scopes, scope.Path)
		owner, maybe, parts := owning(rules, name, strings.HasSuffix(scope.Path, "/"))
		for _, r := range parts {
			used[r.line] = true
			f.find(Ignored, position{s.Path, r.line}, "the rule for %q is for a part of the scope %q: the scope is judged as a whole", r.text, scope.Path)
		}
		if owner.text == "" {
			f.find(Ignored, position{s.Path, 1}, "no rule is for all of the scope %q: nobody is granted anything for it", scope.Path)
			continue
		}
		if maybe.text != "" {
			used[maybe.line], used[owner.line] = true, true
			f.find(Ignored, position{s.Path, maybe.line}, "the rule for %q may be for all of the scope %q, in the place of the one for %q: nobody is granted anything for it", maybe.text, scope.Path, owner.text)
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

// places are the directories of a repository that may hold CODEOWNERS, in the order in which GitHub looks: it "uses the
// first one it finds". The last is GitLab's.
func places() []string { return []string{".github", "", "docs", ".gitlab"} }

// repository gives the root of the repository a CODEOWNERS file is for, and the place of the file in it.
func repository(file string) (root string, place int) {
	root = path.Dir(clean(file))
	if place = slices.Index(places(), path.Base(root)); place >= 0 {
		root = path.Dir(root)
	} else {
		place = slices.Index(places(), "")
	}
	if root == "." {
		root = ""
	}
	return root, place
}

// firstCodeowners leaves of the CODEOWNERS files of one repository the one that GitHub reads: the first by its place, and
// of those in one directory by its path.
func firstCodeowners(all []facts) {
	first := map[string]int{}
	placeOf := func(i int) (root string, place int) { return repository(all[i].source.Path) }
	for i, f := range all {
		if f.source.Format != "codeowners" {
			continue
		}
		root, place := placeOf(i)
		other, ok := first[root]
		if !ok {
			first[root] = i
			continue
		}
		if _, before := placeOf(other); place < before {
			first[root], i, other = i, other, i
		}
		left := facts{source: all[i].source, scopes: all[i].scopes}
		left.find(Ignored, position{left.source.Path, 1}, "one repository has one CODEOWNERS, the first of those in .github, the root and docs: it is %s", all[other].source.Path)
		all[i] = left
	}
}

// owning gives the last rule that is certainly for all of a path, the zero rule if there is none; the last of the later
// ones that may be for all of it, by what our patterns have no word for; and the other later ones, for a part of it.
func owning(rules []rule, name string, directory bool) (owner, maybe rule, parts []rule) {
	for _, r := range slices.Backward(rules) {
		switch all, some := r.covers(name, directory); {
		case all && r.exact:
			return r, maybe, parts
		case all && maybe.text == "":
			maybe = r
		case some:
			parts = append(parts, r)
		}
	}
	if maybe.text != "" {
		parts = append(parts, maybe)
	}
	return rule{}, rule{}, parts
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
	for _, c := range line {
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
	if escaped {
		b.WriteRune('\\')
	}
	if b.Len() > 0 {
		list = append(list, b.String())
	}
	return list
}
