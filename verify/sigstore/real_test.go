package sigstore_test

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

// TestReal opens what people and services in the world have signed, each with what its collection
// says of it.
func TestReal(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name       string
		file       string
		element    int // of an npm document
		subject    string
		times      []string
		repository string
		refused    verify.Code
	}{
		{
			name: "bundle v0.3", file: "bcr/MODULE.bazel.intoto.jsonl",
			subject:    "https://github.com/bazel-contrib/publish-to-bcr/.github/workflows/publish.yaml@refs/tags/v0.0.1",
			times:      []string{"2025-03-26T23:47:30Z rekor https://rekor.sigstore.dev"},
			repository: "https://github.com/aspect-build/rules_lint",
		},
		{
			name: "the same artifact by another signer", file: "bcr/MODULE-wrong-signer.bazel.intoto.jsonl",
			subject:    "https://github.com/loosebazooka/aa-test/.github/workflows/malicious_attestation.yaml@refs/heads/main",
			times:      []string{"2025-03-31T18:39:28Z rekor https://rekor.sigstore.dev"},
			repository: "https://github.com/loosebazooka/aa-test",
		},
		{
			name: "npm provenance, bundle v0.1", file: "npm/supreme-googles-cli-v02-tag.tgz.json", element: 1,
			subject:    "https://github.com/trishankatdatadog/supreme-goggles/.github/workflows/npm-publish.yml@refs/tags/v1.0.5",
			times:      []string{"2023-05-16T17:32:54Z rekor https://rekor.sigstore.dev"},
			repository: "https://github.com/trishankatdatadog/supreme-goggles",
		},
		{
			name: "npm provenance, bad signature", file: "npm/supreme-googles-cli-v02-tag-invalidsigprov.tgz.json", element: 1,
			refused: verify.SignatureInvalid,
		},
		{
			name: "a shared workflow", file: "gha/valid-v0.3.intoto.sigstore",
			subject:    "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/heads/main",
			times:      []string{"2024-10-25T03:12:16Z rekor https://rekor.sigstore.dev"},
			repository: "https://github.com/slsa-framework/example-package",
		},
		{name: "the log entry is about another signature", file: "gha/mismatch-tlog.intoto.sigstore", refused: verify.SignatureInvalid},
		{name: "the log's promise does not verify", file: "gha/invalid-set.intoto.sigstore", refused: verify.SignatureInvalid},
		{
			name: "a certificate in an envelope", file: "untimed/binary-linux-amd64-push-v14.intoto.jsonl",
			subject:    "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/builder_go_slsa3.yml@refs/tags/v1.2.0",
			times:      []string{},
			repository: "https://github.com/slsa-framework/example-package",
		},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			rootJSON := realFile(t, "trust/trusted-root-public-good.json")
			o := opener(t, rootJSON, "https://token.actions.githubusercontent.com")
			items := attest.Parse(row.file, realFile(t, row.file), attest.Limits{})
			it := items[row.element]
			opened, err := o.Open(t.Context(), it, offer())
			if err != nil {
				t.Fatal(err)
			}
			if row.refused != "" {
				refused(t, opened, row.refused)
				return
			}
			p := proof(t, opened)
			got := []any{p.Certificate, p.Identity.Issuer, p.Identity.Subject, times(p), repository(p), p.NotBefore.IsZero(), opened.Checks}
			want := []any{true, "https://token.actions.githubusercontent.com", row.subject, row.times, row.repository, false, 1}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if b := it.Bundle(); b != nil {
				if err := plainly(rootJSON, b.Raw); err != nil {
					t.Errorf("sigstore-go refuses it: %v", err)
				}
			}
		})
	}
}

// repository is the source repository a proof's certificate names; older ones name it without host.
func repository(p verify.Proof) string {
	if uri := p.Identity.Claims["sourceRepositoryURI"]; uri != "" {
		return uri
	}
	return "https://github.com/" + p.Identity.Claims["githubWorkflowRepository"]
}

// npmHint is how the registry's bundles name its key.
const npmHint = "SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA"

// TestRealKey opens the half of an npm document that the registry signed with its key.
func TestRealKey(t *testing.T) {
	t.Parallel()
	rootJSON := realFile(t, "trust/trusted-root-public-good.json")
	block, _ := pem.Decode(realFile(t, "trust/publish_key.pub"))
	public, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	npm := modelKey(t, npmHint, public)
	_, other := newKey(t, "other")
	rows := []struct {
		name    string
		file    string
		keys    []ownership.Key
		refused verify.Code
	}{
		{name: "signed", file: "npm/supreme-googles-cli-v02-tag.tgz.json", keys: []ownership.Key{npm}},
		{name: "among others", file: "npm/supreme-googles-cli-v02-tag.tgz.json", keys: []ownership.Key{other, npm}},
		{name: "no key of its", file: "npm/supreme-googles-cli-v02-tag.tgz.json", keys: []ownership.Key{other}, refused: verify.SignerUnknown},
		{name: "bad signature", file: "npm/supreme-googles-cli-v02-tag-invalidsigpub.tgz.json", keys: []ownership.Key{npm}, refused: verify.SignatureInvalid},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			it := attest.Parse(row.file, realFile(t, row.file), attest.Limits{})[0]
			opened, err := opener(t, rootJSON).Open(t.Context(), it, offer(row.keys...))
			if err != nil {
				t.Fatal(err)
			}
			if row.refused != "" {
				refused(t, opened, row.refused)
				return
			}
			p := proof(t, opened)
			got := []any{p.Certificate, p.Identity.Key == npm.Fingerprint, times(p), p.NotBefore.IsZero(), opened.Checks}
			want := []any{false, true, []string{"2023-05-16T17:33:01Z rekor https://rekor.sigstore.dev"}, true, len(row.keys)}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if err := plainly(rootJSON, it.Bundle().Raw, npm); err != nil {
				t.Errorf("sigstore-go refuses it: %v", err)
			}
		})
	}
}

// TestRealMutants changes every field of a real bundle in turn: see [mutants].
func TestRealMutants(t *testing.T) {
	t.Parallel()
	rootJSON := realFile(t, "trust/trusted-root-public-good.json")
	for _, file := range []string{"gha/valid-v0.3.intoto.sigstore", "npm/supreme-googles-cli-v02-tag.tgz.json"} {
		data := realFile(t, file)
		var document struct {
			Attestations []struct{ Bundle json.RawMessage }
		}
		if err := json.Unmarshal(data, &document); err == nil && len(document.Attestations) > 1 {
			data = document.Attestations[1].Bundle
		}
		checkMutants(t, rootJSON, data)
	}
}
