package chain

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/surety-dev/surety/internal/edwards"
)

// Bounds on an RSA key, in bits. A check is quadratic in its size, and certificates from evidence are
// used before they are trusted.
const (
	minRSABits = 2048
	maxRSABits = 8192
)

// CheckLeaf holds a certificate to what a signer's must be whoever issued it. crypto/x509 would take an
// authority's for a leaf, and one that names no usage, or any, for every one. It says nothing of the key.
func CheckLeaf(leaf *x509.Certificate) error {
	switch {
	case leaf.IsCA:
		return errors.New("is an authority's, not a signer's")
	case !slices.Contains(leaf.ExtKeyUsage, x509.ExtKeyUsageCodeSigning):
		return errors.New("does not allow code signing")
	case leaf.KeyUsage != 0 && leaf.KeyUsage&x509.KeyUsageDigitalSignature == 0:
		return errors.New("does not allow digital signatures")
	case leaf.NotBefore.IsZero():
		return errors.New("has no notBefore")
	}
	seen := map[string]bool{}
	for _, e := range leaf.Extensions {
		id := e.Id.String()
		if seen[id] {
			return fmt.Errorf("has extension %s twice", id)
		}
		seen[id] = true
	}
	return nil
}

// Fit refuses a certificate whose key nobody should rely on, or should spend time on.
func Fit(c *x509.Certificate) error {
	switch key := c.PublicKey.(type) {
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits < minRSABits {
			return fmt.Errorf("has an RSA key of %d bits, expected %d to %d", bits, minRSABits, maxRSABits)
		}
		if key.E < 3 || key.E%2 == 0 {
			return fmt.Errorf("has an RSA key with exponent %d, expected an odd one of 3 or more", key.E)
		}
		return Affordable(c)
	case *ecdsa.PublicKey:
		if slices.Contains([]elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()}, key.Curve) {
			return nil
		}
	case ed25519.PublicKey:
		if edwards.LowOrder(key) {
			return errors.New("has an Ed25519 key that is no point of full order, under which anybody can sign")
		}
		return nil
	}
	return errors.New("has a key of another kind than RSA, ECDSA (P-256, P-384, P-521) and Ed25519")
}

// Affordable refuses a certificate whose key takes too long to use. Fit does so too.
func Affordable(c *x509.Certificate) error {
	if key, ok := c.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() > maxRSABits {
		return fmt.Errorf("has an RSA key of %d bits, expected %d to %d", key.N.BitLen(), minRSABits, maxRSABits)
	}
	return nil
}

// AlternativeName gives a certificate's one subject alternative name, as the authority encoded it (RFC 5280,
// 4.2.1.6). Several are refused: a match of one would say nothing of the others.
func AlternativeName(c *x509.Certificate) (asn1.RawValue, error) {
	var value []byte
	for _, e := range c.Extensions {
		if e.Id.Equal(asn1.ObjectIdentifier{2, 5, 29, 17}) {
			value = e.Value
		}
	}
	if value == nil {
		return asn1.RawValue{}, errors.New("has no subject alternative name")
	}
	var names []asn1.RawValue
	if rest, err := asn1.Unmarshal(value, &names); err != nil || len(rest) > 0 {
		return asn1.RawValue{}, errors.New("has a subject alternative name that is not DER")
	}
	if len(names) != 1 {
		return asn1.RawValue{}, fmt.Errorf("has %d subject alternative names, expected one: a match of one would say nothing of the others", len(names))
	}
	return names[0], nil
}

// IsNamed reports whether crypto/x509 took a value for the certificate's one subject alternative name. It
// holds only what it took so to the name constraints of the authorities above: a name it passed over would
// be certified by one that may not certify it.
func IsNamed(c *x509.Certificate, value string) bool {
	names := slices.Concat(c.DNSNames, c.EmailAddresses)
	for _, u := range c.URIs {
		names = append(names, u.String())
	}
	if len(names) != 1 || len(c.IPAddresses) > 0 {
		return false
	}
	if len(c.URIs) == 1 {
		u, err := url.Parse(value)
		return err == nil && u.String() == names[0]
	}
	return names[0] == value
}

// Count says how often an extension stands in a certificate, and whether it is critical.
func Count(c *x509.Certificate, id string) (n int, critical bool) {
	for _, e := range c.Extensions {
		if e.Id.String() == id {
			n++
			critical = e.Critical
		}
	}
	return n, critical
}

// IsDER reports whether the bytes are DER values one after the other, nested no deeper than depth. It looks
// at lengths only: an indefinite or over-long one is BER, which readers of PKCS#7 convert at a cost quadratic
// in its nesting.
func IsDER(data []byte, depth int) bool {
	for len(data) > 0 {
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(data, &v)
		if err != nil || v.IsCompound && (depth == 0 || !IsDER(v.Bytes, depth-1)) {
			return false
		}
		data = rest
	}
	return true
}
