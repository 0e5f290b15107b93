package layout

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"

	"github.com/surety-dev/surety/attest"
)

// fingerprint is the SHA-256 of the SubjectPublicKeyInfo of a functionary's key; false if it cannot be
// read, or its scheme is not its kind's. An id says nothing: it is not looked at.
func fingerprint(k attest.LayoutKey) ([32]byte, bool) {
	var spki []byte
	switch {
	case k.Type == "ed25519" && k.Scheme == "ed25519":
		raw, err := hex.DecodeString(k.Public)
		if err != nil || len(raw) != ed25519.PublicKeySize {
			return [32]byte{}, false
		}
		spki, _ = x509.MarshalPKIXPublicKey(ed25519.PublicKey(raw)) // cannot fail for the kind
	default:
		block, rest := pem.Decode([]byte(k.Public))
		if block == nil || block.Type != "PUBLIC KEY" || len(bytes.TrimSpace(rest)) > 0 {
			return [32]byte{}, false
		}
		public, err := x509.ParsePKIXPublicKey(block.Bytes)
		if err != nil || !fits(public, k) {
			return [32]byte{}, false
		}
		if spki, err = x509.MarshalPKIXPublicKey(public); err != nil {
			return [32]byte{}, false
		}
	}
	return sha256.Sum256(spki), true
}

// fits reports whether a key is of the type and scheme the layout says.
// Source: securesystemslib, the schemes of keys.
func fits(public any, k attest.LayoutKey) bool {
	switch public := public.(type) {
	case *rsa.PublicKey:
		return k.Type == "rsa" && k.Scheme == "rsassa-pss-sha256"
	case *ecdsa.PublicKey:
		scheme := fmt.Sprintf("ecdsa-sha2-nistp%d", public.Params().BitSize)
		return (k.Type == "ecdsa" || k.Type == scheme) && k.Scheme == scheme
	}
	return false
}
