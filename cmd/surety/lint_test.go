package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/lint"
)

func TestLint(t *testing.T) {
	t.Parallel()
	model, rules := readFile(t, release+"ownership.yaml"), readFile(t, release+"policy.yaml")
	vendor := filepath.Join(t.TempDir(), "ownership.yaml")
	if err := os.WriteFile(vendor, []byte(strings.Replace(model, "workloads:", "vendors: [{id: signco}]\nworkloads:", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(filepath.Dir(vendor), "keys"), os.DirFS(release+"keys")); err != nil {
		t.Fatal(err)
	}
	never := put(t, "policy.yaml", strings.Replace(rules, "expression: \"", "expression: \"params.repository == '' && ", 1))
	for _, tt := range []struct {
		name string
		args []string
		code int
		says string // in the output, or in the error
	}{
		{"both", []string{"--ownership", release + "ownership.yaml", "--policy", release + "policy.yaml"}, 0, "warn  rotation-overdue  ownership.yaml:22:5"},
		{"ownership", []string{"--ownership", release + "ownership.yaml"}, 0, "warn  rotation-overdue"},
		{"policy", []string{"--policy", release + "policy.yaml"}, 0, "nothing found"},
		{"a deny finding", []string{"--ownership", vendor}, 1, "deny  vendor-unowned  ownership.yaml:11:11"},
		{"a deny finding in a policy", []string{"--policy", never}, 1, "deny  rule-never-passes  policy.yaml:12:17"},
		{"a directory of policies, and another", []string{"--policy", filepath.Dir(never), "--policy", put(t, "other.yaml", strings.Replace(rules, "name: payments", "name: other", 1))}, 1, "1 deny, 0 warn, 0 info"},
		{"a time", []string{"--ownership", release + "ownership.yaml", "--at", "2025-06-01T00:00:00Z"}, 0, "ownership-not-in-force"},
		{"as JSON", []string{"--policy", never, "--format", "json"}, 1, `"code":"rule-never-passes"`},
		{"nothing", nil, 3, "expected --ownership PATH, --policy PATH or both"},
		{"a document that is not there", []string{"--ownership", "nowhere.yaml"}, 3, "nowhere.yaml"},
		{"a policy that is not there", []string{"--policy", "nowhere.yaml"}, 3, "nowhere.yaml"},
		{"a document of the other kind", []string{"--ownership", release + "policy.yaml"}, 3, "expected Ownership"},
		{"a policy twice", []string{"--policy", never, "--policy", never}, 3, "payments"},
		{"a time that is none", []string{"--policy", never, "--at", "yesterday"}, 3, "--at yesterday"},
		{"an unknown format", []string{"--policy", never, "--format", "xml"}, 3, "format"},
		{"an argument", []string{"--policy", never, "more"}, 3, "more"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := surety(t, append([]string{"lint"}, tt.args...)...)
			if code != tt.code || !strings.Contains(stdout+stderr, tt.says) {
				t.Errorf("exit %d, want %d and %q\n%s%s", code, tt.code, tt.says, stdout, stderr)
			}
			if (code == 3) != (stdout == "") || (code == 3) != (strings.Count(stderr, "\n") == 1) {
				t.Errorf("exit %d with output %q and error %q", code, stdout, stderr)
			}
		})
	}
}

// TestLintJSON: the command writes the report as the library gives it, in one line.
func TestLintJSON(t *testing.T) {
	t.Parallel()
	code, stdout, stderr := surety(t, "lint", "--ownership", release+"ownership.yaml", "--policy", release+"policy.yaml", "--format", "json")
	var report lint.Report
	if err := json.Unmarshal([]byte(stdout), &report); err != nil || code != 0 || stderr != "" {
		t.Fatalf("exit %d, %v, %s", code, err, stderr)
	}
	data, err := report.JSON()
	if err != nil || string(data)+"\n" != stdout {
		t.Errorf("%v: not canonical:\n%s%s", err, data, stdout)
	}
	if report.Kind != lint.Kind || report.EvaluatedAt.Year() != 2026 || len(report.Inputs.Policies) != 1 || report.Inputs.Ownership == nil {
		t.Errorf("%+v", report)
	}
	for _, f := range report.Findings {
		if f.Severity == verify.SeverityDeny {
			t.Errorf("the example has a deny finding: %+v", f)
		}
	}
}
