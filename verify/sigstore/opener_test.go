package sigstore_test

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sigstore/sigstore-go/pkg/fulcio/certificate"

	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/sigstore"
	"github.com/surety-dev/surety/verify/sigstore/sigstoretest"
)

var signedAt = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)

// after is a time so long after signedAt, as sigstoretest's bundles show it.
func after(d time.Duration) time.Time { return signedAt.Add(d) }

// TestBundle opens bundles that hold, and asserts that plain sigstore-go takes what gets a time.
func TestBundle(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	private, key := newKey(t, "release")
	whole := s.TrustedRootJSON()
	withoutLogs := s.TrustedRootJSON(sigstoretest.TransparencyLogs, sigstoretest.CTLogs)
	rekor := "2026-03-01T10:00:00Z rekor " + sigstoretest.RekorURL
	stamp := "2026-03-01T10:00:00Z rfc3161 " + sigstoretest.TimestampURL
	rows := []struct {
		name   string
		root   []byte
		spec   sigstoretest.Spec
		bundle []byte // instead of the spec's
		times  []string
	}{
		{name: "Rekor v1", root: whole, times: []string{rekor}},
		{name: "Rekor v1 and timestamp", root: whole, spec: sigstoretest.Spec{Timestamps: []time.Time{signedAt, after(time.Second)}},
			times: []string{rekor, stamp, "2026-03-01T10:00:01Z rfc3161 " + sigstoretest.TimestampURL}},
		{name: "Rekor v2 and timestamp", root: whole, spec: sigstoretest.Spec{Log: sigstoretest.RekorV2}, times: []string{stamp}},
		{name: "timestamp alone, a root without logs", root: withoutLogs, spec: sigstoretest.Spec{Log: sigstoretest.NoLog, NoSCT: true}, times: []string{stamp}},
		{name: "log entry beside it, a root without logs", root: withoutLogs, spec: sigstoretest.Spec{Timestamps: []time.Time{signedAt}}, times: []string{stamp}},
		{name: "e-mail address", root: whole, spec: sigstoretest.Spec{Subject: "alice@acme.test"}, times: []string{rekor}},
		{name: "other name", root: whole, spec: sigstoretest.Spec{Subject: "build!acme.test"}, times: []string{rekor}},
		{name: "at notBefore", root: whole, spec: sigstoretest.Spec{NotBefore: signedAt}, times: []string{rekor}},
		{name: "at notAfter", root: whole, spec: sigstoretest.Spec{NotBefore: after(-time.Minute), Lifetime: time.Minute}, times: []string{rekor}},
		{name: "Rekor v1 without promise", root: whole, spec: sigstoretest.Spec{NoTime: true}, times: []string{}},
		{name: "Rekor v2 alone", root: whole, spec: sigstoretest.Spec{Log: sigstoretest.RekorV2, NoTime: true}, times: []string{}},
		{name: "nothing beside the certificate", root: whole, spec: sigstoretest.Spec{Log: sigstoretest.NoLog, NoTime: true}, times: []string{}},
		{name: "key", root: whole, bundle: s.KeyBundle(t, private, "release", sigstoretest.Spec{At: signedAt}), times: []string{rekor}},
		{name: "key in Rekor v2", root: whole, bundle: s.KeyBundle(t, private, "release", sigstoretest.Spec{At: signedAt, Log: sigstoretest.RekorV2}), times: []string{stamp}},
		{name: "key alone", root: whole, bundle: s.KeyBundle(t, private, "release", sigstoretest.Spec{At: signedAt, Log: sigstoretest.NoLog, NoTime: true}), times: []string{}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			data := row.bundle
			row.spec.At = signedAt
			if data == nil {
				data = s.Bundle(t, row.spec)
			}
			opened := open(t, opener(t, row.root), data, key)
			p := proof(t, opened)
			if opened.Checks != 1 {
				t.Errorf("%d checks, want 1", opened.Checks)
			}
			if diff := cmp.Diff(row.times, times(p)); diff != "" {
				t.Error(diff)
			}
			if row.bundle == nil {
				subject := row.spec.Subject
				if subject == "" {
					subject = "https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/v1.0.0"
				}
				notBefore := row.spec.NotBefore
				if notBefore.IsZero() {
					notBefore = after(-5 * time.Second)
				}
				got := []any{p.Certificate, p.NotBefore, p.Identity.Issuer, p.Identity.Subject}
				want := []any{true, notBefore, "https://token.actions.githubusercontent.com", subject}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Error(diff)
				}
			} else if p.Certificate || !p.NotBefore.IsZero() || p.Identity.Key != key.Fingerprint || p.Identity.Issuer != "" {
				t.Errorf("proof %+v, want the key's", p)
			}
			if err := plainly(row.root, data, key); err != nil && len(p.Times) > 0 {
				t.Errorf("sigstore-go refuses it: %v", err)
			}
		})
	}
}

