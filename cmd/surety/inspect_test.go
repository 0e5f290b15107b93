package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/surety-dev/surety/verify/inspect"
)

// inspected runs `surety inspect --format json` and reads what it says.
func inspected(t *testing.T, args ...string) inspect.Inspection {
	t.Helper()
	code, stdout, stderr := surety(t, append([]string{"inspect", "--format", "json"}, args...)...)
	var i inspect.Inspection
	if err := json.Unmarshal([]byte(stdout), &i); err != nil || code != 0 || stderr != "" {
		t.Fatalf("exit %d, %v\n%s%s", code, err, stdout, stderr)
	}
	if data, err := i.JSON(); err != nil || string(data)+"\n" != stdout {
		t.Errorf("not the one form of the document: %v\n%s", err, stdout)
	}
	return i
}

// TestInspectReal holds, of every file of real evidence, what verifies and what not and why.
func TestInspectReal(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(real); err != nil {
		t.Skip("the real evidence is not beside the repository")
	}
	root := filepath.Join(real, "trust/trusted-root-public-good.json")
	key := readFile(t, filepath.Join(real, "trust/publish_key.pub"))
	npm := put(t, "ownership.yaml", realHead+"  - {id: npm-key, holder: npm, owner: registry, key: {pem: "+quoted(key)+"}, states: [{state: active, from: 2021-01-01T00:00:00Z}]}\n")
	bcr := "../../../shared/examples/bcr"
	const caller = "https://github.com/bazel-contrib/publish-to-bcr/.github/workflows/publish.yaml@refs/tags/v0.0.1"
	const goggles = "https://github.com/trishankatdatadog/supreme-goggles/.github/workflows/npm-publish.yml@refs/tags/v1.0.5"
	for _, row := range []struct {
		name, model, root, file string
		want                    []string // of each item: verified or the code, who, when, credential or why none
	}{
		{"bcr", bcr, root, "bcr/MODULE.bazel.intoto.jsonl", []string{"verified " + caller + " 2025-03-26T23:47:30Z publish-workflow"}},
		{"bcr, another signer", bcr, root, "bcr/MODULE-wrong-signer.bazel.intoto.jsonl", []string{"verified https://github.com/loosebazooka/aa-test/.github/workflows/malicious_attestation.yaml@refs/heads/main 2025-03-31T18:39:28Z signer-unknown"}},
		{"bcr, no model", "", root, "bcr/MODULE.bazel.intoto.jsonl", []string{"verified " + caller + " 2025-03-26T23:47:30Z"}},
		{"bcr, no root", "", "", "bcr/MODULE.bazel.intoto.jsonl", []string{"certificate-invalid"}},
		{"npm", npm, root, "npm/supreme-googles-cli-v02-tag.tgz.json", []string{"verified SHA256 2023-05-16T17:33:01Z npm-key", "verified " + goggles + " 2023-05-16T17:32:54Z signer-unknown"}},
		{"npm, no model", "", root, "npm/supreme-googles-cli-v02-tag.tgz.json", []string{"signer-unknown", "verified " + goggles + " 2023-05-16T17:32:54Z"}},
		{"npm, publish altered", npm, root, "npm/supreme-googles-cli-v02-tag-invalidsigpub.tgz.json", []string{"signature-invalid", "verified " + goggles + " 2023-05-16T17:32:54Z signer-unknown"}},
		{"npm, provenance altered", npm, root, "npm/supreme-googles-cli-v02-tag-invalidsigprov.tgz.json", []string{"verified SHA256 2023-05-16T17:33:01Z npm-key", "signature-invalid"}},
		{"gha", "", root, "gha/valid-v0.3.intoto.sigstore", []string{"verified https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/heads/main 2024-10-25T03:12:16Z"}},
		{"gha, another signature's log entry", "", root, "gha/mismatch-tlog.intoto.sigstore", []string{"signature-invalid"}},
		{"gha, a false promise", "", root, "gha/invalid-set.intoto.sigstore", []string{"signature-invalid"}},
		{"untimed", "", root, "untimed/binary-linux-amd64-push-v14.intoto.jsonl", []string{"verified https://github.com/slsa-framework/slsa-github-generator/.github/workflows/builder_go_slsa3.yml@refs/tags/v1.2.0 no-trusted-time"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			args := []string{filepath.Join(real, row.file)}
			if row.model != "" {
				args = append(args, "--ownership", row.model)
			}
			if row.root != "" {
				args = append(args, "--trusted-root", row.root)
			}
			var got []string
			for _, it := range inspected(t, args...).Items {
				got = append(got, inSum(t, it))
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(row.want, "\n"))
			}
		})
	}
}

