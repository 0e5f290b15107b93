package certificate

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/chain"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

// Authority is a certificate authority to trust.
type Authority struct {
	// ID names it in verdicts and in the identities it certifies; required, and unique among the
	// authorities of an Opener.
	ID string
	// PEM are its certificates: those that no other of them issued are anchors, the rest are steps on
	// the way. All are authorities' certificates.
	PEM []byte
}

// List is a certificate revocation list (RFC 5280, 5).
type List struct {
	// ID names it in verdicts and messages; required, and unique among the lists of an Opener.
	ID string
	// Data is the list in DER, or PEM of one or more. Each is signed with the key of a certificate in an
	// authority's file, and holds of every certificate issued under that name.
	Data []byte
}

// Config are an opener's settings. The zero value trusts nobody and proves no time.
type Config struct {
	// Authorities are those whose certificates are accepted.
	Authorities []Authority
	// Clock verifies the timestamps beside signatures; nil: none is ever proven.
	Clock verify.Clock
	// Lists are revocation lists. Status data: they can only speak against a signature.
	Lists []List
}

// ConfigError says that an authority or a list cannot be used.
type ConfigError struct {
	// ID is the id as given; it may be empty.
	ID string
	// Err is what is wrong with it.
	Err error
}

// Error gives the id and the reason.
func (e *ConfigError) Error() string { return fmt.Sprintf("%q: %v", e.ID, e.Err) }

// Unwrap gives the reason.
func (e *ConfigError) Unwrap() error { return e.Err }

// FromModel gives the certificate authorities of an ownership model (trust.certificateAuthorities,
// design §3.1), in its order. No model, or one without them, gives none.
func FromModel(m *ownership.Model) []Authority {
	if m == nil {
		return nil
	}
	var all []Authority
	for _, a := range m.Trust().CertificateAuthorities {
		all = append(all, Authority{ID: a.ID, PEM: a.Data})
	}
	return all
}

// Opener opens what certificates of a fixed set of authorities signed. It is safe for concurrent use;
// nothing in it changes after [New].
type Opener struct {
	authorities []*chain.Authority // by id, so that the order the caller gives never matters
	clock       verify.Clock
	lists       []*list // in the order of their ids
}

var _ verify.Opener = (*Opener)(nil)

// New makes an opener. What cannot be used is a [*ConfigError]; several are joined.
func New(config Config) (*Opener, error) {
	o := &Opener{clock: config.Clock}
	var errs []error
	for _, given := range config.Authorities {
		a, err := newAuthority(given)
		if err == nil && slices.ContainsFunc(o.authorities, func(b *chain.Authority) bool { return b.ID == a.ID }) {
			err = errors.New("the id is given to two authorities")
		}
		if err != nil {
			errs = append(errs, &ConfigError{ID: given.ID, Err: err})
			continue
		}
		o.authorities = append(o.authorities, a)
	}
	slices.SortFunc(o.authorities, func(a, b *chain.Authority) int { return cmp.Compare(a.ID, b.ID) })
	for i, given := range config.Lists {
		lists, err := o.parseLists(given)
		if slices.ContainsFunc(config.Lists[:i], func(l List) bool { return l.ID == given.ID }) {
			err = errors.New("the id is given to two revocation lists")
		}
		if err != nil {
			errs = append(errs, &ConfigError{ID: given.ID, Err: err})
		}
		o.lists = append(o.lists, lists...)
	}
	slices.SortStableFunc(o.lists, func(a, b *list) int { return cmp.Compare(a.id, b.id) })
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return o, nil
}

// newAuthority parses an authority, and refuses a certificate that can issue none.
func newAuthority(given Authority) (*chain.Authority, error) {
	a, err := chain.NewAuthority(given.ID, given.PEM)
	if err != nil {
		return nil, err
	}
	for i, c := range a.Certificates {
		if !c.BasicConstraintsValid || !c.IsCA {
			return nil, fmt.Errorf("certificate %d is not an authority's", i)
		}
	}
	return a, nil
}

// Trust names the authorities, the lists and the clock's roots.
func (o *Opener) Trust() []verify.TrustInput {
	var inputs []verify.TrustInput
	for _, a := range o.authorities {
		inputs = append(inputs, verify.TrustInput{ID: a.ID, Digest: a.Digest})
	}
	for _, l := range o.lists {
		input := verify.TrustInput{ID: l.id, Digest: l.digest}
		if !slices.Contains(inputs, input) {
			inputs = append(inputs, input)
		}
	}
	if o.clock != nil {
		inputs = append(inputs, o.clock.Trust()...)
	}
	return inputs
}

// Opens reports whether the item has a signature of a certificate that is not a Sigstore deployment's,
// or that one of the authorities issued by name. Bundles with log entries are not opened.
func (o *Opener) Opens(item *attest.Item) bool {
	if item == nil || item.Err() != nil {
		return false
	}
	if b := item.Bundle(); b != nil {
		return !b.HasPublicKey && b.LogEntries == 0 && o.ours(bundled(b))
	}
	return item.Envelope() != nil && slices.ContainsFunc(item.Envelope().Signatures, o.carries)
}

// carries reports whether a signature of an envelope has a certificate for this opener.
func (o *Opener) carries(s attest.Signature) bool {
	return s.Err == nil && s.Certificate != nil && o.ours(beside(&s))
}

// ours reports whether certificates are for this opener. Those that cannot be parsed are: somebody has
// to say so.
func (o *Opener) ours(c *presented) bool {
	return c.err != nil || !fulcios(c.leaf) || slices.ContainsFunc(o.authorities, func(a *chain.Authority) bool {
		return a.Issued(append([]*x509.Certificate{c.leaf}, c.extra...)...)
	})
}

// Open verifies the signatures that carry a certificate; others of an envelope are left to other
// openers. The error is the context's.
func (o *Opener) Open(ctx context.Context, item *attest.Item, _ verify.Keys) (verify.Opened, error) {
	var opened verify.Opened
	if !o.Opens(item) {
		return opened, ctx.Err()
	}
	faults := 0
	for i := range item.Envelope().Signatures {
		if err := ctx.Err(); err != nil {
			return verify.Opened{}, err
		}
		sig := &item.Envelope().Signatures[i]
		s := signed{envelope: item.Envelope(), signature: sig, bundle: item.Bundle(), faults: &faults}
		switch {
		case s.bundle != nil:
			s.presented = bundled(s.bundle)
		case o.carries(*sig):
			s.presented = beside(sig)
		default:
			continue
		}
		opened.Checks++
		proofs, refused := o.prove(&s)
		if refused != nil {
			opened.Refusals = append(opened.Refusals, verify.Refusal{Signature: i, Code: refused.code, Message: refused.message})
		}
		for _, p := range proofs {
			p.Signature = i
			opened.Proofs = append(opened.Proofs, p)
		}
	}
	return opened, nil
}

// refusal says why a signature is not proven; it becomes a [verify.Refusal].
type refusal struct {
	code    verify.Code
	message string
}

func refuse(code verify.Code, format string, args ...any) *refusal {
	return &refusal{code: code, message: fmt.Sprintf(format, args...)}
}