// setExtension replaces Fulcio's extension in a template.
func setExtension(arc int, value []byte) func(*x509.Certificate) {
	return func(c *x509.Certificate) {
		for i := range c.ExtraExtensions {
			if c.ExtraExtensions[i].Id.Equal(sigstoretest.FulcioOID(arc)) {
				c.ExtraExtensions[i].Value = value
				return
			}
		}
		c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: sigstoretest.FulcioOID(arc), Value: value})
	}
}

// TestCertificateRefused gives each certificate one fault.
func TestCertificateRefused(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	san := asn1.ObjectIdentifier{2, 5, 29, 17}
	rows := []struct {
		name string
		spec sigstoretest.Spec
		says string
	}{
		{name: "signed before notBefore", spec: sigstoretest.Spec{NotBefore: after(time.Second)}, says: "does not chain"},
		{name: "signed after notAfter", spec: sigstoretest.Spec{NotBefore: after(-time.Minute), Lifetime: 59 * time.Second}, says: "does not chain"},
		{name: "one of two times after notAfter", spec: sigstoretest.Spec{Timestamps: []time.Time{signedAt, after(time.Hour)}}, says: "does not chain"},
		{name: "claimed time after notAfter", spec: sigstoretest.Spec{NotBefore: after(-time.Hour), NoTime: true}, says: "not valid at the log's"},
		{name: "no SCT", spec: sigstoretest.Spec{NoSCT: true}, says: "certificate transparency"},
		{name: "no SCT and no time", spec: sigstoretest.Spec{NoSCT: true, NoTime: true}, says: "certificate transparency"},
		{name: "an authority's", spec: sigstoretest.Spec{Template: func(c *x509.Certificate) {
			c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageDigitalSignature|x509.KeyUsageCertSign
		}}, says: "is an authority's"},
		{name: "no extended key usage", spec: sigstoretest.Spec{Template: func(c *x509.Certificate) { c.ExtKeyUsage = nil }}, says: "code signing"},
		{name: "for servers", spec: sigstoretest.Spec{Template: func(c *x509.Certificate) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		}}, says: "code signing"},
		{name: "for key agreement", spec: sigstoretest.Spec{Template: func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyAgreement }}, says: "digital signatures"},
		{name: "two subjects", spec: sigstoretest.Spec{MoreSubjects: []string{"https://github.com/evil/x"}}, says: "2 subject alternative names"},
		{name: "one subject twice", spec: sigstoretest.Spec{Subject: "a@acme.test", MoreSubjects: []string{"a@acme.test"}}, says: "2 subject alternative names"},
		{name: "two kinds of subject", spec: sigstoretest.Spec{MoreSubjects: []string{"a@acme.test"}}, says: "2 subject alternative names"},
		{name: "no subject", spec: sigstoretest.Spec{Template: func(c *x509.Certificate) {
			c.ExtraExtensions = slices.DeleteFunc(c.ExtraExtensions, func(e pkix.Extension) bool { return e.Id.Equal(san) })
		}}, says: "no subject alternative name"},
		{name: "a host", spec: sigstoretest.Spec{Template: func(c *x509.Certificate) {
			c.ExtraExtensions = slices.DeleteFunc(c.ExtraExtensions, func(e pkix.Extension) bool { return e.Id.Equal(san) })
			c.DNSNames = []string{"acme.test"}
		}}, says: "no URI, e-mail address"},
		{name: "a subject with a line break", spec: sigstoretest.Spec{Subject: "a@acme.test\n"}, says: "control character"},
		{name: "issuers differ", spec: sigstoretest.Spec{Template: setExtension(1, []byte("https://evil.test"))}, says: "issuers differ"},
		{name: "no issuer", spec: sigstoretest.Spec{Template: func(c *x509.Certificate) { c.ExtraExtensions = c.ExtraExtensions[:1] }}, says: "issuer is empty"},
		{name: "DER where text is due", spec: sigstoretest.Spec{Template: setExtension(5, sigstoretest.UTF8String("acme/payments"))}, says: "is DER where raw text is due"},
		{name: "text where DER is due", spec: sigstoretest.Spec{Template: setExtension(12, []byte("https://github.com/acme/payments"))}, says: "is not one DER UTF8String"},
		{name: "DER and more", spec: sigstoretest.Spec{Template: setExtension(12, append(sigstoretest.UTF8String("x"), 0))}, says: "is not one DER UTF8String"},
		{name: "not UTF-8", spec: sigstoretest.Spec{Template: setExtension(5, []byte{0xff, 0xfe})}, says: "is not UTF-8"},
		{name: "another kind of string", spec: sigstoretest.Spec{Template: setExtension(12, []byte{0x13, 1, 'x'})}, says: "is not one DER UTF8String"},
		{name: "one extension twice", spec: sigstoretest.Spec{Template: func(c *x509.Certificate) {
			twice := pkix.Extension{Id: sigstoretest.FulcioOID(12), Value: sigstoretest.UTF8String("https://github.com/acme/payments")}
			c.ExtraExtensions = append(c.ExtraExtensions, twice, twice)
		}}, says: "duplicate extension"},
	}
	o := opener(t, s.TrustedRootJSON())
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			row.spec.At = signedAt
			opened := open(t, o, s.Bundle(t, row.spec))
			refused(t, opened, verify.CertificateInvalid)
			if len(opened.Refusals) > 0 && !strings.Contains(opened.Refusals[0].Message, row.says) {
				t.Errorf("message %q, want it to say %q", opened.Refusals[0].Message, row.says)
			}
		})
	}
}

