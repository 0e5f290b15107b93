package sigstore_test

import (
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/internal/fixture/pki"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/sigstore"
	"github.com/surety-dev/surety/verify/sigstore/sigstoretest"
)

// This file holds the abuse cases of what stands beside a signature: that it is about this signature, and of
// whom the root trusts.

// says asserts that a verdict denies for a code, with a part of its message.
func says(t *testing.T, v verify.Verdict, code, want string) {
	t.Helper()
	wants(t, v, "deny", code)
	for _, f := range v.Findings {
		if string(f.Code) == code && strings.Contains(f.Message, want) {
			return
		}
	}
	t.Errorf("no finding says %q: %+v", want, v.Findings)
}

func certifiedTwice(t *testing.T, s *sigstoretest.Sigstore) {
	roots := []sigstore.Root{{ID: "root", JSON: s.TrustedRootJSON()}}
	model := changed(t, judgedModel, "members: [{person: alice}]", "members: [{person: alice}, {person: erin}]",
		"grants:\n", "  - {id: erin-identity, holder: erin, owner: security, identity: {issuer: \"https://accounts.acme.test\", subject: \"erin@acme.test\"}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\ngrants:\n")
	two := changed(t, judgedPolicy, "duty: build}", "duty: build, min: 2}")
	of := func(person, key string) []byte {
		spec := alice(boundary)
		spec.Subject, spec.Key = person+"@acme.test", key
		return s.Bundle(t, spec)
	}
	again := func(data []byte) []byte { return append([]byte(" "), data...) }
	wants(t, judgeBy(t, roots, model, two, evaluated, of("alice", "a"), of("erin", "b")), "allow", "")
	wants(t, judgeBy(t, roots, model, two, evaluated, of("alice", "a"), again(of("alice", "a"))), "deny", "")
	wants(t, judgeBy(t, roots, model, two, evaluated, of("alice", "a"), of("alice", "b")), "deny", "")
	for _, evidence := range [][][]byte{{of("alice", "a"), of("erin", "a")}, {of("erin", "a"), of("alice", "a"), of("alice", "a")}} {
		says(t, judgeBy(t, roots, model, two, evaluated, evidence...), "credential-ambiguous", "one key counts for one holder")
	}
	// a certificate besides takes nothing from two who have a key each
	wants(t, judgeBy(t, roots, model, two, evaluated, of("alice", "a"), of("erin", "b"), of("alice", "b")), "allow", "")
}

func transplants(t *testing.T, s *sigstoretest.Sigstore) {
	material, entry := "verificationMaterial", []any{"verificationMaterial", "tlogEntries", 0}
	for _, row := range []struct {
		name   string
		log    sigstoretest.Log
		path   []any
		member string
	}{
		{"signature", sigstoretest.RekorV1, []any{"dsseEnvelope", "signatures", 0}, "sig"},
		{"certificate", sigstoretest.RekorV1, []any{material, "certificate"}, "rawBytes"},
		{"payload", sigstoretest.RekorV1, []any{"dsseEnvelope"}, "payload"},
		{"log entry", sigstoretest.RekorV1, []any{material}, "tlogEntries"},
		{"promise", sigstoretest.RekorV1, entry, "inclusionPromise"},
		{"log entry without a time", sigstoretest.RekorV2, []any{material}, "tlogEntries"},
		{"timestamp", sigstoretest.RekorV2, []any{material, "timestampVerificationData", "rfc3161Timestamps", 0}, "signedTimestamp"},
	} {
		patient, donor := alice(boundary), alice(boundary)
		patient.Log, donor.Log = row.log, row.log
		donor.Statement = append([]byte(" "), donor.Statement...)
		organ := member(t, parsed(t, s.Bundle(t, donor)), row.path...)[row.member]
		bundle := s.Bundle(t, patient)
		wants(t, judge(t, s, judgedModel, evaluated, bundle), "allow", "")
		for form, data := range forms(t, change(t, bundle, func(d map[string]any) { member(t, d, row.path...)[row.member] = organ })) {
			if !judge(t, s, judgedModel, evaluated, data).Admits() {
				wantsRefusal(t, judge(t, s, judgedModel, evaluated, data), verify.SignatureInvalid, row.name+", "+form)
				continue
			}
			t.Errorf("%s, %s: admitted", row.name, form)
		}
	}
}

