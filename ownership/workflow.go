package ownership

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/surety-dev/surety/internal/document"
	"github.com/surety-dev/surety/internal/pattern"
)

// Workflow says which runs of a CI system a grant is for (requirement R42), by what the certificate that
// signed says of the workflow that was started: Fulcio's build config, extensions .18 and .19, and the
// trigger, .20. Of a shared workflow that is the caller's; the workflow that signed is the certificate's
// subject, which the credential names. What provenance says of its workflow is the builder's word and not
// used. A zero field is for any.
type Workflow struct {
	// URI is the pattern of where it stands, buildConfigURI up to its "@".
	URI string
	// Path is the pattern of where it stands in the source repository, buildConfigURI without
	// sourceRepositoryURI before it and "@" after it; there is none beside URI.
	Path string
	// Ref is the pattern of the ref it was read from, buildConfigURI after its "@": "refs/tags/*".
	Ref string
	// Digests are the commits it may be read from, buildConfigDigest, exact.
	Digests []string
	// Triggers are what may start it, buildTrigger, exact: "push".
	Triggers []string
}

// The claims of a workflow.
const (
	buildConfigURI    = "buildConfigURI"
	buildConfigDigest = "buildConfigDigest"
	buildTrigger      = "buildTrigger"
)

// workflow is the condition of a grant; the zero Pattern is none.
type workflow struct {
	uri, path, ref    pattern.Pattern
	digests, triggers []string
}

// workflow reads the condition of a grant.
func (l *loader) workflow(n *document.Node) *workflow {
	if n == nil {
		return nil
	}
	o := n.Object("uri", "path", "ref", "digest", "trigger")
	w := &workflow{
		uri: l.unreferenced(o.Get("uri")), path: l.unreferenced(o.Get("path")),
		digests: distinct(o.Get("digest"), func(s string) string {
			if commit.MatchString(s) {
				return ""
			}
			return "expected a commit, 40 or 64 characters of lower-case hex"
		}),
		triggers: distinct(o.Get("trigger"), func(string) string { return "" }),
	}
	if ref := o.Get("ref"); ref != nil {
		w.ref, _ = l.pattern(ref)
	}
	switch {
	case o.Get("uri") != nil && o.Get("path") != nil:
		o.Get("path").Errorf("a path beside a uri: expected one of them")
	case o.Node() != nil && len(n.Names()) == 0:
		n.Errorf("a workflow of which nothing is said: expected one or more of uri, path, ref, digest, trigger")
	}
	return w
}

// unreferenced reads a pattern of where a workflow stands.
func (l *loader) unreferenced(n *document.Node) pattern.Pattern {
	if n == nil {
		return pattern.Pattern{}
	}
	p, _ := l.pattern(n)
	if strings.Contains(p.String(), "@") {
		n.Errorf("%q has an @, which begins the ref: expected a pattern of what stands before it, and the ref in ref", p.String())
	}
	return p
}

// commit is how certificates write a commit.
var commit = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)

// distinct reads a list of strings, each at most once; wrong says what is wrong with one, "" for nothing.
func distinct(n *document.Node, wrong func(string) string) []string {
	var list []string
	for _, item := range n.List() {
		s := item.String()
		switch expected := wrong(s); {
		case s == "": // it has been said
		case slices.Contains(list, s):
			item.Errorf("%q for the second time: expected each once", s)
		case expected != "":
			item.Errorf("%q: %s", s, expected)
		}
		list = append(list, s)
	}
	return list
}

// Unapproved is a claim of a certificate that a grant's workflow does not take.
type Unapproved struct {
	// Claim is its name.
	Claim string
	// Seen is its value, or the part of it that was compared; "": the certificate has none, or there is
	// no certificate.
	Seen string
	// Want says what the grant takes, in words: "a ref refs/tags/*".
	Want string
}