// TestTransplant moves each part of one valid bundle into another (abuse case 9).
func TestTransplant(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	o := opener(t, s.TrustedRootJSON())
	material, entry := "verificationMaterial", []any{"verificationMaterial", "tlogEntries", 0}
	stamps := []any{material, "timestampVerificationData", "rfc3161Timestamps", 0}
	v1, v2 := sigstoretest.Spec{At: signedAt}, sigstoretest.Spec{At: signedAt, Log: sigstoretest.RekorV2}
	rows := []struct {
		name   string
		spec   sigstoretest.Spec
		path   []any
		member string
	}{
		{"signature", v1, []any{"dsseEnvelope", "signatures", 0}, "sig"},
		{"certificate", v1, []any{material, "certificate"}, "rawBytes"},
		{"payload", v1, []any{"dsseEnvelope"}, "payload"},
		{"envelope", v1, nil, "dsseEnvelope"},
		{"log entry", v1, []any{material}, "tlogEntries"},
		{"log entry's body", v1, entry, "canonicalizedBody"},
		{"log entry's promise", v1, entry, "inclusionPromise"},
		{"log entry's proof", v1, entry, "inclusionProof"},
		{"checkpoint", v1, append(slices.Clone(entry), "inclusionProof"), "checkpoint"},
		{"Rekor v2 entry", v2, []any{material}, "tlogEntries"},
		{"Rekor v2 entry's body", v2, entry, "canonicalizedBody"},
		{"Rekor v2 checkpoint", v2, append(slices.Clone(entry), "inclusionProof"), "checkpoint"},
		{"the only timestamp", v2, stamps, "signedTimestamp"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			donor, patient := row.spec, row.spec
			donor.Statement = []byte(`{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"b","digest":{"sha256":"` +
				strings.Repeat("b", 64) + `"}}],"predicateType":"https://acme.test/p","predicate":{}}`)
			organ := member(t, parsed(t, s.Bundle(t, donor)), row.path...)[row.member]
			data := change(t, s.Bundle(t, patient), func(document map[string]any) {
				member(t, document, row.path...)[row.member] = organ
			})
			refused(t, open(t, o, data), verify.SignatureInvalid)
		})
	}
}

