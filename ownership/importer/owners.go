package importer

import (
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/surety-dev/surety/internal/document"
)

// OWNERS and OWNERS_ALIASES as Kubernetes documents them (k8s.dev/docs/guide/owners). Names are logins on GitHub,
// or aliases; "GitHub usernames and aliases listed in OWNERS files are case-insensitive". An OWNERS file is for
// its directory: approvers of the path of a scope may approve its artifacts, reviewers review them. Aliases are teams; they are
// for the OWNERS files at and below their directory, which Kubernetes has one of, "in the root of the repository".

// ownersFields are the fields of OWNERS.
func ownersFields() []string {
	return []string{"approvers", "reviewers", "required_reviewers", "emeritus_approvers", "emeritus_reviewers", "labels", "options", "filters"}
}

// readOwners reads OWNERS, or OWNERS_ALIASES, which has aliases.
func readOwners(s Source, o *Options) (facts, error) {
	var f facts
	parts, err := document.ParseYAML(s.Path, s.Data)
	if err != nil {
		return f, err
	}
	if len(parts) > 1 {
		return f, &Error{File: s.Path, Line: parts[1].Root.Line(), Msg: "a second YAML document: expected one document a file"}
	}
	if len(parts) == 0 {
		return f, nil
	}
	root := parts[0].Root
	if root.Fields().Get("aliases") != nil {
		root.Object("aliases")
		f.aliases(s, root)
		return f, parts[0].Err()
	}
	root.Object(ownersFields()...)
	w := ownersReader{&f, s, o, f.ownersScopes(s.Path, o)}
	fields := root.Fields()
	w.entry(fields)
	for _, e := range fields.Get("filters").Names() {
		if expression := e.Name.String(); expression != ".*" {
			f.find(Ignored, position{s.Path, e.Name.Line()}, "the owners of files that match %q: a scope is a directory as a whole", expression)
			continue
		}
		w.entry(e.Value.Fields())
	}
	for _, n := range fields.Get("emeritus_approvers").Items() {
		f.emeriti = append(f.emeriti, w.owner(n))
	}
	options := fields.Get("options").Fields()
	if !options.Get("no_parent_owners").Bool() && len(w.artifacts) > 0 {
		f.find(Ignored, position{s.Path, root.Line()}, "the owners of the directories above own this one too: they are granted nothing here")
	}
	return f, errors.Join(parts[0].Err())
}

// ownersScopes gives the artifacts of the directory of an OWNERS file.
func (f *facts) ownersScopes(file string, o *Options) []string {
	directory := path.Dir(clean(file))
	return f.artifacts(slices.DeleteFunc(slices.Clone(o.Scopes), func(s Scope) bool {
		return strings.Contains(s.Path, ":") || clean(s.Path) != directory && (clean(s.Path) != "" || directory != ".")
	}))
}

// ownersReader reads one OWNERS file.
type ownersReader struct {
	*facts
	s         Source
	o         *Options
	artifacts []string
}

// entry reads approvers and reviewers.
func (w *ownersReader) entry(fields document.Object) {
	for _, kind := range []struct{ field, duty string }{{"approvers", "approve"}, {"reviewers", "review"}} {
		list := fields.Get(kind.field).Items()
		for _, n := range list {
			r := w.owner(n)
			if len(w.artifacts) > 0 && r.said != "" {
				w.grants = append(w.grants, grantFact{r, kind.duty, w.artifacts, r.at})
			}
		}
		if len(list) > 0 && len(w.artifacts) == 0 {
			w.find(Ignored, position{w.s.Path, fields.Get(kind.field).Line()}, "the %s of %q: no scope says what is made there", kind.field, path.Dir(clean(w.s.Path)))
		}
	}
}

// owner reads a name: an alias, if a source of the run has it, or a login.
func (w *ownersReader) owner(n *document.Node) ref {
	name := strings.ToLower(n.String())
	return ref{said: name, name: alias + name, accounts: []string{login + name}, at: position{w.s.Path, n.Line()}}
}

// alias marks the names of aliases among those of sources.
const alias = "alias "

// aliases reads OWNERS_ALIASES.
func (f *facts) aliases(s Source, root *document.Node) {
	known := map[string]bool{}
	for _, e := range root.Fields().Get("aliases").Names() {
		t := teamFact{id: strings.ToLower(e.Name.String()), defines: true, alias: true, at: position{s.Path, e.Name.Line()}}
		if !printable(t.id) {
			e.Name.Errorf("the alias %q: expected printable characters", t.id)
			continue
		}
		for _, n := range e.Value.Items() {
			name := strings.ToLower(n.String())
			t.members = append(t.members, ref{said: name, accounts: []string{login + name}, at: position{s.Path, n.Line()}})
		}
		if known[t.id] {
			e.Name.Errorf("the alias %q for the second time: expected it once, in whatever case", t.id)
		}
		known[t.id] = true
		f.teams = append(f.teams, t)
		f.names = append(f.names, nameFact{name: alias + t.id, team: t.id, at: t.at})
	}
}
