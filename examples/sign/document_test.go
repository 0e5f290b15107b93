package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/verify"
)

const governed = `apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: us, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
people: [{id: one, from: 2026-01-01T00:00:00Z}, {id: two, from: 2026-01-01T00:00:00Z}]
teams: [{id: owners, members: [{person: one}, {person: two}]}]
credentials:
  - {id: ones, holder: one, key: {pem: ONE}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
  - {id: twos, holder: two, key: {pem: TWO}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
controls: [{control: release-policy, artifacts: ["**"], accountable: owners}]
`

// TestSignDocument: two people sign one after another, and only then is the document approved.
func TestSignDocument(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	text := governed
	for name, place := range map[string]string{"one": "ONE", "two": "TWO"} {
		if err := run([]string{"-new-key", path(name)}, nil); err != nil {
			t.Fatal(err)
		}
		pem, err := os.ReadFile(path(name + ".pub"))
		if err != nil {
			t.Fatal(err)
		}
		text = strings.Replace(text, place, `"`+strings.ReplaceAll(string(pem), "\n", `\n`)+`"`, 1)
	}
	if err := os.WriteFile(path("o.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	from := "o.yaml"
	for n, name := range []string{"one", "two"} {
		if err := run([]string{"-key", path(name + ".pem"), "-document", path(from), "-kind", "ownership", "-out", path("o.json")}, nil); err != nil {
			t.Fatal(err)
		}
		from = "o.json"
		model, endorsement, err := verify.LoadOwnership(os.DirFS(dir), from, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(endorsement.People(at)) != n+1 || (endorsement.Err(at) == nil) != (n == 1) || model.Name() != "us" {
			t.Errorf("after %s signed: %v, %v", name, endorsement.People(at), endorsement.Err(at))
		}
	}
	for _, row := range []struct{ kind, document, want string }{
		{"policy", "o.json", "expected \"application/vnd.surety.policy+yaml\""}, {"", "o.yaml", "expected ownership or policy"}, {"policy", "none", "no such file"},
	} {
		var out bytes.Buffer
		err := run([]string{"-key", path("one.pem"), "-document", path(row.document), "-kind", row.kind}, &out)
		if err == nil || !strings.Contains(err.Error(), row.want) || out.Len() > 0 {
			t.Errorf("%s as %s: %v", row.document, row.kind, err)
		}
	}
}