// parsed decodes a document.
func parsed(tb testing.TB, data []byte) map[string]any {
	tb.Helper()
	var document map[string]any
	change(tb, data, func(d map[string]any) { document = d })
	return document
}

// TestBundleRefused gives each bundle one fault beside its certificate.
func TestBundleRefused(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	_, key := newKey(t, "release")
	whole := s.TrustedRootJSON()
	entry := func(d map[string]any) map[string]any { return member(t, d, "verificationMaterial", "tlogEntries", 0) }
	rows := []struct {
		name string
		root []byte
		spec sigstoretest.Spec
		edit func(d map[string]any)
		code verify.Code
	}{
		{name: "log entry left out beside a timestamp", spec: sigstoretest.Spec{Log: sigstoretest.NoLog}, code: verify.SignatureInvalid},
		{name: "log entry of no known log", edit: func(d map[string]any) {
			entry(d)["logId"] = map[string]any{"keyId": base64.StdEncoding.EncodeToString(make([]byte, 32))}
		}, code: verify.SignatureInvalid},
		{name: "log entry twice", edit: func(d map[string]any) {
			member(t, d, "verificationMaterial")["tlogEntries"] = []any{entry(d), entry(d)}
		}, code: verify.SignatureInvalid},
		{name: "time changed under the promise", edit: func(d map[string]any) { entry(d)["integratedTime"] = "1772359201" }, code: verify.SignatureInvalid},
		{name: "no checkpoint", edit: func(d map[string]any) { delete(member(t, entry(d), "inclusionProof"), "checkpoint") }, code: verify.SignatureInvalid},
		{name: "a checkpoint of any size", edit: func(d map[string]any) {
			checkpoint := member(t, entry(d), "inclusionProof", "checkpoint")
			lines := strings.SplitAfter(checkpoint["envelope"].(string), "\n")
			checkpoint["envelope"] = strings.Join(lines, "") + strings.Repeat(lines[len(lines)-2], 10_000)
		}, code: verify.SignatureInvalid},
		{name: "no proof", edit: func(d map[string]any) { delete(entry(d), "inclusionProof") }, code: verify.SignatureInvalid},
		{name: "an unknown kind", edit: func(d map[string]any) {
			entry(d)["kindVersion"] = map[string]any{"kind": "rekord", "version": "0.0.1"}
		}, code: verify.SignatureInvalid},
		{name: "no timestamp authority for the only time", root: s.TrustedRootJSON(sigstoretest.TimestampAuthorities),
			spec: sigstoretest.Spec{Log: sigstoretest.RekorV2}, code: verify.SignatureInvalid},
		{name: "a Rekor v2 entry with a promise", spec: sigstoretest.Spec{Log: sigstoretest.RekorV2}, edit: func(d map[string]any) {
			entry(d)["inclusionPromise"] = map[string]any{"signedEntryTimestamp": "MAYCAQECAQE="}
		}, code: verify.SignatureInvalid},
		{name: "no authority in the root", root: s.TrustedRootJSON(sigstoretest.CertificateAuthorities), code: verify.CertificateInvalid},
		{name: "another deployment", root: sigstoretest.New(t).TrustedRootJSON(), code: verify.CertificateInvalid},
		{name: "a chain in version 0.3", edit: func(d map[string]any) {
			m := member(t, d, "verificationMaterial")
			m["x509CertificateChain"] = map[string]any{"certificates": []any{m["certificate"]}}
			delete(m, "certificate")
		}, code: verify.CertificateInvalid},
		{name: "no promise in version 0.1", spec: sigstoretest.Spec{NoTime: true}, edit: func(d map[string]any) {
			d["mediaType"] = "application/vnd.dev.sigstore.bundle+json;version=0.1"
		}, code: verify.SignatureInvalid},
		{name: "not a certificate", edit: func(d map[string]any) {
			member(t, d, "verificationMaterial", "certificate")["rawBytes"] = "AAAA"
		}, code: verify.CertificateInvalid},
		{name: "a member no bundle has", edit: func(d map[string]any) { d["other"] = 1 }, code: verify.EvidenceUnreadable},
		{name: "a member no entry has", edit: func(d map[string]any) { entry(d)["other"] = 1 }, code: verify.EvidenceUnreadable},
		{name: "a key's, of a certificate's signature", edit: func(d map[string]any) {
			m := member(t, d, "verificationMaterial")
			m["publicKey"] = map[string]any{"hint": "release"}
			delete(m, "certificate")
		}, code: verify.SignatureInvalid},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			row.spec.At = signedAt
			data := s.Bundle(t, row.spec)
			if row.edit != nil {
				data = change(t, data, row.edit)
			}
			if row.root == nil {
				row.root = whole
			}
			refused(t, open(t, opener(t, row.root), data, key), row.code)
			if err := plainly(row.root, data, key); err == nil {
				t.Log("sigstore-go takes it")
			}
		})
	}
}

