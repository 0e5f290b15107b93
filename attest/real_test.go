package attest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
)

// TestReal reads attestations signed by people and services in the world, where
// the checkout has them beside it.
func TestReal(t *testing.T) {
	t.Parallel()
	const dir = "../../shared/real"
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the real evidence is not here: %v", err)
	}
	const (
		source  = "https://github.com/trishankatdatadog/supreme-goggles"
		example = "https://github.com/slsa-framework/example-package"
		rules   = "https://github.com/aspect-build/rules_lint"
		slsa    = "https://github.com/asraa/slsa-on-github-test"
		publish = "https://github.com/npm/attestation/tree/main/specs/publish/v0.1"
		npmKey  = "SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA"
	)
	for _, row := range []struct {
		file, artifact string
		want           []string // format, bundle version, certificates, log entries, predicate type, source, ref
	}{
		{"bcr/MODULE.bazel.intoto.jsonl", "pkg:bazel/aspect_rules_lint@1.3.1", []string{"sigstore-bundle 0.3 1 1 " + v1 + " " + rules + " refs/heads/publish-to-bcr"}},
		{"bcr/MODULE-wrong-signer.bazel.intoto.jsonl", "pkg:bazel/aspect_rules_lint@1.3.1", []string{"sigstore-bundle 0.3 1 1 " + v1 + " " + rules + " refs/heads/publish-to-bcr"}},
		{"gha/valid-v0.3.intoto.sigstore", "hello", []string{"sigstore-bundle 0.3 1 1 " + v02 + " " + example + " refs/heads/main"}},
		{"gha/mismatch-tlog.intoto.sigstore", "example-linux-amd64", []string{"sigstore-bundle 0.1 3 1 " + v1 + ".0?draft " + slsa + " refs/heads/main"}},
		{"gha/invalid-set.intoto.sigstore", "example-linux-amd64", []string{"sigstore-bundle 0.1 3 1 " + v1 + ".0?draft " + slsa + " refs/heads/main"}},
		{"untimed/binary-linux-amd64-push-v14.intoto.jsonl", "binary-linux-amd64", []string{"dsse " + v02 + " " + example + " refs/tags/v14"}},
		{"npm/supreme-googles-cli-v02-tag.tgz.json", "pkg:npm/%40trishankatdatadog/supreme-goggles@1.0.5",
			[]string{"npm-attestation 0.1 " + npmKey + " 1 " + publish, "npm-attestation 0.1 3 1 " + v02 + " " + source + " refs/tags/v1.0.5"}},
		{"npm/supreme-googles-cli-v02-tag-invalidsigpub.tgz.json", "pkg:npm/%40trishankatdatadog/supreme-goggles@1.0.5",
			[]string{"npm-attestation 0.1 " + npmKey + " 1 " + publish, "npm-attestation 0.1 3 1 " + v02 + " " + source + " refs/tags/v1.0.5"}},
		{"npm/supreme-googles-cli-v02-tag-invalidsigprov.tgz.json", "pkg:npm/%40trishankatdatadog/supreme-goggles@1.0.5",
			[]string{"npm-attestation 0.1 " + npmKey + " 1 " + publish, "npm-attestation 0.1 3 1 " + v02 + " " + source + " refs/tags/v1.0.5"}},
	} {
		t.Run(row.file, func(t *testing.T) {
			t.Parallel()
			items, err := attest.ReadFS(os.DirFS(dir), row.file, attest.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, it := range items {
				got = append(got, describe(t, it))
				a, err := attest.NewArtifact(row.artifact, it.Statement().Subjects[0].Digests)
				if err != nil {
					t.Fatal(err)
				}
				if err := a.BoundBy(it.Statement()); err != nil {
					t.Error(err)
				}
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func describe(t *testing.T, it *attest.Item) string {
	t.Helper()
	if it.Err() != nil {
		t.Fatal(it.Err())
	}
	text := string(it.Format())
	if b := it.Bundle(); b != nil && b.HasPublicKey {
		text += fmt.Sprint(" ", b.Version, " ", b.KeyHint, " ", b.LogEntries)
	} else if b != nil {
		text += fmt.Sprint(" ", b.Version, " ", len(b.Certificates), " ", b.LogEntries)
	} else if it.Envelope().Signatures[0].Certificate == nil {
		t.Error("no certificate beside the signature")
	}
	st := it.Statement()
	text += " " + st.PredicateType
	p, err := st.Provenance()
	if err != nil {
		t.Fatal(err)
	}
	if p == nil {
		return text
	}
	if p.Builder == "" || p.BuildType == "" || p.Invocation == "" || p.Parameters == nil && st.PredicateType != v02 || len(p.Source.Digests) != 1 {
		t.Errorf("the view has gaps: %+v", p)
	}
	if _, err := st.Predicate.Decode(); err != nil {
		t.Error(err)
	}
	return text + " " + p.Source.URI + " " + p.Source.Ref
}

// TestRealPublish reads what npm's registry said it published.
func TestRealPublish(t *testing.T) {
	t.Parallel()
	const dir, file = "../../shared/real", "npm/supreme-googles-cli-v02-tag.tgz.json"
	if _, err := os.Stat(dir + "/" + file); err != nil {
		t.Skipf("the real evidence is not here: %v", err)
	}
	items, err := attest.ReadFS(os.DirFS(dir), file, attest.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var got []*attest.Publish
	for _, it := range items {
		p, err := it.Statement().Publish()
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, p)
	}
	var raw struct{ Registry string }
	if err := json.Unmarshal(items[0].Statement().Predicate, &raw); err != nil || raw.Registry == "" {
		t.Fatalf("the predicate names no registry: %v", err)
	}
	want := []*attest.Publish{{Name: "@trishankatdatadog/supreme-goggles", Version: "1.0.5", Registry: raw.Registry}, nil}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
