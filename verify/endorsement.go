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
	self      bool
	signed    bool
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

// Quorum says how many people of a team must have signed, and who has.
type Quorum struct {
	// Scope is the pattern of the artifacts over which the team is accountable for release-policy.
	Scope string
	// Team is the team; "" where nobody, or more than one team, is accountable over all of the scope.
	Team string
	// Need is how many of its people it takes: what the control's entry says, else more than half.
	Need int
	// Members is how many people it has.
	Members int
	// People are those of them who signed, sorted, each once however many keys they signed with.
	People []string
}

// Met reports whether enough people signed.
func (q Quorum) Met() bool { return q.Team != "" && len(q.People) >= q.Need && q.Need > 0 }

// Quorums gives, for all that the document governs, which team must have signed and who has, as of a time:
// for an ownership model everything, for a policy each of its artifact patterns. Nil without an authority.
func (e Endorsement) Quorums(at time.Time) []Quorum {
	quorums, _ := e.judge(at)
	return quorums
}

// People gives who signed, of the teams that had to, sorted; nil if nobody has. Workloads, vendors, shared
// keys and people of other teams count as nobody.
func (e Endorsement) People(at time.Time) []string {
	var people []string
	for _, q := range e.Quorums(at) {
		people = append(people, q.People...)
	}
	slices.Sort(people)
	return slices.Compact(people)
}

// Err says why the document is not approved as of a time, as an *UnapprovedError; nil if it is: it is
// signed, it follows the previous version where one was given, and every quorum is met.
func (e Endorsement) Err(at time.Time) error {
	var reasons []string
	quorums, ignored := e.judge(at)
	met := len(quorums) > 0
	switch {
	case !e.signed:
		reasons = append(reasons, "it is not signed")
	case e.authority == nil:
		reasons = append(reasons, "there is no ownership model to say who had to sign it")
	case e.broken != "":
		reasons = append(reasons, e.broken)
	}
	for i, q := range quorums {
		if q.Met() {
			continue
		}
		met = false
		if !slices.ContainsFunc(quorums[:i], func(p Quorum) bool { return p.Team == q.Team && p.Need == q.Need }) {
			reasons = append(reasons, q.lack())
		}
	}
	if met && e.signed && e.broken == "" {
		return nil
	}
	if e.signed {
		reasons = append(reasons, ignored...)
	}
	return &UnapprovedError{Document: cmp.Or(e.document.what, "the document"), Reasons: slices.Compact(reasons)}
}

// unowned reports whether a part of what the document governs has no one team to approve it.
func (e Endorsement) unowned(at time.Time) bool {
	return slices.ContainsFunc(e.Quorums(at), func(q Quorum) bool { return q.Team == "" })
}

// lack says in words what a quorum lacks.
func (q Quorum) lack() string {
	if q.Team == "" {
		return "nobody, or more than one team, is accountable for release-policy over all of " + q.Scope
	}
	who := fmt.Sprintf("of team %s, accountable for release-policy over %s,", q.Team, q.Scope)
	if q.Need > q.Members {
		return fmt.Sprintf("it takes %d members %s and there are %d", q.Need, who, q.Members)
	}
	signed := "nobody"
	if len(q.People) > 0 {
		signed = "only " + strings.Join(q.People, ", ")
	}
	return fmt.Sprintf("it takes %d of the %d members %s and %s signed", q.Need, q.Members, who, signed)
}

// judge counts the people who signed, and says why other signatures do not count, sorted.
func (e Endorsement) judge(at time.Time) (quorums []Quorum, ignored []string) {
	if e.authority == nil {
		return nil, nil
	}
	credentials, ignored := e.bind(at)
	view := e.authority.At(at)
	for _, scope := range e.scopes {
		q := Quorum{Scope: scope}
		if owner, ok := view.ControlOver(ownership.ReleasePolicy, scope); ok {
			members := view.Members(owner.Accountable)
			q.Team, q.Members, q.Need = owner.Accountable, len(members), cmp.Or(owner.Quorum, len(members)/2+1)
			for _, m := range members { // sorted, each once
				if credentials[m] != "" && !slices.Contains(q.People, m) {
					q.People = append(q.People, m)
				}
			}
		}
		quorums = append(quorums, q)
	}
	for person, credential := range credentials {
		if !slices.ContainsFunc(quorums, func(q Quorum) bool { return slices.Contains(q.People, person) }) {
			ignored = append(ignored, fmt.Sprintf("%s (credential %s) is in no team that has to sign it, at %s", person, credential, stamp(at)))
		}
	}
	slices.Sort(ignored)
	return quorums, slices.Compact(ignored)
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
}

func versionOf(d versioned) version {
	what := "policy"
	if _, ok := d.(*ownership.Model); ok {
		what = "the ownership model"
	}
	return version{fmt.Sprintf("%s %s version %d", what, d.Name(), d.Version()), d.Name(), d.Version(), d.Digest(), d.Previous()}
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
