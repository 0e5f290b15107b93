package sigstore_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/sigstore"
	"github.com/surety-dev/surety/verify/sigstore/sigstoretest"
)

// This file judges bundles: the tables of design §4.7-4.9 with signing times that a log or a
// timestamp authority vouches for.

const (
	artifactName   = "pkg:generic/payments/api@1.4.2"
	artifactDigest = "aa00000000000000000000000000000000000000000000000000000000000000"
	judgedModel    = `apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
people:
  - {id: alice, from: 2026-01-01T00:00:00Z}
  - {id: erin, from: 2026-01-01T00:00:00Z}
teams:
  - {id: builders, members: [{person: alice}]}
  - {id: security, members: [{person: erin}], contacts: {page: "pager:security"}}
credentials:
  - {id: alice-identity, holder: alice, owner: security, identity: {issuer: "https://accounts.acme.test", subject: "alice@acme.test"}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
grants:
  - {to: builders, may: [build], artifacts: ["pkg:generic/payments/**"]}
controls:
  - {control: publisher-identity, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: certificate-issuance, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: key-lifecycle, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: release-policy, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: monitoring, artifacts: ["**"], accountable: security, responsible: [security]}
`
	judgedPolicy = `apiVersion: surety.dev/v1alpha1
kind: Policy
metadata: {name: payments, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
artifacts: ["pkg:generic/payments/**"]
evidence:
  - {name: provenance, predicateTypes: ["https://slsa.dev/provenance/v1"], duty: build}
rules:
  - {id: built, about: provenance, expression: "it.provenance.builder == 'b'"}
`
)

// boundary is the moment the tables move around.
var boundary = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func statement(builder string) []byte {
	data, _ := json.Marshal(map[string]any{
		"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://slsa.dev/provenance/v1",
		"subject":   []any{map[string]any{"name": "api", "digest": map[string]any{"sha256": artifactDigest}}},
		"predicate": map[string]any{"runDetails": map[string]any{"builder": map[string]any{"id": builder}}},
	})
	return data
}

// alice signs a statement at a time, logged in Rekor v1 unless the spec says otherwise.
func alice(at time.Time) sigstoretest.Spec {
	return sigstoretest.Spec{Issuer: "https://accounts.acme.test", Subject: "alice@acme.test", Statement: statement("b"), At: at}
}

// judge gives the verdict of a model and the policy on bundles.
func judge(t *testing.T, s *sigstoretest.Sigstore, model string, at time.Time, evidence ...[]byte) verify.Verdict {
	t.Helper()
	return judgeUnder(t, []sigstore.Root{{ID: "root", JSON: s.TrustedRootJSON()}}, model, at, evidence...)
}

// judgeUnder is judge under other roots.
func judgeUnder(t *testing.T, roots []sigstore.Root, model string, at time.Time, evidence ...[]byte) verify.Verdict {
	t.Helper()
	return judgeBy(t, roots, model, judgedPolicy, at, evidence...)
}

