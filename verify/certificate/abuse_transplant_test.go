package certificate_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/internal/fixture/pki"
	"github.com/surety-dev/surety/verify"
)

// parts are what an item is put together of.
type parts struct {
	payload, sig, certificate string
	stamp                     []byte
}

func transplants(t *testing.T) {
	s := newScene()
	alice, bob := s.middle.Leaf("p256:a", pki.Named("email:alice@acme.test")), s.middle.Leaf("p256:b", pki.Named("email:bob@acme.test"))
	other := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance("https://other.test")).JSON()
	of := func(h pki.Holder, payload []byte) parts {
		e := h.Envelope(payload, nil, s.stamp(noon))
		return parts{e.Payload, e.Signatures[0].Sig, pki.PEM(h), e.Signatures[0].Timestamps[0].Data}
	}
	a, b := of(alice, payload()), of(bob, other)
	envelope := func(p parts) []byte {
		return fixture.Envelope{PayloadType: fixture.PayloadType, Payload: p.payload, Signatures: []fixture.Signature{{
			Sig: p.sig, Certificate: []byte(p.certificate), Intermediates: [][]byte{[]byte(pki.PEM(s.middle))}, Timestamps: []fixture.Timestamp{{Type: "tsp", Data: p.stamp}}}}}.JSON()
	}
	bundle := func(p parts) []byte {
		leaf := alice
		if p.certificate == b.certificate {
			leaf = bob
		}
		data, _ := json.Marshal(map[string]any{
			"mediaType": "application/vnd.dev.sigstore.bundle+json;version=0.1",
			"verificationMaterial": map[string]any{
				"x509CertificateChain":      map[string]any{"certificates": []any{map[string]any{"rawBytes": leaf.Certificate.Raw}, map[string]any{"rawBytes": s.middle.Certificate.Raw}}},
				"timestampVerificationData": map[string]any{"rfc3161Timestamps": []any{map[string]any{"signedTimestamp": p.stamp}}}},
			"dsseEnvelope": map[string]any{"payloadType": fixture.PayloadType, "payload": p.payload, "signatures": []any{map[string]any{"sig": p.sig}}},
		})
		return data
	}
	for form, put := range map[string]func(parts) []byte{"envelope": envelope, "bundle": bundle} {
		wants(t, asked{}.judge(t, put(a)), "allow", "", "")
		wants(t, asked{}.judge(t, put(b)), "allow", "", "")
		for part, row := range map[string]struct {
			p    parts
			want string
		}{
			"payload":     {parts{b.payload, a.sig, a.certificate, a.stamp}, "does not verify with the key in the certificate"},
			"signature":   {parts{a.payload, b.sig, a.certificate, a.stamp}, "does not verify with the key in the certificate"},
			"certificate": {parts{a.payload, a.sig, b.certificate, a.stamp}, "does not verify with the key in the certificate"},
			"timestamp":   {parts{a.payload, a.sig, a.certificate, b.stamp}, "timestamp 0 is over other bytes than the signature"},
		} {
			t.Run(form+" "+part, func(t *testing.T) {
				wants(t, asked{}.judge(t, put(row.p)), "deny", "signature-invalid", row.want)
			})
		}
	}
}

// keyedTransplants moves parts between what two keys of the model signed, in envelopes and bundles. A
// signature in an envelope stands without its timestamp, so its key is one that only a time lets stand.
func keyedTransplants(t *testing.T) {
	s := newScene()
	ended := changed(t, judgedModel, keyActive, strings.TrimSuffix(keyActive, "]")+", {state: deactivated, from: 2026-09-01T00:00:00Z}]")
	holder := pki.Holder{Key: fixture.NewKey("p256:release").Private()}
	other := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance("https://other.test")).JSON()
	id := fixture.NewKey("p256:release").ID()
	of := func(payload []byte, bundled bool) map[string]any {
		data := holder.Bundle(payload, id, nil, s.stamp(noon))
		if !bundled {
			data = pki.Stamped(fixture.Sign(payload, fixture.NewKey("p256:release")), 0, s.stamp(noon)).JSON()
		}
		var d map[string]any
		if err := json.Unmarshal(data, &d); err != nil {
			t.Fatal(err)
		}
		return d
	}
	in := func(v any, path ...string) map[string]any {
		for _, p := range path {
			if list, ok := v.([]any); ok {
				v = list[0]
			}
			v = v.(map[string]any)[p]
		}
		if list, ok := v.([]any); ok {
			v = list[0]
		}
		return v.(map[string]any)
	}
	for _, row := range []struct {
		name    string
		bundled bool
		path    []string
		member  string
		code    string
		want    string
	}{
		{"payload, envelope", false, nil, "payload", "signature-invalid", "does not verify with the key"},
		{"signature, envelope", false, []string{"signatures"}, "sig", "signature-invalid", "does not verify with the key"},
		{"timestamps, envelope", false, []string{"signatures"}, "timestamps", "credential-not-active", "is over other bytes than the signature"},
		{"payload, bundle", true, []string{"dsseEnvelope"}, "payload", "signature-invalid", "does not verify with the key"},
		{"signature, bundle", true, []string{"dsseEnvelope", "signatures"}, "sig", "signature-invalid", "does not verify with the key"},
		{"timestamps, bundle", true, []string{"verificationMaterial"}, "timestampVerificationData", "signature-invalid", "is over other bytes than the signature"},
	} {
		t.Run(row.name, func(t *testing.T) {
			judge := func(d map[string]any) verify.Verdict {
				data, err := json.Marshal(d)
				if err != nil {
					t.Fatal(err)
				}
				return asked{model: ended}.judge(t, data)
			}
			patient := of(payload(), row.bundled)
			wants(t, judge(patient), "allow", "", "")
			in(patient, row.path...)[row.member] = in(of(other, row.bundled), row.path...)[row.member]
			wants(t, judge(patient), "deny", row.code, row.want)
		})
	}
}