// TestInspectGitHub holds that a bundle in the form GitHub's API gives it verifies as it does on its own.
func TestInspectGitHub(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(real); err != nil {
		t.Skip("the real evidence is not beside the repository")
	}
	bundle := strings.TrimSpace(readFile(t, filepath.Join(real, "bcr/MODULE.bazel.intoto.jsonl")))
	path := put(t, "github.json", `{"attestations":[{"bundle":`+bundle+`,"repository_id":631710741,"bundle_url":"https://x.test","initiator":"user"}]}`)
	i := inspected(t, "--trusted-root", filepath.Join(real, "trust/trusted-root-public-good.json"), path)
	if len(i.Items) != 1 || i.Items[0].Format != "github-attestation" || !strings.HasPrefix(inSum(t, i.Items[0]), "verified https://github.com/bazel-contrib/") {
		t.Errorf("%+v", i.Items)
	}
}

// inSum is an item of one signature in a line.
func inSum(t *testing.T, it inspect.Item) string {
	t.Helper()
	if len(it.Signatures) != 1 {
		t.Fatalf("%d signatures of %v: %s", len(it.Signatures), it.Sources, it.Unreadable)
	}
	s := it.Signatures[0]
	if !s.Verified {
		if it.Unverified == nil || it.Verified != nil || it.Unverified.PredicateType == "" {
			t.Error("its content is not marked unverified")
		}
		return string(s.Code)
	}
	if it.Verified == nil || it.Unverified != nil || it.Verified.PredicateType == "" {
		t.Error("its content is not where verified content stands")
	}
	parts := []string{"verified", s.Identity.Subject}
	if s.Identity.Key != "" {
		parts[1] = "SHA256"
	}
	for _, at := range s.Times {
		text, _ := at.At.MarshalText()
		parts = append(parts, string(text))
	}
	if s.Code != "" {
		parts = append(parts, string(s.Code))
	}
	if s.Standing != nil {
		parts = append(parts, string(s.Standing.Code)+s.Standing.Credential)
	}
	return strings.Join(parts, " ")
}

