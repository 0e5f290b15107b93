package timestamp

import (
	"bytes"
	"crypto"
	_ "crypto/sha1" // ESSCertID of RFC 2634 names certificates by it
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"

	"github.com/digitorus/pkcs7"

	"github.com/surety-dev/surety/internal/chain"
	"github.com/surety-dev/surety/internal/stamp"
	"github.com/surety-dev/surety/internal/tsp"
)

// token is a time-stamp token (RFC 3161, 2.4.2), parsed and bounded; nothing of it is verified.
type token struct {
	cms  *pkcs7.PKCS7
	info tsp.Info
	// the hash and the digest that name the signer's certificate, from the signed attributes
	signerHash crypto.Hash
	signer     []byte
}

// signingCertificate is RFC 2634's attribute and signingCertificateV2 RFC 5035's; the first of the list
// is the signer's.
type signingCertificate struct {
	Certificates []struct {
		Hash   []byte
		Issuer asn1.RawValue `asn1:"optional"`
	}
	Policies asn1.RawValue `asn1:"optional"`
}

type signingCertificateV2 struct {
	Certificates []struct {
		Algorithm pkix.AlgorithmIdentifier `asn1:"optional"`
		Hash      []byte
		Issuer    asn1.RawValue `asn1:"optional"`
	}
	Policies asn1.RawValue `asn1:"optional"`
}

// parse reads a token, bare or in the response it came in.
func parse(data []byte) (*token, error) {
	bare, err := tsp.Unwrap(data)
	if err != nil {
		return nil, err
	}
	cms, err := pkcs7.Parse(bare)
	if err != nil {
		return nil, fmt.Errorf("is no time-stamp token: %w", err)
	}
	t := &token{cms: cms}
	if err := stamp.CheckSigned(cms); err != nil {
		return nil, err
	}
	for _, c := range cms.Certificates {
		if err := chain.Fit(c); err != nil {
			return nil, fmt.Errorf("holds a certificate that %w", err)
		}
	}
	if err := t.readSigner(); err != nil {
		return nil, err
	}
	t.info, err = tsp.ParseInfo(cms.Content)
	return t, err
}

// readSigner reads which certificate the signer says is its own: "the signing certificate's hash is
// signed" (RFC 3161, 2.4.2, RFC 5816), so that no other can be put in its place.
func (t *token) readSigner() error {
	var v2 signingCertificateV2
	if err := t.cms.UnmarshalSignedAttribute(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}, &v2); err == nil && len(v2.Certificates) > 0 {
		t.signerHash, t.signer = crypto.SHA256, v2.Certificates[0].Hash
		if id := v2.Certificates[0].Algorithm.Algorithm; len(id) > 0 {
			t.signerHash = tsp.SHA2(id)
		}
		if !t.signerHash.Available() {
			return errors.New("names its signer's certificate by a hash other than SHA-256, SHA-384 and SHA-512")
		}
		return nil
	}
	var v1 signingCertificate
	if err := t.cms.UnmarshalSignedAttribute(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}, &v1); err == nil && len(v1.Certificates) > 0 {
		t.signerHash, t.signer = crypto.SHA1, v1.Certificates[0].Hash
		return nil
	}
	return errors.New("does not say which certificate signed it")
}

// signedBy finds, among certificates, the one the token's signer says is its own, by its hash; never
// merely the first, nor one with the right issuer and serial number only.
func (t *token) signedBy(certificates []*x509.Certificate) *x509.Certificate {
	i := slices.IndexFunc(certificates, func(c *x509.Certificate) bool { return bytes.Equal(digest(t.signerHash, c.Raw), t.signer) })
	if i < 0 {
		return nil
	}
	return certificates[i]
}

// verifySignature checks the token's signature with the key of one certificate.
func (t *token) verifySignature(signer *x509.Certificate) error {
	if err := chain.Fit(signer); err != nil {
		return err
	}
	one := *t.cms
	one.Certificates = []*x509.Certificate{signer}
	return one.VerifyWithOpts(x509.VerifyOptions{CurrentTime: t.info.Time}) // without roots: the signature only
}

func digest(hash crypto.Hash, data []byte) []byte {
	h := hash.New()
	h.Write(data)
	return h.Sum(nil)
}
