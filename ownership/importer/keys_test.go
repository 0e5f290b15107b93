package importer_test

import (
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/ownership/importer"
)

// rsaKey is a public key of so many bits; nobody has its private part.
func rsaKey(bits int) *rsa.PublicKey {
	var raw []byte
	for i := 0; len(raw) < bits/8; i++ {
		sum := sha512.Sum512([]byte{byte(i)})
		raw = append(raw, sum[:]...)
	}
	raw = raw[:bits/8]
	raw[0] |= 0x80
	raw[len(raw)-1] |= 1
	return &rsa.PublicKey{N: new(big.Int).SetBytes(raw), E: 65537}
}

func pemOf(t *testing.T, public any) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// wire is the base64 of parts on the SSH wire.
func wire(parts ...[]byte) string {
	var b []byte
	for _, p := range parts {
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(p))), p...)
	}
	return base64.StdEncoding.EncodeToString(b)
}

// gittufKey is root metadata with one key.
func gittufKey(t *testing.T, keyType, scheme, public string) importer.Source {
	t.Helper()
	data, err := json.Marshal(map[string]any{"type": "root", "keys": map[string]any{"k": map[string]any{"keytype": keyType, "scheme": scheme, "keyval": map[string]any{"public": public}}}})
	if err != nil {
		t.Fatal(err)
	}
	return source("gittuf", "root.json", string(data))
}

