package verify

import (
	"cmp"
	"context"
	"fmt"
	"slices"
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

// Clock verifies what third parties say of the time of a signature, as package verify/timestamp does.
// It must be safe for concurrent use and must read no clock, network or environment.
type Clock interface {
	// Times gives the proven times of a signature, at most one of an authority. Where something is
	// offered and nothing of it proven, the error says why of the first of it.
	Times(sig *attest.Signature) ([]TrustedTime, error)
	// Trust names every root the times rest on, for the verdict's inputs.
	Trust() []TrustInput
}

// Opened is what an Opener found out about one item.
type Opened struct {
	// Proofs holds the signatures that verified.
	Proofs []Proof
	// Refusals holds those which did not, with the reason.
	Refusals []Refusal
	// Checks counts the signature checks made, for the limits of design §7.
	Checks int
}

// Open verifies an item's signatures as Verifier.Verify does: it asks each of the openers that opens
// items of its kind and [KeyOpener]'s, which has no clock where openers holds none. A signature
// that one of them proves is proven, and what the others say of it is left out; of one that all refuse
// the first refusal is kept. What nothing opens, and what costs more than MaxItemChecks, is one refusal
// of the item as a whole; so is a limit an opener reports, whatever else was proven. An item that
// cannot be read gives nothing. The error is the context's.
//
// It proves; it does not judge: who signed is not who may sign. keys may be nil: then no key is tried.
func Open(ctx context.Context, item *attest.Item, openers []Opener, keys Keys) (Opened, error) {
	var all Opened
	if item == nil || item.Err() != nil {
		return all, nil
	}
	if keys == nil {
		keys = func(string) []ownership.Key { return nil }
	}
	opens := false
	for _, o := range inOrderOf(item, openers) {
		if !o.Opens(item) {
			continue
		}
		opens = true
		opened, err := o.Open(ctx, item, keys)
		if err != nil {
			return Opened{}, err
		}
		all.add(opened)
	}
	if i := slices.IndexFunc(all.Refusals, func(r Refusal) bool { return r.Code == LimitExceeded }); i >= 0 {
		return Opened{Checks: all.Checks, Refusals: all.Refusals[i : i+1]}, nil // "over it: discarded" (design §7)
	}
	all.Refusals = slices.DeleteFunc(all.Refusals, func(r Refusal) bool {
		return slices.ContainsFunc(all.Proofs, func(p Proof) bool { return p.Signature == r.Signature })
	})
	switch {
	case !opens:
		all.Refusals = []Refusal{{Code: CertificateInvalid, Message: fmt.Sprintf("nothing here opens a %s: expected an opener with roots of trust", item.Format())}}
	case all.Checks > MaxItemChecks:
		all = Opened{Checks: all.Checks, Refusals: []Refusal{{Code: LimitExceeded,
			Message: fmt.Sprintf("the item is over the limit signature-checks: at most %d are allowed", MaxItemChecks)}}}
	}
	return all, nil
}

// inOrderOf gives the openers and that of keys: first for a bundle, of which it opens only what names a
// key, and last for an envelope, of which it tries all, so that the first refusal is the closest.
func inOrderOf(item *attest.Item, openers []Opener) []Opener {
	all := make([]Opener, 0, len(openers)+1)
	var keys Opener = keyOpener{}
	for _, o := range openers {
		if k, ok := o.(keyOpener); ok {
			keys = k
			continue
		}
		all = append(all, o)
	}
	if item.Bundle() != nil {
		return slices.Insert(all, 0, keys)
	}
	return append(all, keys)
}

// add takes in what another opener found out: of each signature the first refusal, and where both prove
// a key's signature the trusted times of both.
func (o *Opened) add(more Opened) {
	for _, p := range more.Proofs {
		same := slices.IndexFunc(o.Proofs, func(q Proof) bool {
			return q.Signature == p.Signature && !q.Certificate && !p.Certificate && q.Identity.Key == p.Identity.Key
		})
		if same < 0 {
			o.Proofs = append(o.Proofs, p)
			continue
		}
		times := slices.Clip(o.Proofs[same].Times)
		for _, t := range p.Times {
			if !slices.Contains(times, t) {
				times = append(times, t)
			}
		}
		o.Proofs[same].Times = times
		o.Proofs[same].Untimed = cmp.Or(o.Proofs[same].Untimed, p.Untimed)
	}
	o.Checks += more.Checks
	for _, refusal := range more.Refusals {
		if !slices.ContainsFunc(o.Refusals, func(r Refusal) bool { return r.Signature == refusal.Signature }) {
			o.Refusals = append(o.Refusals, refusal)
		}
	}
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
	// PublicKey is the fingerprint of the key in the certificate; zero: not told, or a key's proof,
	// whose Identity has it. One key counts for one holder, whoever it is certified for.
	PublicKey ownership.Fingerprint
	// Times are the verified trusted times of the signature, in any order; often none for a key.
	Times []TrustedTime
	// Untimed says why what was offered for a key's time proves none; "" where nothing was offered.
	Untimed string
	// Revocations are what revocation lists say against the certificate and those above it.
	Revocations []Revocation
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
