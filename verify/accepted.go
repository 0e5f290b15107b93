package verify

import (
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/surety-dev/surety/attest"
)

// MaxVerdict is the most bytes ParseVerdict reads.
const MaxVerdict = 10 << 20

// ParseVerdict reads a verdict as JSON gives it, in whatever layout. It is read strictly: another kind or
// version, unknown and repeated names, names in another case, values no verdict has, what follows the
// document and more than MaxVerdict bytes are errors. A verdict is not signed: it is worth as much as the place
// it was kept in.
func ParseVerdict(data []byte) (Verdict, error) {
	if len(data) > MaxVerdict {
		return Verdict{}, fmt.Errorf("a verdict of %d bytes: expected at most %d", len(data), MaxVerdict)
	}
	var head struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return Verdict{}, fmt.Errorf("no verdict: %w", err)
	}
	if head.APIVersion != APIVersion || head.Kind != Kind {
		return Verdict{}, fmt.Errorf("a document of kind %.64q, version %.64q: expected kind %q, version %q", head.Kind, head.APIVersion, Kind, APIVersion)
	}
	var v Verdict
	if err := json.Unmarshal(data, &v, json.RejectUnknownMembers(true)); err != nil {
		return Verdict{}, fmt.Errorf("no verdict: %w", err)
	}
	if err := attest.CheckName(v.Artifact.Name); err != nil {
		return Verdict{}, fmt.Errorf("artifact: %w", err)
	}
	if v.EvaluatedAt.IsZero() {
		return Verdict{}, fmt.Errorf("evaluatedAt: none, expected the time of evaluation")
	}
	return v, nil
}