// TestWindows ends each of a root's services before the signature, or begins it after (abuse case 48).
func TestWindows(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	rows := []struct {
		name string
		spec sigstoretest.Spec
		part sigstoretest.Part
		key  bool // the window stands beside the key
		code verify.Code
	}{
		{"log, under a promise", sigstoretest.Spec{}, sigstoretest.TransparencyLogs, true, verify.SignatureInvalid},
		{"log, proof alone", sigstoretest.Spec{NoTime: true}, sigstoretest.TransparencyLogs, true, verify.SignatureInvalid},
		{"Rekor v2 log", sigstoretest.Spec{Log: sigstoretest.RekorV2}, sigstoretest.TransparencyLogs, true, verify.SignatureInvalid},
		{"certificate transparency log", sigstoretest.Spec{}, sigstoretest.CTLogs, true, verify.CertificateInvalid},
		{"certificate authority", sigstoretest.Spec{}, sigstoretest.CertificateAuthorities, false, verify.CertificateInvalid},
		{"certificate authority, untimed", sigstoretest.Spec{NoTime: true}, sigstoretest.CertificateAuthorities, false, verify.CertificateInvalid},
		{"timestamp authority", sigstoretest.Spec{Log: sigstoretest.RekorV2}, sigstoretest.TimestampAuthorities, false, verify.SignatureInvalid},
	}
	for _, row := range rows {
		for _, window := range []struct{ name, member, time string }{
			{"ended", "end", "2026-03-01T09:59:00Z"},
			{"not begun", "start", "2026-03-01T10:01:00Z"},
		} {
			if window.member == "start" && row.part == sigstoretest.TransparencyLogs && row.name != "log, under a promise" {
				continue // an entry may be made long after the signature
			}
			t.Run(row.name+", "+window.name, func(t *testing.T) {
				t.Parallel()
				rootJSON := change(t, s.TrustedRootJSON(), func(d map[string]any) {
					for _, service := range at(t, d, string(row.part)).([]any) {
						holder := service.(map[string]any)
						if row.key {
							holder = member(t, service, "publicKey")
						}
						valid := map[string]any{"start": "2020-01-01T00:00:00Z"}
						valid[window.member] = window.time
						holder["validFor"] = valid
					}
				})
				spec := row.spec
				spec.At = signedAt
				refused(t, open(t, opener(t, rootJSON), s.Bundle(t, spec)), row.code)
			})
		}
	}
}

