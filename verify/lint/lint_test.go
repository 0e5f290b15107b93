package lint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/lint"
)

// A pair of documents without a finding. Each row of TestChecks breaks one thing in it, and so the pair is
// the repaired document of all of them.
const (
	cleanAt    = "2026-06-01T12:00:00Z"
	cleanModel = `apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 12, effectiveFrom: 2026-01-01T00:00:00Z, reviewedAt: 2026-05-01T00:00:00Z, reviewEvery: 90d}
people:
  - {id: alice, from: 2023-01-01T00:00:00Z}
  - {id: bob, from: 2023-01-01T00:00:00Z}
  - {id: carol, employment: contractor, sponsor: alice, from: 2026-01-01T00:00:00Z, until: 2027-01-01T00:00:00Z}
  - {id: dana, from: 2023-01-01T00:00:00Z}
  - {id: erin, from: 2023-01-01T00:00:00Z}
  - {id: left, from: 2023-01-01T00:00:00Z, until: 2026-04-01T00:00:00Z}
teams:
  - {id: approvers, members: [{person: alice}, {person: bob}, {person: carol}], contacts: {page: "pager:approvers"}, escalation: [security]}
  - {id: security, members: [{person: erin}], contacts: {page: "pager:security"}}
  - {id: office, members: [{person: alice}, {person: erin}], contacts: {page: "pager:office"}}
  - {id: contractors, members: [{person: carol}]}
  - {id: emptied, members: [{person: left}]}
workloads:
  - {id: pipeline, owner: security, operators: [dana]}
  - {id: tests, owner: security, operators: [dana]}
vendors:
  - {id: signco, internalOwner: security}
credentials:
  - {id: alice-key, holder: alice, owner: approvers, revokers: [security], rotateEvery: 5000d, key: {pem: KEY(alice)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
  - {id: bob-key, holder: bob, owner: approvers, revokers: [security], custody: ephemeral, key: {pem: KEY(bob)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
  - {id: carol-key, holder: carol, owner: approvers, revokers: [security], rotateEvery: 5000d, key: {pem: KEY(carol)}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
  - {id: left-key, holder: left, states: [{state: active, from: 2023-01-01T00:00:00Z}, {state: revoked, from: 2026-04-01T00:00:00Z, reason: affiliation-changed}], key: {pem: KEY(left)}}
  - {id: tests-key, holder: tests, owner: security, revokers: [security], rotateEvery: 365d, key: {pem: KEY(tests)}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
  - id: github-release
    holder: pipeline
    owner: security
    revokers: [security]
    identity:
      issuer: https://token.actions.githubusercontent.com
      subject: https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/*
      claims: {runnerEnvironment: github-hosted}
    states: [{state: active, from: 2026-01-01T00:00:00Z}]
  - id: shared-release
    holder: pipeline
    owner: security
    revokers: [security]
    identity:
      issuer: https://token.actions.githubusercontent.com
      subject: https://github.com/acme/publish/.github/workflows/publish.yaml@refs/heads/main
      claims: {sourceRepositoryURI: https://github.com/acme/payments}
    states: [{state: active, from: 2026-01-01T00:00:00Z}]
grants:
  - {to: pipeline, may: [build], artifacts: ["pkg:generic/payments/**"], predicates: ["https://slsa.dev/provenance/*"], builders: ["https://builder.acme.test/*"]}
  - {to: tests, may: [attest], artifacts: ["pkg:generic/payments/**"], predicates: ["https://in-toto.io/attestation/test-result/*"]}
  - {to: approvers, may: [approve], artifacts: ["pkg:generic/payments/**"]}
  - {to: office, may: [except], artifacts: ["**"]}
  - {to: security, may: [revoke], artifacts: ["**"], until: 2026-02-01T00:00:00Z}
controls:
  - {control: publisher-identity, artifacts: ["**"], accountable: security, responsible: [security], page: security, runbook: "https://runbooks.acme.test/1"}
  - {control: certificate-issuance, artifacts: ["**"], accountable: security, responsible: [security], page: security, runbook: "https://runbooks.acme.test/2"}
  - {control: key-lifecycle, artifacts: ["**"], accountable: security, responsible: [security], page: security, runbook: "https://runbooks.acme.test/3"}
  - {control: review-audit, artifacts: ["**"], accountable: approvers, responsible: [approvers], page: approvers, runbook: "https://runbooks.acme.test/4"}
  - {control: release-policy, artifacts: ["**"], accountable: approvers, responsible: [approvers], page: approvers, runbook: "https://runbooks.acme.test/5"}
  - {control: enforcement, artifacts: ["**"], accountable: security, responsible: [security], page: security, runbook: "https://runbooks.acme.test/6"}
  - {control: monitoring, artifacts: ["**"], accountable: security, responsible: [security], page: security, runbook: "https://runbooks.acme.test/7"}
enforcement:
  - {id: prod, environment: production, artifacts: ["**"], mode: enforce, onFailure: closed, owner: security}
separation:
  - {id: build-vs-approve, duties: [build, approve]}
trust:
  sigstore: [{id: public-good, file: root.json, owner: security, issuers: ["https://token.actions.githubusercontent.com"]}]
`
	cleanPolicy = `apiVersion: surety.dev/v1alpha1
kind: Policy
metadata: {name: payments, version: 4, effectiveFrom: 2026-01-01T00:00:00Z}
artifacts: ["pkg:generic/payments/**"]
environments: [production]
params: {builder: "https://builder.acme.test/1"}
evidence:
  - {name: provenance, predicateTypes: ["https://slsa.dev/provenance/v1"], duty: build}
  - {name: tests, predicateTypes: ["https://in-toto.io/attestation/test-result/v0.1"], duty: attest}
variables:
  - {name: approved, expression: "approvals.by('approvers').people().size() >= 2"}
rules:
  - id: trusted-builder
    about: provenance
    when: "environment == 'production'"
    expression: "it.provenance.builder == params.builder"
    waivable: {by: office, quorum: 2, maxDuration: 72h}
  - {id: approved, about: provenance, control: review-audit, expression: "variables.approved"}
  - {id: passed, about: tests, expression: "it.predicate.result == 'PASSED'"}
  - {id: signed, severity: warn, expression: "signers.holding('build').size() > 0"}
`
)

