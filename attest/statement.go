package attest

import (
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// Statement is an in-toto statement: a predicate about subjects. UNVERIFIED until
// a signature over its envelope has been verified. Read-only.
// Source: in-toto attestation framework, spec/v1/statement.md and spec/v0.1.
//
// An in-toto link or layout that is signed as itself, in a metablock or an envelope, is read as the
// statement that it is the predicate of.
type Statement struct {
	// Type is the statement's "_type" ("type" in gittuf's, [ViewChange]): https://in-toto.io/Statement/v0.1 or …/v1; "link" or "layout" of
	// one that is signed as itself.
	Type string
	// PredicateType is the URI that says what the predicate is; never empty. [LinkType] of a link that is
	// signed as itself, [LayoutType] of a layout.
	PredicateType string
	// Subjects are what the statement is about, at least one, void ones included. Of a link that is
	// signed as itself they are its products; a layout has none.
	Subjects []Subject
	// Predicate is the predicate as written, a part of the payload; nil if absent. Of a link or layout
	// that is signed as itself it is the whole of it.
	Predicate Raw

	strict Raw // Predicate as it was read strictly; a caller's own is not
	once   sync.Once
	view   any // what it is decoded to
	err    error
	link   *StepLink // of a link that is signed as itself
	layout *Layout   // of a layout

	collected []*Statement // what a collection holds
	place     string       // of the predicate, where it is in a collection
}

// Subject is one subject of a statement. UNVERIFIED.
type Subject struct {
	// Name is the subject's name, "" if none. Never a path.
	Name string
	// URI is the subject's URI (statement v1), "" if none.
	URI string
	// Digests are its digests by known algorithms; nil if Void. Unknown algorithms are left out.
	Digests Digests
	// Void says why the subject never matches an artifact; "" if it may.
	Void string
}

const (
	statementV01 = "https://in-toto.io/Statement/v0.1"
	statementV1  = "https://in-toto.io/Statement/v1"
)

var (
	statementNames = names{"_type", "subject", "predicateType", "predicate"} // in the order of respelledNames
	subjectNames   = names{"name", "uri", "digest"}
)

// statement reads a statement that is the whole text, by these names.
func (r *reader) statement(known names) *Statement {
	st := new(Statement)
	typ, predicateType := known[0], known[2]
	for name := range r.object(known) {
		switch name {
		case typ:
			st.Type = r.text()
			if st.Type != statementV01 && st.Type != statementV1 {
				r.fail("is %s; expected %q or %q", quote(st.Type), statementV01, statementV1)
			}
		case predicateType:
			st.PredicateType = r.needed()
		case "subject":
			for range r.array("subjects", MaxSubjects) {
				st.Subjects = append(st.Subjects, r.subject())
			}
		case "predicate":
			if k := r.peek(); k != jsontext.KindNull {
				r.is(jsontext.KindBeginObject)
			}
			st.Predicate = r.skip()
			st.strict = st.Predicate
		}
	}
	switch {
	case st.Type == "":
		r.fail("has no %s; expected %q or %q", typ, statementV01, statementV1)
	case st.PredicateType == "":
		r.fail("has no %s", predicateType)
	case len(st.Subjects) == 0:
		r.fail("has no subject; expected at least one")
	}
	r.end()
	return st
}

func (r *reader) subject() (s Subject) {
	for name := range r.object(subjectNames) {
		switch name {
		case "name":
			s.Name = r.text()
		case "uri":
			s.URI = r.text()
		case "digest":
			s.Digests, s.Void = r.digests()
		}
	}
	if s.Digests == nil && s.Void == "" {
		s.Void = "it has no digest of a known algorithm"
	}
	return s
}
