package attest

import (
	"iter"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Provenance is one view of SLSA build provenance v0.1, v0.2 and v1. UNVERIFIED, like the
// statement it is decoded from; read-only. What the predicate does not give is the
// zero value. Source: slsa.dev/spec, provenance v0.1, v0.2 and v1.
type Provenance struct {
	// Builder is the builder's id (builder.id; runDetails.builder.id).
	Builder string
	// BuildType is the URI that says how the parameters are meant (v0.1: recipe.type).
	BuildType string
	// Invocation identifies the build run (metadata.buildInvocationId; metadata.invocationId).
	Invocation string
	// Source is what was built, the zero Source where the predicate does not say so in one way.
	Source Source
	// Started is when the build began, in UTC: a claim.
	Started time.Time
	// Finished is when the build ended, in UTC: a claim.
	Finished time.Time
	// Materials are what went in (materials; buildDefinition.resolvedDependencies).
	Materials []Material
	// Parameters are what the build was asked (recipe.arguments; invocation.parameters;
	// buildDefinition.externalParameters); nil if absent.
	Parameters Raw
}

// Material is one thing that went into a build.
type Material struct {
	// Name is its name (v1 only), "" if none.
	Name string
	// URI is its URI as written, "" if none.
	URI string
	// Digests are its digests by known algorithms; nil if one of them is malformed.
	Digests Digests
}

// Provenance decodes the predicate, once; it is safe for use by many goroutines.
// Both results are nil if the predicate has no [ViewProvenance]. A field of
// the wrong type, a time that is not RFC 3339, and another spelling of a name the
// view knows are a [*SyntaxError].
func (st *Statement) Provenance() (*Provenance, error) {
	return as[Provenance](st.decode(ViewProvenance))
}

// provenance is the view while it is decoded: with what names the source.
type provenance struct {
	Provenance
	declared declared
	material int // v0.1: the material that is declared as the source; -1 for none
}

// The producers in the world spell the invocation's id in two ways: in-toto-golang
// and slsa-github-generator end it in "ID" where the specification has "Id".
var (
	v01Names          = names{"builder", "recipe", "metadata", "materials"}
	v01Recipe         = names{"type", "definedInMaterial", "arguments"}
	v02Names          = names{"builder", "buildType", "invocation", "metadata", "materials"}
	v02Invocation     = names{"configSource", "parameters"}
	v02ConfigSource   = names{"uri", "digest"}
	v02Metadata       = names{"buildInvocationId", "buildInvocationID", "buildStartedOn", "buildFinishedOn"}
	v1Names           = names{"buildDefinition", "runDetails"}
	v1BuildDefinition = names{"buildType", "externalParameters", "resolvedDependencies"}
	v1RunDetails      = names{"builder", "metadata"}
	v1Metadata        = names{"invocationId", "invocationID", "startedOn", "finishedOn"}
	builderNames      = names{"id"}
	materialFields    = names{"name", "uri", "digest"}
)

func (r *reader) provenanceV01() any {
	p := &provenance{material: -1}
	r.predicateV01(p)
	p.Source = p.sourceV01()
	return &p.Provenance
}

func (r *reader) provenanceV02() any {
	p := new(provenance)
	r.predicateV02(p)
	p.Source = p.sourceV02()
	return &p.Provenance
}

func (r *reader) provenanceV1() any {
	p := new(provenance)
	r.predicateV1(p)
	p.Source = p.sourceV1()
	return &p.Provenance
}

func (r *reader) predicateV01(p *provenance) {
	for name := range r.object(v01Names) {
		switch name {
		case "builder":
			r.builder(p)
		case "recipe":
			r.recipe(p)
		case "metadata":
			r.metadata(p, v02Metadata)
		case "materials":
			r.materials(p)
		}
	}
	if p.material >= len(p.Materials) {
		r.fail("has a recipe defined in material %d, of %d counted from 0", p.material, len(p.Materials))
	}
}

func (r *reader) recipe(p *provenance) {
	for name := range r.given(v01Recipe) {
		switch name {
		case "type":
			p.BuildType = r.optional()
		case "arguments":
			p.Parameters = r.free()
		case "definedInMaterial":
			if r.null() {
				continue
			}
			if p.material = r.integer(); p.material < 0 {
				r.fail("is %d; expected the index of a material", p.material)
			}
		}
	}
}

func (r *reader) predicateV02(p *provenance) {
	for name := range r.object(v02Names) {
		switch name {
		case "builder":
			r.builder(p)
		case "buildType":
			p.BuildType = r.optional()
		case "invocation":
			r.invocation(p)
		case "metadata":
			r.metadata(p, v02Metadata)
		case "materials":
			r.materials(p)
		}
	}
}

func (r *reader) invocation(p *provenance) {
	for name := range r.given(v02Invocation) {
		switch name {
		case "parameters":
			p.Parameters = r.free()
		case "configSource":
			for name := range r.given(v02ConfigSource) {
				if name == "uri" {
					p.declared.uri = r.optional()
				} else if !r.null() {
					p.declared.digests, _ = r.digests()
				}
			}
		}
	}
}

func (r *reader) predicateV1(p *provenance) {
	for name := range r.object(v1Names) {
		switch name {
		case "buildDefinition":
			r.buildDefinition(p)
		case "runDetails":
			for name := range r.given(v1RunDetails) {
				if name == "builder" {
					r.builder(p)
				} else {
					r.metadata(p, v1Metadata)
				}
			}
		}
	}
}

func (r *reader) buildDefinition(p *provenance) {
	for name := range r.given(v1BuildDefinition) {
		switch name {
		case "buildType":
			p.BuildType = r.optional()
		case "externalParameters":
			r.parameters(p)
		case "resolvedDependencies":
			r.materials(p)
		}
	}
}

func (r *reader) builder(p *provenance) {
	for range r.given(builderNames) {
		p.Builder = r.optional()
	}
}

func (r *reader) metadata(p *provenance, known names) {
	for name := range r.given(known) {
		switch name {
		case "buildStartedOn", "startedOn":
			p.Started = r.time()
		case "buildFinishedOn", "finishedOn":
			p.Finished = r.time()
		default:
			if p.Invocation != "" {
				r.fail("is the invocation's id again in another spelling")
			}
			p.Invocation = r.optional()
		}
	}
}

func (r *reader) materials(p *provenance) {
	if r.null() {
		return
	}
	for range r.array("materials", MaxMaterials) {
		var m Material
		for name := range r.object(materialFields) {
			switch name {
			case "name":
				m.Name = r.optional()
			case "uri":
				m.URI = r.optional()
			case "digest":
				if !r.null() {
					m.Digests, _ = r.digests()
				}
			}
		}
		p.Materials = append(p.Materials, m)
	}
}

// given is object, or nothing where null stands for an absent one.
func (r *reader) given(known names) iter.Seq[string] {
	if r.null() {
		return func(func(string) bool) {}
	}
	return r.object(known)
}

// optional reads a string, "" where null stands for an absent one.
func (r *reader) optional() string {
	if r.null() {
		return ""
	}
	return r.text()
}

// free reads a value of any kind as it is written, nil where null stands for an absent one.
func (r *reader) free() Raw {
	if r.null() {
		return nil
	}
	return r.skip()
}

func (r *reader) time() time.Time {
	if r.null() || !r.is(jsontext.KindString) {
		return time.Time{}
	}
	text := string(unquote(r.scalar()))
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || !strictTime(text) {
		r.fail("is %s; expected an RFC 3339 time", quote(text))
	}
	return t.UTC()
}

// strictTime refuses what time.Parse lets pass and RFC 3339 section 5.6 does not:
// an hour of one digit, a comma before the fraction, an offset of 24:00 or xx:60 (go.dev/issue/54580).
func strictTime(text string) bool {
	if len(text) < len("2006-01-02T15:04:05Z") || text[len("2006-01-02T15")] != ':' || strings.Contains(text, ",") {
		return false
	}
	zone := text[len(text)-len("+07:00"):]
	return text[len(text)-1] == 'Z' || zone[1:3] < "24" && zone[4:] < "60"
}
