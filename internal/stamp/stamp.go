// Package stamp holds the CMS around RFC 3161 timestamps to what the RFC wants; nothing in it verifies one.
package stamp

import (
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"

	"github.com/digitorus/pkcs7"

	"github.com/surety-dev/surety/internal/tsp"
)

// MaxCertificates is an authority's chain up to its root; what may be tried grows faster than their number.
const MaxCertificates = 4

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
	if !tsp.SHA2(signer.DigestAlgorithm.Algorithm).Available() {
		return fmt.Errorf("is signed over hash %s, expected SHA-256, SHA-384 or SHA-512", signer.DigestAlgorithm.Algorithm)
	}
	if !slices.ContainsFunc(signatures(), signer.DigestEncryptionAlgorithm.Algorithm.Equal) {
		return fmt.Errorf("is signed by algorithm %s, which is not taken", signer.DigestEncryptionAlgorithm.Algorithm)
	}
	var content asn1.ObjectIdentifier
	if err := cms.UnmarshalSignedAttribute(pkcs7.OIDAttributeContentType, &content); err != nil || !content.Equal(tsp.OIDInfo()) {
		return errors.New("is not signed as time-stamp information")
	}
	return nil
}

// signatures are the signature algorithms taken: pkcs7 knows more, some over SHA-1.
func signatures() []asn1.ObjectIdentifier {
	return []asn1.ObjectIdentifier{
		pkcs7.OIDEncryptionAlgorithmRSA, pkcs7.OIDEncryptionAlgorithmRSASHA256, pkcs7.OIDEncryptionAlgorithmRSASHA384, pkcs7.OIDEncryptionAlgorithmRSASHA512,
		pkcs7.OIDDigestAlgorithmECDSASHA256, pkcs7.OIDDigestAlgorithmECDSASHA384, pkcs7.OIDDigestAlgorithmECDSASHA512, pkcs7.OIDEncryptionAlgorithmEDDSA25519,
	}
}