// TestInspectExitCodes: 0 whatever the evidence holds, 3 with one line of error where it cannot look.
func TestInspectExitCodes(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	if err := os.WriteFile(filepath.Join(directory, "a.json"), []byte(readFile(t, good)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(directory, "link")); err != nil {
		t.Fatal(err)
	}
	model := release + "ownership.yaml"
	for _, row := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"a file", []string{good}, 0, "NOT VERIFIED: signer-unknown"},
		{"with its model", []string{"--ownership", model, good}, 0, "release-key, held by release-pipeline"},
		{"a directory, links left alone", []string{directory}, 0, "\na.json\n"},
		{"an empty directory", []string{t.TempDir()}, 0, "evidence    none"},
		{"standard input, empty", []string{"-"}, 0, "unreadable"},
		{"what is no evidence", []string{model}, 0, "unreadable"},
		{"json", []string{"--format", "json", good}, 0, `"kind":"Inspection"`},
		{"no file", nil, 3, "expected"},
		{"a file that is not there", []string{good, "nowhere.json"}, 3, "nowhere.json"},
		{"a model that is not there", []string{"--ownership", "nowhere.yaml", good}, 3, "nowhere.yaml"},
		{"a model that is none", []string{"--ownership", release + "policy.yaml", good}, 3, "policy.yaml:2:"},
		{"a root that is not there", []string{"--trusted-root", "nowhere.json", good}, 3, "nowhere.json"},
		{"a root that is none", []string{"--trusted-root", good, good}, 3, "trusted root"},
		{"a time that is none", []string{"--at", "yesterday", good}, 3, "--at yesterday: expected"},
		{"an unknown format", []string{"--format", "xml", good}, 3, "--format"},
		{"a policy", []string{"--policy", release + "policy.yaml", good}, 3, "--policy"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := surety(t, append([]string{"inspect"}, row.args...)...)
			if code != row.code || !strings.Contains(stdout+stderr, row.says) {
				t.Errorf("exit %d, want %d and %q\n%s%s", code, row.code, row.says, stdout, stderr)
			}
			if (code == 3) != (stdout == "") || (code == 3) != (strings.Count(stderr, "\n") == 1) {
				t.Errorf("exit %d with output %q and error %q", code, stdout, stderr)
			}
		})
	}
}

// TestInspectDocumentation: what docs/inspect.md shows is what the command says, and its table has each
// field of an inspection, in order. With -update it is written.
func TestInspectDocumentation(t *testing.T) {
	t.Parallel()
	const path = "../../docs/inspect.md"
	page := readFile(t, path)
	var shown strings.Builder
	rest := page
	for n := 0; ; n++ {
		before, after, found := strings.Cut(rest, "<!-- inspection: run by a test -->\n```text\n$ surety ")
		shown.WriteString(before)
		if !found {
			if n != 2 {
				t.Errorf("%d inspections shown, want 2", n)
			}
			break
		}
		line, block, _ := strings.Cut(after, "\n")
		_, rest, _ = strings.Cut(block, "```\n")
		args := strings.Fields(line)
		for k, arg := range args {
			if strings.HasPrefix(arg, "examples/") {
				args[k] = "../../" + arg
			}
		}
		_, stdout, stderr := surety(t, args...)
		shown.WriteString("<!-- inspection: run by a test -->\n```text\n$ surety " + line + "\n" + strings.ReplaceAll(stdout+stderr, "../../examples", "examples") + "```\n")
	}
	var documented []string
	for line := range strings.Lines(page[strings.Index(page, "<!-- fields:"):]) {
		if name, _, found := strings.Cut(strings.TrimPrefix(line, "| `"), "` |"); found && strings.HasPrefix(line, "| `") {
			documented = append(documented, name)
		}
	}
	if fields := fieldsOf(reflect.TypeFor[inspect.Inspection](), ""); !slices.Equal(documented, fields) {
		t.Errorf("documented are\n%s\nand there are\n%s", strings.Join(documented, "\n"), strings.Join(fields, "\n"))
	}
	if *update {
		if err := os.WriteFile(path, []byte(shown.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if shown.String() != page {
		t.Errorf("%s shows another inspection than the command gives:\n%s", path, shown.String())
	}
}

// fieldsOf names the JSON fields of a type, those below as path. What stands in two places is told once.
func fieldsOf(typ reflect.Type, path string) (names []string) {
	for i := range typ.NumField() {
		f := typ.Field(i)
		tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		name := path + tag
		names = append(names, name)
		below := f.Type
		for below.Kind() == reflect.Pointer || below.Kind() == reflect.Slice {
			if below.Kind() == reflect.Slice {
				name += "[]"
			}
			below = below.Elem()
		}
		if below.Kind() == reflect.Struct && strings.HasSuffix(below.PkgPath(), "verify/inspect") && !slices.Contains([]string{"items[].unverified", "items[].verified.collected[].claims"}, name) {
			names = append(names, fieldsOf(below, name+".")...)
		}
	}
	return names
}
