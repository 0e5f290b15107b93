package certificate

import (
	"bytes"
	"cmp"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"strings"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/chain"
)

// presented is the certificates that came with a signature. Nothing of them is verified.
type presented struct {
	leaf  *x509.Certificate
	extra []*x509.Certificate // intermediates: steps on the way, never anchors
	err   error               // why they cannot be used
}

// beside parses the certificates beside a signature of an envelope.
func beside(s *attest.Signature) *presented {
	all, err := chain.Parse(s.Certificate)
	if err != nil {
		return &presented{err: err}
	}
	for i, text := range s.Intermediates {
		more, err := chain.Parse(text)
		if err != nil {
			return &presented{err: fmt.Errorf("comes with an intermediate (%d) that %w", i, err)}
		}
		all = append(all, more...)
	}
	return present(all)
}

// bundled parses the certificates of a bundle.
func bundled(b *attest.Bundle) *presented {
	var all []*x509.Certificate
	for i, der := range b.Certificates {
		c, err := chain.ParseDER(der)
		if err != nil {
			return &presented{err: fmt.Errorf("(%d of the bundle) %w", i, err)}
		}
		all = append(all, c)
	}
	return present(all)
}

// present takes the first for the leaf. The others lie between it and an authority's, so each must be an
// authority's itself, and one signed by itself has no business there.
func present(all []*x509.Certificate) *presented {
	if len(all) == 0 {
		return &presented{err: errors.New("is not there")}
	}
	p := &presented{leaf: all[0], extra: all[1:]}
	for _, c := range p.extra {
		switch err := chain.Fit(c); {
		case !c.BasicConstraintsValid || !c.IsCA:
			p.err = errors.New("comes with an intermediate that is not an authority's")
		case bytes.Equal(c.RawSubject, c.RawIssuer):
			p.err = errors.New("comes with a root of its own: roots are the ownership model's")
		case err != nil:
			p.err = fmt.Errorf("comes with an intermediate that %w", err)
		}
	}
	return p
}

// fulcios reports whether a certificate is of the kind Sigstore's authority issues: it has one of its
// extensions (fulcio docs/oid-info.md).
func fulcios(c *x509.Certificate) bool {
	arc := asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 57264, 1}
	for _, e := range c.Extensions {
		if len(e.Id) > len(arc) && e.Id[:len(arc)].Equal(arc) {
			return true
		}
	}
	return false
}

// name is a subject alternative name.
type name struct{ kind, value string }

// nameOf holds a leaf to what a signer's certificate must be, and gives its one subject alternative name,
// byte for byte as the authority signed it (RFC 5280, 4.2.1.6).
func nameOf(leaf *x509.Certificate) (name, error) {
	if err := cmp.Or(chain.CheckLeaf(leaf), chain.Fit(leaf)); err != nil {
		return name{}, err
	}
	if fulcios(leaf) {
		return name{}, errors.New("is one as Sigstore issues, whose name counts with its issuer and claims only: expected a trusted root of Sigstore that issued it")
	}
	encoded, err := chain.AlternativeName(leaf)
	if err != nil {
		return name{}, err
	}
	kinds := map[int]string{1: "email", 2: "dns", 6: "uri"}
	found := name{kinds[encoded.Tag], string(encoded.Bytes)}
	switch {
	case encoded.Class != asn1.ClassContextSpecific || encoded.IsCompound || found.kind == "":
		return name{}, errors.New("has a subject alternative name that is no URI, e-mail address or DNS name")
	case found.value == "":
		return name{}, errors.New("has an empty subject alternative name")
	case strings.IndexFunc(found.value, func(r rune) bool { return r <= ' ' || r > '~' }) >= 0:
		return name{}, errors.New("has a subject alternative name with a character other than visible ASCII")
	case !chain.IsNamed(leaf, found.value):
		return name{}, errors.New("has a subject alternative name that reads in two ways")
	}
	return found, nil
}
