package issue

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strings"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/pattern"
)

// Statement is an in-toto statement v1 of one of this project's predicates. The zero Statement is none, and
// cannot be signed. Immutable.
type Statement struct{ payload []byte }

// JSON is the statement as it is signed: fields in the order of their specification, no white space, times in UTC.
func (s Statement) JSON() []byte { return bytes.Clone(s.payload) }

// Approval makes an approval of artifacts ([About]) or of commits ([Commit]). The error says what a verifier
// would refuse.
func Approval(a attest.Approval, subjects ...attest.Subject) (Statement, error) {
	a.ClaimedAt, a.Expires = utc(a.ClaimedAt), utc(a.Expires)
	return build(made[attest.Approval]{
		predicateType: attest.ApprovalType, value: a, decode: (*attest.Statement).Approval, subjects: subjects, commits: true,
		written: approval{a.Approver, a.Decision, a.Role, a.Environment, a.From, a.Reference, a.RequestedBy, moment{a.ClaimedAt}, moment{a.Expires}},
	})
}

// Exception makes an exception for artifacts, whose names its Artifact must match. The error says what a
// verifier would refuse.
func Exception(e attest.Exception, subjects ...attest.Subject) (Statement, error) {
	e.ValidFrom, e.ValidUntil, e.ReviewDue = utc(e.ValidFrom), utc(e.ValidUntil), utc(e.ReviewDue)
	s, err := build(made[attest.Exception]{
		predicateType: attest.ExceptionType, value: e, decode: (*attest.Statement).Exception, subjects: subjects,
		written: exception{
			e.Policy, append([]string{}, e.Rules...), e.Artifact, e.Environment, e.Reason, e.Incident,
			moment{e.ValidFrom}, moment{e.ValidUntil}, e.RequestedBy, moment{e.ReviewDue}, e.ReviewOwner,
		},
	})
	if err != nil {
		return Statement{}, err
	}
	scope, err := pattern.Parse(e.Artifact)
	for _, s := range subjects {
		if err == nil && !scope.Match(attest.Scope(s.Name)) {
			err = fmt.Errorf("the artifact %q of the exception does not match the subject %s", e.Artifact, s.Name)
		}
	}
	if err != nil {
		return Statement{}, err
	}
	return s, nil
}

// Revocation makes a revocation list for the ownership model of a name. Its subject is the list itself, by that
// name and the digest of the predicate (predicates/revocation.md). The error says what a verifier would refuse.
func Revocation(r attest.Revocation, model string) (Statement, error) {
	r.IssuedAt, r.NextUpdate = utc(r.IssuedAt), utc(r.NextUpdate)
	written := revocation{r.Number, moment{r.IssuedAt}, moment{r.NextUpdate}, []entry{}}
	var entries []attest.RevocationEntry
	for _, e := range r.Entries {
		e.From, e.InvalidFrom = utc(e.From), utc(e.InvalidFrom)
		entries = append(entries, e)
		written.Entries = append(written.Entries, entry{e.Credential, e.Reason, moment{e.From}, moment{e.InvalidFrom}})
	}
	r.Entries = entries
	if model == "" {
		return Statement{}, errors.New("a revocation list without a name: expected that of the ownership model")
	}
	predicate, err := encode(written)
	if err != nil {
		return Statement{}, err
	}
	digest := sha256.Sum256(predicate)
	return build(made[attest.Revocation]{
		predicateType: attest.RevocationType, value: r, decode: (*attest.Statement).Revocation, written: written,
		subjects: []attest.Subject{{Name: listName(model), Digests: attest.Digests{"sha256": hex.EncodeToString(digest[:])}}},
	})
}

// listName names the revocation lists of an ownership model.
func listName(model string) string {
	segments := strings.Split(model, "/")
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	return "surety:revocations/" + strings.Join(segments, "/")
}

// Drill makes the record of a drill with artifacts. The error says what a verifier would refuse.
func Drill(d attest.Drill, subjects ...attest.Subject) (Statement, error) {
	d.Started, d.Ended = utc(d.Started), utc(d.Ended)
	written := drill{d.Scenario, d.Outcome, []participant{}, moment{d.Started}, moment{d.Ended}, d.Reference}
	for _, p := range d.Participants {
		written.Participants = append(written.Participants, participant(p))
	}
	return build(made[attest.Drill]{predicateType: attest.DrillType, value: d, decode: (*attest.Statement).Drill, subjects: subjects, written: written})
}

// made is what a statement is made of, and how it is read again.
type made[T any] struct {
	predicateType string
	value         T   // what it must say
	written       any // the same as it is written
	decode        func(*attest.Statement) (*T, error)
	subjects      []attest.Subject
	commits       bool // commits may be subjects too
}

// build writes a statement, and reads it as a verifier does.
func build[T any](m made[T]) (Statement, error) {
	if len(m.subjects) == 0 {
		return Statement{}, errors.New("a statement without subjects: expected one or more")
	}
	out := statement{Type: "https://in-toto.io/Statement/v1", PredicateType: m.predicateType, Predicate: m.written}
	for i, s := range m.subjects {
		check := checkArtifact
		if m.commits && isCommit(s) {
			check = checkCommit
		}
		if err := check(s); err != nil {
			return Statement{}, fmt.Errorf("subject %d: %w", i, err)
		}
		out.Subject = append(out.Subject, subject{s.Name, s.URI, s.Digests})
	}
	payload, err := encode(out)
	if err != nil {
		return Statement{}, err
	}
	st, err := read(payload)
	if err != nil {
		return Statement{}, err
	}
	view, err := m.decode(st)
	switch {
	case err != nil:
		return Statement{}, plain(err)
	case !reflect.DeepEqual(*view, m.value) || !reflect.DeepEqual(st.Subjects, m.subjects):
		return Statement{}, errors.New("it does not read as it was meant: expected text in UTF-8")
	}
	return Statement{payload}, nil
}

// read reads a statement as evidence is read.
func read(payload []byte) (*attest.Statement, error) {
	items := attest.Parse("", unsigned(payload), attest.Limits{})
	if err := items[0].Err(); err != nil {
		return nil, plain(err)
	}
	st := items[0].Statement()
	for i, s := range st.Subjects {
		if s.Void != "" {
			return nil, fmt.Errorf("subject %d: %s", i, s.Void)
		}
	}
	return st, nil
}

// plain gives the place in the statement, rather than in an envelope nobody has seen.
func plain(err error) error {
	var syntax *attest.SyntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	shown := *syntax
	shown.Path = strings.Replace(shown.Path, "$.payload", "$", 1)
	return &shown
}
