package sigstore_test

import (
	"encoding/base64"
	"testing"
	"time"

	"github.com/surety-dev/surety/internal/fixture/pki"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/sigstore/sigstoretest"
	"github.com/surety-dev/surety/verify/timestamp"
)

// TestClock: timestamps of the model's own authorities count beside a root's, in bundles and beside the
// signatures of envelopes, which nothing else vouches for.
func TestClock(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	moment := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	root := pki.Root("tsa-root")
	tsa := root.Timestamper("tsa")
	clock, err := timestamp.New(timestamp.Authority{ID: "corp-tsa", PEM: []byte(pki.PEM(root))})
	if err != nil {
		t.Fatal(err)
	}
	stamped := func(spec sigstoretest.Spec, by pki.Holder) []byte {
		return change(t, s.Envelope(t, spec), func(d map[string]any) {
			signature := at(t, d, "signatures", 0).(map[string]any)
			sig, err := base64.StdEncoding.DecodeString(signature["sig"].(string))
			if err != nil {
				t.Fatal(err)
			}
			token := by.Token(sig, pki.Stamp{At: moment})
			signature["timestamps"] = []any{map[string]any{"type": "tsp", "data": token}}
		})
	}
	bundled := change(t, s.Bundle(t, sigstoretest.Spec{Log: sigstoretest.NoLog}), func(d map[string]any) {
		sig, err := base64.StdEncoding.DecodeString(at(t, d, "dsseEnvelope", "signatures", 0, "sig").(string))
		if err != nil {
			t.Fatal(err)
		}
		material := d["verificationMaterial"].(map[string]any)
		material["timestampVerificationData"] = map[string]any{"rfc3161Timestamps": []any{
			map[string]any{"signedTimestamp": pki.Response(0, tsa.Token(sig, pki.Stamp{At: moment}))}}}
	})
	logless := s.TrustedRootJSON(sigstoretest.TransparencyLogs)
	honest, foreign := stamped(sigstoretest.Spec{}, tsa), stamped(sigstoretest.Spec{}, pki.Root("stranger").Timestamper("x"))
	for _, row := range []struct {
		name  string
		root  []byte
		clock verify.Clock
		data  []byte
		code  verify.Code // "": proven
		timed bool
	}{
		{"an envelope", logless, clock, honest, "", true},
		{"an envelope without a clock has no time", logless, nil, honest, "", false},
		{"an envelope under a root with logs", s.TrustedRootJSON(), clock, honest, verify.SignatureInvalid, false},
		{"a stranger's timestamp", logless, clock, foreign, verify.SignatureInvalid, false},
		{"a stranger's timestamp, and no clock", logless, nil, foreign, "", false},
		{"a time before the certificate", logless, clock, stamped(sigstoretest.Spec{NotBefore: moment.Add(time.Second)}, tsa), verify.CertificateInvalid, false},
		{"a time after it", logless, clock, stamped(sigstoretest.Spec{NotBefore: moment.Add(-time.Hour), Lifetime: time.Minute}, tsa), verify.CertificateInvalid, false},
		{"no promise of the certificate log", logless, clock, stamped(sigstoretest.Spec{NoSCT: true}, tsa), verify.CertificateInvalid, false},
		{"a bundle", logless, clock, bundled, "", true},
		{"a bundle without a clock", logless, nil, bundled, verify.SignatureInvalid, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			out := open(t, opener(t, row.root).WithClock(row.clock), row.data)
			if row.code != "" {
				refused(t, out, row.code)
				return
			}
			if len(out.Proofs) != 1 || (len(out.Proofs[0].Times) == 1) != row.timed {
				t.Fatalf("%+v", out)
			}
			if row.timed && out.Proofs[0].Times[0] != (verify.TrustedTime{At: moment, Source: "rfc3161", Authority: "corp-tsa"}) {
				t.Errorf("%+v", out.Proofs[0].Times)
			}
		})
	}
	if trust := opener(t, logless).WithClock(clock).Trust(); len(trust) != 2 || trust[1].ID != "corp-tsa" {
		t.Errorf("trust %+v", trust)
	}
}
