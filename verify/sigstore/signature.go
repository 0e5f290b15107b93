package sigstore

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"slices"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

// verifiedKey is the key of the ownership model that verified a bundle's signature.
type verifiedKey struct{ ownership.Key }

// checkSignature verifies the DSSE signature with the key in the certificate.
func (s *signed) checkSignature(checks *int) *refusal {
	*checks++
	if !certificateVerifies(s.certificate.leaf.PublicKey, s.envelope, s.signature) {
		return refuse(verify.SignatureInvalid, "the signature does not verify with the key in the certificate")
	}
	return nil
}

// findKey finds the key that verifies the signature among those the hint leads to.
func (s *signed) findKey(ctx context.Context, keys verify.Keys, checks *int) (*refusal, error) {
	var candidates []ownership.Key
	if keys != nil {
		candidates = keys(s.hint)
	}
	for _, key := range candidates {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		*checks++
		if verify.VerifyKey(key, s.envelope, s.signature) {
			s.key = &verifiedKey{key}
			return nil, nil
		}
	}
	r := verify.RefuseKey(0, s.hint, candidates)
	return &refusal{code: r.Code, message: r.Message}, nil
}

// certificateVerifies checks a DSSE signature with a certificate's key, by the algorithms that
// sigstore-go takes by default (PublicKeyDetails in sigstore's protobuf-specs): ECDSA in DER over the
// hash of the curve's size, or over SHA-256, which clients of all bundle versions up to 0.3 have
// used with the larger curves; Ed25519; RSA PKCS#1 v1.5 of 2048, 3072 or 4096 bits over SHA-256.
func certificateVerifies(public crypto.PublicKey, e *attest.Envelope, sig []byte) bool {
	if r, ok := public.(*rsa.PublicKey); ok && !slices.Contains([]int{2048, 3072, 4096}, r.N.BitLen()) {
		return false
	}
	if verify.VerifyKey(ownership.Key{Public: public, Scheme: ownership.SchemePKCS1v15}, e, sig) {
		return true
	}
	digest := e.Digest()
	ec, ok := public.(*ecdsa.PublicKey)
	return ok && (ec.Curve == elliptic.P384() || ec.Curve == elliptic.P521()) && ecdsa.VerifyASN1(ec, digest[:], sig)
}
