package verify

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/surety-dev/surety/ownership"
)

// Endorsement says who signed a document and whose signatures it takes. [LoadOwnership] and [LoadPolicies]
// make the only ones there are; the zero Endorsement is that of a plain document, which nobody signed. It
// is immutable. What it says depends on the time: signatures carry none, so each is judged as of the time
// asked about (design §4.8), by who was there, in which team, with which credential then.
type Endorsement struct {
	document  version
	ownership bool   // of an ownership model
	position  string // of a policy
	scopes    []string
	authority *ownership.Model // whose people must have signed; nil: nobody knows
	self      bool             // the authority is the document itself
	followed  bool             // of a policy: a version before it was given
	signed    bool
	governed  []governed           // nil: nobody known has signed, which is enough to know
	broken    string               // what no signature mends
	proofs    []ownership.Identity // of the signatures that verified
	refused   []string             // why the others count for nothing
}

// Signed reports whether the document was in an envelope. It may be signed by anybody: see Err.
func (e Endorsement) Signed() bool { return e.signed }

// Self reports whether the document itself says who had to sign it, for no previous version was given:
// whoever wrote it may have made up all of it.
func (e Endorsement) Self() bool { return e.self }

// Document is the digest of the document, "" for the zero Endorsement.
func (e Endorsement) Document() string { return e.document.digest }

// Previous is the digest of the version before, as the document names it; "" if it does not.
func (e Endorsement) Previous() string { return e.document.previous }

// Authority is the digest of the ownership model whose people must have signed; "" if there is none.
func (e Endorsement) Authority() string {
	if e.authority == nil {
		return ""
	}
	return e.authority.Digest()
}

// Quorums gives, for all that the document governs, which team must have signed and who has, as of a time:
// for an ownership model everything, for a policy each of its artifact patterns, and each part of one that
// another entry says the owner of. Nil without an authority.
func (e Endorsement) Quorums(at time.Time) []Quorum {
	if e.authority == nil {
		return nil
	}
	if e.governed == nil {
		e.governed = e.governances(e.scopes)
	}
	quorums, _ := e.judge(at)
	return quorums
}

// People gives who signed, of the teams that had to, sorted; nil if nobody has. Workloads, vendors, shared
// keys and people of other teams count as nobody.
func (e Endorsement) People(at time.Time) []string { return e.standing(at).people }

// Err says why the document is not approved as of a time, as an *UnapprovedError; nil if it is: it is
// signed, it follows the previous version where one was given, and every quorum is met.
func (e Endorsement) Err(at time.Time) error { return e.standing(at).err }

// standing is what there is to say of an endorsement as of a time.
type standing struct {
	Endorsement
	err     error
	people  []string
	unowned bool // a part of what the document governs has no one team to approve it
}

// standing judges the endorsement as of a time.
func (e Endorsement) standing(at time.Time) standing {
	s := standing{Endorsement: e}
	quorums, ignored := e.judge(at)
	var reasons []string
	switch {
	case !e.signed:
		reasons = append(reasons, "it is not signed")
	case e.authority == nil:
		reasons = append(reasons, "there is no ownership model to say who had to sign it")
	case e.broken != "":
		reasons = append(reasons, e.broken)
	case len(e.proofs) == 0 && !e.ownership:
		reasons = append(reasons, "nobody the ownership model knows has signed it")
	}
	for _, q := range quorums {
		s.people = append(s.people, q.People...)
		s.unowned = s.unowned || q.Team == ""
	}
	slices.Sort(s.people)
	s.people = slices.Compact(s.people)
	lacking := lacks(quorums)
	if e.signed && e.broken == "" && len(quorums) > 0 && len(lacking) == 0 {
		return s
	}
	reasons = append(reasons, lacking...)
	if e.signed {
		reasons = append(reasons, ignored...)
	}
	s.err = &UnapprovedError{Document: cmp.Or(e.document.what, "the document"), Reasons: slices.Compact(reasons)}
	return s
}

// bind gives the people whose signatures verified, each with a credential, and why the rest binds to
// nobody.
func (e Endorsement) bind(at time.Time) (credentials map[string]string, ignored []string) {
	credentials = map[string]string{}
	ignored = slices.Clone(e.refused)
	for _, id := range e.proofs {
		b, refusal := e.authority.Bind(id, at, at)
		switch {
		case refusal != nil:
			ignored = append(ignored, refusal.Message)
		case b.Person == "":
			ignored = append(ignored, fmt.Sprintf("credential %s is held by %s: expected one person's", b.Credential, joined(b.Holders)))
		case credentials[b.Person] == "" || b.Credential < credentials[b.Person]:
			credentials[b.Person] = b.Credential
		}
	}
	return credentials, ignored
}

// version is which version of a document it is.
type version struct {
	what, name       string
	number           int
	digest, previous string
}

// versioned is what ownership models and policies have in common.
type versioned interface {
	Name() string
	Version() int
	Digest() string
	Previous() string
	Enveloped() bool
}

func versionOf(d versioned) version {
	what := "policy"
	if _, ok := d.(*ownership.Model); ok {
		what = "the ownership model"
	}
	return version{fmt.Sprintf("%s %s version %d", what, clipped(d.Name()), d.Version()), d.Name(), d.Version(), d.Digest(), d.Previous()}
}

// follows says why a version does not follow another; "": it does.
func (v version) follows(before version) string {
	switch {
	case v.name != before.name:
		return fmt.Sprintf("it does not follow %s: expected the same name", before.what)
	case v.number <= before.number:
		return fmt.Sprintf("it does not follow %s: expected a higher version", before.what)
	case v.previous == "":
		return fmt.Sprintf("it names no previous version: expected previous: %s, of %s", before.digest, before.what)
	case v.previous != before.digest:
		return fmt.Sprintf("it names the previous version %s: expected %s, of %s", v.previous, before.digest, before.what)
	}
	return ""
}

// UnapprovedError says why a document is not approved by those who answer for what it governs.
type UnapprovedError struct {
	// Document says which document it is: "policy payments version 5".
	Document string
	// Reasons say what is lacking, and which signatures do not count for it and why.
	Reasons []string
}

// Error implements error.
func (e *UnapprovedError) Error() string {
	return e.Document + " is not approved: " + strings.Join(e.Reasons, "; ")
}
