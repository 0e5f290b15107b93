package verify_test

import (
	"strings"
	"testing"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/verify"
)

// drillName is what a drill of drillModel releases; no name of an ordinary release is like it.
const drillName = "pkg:generic/payments/drills/api@1.4.2"

func drillScene(t testing.TB) scene {
	t.Helper()
	return scene{model: replaced(t, baseModel, "controls:\n", "drills:\n  - {id: key-theft, artifacts: [\"pkg:generic/payments/drills/**\"]}\ncontrols:\n")}
}

// provenanceOf is a base statement about an artifact's name.
func provenanceOf(name string) []byte {
	st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder))
	st.Subject[0].Name = name
	return signed(st, "pipeline")
}

// TestR71DrillArtifact: a drill's artifact cannot ship, and nothing else is released in a drill. It is known by its
// name's scope, whatever evidence says.
func TestR71DrillArtifact(t *testing.T) {
	t.Parallel()
	s := drillScene(t)
	s.name, s.drill = drillName, true
	v := s.judge(t, provenanceOf(drillName))
	want(t, v, "allow")
	if !v.Drill {
		t.Error("the verdict does not say that it was a drill")
	}
	s.drill = false
	v = s.judge(t, provenanceOf(drillName))
	want(t, v, "deny", "drill-artifact")
	says(t, v, "drill-artifact", drillName+" is an artifact of the drill key-theft, and this is no drill")
	f := finding(t, v, "drill-artifact")
	if f.Severity != verify.SeverityDeny || f.Control != "release-policy" || f.Accountable.Team != "approvers" || f.Mark != verify.MarkPolicy || f.Position != standing(t, fixture.Expand(s.model), "{id: key-theft") {
		t.Errorf("%+v", f)
	}
	s.name = ""
	v = s.judge(t, provenance("pipeline"))
	want(t, v, "allow")
	if v.Drill {
		t.Error("the verdict says that it was a drill")
	}
	s.drill = true
	v = s.judge(t, provenance("pipeline"))
	want(t, v, "deny", "drill-artifact")
	says(t, v, "drill-artifact", "this is a drill, and "+baseName+" is the artifact of none")
}

// drillArtifacts are drills' artifacts outside a drill, by every way that might let one out.
func drillArtifacts(t *testing.T) {
	s := drillScene(t)
	s.name = drillName
	for name, evidence := range map[string][][]byte{
		"signed as itself":                    {provenanceOf(drillName)},
		"beside what is signed for a release": {provenanceOf(drillName), provenance("pipeline")},
		"without evidence":                    nil,
	} {
		if v := s.judge(t, evidence...); v.Decision != verify.Deny || finding(t, v, verify.DrillArtifact).Severity != verify.SeverityDeny {
			t.Errorf("%s: %s\n%s", name, v.Decision, explain(v))
		}
	}
	// its bytes under the name of a release: what was signed for the drill is not for that
	want(t, scene{model: s.model}.judge(t, provenanceOf(drillName)), "deny", "subject-mismatch", "evidence-missing")
	// an exception waives no drill
	excepted := exceptionScene()
	excepted.model = replaced(t, exceptionModel, "controls:\n", "drills:\n  - {id: key-theft, artifacts: [\"pkg:generic/payments/**\"]}\ncontrols:\n")
	granted := signed(exceptional(nil), "gina", "hugo")
	want(t, excepted.judge(t, provenance("pipeline"), granted), "deny", "drill-artifact")
	excepted.drill = true
	want(t, excepted.judge(t, provenance("pipeline"), granted), "allow-with-exception")
	// where everything is a drill's, nothing ships
	all := scene{model: replaced(t, s.model, "pkg:generic/payments/drills/**", "**")}
	v := all.judge(t, provenance("pipeline"))
	want(t, v, "deny", "drill-artifact")
	if !strings.Contains(v.Public(), "refused") {
		t.Error(v.Public())
	}
}
