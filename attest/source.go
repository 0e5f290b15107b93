package attest

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Source is the source code a build started from.
type Source struct {
	// URI is the repository, without "git+" before it and "@ref" behind it; "" if unknown.
	URI string
	// Digests are those of the revision, as a rule "gitCommit" or "sha1"; nil if unknown.
	Digests Digests
	// Ref is the branch or tag as written ("refs/tags/v1"), "" if unknown.
	Ref string
}

// declared is what a predicate names as its source: a configSource, or one of the
// external parameters that the build types in use have for it.
type declared struct {
	given    bool   // a URI was declared
	uri, ref string // the URI is "" if several were
	digests  Digests
	resolved bool // the declaration is the source itself, not to be looked up in the dependencies
}

func (d declared) source() Source {
	if d.uri == "" {
		return Source{}
	}
	uri, ref := splitURI(d.uri)
	if ref == "" {
		ref = d.ref
	}
	return Source{URI: uri, Digests: d.digests, Ref: ref}
}

// sourceV01 is the material that recipe.definedInMaterial points to, else the only one that
// is a git repository. A material without a URI names no source.
func (p *provenance) sourceV01() Source {
	if p.material < 0 || p.material >= len(p.Materials) {
		return p.only(func(Source) bool { return true })
	}
	m := p.Materials[p.material]
	return declared{uri: m.URI, digests: m.Digests}.source()
}

// sourceV02 is invocation.configSource, else the only material that is a git repository.
func (p *provenance) sourceV02() Source {
	if p.declared.uri != "" {
		return p.declared.source()
	}
	return p.only(func(Source) bool { return true })
}

// sourceV1 is the one git dependency that the parameters name; where they name
// none, the only one there is. Two that could be meant, or none, give no source.
func (p *provenance) sourceV1() Source {
	want := p.declared.source()
	if p.declared.resolved {
		return want
	}
	s := p.only(func(s Source) bool {
		return !p.declared.given || s.URI == want.URI && (s.Ref == want.Ref || s.Ref == "" || want.Ref == "")
	})
	if s.URI != "" && s.Ref == "" {
		s.Ref = want.Ref
	}
	return s
}

// only is the one git repository among the materials that fits, or the zero Source.
func (p *provenance) only(fits func(Source) bool) (found Source) {
	n := 0
	for _, m := range p.Materials {
		if !isGit(m) {
			continue
		}
		uri, ref := splitURI(m.URI)
		if s := (Source{URI: uri, Digests: m.Digests, Ref: ref}); fits(s) {
			found = s
			n++
		}
	}
	if n != 1 {
		return Source{}
	}
	return found
}

func isGit(m Material) bool {
	return strings.HasPrefix(m.URI, "git+") || strings.HasPrefix(m.URI, "git://") || m.Digests["gitCommit"] != ""
}

// splitURI takes an SPDX download location apart: git+URI@ref#path. An "@" before
// the first "/" of the path is the authority's (git+ssh://git@host/…); the first
// one behind it begins the ref, which may hold more ("refs/tags/@scope/x@1").
func splitURI(location string) (uri, ref string) {
	uri, _, _ = strings.Cut(strings.TrimPrefix(location, "git+"), "#")
	path := 0
	if i := strings.Index(uri, "://"); i >= 0 {
		path = i + len("://")
		path += max(0, strings.IndexByte(uri[path:], '/'))
	}
	if i := strings.IndexByte(uri[path:], '@'); i >= 0 {
		return uri[:path+i], uri[path+i+1:]
	}
	return uri, ""
}

var (
	parameterNames = names{"workflow", "source"}
	workflowNames  = names{"repository", "ref"}
	sourceNames    = names{"uri", "digest", "artifact"}
	artifactNames  = names{"uri", "digest"}
)

// parameters reads externalParameters. Their shape is the build type's affair, so
// a source is looked for, not required: in workflow.repository (GitHub's build
// type), source (a string, or an object with a uri), or source.artifact (the draft
// of v1, which gives the revision there and lists no dependencies).
func (r *reader) parameters(p *provenance) {
	if r.peek() != jsontext.KindBeginObject {
		p.Parameters = r.free()
		return
	}
	d := &p.declared
	start := r.start()
	for name := range r.object(parameterNames) {
		switch kind := r.peek(); {
		case kind == jsontext.KindString && name == "source":
			d.name(r.text())
		case kind != jsontext.KindBeginObject:
			r.skip()
		case name == "workflow":
			for name := range r.object(workflowNames) {
				if s := r.loose(); name == "repository" {
					d.name(s)
				} else {
					d.ref = s
				}
			}
		default:
			r.sourceParameter(d)
		}
	}
	p.Parameters = r.since(start)
}

func (r *reader) sourceParameter(d *declared) {
	for name := range r.object(sourceNames) {
		switch {
		case name == "uri":
			d.name(r.loose())
		case name == "artifact" && r.peek() == jsontext.KindBeginObject:
			d.resolved = true
			for name := range r.object(artifactNames) {
				if name == "uri" {
					d.name(r.loose())
				} else if !r.null() {
					d.digests, _ = r.digests()
				}
			}
		default:
			r.skip()
		}
	}
}

// name takes a declaration of the source; a second one makes it ambiguous. What
// is not a URI names no repository.
func (d *declared) name(uri string) {
	if !strings.Contains(uri, "://") {
		return
	}
	if d.given {
		uri = ""
	}
	d.given, d.uri = true, uri
}

// loose reads a string, and gives "" for a value of another kind.
func (r *reader) loose() string {
	if r.peek() != jsontext.KindString {
		r.skip()
		return ""
	}
	return r.text()
}