// Unapproved says why a grant that fits a use of a principal in all but its workflow does not: of several
// the first of the document. False: there is none that gives the duty.
func (v View) Unapproved(principal string, u Use, d Duty) (Unapproved, bool) {
	var first *grant
	v.model.scopes.Lookup(u.Artifact, func(_ pattern.Pattern, s *scope) bool {
		v.reaching(s, principal, func(g *grant, through *teamMembership) {
			only := missing{missWorkflow: true}
			if !g.duties.Has(d) || g.predicates != nil && !matchesAny(g.predicates, u.Predicate) || g.misses(u, v.t, through.contains(v.t)) != only {
				return
			}
			if first == nil || g.at.Compare(first.at) < 0 {
				first = g
			}
		})
		return true
	})
	if first == nil || !v.Present(principal) {
		return Unapproved{}, false
	}
	unapproved, _ := first.workflow.refuses(u.Claims)
	return unapproved, true
}

// refuses says which claim the condition does not take, the first in the order of the document's fields.
// A claim that is not there is not taken. No condition takes all.
func (w *workflow) refuses(claims map[string]string) (Unapproved, bool) {
	if w == nil {
		return Unapproved{}, false
	}
	uri, ref, readable := cutRef(claims[buildConfigURI])
	for _, p := range []struct {
		want       pattern.Pattern
		what, seen string
	}{{w.uri, "a workflow", uri}, {w.path, "a path", within(claims[sourceRepositoryURI], uri)}, {w.ref, "a ref", ref}} {
		switch {
		case p.want.String() == "":
		case !readable || p.seen == "":
			return Unapproved{buildConfigURI, claims[buildConfigURI], p.what + " " + p.want.String()}, true
		case !p.want.Match(p.seen):
			return Unapproved{buildConfigURI, p.seen, p.what + " " + p.want.String()}, true
		}
	}
	for _, p := range []struct {
		claim string
		want  []string
	}{{buildConfigDigest, w.digests}, {buildTrigger, w.triggers}} {
		if seen := claims[p.claim]; p.want != nil && !slices.Contains(p.want, seen) {
			return Unapproved{p.claim, seen, strings.Join(p.want, " or ")}, true
		}
	}
	return Unapproved{}, false
}

// cutRef divides where a workflow stands from the ref it was read from: "URI@REF", at the first @. A branch
// may be called "x@refs/tags/v1", and a file too: with a second "@refs/" nobody can tell which is meant.
func cutRef(uri string) (before, ref string, ok bool) {
	before, ref, ok = strings.Cut(uri, "@")
	if !ok || before == "" || ref == "" || strings.Contains(ref, "@refs/") {
		return "", "", false
	}
	return before, ref, true
}

// within is the path of a workflow in its source repository, after one slash or, as GitLab writes it, two;
// "": it does not stand there.
func within(repository, uri string) string {
	path, inside := strings.CutPrefix(uri, repository+"/")
	if repository == "" || !inside {
		return ""
	}
	return strings.TrimPrefix(path, "/")
}

// workflow is the condition as documents write it; nil: none.
func (w *workflow) public() *Workflow {
	if w == nil {
		return nil
	}
	return &Workflow{URI: w.uri.String(), Path: w.path.String(), Ref: w.ref.String(), Digests: slices.Clone(w.digests), Triggers: slices.Clone(w.triggers)}
}

// texts says each part of the condition in words, in the order of the document's fields.
func (w *workflow) texts() []string {
	texts := []string{}
	if w == nil {
		return texts
	}
	for _, part := range []struct{ name, of string }{
		{"uri", w.uri.String()}, {"path", w.path.String()}, {"ref", w.ref.String()}, {"digest", strings.Join(w.digests, " or ")}, {"trigger", strings.Join(w.triggers, " or ")},
	} {
		if part.of != "" {
			texts = append(texts, fmt.Sprintf("%s %s", part.name, part.of))
		}
	}
	return texts
}
