package verify

import (
	"context"
	"fmt"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/algorithm"
	"github.com/surety-dev/surety/ownership"
)

// keyOpener opens DSSE envelopes signed by keys of the ownership model. It verifies one signature at
// a time: a bad one beside a good one refuses only itself.
type keyOpener struct{}

// Opens reports whether the item is a bare envelope. A bundle's signature stands only with what the
// bundle says vouches for it, so bundles are a plug-in's.
func (keyOpener) Opens(item *attest.Item) bool { return item.Envelope() != nil && item.Bundle() == nil }

// Trust is empty: the keys are the ownership model's.
func (keyOpener) Trust() []TrustInput { return nil }

// Open tries, for each signature, the key its key id names, then those granted on the artifact.
func (keyOpener) Open(ctx context.Context, item *attest.Item, keys Keys) (Opened, error) {
	var out Opened
	m := algorithm.Over(item.Envelope())
	for i, sig := range item.Envelope().Signatures {
		if err := ctx.Err(); err != nil {
			return Opened{}, err
		}
		if sig.Err != nil {
			out.Refusals = append(out.Refusals, Refusal{Signature: i, Code: MalformedSignature, Message: fmt.Sprintf("signature %d cannot be read: %s", i, unreadable(sig.Err))})
			continue
		}
		candidates := keys(sig.KeyID)
		key, ok := signer(&m, sig.Sig, candidates, &out.Checks)
		switch {
		case ok:
			out.Proofs = append(out.Proofs, Proof{Signature: i, Identity: ownership.Identity{Key: key.Fingerprint}})
		case out.Checks > MaxItemChecks:
			return out, nil // the item is discarded for it
		default:
			out.Refusals = append(out.Refusals, RefuseKey(i, sig.KeyID, candidates))
		}
	}
	return out, nil
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
