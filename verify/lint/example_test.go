package lint_test

import (
	"fmt"
	"log"
	"testing/fstest"
	"time"

	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify/lint"
)

// A policy whose rule rests on something being absent, which whoever supplies the evidence can see to.
func ExampleRun() {
	documents := fstest.MapFS{"policy.yaml": {Data: []byte(`
apiVersion: surety.dev/v1alpha1
kind: Policy
metadata: {name: payments, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
artifacts: ["pkg:generic/payments/**"]
evidence:
  - {name: provenance, predicateTypes: ["https://slsa.dev/provenance/v1"], duty: build}
rules:
  - {id: nobody-objects, about: provenance, expression: "!approvals.exists(a, a.person == 'mallory')"}
`)}}
	policies, err := policy.Load(documents, "policy.yaml")
	if err != nil {
		log.Fatal(err)
	}
	report := lint.Run(lint.Input{Policies: policies, At: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)})
	for _, f := range report.Findings {
		fmt.Println(f.Severity, f.Code, f.Position)
		fmt.Println(f.Message)
	}
	// Output:
	// warn not-monotone policy.yaml:9:57
	// less evidence can pass rule nobody-objects, at 1:1 of the expression: !approvals.exists(a, a.person == "mallory")
}
