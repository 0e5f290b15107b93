package policy_test

import (
	"context"
	"fmt"
	"testing/fstest"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/policy"
)

const examplePolicy = `apiVersion: surety.dev/v1alpha1
kind: Policy
metadata: {name: payments, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
artifacts: ["pkg:generic/payments/**"]
params: {builders: ["https://github.com/actions/runner/github-hosted"]}
evidence:
  - {name: provenance, predicateTypes: ["https://slsa.dev/provenance/v1"], duty: build}
rules:
  - {id: trusted-builder, about: provenance, expression: "it.provenance.builder in params.builders"}
`

// A misspelt field does not compile: the policy is refused when it is loaded, with its place.
func ExampleLoad() {
	_, err := policy.Load(fstest.MapFS{"policy.yaml": {Data: []byte(`apiVersion: surety.dev/v1alpha1
kind: Policy
metadata: {name: payments, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
artifacts: ["pkg:generic/payments/**"]
evidence:
  - {name: provenance, predicateTypes: ["https://slsa.dev/provenance/v1"], duty: build}
rules:
  - {id: trusted-builder, about: provenance, expression: "it.provenance.bilder != ''"}
`)}}, "policy.yaml")
	fmt.Println(err)
	// Output: policy.yaml:8:58: rule trusted-builder: 1:14 of the expression: undefined field 'bilder'; did you mean "builder"?
}

// Facts hold only what has been verified. Package verify makes them; they can be made by hand to try
// a rule.
func ExamplePolicy_Evaluate() {
	policies, err := policy.Load(fstest.MapFS{"policy.yaml": {Data: []byte(examplePolicy)}}, "policy.yaml")
	if err != nil {
		panic(err)
	}
	artifact, err := attest.NewArtifact("pkg:generic/payments/api@1.4.2", attest.Digests{"sha256": digest})
	if err != nil {
		panic(err)
	}
	for _, builder := range []string{"https://github.com/actions/runner/github-hosted", "https://laptop.example"} {
		envelope := fixture.Sign(fixture.NewStatement(fixture.ProvenanceV1, digest, fixture.Provenance(builder)).JSON(), fixture.NewKey("pipeline")).JSON()
		result, err := policies[0].Evaluate(context.Background(), policy.Facts{
			Artifact: artifact,
			At:       time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC),
			Attestations: []*policy.Attestation{{
				Digest:    "sha256:1f",
				Statement: attest.Parse("provenance.json", envelope, attest.Limits{})[0].Statement(),
				Signers:   []*policy.Signer{{Credential: "release-key", Holder: "release-pipeline", Duties: []string{"build"}}},
			}},
		}, policy.Strict)
		if err != nil {
			panic(err)
		}
		fmt.Println(result.Allows, result.Rules[0].ID, result.Rules[0].Outcome)
	}
	// Output:
	// true trusted-builder pass
	// false trusted-builder fail
}
