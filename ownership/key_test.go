package ownership_test

import (
	"crypto"
	"crypto/dsa" //lint:ignore SA1019 a key of this kind must be refused
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"math/big"
	"os"
	"strings"
	"testing"

	"github.com/surety-dev/surety/ownership"
)

// ecdsaKey gives a fixed key on a curve.
func ecdsaKey(t testing.TB, curve elliptic.Curve) *ecdsa.PublicKey {
	t.Helper()
	scalar := make([]byte, (curve.Params().N.BitLen()+7)/8)
	scalar[len(scalar)-1] = 7
	k, err := ecdsa.ParseRawPrivateKey(curve, scalar)
	if err != nil {
		t.Fatal(err)
	}
	return &k.PublicKey
}

// rsaKey gives a public key of so many bits; nobody needs its private half.
func rsaKey(bits, e int) *rsa.PublicKey {
	n := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
	return &rsa.PublicKey{N: n.SetBit(n, 0, 1), E: e}
}

func dsaKey(t testing.TB) string {
	t.Helper()
	k := dsa.PublicKey{Parameters: dsa.Parameters{P: big.NewInt(23), Q: big.NewInt(11), G: big.NewInt(4)}, Y: big.NewInt(8)}
	type algorithm struct {
		ID         asn1.ObjectIdentifier
		Parameters dsa.Parameters
	}
	y, err := asn1.Marshal(k.Y)
	if err != nil {
		t.Fatal(err)
	}
	der, err := asn1.Marshal(struct {
		Algorithm algorithm
		Key       asn1.BitString
	}{algorithm{asn1.ObjectIdentifier{1, 2, 840, 10040, 4, 1}, k.Parameters}, asn1.BitString{Bytes: y, BitLength: 8 * len(y)}})
	if err != nil {
		t.Fatal(err)
	}
	return block(der)
}

