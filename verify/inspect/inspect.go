package inspect

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

// Config is what signatures are verified with and signers named by. The zero value knows no key and
// trusts no root: nothing verifies.
type Config struct {
	// Ownership is the model whose keys are tried and whose credentials name signers; nil for none.
	Ownership *ownership.Model
	// Openers open what is not a bare envelope signed by a key, as in [verify.Config].
	Openers []verify.Opener
}

// Inspect says what items hold and what of them verifies, seen from a time. Repetition does not
// matter. The error is the context's, or a [*verify.RequestError] where the time is zero; what is
// wrong with evidence is in the inspection.
//
// Signatures are checked up to [verify.MaxRequestChecks] in all; those of later items are refused for it.
func Inspect(ctx context.Context, items []*attest.Item, at time.Time, config Config) (Inspection, error) {
	if at.IsZero() {
		return Inspection{}, &verify.RequestError{Field: "at", Msg: "no time of inspection, expected one"}
	}
	i := inspector{config: config, at: at.UTC(), keys: keys(config.Ownership)}
	out := Inspection{APIVersion: verify.APIVersion, Kind: Kind, Note: Note, At: verify.Time{Time: i.at}, Trust: []verify.TrustInput{}, Items: []Item{}}
	if m := config.Ownership; m != nil {
		out.Ownership = &Model{Name: m.Name(), Version: m.Version(), Digest: m.Digest(), InForce: m.InForce(i.at)}
	}
	for _, o := range config.Openers {
		out.Trust = append(out.Trust, o.Trust()...)
	}
	for _, it := range once(items) {
		item, err := i.item(ctx, it)
		if err != nil {
			return Inspection{}, err
		}
		out.Items = append(out.Items, item)
	}
	return out, nil
}

// once merges items that are the same, in the order they were first given.
func once(items []*attest.Item) []*attest.Item {
	first := map[string]int{}
	for n, it := range items {
		if it == nil {
			continue
		}
		if _, ok := first[it.Digest()]; !ok {
			first[it.Digest()] = n
		}
	}
	merged := attest.Merge(items)
	slices.SortStableFunc(merged, func(a, b *attest.Item) int { return first[a.Digest()] - first[b.Digest()] })
	return merged
}

// keys gives the keys to try for a key id: the one it names, then the model's others.
func keys(m *ownership.Model) verify.Keys {
	if m == nil {
		return func(string) []ownership.Key { return nil }
	}
	all := m.Keys(verify.MaxKeys)
	return func(hint string) []ownership.Key {
		named, ok := m.KeyNamed(hint)
		if !ok {
			return all
		}
		others := slices.DeleteFunc(slices.Clone(all), func(k ownership.Key) bool { return k.Fingerprint == named.Fingerprint })
		return append([]ownership.Key{named}, others...)
	}
}

// inspector inspects items one after another.
type inspector struct {
	config Config
	at     time.Time
	keys   verify.Keys
	checks int
}

// item inspects one item.
func (i *inspector) item(ctx context.Context, it *attest.Item) (Item, error) {
	out := Item{Digest: it.Digest(), Format: string(it.Format()), Sources: it.Sources(), Size: it.Size(), Signatures: []Signature{}}
	if err := it.Err(); err != nil {
		out.Unreadable = err.Error()
		if syntax, ok := errors.AsType[*attest.SyntaxError](err); ok { // Sources say where
			out.Unreadable = syntax.Path + ": " + syntax.Msg
		}
		return out, ctx.Err()
	}
	opened := verify.Opened{Refusals: []verify.Refusal{{Code: verify.LimitExceeded,
		Message: fmt.Sprintf("not checked: over the limit request-signature-checks of %d", verify.MaxRequestChecks)}}}
	if i.checks <= verify.MaxRequestChecks {
		var err error
		if opened, err = verify.Open(ctx, it, i.config.Openers, i.keys); err != nil {
			return Item{}, err
		}
		i.checks += opened.Checks
	}
	content := contentOf(it.Statement())
	out.Unverified = content
	for n := range it.Envelope().Signatures {
		s := i.signature(it, n, opened)
		if s.Verified {
			out.Verified, out.Unverified = content, nil
		}
		out.Signatures = append(out.Signatures, s)
	}
	return out, nil
}

