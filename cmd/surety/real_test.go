package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/verify"
)

// real is the folder of real evidence beside the repository; it is never part of it.
const real = "../../../shared/real"

// surety runs the command as main does and gives what it says.
func surety(t testing.TB, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(args, world{stdin: strings.NewReader(""), stdout: &out, stderr: &errs, now: func() time.Time {
		return time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC)
	}})
	return code, out.String(), errs.String()
}

// write writes a file of a test and gives its path.
func put(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const realHead = `apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: real, version: 1, effectiveFrom: 2021-01-01T00:00:00Z}
people:
  - {id: rosa, from: 2021-01-01T00:00:00Z}
teams:
  - {id: registry, members: [{person: rosa}], contacts: {page: "pager:registry"}}
workloads:
  - {id: pipeline, owner: registry, operators: [rosa]}
vendors:
  - {id: npm, internalOwner: registry}
grants:
  - {to: pipeline, may: [build], artifacts: ["**"]}
  - {to: npm, may: [attest], artifacts: ["**"]}
controls:
  - {control: publisher-identity, artifacts: ["**"], accountable: registry, responsible: [registry]}
  - {control: certificate-issuance, artifacts: ["**"], accountable: registry, responsible: [registry]}
  - {control: key-lifecycle, artifacts: ["**"], accountable: registry, responsible: [registry]}
  - {control: review-audit, artifacts: ["**"], accountable: registry, responsible: [registry]}
  - {control: release-policy, artifacts: ["**"], accountable: registry, responsible: [registry]}
  - {control: monitoring, artifacts: ["**"], accountable: registry, responsible: [registry]}
credentials:
`

// github is a credential for a workflow, with claims as YAML.
func github(subject, claims string) string {
	return "  - {id: workflow, holder: pipeline, owner: registry, identity: {issuer: \"https://token.actions.githubusercontent.com\", subject: \"" + subject + "\"" + claims + "}, states: [{state: active, from: 2021-01-01T00:00:00Z}]}\n"
}

const realPolicy = `apiVersion: surety.dev/v1alpha1
kind: Policy
metadata: {name: real, version: 1, effectiveFrom: 2021-01-01T00:00:00Z}
artifacts: ["**"]
evidence:
  - {name: provenance, predicateTypes: ["https://slsa.dev/provenance/v1", "https://slsa.dev/provenance/v0.2", "https://slsa.dev/provenance/v1.0?draft"], duty: build}
`

const built = "rules:\n  - {id: built, about: provenance, expression: \"it.provenance.builder != ''\"}\n"

// TestReal holds every row of the real evidence's README, through the command line.
func TestReal(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(real); err != nil {
		t.Skip("the real evidence is not beside the repository")
	}
	key, err := os.ReadFile(filepath.Join(real, "trust/publish_key.pub"))
	if err != nil {
		t.Fatal(err)
	}
	quoted, _ := json.Marshal(string(key))
	npm := realHead + github("https://github.com/trishankatdatadog/supreme-goggles/.github/workflows/npm-publish.yml@refs/tags/*", "") +
		"  - {id: npm-key, holder: npm, owner: registry, key: {pem: " + string(quoted) + "}, states: [{state: active, from: 2021-01-01T00:00:00Z}]}\n"
	npmPolicy := realPolicy + "  - {name: publish, predicateTypes: [\"https://github.com/npm/attestation/tree/main/specs/publish/v0.1\"], duty: attest}\n" + built
	npmName := "pkg:npm/%40trishankatdatadog/supreme-goggles@1.0.5="
	const generator = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/heads/main"
	const goBuilder = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/builder_go_slsa3.yml@refs/tags/*"
	example := ", claims: {sourceRepositoryURI: \"https://github.com/slsa-framework/example-package\"}"
	bcr := "../../../shared/examples/bcr/"
	module := "pkg:bazel/aspect_rules_lint@1.3.1=" + filepath.Join(real, "bcr/MODULE.bazel")
	digest := func(name, hex string) string { return name + "@sha256:" + hex }
	hello := digest("hello", "2892146b063a94cb4a4318c0e98d38af12dcf2b1e29237486b58463b59607bbd")
	read := func(path string) string {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	bcrModel, bcrPolicy := read(bcr+"ownership.yaml"), read(bcr+"policy.yaml")
	tests := []struct {
		name, model, policy, artifact, evidence string
		at                                      []string
		code                                    int
		codes                                   []string
	}{
		{"bcr: a shared workflow, its caller named", bcrModel, bcrPolicy, module, "bcr/MODULE.bazel.intoto.jsonl", nil, 0, nil},
		{"bcr: without the claim", strings.Replace(bcrModel, "claims: {sourceRepositoryURI: https://github.com/aspect-build/rules_lint}", "", 1), bcrPolicy, module, "bcr/MODULE.bazel.intoto.jsonl", nil, 1, []string{"credential-inherited", "evidence-missing"}},
		{"bcr: another caller named", strings.Replace(bcrModel, "aspect-build/rules_lint}", "aspect-build/rules_js}", 1), bcrPolicy, module, "bcr/MODULE.bazel.intoto.jsonl", nil, 1, []string{"evidence-missing", "signer-unknown"}},
		{"bcr: everybody named", strings.Replace(bcrModel, "https://github.com/aspect-build/rules_lint}", "\"https://github.com/*/*\"}", 1), bcrPolicy, module, "bcr/MODULE.bazel.intoto.jsonl", nil, 1, []string{"credential-inherited", "evidence-missing"}},
		{"bcr: the same release, another signer", bcrModel, bcrPolicy, module, "bcr/MODULE-wrong-signer.bazel.intoto.jsonl", nil, 1, []string{"evidence-missing", "signer-unknown"}},
		{"bcr: before it was signed", bcrModel, bcrPolicy, module, "bcr/MODULE.bazel.intoto.jsonl", []string{"--at", "2025-03-26T23:47:29Z"}, 1, []string{"evidence-missing", "signed-after-evaluation"}},
		{"bcr: when it was signed", bcrModel, bcrPolicy, module, "bcr/MODULE.bazel.intoto.jsonl", []string{"--at", "2025-03-26T23:47:30Z"}, 0, nil},
		{"npm: both halves", npm, npmPolicy, npmName + filepath.Join(real, "npm/supreme-googles-cli-v02-tag.tgz"), "npm/supreme-googles-cli-v02-tag.tgz.json", nil, 0, nil},
		{"npm: another package's name", npm, npmPolicy, "pkg:npm/%40trishankatdatadog/evil@1.0.5=" + filepath.Join(real, "npm/supreme-googles-cli-v02-tag.tgz"), "npm/supreme-googles-cli-v02-tag.tgz.json", nil, 1, []string{"evidence-missing", "subject-mismatch"}},
		{"npm: a bad publish signature", npm, npmPolicy, npmName + filepath.Join(real, "npm/supreme-googles-cli-v02-tag.tgz"), "npm/supreme-googles-cli-v02-tag-invalidsigpub.tgz.json", nil, 1, []string{"evidence-missing", "signature-invalid"}},
		{"npm: a bad provenance signature", npm, npmPolicy, npmName + filepath.Join(real, "npm/supreme-googles-cli-v02-tag.tgz"), "npm/supreme-googles-cli-v02-tag-invalidsigprov.tgz.json", nil, 1, []string{"evidence-missing", "signature-invalid"}},
		{"gha: a shared workflow, its caller named", realHead + github(generator, example), realPolicy + built, hello, "gha/valid-v0.3.intoto.sigstore", nil, 0, nil},
		{"gha: without the claim", realHead + github(generator, ""), realPolicy + built, hello, "gha/valid-v0.3.intoto.sigstore", nil, 1, []string{"credential-inherited", "evidence-missing"}},
		{"gha: a log entry about another signature", realHead + github("https://github.com/**", example), realPolicy + built, digest("pkg:generic/example", "2e38b952523576057f5ca8cf6d179ad6b66f6d0221b9a0eb621caf3507773c71"), "gha/mismatch-tlog.intoto.sigstore", nil, 1, []string{"evidence-missing", "signature-invalid"}},
		{"gha: a log's promise that does not verify", realHead + github("https://github.com/**", example), realPolicy + built, digest("pkg:generic/example", "092b220688ee737c66882a74ae8bfe3e2b35df60b92404b552ebe905a2d633ce"), "gha/invalid-set.intoto.sigstore", nil, 1, []string{"evidence-missing", "signature-invalid"}},
		{"untimed", realHead + github(goBuilder, ", claims: {githubWorkflowRepository: slsa-framework/example-package}"), realPolicy + built, digest("binary-linux-amd64", "a199f550154b655a53fd10be9afd33e4b9a4dca21af195b6301514e93b806c4b"), "untimed/binary-linux-amd64-push-v14.intoto.jsonl", nil, 2, []string{"evidence-missing", "no-trusted-time"}},
		{"untimed, with the clock set back into the window", realHead + github(goBuilder, ", claims: {githubWorkflowRepository: slsa-framework/example-package}"), realPolicy + built, digest("binary-linux-amd64", "a199f550154b655a53fd10be9afd33e4b9a4dca21af195b6301514e93b806c4b"), "untimed/binary-linux-amd64-push-v14.intoto.jsonl", []string{"--at", "2022-09-27T18:15:00Z"}, 2, []string{"evidence-missing", "no-trusted-time"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			args := []string{"verify", "--format", "json", "--ownership", put(t, "ownership.yaml", tt.model), "--policy", put(t, "policy.yaml", tt.policy),
				"--trusted-root", filepath.Join(real, "trust/trusted-root-public-good.json"), "--artifact", tt.artifact}
			code, stdout, stderr := surety(t, append(append(args, tt.at...), filepath.Join(real, tt.evidence))...)
			var v verify.Verdict
			if err := json.Unmarshal([]byte(stdout), &v); err != nil {
				t.Fatalf("exit %d: %v\n%s%s", code, err, stdout, stderr)
			}
			var codes []string
			for _, f := range v.Findings {
				if f.Severity <= verify.SeverityIndeterminate && !slices.Contains(codes, string(f.Code)) {
					codes = append(codes, string(f.Code))
				}
			}
			slices.Sort(codes)
			if code != tt.code || !slices.Equal(codes, tt.codes) {
				t.Errorf("exit %d %v, want %d %v\n%s", code, codes, tt.code, tt.codes, stdout)
			}
			if slices.Contains(codes, "signer-unknown") && !slices.ContainsFunc(v.Findings, func(f verify.Finding) bool {
				return f.Code == verify.SignerUnknown && f.Control == "publisher-identity" && f.Accountable.Team == "identity-office" && f.Accountable.Page == "pager:identity"
			}) {
				t.Errorf("signer-unknown does not name who answers:\n%s", stdout)
			}
		})
	}
}
