package attest

import (
	"cmp"
	"fmt"
	"strings"
)

// Artifact is what is released: a name the caller gives, never taken from evidence,
// and its digests. The zero Artifact has neither and matches nothing. Immutable.
type Artifact struct {
	name    string
	digests Digests
	pkg     purl
	isPkg   bool
}

// NewArtifact makes an artifact from a name that [CheckName] accepts, and digests of which
// at least one is a sha256, sha384 or sha512 and all are of known algorithms, in lower case,
// of their length. It copies the digests. Errors are [*NameError] and [*DigestError].
func NewArtifact(name string, digests Digests) (Artifact, error) {
	if err := CheckName(name); err != nil {
		return Artifact{}, err
	}
	if err := digests.check(); err != nil {
		return Artifact{}, err
	}
	a := Artifact{name: name, digests: digests.clone(), isPkg: strings.HasPrefix(name, "pkg:")}
	if a.isPkg {
		a.pkg, _ = parsePURL(name) // CheckName has parsed it
	}
	return a, nil
}

// Name is the name as given.
func (a Artifact) Name() string { return a.name }

// Scope is the name up to its first ? or #: what patterns see.
func (a Artifact) Scope() string { return Scope(a.name) }

// Digests is a copy of the digests.
func (a Artifact) Digests() Digests { return a.digests.clone() }

// MismatchError says why subjects do not speak of an artifact.
type MismatchError struct {
	// Subject is the name (or URI) of the subject meant; with several, of the closest one. "" if it has none.
	Subject string
	// Msg says what keeps it from matching, and what was expected.
	Msg string
}

// Error names the subject and the reason.
func (e *MismatchError) Error() string { return fmt.Sprintf("subject %s: %s", quote(e.Subject), e.Msg) }

// closeness orders what keeps a subject from matching, the closest to a match first.
type closeness int

const (
	matches closeness = iota
	otherPackage
	otherDigest
	noStrongDigest
	void
)

// MatchedBy is nil if the subject speaks of the artifact, else a [*MismatchError].
// Subject and artifact must agree by sha256, sha384 or sha512 and disagree by no
// algorithm both give. If the artifact is named by a package URL, so must every
// package URL of the subject (name or URI) name its type, namespace and name,
// decoded, and its version where both give one. A void subject never matches.
func (a Artifact) MatchedBy(s Subject) error {
	how, alg, msg := a.compare(s)
	if how == matches {
		return nil
	}
	return a.mismatch(s, how, alg, msg)
}

// NamedBy is nil if no package URL of the subject (name or URI) names another package than the artifact's, as
// [Artifact.MatchedBy] compares them, else a [*MismatchError]. It compares no digests: it is for subjects that are
// bound otherwise, by the commit that an artifact was built from.
func (a Artifact) NamedBy(s Subject) error {
	if msg := a.otherPackageOf(s); msg != "" {
		return a.mismatch(s, otherPackage, "", msg)
	}
	return nil
}

// BoundBy is nil if any one subject of the statement speaks of the artifact, else
// a [*MismatchError] about the subject that comes closest, the first of those.
func (a Artifact) BoundBy(st *Statement) error {
	if st == nil || len(st.Subjects) == 0 {
		return &MismatchError{Msg: "there is none"}
	}
	closest, at, alg, msg := void+1, 0, "", ""
	for i := range st.Subjects {
		how, l, m := a.compare(st.Subjects[i])
		if how == matches {
			return nil
		}
		if how < closest {
			closest, at, alg, msg = how, i, l, m
		}
	}
	return a.mismatch(st.Subjects[at], closest, alg, msg)
}

// compare finds how a subject stands to the artifact, with what a message needs.
func (a Artifact) compare(s Subject) (how closeness, alg, msg string) {
	if s.Void != "" {
		return void, "", s.Void
	}
	how = noStrongDigest
	for _, known := range algorithms {
		theirs := s.Digests[known.name]
		if theirs == "" {
			continue
		}
		ours := a.digests[known.name]
		switch {
		case ours == "":
		case ours != theirs:
			return otherDigest, known.name, ""
		case known.strong:
			how = matches
		}
	}
	if how == matches {
		if msg := a.otherPackageOf(s); msg != "" {
			return otherPackage, "", msg
		}
	}
	return how, "", ""
}

// otherPackageOf says how a package URL of a subject names another package than the artifact's, if that is named by one.
func (a Artifact) otherPackageOf(s Subject) string {
	if !a.isPkg {
		return ""
	}
	return cmp.Or(a.otherPackage(s.Name), a.otherPackage(s.URI))
}

// otherPackage says how a subject's name, if a package URL, names another package.
func (a Artifact) otherPackage(name string) string {
	if len(name) < 4 || !strings.EqualFold(name[:4], "pkg:") {
		return ""
	}
	p, err := parsePURL(name)
	if err != nil {
		return fmt.Sprintf("its package URL cannot be read: %.200s", err.Error())
	}
	return a.pkg.differs(p)
}

func (a Artifact) mismatch(s Subject, how closeness, alg, msg string) error {
	switch how {
	case otherDigest:
		msg = fmt.Sprintf("its %s is %s; expected %s", alg, quote(s.Digests[alg]), a.digests[alg])
	case noStrongDigest:
		msg = "it shares no sha256, sha384 or sha512 with the artifact"
	}
	name := s.Name
	if name == "" {
		name = s.URI
	}
	return &MismatchError{Subject: name, Msg: msg}
}
