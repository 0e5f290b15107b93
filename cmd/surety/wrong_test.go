package main

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/surety-dev/surety/internal/fixture"
)

// mistakes are what people do to the documents in testdata/wrong: one thing each, old becoming new.
var mistakes = []struct{ name, file, old, new string }{
	// what is no YAML, or not in one way
	{"a tab", "ownership", "  - id: alice", "\t- id: alice"},
	{"a tab further in", "ownership", "    from: 2023-04-01", "\tfrom: 2023-04-01"},
	{"a field too far to the left", "ownership", "    owner: platform-security\n    operators", "  owner: platform-security\n    operators"},
	{"a field too far to the right", "policy", "    duty: build", "      duty: build"},
	{"no space after a colon", "ownership", "holder: alice", "holder:alice"},
	{"a pattern without quotes", "ownership", "artifacts: [\"**\"]\n    accountable", "artifacts: [**]\n    accountable"},
	{"a colon in a text without quotes", "policy", `message: "the builder is not one of ours"`, "message: not ours: built elsewhere"},
	{"a text that begins with @ without quotes", "ownership", `page: "pagerduty:PX1"`, "page: @release"},
	{"a quote that does not end", "policy", `"environment == 'production'"`, `"environment == 'production'`},
	{"a bracket that does not end", "policy", "environments: [production]", "environments: [production"},
	{"an alias", "ownership", "holder: alice\n", "holder: *alice\n"},
	{"a second document in the file", "policy", "rules:", "---\nrules:"},
	{"a field twice", "policy", "    about: provenance\n    severity", "    about: provenance\n    about: tests\n    severity"},

	// which document it is
	{"another version of the format", "policy", "surety.dev/v1alpha1", "surety.dev/v1"},
	{"no version of the format", "policy", "apiVersion: surety.dev/v1alpha1\n", ""},
	{"another kind", "ownership", "kind: Ownership", "kind: ownership"},

	// fields
	{"a section misspelt", "ownership", "people:", "poeple:"},
	{"a required field misspelt", "ownership", "    members: [{person: erin}]", "    memebers: [{person: erin}]"},
	{"an optional field misspelt", "ownership", "revokers:", "revoker:"},
	{"a field in another case", "policy", "predicateTypes:", "predicatetypes:"},
	{"a field of another document", "policy", "freshness:", "effectiveFrom: 2026-01-01T00:00:00Z\nfreshness:"},
	{"a required field left out", "ownership", "  - id: erin\n    from: 2022-01-01T00:00:00Z\n", "  - id: erin\n"},
	{"rules left out", "policy", policyRules, ""},
	{"neither key nor identity", "ownership", "    key: {file: keys/alice.pub}\n", ""},
	{"key and identity", "ownership", "    identity:\n", "    key: {file: keys/erin.pub}\n    identity:\n"},
	{"a message twice", "policy", `message: "the builder is not one of ours"`, "message: not ours\n    messageExpression: \"'not ours'\""},

	// types
	{"a string where a list is due", "ownership", "may: [approve]", "may: approve"},
	{"a string where a mapping is due", "ownership", "members: [{person: erin}]", "members: [erin]"},
	{"a mapping where a list is due", "ownership", "members: [{person: erin}]", "members: {person: erin}"},
	{"an empty list", "ownership", "revokers: [platform-security]", "revokers: []"},
	{"an empty string", "ownership", "email: release@acme.test", `email: ""`},
	{"nothing after the colon", "ownership", "custody: kms", "custody:"},
	{"a number where a string is due", "ownership", `sourceRepositoryIdentifier: "4711"`, "sourceRepositoryIdentifier: 4711"},
	{"a time where a string is due", "policy", "id: two-approvals", "id: 2026-01-01"},
	{"a word that is a boolean to some", "policy", "environments: [production]", "environments: [on]"},
	{"a version in quotes", "policy", "version: 4", `version: "4"`},
	{"a version that is no whole number", "policy", "version: 4", "version: 4.1"},
	{"a quorum of nobody", "policy", "quorum: 2", "quorum: 0"},

	// times and durations
	{"a day without a time", "ownership", "effectiveFrom: 2026-01-01T00:00:00Z", "effectiveFrom: 2026-01-01"},
	{"a time without a zone", "ownership", "until: 2026-12-01T00:00:00Z", "until: 2026-12-01T00:00:00"},
	{"a day that is not in the calendar", "ownership", "until: 2026-12-01T00:00:00Z", "until: 2026-11-31T00:00:00Z"},
	{"a duration in words", "ownership", "rotateEvery: 365d", "rotateEvery: 1 year"},
	{"a duration without a unit", "policy", "revocations: 24h", "revocations: 24"},
	{"until before from", "ownership", "until: 2026-12-01T00:00:00Z", "until: 2021-12-01T00:00:00Z"},
	{"the end of a policy before its beginning", "policy", "  effectiveFrom: 2026-01-01T00:00:00Z\n", "  effectiveFrom: 2026-01-01T00:00:00Z\n  effectiveUntil: 2025-01-01T00:00:00Z\n"},

	// names there are
	{"a duty misspelt", "ownership", "may: [approve]", "may: [aprove]"},
	{"a duty that is none", "policy", "duty: build", "duty: compile"},
	{"a control misspelt", "ownership", "control: release-policy", "control: release-polcy"},
	{"a severity that is none", "policy", "severity: deny", "severity: error"},
	{"a state misspelt", "ownership", "{state: revoked,", "{state: revokd,"},
	{"a reason misspelt", "ownership", "reason: key-compromise", "reason: key-compromised"},
	{"a claim misspelt", "ownership", "sourceRepositoryIdentifier:", "sourceRepositoryIdentifer:"},
	{"a claim that is none", "ownership", `claims: {sourceRepositoryIdentifier: "4711"}`, `claims: {repository: acme/payments}`},

	// references
	{"an id misspelt", "ownership", "members: [{person: alice}]", "members: [{person: alise}]"},
	{"an id of nobody", "ownership", "escalation: [platform-security]", "escalation: [security-office]"},
	{"a person where a team is due", "ownership", "accountable: release-engineering", "accountable: alice"},
	{"an id twice", "ownership", "id: erin", "id: alice"},
	{"a workload with the id of a team", "ownership", "id: release-pipeline\n", "id: release-engineering\n"},
	{"an account of two people", "ownership", "until: 2026-12-01T00:00:00Z", `accounts: ["github:583231"]`},
	{"an escalation that goes in a circle", "ownership", "    members: [{person: erin}]", "    members: [{person: erin}]\n    escalation: [release-engineering]"},
	{"evidence misspelt in about", "policy", "    about: provenance\n    severity", "    about: provenence\n    severity"},
	{"a rule twice", "policy", "id: two-approvals", "id: trusted-builder"},

	// states
	{"a state that cannot follow", "ownership", "      - {state: revoked, from: 2026-09-01T09:00:00Z, reason: key-compromise}\n", "      - {state: pre-activation, from: 2026-09-01T09:00:00Z}\n"},
	{"states out of order", "ownership", "{state: revoked, from: 2026-09-01", "{state: revoked, from: 2025-09-01"},
	{"an active state that invalidates", "ownership", "{state: active, from: 2026-01-01T00:00:00Z}]\n  - id: github", "{state: active, from: 2026-01-01T00:00:00Z, invalidFrom: 2026-01-01T00:00:00Z}]\n  - id: github"},

	// patterns
	{"a character that is no wildcard", "ownership", "artifacts: [\"pkg:generic/payments/**\"]\n  - to", "artifacts: [\"pkg:generic/{payments,ledger}/**\"]\n  - to"},
	{"** within a segment", "policy", `artifacts: ["pkg:generic/payments/**"]`, `artifacts: ["pkg:generic/payments**"]`},
	{"a wildcard in an issuer", "ownership", "issuer: https://token.actions.githubusercontent.com", "issuer: https://*.githubusercontent.com"},

	// keys
	{"a key file that is not there", "ownership", "keys/alice.pub", "keys/alise.pub"},
	{"a key file outside of the directory", "ownership", "keys/alice.pub", "../alice.pub"},
	{"a key as OpenSSH writes it", "ownership", "keys/alice.pub", "keys/alice-ssh.pub"},
	{"a private key", "ownership", "keys/alice.pub", "keys/alice.pem"},
	{"a key twice", "ownership", "keys/alice.pub", "keys/release.pub"},

	// expressions
	{"an expression that breaks off", "policy", "in params.builders", "in"},
	{"= for ==", "policy", "environment == 'production'", "environment = 'production'"},
	{"and for &&", "policy", "p.signers.size() == 1", "p.signers.size() == 1 and true"},
	{"a field misspelt in an expression", "policy", "it.provenance.builder in", "it.provenence.builder in"},
	{"a field within misspelt", "policy", "it.provenance.builder in", "it.provenance.biulder in"},
	{"a parameter misspelt", "policy", "params.minApprovals", "params.minAprovals"},
	{"a variable misspelt", "policy", "variables.release.people", "variables.relaese.people"},
	{"a variable that is none misspelt", "policy", "environment == 'production'", "enviroment == 'production'"},
	{"evidence misspelt in an expression", "policy", "evidence.provenance", "evidence.provenence"},
	{"a function misspelt", "policy", "release.people()", "release.poeple()"},
	{"a function of CEL misspelt", "policy", "environment == 'production'", "environment.startWith('prod')"},
	{"a field of an item misspelt", "policy", "p.signers.size()", "p.signer.size()"},
	{"a clock", "policy", "environment == 'production'", "now() > evaluation.at"},
	{"a string compared with a number", "policy", "p.signers.size() == 1", "p.signers.size() == '1'"},
	{"an expression that gives no boolean", "policy", "evidence.provenance.all(p, p.signers.size() == 1)", "evidence.provenance.size()"},
	{"it in a rule without about", "policy", "evidence.provenance.all(p, p.signers.size() == 1)", "it.signers.size() == 1"},
	{"evidence in a rule about one declaration", "policy", "it.provenance.builder in", "evidence.provenance.size() == 1 && it.provenance.builder in"},
	{"it in when", "policy", "when: \"environment == 'production'\"", "when: \"it.predicateType != ''\""},
	{"a name that no rule can use", "policy", "{minApprovals: 2,", "{min-approvals: 2,"},
}