func x25519(t testing.TB) *ecdh.PublicKey {
	t.Helper()
	k, err := ecdh.X25519().NewPrivateKey(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	return k.PublicKey()
}

func edwards(t testing.TB, text string) crypto.PublicKey {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return ed25519.PublicKey(b)
}

func TestKeys(t *testing.T) {
	t.Parallel()
	const accepted = "expected ECDSA on P-256, P-384 or P-521, Ed25519, or RSA of 2048 bits or more"
	const noPoint = "an Ed25519 key that is no point of full order: expected a key somebody has generated"
	p256 := encode(t, ecdsaKey(t, elliptic.P256()))
	rows := []struct{ name, pem, scheme, want string }{
		{"ECDSA P-256", p256, "", ""},
		{"ECDSA P-384", encode(t, ecdsaKey(t, elliptic.P384())), "", ""},
		{"ECDSA P-521", encode(t, ecdsaKey(t, elliptic.P521())), "", ""},
		{"Ed25519", encode(t, key(1)), "", ""},
		{"RSA 2048", encode(t, rsaKey(2048, 65537)), "", ""},
		{"RSA 4096, e=3", encode(t, rsaKey(4096, 3)), "", ""},
		{"RSA with PKCS#1 v1.5", encode(t, rsaKey(2048, 65537)), "rsassa-pkcs1v15", ""},
		{"ECDSA with r and s", p256, "ecdsa-p1363", ""},
		{"white space around it", "\n" + p256 + "\n\n", "", ""},

		{"ECDSA P-224", encode(t, ecdsaKey(t, elliptic.P224())), "", "an ECDSA key on P-224: " + accepted},
		{"DSA", dsaKey(t), "", "a key of type *dsa.PublicKey: " + accepted},
		{"X25519", encode(t, x25519(t)), "", "a key of type *ecdh.PublicKey: " + accepted},
		{"RSA 2047", encode(t, rsaKey(2047, 65537)), "", "an RSA key of 2047 bits: " + accepted},
		{"RSA 1024", encode(t, rsaKey(1024, 65537)), "", "an RSA key of 1024 bits: " + accepted},
		{"RSA e=1", encode(t, rsaKey(2048, 1)), "", "an RSA key with exponent 1: expected an odd exponent of 3 or more"},
		{"RSA e=4", encode(t, rsaKey(2048, 4)), "", "an RSA key with exponent 4: expected an odd exponent of 3 or more"},
		{"Ed25519 all zero", encode(t, edwards(t, strings.Repeat("00", 32))), "", noPoint},
		{"Ed25519 identity", encode(t, edwards(t, "01"+strings.Repeat("00", 31))), "", noPoint},
		{"Ed25519 identity, sign set", encode(t, edwards(t, "01"+strings.Repeat("00", 30)+"80")), "", noPoint},
		{"Ed25519 of order 8", encode(t, edwards(t, "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")), "", noPoint},
		{"Ed25519 of order 8, the other, sign set", encode(t, edwards(t, "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa")), "", noPoint},
		{"Ed25519 of order 2", encode(t, edwards(t, "ec"+strings.Repeat("ff", 30)+"7f")), "", noPoint},
		{"Ed25519 y = p", encode(t, edwards(t, "ed"+strings.Repeat("ff", 30)+"7f")), "", noPoint},
		{"Ed25519 y over p, sign set", encode(t, edwards(t, strings.Repeat("ff", 32))), "", noPoint},

		{"no PEM", "AAAA", "", "not PEM: expected one PEM block PUBLIC KEY or CERTIFICATE"},
		{"as OpenSSH writes it", "ssh-ed25519 AAAA", "", "a key as OpenSSH writes it: expected one PEM block PUBLIC KEY or CERTIFICATE, which ssh-keygen -e -m PKCS8 -f FILE makes of it"},
		{"text before it", "key:\n" + p256, "", "not PEM: expected one PEM block PUBLIC KEY or CERTIFICATE"},
		{"PEM cut short", p256[:60], "", "not PEM: expected one PEM block PUBLIC KEY or CERTIFICATE"},
		{"another PEM block", strings.ReplaceAll(p256, "PUBLIC KEY", "RSA PUBLIC KEY"), "", "a PEM block RSA PUBLIC KEY: expected PUBLIC KEY or CERTIFICATE"},
		{"a private key", strings.ReplaceAll(p256, "PUBLIC KEY", "PRIVATE KEY"), "", "a private key: expected its public key, in a PEM block PUBLIC KEY, and the private one kept where only its holder can read it"},
		{"headers", strings.Replace(p256, "KEY-----\n", "KEY-----\nA: b\n\n", 1), "", "headers in the PEM block: expected none"},
		{"two blocks", p256 + p256, "", "data after the PEM block: expected one PEM block PUBLIC KEY or CERTIFICATE"},
		{"text after it", p256 + "the end\n", "", "data after the PEM block: expected one PEM block PUBLIC KEY or CERTIFICATE"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			scheme := ""
			if r.scheme != "" {
				scheme = ", scheme: " + r.scheme
			}
			text := head + people + "credentials: [{id: c, holder: alice, key: {file: keys/a.pub" + scheme + "}, " + active + "}]\n"
			m, err := ownership.Load(tree(text, "keys/a.pub", r.pem), "ownership.yaml")
			if r.want != "" {
				if want := "ownership.yaml:12:50: keys/a.pub: " + r.want; err == nil || err.Error() != want {
					t.Errorf("got  %v\nwant %s", err, want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if k, ok := m.KeyNamed("c"); !ok || k.Credential != "c" || k.Scheme != r.scheme || k.Fingerprint != fingerprint(t, k.Public) {
				t.Errorf("%+v %v", k, ok)
			}
		})
	}
	t.Run("no public key", func(t *testing.T) {
		t.Parallel()
		text := head + people + "credentials: [{id: c, holder: alice, key: {pem: " + quoted(block([]byte("x"))) + "}, " + active + "}]\n"
		_, err := ownership.Load(tree(text), "ownership.yaml")
		if err == nil || !strings.HasPrefix(err.Error(), "ownership.yaml:12:49: not a public key (") || !strings.HasSuffix(err.Error(), accepted) {
			t.Errorf("%v", err)
		}
	})
}

// TestFingerprint: it is the SHA-256 of the SubjectPublicKeyInfo.
func TestFingerprint(t *testing.T) {
	t.Parallel()
	// RFC 8410 section 4: SEQUENCE { SEQUENCE { OID 1.3.101.112 } BIT STRING }.
	der := append([]byte{0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00}, key(1)...)
	if got := fingerprint(t, key(1)); got != sha256.Sum256(der) {
		t.Errorf("%s", got)
	}
	if _, err := ownership.FingerprintOf("text"); err == nil {
		t.Error("text has a fingerprint")
	}
}

func TestKeyNamed(t *testing.T) {
	t.Parallel()
	m := load(t, head+people+"credentials:\n  - {id: release, holder: alice, key: {pem: "+inline(t, 1)+"}, "+active+"}\n  - {id: workflow, holder: bob, identity: {issuer: i, subject: s}, "+active+"}\n")
	f := fingerprint(t, key(1))
	other := fingerprint(t, key(2))
	rows := []struct {
		name, id string
		known    bool
	}{
		{"its id", "release", true},
		{"hex", f.String(), true},
		{"base64", "SHA256:" + base64.RawStdEncoding.EncodeToString(f[:]), true},
		{"base64 with padding", "SHA256:" + base64.StdEncoding.EncodeToString(f[:]), true},
		{"a credential without a key", "workflow", false},
		{"empty", "", false},
		{"another id", "releases", false},
		{"the hex of another key", other.String(), false},
		{"the base64 of another key", "SHA256:" + base64.RawStdEncoding.EncodeToString(other[:]), false},
		{"half of the hex", f.String()[:32], false},
		{"base64 of too little", "SHA256:" + base64.RawStdEncoding.EncodeToString(f[:31]), false},
		{"no base64", "SHA256:!", false},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			k, ok := m.KeyNamed(r.id)
			if ok != r.known || ok && k.Credential != "release" {
				t.Errorf("%+v %v", k, ok)
			}
		})
	}
}

// TestKeyNamedByOpenSSH: the fingerprints are those ssh-keygen -l prints.
func TestKeyNamedByOpenSSH(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name, id string
		public   crypto.PublicKey
	}{
		{"P-256", "SHA256:Tj3pEEgywOic7EHx925KcrkGZ1GuKRGkCNDMtQP36ls", ecdsaKey(t, elliptic.P256())},
		{"P-384", "SHA256:6MD4KXIBALxv82Gx1JZ5pYJMWf3C7jSxbO+7AU0nAog", ecdsaKey(t, elliptic.P384())},
		{"P-521", "SHA256:YsD73MPOgF4UuB0lhMjnf9HdzPiBrHDDmHuiTkqt5HM", ecdsaKey(t, elliptic.P521())},
		{"RSA", "SHA256:Js2Dxmvn6q4imp7p4HPS1bOZqtUEaZ+i6v/mfPXmBbc", rsaKey(2048, 65537)},
		{"Ed25519", "SHA256:IKxVrmjux1HM4bP9Snf4VAAUI4L3sBwmKL2tkoi9PuQ", key(1)},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			m := load(t, head+people+"credentials: [{id: c, holder: alice, key: {pem: "+quoted(encode(t, r.public))+"}, "+active+"}]\n")
			if k, ok := m.KeyNamed(r.id); !ok || k.Credential != "c" {
				t.Errorf("%+v %v", k, ok)
			}
		})
	}
}

// TestRegistryKey: a key published in the world is found by the id its bundles carry.
func TestRegistryKey(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../shared/real/trust/publish_key.pub")
	if err != nil {
		t.Skip("../shared/real is not there")
	}
	m := load(t, head+people+"credentials: [{id: npm, holder: signco, key: {file: npm.pub}, "+active+"}]\n", "npm.pub", string(data))
	if k, ok := m.KeyNamed("SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA"); !ok || k.Credential != "npm" {
		t.Errorf("%+v %v", k, ok)
	}
}