// signature says what became of the n-th signature: it is proven, or the item's openers refused it, or
// they refused the item as a whole.
func (i *inspector) signature(it *attest.Item, n int, opened verify.Opened) Signature {
	s := Signature{Index: n, Times: []Time{}, Unverified: hints(it, n)}
	if at := slices.IndexFunc(opened.Proofs, func(p verify.Proof) bool { return p.Signature == n }); at >= 0 {
		i.proven(&s, opened.Proofs[at])
		return s
	}
	s.Code, s.Message = verify.SignatureInvalid, "nothing has verified it"
	at := slices.IndexFunc(opened.Refusals, func(r verify.Refusal) bool { return r.Signature == n })
	if at < 0 && len(opened.Refusals) > 0 {
		at = 0
	}
	if at >= 0 {
		s.Code, s.Message = opened.Refusals[at].Code, opened.Refusals[at].Message
	}
	// The core speaks of grants on an artifact; here there is none.
	tried := i.keys(s.Unverified.KeyID)
	if s.Code == verify.SignerUnknown && s.Message == verify.RefuseKey(n, s.Unverified.KeyID, tried).Message {
		s.Message = fmt.Sprintf("it verifies with none of the %d keys of the ownership model that were tried: the signer is unknown, or it has been altered", len(tried))
		if i.config.Ownership == nil {
			s.Message = "no key is known: without an ownership model nothing can verify a signature by a key"
		}
	}
	s.Unverified.Certificate = certificateOf(it, n)
	return s
}

// proven enters who signed, when, and whose credential that is.
func (i *inspector) proven(s *Signature, p verify.Proof) {
	s.Verified = true
	s.Identity = &Identity{Issuer: p.Identity.Issuer, Authority: p.Identity.Authority, Subject: p.Identity.Subject, Claims: maps.Clone(p.Identity.Claims)}
	if p.Identity.Key != (ownership.Fingerprint{}) {
		s.Identity.Key = p.Identity.Key.String()
	}
	s.NotBefore = verify.Time{Time: p.NotBefore}
	for _, t := range p.Times {
		s.Times = append(s.Times, Time{verify.Time{Time: t.At}, t.Source, t.Authority})
	}
	slices.SortFunc(s.Times, func(a, b Time) int { return a.At.Compare(b.At.Time) })
	judged, source := i.at, "inspection"
	switch {
	case len(s.Times) > 0:
		judged, source = s.Times[0].At.Time, s.Times[0].Source
	case p.Certificate:
		judged, source = p.NotBefore, "certificate"
		s.Code, s.Message = verify.NoTrustedTime, "nothing proves when the certificate signed: it was valid from "+stamp(p.NotBefore)
	}
	if p.Untimed != "" {
		s.Code, s.Message = verify.NoTrustedTime, "what is offered for the time proves none: "+p.Untimed
	}
	if code, message := p.Revoked(judged, i.at); code != "" {
		s.Code, s.Message = code, message
	}
	if judged.After(i.at) {
		s.Code, s.Message = verify.SignedAfterEvaluation, "signed at "+stamp(judged)+", after the time of inspection"
		return
	}
	if i.config.Ownership != nil {
		s.Standing = i.standing(&p, judged)
		s.Standing.Source = source
	}
}

// standing says what the model says of who signed at a time.
func (i *inspector) standing(p *verify.Proof, judged time.Time) *Standing {
	m := i.config.Ownership
	binding, refusal := m.Bind(p.Identity, judged, i.at)
	if refusal == nil && p.Certificate {
		refusal = m.BindKey(p.PublicKey, binding.Holders, judged, i.at)
	}
	out := &Standing{Credential: binding.Credential, Holders: []string{}, Judged: verify.Time{Time: judged}}
	if refusal != nil {
		out.Credential, out.Code, out.Message = refusal.Credential, verify.Code(refusal.Reason), refusal.Message
	}
	if c, ok := m.Credential(out.Credential); ok {
		out.Holders, out.Owner = append(out.Holders, c.Holders...), c.Owner
		out.State = c.States.At(judged).String()
	}
	return out
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
