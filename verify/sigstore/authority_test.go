package sigstore_test

import (
	"encoding/base64"
	"encoding/hex"
	"testing"
	"time"

	protobundle "github.com/sigstore/protobuf-specs/gen/pb-go/bundle/v1"
	protocommon "github.com/sigstore/protobuf-specs/gen/pb-go/common/v1"
	protodsse "github.com/sigstore/protobuf-specs/gen/pb-go/dsse"
	protorekor "github.com/sigstore/protobuf-specs/gen/pb-go/rekor/v1"
	"github.com/sigstore/sigstore-go/pkg/root"
	"github.com/sigstore/sigstore-go/pkg/testing/ca"
	"github.com/sigstore/sigstore-go/pkg/tlog"
	sgverify "github.com/sigstore/sigstore-go/pkg/verify"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/surety-dev/surety/verify"
)

// TestSigstoreGoAuthority opens what sigstore-go's own test authority makes, so that this module's
// maker of bundles is not the only witness. Its certificates are valid from now for ten minutes, and
// have the issuer in .1 alone and no SCT.
func TestSigstoreGoAuthority(t *testing.T) {
	t.Parallel()
	virtual, err := ca.NewVirtualSigstore()
	if err != nil {
		t.Fatal(err)
	}
	rootJSON := virtualRoot(t, virtual)
	statement := []byte(`{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a","digest":{"sha256":"` +
		hex.EncodeToString(make([]byte, 32)) + `"}}],"predicateType":"https://acme.test/p","predicate":{}}`)
	now := time.Now()
	v1, err := virtual.AttestAtTime("alice@acme.test", "https://issuer.test", statement, now.Add(time.Minute), true)
	if err != nil {
		t.Fatal(err)
	}
	late, err := virtual.AttestAtTime("alice@acme.test", "https://issuer.test", statement, now.Add(time.Hour), true)
	if err != nil {
		t.Fatal(err)
	}
	v2, err := virtual.AttestAtTimeHashedRekordV2("alice@acme.test", "https://issuer.test", statement, now.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	rows := []struct {
		name   string
		entity *ca.TestEntity
		times  int
		code   verify.Code
	}{
		{name: "Rekor v1 and timestamp", entity: v1, times: 2},
		{name: "Rekor v2 and timestamp", entity: v2, times: 1},
		{name: "logged after the certificate ended", entity: late, code: verify.CertificateInvalid},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			data := virtualBundle(t, virtual, row.entity)
			opened := open(t, opener(t, rootJSON), data)
			if row.code != "" {
				refused(t, opened, row.code)
				return
			}
			p := proof(t, opened)
			if p.Identity.Subject != "alice@acme.test" || p.Identity.Issuer != "https://issuer.test" || len(p.Times) != row.times {
				t.Errorf("proof %+v", p)
			}
			if err := plainly(rootJSON, data); err != nil {
				t.Errorf("sigstore-go refuses it: %v", err)
			}
		})
	}
}

// virtualRoot writes a virtual Sigstore's trusted root, without its log of certificates.
func virtualRoot(tb testing.TB, virtual *ca.VirtualSigstore) []byte {
	tb.Helper()
	logs := virtual.RekorLogs()
	for id, l := range logs {
		raw, err := hex.DecodeString(id)
		if err != nil {
			tb.Fatal(err)
		}
		l.ID = raw
	}
	trusted, err := root.NewTrustedRoot(root.TrustedRootMediaType01, virtual.FulcioCertificateAuthorities(), nil,
		virtual.TimestampingAuthorities(), logs)
	if err != nil {
		tb.Fatal(err)
	}
	data, err := trusted.MarshalJSON()
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// virtualBundle writes a virtual Sigstore's entity as a bundle.
func virtualBundle(tb testing.TB, virtual *ca.VirtualSigstore, entity sgverify.SignedEntity) []byte {
	tb.Helper()
	content, err := entity.SignatureContent()
	if err != nil {
		tb.Fatal(err)
	}
	signer, err := entity.VerificationContent()
	if err != nil {
		tb.Fatal(err)
	}
	entries, err := entity.TlogEntries()
	if err != nil {
		tb.Fatal(err)
	}
	timestamps, err := entity.Timestamps()
	if err != nil {
		tb.Fatal(err)
	}
	material := &protobundle.VerificationMaterial{
		Content:                   &protobundle.VerificationMaterial_Certificate{Certificate: &protocommon.X509Certificate{RawBytes: signer.Certificate().Raw}},
		TimestampVerificationData: &protobundle.TimestampVerificationData{},
	}
	for _, e := range entries {
		p := e.TransparencyLogEntry()
		if p.KindVersion == nil {
			p = rekorV1(tb, virtual, e)
		}
		material.TlogEntries = append(material.TlogEntries, p)
	}
	for _, response := range timestamps {
		material.TimestampVerificationData.Rfc3161Timestamps = append(material.TimestampVerificationData.Rfc3161Timestamps,
			&protocommon.RFC3161SignedTimestamp{SignedTimestamp: response})
	}
	raw := content.EnvelopeContent().RawEnvelope()
	payload, err := base64.StdEncoding.DecodeString(raw.Payload)
	if err != nil {
		tb.Fatal(err)
	}
	data, err := protojson.Marshal(&protobundle.Bundle{
		MediaType:            "application/vnd.dev.sigstore.bundle.v0.3+json",
		VerificationMaterial: material,
		Content: &protobundle.Bundle_DsseEnvelope{DsseEnvelope: &protodsse.Envelope{
			Payload: payload, PayloadType: raw.PayloadType,
			Signatures: []*protodsse.Signature{{Sig: content.Signature()}},
		}},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// rekorV1 completes a Rekor v1 entry, which the virtual Sigstore makes without what a bundle says of
// it and with its promise out of reach.
func rekorV1(tb testing.TB, virtual *ca.VirtualSigstore, e *tlog.Entry) *protorekor.TransparencyLogEntry {
	tb.Helper()
	promise, err := virtual.RekorSignPayload(tlog.RekorPayload{
		Body:           e.Body(),
		IntegratedTime: e.IntegratedTime().Unix(),
		LogIndex:       e.LogIndex(),
		LogID:          hex.EncodeToString([]byte(e.LogKeyID())),
	})
	if err != nil {
		tb.Fatal(err)
	}
	p := e.TransparencyLogEntry()
	p.KindVersion = &protorekor.KindVersion{Kind: "dsse", Version: "0.0.1"}
	p.InclusionPromise = &protorekor.InclusionPromise{SignedEntryTimestamp: promise}
	return p
}
