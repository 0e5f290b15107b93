package sigstore_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/verify/sigstore"
	"github.com/surety-dev/surety/verify/sigstore/sigstoretest"
)

// An opener proves who signed a bundle and when; whether they may is for package verify, which takes it
// in verify.Config.Openers. With roots of the ownership model: sigstore.New(sigstore.FromModel(model)...).
func ExampleNew() {
	t := new(testing.T)
	deployment := sigstoretest.New(t) // instead of a real deployment and its trusted_root.json
	bundle := deployment.Bundle(t, alice(time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)))

	opener, err := sigstore.New(sigstore.Root{
		ID: "public-good", JSON: deployment.TrustedRootJSON(), Issuers: []string{"https://accounts.acme.test"},
	})
	if err != nil {
		panic(err)
	}
	for _, item := range attest.Parse("bundle.json", bundle, attest.Limits{}) {
		opened, err := opener.Open(context.Background(), item, nil)
		if err != nil {
			panic(err)
		}
		for _, proof := range opened.Proofs {
			fmt.Println(proof.Identity.Issuer, proof.Identity.Subject)
			fmt.Println(proof.Times[0].At, proof.Times[0].Source)
		}
	}
	// Output:
	// https://accounts.acme.test alice@acme.test
	// 2026-06-01 12:00:00 +0000 UTC rekor
}

// A root that cannot be used is named by its id; nothing is trusted then.
func ExampleNew_unusable() {
	_, err := sigstore.New(sigstore.Root{ID: "public-good", JSON: []byte(`{"mediaType":"text/plain"}`)})
	var bad *sigstore.RootError
	fmt.Println(errors.As(err, &bad), bad.ID)
	// Output: true public-good
}
