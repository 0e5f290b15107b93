package importer

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/surety-dev/surety/internal/document"
	"github.com/surety-dev/surety/ownership"
)

// errNoKey says that a key is of a kind documents have no place for.
var errNoKey = errors.New("a key of a kind that is not imported")

// readKey reads a key as TUF and gittuf write it: keytype, scheme, keyval. Whose it is and for what is for
// the caller to say.
func readKey(n *document.Node, file string) (keyFact, error) {
	k := keyFact{at: position{file, n.Line()}}
	fields := n.Fields()
	keyType, scheme := fields.Get("keytype").Text(), fields.Get("scheme").Text()
	value := fields.Get("keyval").Fields()
	public := value.Get("public").Text()
	var err error
	switch keyType {
	case "sigstore-oidc":
		k.subject, k.issuer = value.Get("identity").Text(), value.Get("issuer").Text()
		if !printable(k.subject) || !printable(k.issuer) || strings.ContainsAny(k.subject+k.issuer, `*?[]{}\`) {
			err = fmt.Errorf("%w: the identity %q of %q, expected one without wildcards", errNoKey, k.subject, k.issuer)
		}
	case "ed25519", "rsa", "ecdsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521":
		k.public, err = publicKey(keyType, public)
	case "ssh":
		k.public, err = sshKey(public)
	default:
		err = fmt.Errorf("%w: %q", errNoKey, keyType)
	}
	if _, isRSA := k.public.(*rsa.PublicKey); isRSA && (keyType == "ssh" || strings.Contains(scheme, "pkcs1v15")) {
		k.scheme = ownership.SchemePKCS1v15
	}
	return k, err
}

// publicKey reads a key in PEM, or an Ed25519 key in hex.
func publicKey(keyType, text string) (crypto.PublicKey, error) {
	if raw, err := hex.DecodeString(text); err == nil && keyType == "ed25519" {
		if len(raw) != ed25519.PublicKeySize {
			return nil, fmt.Errorf("an Ed25519 key of %d bytes: expected %d", len(raw), ed25519.PublicKeySize)
		}
		return ed25519.PublicKey(raw), nil
	}
	block, rest := pem.Decode([]byte(text))
	if block == nil || block.Type != "PUBLIC KEY" || len(bytes.TrimSpace(rest)) > 0 {
		return nil, errors.New("not a public key: expected one PEM block PUBLIC KEY, or hex for Ed25519")
	}
	public, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("not a public key (%s): expected a SubjectPublicKeyInfo", strings.TrimPrefix(err.Error(), "x509: "))
	}
	return public, nil
}

// sshKey reads the base64 of a key on the SSH wire (RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709 section 4).
func sshKey(text string) (crypto.PublicKey, error) {
	wire, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, errors.New("not an SSH key: expected base64")
	}
	var parts [][]byte
	for len(wire) >= 4 {
		n := binary.BigEndian.Uint32(wire)
		if uint64(n) > uint64(len(wire)-4) {
			break
		}
		parts, wire = append(parts, wire[4:4+n]), wire[4+n:]
	}
	if len(wire) > 0 || len(parts) < 2 {
		return nil, errors.New("not an SSH key: expected its type and its parts")
	}
	curves := map[string]elliptic.Curve{"nistp256": elliptic.P256(), "nistp384": elliptic.P384(), "nistp521": elliptic.P521()}
	switch kind := string(parts[0]); {
	case kind == "ssh-ed25519" && len(parts) == 2 && len(parts[1]) == ed25519.PublicKeySize:
		return ed25519.PublicKey(parts[1]), nil
	case kind == "ssh-rsa" && len(parts) == 3:
		e, n := new(big.Int).SetBytes(parts[1]), new(big.Int).SetBytes(parts[2])
		if e.BitLen() <= 31 && e.Sign() > 0 && n.Sign() > 0 && n.BitLen() <= 1<<14 {
			return &rsa.PublicKey{N: n, E: int(e.Int64())}, nil
		}
	case strings.HasPrefix(kind, "ecdsa-sha2-") && len(parts) == 3 && curves[string(parts[1])] != nil && kind == "ecdsa-sha2-"+string(parts[1]):
		if public, err := ecdsa.ParseUncompressedPublicKey(curves[string(parts[1])], parts[2]); err == nil {
			return public, nil
		}
	default:
		return nil, fmt.Errorf("%w: SSH %q", errNoKey, kind)
	}
	return nil, errors.New("not an SSH key: expected numbers of a key")
}

// keep takes a key for the facts; one of a kind that has no place is a finding.
func (f *facts) keep(n *document.Node, k keyFact, err error) {
	switch {
	case errors.Is(err, errNoKey):
		f.find(Ignored, k.at, "the key %q: %v", k.id, err)
	case err != nil:
		n.Errorf("%v", err)
	default:
		f.keys = append(f.keys, k)
	}
}

// rolesOf is what a key or a principal is used for.
type rolesOf map[string][]string

// threshold tells that documents have no place for how many of the holders of a role must sign.
func (f *facts) threshold(role string, n *document.Node, at position) {
	if n != nil && n.Int() > 1 {
		f.find(Ignored, at, "%d signatures for %q: how many must sign is for policies to say", n.Int(), role)
	}
}
