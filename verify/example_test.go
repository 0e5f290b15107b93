package verify_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"os"
	"strings"
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

// judged is the verdict on the release above as somebody else signed it.
func judged(signer string) verify.Verdict {
	model, err := loadModel(baseModel)
	if err != nil {
		panic(err)
	}
	policies, err := loadPolicies(basePolicy)
	if err != nil {
		panic(err)
	}
	verifier, err := verify.New(model, policies, verify.Config{})
	if err != nil {
		panic(err)
	}
	artifact, err := attest.NewArtifact(baseName, attest.Digests{"sha256": release})
	if err != nil {
		panic(err)
	}
	verdict, err := verifier.Verify(context.Background(), verify.Request{
		Artifact: artifact, Evidence: attest.Parse("provenance.json", provenance(signer), attest.Limits{}),
		At: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC),
	})
	if err != nil {
		panic(err)
	}
	return verdict
}

// A service that was rolled back to an older document would rather not start.
func ExampleNew() {
	model, err := loadModel(baseModel)
	if err != nil {
		panic(err)
	}
	_, err = verify.New(model, nil, verify.Config{MinVersions: map[string]int{"payment": 5}})
	fmt.Println(err)
	_, err = verify.New(nil, nil, verify.Config{})
	fmt.Println(err)
	// Output:
	// a minimum version is demanded of "payment", expected the name of the ownership model or of a policy
	// no ownership model: expected one
}

// An ownership model signed by two of its three approvers, and by one.
func ExampleLoadOwnership() {
	envelope := func(keys ...fixture.Key) *fstest.MapFile {
		model := strings.Replace(fixture.Expand(baseModel), "{person: bob}]", "{person: bob}, {person: erin}]", 1)
		return &fstest.MapFile{Data: fixture.SignAs(verify.OwnershipPayloadType, []byte(model), keys...).JSON()}
	}
	alice, bob := fixture.NewKey("alice"), fixture.NewKey("bob")
	documents := fstest.MapFS{"both.json": envelope(alice, bob), "one.json": envelope(alice)}
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	for _, name := range []string{"both.json", "one.json"} {
		model, endorsement, err := verify.LoadOwnership(documents, name, nil)
		if err != nil {
			panic(err)
		}
		fmt.Println(model.Name(), model.Version(), "signed by", endorsement.People(now), "on its own word:", endorsement.Self())
		fmt.Println(endorsement.Err(now))
	}
	// Output:
	// acme 12 signed by [alice bob] on its own word: true
	// <nil>
	// acme 12 signed by [alice] on its own word: true
	// the ownership model acme version 12 is not approved: it takes 2 of the 3 members of team approvers, accountable for release-policy over **, and only alice signed
}

func ExampleLoadPolicies() {
	model, err := loadModel(baseModel)
	if err != nil {
		panic(err)
	}
	envelope := fixture.SignAs(verify.PolicyPayloadType, []byte(basePolicy), fixture.NewKey("bob"), fixture.NewKey("alice"))
	policies, endorsements, err := verify.LoadPolicies(fstest.MapFS{"payments.json": {Data: envelope.JSON()}}, "payments.json", model)
	if err != nil {
		panic(err)
	}
	verifier, err := verify.New(model, policies, verify.Config{Endorsements: endorsements})
	fmt.Println(verifier != nil, err)
	for _, q := range endorsements[0].Quorums(time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)) {
		fmt.Println(q.Scope, q.Team, q.People, q.Met())
	}
	// Output:
	// true <nil>
	// pkg:generic/payments/** approvers [alice bob] true
}

func ExampleVerdict_Admits() {
	fmt.Println(judged("pipeline").Admits(), judged("bob").Admits(), verify.Verdict{}.Admits())
	// Output: true false false
}

// What is told to whoever asked; why is for those who answer.
func ExampleVerdict_Public() {
	verdict := judged("bob")
	fmt.Println(verdict.Public())
	for _, f := range verdict.Findings {
		fmt.Printf("%s: %s, page %s\n", f.Code, f.Accountable.Team, f.Accountable.Page)
	}
	// Output:
	// The release is refused.
	// signer-not-granted: security, page pager:security
	// evidence-missing: approvers, page pager:approvers
}

func ExampleVerdict_JSON() {
	data, err := judged("pipeline").JSON()
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s…\n", data[:strings.Index(string(data), `,"artifact"`)])
	// Output: {"apiVersion":"surety.dev/v1alpha1","kind":"Verdict","decision":"allow"…
}

func ExampleVerdict_LogValue() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if len(groups) == 0 && a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	logger.Info("judged", "v", judged("bob"))
	// Output: level=INFO msg=judged v.decision=deny v.artifact.name=pkg:generic/payments/api@1.4.2 v.artifact.sha256=aa00000000000000000000000000000000000000000000000000000000000000 v.refused.evidence-missing=approvers v.refused.signer-not-granted=security
}
