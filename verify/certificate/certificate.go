package certificate

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
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

// checkLeaf holds a leaf to what a signer's certificate must be whoever issued it, and gives its name.
// crypto/x509 would take an authority for a leaf, and a certificate that names no usage, or any, for
// every one.
func checkLeaf(leaf *x509.Certificate) (name, error) {
	switch {
	case leaf.IsCA:
		return name{}, errors.New("is an authority's, not a signer's")
	case !slices.Contains(leaf.ExtKeyUsage, x509.ExtKeyUsageCodeSigning):
		return name{}, errors.New("does not allow code signing")
	case leaf.KeyUsage != 0 && leaf.KeyUsage&x509.KeyUsageDigitalSignature == 0:
		return name{}, errors.New("does not allow digital signatures")
	case leaf.NotBefore.IsZero():
		return name{}, errors.New("has no notBefore")
	}
	seen := map[string]bool{}
	for _, e := range leaf.Extensions {
		id := e.Id.String()
		if seen[id] {
			return name{}, fmt.Errorf("has extension %s twice", id)
		}
		seen[id] = true
	}
	if err := chain.Fit(leaf); err != nil {
		return name{}, err
	}
	return subjectName(leaf)
}

// subjectName gives the certificate's one subject alternative name, byte for byte as the authority
// signed it (RFC 5280, 4.2.1.6).
func subjectName(leaf *x509.Certificate) (name, error) {
	var value []byte
	for _, e := range leaf.Extensions {
		if e.Id.Equal(asn1.ObjectIdentifier{2, 5, 29, 17}) {
			value = e.Value
		}
	}
	if value == nil {
		return name{}, errors.New("has no subject alternative name")
	}
	var names []asn1.RawValue
	if rest, err := asn1.Unmarshal(value, &names); err != nil || len(rest) > 0 {
		return name{}, errors.New("has a subject alternative name that is not DER")
	}
	if len(names) != 1 {
		return name{}, fmt.Errorf("has %d subject alternative names, expected one: a match of one would say nothing of the others", len(names))
	}
	kinds := map[int]string{1: "email", 2: "dns", 6: "uri"}
	found := name{kinds[names[0].Tag], string(names[0].Bytes)}
	switch {
	case names[0].Class != asn1.ClassContextSpecific || names[0].IsCompound || found.kind == "":
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
