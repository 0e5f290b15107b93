// Package stamp reads RFC 3161 time-stamp tokens, bounded; nothing in it verifies one.
package stamp

import (
	"crypto"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/digitorus/pkcs7"
)

// Bounds on one timestamp.
const (
	MaxBytes = 64 << 10
	// MaxCertificates is an authority's chain up to its root; what may be tried grows faster than their number.
	MaxCertificates = 4
	// MaxDepth is how deep its DER may be nested.
	MaxDepth    = 24
	maxAccuracy = 24 * time.Hour
)

// Info is TSTInfo (RFC 3161, 2.4.2).
type Info struct {
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

// CheckSigned holds the CMS around a token to what RFC 3161, 2.4.2 wants: one signer, with signed attributes
// over SHA-2, over a TSTInfo. Whoever verifies it checks no signed attribute but the digest, and takes SHA-1.
func CheckSigned(cms *pkcs7.PKCS7) error {
	if len(cms.Signers) != 1 {
		return fmt.Errorf("has %d signers, not one", len(cms.Signers))
	}
	if n := len(cms.Certificates); n > MaxCertificates {
		return fmt.Errorf("has %d certificates, over %d", n, MaxCertificates)
	}
	signer := &cms.Signers[0]
	if !SHA2(signer.DigestAlgorithm.Algorithm).Available() {
		return fmt.Errorf("is signed over hash %s, expected SHA-256, SHA-384 or SHA-512", signer.DigestAlgorithm.Algorithm)
	}
	if !slices.ContainsFunc(signatures(), signer.DigestEncryptionAlgorithm.Algorithm.Equal) {
		return fmt.Errorf("is signed by algorithm %s, which is not taken", signer.DigestEncryptionAlgorithm.Algorithm)
	}
	var content asn1.ObjectIdentifier
	if err := cms.UnmarshalSignedAttribute(pkcs7.OIDAttributeContentType, &content); err != nil || !content.Equal(oidTSTInfo()) {
		return errors.New("is not signed as time-stamp information")
	}
	return nil
}

// ReadInfo reads the signed content.
func ReadInfo(content []byte) (Info, error) {
	var info Info
	if rest, err := asn1.Unmarshal(content, &info); err != nil || len(rest) > 0 || info.Version != 1 {
		return Info{}, errors.New("holds no time-stamp information of version 1")
	}
	if slices.ContainsFunc(info.Extensions, func(e pkix.Extension) bool { return e.Critical }) {
		return Info{}, errors.New("has a critical extension, and none is known")
	}
	a := info.Accuracy
	if a.Seconds < 0 || a.Seconds > int64(maxAccuracy/time.Second) || a.Millis < 0 || a.Millis > 999 || a.Micros < 0 || a.Micros > 999 {
		return Info{}, fmt.Errorf("has an accuracy out of range, expected at most %s", maxAccuracy)
	}
	if info.Time.IsZero() { // for which crypto/x509 would take now
		return Info{}, errors.New("is of the zero time")
	}
	return info, nil
}

// Exactness is how much later than its time a token may have been made.
func (i Info) Exactness() time.Duration {
	a := i.Accuracy
	return time.Duration(a.Seconds)*time.Second + time.Duration(a.Millis)*time.Millisecond + time.Duration(a.Micros)*time.Microsecond
}

// Latest is the latest time the token vouches for: its own and its accuracy.
func (i Info) Latest() time.Time { return i.Time.UTC().Add(i.Exactness()) }

// SHA2 gives the hash of an identifier; zero, which is not available, for any but SHA-256, -384 and -512.
func SHA2(id asn1.ObjectIdentifier) crypto.Hash {
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
