package importer

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/surety-dev/surety/internal/document"
)

// A Backstage catalog file as its descriptor format documents it: YAML documents, each an entity. Group is a team, with
// the members it names and those of the same file that name it; User joins a person by e-mail or by the
// annotations github.com/user-id, where that is a number, and github.com/user-login; what has an owner is, by the
// entity's scope, a release-policy for which the owning group answers. Names are compared in lower case, as Backstage does.

// entity is one entity of a catalog.
type entity struct {
	kind, namespace, name string
	spec                  document.Object
	metadata              document.Object
	at                    position
}

// ref is the full reference to the entity.
func (e entity) ref() string { return e.kind + ":" + e.namespace + "/" + e.name }

// readBackstage reads a catalog file.
func readBackstage(s Source, o *Options) (facts, error) {
	var f facts
	parts, err := document.ParseYAML(s.Path, s.Data)
	if err != nil {
		return f, err
	}
	var entities []entity
	known := map[string]position{}
	for _, p := range parts {
		e, ok := readEntity(s.Path, p.Root)
		if !ok {
			continue
		}
		if at, twice := known[e.ref()]; twice {
			p.Root.Errorf("the entity %q for the second time: expected it once, as at %s", e.ref(), at)
		} else {
			known[e.ref()] = e.at
		}
		entities = append(entities, e)
	}
	groups := map[string]int{} // of facts.teams
	for _, e := range entities {
		if e.kind == "group" {
			groups[e.ref()] = len(f.teams)
			f.teams = append(f.teams, f.group(e))
		}
	}
	scopes := entityScopes(o)
	for _, e := range entities {
		switch e.kind {
		case "group":
		case "user":
			f.user(e, groups)
		default:
			f.owned(e, scopes)
		}
	}
	for i := range f.teams { // said twice, as member and as memberOf
		slices.SortStableFunc(f.teams[i].members, func(a, b ref) int { return strings.Compare(a.name, b.name) })
		f.teams[i].members = slices.CompactFunc(f.teams[i].members, func(a, b ref) bool { return a.name == b.name })
	}
	return f, document.Err(parts)
}

// readEntity reads what every entity has.
func readEntity(file string, root *document.Node) (entity, bool) {
	fields := root.Fields()
	if fields.Node() == nil {
		return entity{}, false
	}
	version, kind := fields.Require("apiVersion"), fields.Require("kind")
	if v := version.String(); v != "" && !strings.HasPrefix(v, "backstage.io/") {
		version.Errorf("apiVersion %q: expected one of Backstage, such as backstage.io/v1alpha1", v)
	}
	metadata := fields.RequireFields("metadata")
	name := metadata.Require("name")
	e := entity{
		kind: strings.ToLower(kind.String()), namespace: "default", name: strings.ToLower(name.String()),
		metadata: metadata, spec: fields.Get("spec").Fields(), at: position{file, root.Line()},
	}
	if n := metadata.Get("namespace"); n != nil {
		e.namespace = strings.ToLower(n.String())
	}
	if _, err := parseRef(e.ref(), "", ""); e.name != "" && err != nil {
		name.Errorf("%v", err)
	}
	return e, e.name != ""
}

// refShape is "[<kind>:][<namespace>/]<name>".
var refShape = regexp.MustCompile(`^(?:([a-zA-Z][a-zA-Z0-9]*):)?(?:([a-zA-Z0-9-]+)/)?([a-zA-Z0-9](?:[-_.a-zA-Z0-9]*[a-zA-Z0-9])?)$`)

// parseRef reads a reference and gives it in full.
func parseRef(s, kind, namespace string) (string, error) {
	parts := refShape.FindStringSubmatch(s)
	if parts == nil {
		return "", fmt.Errorf("the entity reference %q: expected [KIND:][NAMESPACE/]NAME", s)
	}
	if parts[1] != "" {
		kind = parts[1]
	}
	if parts[2] != "" {
		namespace = parts[2]
	}
	return strings.ToLower(kind + ":" + namespace + "/" + parts[3]), nil
}

