package timestamp

import (
	"cmp"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/chain"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

// maxUnproven is how many timestamps beside a signature may prove nothing before the rest is not looked at.
const maxUnproven = 4

// Authority is a timestamp authority to trust.
type Authority struct {
	// ID names it in verdicts and messages; required, and unique among the authorities of a Clock.
	ID string
	// PEM are its certificates: those that no other of them issued are anchors, the rest are steps on
	// the way. The authority's own signing certificate may be among them, or alone.
	PEM []byte
}

// AuthorityError says that an authority cannot be used.
type AuthorityError struct {
	// ID is the authority's id as given; it may be empty.
	ID string
	// Err is what is wrong with it.
	Err error
}

// Error gives the authority's id and the reason.
func (e *AuthorityError) Error() string {
	return fmt.Sprintf("timestamp authority %q: %v", e.ID, e.Err)
}

// Unwrap gives the reason.
func (e *AuthorityError) Unwrap() error { return e.Err }

// FromModel gives the timestamp authorities of an ownership model (trust.timestampAuthorities, design
// §3.1), in its order, for [New]. No model, or one without them, gives none.
func FromModel(m *ownership.Model) []Authority {
	if m == nil {
		return nil
	}
	var all []Authority
	for _, a := range m.Trust().TimestampAuthorities {
		all = append(all, Authority{ID: a.ID, PEM: a.Data})
	}
	return all
}

// Clock proves times by a fixed set of authorities. It is safe for concurrent use; nothing in it changes
// after [New].
type Clock struct {
	authorities []*chain.Authority // by id, so that the order the caller gives never matters
}

var _ verify.Clock = (*Clock)(nil)

// New makes a clock. Without authorities no time is proven. An authority that cannot be used is an
// [*AuthorityError]; several are joined.
func New(authorities ...Authority) (*Clock, error) {
	c := &Clock{}
	var errs []error
	for _, given := range authorities {
		a, err := chain.NewAuthority(given.ID, given.PEM)
		if err == nil && slices.ContainsFunc(c.authorities, func(b *chain.Authority) bool { return b.ID == a.ID }) {
			err = errors.New("the id is given to two authorities")
		}
		if err != nil {
			errs = append(errs, &AuthorityError{ID: given.ID, Err: err})
			continue
		}
		c.authorities = append(c.authorities, a)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	slices.SortFunc(c.authorities, func(a, b *chain.Authority) int { return cmp.Compare(a.ID, b.ID) })
	return c, nil
}

// Trust names the authorities, by id.
func (c *Clock) Trust() []verify.TrustInput {
	inputs := make([]verify.TrustInput, 0, len(c.authorities))
	for _, a := range c.authorities {
		inputs = append(inputs, verify.TrustInput{ID: a.ID, Digest: a.Digest})
	}
	return inputs
}

// Times verifies the timestamps beside a signature, and gives of each authority the earliest time: two
// of one authority are one. Those that prove nothing are passed over where another does; where none
// does, the error says why of the first.
func (c *Clock) Times(sig *attest.Signature) ([]verify.TrustedTime, error) {
	var times []verify.TrustedTime
	var fault error
	unproven := 0
	for i, data := range sig.Timestamps {
		t, err := c.Verify(data, sig.Sig)
		if err != nil {
			if fault == nil {
				fault = fmt.Errorf("timestamp %d %w", i, err)
			}
			if unproven++; unproven >= maxUnproven {
				break
			}
			continue
		}
		same := slices.IndexFunc(times, func(u verify.TrustedTime) bool { return u.Authority == t.Authority })
		switch {
		case same < 0:
			times = append(times, t)
		case t.At.Before(times[same].At):
			times[same] = t
		}
	}
	if len(times) > 0 {
		return times, nil
	}
	return nil, fault
}

// Verify verifies one timestamp over a message: a token, or the response that brought it. The time is
// the latest the token vouches for: its time and its accuracy.
func (c *Clock) Verify(timestamp, message []byte) (verify.TrustedTime, error) {
	t, err := parse(timestamp)
	if err != nil {
		return verify.TrustedTime{}, err
	}
	if err := t.info.Over(message); err != nil {
		return verify.TrustedTime{}, err
	}
	err = errors.New("is made by none of the timestamp authorities")
	for _, a := range c.authorities {
		if !a.Issued(t.cms.Certificates...) && t.signedBy(a.Certificates) == nil {
			continue
		}
		if err = t.madeBy(a); err == nil {
			return verify.TrustedTime{At: t.info.Latest(), Source: "rfc3161", Authority: a.ID}, nil
		}
	}
	return verify.TrustedTime{}, err
}

// madeBy verifies that an authority made the token: that the certificate the signer says is its own may
// sign timestamps and nothing else, chains to the authority, all of it valid at the token's time, and
// verifies the signature.
func (t *token) madeBy(a *chain.Authority) error {
	signer := t.signedBy(slices.Concat(a.Certificates, t.cms.Certificates))
	if signer == nil {
		return errors.New("is signed with a certificate that is not there")
	}
	if err := checkUsage(signer); err != nil {
		return err
	}
	if _, err := a.Verify(signer, t.cms.Certificates, t.info.Time, x509.ExtKeyUsageTimeStamping); err != nil {
		return fmt.Errorf("is signed with a certificate that does not chain to %s at %s: %w", a.ID, t.info.Time.UTC().Format(time.RFC3339), err)
	}
	if err := t.verifySignature(signer); err != nil {
		return fmt.Errorf("does not verify with the certificate of its signer: %w", err)
	}
	return nil
}

// checkUsage holds a signer's certificate to RFC 3161, 2.3: "exactly one instance of the extended key
// usage field extension, with KeyPurposeID having value id-kp-timeStamping. This extension MUST be
// critical."
func checkUsage(c *x509.Certificate) error {
	n, critical := chain.Count(c, "2.5.29.37")
	switch {
	case n != 1 || !slices.Equal(c.ExtKeyUsage, []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}) || len(c.UnknownExtKeyUsage) > 0:
		return errors.New("is signed with a certificate whose one usage is not timestamping")
	case !critical:
		return errors.New("is signed with a certificate whose extended key usage is not critical")
	case c.IsCA:
		return errors.New("is signed with the certificate of a certificate authority")
	case c.KeyUsage&^(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) != 0:
		return errors.New("is signed with a certificate whose key is for other than signatures")
	}
	return nil
}
