package verify_test

import (
	"context"
	"fmt"
	"log"
	"testing/fstest"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

func ExampleVerifier_Verify() {
	documents := fstest.MapFS{
		"ownership.yaml": {Data: []byte(fixture.Expand(baseModel))},
		"policy.yaml":    {Data: []byte(basePolicy)},
	}
	digest, envelope := release, provenance("pipeline")
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

	// The lines below stand in README.md.
	model, err := ownership.Load(documents, "ownership.yaml")
	if err != nil {
		log.Fatal(err)
	}
	policies, err := policy.Load(documents, "policy.yaml")
	if err != nil {
		log.Fatal(err)
	}
	verifier, err := verify.New(model, policies, verify.Config{})
	if err != nil {
		log.Fatal(err)
	}
	artifact, err := attest.NewArtifact("pkg:generic/payments/api@1.4.2", attest.Digests{"sha256": digest})
	if err != nil {
		log.Fatal(err)
	}
	verdict, err := verifier.Verify(context.Background(), verify.Request{
		Artifact: artifact,
		Evidence: attest.Parse("provenance.json", envelope, attest.Limits{}),
		At:       now,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(verdict.Decision, verdict.Admits())
	// Output: allow true
}