// forgedTimestamps: what a root says of its timestamp authorities, with the signer's certificate or without.
func forgedTimestamps(t *testing.T, s *sigstoretest.Sigstore) {
	root := pki.Root("tsa-root")
	tsa := root.Timestamper("tsa")
	mallory := pki.Root("mallory", func(c *x509.Certificate) { c.Subject = root.Certificate.Subject })
	forged := mallory.Timestamper("forged", func(c *x509.Certificate) {
		c.SerialNumber, c.Subject = tsa.Certificate.SerialNumber, tsa.Certificate.Subject
	})
	tls := root.Timestamper("tls", func(c *x509.Certificate) { c.ExtraExtensions = []pkix.Extension{pki.Usage(false, 1)} })
	careless := root.Timestamper("careless", func(c *x509.Certificate) { c.ExtraExtensions = []pkix.Extension{pki.Usage(false, 8)} })
	ended := root.Timestamper("ended", pki.Valid(pki.Begin(), boundary.Add(-time.Second)))
	authority := root.Intermediate("authority", func(c *x509.Certificate) { c.ExtraExtensions = []pkix.Extension{pki.Usage(true, 8)} })
	by := func(h pki.Holder, stamp pki.Stamp) func([]byte) []byte {
		stamp.At = boundary
		return func(sig []byte) []byte { return pki.Response(0, h.Token(sig, stamp)) }
	}
	bag := func(holders ...pki.Holder) []*x509.Certificate {
		var all []*x509.Certificate
		for _, h := range holders {
			all = append(all, h.Certificate)
		}
		return all
	}
	good := by(tsa, pki.Stamp{})
	for chain, certificates := range map[string][]pki.Holder{"the signer and its root": {tsa, root}, "the root alone": {root}} {
		rootJSON := change(t, s.TrustedRootJSON(sigstoretest.TransparencyLogs), func(d map[string]any) {
			var list []any
			for _, c := range certificates {
				list = append(list, map[string]any{"rawBytes": c.Certificate.Raw})
			}
			member(t, d, "timestampAuthorities", 0, "certChain")["certificates"] = list
		})
		roots := []sigstore.Root{{ID: "root", JSON: rootJSON}}
		stamped := func(tokens ...func([]byte) []byte) []byte {
			spec := alice(boundary)
			spec.Log, spec.NoTime = sigstoretest.NoLog, true
			return change(t, s.Bundle(t, spec), func(d map[string]any) {
				sig, err := base64.StdEncoding.DecodeString(at(t, d, "dsseEnvelope", "signatures", 0, "sig").(string))
				if err != nil {
					t.Fatal(err)
				}
				var list []any
				for _, token := range tokens {
					list = append(list, map[string]any{"signedTimestamp": token(sig)})
				}
				member(t, d, "verificationMaterial")["timestampVerificationData"] = map[string]any{"rfc3161Timestamps": list}
			})
		}
		wants(t, judgeUnder(t, roots, judgedModel, evaluated, stamped(good)), "allow", "")
		for name, token := range map[string]func([]byte) []byte{
			"forged certificate first in the bag":    by(forged, pki.Stamp{Named: tsa.Certificate, Bag: bag(forged, tsa)}),
			"honest certificate first, forged signs": by(forged, pki.Stamp{Bag: bag(tsa, forged)}),
			"its root comes along":                   by(forged, pki.Stamp{Bag: bag(forged, mallory)}),
			"TLS certificate as authority":           by(tls, pki.Stamp{}),
			"a usage that is not critical":           by(careless, pki.Stamp{}),
			"a certificate that had ended":           by(ended, pki.Stamp{}),
			"an authority as signer":                 by(authority, pki.Stamp{}),
			"over other bytes":                       func([]byte) []byte { return good([]byte("other")) },
			"over the payload":                       func([]byte) []byte { return good(statement("b")) },
			"a wrong imprint":                        by(tsa, pki.Stamp{Imprint: make([]byte, 32)}),
			"an imprint of SHA-1":                    by(tsa, pki.Stamp{Hash: crypto.SHA1}),
			"signed over SHA-1":                      by(tsa, pki.Stamp{Digest: crypto.SHA1}),
			"two signers":                            by(tsa, pki.Stamp{Signers: 2}),
			"other content":                          by(tsa, pki.Stamp{Content: []int{1, 2, 840, 113549, 1, 7, 1}}),
			"an accuracy without end":                by(tsa, pki.Stamp{Accuracy: [3]int64{1 << 40, 0, 0}}),
			"an accuracy below zero":                 by(tsa, pki.Stamp{Accuracy: [3]int64{-1, 0, 0}}),
			"a response not granted":                 func(sig []byte) []byte { return pki.Response(2, tsa.Token(sig, pki.Stamp{At: boundary})) },
		} {
			t.Run(name+", "+chain, func(t *testing.T) {
				wants(t, judgeUnder(t, roots, judgedModel, evaluated, stamped(token)), "deny", "signature-invalid")
			})
		}
		// what vouches for a time vouches for no earlier one: a credential that ended within the accuracy had ended
		ending := changed(t, judgedModel, "states: [{state: active, from: 2026-01-01T00:00:00Z}]", "states: [{state: active, from: 2026-01-01T00:00:00Z}, {state: deactivated, from: 2026-06-01T12:00:02Z}]")
		wants(t, judgeUnder(t, roots, ending, evaluated, stamped(good)), "allow", "")
		wants(t, judgeUnder(t, roots, ending, evaluated, stamped(by(tsa, pki.Stamp{Accuracy: [3]int64{1, 999, 999}}))), "allow", "")
		wants(t, judgeUnder(t, roots, ending, evaluated, stamped(by(tsa, pki.Stamp{Accuracy: [3]int64{2, 0, 0}}))), "deny", "credential-not-active")
		// two of one authority are one time, and the certificate must be valid at each that is said
		twice := open(t, opener(t, rootJSON), stamped(good, good))
		if p := proof(t, twice); len(p.Times) != 1 {
			t.Errorf("%+v", p.Times)
		}
		early := func(sig []byte) []byte {
			return pki.Response(0, tsa.Token(sig, pki.Stamp{At: boundary.Add(-time.Hour)}))
		}
		says(t, judgeUnder(t, roots, judgedModel, evaluated, stamped(good, early)), "certificate-invalid", "does not chain to root at 2026-06-01T11:00:00Z")
		soon := func(sig []byte) []byte {
			return pki.Response(0, tsa.Token(sig, pki.Stamp{At: boundary.Add(-time.Minute), Accuracy: [3]int64{61, 0, 0}}))
		}
		says(t, judgeUnder(t, roots, judgedModel, evaluated, stamped(soon)), "certificate-invalid", "does not chain to root at 2026-06-01T11:59:00Z")
	}
}