// TestKeys: the kinds of keys there are, and what becomes of them.
func TestKeys(t *testing.T) {
	t.Parallel()
	good, weak := rsaKey(2048), rsaKey(1024)
	e := []byte{1, 0, 1}
	point := strings.Repeat("00", 32)
	for _, c := range []struct {
		name   string
		source importer.Source
		public any    // whose holder is named
		want   string // in the document; empty: a finding or an error instead
		not    string // in the finding or error
	}{
		{"RSA", gittufKey(t, "rsa", "rsassa-pss-sha256", pemOf(t, good)), good, "      pem: |\n", ""},
		{"RSA of the older scheme", gittufKey(t, "rsa", "rsa-pkcs1v15-sha256", pemOf(t, good)), good, "      scheme: rsassa-pkcs1v15\n", ""},
		{"RSA of SSH", gittufKey(t, "ssh", "ssh-rsa", wire([]byte("ssh-rsa"), e, good.N.FillBytes(make([]byte, 257)))), good, "      scheme: rsassa-pkcs1v15\n", ""},
		{"weak RSA", gittufKey(t, "rsa", "rsassa-pss-sha256", pemOf(t, weak)), weak, "", `ignored: the key "k": an RSA key of 1024 bits`},
		{"weak RSA of SSH", gittufKey(t, "ssh", "ssh-rsa", wire([]byte("ssh-rsa"), e, weak.N.Bytes())), weak, "", `ignored: the key "k": an RSA key of 1024 bits`},
		{"Ed25519 of low order", gittufKey(t, "ed25519", "ed25519", point), ed25519.PublicKey(make([]byte, 32)), "", `ignored: the key "k": an Ed25519 key that is no point of full order`},
		{"a security key", gittufKey(t, "ssh", "x", wire([]byte("sk-ssh-ed25519@openssh.com"), make([]byte, 32), []byte("ssh:"))), good, "", `ignored: the key "k": a key of a kind that is not imported: SSH "sk-ssh-ed25519@openssh.com"`},
		{"an exponent too large", gittufKey(t, "ssh", "ssh-rsa", wire([]byte("ssh-rsa"), make([]byte, 64), nil)), good, "", "not an SSH key: expected numbers of a key"},
		{"no point", gittufKey(t, "ssh", "x", wire([]byte("ecdsa-sha2-nistp256"), []byte("nistp256"), make([]byte, 65))), good, "", "not an SSH key: expected numbers of a key"},
		{"one curve as another", gittufKey(t, "ssh", "x", wire([]byte("ecdsa-sha2-nistp256"), []byte("nistp384"), make([]byte, 97))), good, "", "a key of a kind that is not imported"},
		{"a private key", gittufKey(t, "rsa", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), good, "", "not a public key: expected one PEM block PUBLIC KEY"},
		{"no SubjectPublicKeyInfo", gittufKey(t, "rsa", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"), good, "", "expected a SubjectPublicKeyInfo"},
		{"a wildcard in an identity", source("gittuf", "root.json", `{"type": "root", "keys": {"k": {"keytype": "sigstore-oidc", "scheme": "fulcio", "keyval": {"identity": "*", "issuer": "https://x"}}}}`), good, "", `the identity "*" of "https://x", expected one without wildcards`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			fingerprint, err := ownership.FingerprintOf(c.public)
			if err != nil {
				t.Fatal(err)
			}
			o := importer.Options{At: at, Holders: []importer.Holder{{Key: fingerprint.String(), Principal: "alice"}}}
			r, err := importer.Import(into([]byte(small)), []importer.Source{c.source}, o)
			switch {
			case err != nil && (c.want != "" || !strings.Contains(err.Error(), c.not)):
				t.Error(err)
			case err == nil && c.want == "" && (r.Changed || !strings.Contains(findings(r), c.not)):
				t.Errorf("%s%s", r.Document, findings(r))
			case err == nil && c.want != "" && !strings.Contains(string(r.Document), c.want):
				t.Errorf("%s%s", r.Document, findings(r))
			}
		})
	}
}

// TestKeyFiles: a key the document has in a file is not brought in again, and nobody who has left gets one.
func TestKeyFiles(t *testing.T) {
	t.Parallel()
	raw, err := hex.DecodeString("cbb19863c3dadc3ba98884f00ef854770b5c8f3270839525dc1cc77fc3b7153f")
	if err != nil {
		t.Fatal(err)
	}
	fingerprint, err := ownership.FingerprintOf(ed25519.PublicKey(raw))
	if err != nil {
		t.Fatal(err)
	}
	list := []importer.Source{gittufKey(t, "ed25519", "ed25519", hex.EncodeToString(raw))}
	withKey := small + "credentials:\n  - {id: own, holder: alice, key: {file: keys/alice.pub}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n"
	for _, c := range []struct{ name, document, holder, want string }{
		{"the same holder", withKey, "alice", ""},
		{"another", withKey, "bob", `is "bob"'s, in the document alice's`},
		{"somebody who has left", small, "carol", `conflict: "k" is "carol", who left`},
		{"nobody", small, "mallory", `nobody in the document is called that`},
		{"a team", small, "release", `nobody in the document is called that`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			fsys := fstest.MapFS{"acme/ownership.yaml": {Data: []byte(c.document)}, "acme/keys/alice.pub": {Data: []byte(pemOf(t, ed25519.PublicKey(raw)))}}
			o := importer.Options{At: at, Holders: []importer.Holder{{Key: fingerprint.String(), Principal: c.holder}}}
			r, err := importer.Import(importer.Document{FS: fsys, Name: "acme/ownership.yaml"}, list, o)
			if err != nil {
				t.Fatal(err)
			}
			if r.Changed || !strings.Contains(findings(r), c.want) || c.want == "" && len(r.Findings) > 0 {
				t.Errorf("%s%s", r.Document, findings(r))
			}
		})
	}
}

// TestJSON: the result as one line, as the command gives it.
func TestJSON(t *testing.T) {
	t.Parallel()
	r := importer.Result{Document: []byte("a: <b>\n"), Changed: true, Findings: []importer.Finding{{Code: importer.Ignored, Severity: "info", Message: "m", Position: "f:1"}}}
	data, err := r.JSON()
	if want := `{"document":"a: <b>\n","changed":true,"findings":[{"code":"ignored","severity":"info","message":"m","position":"f:1"}]}`; err != nil || string(data) != want {
		t.Errorf("%s, %v\nwant %s", data, err, want)
	}
}
