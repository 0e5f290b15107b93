package ownership_test

import (
	"crypto"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/surety-dev/surety/ownership"
)

// head begins every test document; what follows starts on line 4.
const head = `apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
`

// people are a few principals and teams for documents that are about other things:
// alice and bob, who left, the workloads pipeline and tests, the vendor signco, the
// teams security and release.
const people = `people:
  - {id: alice, from: 2023-01-01T00:00:00Z}
  - {id: bob, from: 2023-01-01T00:00:00Z, until: 2026-04-01T00:00:00Z}
teams:
  - {id: security, members: [{person: alice}]}
  - {id: release, members: [{person: alice, until: 2026-03-01T00:00:00Z}, {person: bob}]}
workloads: [{id: pipeline, operators: [bob]}, {id: tests}]
vendors: [{id: signco}]
`

const active = `states: [{state: active, from: 2026-01-01T00:00:00Z}]`

// load loads a document that must load; files are name and content in turn.
func load(t testing.TB, text string, files ...string) *ownership.Model {
	t.Helper()
	m, err := ownership.Load(tree(text, files...), "ownership.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func tree(text string, files ...string) fstest.MapFS {
	fsys := fstest.MapFS{"ownership.yaml": {Data: []byte(text)}}
	for i := 0; i < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return fsys
}

// at reads a time of 2026: "03-01" or "03-01T09:00:00".
func at(t testing.TB, s string) time.Time {
	t.Helper()
	if !strings.Contains(s, "T") {
		s += "T00:00:00"
	}
	v, err := time.Parse(time.RFC3339, "2026-"+s+"Z")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// key gives the n-th fixed Ed25519 key.
func key(n int) ed25519.PublicKey {
	seed := make([]byte, ed25519.SeedSize)
	copy(seed, fmt.Sprintf("key %d", n))
	return ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
}

func fingerprint(t testing.TB, public crypto.PublicKey) ownership.Fingerprint {
	t.Helper()
	f, err := ownership.FingerprintOf(public)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// encode gives the PEM of a public key.
func encode(t testing.TB, public crypto.PublicKey) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return block(der)
}

func block(der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// inline gives the PEM of the n-th key as a YAML string.
func inline(t testing.TB, n int) string {
	t.Helper()
	return quoted(encode(t, key(n)))
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, "\n", `\n`) + `"` }