// judgeBy is judge under other roots, by another policy.
func judgeBy(t *testing.T, roots []sigstore.Root, model, rules string, at time.Time, evidence ...[]byte) verify.Verdict {
	t.Helper()
	m, err := ownership.Load(fstest.MapFS{"o.yaml": {Data: []byte(model)}}, "o.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return judgeModel(t, m, rules, roots, at, evidence...)
}

// judgeModel is judgeBy with a model that is loaded.
func judgeModel(t *testing.T, m *ownership.Model, rules string, roots []sigstore.Root, at time.Time, evidence ...[]byte) verify.Verdict {
	t.Helper()
	p, err := policy.Load(fstest.MapFS{"p.yaml": {Data: []byte(rules)}}, "p.yaml")
	if err != nil {
		t.Fatal(err)
	}
	o, err := sigstore.New(roots...)
	if err != nil {
		t.Fatal(err)
	}
	v, err := verify.New(m, p, verify.Config{Openers: []verify.Opener{o}})
	if err != nil {
		t.Fatal(err)
	}
	a, err := attest.NewArtifact(artifactName, attest.Digests{"sha256": artifactDigest})
	if err != nil {
		t.Fatal(err)
	}
	r := verify.Request{Artifact: a, At: at}
	for _, e := range evidence {
		r.Evidence = append(r.Evidence, attest.Parse("bundle", e, attest.Limits{})...)
	}
	verdict, err := v.Verify(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return verdict
}

// wants asserts the decision and the code that refuses, beside evidence-missing and what only explains
// it; "" for an allow.
func wants(t *testing.T, v verify.Verdict, decision, code string) {
	t.Helper()
	var codes []string
	for _, f := range v.Findings {
		if f.Severity <= verify.SeverityIndeterminate && f.Code != verify.EvidenceMissing && f.Code != verify.ThresholdUnreachable && !slices.Contains(codes, string(f.Code)) {
			codes = append(codes, string(f.Code))
		}
	}
	if v.Decision.String() != decision || strings.Join(codes, " ") != code {
		t.Errorf("%s %v, want %s %s\n%+v", v.Decision, codes, decision, code, v.Findings)
	}
}

func changed(t *testing.T, document string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(document, pairs[i]) {
			t.Fatalf("the document has no %q", pairs[i])
		}
		document = strings.Replace(document, pairs[i], pairs[i+1], 1)
	}
	return document
}

const (
	active = "states: [{state: active, from: 2026-01-01T00:00:00Z}]"
	moment = "2026-06-01T12:00:00Z" // the boundary
	later  = "2026-09-01T00:00:00Z"
	lastly = "2027-01-01T00:00:00Z" // when it is judged
)

// states gives the credential states after the first active one.
func states(more string) []string {
	return []string{active, "states: [{state: active, from: 2026-01-01T00:00:00Z}, " + more + "]"}
}

// TestSigningTime is the tables of §4.8 and §4.9: signing times at -1 s, 0 and +1 s of each boundary.
func TestSigningTime(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	const ok = ""
	tests := []struct {
		name              string
		change            []string
		before, at, after string
	}{
		{"activation", []string{active, "states: [{state: active, from: " + moment + "}]"}, "credential-not-active", ok, ok},
		{"revoked, superseded", states("{state: revoked, from: " + moment + ", reason: superseded}"), ok, "credential-revoked", "credential-revoked"},
		{"revoked, affiliation-changed", states("{state: revoked, from: " + moment + ", reason: affiliation-changed}"), ok, "credential-revoked", "credential-revoked"},
		{"revoked, cessation-of-operation", states("{state: revoked, from: " + moment + ", reason: cessation-of-operation}"), ok, "credential-revoked", "credential-revoked"},
		{"revoked, privilege-withdrawn", states("{state: revoked, from: " + moment + ", reason: privilege-withdrawn}"), ok, "credential-revoked", "credential-revoked"},
		{"revoked, unspecified", states("{state: revoked, from: " + moment + ", reason: unspecified}"), ok, "credential-revoked", "credential-revoked"},
		{"revoked, no reason", states("{state: revoked, from: " + moment + "}"), ok, "credential-revoked", "credential-revoked"},
		{"revoked, key-compromise", states("{state: revoked, from: " + moment + ", reason: key-compromise}"), "signed-after-compromise", "credential-revoked", "credential-revoked"},
		{"revoked, ca-compromise", states("{state: revoked, from: " + moment + ", reason: ca-compromise}"), "signed-after-compromise", "credential-revoked", "credential-revoked"},
		{"compromised", states("{state: compromised, from: " + moment + "}"), "signed-after-compromise", "credential-revoked", "credential-revoked"},
		{"invalidFrom of a revocation", states("{state: revoked, from: " + later + ", reason: key-compromise, invalidFrom: " + moment + "}"), ok, "signed-after-compromise", "signed-after-compromise"},
		{"invalidFrom of a compromise", states("{state: compromised, from: " + later + ", invalidFrom: " + moment + "}"), ok, "signed-after-compromise", "signed-after-compromise"},
		{"invalidFrom of a superseded one", states("{state: revoked, from: " + later + ", reason: superseded, invalidFrom: " + moment + "}"), ok, "signed-after-compromise", "signed-after-compromise"},
		{"deactivated", states("{state: deactivated, from: " + moment + "}"), ok, "credential-not-active", "credential-not-active"},
		{"destroyed", states("{state: destroyed, from: " + moment + "}"), ok, "credential-not-active", "credential-not-active"},
		{"suspension begins", states("{state: suspended, from: " + moment + "}"), ok, "credential-suspended", "credential-suspended"},
		{"suspension ends", states("{state: suspended, from: 2026-03-01T00:00:00Z}, {state: active, from: " + moment + "}"), "credential-suspended", ok, ok},
		{"revoked after a suspension", states("{state: suspended, from: 2026-03-01T00:00:00Z}, {state: revoked, from: " + moment + ", reason: superseded}"), "credential-suspended", "credential-revoked", "credential-revoked"},
		{"destroyed after a revocation", states("{state: revoked, from: " + moment + ", reason: superseded}, {state: destroyed, from: " + later + "}"), ok, "credential-revoked", "credential-revoked"},
		{"a state that has not come", states("{state: revoked, from: 2027-06-01T00:00:00Z, reason: key-compromise}"), ok, ok, ok},
		{"a state that comes as it is judged", states("{state: revoked, from: " + lastly + ", reason: key-compromise}"), "signed-after-compromise", "signed-after-compromise", "signed-after-compromise"},
		{"the person comes", []string{"{id: alice, from: 2026-01-01T00:00:00Z}", "{id: alice, from: " + moment + "}"}, "signer-departed", ok, ok},
		{"the person leaves", []string{"{id: alice, from: 2026-01-01T00:00:00Z}", "{id: alice, from: 2026-01-01T00:00:00Z, until: " + moment + "}"}, ok, "signer-departed", "signer-departed"},
		{"the membership begins", []string{"{person: alice}", "{person: alice, from: " + moment + "}"}, "signer-role-changed", ok, ok},
		{"the membership ends", []string{"{person: alice}", "{person: alice, until: " + moment + "}"}, ok, "signer-role-changed", "signer-role-changed"},
		{"the grant begins", []string{"may: [build],", "may: [build], from: " + moment + ","}, "signer-not-granted", ok, ok},
		{"the grant ends", []string{"may: [build],", "may: [build], until: " + moment + ","}, ok, "signer-not-granted", "signer-not-granted"},
	}
	bundles := map[int][]byte{}
	for _, offset := range []int{-1, 0, 1} {
		bundles[offset] = s.Bundle(t, alice(boundary.Add(time.Duration(offset)*time.Second)))
	}
	judgedAt, err := time.Parse(time.RFC3339, lastly)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			model := changed(t, judgedModel, tt.change...)
			for offset, code := range map[int]string{-1: tt.before, 0: tt.at, 1: tt.after} {
				t.Run(fmt.Sprintf("%+d s", offset), func(t *testing.T) {
					if v := judge(t, s, model, judgedAt, bundles[offset]); code == ok {
						wants(t, v, "allow", "")
					} else {
						wants(t, v, "deny", code)
					}
				})
			}
		})
	}
}

