package sigstore_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/sigstore/sigstore-go/pkg/bundle"
	"github.com/sigstore/sigstore-go/pkg/root"
	sgverify "github.com/sigstore/sigstore-go/pkg/verify"
	"github.com/sigstore/sigstore/pkg/signature"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/sigstore"
	"github.com/surety-dev/surety/verify/sigstore/sigstoretest"
)

// opener makes an opener with one root, "root".
func opener(tb testing.TB, rootJSON []byte, issuers ...string) *sigstore.Opener {
	tb.Helper()
	o, err := sigstore.New(sigstore.Root{ID: "root", JSON: rootJSON, Issuers: issuers})
	if err != nil {
		tb.Fatal(err)
	}
	return o
}

// item parses data that is one item.
func item(tb testing.TB, data []byte) *attest.Item {
	tb.Helper()
	items := attest.Parse("test", data, attest.Limits{})
	if len(items) != 1 {
		tb.Fatalf("%d items, want one", len(items))
	}
	return items[0]
}

// open opens data that is one item.
func open(tb testing.TB, o *sigstore.Opener, data []byte, keys ...ownership.Key) verify.Opened {
	tb.Helper()
	opened, err := o.Open(context.Background(), item(tb, data), offer(keys...))
	if err != nil {
		tb.Fatal(err)
	}
	return opened
}

// offer makes the keys to try, whatever the hint.
func offer(keys ...ownership.Key) verify.Keys {
	return func(string) []ownership.Key { return keys }
}

// proof gives the one proof of what was opened.
func proof(tb testing.TB, opened verify.Opened) verify.Proof {
	tb.Helper()
	if len(opened.Proofs) != 1 || len(opened.Refusals) != 0 {
		tb.Fatalf("opened %+v, want one proof", opened)
	}
	return opened.Proofs[0]
}

// refused asserts that there is one refusal, with the code, and no proof.
func refused(tb testing.TB, opened verify.Opened, code verify.Code) {
	tb.Helper()
	if len(opened.Proofs) != 0 || len(opened.Refusals) != 1 || opened.Refusals[0].Code != code {
		tb.Errorf("opened %+v, want one refusal %s", opened, code)
	}
}

// newKey makes a key of the model.
func newKey(tb testing.TB, credential string) (*ecdsa.PrivateKey, ownership.Key) {
	tb.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	return private, modelKey(tb, credential, &private.PublicKey)
}

func modelKey(tb testing.TB, credential string, public any) ownership.Key {
	tb.Helper()
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		tb.Fatal(err)
	}
	return ownership.Key{Credential: credential, Public: public, Fingerprint: sha256.Sum256(der)}
}

// plainly verifies a bundle with sigstore-go alone: loaded and verified as its users do, with at
// least one log entry, promise of a certificate transparency log and observed time where the root
// has such services.
func plainly(rootJSON, data []byte, keys ...ownership.Key) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("sigstore-go panics: %v", r)
		}
	}()
	material, err := root.NewTrustedRootFromJSON(rootJSON)
	if err != nil {
		return err
	}
	var b bundle.Bundle
	if err := b.UnmarshalJSON(data); err != nil {
		return err
	}
	options := []sgverify.VerifierOption{sgverify.WithObserverTimestamps(1), sgverify.WithoutStatementPredicate()}
	if len(material.RekorLogs()) > 0 {
		options = append(options, sgverify.WithTransparencyLog(1))
	}
	policy := []sgverify.PolicyOption{sgverify.WithoutIdentitiesUnsafe()}
	var trusted root.TrustedMaterial = material
	if b.GetVerificationMaterial().GetPublicKey() != nil {
		policy = []sgverify.PolicyOption{sgverify.WithKey()}
		trusted, err = withKeys(material, keys)
		if err != nil {
			return err
		}
	} else if len(material.CTLogs()) > 0 {
		options = append(options, sgverify.WithSignedCertificateTimestamps(1))
	}
	verifier, err := sgverify.NewVerifier(trusted, options...)
	if err != nil {
		return err
	}
	_, err = verifier.Verify(&b, sgverify.NewPolicy(sgverify.WithoutArtifactUnsafe(), policy...))
	return err
}

// withKeys lets sigstore-go take the first key for every hint.
func withKeys(material *root.TrustedRoot, keys []ownership.Key) (root.TrustedMaterial, error) {
	if len(keys) == 0 {
		return nil, fmt.Errorf("no key")
	}
	v, err := signature.LoadDefaultVerifier(keys[0].Public)
	if err != nil {
		return nil, err
	}
	key := root.NewExpiringKey(v, begin, end)
	return root.TrustedMaterialCollection{material, root.NewTrustedPublicKeyMaterial(
		func(string) (root.TimeConstrainedVerifier, error) { return key, nil })}, nil
}

// change decodes a document, lets edit change it and encodes it again.
func change(tb testing.TB, data []byte, edit func(document map[string]any)) []byte {
	tb.Helper()
	var document map[string]any
	if err := json.Unmarshal(data, &document); err != nil {
		tb.Fatal(err)
	}
	edit(document)
	out, err := json.Marshal(document)
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// at walks a document by member names and list indexes.
func at(tb testing.TB, document any, path ...any) any {
	tb.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			document = document.(map[string]any)[step]
		case int:
			document = document.([]any)[step]
		}
	}
	if document == nil {
		tb.Fatalf("nothing at %v", path)
	}
	return document
}

// member gives the object at a path.
func member(tb testing.TB, document any, path ...any) map[string]any {
	tb.Helper()
	return at(tb, document, path...).(map[string]any)
}

// realFile reads one of the files signed by people and services in the world. They are not part of the
// project; where they are absent the test is skipped.
func realFile(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("../../../shared/real", name))
	if os.IsNotExist(err) {
		tb.Skipf("the real evidence is absent: %v", err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// times gives a proof's times as text, sorted.
func times(p verify.Proof) []string {
	out := []string{}
	for _, t := range p.Times {
		out = append(out, fmt.Sprintf("%s %s %s", t.At.Format("2006-01-02T15:04:05Z07:00"), t.Source, t.Authority))
	}
	slices.Sort(out)
	return out
}

var (
	begin = sigstoretest.Begin
	end   = sigstoretest.End
)
