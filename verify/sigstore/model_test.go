package sigstore_test

import (
	"encoding/json"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/sigstore"
	"github.com/surety-dev/surety/verify/sigstore/sigstoretest"
)

// TestFromModel takes the roots of an ownership document, with its issuers.
func TestFromModel(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	document, err := json.Marshal(map[string]any{
		"apiVersion": "surety.dev/v1alpha1",
		"kind":       "Ownership",
		"metadata":   map[string]any{"name": "acme", "version": 1, "effectiveFrom": "2026-01-01T00:00:00Z"},
		"people":     []any{map[string]any{"id": "alice", "from": "2026-01-01T00:00:00Z"}},
		"teams":      []any{map[string]any{"id": "security", "members": []any{map[string]any{"person": "alice"}}}},
		"trust": map[string]any{"sigstore": []any{
			map[string]any{"id": "own", "file": "root.json", "owner": "security", "issuers": []any{"https://issuer.test"}},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	rootJSON := s.TrustedRootJSON()
	model, err := ownership.Load(fstest.MapFS{
		"ownership.json": {Data: document},
		"root.json":      {Data: rootJSON},
	}, "ownership.json")
	if err != nil {
		t.Fatal(err)
	}
	want := []sigstore.Root{{ID: "own", JSON: rootJSON, Issuers: []string{"https://issuer.test"}}}
	if diff := cmp.Diff(want, sigstore.FromModel(model)); diff != "" {
		t.Error(diff)
	}
	o, err := sigstore.New(sigstore.FromModel(model)...)
	if err != nil {
		t.Fatal(err)
	}
	proof(t, open(t, o, s.Bundle(t, sigstoretest.Spec{Issuer: "https://issuer.test"})))
	refused(t, open(t, o, s.Bundle(t, sigstoretest.Spec{})), verify.CertificateInvalid)
	if roots := sigstore.FromModel(nil); roots != nil {
		t.Errorf("no model gives %v", roots)
	}
}
