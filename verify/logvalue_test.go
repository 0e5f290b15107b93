package verify_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/verify"
)

// logged is what a JSON log says of a verdict.
func logged(t *testing.T, v verify.Verdict) (values map[string]any, line string) {
	t.Helper()
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("judged", "verdict", v)
	var parsed struct{ Verdict map[string]any }
	if err := json.Unmarshal(out.Bytes(), &parsed); err != nil {
		t.Fatal(err)
	}
	return parsed.Verdict, out.String()
}

func TestLogValue(t *testing.T) {
	t.Parallel()
	artifact := map[string]any{"name": baseName, "sha256": release}
	ownerless := replaced(t, baseModel, `  - {control: publisher-identity, artifacts: ["**"], accountable: security, responsible: [security]}`+"\n", "")
	stranger := provenance("stranger")
	for _, row := range []struct {
		name string
		v    verify.Verdict
		want map[string]any
	}{
		{"allowed", scene{}.judge(t, provenance("pipeline")), map[string]any{"decision": "allow", "artifact": artifact}},
		{"an environment", scene{environment: "production"}.judge(t, provenance("pipeline")),
			map[string]any{"decision": "allow", "artifact": artifact, "environment": "production"}},
		{"what does not refuse is left out", scene{}.judge(t, provenance("pipeline"), stranger), map[string]any{"decision": "allow", "artifact": artifact}},
		{"refused", scene{}.judge(t, stranger), map[string]any{"decision": "deny", "artifact": artifact,
			"refused": map[string]any{"signer-not-granted": "security", "evidence-missing": "approvers"}}},
		{"refused, nobody accountable", scene{model: ownerless}.judge(t, stranger), map[string]any{"decision": "deny", "artifact": artifact,
			"refused": map[string]any{"signer-not-granted": "", "evidence-missing": "approvers", "control-unowned": "approvers"}}},
		{"several teams of one code", verify.Verdict{Findings: []verify.Finding{
			{Code: verify.RuleFailed, Accountable: verify.Answer{Team: "b"}}, {Code: verify.RuleFailed, Accountable: verify.Answer{Team: "a"}},
			{Code: verify.RuleFailed, Accountable: verify.Answer{Team: "b"}}, {Code: verify.RuleError, Severity: verify.SeverityWarn},
		}}, map[string]any{"decision": "deny", "artifact": map[string]any{"name": ""}, "refused": map[string]any{"rule-failed": "a,b"}}},
	} {
		got, line := logged(t, row.v)
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s: %s\n%s", row.name, diff, line)
		}
	}
}

// TestLogValueHoldsNoEvidence: what a stranger wrote is in the verdict's messages, and in no log line.
func TestLogValueHoldsNoEvidence(t *testing.T) {
	t.Parallel()
	const mark = "written-by-a-stranger"
	s := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance("https://"+mark))
	s.Subject[0].Name = "pkg:generic/" + mark
	v := scene{}.judge(t, signed(s, "pipeline"), []byte(`{"payloadType":"`+mark+`"}`))
	data, err := v.JSON()
	if err != nil || !strings.Contains(string(data), mark) {
		t.Fatalf("the verdict does not show what was written: %s, %v", data, err)
	}
	if _, line := logged(t, v); strings.Contains(line, mark) || !strings.Contains(line, `"evidence-unreadable"`) {
		t.Errorf("the log line: %s", line)
	}
}
