// Package chain verifies X.509 chains to authorities a document names, at a time it is told: no system
// root and no clock is ever used, and certificates from evidence are steps on the way, never anchors.
package chain

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"time"
)

// MaxCertificateBytes bounds a certificate from evidence: it is parsed before anybody is known to have issued it.
const MaxCertificateBytes = 64 << 10

// Authority is an authority's file made ready: parsed once, then only read.
type Authority struct {
	// ID names it in the ownership model.
	ID string
	// Digest is "sha256:" and the hex SHA-256 of the file.
	Digest string
	// Certificates are the file's, in its order.
	Certificates []*x509.Certificate

	anchors       *x509.CertPool
	intermediates *x509.CertPool
	names         map[string]bool // subjects, DER
}

// NewAuthority parses an authority's file: PEM of certificates. Its anchors are those that no other
// certificate of the file issued; the others are intermediates.
func NewAuthority(id string, file []byte) (*Authority, error) {
	if id == "" {
		return nil, errors.New("has no id")
	}
	certificates, err := Parse(file)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(file)
	a := &Authority{
		ID: id, Digest: "sha256:" + hex.EncodeToString(sum[:]), Certificates: certificates,
		anchors: x509.NewCertPool(), intermediates: x509.NewCertPool(), names: map[string]bool{},
	}
	for i, c := range certificates {
		if err := Fit(c); err != nil {
			return nil, fmt.Errorf("certificate %d %w", i, err)
		}
		a.names[string(c.RawSubject)] = true
	}
	for _, c := range certificates {
		if bytes.Equal(c.RawSubject, c.RawIssuer) || !a.names[string(c.RawIssuer)] {
			a.anchors.AddCert(c)
		} else {
			a.intermediates.AddCert(c)
		}
	}
	return a, nil
}

// Issued reports whether one of the certificates names one of the authority's as its issuer, or is one
// of them. Without that no chain can be built, for crypto/x509 finds parents by name.
func (a *Authority) Issued(certificates ...*x509.Certificate) bool {
	return slices.ContainsFunc(certificates, func(c *x509.Certificate) bool {
		return a.names[string(c.RawIssuer)] || slices.ContainsFunc(a.Certificates, c.Equal)
	})
}

// Verify gives the chains from a leaf to the authority's anchors, all of each valid at a time, for a
// usage. The extra certificates are steps on the way. It does not say whether the leaf itself names the
// usage: crypto/x509 takes one that names none for any.
func (a *Authority) Verify(leaf *x509.Certificate, extra []*x509.Certificate, at time.Time, usage x509.ExtKeyUsage) ([][]*x509.Certificate, error) {
	if at.IsZero() {
		return nil, errors.New("it is of the zero time") // which crypto/x509 takes for now
	}
	for _, c := range append([]*x509.Certificate{leaf}, extra...) { // before their keys are used
		if err := Fit(c); err != nil {
			return nil, fmt.Errorf("a certificate %w", err)
		}
	}
	intermediates := a.intermediates
	if len(extra) > 0 {
		intermediates = intermediates.Clone()
		for _, c := range extra {
			intermediates.AddCert(c)
		}
	}
	chains, err := leaf.Verify(x509.VerifyOptions{CurrentTime: at, Roots: a.anchors, Intermediates: intermediates, KeyUsages: []x509.ExtKeyUsage{usage}})
	if err != nil {
		return nil, err
	}
	return Within(chains)
}

// Parse parses PEM of certificates, at least one. Text around the blocks is passed over; a block that
// cannot be read, or is something else, is an error.
func Parse(text []byte) ([]*x509.Certificate, error) {
	blocks, ok := Blocks(text)
	if !ok {
		return nil, errors.New("is not PEM of certificates")
	}
	var all []*x509.Certificate
	for _, block := range blocks {
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("holds a PEM block of type %q, expected certificates", block.Type)
		}
		c, err := ParseDER(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("holds a certificate that %w", err)
		}
		all = append(all, c)
	}
	return all, nil
}

// Blocks gives the blocks of PEM, at least one. Text around them is passed over; false: one of them cannot
// be read, which encoding/pem would pass over too.
func Blocks(text []byte) (all []*pem.Block, ok bool) {
	for rest := text; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return all, len(all) > 0 && len(all) == bytes.Count(text, []byte("-----BEGIN "))
		}
		all = append(all, block)
	}
}

// ParseDER parses a certificate of at most MaxCertificateBytes.
func ParseDER(der []byte) (*x509.Certificate, error) {
	if len(der) > MaxCertificateBytes {
		return nil, fmt.Errorf("has %d bytes, over the limit MaxCertificateBytes of %d", len(der), MaxCertificateBytes)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("cannot be parsed: %w", err)
	}
	return c, nil
}
