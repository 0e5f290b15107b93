package lint_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

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
metadata: {name: acme, version: 12, effectiveFrom: 2026-01-01T00:00:00Z, reviewedAt: 2026-05-01T00:00:00Z, reviewEvery: 90d, previous: "sha256:6b23c0d5f35d1b11f9b683f0b0a617355deb11277d91ae091d399c655b87940d", proofEvery: 730d, revocationWithin: 4h}
people:
  - {id: alice, from: 2023-01-01T00:00:00Z, proofedAt: 2025-01-10T00:00:00Z, accounts: ["email:alice@acme.test"]}
  - {id: bob, from: 2023-01-01T00:00:00Z, proofedAt: 2025-02-10T00:00:00Z}
  - {id: carol, employment: contractor, sponsor: alice, from: 2026-01-01T00:00:00Z, until: 2027-01-01T00:00:00Z, proofedAt: 2026-01-01T00:00:00Z}
  - {id: dana, from: 2023-01-01T00:00:00Z, proofedAt: 2025-03-10T00:00:00Z}
  - {id: erin, from: 2023-01-01T00:00:00Z}
  - {id: left, from: 2023-01-01T00:00:00Z, until: 2026-04-01T00:00:00Z}
teams:
  - {id: approvers, members: [{person: alice}, {person: bob}, {person: carol}], contacts: {page: "pager:approvers"}, escalation: [security]}
  - {id: security, members: [{person: erin}], contacts: {page: "pager:security"}, escalation: [office]}
  - {id: office, members: [{person: alice}, {person: erin}], contacts: {page: "pager:office"}}
  - {id: audit, members: [{person: dana}], contacts: {page: "pager:audit"}, escalation: [office]}
  - {id: contractors, members: [{person: carol}]}
  - {id: emptied, members: [{person: left}]}
workloads:
  - {id: pipeline, owner: security, operators: [dana]}
  - {id: tests, owner: security, operators: [dana]}
vendors:
  - {id: signco, internalOwner: security, evidenceWithin: 72h}
