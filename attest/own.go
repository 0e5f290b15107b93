package attest

import (
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"
)

// This file is what this project's own predicates share (design §3.3). They are read as its documents are: an
// unknown field, null, an empty string and an empty list are refused, so that nobody can write something
// that looks as if it restricted what is said and have it passed over. Only what [Reviews] carries of GitHub's
// may hold more.

// The predicate types of this project. Their specifications stand in predicates/ beside this package, their
// JSON Schemas in docs/schema.
const (
	// ApprovalType is the predicate type of [Approval].
	ApprovalType = ownPredicates + "approval/v1"
	// ExceptionType is the predicate type of [Exception].
	ExceptionType = ownPredicates + "exception/v1"
	// RevocationType is the predicate type of [Revocation].
	RevocationType = ownPredicates + "revocation/v1"
	// DrillType is the predicate type of [Drill].
	DrillType = ownPredicates + "drill/v1"
	// ReviewsType is the predicate type of [Reviews].
	ReviewsType = ownPredicates + "github-reviews/v1"
)

// only is an object that must have these members and may have no others than the known ones.
func (r *reader) only(known, must names) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !r.begin(jsontext.KindBeginObject) {
			return
		}
		var seen names
		for r.peek() != jsontext.KindEndObject && r.err == nil {
			name := r.name(known)
			if name == "" {
				r.fail("is not known; expected only %s", strings.Join(known, ", "))
				return
			}
			seen = append(seen, name)
			if !yield(name) {
				return
			}
		}
		r.next()
		for _, name := range must {
			if !slices.Contains(seen, name) {
				r.fail("has no %s", name)
			}
		}
	}
}

// id reads an id as the documents write it: printable, without a space at either end.
func (r *reader) id() string {
	s := r.needed()
	if strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) }) || strings.TrimSpace(s) != s {
		r.fail("is %s; expected printable characters without a space at either end", quote(s))
	}
	return s
}

// ids reads a list of one or more ids, each once.
func (r *reader) ids() (list []string) {
	seen := map[string]bool{}
	for range r.array("texts", MaxTexts) {
		id := r.id()
		if seen[id] {
			r.fail("is %s for the second time", quote(id))
		}
		seen[id], list = true, append(list, id)
	}
	if len(list) == 0 {
		r.fail("is empty; expected one or more")
	}
	return list
}

// earliest is the first year that the documents take, so that no time is the zero one.
const earliest = 1900

// moment reads a time as the documents write it.
func (r *reader) moment() time.Time {
	t := r.stamp()
	if r.err == nil && t.Year() < earliest {
		r.fail("is %s; expected an RFC 3339 time, in %d or later", quote(t.Format(time.RFC3339)), earliest)
	}
	return t
}

// positive reads an integer from 1.
func (r *reader) positive() int64 {
	if !r.is(jsontext.KindNumber) {
		return 0
	}
	text := string(r.scalar())
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		r.fail("is %s; expected an integer from 1 to 9223372036854775807", quote(text))
	}
	return n
}
