package attest

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// Witness writes what it has observed of one step as a collection: a statement whose predicate holds the
// predicates of many, each with its type. Source: github.com/in-toto/go-witness, attestation/collection.go, and
// witness.dev, docs/concepts/collection.

// The types of collections: that of Witness, and the one its own host gives.
const (
	collectionTestifySec = "https://witness.testifysec.com/attestation-collection/v0.1"
	collectionWitness    = "https://witness.dev/attestation-collection/v0.1"
)

// IsCollection reports whether statements of this predicate type are collections: their predicates hold
// attestations, which [Statement.Collected] gives.
func IsCollection(predicateType string) bool {
	return predicateType == collectionTestifySec || predicateType == collectionWitness
}

// Collected are the attestations in a collection, in its order: each a statement about the collection's own
// subjects, signed with it and by nobody else, and as UNVERIFIED as it. Nil of a statement that is no collection,
// and of one the caller made; shared, read-only.
//
// Whoever may sign a collection may not for that say what is in it: what each attestation says is said by its type.
func (st *Statement) Collected() []*Statement { return st.collected }

var (
	collectionNames = names{"name", "attestations"}
	collectedNames  = names{"type", "attestation", "starttime", "endtime"}
	collectedNeeded = names{"type", "attestation"}
)

// collected reads the attestations of a statement that is a collection, from the payload it stands in. The payload
// has been read strictly; it is walked again so that an error says where in it.
func (r *reader) collected(st *Statement, payload []byte, path string) {
	if r.err != nil || !IsCollection(st.PredicateType) {
		return
	}
	r.resetAgain(payload, path)
	found := false
	for name := range r.object(statementNames) {
		if name != "predicate" {
			r.skip()
			continue
		}
		found = true
		for name := range r.whole(collectionNames, collectionNames) {
			switch name {
			case "name":
				r.text()
			case "attestations":
				for n := range r.array("collected", MaxCollected) {
					inner := r.inner(st)
					inner.place = fmt.Sprintf("$.predicate.attestations[%d].attestation", n)
					st.collected = append(st.collected, inner)
				}
			}
		}
	}
	if !found {
		r.fail("has no predicate; expected a collection of attestations")
	}
}

// inner reads one attestation of a collection. Its times are claims, of which nothing is made.
func (r *reader) inner(of *Statement) *Statement {
	st := &Statement{Type: of.Type, Subjects: of.Subjects}
	for name := range r.whole(collectedNames, collectedNeeded) {
		switch name {
		case "type":
			st.PredicateType = r.needed()
			if IsCollection(st.PredicateType) {
				r.fail("is %s; expected no collection in a collection", quote(st.PredicateType))
			}
			if st.PredicateType == LayoutType || st.own() || ViewOf(st.PredicateType) == ViewChange {
				r.fail("is %s, which is signed as itself and never in a collection", quote(st.PredicateType))
			}
		case "attestation":
			if r.peek() != jsontext.KindNull {
				r.is(jsontext.KindBeginObject)
			}
			st.Predicate = r.skip()
			st.strict = st.Predicate
		case "starttime", "endtime":
			r.time()
		}
	}
	return st
}
