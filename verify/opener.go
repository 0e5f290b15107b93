package verify

import (
	"context"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
)

// Opener turns an evidence item into proofs: which identity signed it, and at which trusted times.
// It proves; it does not judge. Keys in bare envelopes are opened by this package; certificates and
// Sigstore bundles by a plug-in such as verify/sigstore. An Opener must be safe for concurrent use
// and must read no clock, network or environment.
type Opener interface {
	// Opens reports whether the item has signatures of this opener's kind.
	Opens(item *attest.Item) bool
	// Open verifies the item's signatures. The error is the context's; whatever is wrong with the
	// evidence is a Refusal.
	Open(ctx context.Context, item *attest.Item, keys Keys) (Opened, error)
	// Trust names every root the opener rests on, for the verdict's inputs.
	Trust() []TrustInput
}

// Keys gives the keys to try for a signature with the key id hint: the one the hint names first,
// then those with a grant on the artifact in fingerprint order (design §7).
type Keys func(hint string) []ownership.Key

// Opened is what an Opener found out about one item.
type Opened struct {
	// Proofs holds the signatures that verified.
	Proofs []Proof
	// Refusals holds those which did not, with the reason.
	Refusals []Refusal
	// Checks counts the signature checks made, for the limits of design §7.
	Checks int
}

// Proof says that one signature of an item verified, for one identity.
type Proof struct {
	// Signature is the index of the signature in the item's envelope.
	Signature int
	// Identity is who signed: a key's fingerprint, or a certificate's issuer, subject and claims.
	Identity ownership.Identity
	// Certificate is set where the identity comes from a certificate, which without a trusted
	// time is never judged (design §4.8).
	Certificate bool
	// NotBefore is the start of the certificate's validity; zero for a key.
	NotBefore time.Time
	// Times are the verified trusted times of the signature, in any order; often none for a key.
	Times []TrustedTime
}

// TrustedTime is a verified statement by a third party that the signature existed at a time.
type TrustedTime struct {
	// At is the time, to the precision of the source.
	At time.Time
	// Source is "rfc3161" or "rekor".
	Source string
	// Authority names who vouches for the time: a timestamp authority or a log.
	Authority string
}

// Refusal says why one signature of an item was not proven.
type Refusal struct {
	// Signature is the index of the signature in the item's envelope; 0 where the item as a whole
	// was refused.
	Signature int
	// Code is the finding's code.
	Code Code
	// Message says what is wrong, in one sentence for people.
	Message string
}

// TrustInput names a root of trust and its content.
type TrustInput struct {
	// ID is the root's id in the ownership model, or the name the caller gave it.
	ID string `json:"id"`
	// Digest is "sha256:" and the hex SHA-256 of the root's document.
	Digest string `json:"digest"`
}
