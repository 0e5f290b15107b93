package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRollback: --rollback is in the verdict, with who owns it, and asks for an owner.
func TestRollback(t *testing.T) {
	t.Parallel()
	code, stdout, _ := surety(t, base("--format", "json", "--rollback", good)...)
	if code != exitAdmitted || !strings.Contains(stdout, `"rollback":true,"rollbackOwners":[{"team":"release-engineering",`) {
		t.Errorf("exit %d: %s", code, stdout)
	}
	code, stdout, _ = surety(t, base("--rollback", good)...)
	if code != exitAdmitted || !strings.Contains(stdout, "a rollback, in production, judged at") {
		t.Errorf("exit %d: %s", code, stdout)
	}
	directory := t.TempDir()
	if err := os.CopyFS(directory, os.DirFS(release)); err != nil {
		t.Fatal(err)
	}
	gap := filepath.Join(directory, "gap.yaml")
	text := strings.Replace(readFile(t, release+"ownership.yaml"), "{control: release-policy,", "{control: release-policy, activities: {approve: release-engineering},", 1)
	if err := os.WriteFile(gap, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := surety(t, append(with("--ownership", gap, good), "--rollback")...)
	if code != exitDenied || !strings.Contains(stdout, "no team is named to roll back pkg:generic/payments/api@1.4.2") {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
}

// TestAccepted: --accepted reads the verdict on an earlier release; what is none is not judged by.
func TestAccepted(t *testing.T) {
	t.Parallel()
	_, allowed, _ := surety(t, base("--format", "json", good)...)
	_, denied, _ := surety(t, base("--format", "json", bad)...)
	accepted := func(content string) (int, string, string) {
		return surety(t, base("--format", "json", "--accepted", put(t, "accepted.json", content), good)...)
	}
	code, stdout, stderr := accepted(allowed)
	if code != exitAdmitted || !strings.Contains(stdout, `"accepted":"sha256:`) || strings.Contains(stdout, "identity-drift") {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
	code, stdout, stderr = accepted(strings.Replace(allowed, `"builder":"`, `"builder":"https://elsewhere.test/`, 1))
	if code != exitAdmitted || !strings.Contains(stdout, `"code":"identity-drift","mark":"identity","severity":"warn"`) || !strings.Contains(stdout, "the builder is") {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
	for name, row := range map[string][2]string{
		"denied":          {denied, "accepted: its decision is deny, expected that of a release that was admitted"},
		"another package": {strings.Replace(allowed, `"name":"pkg:generic/payments/api@`, `"name":"pkg:generic/payments/web@`, 1), "accepted: it is about"},
		"two":             {allowed + allowed, "accepted.json: no verdict: "},
		"a policy":        {readFile(t, release+"policy.yaml"), "accepted.json: no verdict: "},
	} {
		if code, stdout, stderr := accepted(row[0]); code != exitNotJudged || stdout != "" || !strings.Contains(stderr, row[1]) {
			t.Errorf("%s: exit %d: %s%s", name, code, stdout, stderr)
		}
	}
	if code, stdout, stderr := surety(t, base("--accepted", "no-such-file.json", good)...); code != exitNotJudged || stdout != "" || !strings.Contains(stderr, "no-such-file.json") {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
}

// TestDrill: --drill is in the verdict, and lets through what drills release, and nothing else.
func TestDrill(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	if err := os.CopyFS(directory, os.DirFS(release)); err != nil {
		t.Fatal(err)
	}
	model := filepath.Join(directory, "drill.yaml")
	putAt(t, model, readFile(t, release+"ownership.yaml")+"drills: [{id: key-theft, artifacts: [\"pkg:generic/payments/**\"]}]\n")
	code, stdout, _ := surety(t, append(with("--ownership", model, good), "--drill")...)
	if code != exitAdmitted || !strings.Contains(stdout, "a drill, in production, judged at") {
		t.Errorf("exit %d: %s", code, stdout)
	}
	code, stdout, _ = surety(t, append(with("--ownership", model, good), "--drill", "--format", "json")...)
	if code != exitAdmitted || !strings.Contains(stdout, `"drill":true`) {
		t.Errorf("exit %d: %s", code, stdout)
	}
	code, stdout, _ = surety(t, with("--ownership", model, good)...)
	if code != exitDenied || !strings.Contains(stdout, "is an artifact of the drill key-theft, and this is no drill") {
		t.Errorf("exit %d: %s", code, stdout)
	}
	code, stdout, _ = surety(t, base("--drill", good)...)
	if code != exitDenied || !strings.Contains(stdout, "this is a drill, and pkg:generic/payments/api@1.4.2 is the artifact of none") {
		t.Errorf("exit %d: %s", code, stdout)
	}
}
