package sigstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/verify"
)

// Opener opens Sigstore bundles and envelopes with certificates under a fixed set of roots. It is
// safe for concurrent use; nothing in it changes after [New].
type Opener struct {
	anchors []*anchor // by id, so that the order the caller gives never matters
	clock   verify.Clock
}

var _ verify.Opener = (*Opener)(nil)

// New makes an opener that trusts the given roots. Without roots every certificate is refused, and
// a bundle signed with a key opens only if it offers neither a log entry nor a timestamp.
// A root that cannot be used is a [*RootError]; several are joined.
func New(roots ...Root) (*Opener, error) {
	o := &Opener{}
	var errs []error
	for _, r := range roots {
		a, err := newAnchor(r)
		if err == nil && slices.ContainsFunc(o.anchors, func(b *anchor) bool { return b.id == a.id }) {
			err = errors.New("the id is given to two roots")
		}
		if err != nil {
			errs = append(errs, &RootError{ID: r.ID, Err: err})
			continue
		}
		o.anchors = append(o.anchors, a)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	slices.SortFunc(o.anchors, func(a, b *anchor) int { return cmp.Compare(a.id, b.id) })
	return o, nil
}

// WithClock gives an opener that also takes the times a clock proves, such as those of an ownership
// model's timestamp authorities: where a root's own authorities prove none, and beside them. The opener
// it is called on stays as it was; nil is no clock.
func (o *Opener) WithClock(clock verify.Clock) *Opener {
	with := *o
	with.clock = clock
	return &with
}

// Trust names the roots, by id, and those of the clock.
func (o *Opener) Trust() []verify.TrustInput {
	inputs := make([]verify.TrustInput, 0, len(o.anchors))
	for _, a := range o.anchors {
		inputs = append(inputs, a.trustInput())
	}
	if o.clock != nil {
		inputs = append(inputs, o.clock.Trust()...)
	}
	return inputs
}

// Opens reports whether the item is a Sigstore bundle (or an npm element that wraps one), or an
// envelope with a certificate beside one of its signatures. An in-toto metablock is neither.
func (o *Opener) Opens(item *attest.Item) bool {
	if item == nil || item.Err() != nil || item.Format() == attest.FormatMetablock { // whose signatures are not DSSE's
		return false
	}
	if item.Bundle() != nil {
		return true
	}
	envelope := item.Envelope()
	return envelope != nil && slices.ContainsFunc(envelope.Signatures, carriesCertificate)
}

// Open verifies a bundle's one signature, or those signatures of an envelope that carry a
// certificate; other signatures of an envelope are left to other openers. The error is the
// context's.
//
// [verify.Opened.Checks] counts the keys tried against the envelope's signatures. The arithmetic of
// log entries, timestamps and chains is bounded by the item's own limits.
func (o *Opener) Open(ctx context.Context, item *attest.Item, keys verify.Keys) (verify.Opened, error) {
	if err := ctx.Err(); err != nil {
		return verify.Opened{}, err
	}
	if !o.Opens(item) {
		return verify.Opened{}, nil
	}
	if item.Bundle() != nil {
		return o.openBundle(ctx, item, keys)
	}
	return o.openEnvelope(ctx, item.Envelope())
}

// refusal says why a signature is not proven; it becomes a [verify.Refusal].
type refusal struct {
	code    verify.Code
	message string
}

func refuse(code verify.Code, format string, args ...any) *refusal {
	return &refusal{code: code, message: fmt.Sprintf(format, args...)}
}

// at gives the refusal for the signature with the index.
func (r *refusal) at(signature int) verify.Refusal {
	return verify.Refusal{Signature: signature, Code: r.code, Message: r.message}
}