// TestTimestampPassedOver holds that a timestamp nobody known made does no harm beside a log's time.
func TestTimestampPassedOver(t *testing.T) {
	t.Parallel()
	s, other := sigstoretest.New(t), sigstoretest.New(t)
	foreign := member(t, parsed(t, other.Bundle(t, sigstoretest.Spec{At: signedAt, Log: sigstoretest.NoLog})),
		"verificationMaterial", "timestampVerificationData", "rfc3161Timestamps", 0)
	data := change(t, s.Bundle(t, sigstoretest.Spec{At: signedAt}), func(d map[string]any) {
		member(t, d, "verificationMaterial")["timestampVerificationData"] = map[string]any{"rfc3161Timestamps": []any{foreign}}
	})
	p := proof(t, open(t, opener(t, s.TrustedRootJSON()), data))
	if diff := cmp.Diff([]string{"2026-03-01T10:00:00Z rekor " + sigstoretest.RekorURL}, times(p)); diff != "" {
		t.Error(diff)
	}
	if err := plainly(s.TrustedRootJSON(), data); err != nil {
		t.Errorf("sigstore-go refuses it: %v", err)
	}
}

// TestHostileTimestamp holds that what would cost the timestamp library much is refused before it.
func TestHostileTimestamp(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	o := opener(t, s.TrustedRootJSON())
	rows := []struct {
		name     string
		response []byte
		says     string
	}{
		{"empty", nil, "not a time-stamp response"},
		{"nested without end", slices.Repeat([]byte{0x30, 0x80}, 30_000), "not DER"},
		{"nested too deep", nest(200), "not DER"},
		{"over its size", make([]byte, 64<<10+1), "over 65536"},
		{"an answer without token", []byte{0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02}, "not a time-stamp response"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			data := change(t, s.Bundle(t, sigstoretest.Spec{At: signedAt, Timestamps: []time.Time{signedAt}}), func(d map[string]any) {
				member(t, d, "verificationMaterial", "timestampVerificationData", "rfc3161Timestamps", 0)["signedTimestamp"] = base64.StdEncoding.EncodeToString(row.response)
			})
			opened := open(t, o, data)
			refused(t, opened, verify.SignatureInvalid)
			if len(opened.Refusals) > 0 && !strings.Contains(opened.Refusals[0].Message, row.says) {
				t.Errorf("message %q, want it to say %q", opened.Refusals[0].Message, row.says)
			}
		})
	}
}

// TestForeignTimestamps holds how many timestamps that nobody known made are passed over.
func TestForeignTimestamps(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	stamps := func(n int) []byte {
		foreign := at(t, parsed(t, sigstoretest.New(t).Bundle(t, sigstoretest.Spec{At: signedAt, Log: sigstoretest.NoLog})),
			"verificationMaterial", "timestampVerificationData", "rfc3161Timestamps", 0)
		return change(t, s.Bundle(t, sigstoretest.Spec{At: signedAt}), func(d map[string]any) {
			member(t, d, "verificationMaterial")["timestampVerificationData"] = map[string]any{"rfc3161Timestamps": slices.Repeat([]any{foreign}, n)}
		})
	}
	o := opener(t, s.TrustedRootJSON())
	proof(t, open(t, o, stamps(4)))
	refused(t, open(t, o, stamps(5)), verify.SignatureInvalid)
}

// nest gives sequences within sequences.
func nest(depth int) []byte {
	var der []byte
	for range depth {
		der, _ = asn1.Marshal(asn1.RawValue{Tag: asn1.TagSequence, IsCompound: true, Bytes: der})
	}
	return der
}

// TestClaims holds that every claim of a certificate is read, by sigstore-go's names and ours.
func TestClaims(t *testing.T) {
	t.Parallel()
	want := map[string]string{"deploymentEnvironment": "production", "tokenSubject": "repo:acme/payments:environment:production"}
	extensions := reflect.TypeFor[certificate.Extensions]()
	for i := range extensions.NumField() {
		name, _, _ := strings.Cut(extensions.Field(i).Tag.Get("json"), ",")
		if name != "issuer" {
			want[name] = "the " + name + " of ünïcode"
		}
	}
	if len(want) != 21 {
		t.Errorf("%d claims, want 21", len(want))
	}
	s := sigstoretest.New(t)
	p := proof(t, open(t, opener(t, s.TrustedRootJSON()), s.Bundle(t, sigstoretest.Spec{Claims: want})))
	if diff := cmp.Diff(want, p.Identity.Claims); diff != "" {
		t.Error(diff)
	}
}