credentials:
  - {id: alice-key, holder: alice, owner: approvers, revokers: [security], rotateEvery: 1000d, key: {pem: KEY(alice)}, states: [{state: active, from: 2024-06-01T00:00:00Z}]}
  - {id: bob-key, holder: bob, owner: approvers, revokers: [security], custody: ephemeral, key: {pem: KEY(bob)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
  - {id: carol-key, holder: carol, owner: approvers, revokers: [security], rotateEvery: 1000d, key: {pem: KEY(carol)}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
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
  - {control: review-audit, artifacts: ["**"], accountable: approvers, responsible: [approvers], informed: [security], page: approvers, runbook: "https://runbooks.acme.test/4"}
  - {control: release-policy, artifacts: ["**"], accountable: approvers, responsible: [approvers], informed: [security], page: approvers, runbook: "https://runbooks.acme.test/5"}
  - {control: enforcement, artifacts: ["**"], accountable: security, responsible: [security], page: security, runbook: "https://runbooks.acme.test/6"}
  - {control: monitoring, artifacts: ["**"], accountable: security, responsible: [security], page: security, runbook: "https://runbooks.acme.test/7"}
enforcement:
  - {id: prod, environment: production, artifacts: ["**"], mode: enforce, onFailure: closed, owner: security, revocationWithin: 1h}
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
	in := lint.Input{At: when(t, at), Endorsed: true}
	var err error
	if model != "" {
		if in.Ownership, err = ownership.Load(fsys, "ownership.yaml"); err != nil {
			t.Fatal(err)
		}
	}
	if rules != "" {
		if in.Policies, err = compiled(fsys, rules); err != nil {
			t.Fatal(err)
		}
	}
	return in
}

// policiesOf are the policies of texts that have been compiled: most rows break the model and not the rules, and
// to compile those is most of the work.
var policiesOf sync.Map

// compiled loads policies, those of one text once.
func compiled(fsys fstest.MapFS, rules string) ([]*policy.Policy, error) {
	if known, ok := policiesOf.Load(rules); ok {
		return known.([]*policy.Policy), nil
	}
	policies, err := policy.Load(fsys, "policy.yaml")
	if err == nil {
		policiesOf.Store(rules, policies)
	}
	return policies, err
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
		if diff := gocmp.Diff([]string{}, lines(lint.Run(in))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// row breaks one thing: old becomes new in one of the documents, and the code is found at the text.
type row struct {
	name, code, old, new, at string
	also                     []string        // more texts and what each becomes
	unsigned                 bool            // nobody has verified signatures over the model
	says                     string          // part of the message
	answers                  string          // who is accountable, "security" if empty
	time                     string          // cleanAt if empty
	mild                     verify.Severity // what is milder than its check's severity
}

// replaced breaks a row's document.
func (r row) replaced(t testing.TB) (model, rules string) {
	t.Helper()
	model, rules = cleanModel, cleanPolicy
	for pair := range slices.Chunk(append([]string{r.old, r.new}, r.also...), 2) {
		switch {
		case r.unsigned && pair[0] == "":
		case strings.Count(model, pair[0]) == 1:
			model = strings.Replace(model, pair[0], pair[1], 1)
		case strings.Count(model, pair[0]) == 0 && strings.Count(rules, pair[0]) == 1:
			rules = strings.Replace(rules, pair[0], pair[1], 1)
		default:
			t.Fatalf("%q does not stand in the documents once", pair[0])
		}
	}
	return model, rules
}

// run lints a row's documents.
func (r row) run(t testing.TB, model, rules string) lint.Report {
	t.Helper()
	at := r.time
	if at == "" {
		at = cleanAt
	}
	in := read(t, model, rules, at)
	in.Endorsed = !r.unsigned
	return lint.Run(in)
}

// holds asserts that what a row breaks gives its one finding.
func (r row) holds(t *testing.T) {
	t.Helper()
	model, rules := r.replaced(t)
	report := r.run(t, model, rules)
	want := []string{fmt.Sprintf("%s %s %s", cmp.Or(r.mild, checkOf(t, r.code).Severity), r.code, position(t, model, rules, r.at))}
	if diff := gocmp.Diff(want, lines(report)); diff != "" {
		t.Fatalf("%s\n%+v", diff, report.Findings)
	}
	answers := r.answers
	if answers == "" {
		answers = "security"
	}
	f := report.Findings[0]
	if !strings.Contains(f.Message, r.says) || r.says == "" {
		t.Errorf("message %q, want %q in it", f.Message, r.says)
	}
	if f.Accountable.Team != answers && answers != "nobody" || answers == "nobody" && f.Accountable.Team != "" {
		t.Errorf("%q answers, want %q", f.Accountable.Team, answers)
	}
	if f.Remedy == "" || f.Control == "" || f.Subject == "" {
		t.Errorf("no remedy, control or subject: %+v", f)
	}
}

// checkOf finds a check by its code.
func checkOf(t testing.TB, code string) lint.Check {
	t.Helper()
	for _, c := range lint.Checks() {
		if string(c.Code) == code {
			return c
		}
	}
	t.Fatalf("no check has the code %s", code)
	return lint.Check{}
}

func TestChecks(t *testing.T) {
	t.Parallel()
	untried := map[verify.Code]bool{}
	for _, c := range lint.Checks() {
		untried[c.Code] = !strings.HasPrefix(string(c.Code), "baseline-") // TestBaseline has those
	}
	for _, tt := range rows() {
		delete(untried, verify.Code(tt.code))
		t.Run(tt.code+"/"+tt.name, func(t *testing.T) {
			t.Parallel()
			tt.holds(t)
		})
	}
	for code, is := range untried {
		if is {
			t.Errorf("no document has the finding %s", code)
		}
	}
}

func rows() []row {
	return slices.Concat(controlRows(), principalRows(), credentialRows(), policyRows(), enforcementRows(), documentRows(), raciRows(), partyRows(), identityRows(), timeRows())
}
