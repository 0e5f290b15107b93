package sigstore_test

import (
	"context"
	"testing"

	"github.com/sigstore/sigstore-go/pkg/bundle"
	"github.com/sigstore/sigstore-go/pkg/root"
	sgverify "github.com/sigstore/sigstore-go/pkg/verify"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/verify/sigstore/sigstoretest"
)

// BenchmarkOpen measures reading and opening a bundle, and a bundle already read, beside what plain
// sigstore-go takes to load and verify the same bytes. The authorities have P-384 keys, as Fulcio's.
func BenchmarkOpen(b *testing.B) {
	s := sigstoretest.New(b)
	for _, row := range []struct {
		name string
		spec sigstoretest.Spec
	}{
		{"RekorV1", sigstoretest.Spec{}},
		{"RekorV2", sigstoretest.Spec{Log: sigstoretest.RekorV2}},
	} {
		b.Run(row.name, func(b *testing.B) { benchmark(b, s.TrustedRootJSON(), s.Bundle(b, row.spec)) })
	}
	b.Run("Real", func(b *testing.B) {
		benchmark(b, realFile(b, "trust/trusted-root-public-good.json"), realFile(b, "gha/valid-v0.3.intoto.sigstore"))
	})
}

func benchmark(b *testing.B, rootJSON, data []byte) {
	o := opener(b, rootJSON)
	it := item(b, data)
	b.Run("parse+open", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			opened, err := o.Open(context.Background(), attest.Parse("bundle", data, attest.Limits{})[0], nil)
			if err != nil || len(opened.Proofs) != 1 {
				b.Fatal(opened, err)
			}
		}
	})
	b.Run("open", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			opened, err := o.Open(context.Background(), it, nil)
			if err != nil || len(opened.Proofs) != 1 {
				b.Fatal(opened, err)
			}
		}
	})
	b.Run("sigstore-go", func(b *testing.B) {
		b.ReportAllocs()
		trusted, err := root.NewTrustedRootFromJSON(rootJSON)
		if err != nil {
			b.Fatal(err)
		}
		verifier, err := sgverify.NewVerifier(trusted, sgverify.WithTransparencyLog(1),
			sgverify.WithSignedCertificateTimestamps(1), sgverify.WithObserverTimestamps(1))
		if err != nil {
			b.Fatal(err)
		}
		policy := sgverify.NewPolicy(sgverify.WithoutArtifactUnsafe(), sgverify.WithoutIdentitiesUnsafe())
		for b.Loop() {
			var loaded bundle.Bundle
			if err := loaded.UnmarshalJSON(data); err != nil {
				b.Fatal(err)
			}
			if _, err := verifier.Verify(&loaded, policy); err != nil {
				b.Fatal(err)
			}
		}
	})
}