// TestTwoWorlds is each way to be undecided, and what is not: §4.1 and §4.8.
func TestTwoWorlds(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	at := boundary.Add(time.Hour)
	good := s.Bundle(t, alice(boundary))
	untimed := alice(boundary)
	untimed.NoTime = true
	none := s.Bundle(t, untimed)
	t.Run("timed", func(t *testing.T) { t.Parallel(); wants(t, judge(t, s, judgedModel, at, good), "allow", "") })
	t.Run("timestamped", func(t *testing.T) {
		t.Parallel()
		spec := alice(boundary)
		spec.Log = sigstoretest.RekorV2
		v := judge(t, s, judgedModel, at, s.Bundle(t, spec))
		wants(t, v, "allow", "")
		if v.Signers[0].SignedAt.Source != "rfc3161" {
			t.Errorf("source %q", v.Signers[0].SignedAt.Source)
		}
	})
	t.Run("no trusted time, whatever the time of evaluation", func(t *testing.T) {
		t.Parallel()
		for _, at := range []time.Time{at, boundary, boundary.AddDate(1, 0, 0)} {
			v := judge(t, s, judgedModel, at, none)
			if v.Decision != verify.Indeterminate || v.Marks.Time != verify.Unknown || v.Inputs.Evidence[0].Status != verify.Undecided || len(v.Signers) != 0 {
				t.Errorf("%s %+v %+v", v.Decision, v.Marks, v.Inputs.Evidence)
			}
		}
	})
	t.Run("undecided beside decided is no matter", func(t *testing.T) {
		t.Parallel()
		wants(t, judge(t, s, judgedModel, at, none, good), "allow", "")
	})
	t.Run("undecided of a stranger is discarded", func(t *testing.T) {
		t.Parallel()
		other := untimed
		other.Subject = "mallory@acme.test"
		wants(t, judge(t, s, judgedModel, at, s.Bundle(t, other)), "deny", "signer-unknown")
	})
	t.Run("judged at its notBefore, it is discarded", func(t *testing.T) {
		t.Parallel()
		gone := changed(t, judgedModel, "{id: alice, from: 2026-01-01T00:00:00Z}", "{id: alice, from: 2026-01-01T00:00:00Z, until: 2026-05-01T00:00:00Z}")
		wants(t, judge(t, s, gone, at, none), "deny", "signer-departed")
	})
	t.Run("a time after the evaluation", func(t *testing.T) {
		t.Parallel()
		wants(t, judge(t, s, judgedModel, boundary.Add(-time.Second), good), "deny", "signed-after-evaluation")
		wants(t, judge(t, s, judgedModel, boundary, good), "allow", "")
	})
}

