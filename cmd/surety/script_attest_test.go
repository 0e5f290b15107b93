package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/secure-systems-lab/go-securesystemslib/encrypted"
	"github.com/youmark/pkcs8"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/internal/fixture/pki"
)

// passphrase is that of encrypted keys in scripts.
const passphrase = "open sesame"

// writeKey is the script command `key FORMAT NAME FILE`: it writes the private key of a name.
func writeKey(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: key FORMAT NAME FILE")
	}
	data, err := keyPEM(args[0], fixture.NewKey(args[1]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), data, 0o600))
}

// keyPEM writes a private key in one of the forms there are.
func keyPEM(format string, key fixture.Key) ([]byte, error) {
	block := func(kind string, der []byte, err error) ([]byte, error) {
		return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key.Private())
	if err != nil {
		return nil, err
	}
	switch format {
	case "pkcs8":
		return block("PRIVATE KEY", der, nil)
	case "sec1":
		der, err := x509.MarshalECPrivateKey(key.Private().(*ecdsa.PrivateKey))
		return block("EC PRIVATE KEY", der, err)
	case "pkcs1":
		return block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key.Private().(*rsa.PrivateKey)), nil)
	case "pbkdf2":
		der, err := pkcs8.MarshalPrivateKey(key.Private(), []byte(passphrase), &pkcs8.Opts{Cipher: pkcs8.AES256CBC, KDFOpts: pkcs8.PBKDF2Opts{SaltSize: 16, IterationCount: 1000, HMACHash: crypto.SHA256}})
		return block("ENCRYPTED PRIVATE KEY", der, err)
	case "scrypt":
		der, err := pkcs8.MarshalPrivateKey(key.Private(), []byte(passphrase), &pkcs8.Opts{Cipher: pkcs8.AES256CBC, KDFOpts: pkcs8.ScryptOpts{SaltSize: 16, CostParameter: 2, BlockSize: 8, ParallelizationParameter: 1}})
		return block("ENCRYPTED PRIVATE KEY", der, err)
	case "sigstore", "cosign":
		data, err := encrypted.Encrypt(der, []byte(passphrase))
		return block("ENCRYPTED "+strings.ToUpper(format)+" PRIVATE KEY", data, err)
	case "twice":
		data, err := block("PRIVATE KEY", der, nil)
		return append(data, data...), err
	case "public":
		return []byte(key.PEM()), nil
	}
	return nil, fmt.Errorf("no format %s", format)
}

// expandKeys is the script command `expand FILE...`: it puts public keys in the place of KEY(name).
func expandKeys(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: expand FILE...")
	}
	for _, file := range args {
		ts.Check(os.WriteFile(ts.MkAbs(file), []byte(fixture.Expand(ts.ReadFile(file))), 0o600))
	}
}

// stampSignature is the script command `tsa SIGNATURE RESPONSE CERTIFICATE`: a timestamp authority answers about the bytes of
// a file at noon of 20 November 2026.
func stampSignature(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: tsa SIGNATURE RESPONSE CERTIFICATE")
	}
	root := pki.Root("tsa")
	token := root.Timestamper("stamper").Token([]byte(ts.ReadFile(args[0])), pki.Stamp{At: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)})
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), pki.Response(0, token), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(pki.PEM(root)), 0o600))
}

// TestKeysRefused: what is no private key, or cannot be used, is refused in one clear line, and so is one with a byte
// changed, which must not take the command down.
func TestKeysRefused(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"pkcs8", "sec1", "pbkdf2", "scrypt"} {
		data, err := keyPEM(format, fixture.NewKey("p256:alice"))
		if err != nil {
			t.Fatal(err)
		}
		secret := []byte(nil)
		if format == "pbkdf2" || format == "scrypt" {
			secret = []byte(passphrase)
		}
		if _, err := parsePrivateKey(data, secret); err != nil {
			t.Fatal(err)
		}
		block, _ := pem.Decode(data)
		for i := range min(len(block.Bytes), 120) { // what stands before the key itself
			for _, bit := range []byte{1, 0x80} {
				if format == "scrypt" && i > 20 {
					continue // the cost is among it, and would be paid
				}
				der := append([]byte(nil), block.Bytes...)
				der[i] ^= bit
				key, err := parsePrivateKey(pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: der}), secret)
				if err == nil && key == nil {
					t.Errorf("%s, byte %d: no key and no error", format, i)
				}
			}
		}
		for _, short := range []int{0, 1, 20, len(block.Bytes) - 1} {
			if _, err := parsePrivateKey(pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: block.Bytes[:short]}), secret); err == nil {
				t.Errorf("%s, cut off after %d bytes, is read", format, short)
			}
		}
	}
}

