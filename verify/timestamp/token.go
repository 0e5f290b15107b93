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
	"math/big"
	"slices"
	"time"

	"github.com/digitorus/pkcs7"

	"github.com/surety-dev/surety/internal/chain"
)

// Bounds on one timestamp.
const (
	maxTokenBytes = 64 << 10
	// an authority's chain up to its root; what may be tried grows faster than their number
	maxTokenCertificates = 4
	maxDERDepth          = 24
	maxAccuracy          = 24 * time.Hour
)

// token is a time-stamp token (RFC 3161, 2.4.2), parsed and bounded; nothing of it is verified.
type token struct {
	cms  *pkcs7.PKCS7
	info info
	// the hash and the digest that name the signer's certificate, from the signed attributes
	signerHash crypto.Hash
	signer     []byte
	time       time.Time // the latest the token vouches for: genTime and its accuracy
}

// info is TSTInfo (RFC 3161, 2.4.2).
type info struct {
	Version    int
	Policy     asn1.ObjectIdentifier
	Imprint    imprint
	Serial     *big.Int
	Time       time.Time        `asn1:"generalized"`
	Accuracy   accuracy         `asn1:"optional"`
	Ordering   bool             `asn1:"optional"`
	Nonce      *big.Int         `asn1:"optional"`
	Authority  asn1.RawValue    `asn1:"tag:0,optional"`
	Extensions []pkix.Extension `asn1:"tag:1,optional"`
}

type imprint struct {
	Algorithm pkix.AlgorithmIdentifier
	Hash      []byte
}

type accuracy struct {
	Seconds int64 `asn1:"optional"`
	Millis  int64 `asn1:"tag:0,optional"`
	Micros  int64 `asn1:"tag:1,optional"`
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
	if len(data) > maxTokenBytes {
		return nil, fmt.Errorf("has %d bytes, over %d", len(data), maxTokenBytes)
	}
	if !chain.IsDER(data, maxDERDepth) {
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
	if err := t.checkSigned(); err != nil {
		return nil, err
	}
	if err := t.readSigner(); err != nil {
		return nil, err
	}
	return t, t.readInfo()
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

// checkSigned holds the CMS around a token to what RFC 3161, 2.4.2 wants: one signer, with signed
// attributes, over a TSTInfo.
func (t *token) checkSigned() error {
	if len(t.cms.Signers) != 1 {
		return fmt.Errorf("has %d signers, not one", len(t.cms.Signers))
	}
	if n := len(t.cms.Certificates); n > maxTokenCertificates {
		return fmt.Errorf("has %d certificates, over %d", n, maxTokenCertificates)
	}
	for _, c := range t.cms.Certificates {
		if err := chain.Fit(c); err != nil {
			return fmt.Errorf("holds a certificate that %w", err)
		}
	}
	signer := &t.cms.Signers[0]
	if !sha2(signer.DigestAlgorithm.Algorithm).Available() {
		return fmt.Errorf("is signed over hash %s, expected SHA-256, SHA-384 or SHA-512", signer.DigestAlgorithm.Algorithm)
	}
	if !slices.ContainsFunc(signatures(), signer.DigestEncryptionAlgorithm.Algorithm.Equal) {
		return fmt.Errorf("is signed by algorithm %s, which is not taken", signer.DigestEncryptionAlgorithm.Algorithm)
	}
	var content asn1.ObjectIdentifier
	if err := t.cms.UnmarshalSignedAttribute(pkcs7.OIDAttributeContentType, &content); err != nil || !content.Equal(oidTSTInfo()) {
		return errors.New("is not signed as time-stamp information")
	}
	return nil
}

// readSigner reads which certificate the signer says is its own: "the signing certificate's hash is
// signed" (RFC 3161, 2.4.2, RFC 5816), so that no other can be put in its place.
func (t *token) readSigner() error {
	var v2 signingCertificateV2
	if err := t.cms.UnmarshalSignedAttribute(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}, &v2); err == nil && len(v2.Certificates) > 0 {
		t.signerHash, t.signer = crypto.SHA256, v2.Certificates[0].Hash
		if id := v2.Certificates[0].Algorithm.Algorithm; len(id) > 0 {
			t.signerHash = sha2(id)
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

// readInfo reads the signed content.
func (t *token) readInfo() error {
	if rest, err := asn1.Unmarshal(t.cms.Content, &t.info); err != nil || len(rest) > 0 || t.info.Version != 1 {
		return errors.New("holds no time-stamp information of version 1")
	}
	if slices.ContainsFunc(t.info.Extensions, func(e pkix.Extension) bool { return e.Critical }) {
		return errors.New("has a critical extension, and none is known")
	}
	a := t.info.Accuracy
	if a.Seconds < 0 || a.Seconds > int64(maxAccuracy/time.Second) || a.Millis < 0 || a.Millis > 999 || a.Micros < 0 || a.Micros > 999 {
		return fmt.Errorf("has an accuracy out of range, expected at most %s", maxAccuracy)
	}
	if t.info.Time.IsZero() {
		return errors.New("is of the zero time")
	}
	t.time = t.info.Time.UTC().Add(time.Duration(a.Seconds)*time.Second + time.Duration(a.Millis)*time.Millisecond + time.Duration(a.Micros)*time.Microsecond)
	return nil
}

// isOver reports whether the token is over a message.
func (t *token) isOver(message []byte) error {
	hash := sha2(t.info.Imprint.Algorithm.Algorithm)
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

// sha2 gives the hash of an identifier; zero, which is not available, for any but SHA-256, -384 and -512.
func sha2(id asn1.ObjectIdentifier) crypto.Hash {
	switch {
	case id.Equal(pkcs7.OIDDigestAlgorithmSHA256):
		return crypto.SHA256
	case id.Equal(pkcs7.OIDDigestAlgorithmSHA384):
		return crypto.SHA384
	case id.Equal(pkcs7.OIDDigestAlgorithmSHA512):
		return crypto.SHA512
	}
	return 0
}

// signatures are the signature algorithms taken: pkcs7 knows more, some over SHA-1.
func signatures() []asn1.ObjectIdentifier {
	return []asn1.ObjectIdentifier{
		pkcs7.OIDEncryptionAlgorithmRSA, pkcs7.OIDEncryptionAlgorithmRSASHA256, pkcs7.OIDEncryptionAlgorithmRSASHA384, pkcs7.OIDEncryptionAlgorithmRSASHA512,
		pkcs7.OIDDigestAlgorithmECDSASHA256, pkcs7.OIDDigestAlgorithmECDSASHA384, pkcs7.OIDDigestAlgorithmECDSASHA512, pkcs7.OIDEncryptionAlgorithmEDDSA25519,
	}
}

// oidTSTInfo is id-ct-TSTInfo (RFC 3161, 2.4.2).
func oidTSTInfo() asn1.ObjectIdentifier {
	return asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
}
