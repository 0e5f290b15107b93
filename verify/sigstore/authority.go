package sigstore

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"slices"
	"time"

	"github.com/sigstore/sigstore-go/pkg/root"

	"github.com/surety-dev/surety/internal/chain"
)

// authority is a Fulcio certificate authority of a root, with its pools built and the chains of its
// intermediates verified once.
type authority struct {
	from, until   time.Time // the root's window for the authority; zero is open
	roots         *x509.CertPool
	intermediates *x509.CertPool
	names         map[string]bool // subjects of the authority's certificates, DER
	remembered    []remembered
}

// remembered is an intermediate whose way up to the root has been verified: what is left per
// certificate is the leaf's signature and whether each parent was valid at the time.
type remembered struct {
	issuer  *x509.Certificate
	pool    *x509.CertPool // holds only the issuer
	parents []*x509.Certificate
}

// newAuthority prepares an authority. Nothing here can fail: what cannot be remembered is verified
// in full for each certificate.
func newAuthority(ca *root.FulcioCertificateAuthority) *authority {
	a := &authority{
		from:          ca.ValidityPeriodStart,
		until:         ca.ValidityPeriodEnd,
		roots:         x509.NewCertPool(),
		intermediates: x509.NewCertPool(),
		names:         map[string]bool{},
	}
	if ca.Root == nil {
		return a
	}
	a.roots.AddCert(ca.Root)
	a.names[string(ca.Root.RawSubject)] = true
	latest := ca.Root.NotBefore
	for _, c := range ca.Intermediates {
		a.intermediates.AddCert(c)
		a.names[string(c.RawSubject)] = true
		if c.NotBefore.After(latest) {
			latest = c.NotBefore
		}
	}
	for _, c := range ca.Intermediates {
		a.remember(c, latest)
	}
	return a
}

// remember verifies an intermediate's chain at a time all of the authority's certificates have
// begun by, and keeps it if nothing in it depends on the leaf below.
func (a *authority) remember(c *x509.Certificate, at time.Time) {
	if !c.IsCA || at.IsZero() {
		return
	}
	chains, err := c.Verify(a.options(a.roots, a.intermediates, at))
	if err != nil || len(chains) == 0 {
		return
	}
	parents := chains[0][1:]
	if constrains(c) {
		return
	}
	for i, p := range parents {
		// In the chain of a leaf, i+1 intermediates stand below this parent (RFC 5280, 4.2.1.9).
		if constrains(p) || p.BasicConstraintsValid && p.MaxPathLen >= 0 && p.MaxPathLen < i+1 {
			return
		}
	}
	pool := x509.NewCertPool()
	pool.AddCert(c)
	a.remembered = append(a.remembered, remembered{issuer: c, pool: pool, parents: parents})
}

// constrains reports whether a certificate limits the names or policies below it (RFC 5280, 4.2.1.5,
// .10, .11 and .14): then a chain is more than its links.
func constrains(c *x509.Certificate) bool {
	return slices.ContainsFunc(c.Extensions, func(e pkix.Extension) bool {
		switch e.Id.String() {
		case "2.5.29.30", "2.5.29.33", "2.5.29.36", "2.5.29.54":
			return true
		}
		return false
	})
}

// options are sigstore-go's (FulcioCertificateAuthority.Verify): code signing through the whole
// chain, at an explicit time, with pools of ours, so that no system root is ever read.
func (*authority) options(roots, intermediates *x509.CertPool, at time.Time) x509.VerifyOptions {
	return x509.VerifyOptions{
		CurrentTime:   at,
		Roots:         roots,
		Intermediates: intermediates,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning},
	}
}

var (
	errNotInForce = errors.New("its authority was not in force then")
	errZeroTime   = errors.New("is of the zero time")
)

// chains verifies the leaf at a time and gives its chains, the leaf first. Extra are intermediates
// that came with the leaf: steps on the way, never anchors.
func (a *authority) chains(leaf *x509.Certificate, extra []*x509.Certificate, at time.Time) ([][]*x509.Certificate, error) {
	switch {
	case at.IsZero():
		// crypto/x509 would take the zero time for "now".
		return nil, errZeroTime
	case !a.from.IsZero() && at.Before(a.from), !a.until.IsZero() && at.After(a.until):
		return nil, errNotInForce
	}
	for _, r := range a.remembered {
		if string(r.issuer.RawSubject) != string(leaf.RawIssuer) || !validAt(r.parents, at) {
			continue
		}
		chains, err := leaf.Verify(a.options(r.pool, x509.NewCertPool(), at))
		if err != nil {
			continue
		}
		for i := range chains {
			chains[i] = append(chains[i], r.parents...)
		}
		return chains, nil
	}
	intermediates := a.intermediates
	if len(extra) > 0 {
		intermediates = intermediates.Clone()
		for _, c := range extra {
			intermediates.AddCert(c)
		}
	}
	chains, err := leaf.Verify(a.options(a.roots, intermediates, at))
	if err != nil {
		return nil, err
	}
	return chain.Within(chains)
}

// validAt reports whether every certificate is valid at the time, both ends included, as
// crypto/x509 has it.
func validAt(certificates []*x509.Certificate, at time.Time) bool {
	for _, c := range certificates {
		if at.Before(c.NotBefore) || at.After(c.NotAfter) {
			return false
		}
	}
	return true
}