// TestOpenSSL goes the way docs/attest.md shows with openssl, where it is installed: keys as it makes them, and
// a timestamp as it asks for it and an authority of its own answers.
func TestOpenSSL(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed: keys and timestamps it makes are not tried")
	}
	dir := t.TempDir()
	openssl := func(args ...string) []byte {
		t.Helper()
		cmd := exec.Command("openssl", args...)
		cmd.Dir = dir
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("openssl %v: %v %s", args, err, err.(*exec.ExitError).Stderr)
		}
		return out
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	for name, content := range map[string]string{"pass": passphrase + "\n", "artifact": "api\n", "serial": "01\n", "tsa.cnf": opensslTSA} {
		putAt(t, in(name), content)
	}
	keys := map[string][]string{
		"ed.pem": {"genpkey", "-algorithm", "ed25519", "-out"}, "ec.pem": {"ecparam", "-name", "secp384r1", "-genkey", "-out"}, "rsa.pem": {"genrsa", "-out"},
	}
	for file, args := range keys {
		openssl(append(args, file)...)
		openssl("pkcs8", "-topk8", "-in", file, "-passout", "pass:"+passphrase, "-out", "locked-"+file)
		openssl("pkey", "-in", file, "-pubout", "-out", file+".pub")
	}
	openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.pem", "-subj", "/CN=tsa", "-days", "2", "-addext", "extendedKeyUsage=critical,timeStamping", "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "keyUsage=critical,digitalSignature")
	putAt(t, in("ownership.yaml"), fmt.Sprintf(opensslModel, quoted(readFile(t, in("ed.pem.pub"))), quoted(readFile(t, in("ec.pem.pub"))), quoted(readFile(t, in("rsa.pem.pub")))))
	for file := range keys {
		args := []string{"attest", "approval", "--artifact", "pkg:generic/payments/api@1=" + in("artifact"), "--decision", "approved"}
		code, envelope, stderr := surety(t, append(args, "--key", in("locked-"+file), "--passphrase-file", in("pass"))...)
		if code != exitAdmitted {
			t.Fatalf("%s: %s", file, stderr)
		}
		putAt(t, in("approval.json"), envelope)
		_, sig, _ := surety(t, "attest", "signature", in("approval.json"))
		putAt(t, in("approval.sig"), sig)
		openssl("ts", "-query", "-data", "approval.sig", "-sha256", "-cert", "-out", "approval.tsq")
		openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "approval.tsq", "-out", "approval.tsr")
		code, stamped, stderr := surety(t, "attest", "timestamp", in("approval.json"), "--timestamp", in("approval.tsr"))
		if code != exitAdmitted {
			t.Fatalf("%s: %s", file, stderr)
		}
		putAt(t, in("stamped.json"), stamped)
		_, seen, stderr := surety(t, "inspect", "--ownership", in("ownership.yaml"), "--at", time.Now().Add(time.Hour).UTC().Format(time.RFC3339), in("stamped.json"))
		if !strings.Contains(seen, "signature 0 VERIFIED") || !strings.Contains(seen, "vouched for by own-tsa (rfc3161)") || !strings.Contains(seen, `says        decision "approved"`) {
			t.Errorf("%s: %s%s", file, seen, stderr)
		}
	}
}

const opensslTSA = `[tsa]
default_tsa = own
[own]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
`

const opensslModel = `apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 1, effectiveFrom: 2020-01-01T00:00:00Z}
people: [{id: alice, from: 2020-01-01T00:00:00Z}]
teams: [{id: security, members: [{person: alice}]}]
credentials:
  - {id: ed, holder: alice, key: {pem: %s}, states: [{state: active, from: 2020-01-01T00:00:00Z}]}
  - {id: ec, holder: alice, key: {pem: %s}, states: [{state: active, from: 2020-01-01T00:00:00Z}]}
  - {id: rsa, holder: alice, key: {pem: %s}, states: [{state: active, from: 2020-01-01T00:00:00Z}]}
trust:
  timestampAuthorities: [{id: own-tsa, owner: security, file: tsa.pem}]
`
