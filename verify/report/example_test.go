package report_test

import (
	"os"
	"time"

	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/report"
)

// Text is for those who run releases; whoever asked for one gets Verdict.Public.
func ExampleText() {
	verdict := verify.Verdict{
		Decision:    verify.Deny,
		Artifact:    verify.ArtifactRef{Name: "pkg:generic/payments/api@1.4.2"},
		EvaluatedAt: verify.Time{Time: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)},
		Findings: []verify.Finding{{
			Code: verify.EvidenceMissing, Mark: verify.MarkPolicy, Message: "policy payments needs evidence provenance",
			Control: "release-policy", Position: "policy.yaml:8:5", Remedy: "supply the missing attestation",
			Accountable: verify.Answer{Team: "release-engineering", Page: "pagerduty:PX1", Escalation: []string{"platform-security"}},
		}},
	}
	if err := report.Text(os.Stdout, verdict); err != nil {
		panic(err)
	}
	// Output:
	// DENY  pkg:generic/payments/api@1.4.2
	// judged at 2026-06-01T12:00:00Z
	//
	// identity unknown   artifact unknown   policy unknown   time unknown
	//
	// Signed by
	//   nobody whose signature counts
	//
	// Wrong
	//   evidence-missing  policy payments needs evidence provenance
	//       at        policy.yaml:8:5
	//       remedy    supply the missing attestation
	//
	// Who answers
	//   release-engineering  for release-policy  page pagerduty:PX1  then platform-security
}