// when reads a time.
func when(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// read loads a pair of documents; "" leaves one out.
func read(t testing.TB, model, rules, at string) lint.Input {
	t.Helper()
	fsys := fstest.MapFS{
		"ownership.yaml": {Data: []byte(fixture.Expand(model))}, "policy.yaml": {Data: []byte(rules)},
		"root.json": {Data: []byte("{}")}, "ca.pem": {Data: []byte("CA")},
	}
	in := lint.Input{At: when(t, at)}
	var err error
	if model != "" {
		if in.Ownership, err = ownership.Load(fsys, "ownership.yaml"); err != nil {
			t.Fatal(err)
		}
	}
	if rules != "" {
		if in.Policies, err = policy.Load(fsys, "policy.yaml"); err != nil {
			t.Fatal(err)
		}
	}
	return in
}

// lines gives findings as "severity code position".
func lines(r lint.Report) []string {
	list := []string{}
	for _, f := range r.Findings {
		list = append(list, fmt.Sprintf("%s %s %s", f.Severity, f.Code, f.Position))
	}
	return list
}

// position finds where a text stands in one of the two documents.
func position(t testing.TB, model, rules, text string) string {
	t.Helper()
	file, document := "ownership.yaml", model
	if !strings.Contains(model, text) {
		file, document = "policy.yaml", rules
	}
	i := strings.Index(document, text)
	if i < 0 || strings.Contains(document[i+1:], text) {
		t.Fatalf("%q does not stand in the documents once", text)
	}
	return fmt.Sprintf("%s:%d:%d", file, strings.Count(document[:i], "\n")+1, i-strings.LastIndex(document[:i], "\n"))
}

func TestClean(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]lint.Input{
		"both": read(t, cleanModel, cleanPolicy, cleanAt), "ownership": read(t, cleanModel, "", cleanAt), "policy": read(t, "", cleanPolicy, cleanAt),
		"neither": {At: when(t, cleanAt)},
	} {
		if diff := cmp.Diff([]string{}, lines(lint.Run(in))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// row breaks one thing: old becomes new in one of the documents, and the code is found at the text.
type row struct {
	name, code, old, new, at string
	says                     string // part of the message
	answers                  string // who is accountable, "security" if empty
	time                     string // cleanAt if empty
}

// replaced breaks a row's document.
func (r row) replaced(t testing.TB) (model, rules string) {
	t.Helper()
	model, rules = cleanModel, cleanPolicy
	switch strings.Count(cleanModel, r.old) {
	case 1:
		return strings.Replace(model, r.old, r.new, 1), rules
	case 0:
		if strings.Count(cleanPolicy, r.old) == 1 {
			return model, strings.Replace(rules, r.old, r.new, 1)
		}
	}
	t.Fatalf("%q does not stand in the documents once", r.old)
	return "", ""
}

func TestChecks(t *testing.T) {
	t.Parallel()
	severity := map[string]verify.Severity{}
	untried := map[string]bool{}
	for _, c := range lint.Checks() {
		severity[string(c.Code)], untried[string(c.Code)] = c.Severity, true
	}
	for _, tt := range rows() {
		delete(untried, tt.code)
		t.Run(tt.code+"/"+tt.name, func(t *testing.T) {
			t.Parallel()
			model, rules := tt.replaced(t)
			at := tt.time
			if at == "" {
				at = cleanAt
			}
			report := lint.Run(read(t, model, rules, at))
			want := []string{fmt.Sprintf("%s %s %s", severity[tt.code], tt.code, position(t, model, rules, tt.at))}
			if diff := cmp.Diff(want, lines(report)); diff != "" {
				t.Fatalf("%s\n%+v", diff, report.Findings)
			}
			answers := tt.answers
			if answers == "" {
				answers = "security"
			}
			f := report.Findings[0]
			if !strings.Contains(f.Message, tt.says) || tt.says == "" {
				t.Errorf("message %q, want %q in it", f.Message, tt.says)
			}
			if f.Accountable.Team != answers && answers != "nobody" || answers == "nobody" && f.Accountable.Team != "" {
				t.Errorf("%q answers, want %q", f.Accountable.Team, answers)
			}
			if f.Remedy == "" || f.Control == "" {
				t.Errorf("no remedy or control: %+v", f)
			}
		})
	}
	for code := range untried {
		t.Errorf("no document has the finding %s", code)
	}
}

func rows() []row {
	return slices.Concat(controlRows(), principalRows(), credentialRows(), policyRows(), enforcementRows())
}
