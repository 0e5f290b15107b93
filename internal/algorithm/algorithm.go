// Package algorithm verifies single signatures with keys of the ownership model: which algorithms there
// are, over which hash, and in which one form their signatures are read (design §8).
package algorithm

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"math/big"

	"github.com/surety-dev/surety/ownership"
)

// Signed is what has been signed. An attest.Envelope is one.
type Signed interface {
	// PAE is the bytes themselves; of an envelope its pre-authentication encoding.
	PAE() []byte
	// Digest is their SHA-256.
	Digest() [sha256.Size]byte
}

// Message is signed bytes in the forms the algorithms take, each made once. It is for one goroutine.
type Message struct {
	signed Signed
	pae    []byte
	sha384 []byte
	sha512 []byte
}

// Over is the message of what has been signed.
func Over(signed Signed) Message { return Message{signed: signed} }

// Verifies checks one signature with one key, by the algorithm of the key's kind and scheme: Ed25519;
// ECDSA over the hash of the curve's size, in DER or, where the scheme says so, as r and s; RSA over
// SHA-256, PSS with MGF1 over SHA-256 and a salt of 32 bytes or, where the scheme says so, PKCS#1 v1.5.
func (m *Message) Verifies(key ownership.Key, sig []byte) bool {
	switch public := key.Public.(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(public, m.bytes(), sig)
	case *ecdsa.PublicKey:
		digest := m.hashed(public.Curve)
		switch {
		case digest == nil:
			return false
		case key.Scheme == ownership.SchemeP1363:
			return verifyP1363(public, digest, sig)
		}
		return ecdsa.VerifyASN1(public, digest, sig)
	case *rsa.PublicKey:
		digest := m.signed.Digest()
		if key.Scheme == ownership.SchemePKCS1v15 {
			return rsa.VerifyPKCS1v15(public, crypto.SHA256, digest[:], sig) == nil
		}
		return rsa.VerifyPSS(public, crypto.SHA256, digest[:], sig, &rsa.PSSOptions{SaltLength: sha256.Size, Hash: crypto.SHA256}) == nil
	}
	return false
}

// Fits reports whether the bytes can be a signature of the key at all; what cannot need not be tried.
func Fits(key ownership.Key, sig []byte) bool {
	switch public := key.Public.(type) {
	case ed25519.PublicKey:
		return len(sig) == ed25519.SignatureSize
	case *ecdsa.PublicKey:
		if key.Scheme == ownership.SchemeP1363 {
			return len(sig) == 2*fieldSize(public)
		}
		return len(sig) > 2 && sig[0] == 0x30
	case *rsa.PublicKey:
		return len(sig) == public.Size()
	}
	return false
}

// verifyP1363 verifies r and s as they stand one after the other, each of exactly the curve's length.
// Neither may be zero or reach the curve's order, which ecdsa.Verify holds as it does for DER.
func verifyP1363(public *ecdsa.PublicKey, digest, sig []byte) bool {
	size := fieldSize(public)
	if len(sig) != 2*size {
		return false
	}
	return ecdsa.Verify(public, digest, new(big.Int).SetBytes(sig[:size]), new(big.Int).SetBytes(sig[size:]))
}

// fieldSize is how many bytes a coordinate on the key's curve takes; r and s take as many.
func fieldSize(public *ecdsa.PublicKey) int { return (public.Params().BitSize + 7) / 8 }

// bytes is the signed bytes themselves.
func (m *Message) bytes() []byte {
	if m.pae == nil {
		m.pae = m.signed.PAE()
	}
	return m.pae
}

// hashed is the hash of the curve's size, nil for a curve that no key may be on.
func (m *Message) hashed(curve elliptic.Curve) []byte {
	switch curve {
	case elliptic.P256():
		digest := m.signed.Digest()
		return digest[:]
	case elliptic.P384():
		if m.sha384 == nil {
			sum := sha512.Sum384(m.bytes())
			m.sha384 = sum[:]
		}
		return m.sha384
	case elliptic.P521():
		if m.sha512 == nil {
			sum := sha512.Sum512(m.bytes())
			m.sha512 = sum[:]
		}
		return m.sha512
	}
	return nil
}
