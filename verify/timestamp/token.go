package timestamp

import (
	"bytes"
	"crypto"
	_ "crypto/sha1" // ESSCertID of RFC 2634 names certificates by it
	_ "crypto/sha256"
	_ "crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"

	"github.com/digitorus/pkcs7"

	"github.com/surety-dev/surety/internal/chain"
	"github.com/surety-dev/surety/internal/stamp"
)

// token is a time-stamp token (RFC 3161, 2.4.2), parsed and bounded; nothing of it is verified.
type token struct {
	cms  *pkcs7.PKCS7
	info stamp.Info
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
	if len(data) > stamp.MaxBytes {
		return nil, fmt.Errorf("has %d bytes, over %d", len(data), stamp.MaxBytes)
	}
	if !chain.IsDER(data, stamp.MaxDepth) {
		return nil, errors.New("is not DER")
	}
	bare, err := unwrapped(data)
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
	t.info, err = stamp.ReadInfo(cms.Content)
	return t, err
}

// unwrapped gives the token of a response (TimeStampResp), or the token itself, whose first element
// is an object identifier.
func unwrapped(data []byte) ([]byte, error) {
	var first asn1.RawValue
	var outer asn1.RawValue
	if rest, err := asn1.Unmarshal(data, &outer); err != nil || len(rest) > 0 || outer.Tag != asn1.TagSequence {
		return nil, errors.New("is no time-stamp token or response")
	}
	if _, err := asn1.Unmarshal(outer.Bytes, &first); err != nil {
		return nil, errors.New("is no time-stamp token or response")
	}
	if first.Class == asn1.ClassUniversal && first.Tag == asn1.TagOID {
		return data, nil
	}
	var response struct {
		Status struct {
			Status int
			Text   []asn1.RawValue `asn1:"optional"`
			Fail   asn1.BitString  `asn1:"optional"`
		}
		Token asn1.RawValue `asn1:"optional"`
	}
	if rest, err := asn1.Unmarshal(data, &response); err != nil || len(rest) > 0 {
		return nil, errors.New("is no time-stamp response")
	}
	if response.Status.Status > 1 || len(response.Token.FullBytes) == 0 { // granted, or with modifications
		return nil, fmt.Errorf("is a response with status %d, not granted", response.Status.Status)
	}
	return response.Token.FullBytes, nil
}

// readSigner reads which certificate the signer says is its own: "the signing certificate's hash is
// signed" (RFC 3161, 2.4.2, RFC 5816), so that no other can be put in its place.
func (t *token) readSigner() error {
	var v2 signingCertificateV2
	if err := t.cms.UnmarshalSignedAttribute(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}, &v2); err == nil && len(v2.Certificates) > 0 {
		t.signerHash, t.signer = crypto.SHA256, v2.Certificates[0].Hash
		if id := v2.Certificates[0].Algorithm.Algorithm; len(id) > 0 {
			t.signerHash = stamp.SHA2(id)
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

// isOver reports whether the token is over a message.
func (t *token) isOver(message []byte) error {
	hash := stamp.SHA2(t.info.Imprint.Algorithm.Algorithm)
	if !hash.Available() {
		return fmt.Errorf("is over a hash of algorithm %s, expected SHA-256, SHA-384 or SHA-512", t.info.Imprint.Algorithm.Algorithm)
	}
	if !bytes.Equal(digest(hash, message), t.info.Imprint.Hash) {
		return errors.New("is over other bytes than the signature")
	}
	return nil
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
