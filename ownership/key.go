package ownership

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"

	"github.com/surety-dev/surety/internal/edwards"
)

// Fingerprint identifies a public key: the SHA-256 of its SubjectPublicKeyInfo in
// DER (RFC 5280 section 4.1). Keys are counted by it, never by a key id (design
// §4.6). The zero Fingerprint stands for no key.
type Fingerprint [32]byte

// String gives lower-case hex.
func (f Fingerprint) String() string { return hex.EncodeToString(f[:]) }

// FingerprintOf gives the fingerprint of a public key. The error says that the key
// is of a kind crypto/x509 cannot encode.
func FingerprintOf(public crypto.PublicKey) (Fingerprint, error) {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return Fingerprint{}, fmt.Errorf("public key of type %T: %w", public, err)
	}
	return sha256.Sum256(der), nil
}

// SchemePKCS1v15 says that an RSA key signs with RSASSA-PKCS1-v1_5 (RFC 8017 section
// 8.2); without it, with RSASSA-PSS.
const SchemePKCS1v15 = "rsassa-pkcs1v15"

// SchemeP1363 says that the signatures of an ECDSA key are r and s one after the other, each as long as
// the curve's coordinates (IEEE P1363); without it, they are in DER (RFC 3279 section 2.2.3).
const SchemeP1363 = "ecdsa-p1363"

// Key is the public key of a credential.
type Key struct {
	// Credential is the id of the credential.
	Credential string
	// Public is an *ecdsa.PublicKey on P-256, P-384 or P-521, an ed25519.PublicKey,
	// or an *rsa.PublicKey of 2048 bits or more. It is not to be changed.
	Public crypto.PublicKey
	// Fingerprint identifies Public.
	Fingerprint Fingerprint
	// Scheme is SchemePKCS1v15, SchemeP1363, or empty for the usual one of the key's kind.
	Scheme string
}

// acceptedKeys says which keys there may be, for errors.
const acceptedKeys = "expected ECDSA on P-256, P-384 or P-521, Ed25519, or RSA of 2048 bits or more"

// expectedPEM says what a key may be written as, for errors.
const expectedPEM = "expected one PEM block PUBLIC KEY or CERTIFICATE"

// parseKey reads one PEM block "PUBLIC KEY" or "CERTIFICATE" (RFC 7468 sections 13 and
// 5) and nothing beside it. A certificate is only a wrapping: its SubjectPublicKeyInfo
// is the key. Its validity, names, usage and chain are not judged; the credential's
// states are.
func parseKey(data []byte) (crypto.PublicKey, error) {
	data = bytes.TrimSpace(data)
	if bytes.HasPrefix(data, []byte("ssh-")) || bytes.HasPrefix(data, []byte("ecdsa-sha2-")) {
		return nil, fmt.Errorf("a key as OpenSSH writes it: %s, which ssh-keygen -e -m PKCS8 -f FILE makes of it", expectedPEM)
	}
	if !bytes.HasPrefix(data, []byte("-----BEGIN ")) {
		return nil, fmt.Errorf("not PEM: %s", expectedPEM)
	}
	block, rest := pem.Decode(data)
	switch {
	case block == nil:
		return nil, fmt.Errorf("not PEM: %s", expectedPEM)
	case strings.HasSuffix(block.Type, "PRIVATE KEY"):
		return nil, fmt.Errorf("a private key: expected its public key, in a PEM block PUBLIC KEY, and the private one kept where only its holder can read it")
	case block.Type != "PUBLIC KEY" && block.Type != "CERTIFICATE":
		return nil, fmt.Errorf("a PEM block %s: expected PUBLIC KEY or CERTIFICATE", block.Type)
	case len(block.Headers) > 0:
		return nil, fmt.Errorf("headers in the PEM block: expected none")
	case len(bytes.TrimSpace(rest)) > 0:
		return nil, fmt.Errorf("data after the PEM block: %s", expectedPEM)
	case block.Type == "CERTIFICATE":
		return certificateKey(block.Bytes)
	}
	public, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("not a public key (%s): %s", strings.TrimPrefix(err.Error(), "x509: "), acceptedKeys)
	}
	return public, checkKey(public)
}

// certificateKey gives the public key inside a certificate.
func certificateKey(der []byte) (crypto.PublicKey, error) {
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("not a certificate (%s): expected one of X.509 in DER", strings.TrimPrefix(err.Error(), "x509: "))
	}
	if certificate.PublicKey == nil { // x509 parses a certificate whatever its key
		return nil, fmt.Errorf("a certificate with a key of an unknown kind: %s", acceptedKeys)
	}
	return certificate.PublicKey, checkKey(certificate.PublicKey)
}

