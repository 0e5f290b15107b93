package report_test

import (
	"os"
	"time"

	"github.com/surety-dev/surety/policy"
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

// Explain takes a verdict that was kept, too, and says of each rule that did not pass what it was made of.
func ExampleExplain() {
	verdict := verify.Verdict{
		Decision:    verify.Indeterminate,
		Artifact:    verify.ArtifactRef{Name: "pkg:generic/payments/api@1.4.2"},
		EvaluatedAt: verify.Time{Time: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)},
		Rules: []verify.RuleOutcome{{
			Policy: "payments", ID: "approved-before", Outcome: policy.Unknown, Position: "policy.yaml:9:5",
			Because: []verify.Cause{{
				Expression: "a.signedAt.recordedBefore(it.signedAt)", Element: "approvals[0]", Value: "unknown", Position: "policy.yaml:11:38",
				Inputs: []verify.CauseInput{{Expression: "it.signedAt.source", Value: "\"\x1b[2J\"", Evidence: "sha256:00", Path: "$"}},
			}},
		}},
		Needed: []verify.Need{{Policy: "payments", Rule: "approved-before", Position: "policy.yaml:9:5", Lacks: verify.LacksOrder, Evidence: []string{"sha256:00"}}},
	}
	if err := report.Explain(os.Stdout, verdict); err != nil {
		panic(err)
	}
	// Output:
	// INDETERMINATE  pkg:generic/payments/api@1.4.2
	// judged at 2026-06-01T12:00:00Z
	//
	// identity unknown   artifact unknown   policy unknown   time unknown
	//
	// Why
	//   0 of 1 rules pass
	//   unknown approved-before of policy payments, deny, at policy.yaml:9:5
	//       a.signedAt.recordedBefore(it.signedAt) of approvals[0] is unknown at policy.yaml:11:38
	//           it.signedAt.source is "�[2J", of sha256:00 $
	//
	// What is needed, and nothing else
	//   times that prove the order for rule approved-before of policy payments, at policy.yaml:9:5
	//       of sha256:00
}
