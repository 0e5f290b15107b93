package main

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/surety-dev/surety/internal/fixture"
)

// fence is a block of code in a page, and code is a word in code.
var (
	fence = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```\n")
	code  = regexp.MustCompile("`([^`]+)`")
	exit  = regexp.MustCompile(`exit code is ([0-9])`)
)

// TestStart follows docs/start.md, and docs/approvals.md, as a newcomer would: it builds what is built there, saves
// the files under the names the text gives, runs the commands, and compares what they say and their exit codes.
func TestStart(t *testing.T) {
	t.Parallel()
	followPage(t, "../../docs/start.md")
}

func TestApprovalsPage(t *testing.T) {
	t.Parallel()
	followPage(t, "../../docs/approvals.md")
}

func followPage(t *testing.T, path string) {
	page := readFile(t, path)
	script, outputs := startScript(t, page)
	file := filepath.Join(t.TempDir(), "start.txtar")
	if err := os.WriteFile(file, script, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Run("page", func(t *testing.T) {
		p := scriptParams("")
		p.Dir, p.Files = "", []string{file}
		p.Cmds = map[string]func(ts *testscript.TestScript, neg bool, args []string){"exits": exits, "go": goHere, "plain": plain, "replace": replaceBlock, "openssl": openssl}
		testscript.Run(t, p)
	})
	if !*update || t.Failed() {
		return
	}
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		if at, ok := outputs[f.Name]; ok {
			page = strings.Replace(page, at, fmt.Sprintf("```text\n%s```\n", f.Data), 1)
		}
	}
	if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
}

// startScript makes a script of a page, and says which block of the page each output is.
func startScript(t *testing.T, page string) (script []byte, outputs map[string]string) {
	t.Helper()
	archive := &txtar.Archive{}
	add := func(name, text string) {
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(text)})
	}
	outputs = map[string]string{}
	var lines []string
	before, replaced := 0, ""
	for i, m := range fence.FindAllStringSubmatchIndex(page, -1) {
		lead, language, text := page[before:m[0]], page[m[2]:m[3]], page[m[4]:m[5]]
		before = m[1]
		name := fmt.Sprintf("block-%d", i)
		switch {
		case language == "sh":
			lines = append(lines, commandsOf(lead, text)...)
		case lead == "": // what the last command said
			add(name, text)
			outputs[name] = page[m[0]:m[1]]
			lines = append(lines, "plain said", "cmp said "+name)
		case strings.Contains(lead, "Replace in `"):
			replaced = code.FindStringSubmatch(lead)[1]
			add(name, text)
		case replaced != "":
			add(name, text)
			lines = append(lines, fmt.Sprintf("replace %s block-%d %s", replaced, i-1, name))
			replaced = ""
		default:
			names := code.FindAllStringSubmatch(lead, -1)
			if names == nil {
				t.Fatalf("a block without a name: %s", text)
			}
			add(names[len(names)-1][1], text)
		}
	}
	if len(outputs) < 3 || len(lines) < 10 {
		t.Fatalf("a page of %d outputs and %d lines: %q", len(outputs), len(lines), lines)
	}
	archive.Comment = []byte(strings.Join(lines, "\n") + "\n")
	return txtar.Format(archive), outputs
}

// commandsOf makes lines of a script of a block of commands. The exit code the text before it tells is the
// last one's.
func commandsOf(lead, text string) []string {
	commands := strings.Split(strings.TrimSpace(text), "\n")
	lines := make([]string, len(commands))
	for i, command := range commands {
		want := "0"
		if m := exit.FindStringSubmatch(lead); m != nil && i == len(commands)-1 {
			want = m[1]
		}
		switch {
		case strings.HasPrefix(command, "go "):
			lines[i] = command
		case command == "cd ../try":
			lines[i] = "exists surety sign" // the script is there already
		case strings.HasPrefix(command, "openssl "):
			lines[i] = command
		case strings.Contains(command, " > "):
			command, into, _ := strings.Cut(command, " > ")
			lines[i] = "exits " + want + " " + command + "\ncp stdout " + into
		default:
			lines[i] = "exits " + want + " " + command
		}
	}
	return lines
}

// openssl is what pages and scripts use of openssl, which need not be installed: it makes a key of Ed25519, the
// same each time for one name, and writes the public half of one.
func openssl(ts *testscript.TestScript, neg bool, args []string) {
	var data []byte
	switch line := strings.Join(args, " "); {
	case neg || len(args) != 5 && len(args) != 6:
		ts.Fatalf("no such openssl: %s", line)
	case len(args) == 5 && strings.HasPrefix(line, "genpkey -algorithm ed25519 -out "):
		key, err := keyPEM("pkcs8", fixture.NewKey(args[4]))
		ts.Check(err)
		data = key
	case strings.HasPrefix(line, "pkey -in "+args[2]+" -pubout -out "):
		private, err := parsePrivateKey([]byte(ts.ReadFile(args[2])), nil)
		ts.Check(err)
		public, err := x509.MarshalPKIXPublicKey(private.Public())
		ts.Check(err)
		data = pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
	default:
		ts.Fatalf("no such openssl: %s", line)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[len(args)-1]), data, 0o600))
}

// goHere runs go in the root of this repository; what it writes to ../try comes into the script's directory.
func goHere(ts *testscript.TestScript, neg bool, args []string) {
	for i := range args {
		args[i] = strings.Replace(args[i], "../try", ts.MkAbs("."), 1)
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = "../.."
	if out, err := cmd.CombinedOutput(); neg || err != nil {
		ts.Fatalf("go %v: %v\n%s", args, err, out)
	}
}

var (
	stamped = regexp.MustCompile(`20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ`)
	digest  = regexp.MustCompile(`sha256:[0-9a-f]{64}`)
)

// plain writes to a file what the last command said, with what differs each time made the same: the time of
// evaluation is that of scripts, and digests of what new keys signed are cut.
func plain(ts *testscript.TestScript, neg bool, args []string) {
	said := stamped.ReplaceAllStringFunc(ts.ReadFile("stdout"), func(s string) string {
		if at, err := time.Parse(time.RFC3339, s); err != nil || time.Since(at).Abs() > time.Hour {
			return s
		}
		return ts.Getenv("NOW")
	})
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(digest.ReplaceAllString(said, "sha256:…")), 0o600))
}

// replaceBlock replaces in a file what another holds with what a third one holds.
func replaceBlock(ts *testscript.TestScript, neg bool, args []string) {
	text, old := ts.ReadFile(args[0]), ts.ReadFile(args[1])
	if strings.Count(text, old) != 1 {
		ts.Fatalf("%s does not hold once:\n%s", args[0], old)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(text, old, ts.ReadFile(args[2]), 1)), 0o600))
}
