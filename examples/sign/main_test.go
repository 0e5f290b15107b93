package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

const model = `apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: me, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
people: [{id: me, from: 2026-01-01T00:00:00Z}]
credentials: [{id: mine, holder: me, key: {file: mine.pub}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}]
grants: [{to: me, may: [attest], artifacts: ["**"]}]
`

const rules = `apiVersion: surety.dev/v1alpha1
kind: Policy
metadata: {name: mine, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
artifacts: ["**"]
evidence: [{name: note, predicateTypes: ["https://acme.test/note/v1"], duty: attest}]
rules: [{id: fine, about: note, expression: "it.predicate.fine == true"}]
`

// TestSign: what this program signs is read and believed, of the key that the model names and no other.
func TestSign(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{"ownership.yaml": model, "policy.yaml": rules, "artifact": "hello\n", "note.json": `{"fine": true}`} {
		if err := os.WriteFile(path(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"mine", "other"} {
		if err := run([]string{"-new-key", path(name)}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(path("mine.pem")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the private key: %v, %v", info.Mode(), err)
	}
	documents := os.DirFS(dir)
	owners, err := ownership.Load(documents, "ownership.yaml")
	if err != nil {
		t.Fatal(err)
	}
	policies, err := policy.Load(documents, "policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := verify.New(owners, policies, verify.Config{})
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte("hello\n"))
	artifact, err := attest.NewArtifact("pkg:generic/a@1", attest.Digests{"sha256": hex.EncodeToString(digest[:])})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]verify.Decision{"mine": verify.Allow, "other": verify.Deny} {
		var envelope bytes.Buffer
		args := []string{"-key", path(name + ".pem"), "-type", "https://acme.test/note/v1", "-subject", "pkg:generic/a@1=" + path("artifact"), "-predicate", path("note.json")}
		if err := run(args, &envelope); err != nil {
			t.Fatal(err)
		}
		verdict, err := verifier.Verify(context.Background(), verify.Request{Artifact: artifact, Evidence: attest.Parse(name, envelope.Bytes(), attest.Limits{}), At: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil || verdict.Decision != want {
			t.Errorf("signed with %s: %s, %v, want %s: %+v", name, verdict.Decision, err, want, verdict.Findings)
		}
		if err := run(append(args, "-out", path(name+".json")), nil); err != nil {
			t.Fatal(err)
		}
		if written, err := os.ReadFile(path(name + ".json")); err != nil || !bytes.Equal(written, envelope.Bytes()) {
			t.Errorf("-out wrote %q, standard output has %q: %v", written, envelope.Bytes(), err)
		}
	}
}

func TestSignRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("[]"), 0o600); err != nil {
		t.Fatal(err)
	}
	mine := filepath.Join(dir, "mine")
	if err := run([]string{"-new-key", mine}, nil); err != nil {
		t.Fatal(err)
	}
	rows := []struct {
		name string
		args []string
		want string
	}{
		{"nothing", nil, "expected -new-key NAME, or -key"},
		{"a key over another", []string{"-new-key", mine}, "exists"},
		{"no key", []string{"-key", file, "-type", "t", "-subject", "a=" + file, "-predicate", file}, "expected a PEM block PRIVATE KEY"},
		{"a public key", []string{"-key", mine + ".pub", "-type", "t", "-subject", "a=" + file, "-predicate", file}, "expected a PEM block PRIVATE KEY"},
		{"no file", []string{"-key", mine + ".pem", "-type", "t", "-subject", "a", "-predicate", file}, "expected NAME=FILE"},
		{"no object", []string{"-key", mine + ".pem", "-type", "t", "-subject", "a=" + file, "-predicate", file}, "expected one JSON object"},
		{"words beside flags", []string{"-key", mine + ".pem", "-type", "t", "-subject", "a=" + file, "-predicate", file, "more"}, "expected -new-key NAME, or -key"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			if err := run(r.args, &out); err == nil || !strings.Contains(err.Error(), r.want) || out.Len() > 0 {
				t.Errorf("got %v and %q, want %q", err, out.String(), r.want)
			}
		})
	}
}
