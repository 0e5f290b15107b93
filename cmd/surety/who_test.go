package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/ownership"
)

const situations = "testdata/who/"

// askWho is a command line of `surety who` about a situation.
func askWho(situation string, more ...string) []string {
	return append([]string{"who", "--ownership", situations + situation + ".yaml", "--artifact", "pkg:generic/crane/hook@2.1.0"}, more...)
}

// TestWhoGolden compares three situations, as text and as JSON, with what they should say. With -update
// it writes them.
func TestWhoGolden(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ situation, environment, at string }{
		{"sound", "production", "2026-05-01T00:00:00Z"},
		{"after-incident", "production", "2026-08-01T12:00:00+02:00"},
		{"ungoverned", "", "2026-05-01T00:00:00Z"},
	} {
		t.Run(tt.situation, func(t *testing.T) {
			t.Parallel()
			args := askWho(tt.situation, "--at", tt.at)
			if tt.environment != "" {
				args = append(args, "--environment", tt.environment)
			}
			code, text, stderr := surety(t, args...)
			if code != 0 || stderr != "" {
				t.Fatalf("exit %d: %s", code, stderr)
			}
			if lines := strings.Count(text, "\n"); lines > 50 {
				t.Errorf("%d lines are more than a screen", lines)
			}
			golden(t, situations+tt.situation+".txt", text)
			_, line, _ := surety(t, append(args, "--format", "json")...)
			if strings.Count(line, "\n") != 1 {
				t.Errorf("JSON of more than one line: %s", line)
			}
			var indented bytes.Buffer
			if err := json.Indent(&indented, []byte(line), "", "  "); err != nil {
				t.Fatal(err)
			}
			golden(t, situations+tt.situation+".json", indented.String())
		})
	}
}

// golden compares with a file, or writes it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(readFile(t, path), got); diff != "" {
		t.Errorf("%s: %s", path, diff)
	}
}

func TestWhoExitCodes(t *testing.T) {
	t.Parallel()
	ask := func(more ...string) []string { return askWho("sound", more...) }
	without := func(flag string) []string {
		args := ask()
		for i, a := range args {
			if a == flag {
				return append(args[:i:i], args[i+2:]...)
			}
		}
		t.Fatalf("no %s", flag)
		return nil
	}
	named := func(name string) []string { return append(without("--artifact"), "--artifact", name) }
	parts := t.TempDir()
	if err := os.WriteFile(filepath.Join(parts, "a.yaml"), []byte(readFile(t, situations+"sound.yaml")), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		args []string
		code int
		says string // in the answer, or in the error
	}{
		{"now, in every environment", ask(), 0, "every one"},
		{"gaps are an answer", askWho("ungoverned"), 0, "control-unowned"},
		{"an environment", ask("--environment", "production"), 0, "crane-admission"},
		{"an environment nobody knows", ask("--environment", "prod"), 0, "only in production"},
		{"a time", ask("--at", "2026-05-01T02:00:00+02:00"), 0, "2026-05-01T00:00:00Z"},
		{"text", ask("--format", "text"), 0, "WHO  pkg:generic/crane/hook@2.1.0\n"},
		{"JSON", ask("--format", "json"), 0, `{"apiVersion":"surety.dev/v1alpha1","kind":"Who","artifact":"pkg:generic/crane/hook@2.1.0",`},
		{"a directory", append(without("--ownership"), "--ownership", parts), 0, "a.yaml:3:11"},
		{"patterns see a name up to its ?", named("pkg:generic/crane/hook@2.1.0?arch=x"), 0, "builder-workflow of builder, operated by jonas: build, release"},
		{"a name that is another URI", named("https://crane.test/hook"), 0, "nobody"},
		{"a name that would be changed", named("pkg:generic/crane/%61pi"), 3, "escapes"},
		{"a name with an empty segment", named("pkg:generic/crane//hook"), 3, "segment"},
		{"no name", named(""), 3, "is empty"},
		{"no artifact", without("--artifact"), 3, "--artifact"},
		{"no ownership", without("--ownership"), 3, "--ownership"},
		{"ownership that is not there", append(without("--ownership"), "--ownership", "nowhere.yaml"), 3, "nowhere.yaml"},
		{"ownership that is a policy", append(without("--ownership"), "--ownership", release+"policy.yaml"), 3, "policy.yaml:2:"},
		{"a time that is none", ask("--at", "yesterday"), 3, "--at yesterday: expected"},
		{"a time without a zone", ask("--at", "2026-05-01T00:00:00"), 3, "expected a time as RFC 3339"},
		{"an unknown format", ask("--format", "xml"), 3, "--format"},
		{"an unknown flag", ask("--policy", "x"), 3, "--policy"},
		{"an argument", ask("evidence.json"), 3, "evidence.json"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := surety(t, tt.args...)
			if code != tt.code || (code == 3) != (stdout == "") || (code == 3) != (stderr != "") {
				t.Errorf("exit %d with output %q and error %q, want %d", code, stdout, stderr, tt.code)
			}
			if !strings.Contains(stdout+stderr, tt.says) {
				t.Errorf("it does not say %q:\n%s%s", tt.says, stdout, stderr)
			}
			if code == 3 && strings.Count(stderr, "\n") != 1 {
				t.Errorf("more than one line of error:\n%s", stderr)
			}
		})
	}
}