// TestIssuerOfOldForm holds that a certificate with .1 alone has its issuer from there.
func TestIssuerOfOldForm(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	data := s.Bundle(t, sigstoretest.Spec{Template: func(c *x509.Certificate) {
		c.ExtraExtensions = slices.DeleteFunc(c.ExtraExtensions, func(e pkix.Extension) bool {
			return e.Id.Equal(sigstoretest.FulcioOID(8))
		})
	}})
	if p := proof(t, open(t, opener(t, s.TrustedRootJSON()), data)); p.Identity.Issuer != "https://token.actions.githubusercontent.com" {
		t.Errorf("issuer %q", p.Identity.Issuer)
	}
}

// TestRoots holds that each root is tried by itself, in whatever order they come.
func TestRoots(t *testing.T) {
	t.Parallel()
	s, other := sigstoretest.New(t), sigstoretest.New(t)
	data := s.Bundle(t, sigstoretest.Spec{})
	mixed := change(t, s.TrustedRootJSON(), func(d map[string]any) {
		d["tlogs"] = parsed(t, other.TrustedRootJSON())["tlogs"]
	})
	without := s.TrustedRootJSON(sigstoretest.CertificateAuthorities)
	rows := []struct {
		name  string
		roots []sigstore.Root
		code  verify.Code
	}{
		{name: "among others", roots: []sigstore.Root{{ID: "a", JSON: other.TrustedRootJSON()}, {ID: "b", JSON: s.TrustedRootJSON()}}},
		{name: "an issuer accepted", roots: []sigstore.Root{{ID: "a", JSON: s.TrustedRootJSON(), Issuers: []string{"https://other.test", "https://token.actions.githubusercontent.com"}}}},
		{name: "an issuer not accepted", roots: []sigstore.Root{{ID: "a", JSON: s.TrustedRootJSON(), Issuers: []string{"https://token.actions.githubusercontent.com/"}}}, code: verify.CertificateInvalid},
		{name: "another root's logs", roots: []sigstore.Root{{ID: "a", JSON: mixed}}, code: verify.SignatureInvalid},
		{name: "one's authority and another's logs", roots: []sigstore.Root{{ID: "a", JSON: mixed}, {ID: "b", JSON: without}}, code: verify.SignatureInvalid},
		{name: "none", code: verify.CertificateInvalid},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			for range 2 {
				slices.Reverse(row.roots)
				o, err := sigstore.New(row.roots...)
				if err != nil {
					t.Fatal(err)
				}
				if row.code != "" {
					refused(t, open(t, o, data), row.code)
					continue
				}
				proof(t, open(t, o, data))
			}
		})
	}
}

// TestTimedRootPreferred holds that a root which vouches for a time is taken before one that does not.
func TestTimedRootPreferred(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	o, err := sigstore.New(
		sigstore.Root{ID: "a", JSON: s.TrustedRootJSON(sigstoretest.TransparencyLogs, sigstoretest.TimestampAuthorities)},
		sigstore.Root{ID: "b", JSON: s.TrustedRootJSON()})
	if err != nil {
		t.Fatal(err)
	}
	if p := proof(t, open(t, o, s.Bundle(t, sigstoretest.Spec{}))); len(p.Times) != 1 {
		t.Errorf("times %v", times(p))
	}
}