// foreignEntries: a valid log entry is evidence only of what it is about.
func foreignEntries(t *testing.T, s *sigstoretest.Sigstore) {
	for _, log := range []sigstoretest.Log{sigstoretest.RekorV1, sigstoretest.RekorV2} {
		mine := alice(boundary)
		mine.Log = log
		for name, edit := range map[string]func(*sigstoretest.Spec){
			"another signature of the same statement": func(*sigstoretest.Spec) {},
			"another statement":                       func(sp *sigstoretest.Spec) { sp.Statement = statement("other") },
			"another signer":                          func(sp *sigstoretest.Spec) { sp.Subject = "mallory@acme.test" },
		} {
			other := mine
			edit(&other)
			entries := member(t, parsed(t, s.Bundle(t, other)), "verificationMaterial")["tlogEntries"]
			data := change(t, s.Bundle(t, mine), func(d map[string]any) { member(t, d, "verificationMaterial")["tlogEntries"] = entries })
			t.Run(name, func(t *testing.T) {
				says(t, judge(t, s, judgedModel, evaluated, data), "signature-invalid", "log entry 0 does not verify under root")
			})
		}
	}
}

// wrongLogs: entries of kinds nobody knows, of logs the root does not have or no longer has, and checkpoints
// that the log did not sign.
func wrongLogs(t *testing.T, s *sigstoretest.Sigstore) {
	bundle := s.Bundle(t, alice(boundary))
	edited := func(edit func(entry map[string]any)) []byte {
		return change(t, bundle, func(d map[string]any) { edit(member(t, d, "verificationMaterial", "tlogEntries", 0)) })
	}
	kind := func(kind, version string) []byte {
		return edited(func(e map[string]any) { e["kindVersion"] = map[string]any{"kind": kind, "version": version} })
	}
	other := sigstoretest.New(t)
	foreign := member(t, parsed(t, other.Bundle(t, alice(boundary))), "verificationMaterial")["tlogEntries"]
	for name, row := range map[string]struct {
		data []byte
		want string
	}{
		"a kind nobody knows":    {kind("unheard-of", "0.0.1"), "log entry 0 says it is"},
		"a version nobody knows": {kind("dsse", "9.9.9"), "log entry 0 says it is"},
		"a checkpoint that is not signed": {edited(func(e map[string]any) {
			c := member(t, e, "inclusionProof", "checkpoint")
			lines := strings.SplitAfter(c["envelope"].(string), "\n")
			c["envelope"] = strings.Join(lines[:len(lines)-2], "")
		}), "log entry 0"},
		"a checkpoint of another log": {edited(func(e map[string]any) {
			member(t, e, "inclusionProof")["checkpoint"] = member(t, foreign.([]any)[0], "inclusionProof")["checkpoint"]
		}), "log entry 0 does not verify"},
		"an entry of a log the root does not have": {change(t, bundle, func(d map[string]any) { member(t, d, "verificationMaterial")["tlogEntries"] = foreign }), "no entry of a transparency log of root"},
		"a log's id of another's making": {edited(func(e map[string]any) {
			e["logId"] = map[string]any{"keyId": base64.StdEncoding.EncodeToString([]byte("mallory"))}
		}), "no entry of a transparency log of root"},
	} {
		t.Run(name, func(t *testing.T) {
			says(t, judge(t, s, judgedModel, evaluated, row.data), "signature-invalid", row.want)
		})
	}
	// the log's key outside its window
	for name, valid := range map[string]map[string]any{
		"ended": {"start": "2020-01-01T00:00:00Z", "end": "2026-06-01T11:59:59Z"}, "not begun": {"start": "2026-06-01T12:00:01Z"},
	} {
		rootJSON := change(t, s.TrustedRootJSON(), func(d map[string]any) { member(t, d, "tlogs", 0, "publicKey")["validFor"] = valid })
		t.Run(name, func(t *testing.T) {
			says(t, judgeUnder(t, []sigstore.Root{{ID: "root", JSON: rootJSON}}, judgedModel, evaluated, bundle), "signature-invalid", "log entry 0 does not verify under root")
		})
	}
}