// TestAbuse holds the abuse cases that need certificates, by number.
func TestAbuse(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	at := boundary.Add(time.Hour)
	const caller, shared = "https://github.com/acme/payments", "https://github.com/shared/flows/.github/workflows/release.yaml@refs/tags/v1"
	workflow := func(claims string) string {
		return changed(t, judgedModel, "identity: {issuer: \"https://accounts.acme.test\", subject: \"alice@acme.test\"}",
			"identity: {issuer: \"https://token.actions.githubusercontent.com\", subject: \""+shared+"\""+claims+"}")
	}
	flow := sigstoretest.Spec{Subject: shared, Statement: statement("b"), At: boundary, Claims: map[string]string{"sourceRepositoryURI": caller}}
	stranger := flow
	stranger.Claims = map[string]string{"sourceRepositoryURI": "https://github.com/mallory/copy"}
	older := flow
	older.Claims = map[string]string{"githubWorkflowRepository": "acme/payments"}
	t.Run("36-shared-workflow-called-by-a-stranger", func(t *testing.T) {
		t.Parallel()
		named := workflow(", claims: {sourceRepositoryURI: \"" + caller + "\"}")
		wants(t, judge(t, s, named, at, s.Bundle(t, flow)), "allow", "")
		wants(t, judge(t, s, named, at, s.Bundle(t, stranger)), "deny", "signer-unknown")
		for _, spec := range []sigstoretest.Spec{flow, stranger, older} {
			wants(t, judge(t, s, workflow(""), at, s.Bundle(t, spec)), "deny", "credential-inherited")
			wants(t, judge(t, s, workflow(", claims: {runnerEnvironment: \"*\"}"), at, s.Bundle(t, spec)), "deny", "signer-unknown")
		}
		old := workflow(", claims: {githubWorkflowRepository: acme/payments}")
		wants(t, judge(t, s, old, at, s.Bundle(t, older)), "allow", "")
		// a workflow of the repository itself needs no claim
		own := flow
		own.Claims = map[string]string{"sourceRepositoryURI": "https://github.com/shared/flows"}
		wants(t, judge(t, s, workflow(""), at, s.Bundle(t, own)), "allow", "")
		prefix := flow
		prefix.Claims = map[string]string{"sourceRepositoryURI": "https://github.com/shared/flo"}
		wants(t, judge(t, s, workflow(""), at, s.Bundle(t, prefix)), "deny", "credential-inherited")
	})
	t.Run("73-a-repository-claim-that-names-nobody", func(t *testing.T) {
		t.Parallel()
		for claim, code := range map[string]string{
			"https://github.com/*/*": "credential-inherited", "https://*/acme/payments": "credential-inherited", "**": "credential-inherited",
			"https://github.com/acme*/*": "credential-inherited", "https://github.com/acme/*": "", "https://github.com/acme/**": "",
		} {
			v := judge(t, s, workflow(", claims: {sourceRepositoryURI: \""+claim+"\"}"), at, s.Bundle(t, flow))
			if code == "" {
				wants(t, v, "allow", "")
			} else {
				wants(t, v, "deny", code)
			}
		}
	})
	t.Run("35-subject-patterns-are-whole", func(t *testing.T) {
		t.Parallel()
		named := workflow(", claims: {sourceRepositoryURI: \"" + caller + "\"}")
		for _, subject := range []string{shared + "0", "x" + shared, strings.Replace(shared, "github.com", "github.com.evil.test", 1), strings.Replace(shared, "shared/", "shared-evil/", 1), strings.Replace(shared, "https", "http", 1), strings.ToUpper(shared)} {
			other := flow
			other.Subject = subject
			wants(t, judge(t, s, named, at, s.Bundle(t, other)), "deny", "signer-unknown")
		}
	})
	t.Run("43-a-short-lived-certificate-without-a-trusted-time", func(t *testing.T) {
		t.Parallel()
		spec := alice(boundary)
		spec.NoTime = true
		for _, at := range []time.Time{at, boundary, boundary.Add(time.Second)} { // inside the window too
			wants(t, judge(t, s, judgedModel, at, s.Bundle(t, spec)), "indeterminate", "no-trusted-time")
		}
		expired := alice(boundary)
		expired.NotBefore = boundary.Add(-time.Hour)
		wants(t, judge(t, s, judgedModel, at, s.Bundle(t, expired)), "deny", "certificate-invalid")
	})
	t.Run("44-an-integrated-time-nobody-signed", func(t *testing.T) {
		t.Parallel()
		var b map[string]any
		if err := json.Unmarshal(s.Bundle(t, alice(boundary)), &b); err != nil {
			t.Fatal(err)
		}
		entry := b["verificationMaterial"].(map[string]any)["tlogEntries"].([]any)[0].(map[string]any)
		delete(entry, "inclusionPromise")
		data, _ := json.Marshal(b)
		v := judge(t, s, judgedModel, at, data)
		if v.Admits() || len(v.Signers) != 0 {
			t.Errorf("%s %+v", v.Decision, v.Signers)
		}
		wants(t, v, "indeterminate", "no-trusted-time")
		if err := json.Unmarshal(s.Bundle(t, alice(boundary)), &b); err != nil {
			t.Fatal(err)
		}
		entry = b["verificationMaterial"].(map[string]any)["tlogEntries"].([]any)[0].(map[string]any)
		entry["integratedTime"] = fmt.Sprint(boundary.Add(-time.Minute).Unix())
		data, _ = json.Marshal(b)
		wants(t, judge(t, s, judgedModel, at, data), "deny", "signature-invalid")
	})
	t.Run("45-window-against-signing-time", func(t *testing.T) {
		t.Parallel() // TestSigningTime has -1 s, 0 and +1 s of both ends of each window; here once more, of a credential's
		model := changed(t, judgedModel, active, "states: [{state: active, from: 2026-06-01T12:00:00Z}, {state: deactivated, from: 2026-06-01T12:00:10Z}]")
		for offset, code := range map[int]string{-1: "credential-not-active", 0: "", 1: "", 9: "", 10: "credential-not-active", 11: "credential-not-active"} {
			v := judge(t, s, model, at, s.Bundle(t, alice(boundary.Add(time.Duration(offset)*time.Second))))
			if code == "" {
				wants(t, v, "allow", "")
			} else {
				wants(t, v, "deny", code)
			}
		}
	})
	t.Run("32-an-earlier-signature-takes-nothing-from-a-later", func(t *testing.T) {
		t.Parallel()
		model := changed(t, judgedModel, "grants:\n", "grants:\n  - {to: builders, may: [attest], artifacts: [\"pkg:generic/payments/**\"]}\n", "may: [build],", "may: [build], from: "+moment+",")
		early, late := s.Bundle(t, alice(boundary.Add(-time.Hour))), s.Bundle(t, alice(boundary))
		wants(t, judge(t, s, model, at, late), "allow", "")
		wants(t, judge(t, s, model, at, early), "deny", "signer-not-granted")
		wants(t, judge(t, s, model, at, early, late), "allow", "")
	})
	t.Run("01-one-person-two-certificates", func(t *testing.T) {
		t.Parallel()
		first, second := alice(boundary), alice(boundary.Add(time.Minute))
		second.Statement = append([]byte(" "), statement("b")...)
		v := judge(t, s, judgedModel, at, s.Bundle(t, first), s.Bundle(t, second))
		wants(t, v, "allow", "")
		if len(v.Signers) != 2 || v.Signers[0].Holder != v.Signers[1].Holder {
			t.Errorf("%+v", v.Signers)
		}
	})
	for name, test := range abuses {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t, s) })
	}
}