// TestNew holds that a root which cannot be used is named.
func TestNew(t *testing.T) {
	t.Parallel()
	good := sigstoretest.New(t).TrustedRootJSON()
	rows := []struct {
		name  string
		roots []sigstore.Root
		id    string
	}{
		{"no id", []sigstore.Root{{JSON: good}}, ""},
		{"one id twice", []sigstore.Root{{ID: "a", JSON: good}, {ID: "a", JSON: good}}, "a"},
		{"an empty issuer", []sigstore.Root{{ID: "a", JSON: good, Issuers: []string{""}}}, "a"},
		{"nothing", []sigstore.Root{{ID: "a"}}, "a"},
		{"null", []sigstore.Root{{ID: "a", JSON: []byte("null")}}, "a"},
		{"not JSON", []sigstore.Root{{ID: "ok", JSON: good}, {ID: "a", JSON: []byte("{")}}, "a"},
		{"another document", []sigstore.Root{{ID: "a", JSON: []byte(`{"mediaType":"application/json"}`)}}, "a"},
		{"a null certificate authority", []sigstore.Root{{ID: "a", JSON: change(t, good, func(d map[string]any) { d["certificateAuthorities"] = []any{map[string]any{}} })}}, "a"},
		{"a log without key", []sigstore.Root{{ID: "a", JSON: change(t, good, func(d map[string]any) { delete(member(t, d, "tlogs", 0), "publicKey") })}}, "a"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			o, err := sigstore.New(row.roots...)
			var rootErr *sigstore.RootError
			if !errors.As(err, &rootErr) || rootErr.ID != row.id || o != nil {
				t.Errorf("New gives %v and %v, want an error about %q", o, err, row.id)
			}
		})
	}
}

// TestTrust holds that the roots are named by id and digest, in one order.
func TestTrust(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	a, b := sigstore.Root{ID: "a", JSON: s.TrustedRootJSON()}, sigstore.Root{ID: "b", JSON: sigstoretest.New(t).TrustedRootJSON()}
	one, err := sigstore.New(a, b)
	if err != nil {
		t.Fatal(err)
	}
	two, err := sigstore.New(b, a)
	if err != nil {
		t.Fatal(err)
	}
	got := one.Trust()
	if diff := cmp.Diff(two.Trust(), got); diff != "" {
		t.Error(diff)
	}
	if len(got) != 2 || got[0].ID != "a" || !strings.HasPrefix(got[0].Digest, "sha256:") || len(got[0].Digest) != 71 {
		t.Errorf("trust %+v", got)
	}
}

// TestOpens holds which items are this opener's.
func TestOpens(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	bundle, envelope := s.Bundle(t, sigstoretest.Spec{}), s.Envelope(t, sigstoretest.Spec{})
	bare := change(t, envelope, func(d map[string]any) { delete(member(t, d, "signatures", 0), "cert") })
	npm := []byte(`{"attestations":[{"predicateType":"https://slsa.dev/provenance/v1","bundle":` + string(bundle) + `}]}`)
	rows := []struct {
		name string
		data []byte
		want bool
	}{
		{"bundle", bundle, true},
		{"npm element", npm, true},
		{"envelope with a certificate", envelope, true},
		{"bare envelope", bare, false},
		{"unreadable", []byte("{"), false},
	}
	o := opener(t, s.TrustedRootJSON())
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			it := item(t, row.data)
			if got := o.Opens(it); got != row.want {
				t.Errorf("Opens is %v, want %v", got, row.want)
			}
			opened, err := o.Open(t.Context(), it, nil)
			if err != nil || (len(opened.Proofs) == 1) != row.want {
				t.Errorf("opened %+v, %v", opened, err)
			}
		})
	}
	if o.Opens(nil) {
		t.Error("opens nothing")
	}
}

// TestCancelled holds that a cancelled context gives its error and no proof.
func TestCancelled(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, data := range [][]byte{s.Bundle(t, sigstoretest.Spec{}), s.Envelope(t, sigstoretest.Spec{})} {
		opened, err := opener(t, s.TrustedRootJSON()).Open(ctx, item(t, data), nil)
		if !errors.Is(err, context.Canceled) || len(opened.Proofs) != 0 {
			t.Errorf("opened %+v, %v", opened, err)
		}
	}
}

// TestConcurrent holds that one opener opens one item alike for many goroutines.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	o := opener(t, s.TrustedRootJSON())
	it := item(t, s.Bundle(t, sigstoretest.Spec{Timestamps: []time.Time{signedAt}, At: signedAt, Subject: "build!acme.test"}))
	want, err := o.Open(t.Context(), it, nil)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			got, err := o.Open(t.Context(), it, nil)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
	wg.Wait()
}
