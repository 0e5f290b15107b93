package issue

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	_ "crypto/sha512" // what P-384 and P-521 sign
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/big"
)

// The schemes a key may sign with beside that of its kind, as the ownership model has them (a key's scheme).
const (
	// SchemePKCS1v15 is RSASSA-PKCS1-v1_5, of an RSA key; without it RSA keys sign RSASSA-PSS.
	SchemePKCS1v15 = "rsassa-pkcs1v15"
	// SchemeP1363 is ECDSA with r and s one after the other; without it they stand in DER.
	SchemeP1363 = "ecdsa-p1363"
)

// minRSABits is how long an RSA key is at least for an ownership model to take it.
const minRSABits = 2048

// Signer signs with one key, by the one algorithm that verifiers expect of it. The zero Signer cannot sign.
// It is as safe for concurrent use as the key is.
type Signer struct {
	key    crypto.Signer
	public crypto.PublicKey
	hash   crypto.Hash // zero: the key hashes by itself
	opts   crypto.SignerOpts
	scheme string
	id     string
}

// NewSigner makes a signer of a key, which may stand for one kept elsewhere (a KMS, a token): ECDSA on P-256
// with SHA-256, P-384 with SHA-384 or P-521 with SHA-512; Ed25519; RSA of 2048 bits or more with SHA-256, PSS
// with a salt of 32 bytes. A scheme other than "" must be one of those there are, and the key's kind must have it. The
// error says which keys there may be.
func NewSigner(key crypto.Signer, scheme string) (Signer, error) {
	if key == nil {
		return Signer{}, errors.New("no key: expected one to sign with")
	}
	s := Signer{key: key, public: key.Public(), scheme: scheme}
	kind := ""
	switch public := s.public.(type) {
	case ed25519.PublicKey:
		s.opts = crypto.Hash(0)
	case *ecdsa.PublicKey:
		kind = SchemeP1363
		s.hash = curveHash(public.Curve)
		s.opts = s.hash
		if s.hash == 0 {
			return Signer{}, fmt.Errorf("an ECDSA key on %s: %s", public.Curve.Params().Name, expectedKeys)
		}
	case *rsa.PublicKey:
		kind = SchemePKCS1v15
		s.hash, s.opts = crypto.SHA256, &rsa.PSSOptions{SaltLength: sha256.Size, Hash: crypto.SHA256}
		if scheme == SchemePKCS1v15 {
			s.opts = crypto.SHA256
		}
		if bits := public.N.BitLen(); bits < minRSABits {
			return Signer{}, fmt.Errorf("an RSA key of %d bits: %s", bits, expectedKeys)
		}
	default:
		return Signer{}, fmt.Errorf("a key of type %T: %s", public, expectedKeys)
	}
	switch {
	case scheme != "" && scheme != SchemePKCS1v15 && scheme != SchemeP1363:
		return Signer{}, fmt.Errorf("the scheme %q: expected %s, %s or none", scheme, SchemePKCS1v15, SchemeP1363)
	case scheme != "" && scheme != kind:
		return Signer{}, fmt.Errorf("the scheme %s with a key of type %T, which has no such scheme", scheme, s.public)
	}
	spki, err := x509.MarshalPKIXPublicKey(s.public)
	if err != nil {
		return Signer{}, err
	}
	sum := sha256.Sum256(spki)
	s.id = hex.EncodeToString(sum[:])
	return s, nil
}

// expectedKeys says which keys there may be.
const expectedKeys = "expected ECDSA on P-256, P-384 or P-521, Ed25519, or RSA of 2048 bits or more"

// KeyID is the key id signatures are given: the SHA-256 of the public key's SubjectPublicKeyInfo, in hex; "" of
// the zero Signer.
func (s Signer) KeyID() string { return s.id }

// sign signs a message, and holds the signature against the public key: a key kept elsewhere may answer
// with one of another form, or of another key.
func (s Signer) sign(rand io.Reader, message []byte) ([]byte, error) {
	if s.key == nil {
		return nil, errors.New("the zero signer: expected one that NewSigner made")
	}
	sig, err := s.key.Sign(rand, s.digest(message), s.opts)
	if err != nil {
		return nil, err
	}
	if s.scheme == SchemeP1363 {
		if sig, err = s.fixed(sig); err != nil {
			return nil, err
		}
	}
	if !s.verifies(message, sig) {
		return nil, fmt.Errorf("the signature that the key made does not verify with its public key %s", s.id)
	}
	return sig, nil
}

// digest is what the key is asked to sign.
func (s Signer) digest(message []byte) []byte {
	if s.hash == 0 {
		return message
	}
	h := s.hash.New()
	h.Write(message)
	return h.Sum(nil)
}

// fixed writes an ECDSA signature in DER as r and s, each as long as the curve's coordinates (IEEE P1363).
func (s Signer) fixed(der []byte) ([]byte, error) {
	var pair struct{ R, S *big.Int }
	size := (s.public.(*ecdsa.PublicKey).Params().BitSize + 7) / 8
	if rest, err := asn1.Unmarshal(der, &pair); err != nil || len(rest) > 0 || pair.R.Sign() < 0 || pair.S.Sign() < 0 || pair.R.BitLen() > 8*size || pair.S.BitLen() > 8*size {
		return nil, errors.New("the key made no ECDSA signature in DER")
	}
	return append(pair.R.FillBytes(make([]byte, size)), pair.S.FillBytes(make([]byte, size))...), nil
}

// verifies reports whether a signature is the key's, in the form verifiers take.
func (s Signer) verifies(message, sig []byte) bool {
	digest := s.digest(message)
	switch public := s.public.(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(public, message, sig)
	case *ecdsa.PublicKey:
		if s.scheme != SchemeP1363 {
			return ecdsa.VerifyASN1(public, digest, sig)
		}
		n := len(sig) / 2
		return n == (public.Params().BitSize+7)/8 && ecdsa.Verify(public, digest, new(big.Int).SetBytes(sig[:n]), new(big.Int).SetBytes(sig[n:]))
	case *rsa.PublicKey:
		if pss, ok := s.opts.(*rsa.PSSOptions); ok {
			return rsa.VerifyPSS(public, s.hash, digest, sig, pss) == nil
		}
		return rsa.VerifyPKCS1v15(public, s.hash, digest, sig) == nil
	}
	return false
}

// curveHash is the hash of the curve's size, zero for a curve that no key may be on.
func curveHash(curve elliptic.Curve) crypto.Hash {
	switch curve {
	case elliptic.P256():
		return crypto.SHA256
	case elliptic.P384():
		return crypto.SHA384
	case elliptic.P521():
		return crypto.SHA512
	}
	return 0
}