// TestWhoPlain: what a document says is shown, and does not steer a terminal; long lists are cut short.
func TestWhoPlain(t *testing.T) {
	t.Parallel()
	sound := readFile(t, situations+"sound.yaml")
	model := strings.Replace(sound, `"https://runbooks.harbour.test/identity"`, `"\e[31mred"`, 1)
	var people strings.Builder
	people.WriteString("people:\n")
	members := "members: [{person: ines}"
	for i := range 30 {
		name := string(rune('a'+i/26)) + string(rune('a'+i%26))
		people.WriteString("  - {id: " + name + ", from: 2023-04-01T00:00:00Z}\n")
		members += ", {person: " + name + "}"
	}
	model = strings.Replace(strings.Replace(model, "people:\n", people.String(), 1), "members: [{person: ines}", members, 1)
	code, text, stderr := surety(t, "who", "--ownership", put(t, "ownership.yaml", model), "--artifact", "pkg:generic/crane/hook@2.1.0")
	if code != 0 || !strings.Contains(text, "\uFFFD[31mred") || strings.ContainsRune(text, '\x1b') {
		t.Errorf("exit %d, %s\n%s", code, stderr, text)
	}
	if !strings.Contains(text, "and 18 more: --format json has all") {
		t.Errorf("thirty people without a credential are not cut short:\n%s", text)
	}
}

// TestWhoExamples: the text and the JSON of the examples beside the repository.
func TestWhoExamples(t *testing.T) {
	t.Parallel()
	const acme = "../../../shared/examples/acme/ownership.yaml"
	if _, err := os.Stat(acme); err != nil {
		t.Skip("../shared/examples is not there")
	}
	args := func(at string) []string {
		return []string{"who", "--ownership", acme, "--artifact", "pkg:generic/payments/api@1.4.2", "--environment", "production", "--format", "json", "--at", at}
	}
	for at, want := range map[string]string{
		"2026-08-31T23:59:59Z": "alice-token gita-identity github-release release-2026 test-runner",
		"2026-09-01T08:59:59Z": "alice-token gita-identity github-release release-2026 test-runner",
		"2026-09-01T09:00:00Z": "alice-token gita-identity github-release test-runner",
		"2025-12-31T23:59:59Z": "alice-token gita-identity",
	} {
		code, stdout, stderr := surety(t, args(at)...)
		var who ownership.Who
		if err := json.Unmarshal([]byte(stdout), &who); err != nil || code != 0 {
			t.Fatalf("exit %d: %v %s", code, err, stderr)
		}
		var could []string
		for _, s := range who.CouldSign {
			could = append(could, s.Credential)
		}
		if got := strings.Join(could, " "); got != want {
			t.Errorf("at %s could sign %s, want %s", at, got, want)
		}
		if when, _ := time.Parse(time.RFC3339, at); when.Year() == 2026 && len(who.Gaps) > 0 {
			t.Errorf("gaps at %s: %+v", at, who.Gaps)
		}
	}
}

// TestWhoQueriesGolden compares every other question, as text and as JSON, with what it should say. With
// -update it writes them.
func TestWhoQueriesGolden(t *testing.T) {
	t.Parallel()
	const since, incident = "2026-05-01T00:00:00Z", "2026-09-02T00:00:00Z"
	for _, tt := range []struct {
		name string
		args []string
	}{
		{"person", []string{"--person", "lena"}},
		{"person-gone", []string{"--person", "omar"}},
		{"credential", []string{"--credential", "builder-key"}},
		{"credential-vendor", []string{"--credential", "notary"}},
		{"team", []string{"--team", "security"}},
		{"control", []string{"--control", "key-lifecycle"}},
		{"control-all", []string{"--control", "all"}},
		{"artifact", []string{"--artifact", "pkg:generic/crane/hook@2.1.0", "--environment", "production"}},
		{"since", []string{"--since", since}},
		{"since-artifact", []string{"--since", since, "--artifact", "pkg:generic/crane/hook@2.1.0"}},
		{"before", []string{"--before", situations + "sound.yaml"}},
		{"before-artifact", []string{"--before", situations + "sound.yaml", "--artifact", "pkg:generic/crane/hook@2.1.0", "--environment", "production"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			args := append([]string{"who", "--ownership", situations + "queries.yaml", "--at", incident}, tt.args...)
			code, text, stderr := surety(t, args...)
			if code != 0 || stderr != "" {
				t.Fatalf("exit %d: %s", code, stderr)
			}
			if lines := strings.Count(text, "\n"); lines > 64 {
				t.Errorf("%d lines are more than a screen", lines)
			}
			golden(t, situations+"query-"+tt.name+".txt", text)
			_, line, _ := surety(t, append(args, "--format", "json")...)
			var indented bytes.Buffer
			if err := json.Indent(&indented, []byte(line), "", "  "); err != nil || strings.Count(line, "\n") != 1 {
				t.Fatalf("%v, or JSON of more than one line: %s", err, line)
			}
			golden(t, situations+"query-"+tt.name+".json", indented.String())
		})
	}
}