// reference reads a reference of an entity.
func (e entity) reference(n *document.Node, kind string) string {
	s := n.String()
	if s == "" {
		return ""
	}
	full, err := parseRef(s, kind, e.namespace)
	if err != nil {
		n.Errorf("%v", err)
	}
	return full
}

// teamID is the id of the team a group is, empty for another entity: its name, outside the default namespace
// with that.
func teamID(ref string) string {
	name, ok := strings.CutPrefix(ref, "group:")
	if !ok {
		return ""
	}
	return strings.TrimPrefix(name, "default/")
}

// member is a user as a team's member.
func member(user string, at position) ref { return ref{said: user, name: user, at: at} }

// group reads a Group.
func (f *facts) group(e entity) teamFact {
	t := teamFact{id: teamID(e.ref()), defines: true, at: e.at}
	for _, n := range e.spec.Get("members").Items() {
		if user := e.reference(n, "user"); user != "" {
			t.members = append(t.members, member(user, position{e.at.file, n.Line()}))
		}
	}
	if parent := e.spec.Get("parent"); parent.Text() != "" {
		f.find(Ignored, position{e.at.file, parent.Line()}, "the parent %q of %q: teams have none", parent.Text(), e.ref())
	}
	return t
}

// numeric is an id of GitHub that the document's accounts have; the catalog's own is often another, the node id.
var numeric = regexp.MustCompile(`^[1-9][0-9]*$`)

// user reads a User.
func (f *facts) user(e entity, groups map[string]int) {
	n := nameFact{name: e.ref(), at: e.at}
	if mail := e.spec.Get("profile").Fields().Get("email").Text(); mail != "" {
		n.accounts = append(n.accounts, email+mail)
	}
	annotations := e.metadata.Get("annotations").Fields()
	if id := annotations.Get("github.com/user-id").Text(); numeric.MatchString(id) {
		n.accounts = append(n.accounts, github+id)
	}
	if name := annotations.Get("github.com/user-login").Text(); name != "" {
		n.accounts = append(n.accounts, login+strings.ToLower(name))
	}
	slices.Sort(n.accounts)
	f.names = append(f.names, n)
	for _, of := range e.spec.Get("memberOf").Items() {
		group := e.reference(of, "group")
		if group == "" {
			continue
		}
		at := position{e.at.file, of.Line()}
		i, here := groups[group]
		if !here {
			if teamID(group) == "" {
				of.Errorf("%q: expected a group", group)
				continue
			}
			i = len(f.teams)
			groups[group] = i
			f.teams = append(f.teams, teamFact{id: teamID(group), at: at})
		}
		f.teams[i].members = append(f.teams[i].members, member(e.ref(), at))
	}
}

// entityScopes gives the scopes of entities, by their references in full.
func entityScopes(o *Options) map[string][]Scope {
	scopes := map[string][]Scope{}
	for _, s := range o.Scopes {
		if full, err := parseRef(s.Path, "", "default"); err == nil && strings.Contains(s.Path, ":") {
			scopes[full] = append(scopes[full], s)
		}
	}
	return scopes
}

// owned reads the owner of any other entity.
func (f *facts) owned(e entity, scopes map[string][]Scope) {
	n := e.spec.Get("owner")
	if n == nil {
		return
	}
	owner := e.reference(n, "group")
	if owner == "" {
		return
	}
	at := position{e.at.file, n.Line()}
	artifacts := f.artifacts(scopes[e.ref()])
	switch {
	case len(artifacts) == 0:
		f.find(Ignored, at, "the owner of %q: no scope says what artifacts it is", e.ref())
	case teamID(owner) == "":
		f.find(Ignored, at, "the owner %q of %q: only a group can answer for something", owner, e.ref())
	default:
		f.controls = append(f.controls, controlFact{"release-policy", ref{said: owner, teams: []string{teamID(owner)}, at: at}, artifacts, at})
	}
}
