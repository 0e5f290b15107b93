package verify_test

import (
	"context"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

// certificates is an opener that takes every envelope for one signed, a minute before the evaluation
// of the base scene, by a certificate with its subject. It stands in for verify/sigstore where only
// the judgement is tested.
type certificates struct{ subject string }

func (certificates) Opens(item *attest.Item) bool { return item.Envelope() != nil }
func (certificates) Trust() []verify.TrustInput {
	return []verify.TrustInput{{ID: "test", Digest: "sha256:0"}}
}
func (c certificates) Open(context.Context, *attest.Item, verify.Keys) (verify.Opened, error) {
	at := time.Date(2026, 6, 1, 11, 59, 0, 0, time.UTC)
	return verify.Opened{Checks: 1, Proofs: []verify.Proof{{
		Identity:    ownership.Identity{Issuer: "https://issuer.test", Subject: c.subject},
		Certificate: true, NotBefore: at.Add(-time.Minute),
		Times: []verify.TrustedTime{{At: at, Source: "rekor", Authority: "log"}},
	}}}, nil
}
