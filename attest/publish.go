package attest

import "github.com/go-json-experiment/json/jsontext"

// Publish is one view of npm's publish attestation v0.1, by which the registry says what it published, and
// PyPI's v1, by which a trusted publisher says that it published: it has no fields, so all here are "".
// UNVERIFIED, like the statement it is decoded from; read-only. Of npm's all are required; PyPI's must be empty or null.
// Source: github.com/npm/attestation, specs/publish/v0.1; docs.pypi.org/attestations/publish/v1.
type Publish struct {
	// Name is the package's name.
	Name string
	// Version is the version that was published.
	Version string
	// Registry is the registry's URL.
	Registry string
}

// Publish decodes the predicate, once; it is safe for use by many goroutines. Both results are nil if
// the predicate has no [ViewPublish]; an error is a [*SyntaxError].
func (st *Statement) Publish() (*Publish, error) { return as[Publish](st.decode(ViewPublish)) }

var publishNames = names{"name", "version", "registry"}

func (r *reader) publishNPM() any {
	p := new(Publish)
	for name := range r.whole(publishNames, publishNames) {
		switch name {
		case "name":
			p.Name = r.needed()
		case "version":
			p.Version = r.needed()
		case "registry":
			p.Registry = r.needed()
		}
	}
	return p
}

func (r *reader) publishPyPI() any {
	if r.null() || !r.begin(jsontext.KindBeginObject) {
		return new(Publish)
	}
	if r.peek() != jsontext.KindEndObject {
		r.skip()
		r.fail("is not empty; expected {} or null")
	}
	r.next()
	return new(Publish)
}
