package issue_test

import (
	"crypto/ed25519"
	"fmt"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/attest/issue"
)

// A person approves a release, and a second one adds a signature over the same.
func Example() {
	artifact, err := attest.NewArtifact("pkg:generic/payments/api@1.4.2", attest.Digests{"sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"})
	if err != nil {
		panic(err)
	}
	statement, err := issue.Approval(attest.Approval{Decision: "approved", Environment: "production"}, issue.About(artifact))
	if err != nil {
		panic(err)
	}
	alice, err := issue.NewSigner(ed25519.NewKeyFromSeed(make([]byte, 32)), "") // as a rule a key in a KMS or token
	if err != nil {
		panic(err)
	}
	envelope, err := issue.Sign(nil, statement, alice) // crypto/rand.Reader, but for Ed25519
	if err != nil {
		panic(err)
	}
	stored := envelope.JSON()

	opened, err := issue.Open("approval.json", stored)
	if err != nil {
		panic(err)
	}
	bob, err := issue.NewSigner(ed25519.NewKeyFromSeed([]byte("of another person who approves it")[:32]), "")
	if err != nil {
		panic(err)
	}
	both, err := opened.Add(nil, statement, bob)
	if err != nil {
		panic(err)
	}
	item := attest.Parse("approval.json", both.JSON(), attest.Limits{})[0]
	approval, err := item.Statement().Approval()
	fmt.Println(approval.Decision, approval.Environment, len(item.Envelope().Signatures), err)

	elsewhere, _ := issue.Approval(attest.Approval{Decision: "approved"}, issue.About(artifact))
	_, err = opened.Add(nil, elsewhere, bob)
	fmt.Println(err)
	// Output:
	// approved production 2 <nil>
	// the envelope does not hold the statement to be signed: its environment is "production"; expected absent
}