// checkKey refuses the keys that nobody should trust.
func checkKey(public crypto.PublicKey) error {
	switch k := public.(type) {
	case *ecdsa.PublicKey:
		switch k.Curve {
		case elliptic.P256(), elliptic.P384(), elliptic.P521():
			return nil
		}
		return fmt.Errorf("an ECDSA key on %s: %s", k.Curve.Params().Name, acceptedKeys)
	case ed25519.PublicKey:
		if edwards.LowOrder(k) {
			return fmt.Errorf("an Ed25519 key that is no point of full order: expected a key somebody has generated")
		}
		return nil
	case *rsa.PublicKey:
		switch {
		case k.N.BitLen() < 2048:
			return fmt.Errorf("an RSA key of %d bits: %s", k.N.BitLen(), acceptedKeys)
		case k.E < 3 || k.E%2 == 0:
			return fmt.Errorf("an RSA key with exponent %d: expected an odd exponent of 3 or more", k.E)
		}
		return nil
	}
	return fmt.Errorf("a key of type %T: %s", public, acceptedKeys)
}

// allowsScheme reports whether a key can sign with a scheme, and of what kind the keys are that can.
func allowsScheme(public crypto.PublicKey, scheme string) (kind string, ok bool) {
	switch scheme {
	case SchemePKCS1v15:
		_, ok = public.(*rsa.PublicKey)
		return "RSA", ok
	case SchemeP1363:
		_, ok = public.(*ecdsa.PublicKey)
		return "ECDSA", ok
	}
	return "", true
}

// KeyNamed gives the key a key id in evidence names: the id of a credential, or the
// SHA-256 of a key's SubjectPublicKeyInfo as hex or as "SHA256:" and base64 with or
// without padding (design §7). The last form is also read as the fingerprint OpenSSH
// gives a key, which the npm registry uses. A key id is only a hint.
func (m *Model) KeyNamed(id string) (Key, bool) {
	if c := m.credentials[id]; c != nil && c.key != nil {
		return *c.key, true
	}
	sum, isSSH, ok := parseKeyID(id)
	if !ok {
		return Key{}, false
	}
	c := m.keys[sum]
	if c == nil && isSSH {
		c = m.sshKeys[sum]
	}
	if c == nil {
		return Key{}, false
	}
	return *c.key, true
}

// Keys gives the keys of the model's credentials in the order of their fingerprints, at
// most max and at most MaxKeys: those to try where no artifact says who is granted what.
func (m *Model) Keys(max int) []Key {
	var all []*Key
	for _, c := range m.keys {
		all = append(all, c.key)
	}
	var keys []Key
	for i, k := range sortKeys(all) {
		if i < max {
			keys = append(keys, *k)
		}
	}
	return keys
}

// Named reports whether a key id names this key, as Model.KeyNamed reads it.
func (k Key) Named(id string) bool {
	if id == k.Credential {
		return true
	}
	sum, isSSH, ok := parseKeyID(id)
	return ok && (sum == k.Fingerprint || isSSH && sum == sshSum(k.Public))
}

// parseKeyID reads the digest a key id is written as, and whether it is written as OpenSSH does.
func parseKeyID(id string) (digest [32]byte, isSSH, ok bool) {
	b64, isSSH := strings.CutPrefix(id, "SHA256:")
	var sum []byte
	var err error
	if isSSH {
		sum, err = base64.RawStdEncoding.DecodeString(strings.TrimRight(b64, "="))
	} else {
		sum, err = hex.DecodeString(id)
	}
	if err != nil || len(sum) != len(digest) {
		return digest, isSSH, false
	}
	return [32]byte(sum), isSSH, true
}

// sshSum gives the SHA-256 of a key as OpenSSH writes it (RFC 4253 section 6.6, RFC
// 5656 section 3.1, RFC 8709 section 4).
func sshSum(public crypto.PublicKey) [32]byte {
	var wire []byte
	add := func(field []byte) {
		wire = binary.BigEndian.AppendUint32(wire, uint32(len(field)))
		wire = append(wire, field...)
	}
	mpint := func(n *big.Int) { add(append(make([]byte, 1-min(1, n.BitLen()%8)), n.Bytes()...)) }
	switch k := public.(type) {
	case *ecdsa.PublicKey:
		curve := fmt.Sprintf("nistp%d", k.Curve.Params().BitSize)
		point, err := k.Bytes()
		if err != nil {
			return [32]byte{}
		}
		add([]byte("ecdsa-sha2-" + curve))
		add([]byte(curve))
		add(point)
	case ed25519.PublicKey:
		add([]byte("ssh-ed25519"))
		add(k)
	case *rsa.PublicKey:
		add([]byte("ssh-rsa"))
		mpint(big.NewInt(int64(k.E)))
		mpint(k.N)
	}
	return sha256.Sum256(wire)
}
