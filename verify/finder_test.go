package verify_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/verify"
)

// TestFound: what an index finds is judged as if it had been handed over, and a flood of it costs an
// allow, never gives one.
func TestFound(t *testing.T) {
	t.Parallel()
	var flood strings.Builder
	for i := range attest.MaxItems {
		fmt.Fprintf(&flood, "{\"junk\":%d}\n", i)
	}
	for _, row := range []struct {
		name     string
		evidence []byte
		junk     string
		decision string
		codes    []string
	}{
		{"the release's", provenance("pipeline"), "", "allow", nil},
		{"beside what cannot be read", provenance("pipeline"), "{\"junk\":1}\n{\"junk\":2}\n", "allow", nil},
		{"by a stranger", provenance("stranger"), "", "deny", []string{"evidence-missing", "signer-not-granted"}},
		{"under a flood", provenance("pipeline"), flood.String(), "indeterminate", []string{"evidence-unreadable", "limit-exceeded"}},
	} {
		items := attest.Parse("provenance.json", row.evidence, attest.Limits{})
		if row.junk != "" {
			items = append(items, attest.Parse("junk.jsonl", []byte(row.junk), attest.Limits{})...)
		}
		index, err := attest.NewIndex(items)
		if err != nil {
			t.Fatal(err)
		}
		request := scene{}.request(t)
		if request.Evidence, err = index.Find(t.Context(), request.Artifact.Digests()); err != nil {
			t.Fatal(err)
		}
		v, err := scene{}.verifier(t).Verify(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		t.Log(row.name)
		want(t, v, row.decision, row.codes...)
		if row.junk != "" && len(noted(v, verify.SeverityInfo)) == 0 && row.decision == "allow" {
			t.Error("what cannot be read is not reported")
		}
	}
}
