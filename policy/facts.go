package policy

import (
	"sync"
	"time"

	"github.com/surety-dev/surety/attest"
)

// Facts is what one evaluation sees. It holds only what counts in the world it is made for; the
// caller has verified all of it. Evaluate does not change it.
type Facts struct {
	// Artifact is what is released, as the caller named it.
	Artifact attest.Artifact
	// Tier is how critical the ownership model says the artifact is; "" where no tier covers it.
	Tier string
	// Environment is where it is released to; "" where the request named none.
	Environment string
	// At is the time of evaluation.
	At time.Time
	// Rollback says that the release returns to an earlier artifact, by the caller's word.
	Rollback bool
	// Attestations are the verified attestations of the artifact, in any order.
	Attestations []*Attestation
	// Approvals are the verified approvals of the artifact and of commits, in any order.
	Approvals []*Approval
	// Waived is what valid exceptions waive: ids of rules and, after "evidence:", names of declarations, in any
	// order. What the policy does not call waivable is not waived.
	Waived []string
	// Budget is the CEL cost this evaluation may spend; zero means MaxRequestCost.
	Budget uint64
}

// Attestation is one verified statement about the artifact with everybody who signed it. It is
// visible to rules as `it` and in `evidence.<name>`.
type Attestation struct {
	// Digest identifies the attestation: "sha256:" and the hex digest of the lowest of its evidence
	// items. Candidates are ordered by it.
	Digest string
	// Part tells apart the attestations that share a digest, for they are in one collection: 0 for the
	// statement itself, from 1 for what it holds. Candidates of one digest are ordered by it.
	Part int
	// Statement is what was signed; required.
	Statement *attest.Statement
	// Layout is what became of the supply chain, where the statement is an in-toto layout that was held
	// against its links and passed; nil for other statements.
	Layout *Layout
	// Signers are the signatures that count. Of one credential there may be several, made at different
	// times: a rule sees one of them at a time.
	Signers []*Signer

	predicate sync.Once
	decoded   any
	err       error
}

// Signer is one counted signature, bound to credential, principal and owner. It is visible to rules
// in `it.signers` and `signers`.
type Signer struct {
	// Credential is the id of the credential that stands behind the signature.
	Credential string
	// Holder is the principal holding it; "" where several hold it.
	Holder string
	// Person is Holder where that is a person, else "".
	Person string
	// Owner is the team accountable for the credential; "" if the model names none.
	Owner string
	// Behind are who stands behind the signature, sorted: every holder, and the operators of a workload. Their
	// approvals of what they signed do not count (design §4.11).
	Behind []string
	// Duties are those the holder was granted for this attestation, in the model's order.
	Duties []string
	// Teams are the teams the person was a member of when signing, sorted.
	Teams []string
	// Identity is what the signature proved.
	Identity Identity
	// SignedAt is when the signature was made, as far as it is known.
	SignedAt *Span
}

// HasDuty reports whether the signer was granted the duty for this attestation.
func (s *Signer) HasDuty(duty string) bool {
	for _, d := range s.Duties {
		if d == duty {
			return true
		}
	}
	return false
}

// Identity is a proven identity: a key, or an issuer's word for a subject.
type Identity struct {
	// Key is the hex SHA-256 of the public key's SubjectPublicKeyInfo; "" for a certificate.
	Key string
	// Issuer is the OIDC issuer; "" for a key and for an X.509 identity.
	Issuer string
	// Authority is the id of the certificate authority of an X.509 identity; "" for others.
	Authority string
	// NameType is what kind of name an X.509 identity is: "uri", "dns" or "email"; "" for others.
	NameType string
	// Subject is the certificate's subject alternative name; "" for a key.
	Subject string
	// Claims are the certificate's further claims by sigstore-go's JSON names; nil for a key.
	Claims map[string]string
}

// Layout is a supply chain that passed: the steps of an in-toto layout, and who did them. It is visible to
// rules as `it.layout`.
type Layout struct {
	// Expires is when the layout ends.
	Expires time.Time
	// Steps are its steps, in its order.
	Steps []*LayoutStep
	// Inspections are the names of its inspections, none of which was run.
	Inspections []string
	// Product is which product of which step is the artifact: "package: dist/api.tar.gz".
	Product string
}

// LayoutStep is one step of a supply chain.
type LayoutStep struct {
	// Name is the step's name.
	Name string
	// Threshold is how many holders had to do it alike.
	Threshold int
	// Holders are the people and workloads who did it and whose account is used, sorted.
	Holders []string
	// People are those of them who are people, sorted.
	People []string
	// Passed says that the step passed, as all of a supply chain that passed do.
	Passed bool
}

// Approval is one verified approval, of the artifact or of the commit it was built from, by a person; or
// what a witness says was enforced for that commit, which names nobody.
type Approval struct {
	// Person is the approver's id; "" where it only says what was enforced.
	Person string
	// Teams are the teams the person was a member of when approving, sorted.
	Teams []string
	// Witnessed is set where a witness reported the approval, rather than the approver signing it.
	Witnessed bool
	// Commit is the commit it is of, in lower-case hexadecimal; "" where it is of the artifact. It is seen
	// only in rules about provenance that names the commit (design §4.2).
	Commit string
	// Repository is the repository of the commit, as the approval names it; "" where it does not.
	Repository string
	// Role is in which role the person approved, as they say; "" if they do not.
	Role string
	// From is the environment the artifact is promoted from, to that of the request; "" if it is no promotion.
	From string
	// Reference is the ticket, pull request or review, as they say; "" if they do not.
	Reference string
	// Expires is when it ends; zero: not. Those that have ended are no facts.
	Expires time.Time
	// Controls are what was enforced for the commit, in the words of who says so.
	Controls []string
	// SignedAt is when the approval was made, as far as it is known.
	SignedAt *Span
}

// World is how evidence that is not fully proven is treated (design §4.1).
type World uint8

const (
	// Strict takes as true only what is proven. It is the zero value.
	Strict World = iota
	// Generous takes undecided evidence as counted, unproven orders as proven and rules in error as
	// passed. What is allowed only generously is never admitted; the difference says what is missing.
	Generous
)

// value decodes the predicate when a rule first touches it.
func (a *Attestation) value() (any, error) {
	a.predicate.Do(func() { a.decoded, a.err = a.Statement.Predicate.Decode() })
	return a.decoded, a.err
}
