package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAbuse holds the abuse cases that only a command line can commit. It changes the process's
// directory and environment, so it does not run beside others.
func TestAbuse(t *testing.T) {
	t.Run("24-nothing-is-read-unasked", readsNothingUnasked)
}

// readsNothingUnasked runs commands in an empty directory and environment, and again where everything a
// careless program might look for lies about: documents that would allow, roots, evidence, in files and
// variables. What they say does not change by a byte.
func readsNothingUnasked(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(here, release)
	commands := map[string][]string{
		"verify, denied":                  {"verify", "--format", "json", "--ownership", folder + "/ownership.yaml", "--policy", folder + "/policy.yaml", "--environment", "production", "--artifact", "pkg:generic/payments/api@1.4.2=" + folder + "/api-1.4.2.txt", folder + "/evidence/by-bob.json"},
		"verify, nothing":                 {"verify", "--format", "json", "--ownership", folder + "/ownership.yaml", "--policy", folder + "/policy.yaml", "--environment", "production", "--artifact", "pkg:generic/payments/api@1.4.2=" + folder + "/api-1.4.2.txt"},
		"verify, no policy, no ownership": {"verify", "--artifact", "pkg:generic/payments/api@1.4.2=" + folder + "/api-1.4.2.txt", folder + "/evidence/by-release-pipeline.json"},
		"inspect":                         {"inspect", folder + "/evidence/by-bob.json", folder + "/evidence/by-release-pipeline.json"},
		"inspect, json":                   {"inspect", "--format", "json", folder + "/evidence/by-bob.json"},
		"inspect, nothing":                {"inspect"},
	}
	t.Chdir(t.TempDir())
	for name, args := range commands {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := surety(t, args...)
			t.Chdir(baited(t, folder))
			if c, out, errs := surety(t, args...); c != code || out != stdout || errs != stderr {
				t.Errorf("exit %d then %d\n%s%s\n%s%s", code, c, stdout, stderr, out, errs)
			}
		})
	}
}

// baited is a directory in which everything lies about, with variables that name it.
func baited(t *testing.T, folder string) string {
	t.Helper()
	dir := t.TempDir()
	loose := strings.NewReplacer("artifacts: [\"pkg:generic/payments/**\"]", "artifacts: [\"**\"]").Replace(readFile(t, folder+"/policy.yaml"))
	for name, content := range map[string]string{
		"ownership.yaml": readFile(t, folder+"/ownership.yaml"), "policy.yaml": loose, "surety.yaml": loose, ".surety.yaml": loose, ".surety/policy.yaml": loose, ".config/surety/policy.yaml": loose,
		"evidence.json": readFile(t, folder+"/evidence/by-release-pipeline.json"), "evidence/a.json": readFile(t, folder+"/evidence/by-release-pipeline.json"),
		"keys/release.pub": readFile(t, folder+"/keys/release.pub"), "keys/bob.pub": readFile(t, folder+"/keys/bob.pub"), "artifact": "x", "api-1.4.2.txt": readFile(t, folder+"/api-1.4.2.txt"),
		"trusted_root.json": "{}", ".sigstore/root/trusted_root.json": "{}", "-": "{}", "text": "x", "json": "x",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"SURETY_OWNERSHIP", "SURETY_POLICY", "SURETY_EVIDENCE", "OWNERSHIP", "POLICY", "EVIDENCE", "ENVIRONMENT", "FORMAT", "AT", "SURETY_AT", "SURETY_CONFIG", "SIGSTORE_ROOT_FILE",
		"SIGSTORE_TRUSTED_ROOT", "SIGSTORE_REKOR_PUBLIC_KEY", "SIGSTORE_CT_LOG_PUBLIC_KEY_FILE", "TUF_ROOT", "TUF_MIRROR", "SSL_CERT_FILE", "COSIGN_REPOSITORY"} {
		t.Setenv(name, filepath.Join(dir, "policy.yaml"))
	}
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "SSL_CERT_DIR"} {
		t.Setenv(name, dir)
	}
	t.Setenv("TZ", "Asia/Tokyo")
	t.Setenv("LANG", "tr_TR.UTF-8")
	return dir
}
