package sigstore_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/sigstore"
	"github.com/surety-dev/surety/verify/sigstore/sigstoretest"
)

// This file holds the containers of PyPI and of GitHub's releases: their signatures verify as those of the bundles
// they are, and no part of one passes in another.

// pypi is the attestation object of PyPI that a bundle is.
func pypi(t *testing.T, bundle []byte) []byte {
	t.Helper()
	d := parsed(t, bundle)
	material := member(t, d, "verificationMaterial")
	data, err := json.Marshal(map[string]any{
		"version": 1,
		"verification_material": map[string]any{
			"certificate":          at(t, material, "certificate", "rawBytes"),
			"transparency_entries": material["tlogEntries"],
		},
		"envelope": map[string]any{"statement": at(t, d, "dsseEnvelope", "payload"), "signature": at(t, d, "dsseEnvelope", "signatures", 0, "sig")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// provenanceOf is an index's document of one attestation, with a publisher that says another thing.
func provenanceOf(attestation []byte) []byte {
	return fmt.Appendf(nil, `{"version":1,"attestation_bundles":[{"publisher":{"kind":"GitHub","repository":"evil/hello"},"attestations":[%s]}]}`, attestation)
}

// TestPyPI: an attestation of PyPI proves what its bundle does, and the same alone as in an index's document.
func TestPyPI(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	o := opener(t, s.TrustedRootJSON())
	spec := alice(boundary)
	spec.Claims = map[string]string{"runnerEnvironment": "github-hosted"}
	bundle := s.Bundle(t, spec)
	want := proof(t, open(t, o, bundle))
	for name, data := range map[string][]byte{"alone": pypi(t, bundle), "in a provenance": provenanceOf(pypi(t, bundle))} {
		if diff := cmp.Diff(want, proof(t, open(t, o, data))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		v := judge(t, s, judgedModel, boundary.Add(time.Hour), data)
		wants(t, v, "allow", "")
		if text, _ := v.JSON(); v.Inputs.Evidence[0].Format != "pypi-attestation" || strings.Contains(string(text), "evil") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// TestPyPIRefused gives a signed attestation of PyPI one fault each.
func TestPyPIRefused(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	o := opener(t, s.TrustedRootJSON())
	other := alice(boundary)
	other.Statement = statement("c")
	donor := parsed(t, pypi(t, s.Bundle(t, other)))
	const material, envelope, entries = "verification_material", "envelope", "transparency_entries"
	transplant := func(path []any, name string) func(map[string]any) {
		return func(d map[string]any) { member(t, d, path...)[name] = member(t, donor, path...)[name] }
	}
	flip := func(path []any, name string) func(map[string]any) {
		return func(d map[string]any) {
			m := member(t, d, path...)
			text := []byte(m[name].(string))
			if text[40] = 'A'; m[name] == string(text) {
				text[40] = 'B'
			}
			m[name] = string(text)
		}
	}
	entry := []any{material, entries, 0}
	for _, row := range []struct {
		name string
		spec sigstoretest.Spec
		edit func(map[string]any)
		code verify.Code
	}{
		{"another's statement", alice(boundary), transplant([]any{envelope}, "statement"), verify.SignatureInvalid},
		{"another's signature", alice(boundary), transplant([]any{envelope}, "signature"), verify.SignatureInvalid},
		{"another's envelope", alice(boundary), transplant(nil, envelope), verify.SignatureInvalid},
		{"another's certificate", alice(boundary), transplant([]any{material}, "certificate"), verify.SignatureInvalid},
		{"another's material", alice(boundary), transplant(nil, material), verify.SignatureInvalid},
		{"another's entries", alice(boundary), transplant([]any{material}, entries), verify.SignatureInvalid},
		{"another's entry body", alice(boundary), transplant(entry, "canonicalizedBody"), verify.SignatureInvalid},
		{"another's promise", alice(boundary), transplant(entry, "inclusionPromise"), verify.SignatureInvalid},
		{"another's proof", alice(boundary), transplant(entry, "inclusionProof"), verify.SignatureInvalid},
		{"altered signature", alice(boundary), flip([]any{envelope}, "signature"), verify.SignatureInvalid},
		{"altered entry", alice(boundary), flip(entry, "canonicalizedBody"), verify.SignatureInvalid},
		{"another time under the promise", alice(boundary), func(d map[string]any) { member(t, d, entry...)["integratedTime"] = "1772359201" }, verify.SignatureInvalid},
		{"an entry of no log", alice(boundary), func(d map[string]any) {
			member(t, d, entry...)["logId"] = map[string]any{"keyId": strings.Repeat("A", 43) + "="}
		}, verify.SignatureInvalid},
		{"an entry without proof", alice(boundary), func(d map[string]any) { delete(member(t, d, entry...), "inclusionProof") }, verify.SignatureInvalid},
		{"an entry twice", alice(boundary), func(d map[string]any) {
			member(t, d, material)[entries] = []any{member(t, d, entry...), member(t, d, entry...)}
		}, verify.SignatureInvalid},
		{"an entry of unknown fields", alice(boundary), func(d map[string]any) { member(t, d, entry...)["other"] = 1 }, verify.EvidenceUnreadable},
		{"no certificate at all", alice(boundary), func(d map[string]any) { member(t, d, material)["certificate"] = "AAAA" }, verify.CertificateInvalid},
		{"two names in the certificate", sigstoretest.Spec{At: boundary, Statement: statement("b"), MoreSubjects: []string{"https://github.com/evil/x"}}, nil, verify.CertificateInvalid},
		{"no promise of a certificate log", sigstoretest.Spec{At: boundary, Statement: statement("b"), NoSCT: true}, nil, verify.CertificateInvalid},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			data := pypi(t, s.Bundle(t, row.spec))
			if row.edit != nil {
				data = change(t, data, row.edit)
			}
			refused(t, open(t, o, data), row.code)
			refused(t, open(t, o, provenanceOf(data)), row.code)
		})
	}
	refused(t, open(t, opener(t, sigstoretest.New(t).TrustedRootJSON()), pypi(t, s.Bundle(t, alice(boundary)))), verify.CertificateInvalid)

	untimed := alice(boundary)
	untimed.Log = sigstoretest.RekorV2 // whose time PyPI has no place for
	data := pypi(t, s.Bundle(t, untimed))
	if p := proof(t, open(t, o, data)); len(p.Times) != 0 {
		t.Errorf("times %v", times(p))
	}
	wants(t, judge(t, s, judgedModel, boundary.Add(time.Hour), data), "indeterminate", "no-trusted-time")
}

// TestRealPyPI: a real signature verifies as an attestation of PyPI too.
func TestRealPyPI(t *testing.T) {
	t.Parallel()
	o := opener(t, realFile(t, "trust/trusted-root-public-good.json"))
	bundle := realFile(t, "bcr/MODULE.bazel.intoto.jsonl")
	want := proof(t, open(t, o, bundle))
	if diff := cmp.Diff(want, proof(t, open(t, o, pypi(t, bundle)))); diff != "" {
		t.Error(diff)
	}
}

const githubReleases = "https://dotcom.releases.github.com"

// releaseSpec is a release attestation as GitHub makes it: a certificate of a year, with a name and nothing else of
// Fulcio's, a timestamp and no log entry.
func releaseSpec(at time.Time) sigstoretest.Spec {
	return sigstoretest.Spec{
		Subject: githubReleases, Statement: statement("b"), At: at, NotBefore: at.AddDate(0, -3, 0), Lifetime: 365 * 24 * time.Hour,
		Log: sigstoretest.NoLog, NoSCT: true, Template: nameOnly,
	}
}

// nameOnly leaves a certificate none of Fulcio's extensions but its name.
func nameOnly(c *x509.Certificate) {
	c.ExtraExtensions = slices.DeleteFunc(c.ExtraExtensions, func(e pkix.Extension) bool { return !e.Id.Equal(asn1.ObjectIdentifier{2, 5, 29, 17}) })
}

// releaseModel is a model whose credential is GitHub's name for releases under a root of its own.
const releaseModel = `apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
people:
  - {id: erin, from: 2026-01-01T00:00:00Z}
teams:
  - {id: security, members: [{person: erin}], contacts: {page: "pager:security"}}
vendors:
  - {id: github, internalOwner: security, contractOwner: security}
credentials:
  - {id: github-releases, holder: github, owner: security, revokers: [security], identity: {authority: github, uri: "` + githubReleases + `"}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
grants:
  - {to: github, may: [build], artifacts: ["pkg:generic/payments/**"]}
controls:
  - {control: publisher-identity, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: certificate-issuance, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: key-lifecycle, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: release-policy, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: monitoring, artifacts: ["**"], accountable: security, responsible: [security]}
trust:
  sigstore:
    - {id: github, owner: security, file: github.json, issuers: ["https://token.actions.githubusercontent.com"]}
    - {id: public-good, owner: security, file: public.json}
`

// releases judges under a model with GitHub's root, which has no logs, and one with logs.
func releases(t *testing.T, model string, github, public []byte, at time.Time, evidence ...[]byte) verify.Verdict {
	t.Helper()
	m, err := ownership.Load(fstest.MapFS{"o.yaml": {Data: []byte(model)}, "github.json": {Data: github}, "public.json": {Data: public}}, "o.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return judgeModel(t, m, judgedPolicy, sigstore.FromModel(m), at, evidence...)
}

// TestGitHubRelease: without log entry a bundle stands only under a root without logs, by a timestamp of that root.
func TestGitHubRelease(t *testing.T) {
	t.Parallel()
	github, public := sigstoretest.New(t), sigstoretest.New(t)
	own := github.TrustedRootJSON(sigstoretest.TransparencyLogs, sigstoretest.CTLogs)
	good := github.Bundle(t, releaseSpec(boundary))
	later := boundary.AddDate(1, 0, 0) // long after the certificate

	p := proof(t, open(t, opener(t, own, "https://token.actions.githubusercontent.com"), good))
	if diff := cmp.Diff(ownership.Identity{Authority: "root", NameType: "uri", Subject: githubReleases}, p.Identity); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"2026-06-01T12:00:00Z rfc3161 " + sigstoretest.TimestampURL}, times(p)); diff != "" {
		t.Error(diff)
	}
	if err := plainly(own, good); err != nil {
		t.Errorf("sigstore-go refuses it: %v", err)
	}
	wants(t, releases(t, releaseModel, own, public.TrustedRootJSON(), later, good), "allow", "")
	element := fmt.Appendf(nil, `{"attestations":[{"bundle":%s,"repository_id":1}]}`, good)
	wants(t, releases(t, releaseModel, own, public.TrustedRootJSON(), later, element), "allow", "")

	spec := func(edit func(*sigstoretest.Spec)) []byte {
		s := releaseSpec(boundary)
		edit(&s)
		return github.Bundle(t, s)
	}
	altered := func(edit func(map[string]any)) []byte { return change(t, good, edit) }
	donor := parsed(t, github.Bundle(t, func() sigstoretest.Spec { s := releaseSpec(boundary); s.Statement = statement("c"); return s }()))
	stamps := []any{"verificationMaterial", "timestampVerificationData", "rfc3161Timestamps", 0}
	elsewhere := changed(t, releaseModel, "authority: github", "authority: public-good")
	for _, row := range []struct {
		name     string
		model    string
		root     []byte
		evidence []byte
		decision string
		code     string
	}{
		{"a root with logs", "", github.TrustedRootJSON(), good, "deny", "certificate-invalid"},
		{"a root with a log of signatures", "", github.TrustedRootJSON(sigstoretest.CTLogs), good, "deny", "certificate-invalid"},
		{"a root with a log of certificates", "", github.TrustedRootJSON(sigstoretest.TransparencyLogs), good, "deny", "certificate-invalid"},
		{"a root without timestamp authorities", "", github.TrustedRootJSON(sigstoretest.TransparencyLogs, sigstoretest.CTLogs, sigstoretest.TimestampAuthorities), good, "deny", "signature-invalid"},
		{"the timestamps of another root", "", otherAuthorities(t, own, public.TrustedRootJSON()), good, "deny", "signature-invalid"},
		{"the credential under another root", elsewhere, own, good, "deny", "signer-unknown"},
		{"another name", "", own, spec(func(s *sigstoretest.Spec) { s.Subject = "https://tenant.releases.github.com" }), "deny", "signer-unknown"},
		{"the name as e-mail address", "", own, spec(func(s *sigstoretest.Spec) { s.Subject = "dotcom@releases.github.com" }), "deny", "signer-unknown"},
		{"Fulcio's own kind of name", "", own, spec(func(s *sigstoretest.Spec) { s.Subject = "dotcom" }), "deny", "certificate-invalid"},
		{"an issuer beside the name", "", own, spec(func(s *sigstoretest.Spec) { s.Template = nil }), "deny", "signer-unknown"},
		{"claims without issuer", "", own, spec(func(s *sigstoretest.Spec) {
			s.Template = func(c *x509.Certificate) {
				nameOnly(c)
				c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: sigstoretest.FulcioOID(12), Value: sigstoretest.UTF8String("https://github.com/acme/payments")})
			}
		}), "deny", "certificate-invalid"},
		{"two names", "", own, spec(func(s *sigstoretest.Spec) { s.MoreSubjects = []string{"https://github.com/evil"} }), "deny", "certificate-invalid"},
		{"stamped after the certificate", "", own, spec(func(s *sigstoretest.Spec) { s.Timestamps = []time.Time{boundary.AddDate(1, 0, 0)} }), "deny", "certificate-invalid"},
		{"no timestamp", "", own, spec(func(s *sigstoretest.Spec) { s.NoTime = true }), "indeterminate", "no-trusted-time"},
		{"an entry of no log instead", "", own, spec(func(s *sigstoretest.Spec) { s.Log = sigstoretest.RekorV1 }), "indeterminate", "no-trusted-time"},
		{"another's timestamp", "", own, altered(func(d map[string]any) {
			member(t, d, stamps...)["signedTimestamp"] = at(t, donor, append(slices.Clone(stamps), "signedTimestamp")...)
		}), "deny", "signature-invalid"},
		{"another's statement", "", own, altered(func(d map[string]any) {
			member(t, d, "dsseEnvelope")["payload"] = at(t, donor, "dsseEnvelope", "payload")
		}), "deny", "signature-invalid"},
		{"another's certificate", "", own, altered(func(d map[string]any) {
			member(t, d, "verificationMaterial")["certificate"] = at(t, donor, "verificationMaterial", "certificate")
		}), "deny", "signature-invalid"},
		{"another deployment", "", own, public.Bundle(t, releaseSpec(boundary)), "deny", "certificate-invalid"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if row.model == "" {
				row.model = releaseModel
			}
			wants(t, releases(t, row.model, row.root, public.TrustedRootJSON(), later, row.evidence), row.decision, row.code)
		})
	}
}

// TestLogsNeverWaived: what GitHub's root allows is not allowed to others: beside it, a bundle of a root with logs needs
// its log entry as before.
func TestLogsNeverWaived(t *testing.T) {
	t.Parallel()
	github, public := sigstoretest.New(t), sigstoretest.New(t)
	own := github.TrustedRootJSON(sigstoretest.TransparencyLogs, sigstoretest.CTLogs)
	model := changed(t, judgedModel, "grants:\n", "trust:\n  sigstore: [{id: github, file: github.json}, {id: public-good, file: public.json}]\ngrants:\n")
	wants(t, releases(t, model, own, public.TrustedRootJSON(), boundary, public.Bundle(t, alice(boundary))), "allow", "")
	unlogged := alice(boundary)
	unlogged.Log = sigstoretest.NoLog
	wants(t, releases(t, model, own, public.TrustedRootJSON(), boundary, public.Bundle(t, unlogged)), "deny", "signature-invalid")
	unlogged.NoSCT = true
	wants(t, releases(t, model, own, public.TrustedRootJSON(), boundary, public.Bundle(t, unlogged)), "deny", "certificate-invalid")
	// an authority that is in a file with logs needs them, whoever's they are
	merged := otherAuthorities(t, public.TrustedRootJSON(sigstoretest.CertificateAuthorities), own)
	merged = change(t, merged, func(d map[string]any) { d["certificateAuthorities"] = parsed(t, own)["certificateAuthorities"] })
	wants(t, releases(t, releaseModel, merged, public.TrustedRootJSON(), boundary, github.Bundle(t, releaseSpec(boundary))), "deny", "certificate-invalid")
}

// otherAuthorities is a root with the timestamp authorities of another.
func otherAuthorities(t *testing.T, root, other []byte) []byte {
	t.Helper()
	return change(t, root, func(d map[string]any) { d["timestampAuthorities"] = parsed(t, other)["timestampAuthorities"] })
}
