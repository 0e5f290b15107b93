package verify

import (
	"context"
	"fmt"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/algorithm"
	"github.com/surety-dev/surety/ownership"
)

// KeyOpener opens what keys of the ownership model signed: bare envelopes and, given a clock, bundles
// that name a public key and hold no log entry. It stands in for the opener of bare envelopes that
// every verifier has, which knows no clock.
//
// A key's signature in an envelope stands without a time, so timestamps that prove nothing are passed
// over there; a bundle's stands only with what the bundle says vouches for it.
func KeyOpener(clock Clock) Opener { return keyOpener{clock} }

// keyOpener opens what keys of the ownership model signed. It verifies one signature at a time: a bad
// one beside a good one refuses only itself.
type keyOpener struct{ clock Clock }

// Opens reports whether the item is a bare envelope, or a bundle with nothing but timestamps for the
// clock. Other bundles are a plug-in's.
func (o keyOpener) Opens(item *attest.Item) bool {
	b := item.Bundle()
	return item.Envelope() != nil && (b == nil || o.clock != nil && b.HasPublicKey && b.LogEntries == 0)
}

// Trust names the clock's roots: the keys are the ownership model's.
func (o keyOpener) Trust() []TrustInput {
	if o.clock == nil {
		return nil
	}
	return o.clock.Trust()
}

// Open tries, for each signature, the key its key id names, then those granted on the artifact.
func (o keyOpener) Open(ctx context.Context, item *attest.Item, keys Keys) (Opened, error) {
	var out Opened
	m := algorithm.Over(item.Envelope())
	faults := 0
	for i := range item.Envelope().Signatures {
		sig := &item.Envelope().Signatures[i]
		if err := ctx.Err(); err != nil {
			return Opened{}, err
		}
		if sig.Err != nil {
			out.Refusals = append(out.Refusals, Refusal{Signature: i, Code: MalformedSignature, Message: fmt.Sprintf("signature %d cannot be read: %s", i, unreadable(sig.Err))})
			continue
		}
		hint := sig.KeyID
		if item.Bundle() != nil {
			hint = item.Bundle().KeyHint
		}
		candidates := keys(hint)
		key, ok := signer(&m, sig.Sig, candidates, &out.Checks)
		switch {
		case ok:
			out.prove(o.timed(i, key, item, &faults))
		case out.Checks > MaxItemChecks:
			return out, nil // the item is discarded for it
		default:
			out.Refusals = append(out.Refusals, RefuseKey(i, hint, candidates))
		}
	}
	return out, nil
}

// timed makes the proof of a key's signature, with the times the clock proves. After maxFaults signatures
// of which it proves none it is not asked of the item's others: timestamps cost more than signatures.
func (o keyOpener) timed(i int, key ownership.Key, item *attest.Item, faults *int) (Proof, *Refusal) {
	proof := Proof{Signature: i, Identity: ownership.Identity{Key: key.Fingerprint}}
	sig := &item.Envelope().Signatures[i]
	if o.clock == nil || len(sig.Timestamps) == 0 {
		return proof, nil
	}
	if *faults >= maxFaults {
		proof.Untimed = fmt.Sprintf("what is beside %d other signatures proves none, so the rest was not looked at", *faults)
		return proof, nil
	}
	times, err := o.clock.Times(sig)
	proof.Times = times
	if err != nil {
		*faults++
		proof.Untimed = err.Error()
	}
	if err != nil && item.Bundle() != nil {
		return Proof{}, &Refusal{Signature: i, Code: SignatureInvalid, Message: fmt.Sprintf("no timestamp of the bundle verifies: %v", err)}
	}
	return proof, nil
}

// maxFaults is of how many signatures of an item a clock may prove no time before it is asked no more.
const maxFaults = 4

// prove takes in a proof, or why there is none.
func (o *Opened) prove(p Proof, refusal *Refusal) {
	if refusal != nil {
		o.Refusals = append(o.Refusals, *refusal)
		return
	}
	o.Proofs = append(o.Proofs, p)
}

// signer gives the first of the keys that a signature over the message verifies with. It counts the checks,
// and makes no more once there are more than MaxItemChecks.
func signer(m *algorithm.Message, sig []byte, keys []ownership.Key, checks *int) (ownership.Key, bool) {
	for _, key := range keys {
		if !algorithm.Fits(key, sig) {
			continue
		}
		if *checks++; *checks > MaxItemChecks {
			break
		}
		if m.Verifies(key, sig) {
			return key, true
		}
	}
	return ownership.Key{}, false
}

// RefuseKey says why no key verified a signature: the key id named one, and it does not; or nobody
// known signed it, or it was altered since (design §7).
func RefuseKey(signature int, keyID string, candidates []ownership.Key) Refusal {
	if len(candidates) > 0 && candidates[0].Named(keyID) {
		return Refusal{Signature: signature, Code: SignatureInvalid,
			Message: fmt.Sprintf("signature %d does not verify with the key of credential %s, which its key id names", signature, candidates[0].Credential)}
	}
	return Refusal{Signature: signature, Code: SignerUnknown,
		Message: fmt.Sprintf("signature %d verifies with none of the %d keys granted on the artifact: the signer is unknown, or it has been altered", signature, len(candidates))}
}

// VerifyKey reports whether a signature over an envelope verifies with a key, by the algorithm of the
// key's kind: ECDSA over the hash of the curve's size, in DER, or as r and s only where the key's scheme
// says so; Ed25519; RSA-PSS with SHA-256 and a salt of its length, or PKCS#1 v1.5 only where the key's
// scheme says so. It is for openers.
func VerifyKey(key ownership.Key, envelope *attest.Envelope, sig []byte) bool {
	m := algorithm.Over(envelope)
	return m.Verifies(key, sig)
}
