package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/verify"
)

const release = "../../examples/release/"

// base is a command line that allows; tests change one thing.
func base(more ...string) []string {
	args := []string{"verify", "--ownership", release + "ownership.yaml", "--policy", release + "policy.yaml", "--environment", "production", "--at", "2026-06-01T12:00:00Z",
		"--artifact", "pkg:generic/payments/api@1.4.2=" + release + "api-1.4.2.txt"}
	return append(args, more...)
}

// with is the base with the value of a flag changed, emptied by "EMPTY", or the flag taken out by "".
func with(flag, value string, evidence ...string) []string {
	args := base(evidence...)
	for i, a := range args {
		if a != flag {
			continue
		}
		if value == "" {
			return append(args[:i:i], args[i+2:]...)
		}
		args[i+1] = strings.TrimPrefix(value, "EMPTY")
		return args
	}
	return append([]string{args[0], flag, value}, args[1:]...)
}

const good, bad = release + "evidence/by-release-pipeline.json", release + "evidence/by-bob.json"

func TestExitCodes(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(release + "api-1.4.2.txt")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	digest := hex.EncodeToString(sum[:])
	fresh := put(t, "policy.yaml", strings.Replace(readFile(t, release+"policy.yaml"), "artifacts:", "freshness: {revocations: 24h}\nartifacts:", 1))
	equals := filepath.Join(t.TempDir(), "a=b")
	if err := os.WriteFile(equals, content, 0o600); err != nil {
		t.Fatal(err)
	}
	directory := t.TempDir()
	for name, from := range map[string]string{"b.json": good, "a.json": bad} {
		if err := os.WriteFile(filepath.Join(directory, name), []byte(readFile(t, from)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(directory, "link")); err != nil {
		t.Fatal(err)
	}
	// files of one more document directory: the model in two parts, its keys beside it
	parts := t.TempDir()
	model := readFile(t, release+"ownership.yaml")
	head, grants, _ := strings.Cut(model, "grants:\n")
	top := head[:strings.Index(head, "people:")]
	for name, text := range map[string]string{"1.yaml": head, "2.yml": top + "grants:\n" + grants} {
		if err := os.WriteFile(filepath.Join(parts, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(filepath.Join(parts, "keys"), os.DirFS(release+"keys")); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		args []string
		code int
	}{
		{"allow", base(good), 0},
		{"deny", base(bad), 1},
		{"no evidence denies", base(), 1},
		{"indeterminate", with("--policy", fresh, good), 2},
		{"by digest", with("--artifact", "pkg:generic/payments/api@1.4.2@sha256:"+digest, good), 0},
		{"by digest without a version", with("--artifact", "pkg:generic/payments/api@sha256:"+digest, good), 0},
		{"another digest", with("--artifact", "pkg:generic/payments/api@1.4.2@sha256:"+strings.Repeat("0", 64), good), 1},
		{"upper-case digest is no digest", with("--artifact", "pkg:generic/payments/api@1.4.2@sha256:"+strings.ToUpper(digest), good), 3},
		{"another file", with("--artifact", "pkg:generic/payments/api@1.4.2="+release+"policy.yaml", good), 1},
		{"a name with = in a qualifier, split at the last", with("--artifact", "pkg:generic/payments/api@1.4.2?arch=x="+release+"api-1.4.2.txt", good), 0},
		{"a file with = in its name splits at the last, so is not found", with("--artifact", "pkg:generic/payments/api@1.4.2="+equals, good), 3},
		{"a directory of evidence", base(directory), 0},
		{"evidence and the other", base(bad, good), 0},
		{"a directory of policies", with("--policy", filepath.Dir(fresh), good), 2},
		{"a model in two parts", with("--ownership", parts, good), 0},
		{"minimum version met", with("--min-version", "payments=1", good), 0},
		{"minimum version not met", with("--min-version", "payments=2", good), 1},
		{"minimum version of nothing", with("--min-version", "nothing=2", good), 3},
		{"before the model", with("--at", "2025-12-31T23:59:59Z", good), 1},
		{"no policy", with("--artifact", "pkg:generic/other/api@1="+release+"api-1.4.2.txt", good), 1},
		{"no environment where one is listed", with("--environment", "", good), 3},
		{"no ownership", with("--ownership", "", good), 3},
		{"no policy flag", with("--policy", "", good), 3},
		{"no artifact", with("--artifact", "", good), 3},
		{"an artifact without a file", with("--artifact", "pkg:generic/payments/api@1.4.2", good), 3},
		{"a name that would be changed", with("--artifact", "pkg:generic/payments/%61pi="+release+"api-1.4.2.txt", good), 3},
		{"a time that is none", with("--at", "yesterday", good), 3},
		{"an unknown format", with("--format", "xml", good), 3},
		{"an unknown flag", base("--force", good), 3},
		{"an unknown command", []string{"judge"}, 3},
		{"nothing", nil, 3},
		{"evidence that is not there", base(good, "nowhere.json"), 3},
		{"an empty path is not the working directory", with("--ownership", "EMPTY", good), 3},
		{"an empty policy", with("--policy", "EMPTY", good), 3},
		{"an empty time is not now", with("--at", "EMPTY", good), 3},
		{"an empty environment", with("--environment", "EMPTY", good), 3},
		{"an empty path of evidence", base(""), 3},
		{"an empty value behind =", base("--trusted-root=", good), 3},
		{"an environment twice", base("--environment", "staging", good), 3},
		{"a time twice", base("--at", "2026-06-01T12:00:00Z", good), 3},
		{"a minimum version twice", append(with("--min-version", "payments=2", good), "--min-version", "payments=1"), 3},
		{"a minimum version below one", with("--min-version", "payments=0", good), 3},
		{"a minimum version that is no number", with("--min-version", "payments=x", good), 3},
		{"a minimum version of no name", with("--min-version", "=1", good), 3},
		{"a time with a comma", with("--at", "2026-06-01T12:00:00,5Z", good), 3},
		{"a time with one digit", with("--at", "2026-06-01T8:00:00Z", good), 3},
		{"a root that is not there", with("--trusted-root", "nowhere.json", good), 3},
		{"a root that is none", with("--trusted-root", release+"policy.yaml", good), 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := surety(t, tt.args...)
			if code != tt.code {
				t.Errorf("exit %d, want %d\n%s%s", code, tt.code, stdout, stderr)
			}
			if (code == 3) != (stdout == "") || (code == 3) != (stderr != "") {
				t.Errorf("exit %d with output %q and error %q", code, stdout, stderr)
			}
			if lines := strings.Count(stderr, "\n"); code == 3 && (lines != 1 || !strings.HasPrefix(stderr, "surety: ")) {
				t.Errorf("%d lines of error, want one: %s", lines, stderr)
			}
		})
	}
}

func readFile(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestBadInput: one clear line that says where and what was expected, and nothing admitted.
func TestBadInput(t *testing.T) {
	t.Parallel()
	model, rules := readFile(t, release+"ownership.yaml"), readFile(t, release+"policy.yaml")
	inline := strings.NewReplacer("{file: keys/release.pub}", "{pem: "+quoted(readFile(t, release+"keys/release.pub"))+"}", "{file: keys/bob.pub}", "{pem: "+quoted(readFile(t, release+"keys/bob.pub"))+"}").Replace(model)
	halfInline := strings.Replace(model, "{file: keys/bob.pub}", "{pem: "+quoted(readFile(t, release+"keys/bob.pub"))+"}", 1)
	replace := func(document, old, new string) string {
		if !strings.Contains(document, old) {
			t.Fatalf("no %q", old)
		}
		return strings.Replace(document, old, new, 1)
	}
	tests := []struct {
		name, flag, document string
		says                 []string
	}{
		{"model whole", "--ownership", inline, nil},
		{"model truncated", "--ownership", inline[:len(inline)/2], []string{"ownership.yaml:"}},
		{"model is a policy", "--ownership", rules, []string{"ownership.yaml:2:", "Ownership"}},
		{"model with an unknown field", "--ownership", replace(inline, "custody:", "custodian:"), []string{"ownership.yaml:", "custodian", "custody"}},
		{"model with a dangling reference", "--ownership", replace(inline, "holder: bob", "holder: bub"), []string{"ownership.yaml:", "bub"}},
		{"model of another version", "--ownership", replace(inline, "v1alpha1", "v1"), []string{"ownership.yaml:1:", "surety.dev/v1alpha1"}},
		{"model with a key file outside", "--ownership", replace(halfInline, "keys/release.pub", "../release.pub"), []string{"ownership.yaml:", "../release.pub"}},
		{"model with a key file that is not there", "--ownership", halfInline, []string{"ownership.yaml:", "keys/release.pub"}},
		{"model with an anchor", "--ownership", replace(inline, "people:", "people: &p"), []string{"ownership.yaml:", "anchor"}},
		{"model twice in a file", "--ownership", inline + "---\n" + inline, []string{"ownership.yaml:"}},
		{"model empty", "--ownership", "", []string{"ownership.yaml"}},
		{"policy whole", "--policy", rules, nil},
		{"policy truncated", "--policy", rules[:len(rules)-90], []string{"policy.yaml:"}},
		{"policy is a model", "--policy", inline, []string{"policy.yaml:2:", "Policy"}},
		{"policy with an unknown field", "--policy", replace(rules, "about:", "abuot:"), []string{"policy.yaml:", "abuot", "about"}},
		{"policy about nothing", "--policy", replace(rules, "about: provenance", "about: provenence"), []string{"policy.yaml:", "provenence"}},
		{"policy of another version", "--policy", replace(rules, "v1alpha1", "v2"), []string{"policy.yaml:1:", "surety.dev/v1alpha1"}},
		{"policy with a misspelt view", "--policy", replace(rules, "it.provenance.source.uri", "it.provenance.source.url"), []string{"policy.yaml:12:", "url"}},
		{"policy with a rule that is no bool", "--policy", replace(rules, " == params.repository &&", " + params.repository //"), []string{"policy.yaml:12:", "bool"}},
		{"policy with a pattern", "--policy", replace(rules, "payments/**", "payments/[a]"), []string{"policy.yaml:4:", "["}},
		{"policy with a number for a name", "--policy", replace(rules, "name: payments", "name: 7"), []string{"policy.yaml:3:"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			name := strings.TrimPrefix(tt.flag, "--") + ".yaml"
			code, stdout, stderr := surety(t, with(tt.flag, put(t, name, tt.document), good)...)
			if tt.says == nil {
				if code != 0 {
					t.Errorf("exit %d\n%s%s", code, stdout, stderr)
				}
				return
			}
			if code != 3 || stdout != "" || strings.Count(stderr, "\n") != 1 {
				t.Errorf("exit %d, output %q, error:\n%s", code, stdout, stderr)
			}
			for _, s := range tt.says {
				if !strings.Contains(stderr, s) {
					t.Errorf("the error does not say %q: %s", s, stderr)
				}
			}
		})
	}
	t.Run("unreadable files", func(t *testing.T) {
		t.Parallel()
		for _, flag := range []string{"--ownership", "--policy", "--trusted-root"} {
			code, stdout, stderr := surety(t, with(flag, filepath.Join(t.TempDir(), "nowhere.yaml"), good)...)
			if code != 3 || stdout != "" || !strings.Contains(stderr, "nowhere.yaml") || strings.Count(stderr, "\n") != 1 {
				t.Errorf("%s: exit %d, %q", flag, code, stderr)
			}
		}
	})
	t.Run("evidence", func(t *testing.T) {
		t.Parallel()
		for name, row := range map[string]struct {
			data string
			code verify.Code
		}{
			"truncated":      {readFile(t, good)[:200], verify.EvidenceUnreadable},
			"empty":          {"", verify.EvidenceUnreadable},
			"another format": {"<xml/>", verify.EvidenceUnreadable},
			"10 MiB + 1":     {`{"payload":"` + strings.Repeat("A", 10<<20-13) + `"}` + "", verify.LimitExceeded},
		} {
			code, stdout, stderr := surety(t, base("--format", "json", put(t, "evidence.json", row.data))...)
			var v verify.Verdict
			if err := json.Unmarshal([]byte(stdout), &v); err != nil || code != 1 || stderr != "" {
				t.Fatalf("%s: exit %d, %v, %s", name, code, err, stderr)
			}
			found := false
			for _, f := range v.Findings {
				found = found || f.Code == row.code && f.Severity == verify.SeverityDeny
			}
			if !found {
				t.Errorf("%s: no %s\n%s", name, row.code, stdout)
			}
		}
	})
}

func quoted(s string) string {
	data, _ := json.Marshal(s)
	return string(data)
}

// TestOutput: standard output holds only the answer; JSON is the canonical verdict on one line.
func TestOutput(t *testing.T) {
	t.Parallel()
	_, stdout, _ := surety(t, base("--format", "json", good)...)
	var v verify.Verdict
	if err := json.Unmarshal([]byte(stdout), &v); err != nil {
		t.Fatal(err)
	}
	data, err := v.JSON()
	if err != nil || string(data)+"\n" != stdout {
		t.Errorf("not the canonical verdict: %v\n%s", err, stdout)
	}
	if !v.AtChosen {
		t.Error("the verdict does not say that the caller set the time")
	}
	_, text, _ := surety(t, base(bad)...)
	for _, want := range []string{"DENY  pkg:generic/payments/api@1.4.2\n", "a time the caller chose", "signer-not-granted", "page pagerduty:PX2"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text does not say %q:\n%s", want, text)
		}
	}
	if strings.ContainsRune(text, '\x1b') {
		t.Error("colour in what is not a terminal")
	}
}

func TestStandardInput(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	code := run(base("-"), world{stdin: strings.NewReader(readFile(t, good)), stdout: &out, stderr: &errs, now: time.Now})
	if code != 0 {
		t.Errorf("exit %d\n%s%s", code, out.String(), errs.String())
	}
}

// TestHelpAdmitsNothing: zero means admitted, so help among other arguments is not zero: -h may be the
// name of a file that a pattern of the shell has found.
func TestHelpAdmitsNothing(t *testing.T) {
	t.Parallel()
	for _, help := range []string{"-h", "--help"} {
		for _, args := range [][]string{base(bad, help), base(help, good), append([]string{help}, base(bad)...), {"verify", "x", help}} {
			if code, _, _ := surety(t, args...); code != 3 {
				t.Errorf("%q: exit %d, want 3", args, code)
			}
		}
		for _, args := range [][]string{{help}, {"verify", help}, {"lint", help}} {
			if code, stdout, _ := surety(t, args...); code != 0 || stdout == "" {
				t.Errorf("%q: exit %d", args, code)
			}
		}
	}
	if code, _, _ := surety(t, base("--", "-h")...); code != 3 { // no such file
		t.Errorf("exit %d", code)
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	code, stdout, stderr := surety(t, "--help")
	if code != 0 || !strings.Contains(stdout, "verify") || stderr != "" {
		t.Errorf("exit %d\n%s%s", code, stdout, stderr)
	}
}
