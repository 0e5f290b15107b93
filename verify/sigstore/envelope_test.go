package sigstore_test

import (
	"encoding/base64"
	"encoding/pem"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/sigstore/sigstoretest"
)

// TestEnvelope opens envelopes whose signature carries its certificate: never with a time.
func TestEnvelope(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	whole := s.TrustedRootJSON()
	ca := member(t, parsed(t, whole), "certificateAuthorities", 0, "certChain")["certificates"].([]any)
	intermediate := toPEM(t, ca[0].(map[string]any)["rawBytes"].(string))
	rootPEM := toPEM(t, ca[1].(map[string]any)["rawBytes"].(string))
	rootOnly := change(t, whole, func(d map[string]any) {
		chain := member(t, d, "certificateAuthorities", 0, "certChain")
		chain["certificates"] = chain["certificates"].([]any)[1:]
	})
	cert := func(f func(pem string) string) func(map[string]any) {
		return func(d map[string]any) {
			sig := member(t, d, "signatures", 0)
			sig["cert"] = f(sig["cert"].(string))
		}
	}
	rows := []struct {
		name string
		root []byte
		spec sigstoretest.Spec
		edit func(d map[string]any)
		code verify.Code
	}{
		{name: "signed"},
		{name: "any key id", edit: func(d map[string]any) { member(t, d, "signatures", 0)["keyid"] = "other" }},
		{name: "no embedded SCT", spec: sigstoretest.Spec{NoSCT: true}},
		{name: "with its intermediate", edit: cert(func(leaf string) string { return leaf + "\n" + intermediate })},
		{name: "up to the root by its intermediate", root: rootOnly, edit: cert(func(leaf string) string { return leaf + intermediate })},
		{name: "the root's intermediate missing", root: rootOnly, code: verify.CertificateInvalid},
		{name: "with a root of its own", edit: cert(func(leaf string) string { return leaf + intermediate + rootPEM }), code: verify.CertificateInvalid},
		{name: "the intermediate first", edit: cert(func(leaf string) string { return intermediate + leaf }), code: verify.CertificateInvalid},
		{name: "another deployment's", root: sigstoretest.New(t).TrustedRootJSON(), code: verify.CertificateInvalid},
		{name: "not PEM", edit: cert(func(string) string { return "x" }), code: verify.CertificateInvalid},
		{name: "text before", edit: cert(func(leaf string) string { return "x\n" + leaf }), code: verify.CertificateInvalid},
		{name: "text after", edit: cert(func(leaf string) string { return leaf + "x" }), code: verify.CertificateInvalid},
		{name: "a broken block first", edit: cert(func(leaf string) string {
			return "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n" + leaf
		}), code: verify.CertificateInvalid},
		{name: "another kind of block", edit: cert(func(leaf string) string { return strings.ReplaceAll(leaf, "CERTIFICATE", "PUBLIC KEY") }), code: verify.CertificateInvalid},
		{name: "another payload", edit: func(d map[string]any) {
			d["payload"] = base64.StdEncoding.EncodeToString([]byte(`{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"b","digest":{"sha256":"` +
				strings.Repeat("b", 64) + `"}}],"predicateType":"https://acme.test/p","predicate":{}}`))
		}, code: verify.SignatureInvalid},
		{name: "two subjects", spec: sigstoretest.Spec{MoreSubjects: []string{"a@acme.test"}}, code: verify.CertificateInvalid},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			row.spec.At = signedAt
			data := s.Envelope(t, row.spec)
			if row.edit != nil {
				data = change(t, data, row.edit)
			}
			if row.root == nil {
				row.root = whole
			}
			opened := open(t, opener(t, row.root), data)
			if row.code != "" {
				refused(t, opened, row.code)
				return
			}
			if p := proof(t, opened); !p.Certificate || len(p.Times) != 0 || !p.NotBefore.Equal(after(-5*time.Second)) {
				t.Errorf("proof %+v, want an untimed one", p)
			}
		})
	}
}

func toPEM(tb testing.TB, der string) string {
	tb.Helper()
	raw, err := base64.StdEncoding.DecodeString(der)
	if err != nil {
		tb.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}))
}

// TestEnvelopeOfMany opens each signature that carries a certificate, and leaves the others.
func TestEnvelopeOfMany(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	data := change(t, s.Envelope(t, sigstoretest.Spec{}), func(d map[string]any) {
		good := member(t, d, "signatures", 0)
		d["signatures"] = []any{
			map[string]any{"sig": "AAAA"},
			map[string]any{"sig": good["sig"], "cert": "junk"},
			good,
			map[string]any{"sig": "AAAA", "cert": good["cert"]},
		}
	})
	opened := open(t, opener(t, s.TrustedRootJSON()), data)
	if len(opened.Proofs) != 1 || opened.Proofs[0].Signature != 2 || opened.Checks != 2 {
		t.Errorf("proofs %+v, %d checks", opened.Proofs, opened.Checks)
	}
	if len(opened.Refusals) != 2 ||
		opened.Refusals[0].Signature != 1 || opened.Refusals[0].Code != verify.CertificateInvalid ||
		opened.Refusals[1].Signature != 3 || opened.Refusals[1].Code != verify.SignatureInvalid {
		t.Errorf("refusals %+v", opened.Refusals)
	}
}

// TestEnvelopeLimit holds that ten certificates are opened and eleven are not.
func TestEnvelopeLimit(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	many := func(n int) []byte {
		return change(t, s.Envelope(t, sigstoretest.Spec{}), func(d map[string]any) {
			var list []any
			for range n {
				list = append(list, at(t, d, "signatures", 0))
			}
			d["signatures"] = list
		})
	}
	o := opener(t, s.TrustedRootJSON())
	if opened := open(t, o, many(10)); len(opened.Proofs) != 10 {
		t.Errorf("10 certificates: %d proofs", len(opened.Proofs))
	}
	limit, ok := errors.AsType[*attest.LimitError](attest.Parse("test", many(11), attest.Limits{})[0].Err())
	if !ok || limit.Limit != "certificates" {
		t.Errorf("11 certificates: %v", limit)
	}
}