const policyRules = `rules:
  - id: trusted-builder
    about: provenance
    severity: deny
    when: "environment == 'production'"
    expression: "it.provenance.builder in params.builders"
    message: "the builder is not one of ours"
    waivable: {by: security-office, quorum: 2, maxDuration: 72h}
  - id: two-approvals
    about: provenance
    expression: "variables.release.people().size() >= params.minApprovals"
  - id: one-builder
    expression: "evidence.provenance.all(p, p.signers.size() == 1)"
`

// TestMistakes: of each wrong document one message, on one line, that names file, line and column. What
// they are is in docs/mistakes.md, which -update writes.
func TestMistakes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	base := map[string]string{}
	for _, kind := range []string{"ownership", "policy"} {
		base[kind] = readFile(t, "testdata/wrong/"+kind+".yaml")
	}
	seed := make([]byte, ed25519.SeedSize)
	private, err := x509.MarshalPKCS8PrivateKey(ed25519.NewKeyFromSeed(seed))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"ownership.yaml": base["ownership"], "policy.yaml": base["policy"], "keys/release.pub": fixture.NewKey("release").PEM(),
		"keys/alice.pub": fixture.NewKey("alice").PEM(), "keys/erin.pub": fixture.NewKey("erin").PEM(),
		"keys/alice.pem":     string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})),
		"keys/alice-ssh.pub": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop alice@laptop\n",
	} {
		putAt(t, filepath.Join(dir, name), content)
	}
	verify := func(ownership, policy string) (int, string, string) {
		return surety(t, "verify", "--ownership", ownership, "--policy", policy, "--environment", "production", "--artifact", "pkg:generic/payments/api@1.4.2="+filepath.Join(dir, "policy.yaml"))
	}
	if code, stdout, stderr := verify(filepath.Join(dir, "ownership.yaml"), filepath.Join(dir, "policy.yaml")); code != exitDenied || stdout == "" {
		t.Fatalf("the documents without a mistake: exit %d %s", code, stderr)
	}
	page := strings.Builder{}
	page.WriteString(mistakesHead)
	seen := map[string]string{}
	for _, m := range mistakes {
		if strings.Count(base[m.file], m.old) < 1 || m.old == m.new {
			t.Fatalf("%s: %s.yaml has no %q", m.name, m.file, m.old)
		}
		wrong := strings.Replace(base[m.file], m.old, m.new, 1)
		name := m.file + "-wrong.yaml"
		paths := map[string]string{"ownership": filepath.Join(dir, "ownership.yaml"), "policy": filepath.Join(dir, "policy.yaml")}
		paths[m.file] = filepath.Join(dir, name)
		putAt(t, paths[m.file], wrong)
		code, stdout, stderr := verify(paths["ownership"], paths["policy"])
		said := strings.ReplaceAll(stderr, name, m.file+".yaml")
		place := placed.FindStringSubmatch(said)
		if code != exitNotJudged || stdout != "" || place == nil || place[1] != m.file {
			t.Errorf("%s: exit %d, %q, %q: expected code 3 and one line with its place", m.name, code, stdout, said)
			continue
		}
		if other := seen[said]; other != "" {
			t.Errorf("%s: the same message as %s: %s", m.name, other, said)
		}
		seen[said] = m.name
		fmt.Fprintf(&page, "\n**%s%s**\n\n```yaml\n%s\n```\n```text\n%s```\n", strings.ToUpper(m.name[:1]), m.name[1:], pointed(t, wrong, place[2], place[3]), strings.TrimPrefix(said, "surety: "))
	}
	const path = "../../docs/mistakes.md"
	if *update {
		if err := os.WriteFile(path, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if readFile(t, path) != page.String() {
		t.Errorf("%s differs: run go test ./cmd/surety -run TestMistakes -update and read what changed", path)
	}
}

// placed is one line that names a document, a line and a column.
var placed = regexp.MustCompile(`^surety: ([a-z]+)\.yaml:([0-9]+):([0-9]+): .*\n$`)

const mistakesHead = `# Mistakes

What people get wrong in the two documents, and what they are told: the place, what is wrong and what was expected, with a suggestion where
something is near. The command ends with code 3 and says nothing else. Each mistake below stands alone in documents that load without
it; the mark shows the column.

<!-- generated: go test ./cmd/surety -run TestMistakes -update -->
`

// pointed shows a line of a document with a mark below a column.
func pointed(t *testing.T, document, line, column string) string {
	t.Helper()
	l, err1 := strconv.Atoi(line)
	c, err2 := strconv.Atoi(column)
	lines := strings.Split(document, "\n")
	if err1 != nil || err2 != nil || l > len(lines) || c > len([]rune(lines[l-1]))+1 {
		t.Fatalf("%s:%s is nowhere", line, column)
	}
	before := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, string([]rune(lines[l-1])[:c-1]))
	return lines[l-1] + "\n" + before + "^"
}

// putAt writes a file, and the directory it is in.
func putAt(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
