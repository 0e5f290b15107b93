package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/verify"
)

// released is the example whose documents and evidence the files are judged by.
const released = "../release/"

const pipeline, bob = "by-release-pipeline.json", "by-bob.json"

// folder makes a directory of files; a file of the release example is named by "@".
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if source, ok := strings.CutPrefix(content, "@"); ok {
			data, err := os.ReadFile(released + source)
			if err != nil {
				t.Fatal(err)
			}
			content = string(data)
		}
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// judge runs the command on directories of files and evidence.
func judge(t *testing.T, files, evidence string, more ...string) (code int, out string, err error) {
	t.Helper()
	var b bytes.Buffer
	args := []string{"-ownership", released + "ownership.yaml", "-policy", released + "policy.yaml", "-environment", "production",
		"-name", "pkg:generic/payments/{file}", "-evidence", evidence}
	code, err = run(append(append(args, more...), files), &b, io.Discard, time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC))
	return code, b.String(), err
}

func TestRun(t *testing.T) {
	t.Parallel()
	const release = "@api-1.4.2.txt"
	const missing = "    evidence-missing: release-engineering answers, page pagerduty:PX1\n"
	for _, row := range []struct {
		name            string
		files, evidence map[string]string
		code            int
		out             string
	}{
		{"every file is allowed", map[string]string{"api": release, "linux/api": release}, map[string]string{"a": "@evidence/" + pipeline}, allowed,
			"allow          pkg:generic/payments/api\nallow          pkg:generic/payments/linux/api\n"},
		{"one file has no evidence", map[string]string{"api": release, "cli": "another"}, map[string]string{"a": "@evidence/" + pipeline}, refused,
			"allow          pkg:generic/payments/api\ndeny           pkg:generic/payments/cli\n" + missing},
		{"somebody else signed", map[string]string{"api": release}, map[string]string{"a": "@evidence/" + bob}, refused,
			"deny           pkg:generic/payments/api\n    signer-not-granted: platform-security answers, page pagerduty:PX2\n" + missing},
		{"no evidence at all", map[string]string{"api": release}, nil, refused, "deny           pkg:generic/payments/api\n" + missing},
		{"evidence that cannot be read", map[string]string{"api": release}, map[string]string{"a": "@evidence/" + pipeline, "b": "rubbish"}, allowed,
			"allow          pkg:generic/payments/api\n"},
	} {
		code, out, err := judge(t, folder(t, row.files), folder(t, row.evidence))
		if err != nil || code != row.code || out != row.out {
			t.Errorf("%s: exit %d, %v\n%swant exit %d\n%s", row.name, code, err, out, row.code, row.out)
		}
	}
}

// TestSigned: a signed policy judges where its owners have signed it, and refuses where they have not.
func TestSigned(t *testing.T) {
	t.Parallel()
	read := func(name string) string {
		data, err := os.ReadFile(released + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	files, evidence := folder(t, map[string]string{"api": "@api-1.4.2.txt"}), folder(t, map[string]string{"a": "@evidence/" + pipeline})
	for signer, want := range map[string]string{"example bob": "allow", "example stranger": "deny"} {
		documents := folder(t, map[string]string{
			"ownership.yaml":   strings.Replace(read("ownership.yaml"), "release-engineering, members: [{person: alice}]", "release-engineering, members: [{person: bob}]", 1),
			"keys/release.pub": "@keys/release.pub", "keys/bob.pub": "@keys/bob.pub",
			"policy.json": string(fixture.SignAs(verify.PolicyPayloadType, []byte(read("policy.yaml")), fixture.NewKey(signer)).JSON()),
		})
		code, out, err := judge(t, files, evidence, "-ownership", filepath.Join(documents, "ownership.yaml"), "-policy", filepath.Join(documents, "policy.json"))
		if err != nil || !strings.HasPrefix(out, want) || (code == allowed) != (want == "allow") || strings.Contains(out, "change-unapproved") != (want == "deny") {
			t.Errorf("signed by %s: exit %d, %v\n%s", signer, code, err, out)
		}
	}
}

// TestNotJudged: what cannot be judged is never let through.
func TestNotJudged(t *testing.T) {
	t.Parallel()
	one, evidence := folder(t, map[string]string{"api": "@api-1.4.2.txt"}), folder(t, map[string]string{"a": "@evidence/" + pipeline})
	linked := folder(t, map[string]string{"api": "@api-1.4.2.txt"})
	if err := os.Symlink("api", filepath.Join(linked, "link")); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name, files string
		more        []string
		want        string
	}{
		{"no files", t.TempDir(), nil, "has no files"},
		{"a link", linked, nil, "link is no regular file"},
		{"no such directory", filepath.Join(one, "missing"), nil, "no such file"},
		{"a name that no artifact may have", folder(t, map[string]string{"a b": "x"}), nil, "artifact name"},
		{"no environment", one, []string{"-environment", ""}, "environment: none named"},
		{"no evidence directory", one, []string{"-evidence", filepath.Join(one, "missing")}, "evidence "},
		{"no policy", one, []string{"-policy", "missing.yaml"}, "missing.yaml"},
		{"no ownership model", one, []string{"-ownership", "missing.yaml"}, "missing.yaml"},
		{"no name", one, []string{"-name", "pkg:generic/payments/api"}, "{file}"},
		{"two directories", one, []string{evidence}, "one directory"},
		{"help", one, []string{"-h"}, "help requested"},
		{"an unknown flag", one, []string{"-polcy", "x"}, "polcy"},
	} {
		code, out, err := judge(t, row.files, evidence, row.more...)
		if code != notJudged || out != "" || err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: exit %d, %q, %v; want …%s…", row.name, code, out, err, row.want)
		}
	}
}

// broken is an output that cannot be written.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken") }

func TestReportMustBeWritten(t *testing.T) {
	t.Parallel()
	files, evidence := folder(t, map[string]string{"api": "@api-1.4.2.txt"}), folder(t, map[string]string{"a": "@evidence/" + pipeline})
	code, err := run([]string{"-ownership", released + "ownership.yaml", "-policy", released + "policy.yaml", "-environment", "production", "-name", "pkg:generic/payments/{file}",
		"-evidence", evidence, files}, broken{}, io.Discard, time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC))
	if code != notJudged || err == nil {
		t.Errorf("exit %d, %v", code, err)
	}
}
