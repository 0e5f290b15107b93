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
	// Environment is where it is released to; "" where the request named none.
	Environment string
	// At is the time of evaluation.
	At time.Time
	// Attestations are the verified attestations of the artifact, in any order.
	Attestations []*Attestation
	// Approvals are the verified approvals of the artifact, in any order.
	Approvals []*Approval
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
	// Issuer is the OIDC issuer; "" for a key.
	Issuer string
	// Subject is the certificate's subject alternative name; "" for a key.
	Subject string
	// Claims are the certificate's further claims by sigstore-go's JSON names; nil for a key.
	Claims map[string]string
}

// Approval is one verified approval of the artifact by a person.
type Approval struct {
	// Person is the approver's id.
	Person string
	// Teams are the teams the person was a member of when approving, sorted.
	Teams []string
	// Witnessed is set where a witness reported the approval, rather than the approver signing it.
	Witnessed bool
	// ViaSource is set where the approval is of the commit a counted provenance names, rather than of
	// the artifact (design §4.2).
	ViaSource bool
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
