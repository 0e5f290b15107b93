package verify_test

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

// The scene most tests start from: a pipeline that may build payments, two people who may approve
// releases, one signature that allows. Tests change one thing.
const (
	release   = "aa00000000000000000000000000000000000000000000000000000000000000"
	otherFile = "bb00000000000000000000000000000000000000000000000000000000000000"
	baseName  = "pkg:generic/payments/api@1.4.2"
	baseAt    = "2026-06-01T12:00:00Z"
	baseModel = `apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 12, effectiveFrom: 2026-01-01T00:00:00Z}
people:
  - {id: alice, from: 2023-01-01T00:00:00Z}
  - {id: bob, from: 2023-01-01T00:00:00Z}
  - {id: dana, from: 2023-01-01T00:00:00Z}
  - {id: erin, from: 2023-01-01T00:00:00Z}
teams:
  - {id: approvers, members: [{person: alice}, {person: bob}], contacts: {page: "pager:approvers"}, escalation: [security]}
  - {id: security, members: [{person: erin}], contacts: {page: "pager:security"}}
workloads:
  - {id: pipeline, owner: security, operators: [dana]}
  - {id: stranger, owner: security, operators: [dana]}
credentials:
  - {id: pipeline-key, holder: pipeline, owner: security, revokers: [security], key: {pem: KEY(pipeline)}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
  - {id: alice-key, holder: alice, owner: approvers, revokers: [security], key: {pem: KEY(alice)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
  - {id: alice-second, holder: alice, owner: approvers, revokers: [security], key: {pem: KEY(p256:alice)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
  - {id: bob-key, holder: bob, owner: approvers, revokers: [security], key: {pem: KEY(bob)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
  - {id: stranger-key, holder: stranger, owner: security, revokers: [security], key: {pem: KEY(stranger)}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
grants:
  - {to: pipeline, may: [build], artifacts: ["pkg:generic/payments/**"], predicates: ["https://slsa.dev/provenance/*"]}
  - {to: approvers, may: [approve], artifacts: ["pkg:generic/payments/**"]}
controls:
  - {control: publisher-identity, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: certificate-issuance, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: key-lifecycle, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: review-audit, artifacts: ["**"], accountable: approvers, responsible: [approvers]}
  - {control: release-policy, artifacts: ["**"], accountable: approvers, responsible: [approvers]}
  - {control: enforcement, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: monitoring, artifacts: ["**"], accountable: security, responsible: [security]}
`
	policyHead = `apiVersion: surety.dev/v1alpha1
kind: Policy
metadata: {name: payments, version: 4, effectiveFrom: 2026-01-01T00:00:00Z}
artifacts: ["pkg:generic/payments/**"]
`
	buildEvidence = `evidence:
  - {name: provenance, predicateTypes: ["https://slsa.dev/provenance/v1"], duty: build}
`
	builderRule = `rules:
  - {id: trusted-builder, about: provenance, expression: "it.provenance.builder == 'https://github.com/actions/runner/github-hosted'", message: "the builder is not one of ours"}
`
	basePolicy = policyHead + buildEvidence + builderRule
)

// scene is a request in the making. Its zero fields are those of the base scene.
type scene struct {
	model, name, digest, environment, at string
	policies                             []string
	openers                              []verify.Opener
	workers                              int
	minimum                              map[string]int
	drill                                bool
}

// replaced is a document with one part changed; the part must be there.
func replaced(t testing.TB, document string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(document, pairs[i]) {
			t.Fatalf("the document has no %q", pairs[i])
		}
		document = strings.Replace(document, pairs[i], pairs[i+1], 1)
	}
	return document
}

// authority is the file of an authority whose certificates a test takes for verified.
var authority = &fstest.MapFile{Data: []byte("CA")}

func loadModel(document string) (*ownership.Model, error) {
	return ownership.Load(fstest.MapFS{"ownership.yaml": {Data: []byte(fixture.Expand(document))}, "ca.pem": authority}, "ownership.yaml")
}

func loadPolicies(documents ...string) ([]*policy.Policy, error) {
	var all []*policy.Policy
	for _, d := range documents {
		ps, err := policy.Load(fstest.MapFS{"policy.yaml": {Data: []byte(d)}}, "policy.yaml")
		if err != nil {
			return nil, err
		}
		all = append(all, ps...)
	}
	return all, nil
}

// verifier makes the scene's verifier.
func (s scene) verifier(t testing.TB) *verify.Verifier {
	t.Helper()
	model, err := loadModel(or(s.model, baseModel))
	if err != nil {
		t.Fatal(err)
	}
	documents := s.policies
	if documents == nil {
		documents = []string{basePolicy}
	}
	policies, err := loadPolicies(documents...)
	if err != nil {
		t.Fatal(err)
	}
	v, err := verify.New(model, policies, verify.Config{Openers: s.openers, Workers: s.workers, MinVersions: s.minimum})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// request makes the scene's request of evidence files.
func (s scene) request(t testing.TB, evidence ...[]byte) verify.Request {
	t.Helper()
	artifact, err := attest.NewArtifact(or(s.name, baseName), attest.Digests{"sha256": or(s.digest, release)})
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.Parse(time.RFC3339Nano, or(s.at, baseAt))
	if err != nil {
		t.Fatal(err)
	}
	r := verify.Request{Artifact: artifact, Environment: s.environment, At: at, Drill: s.drill}
	for _, e := range evidence {
		r.Evidence = append(r.Evidence, attest.Parse("evidence.json", e, attest.Limits{})...)
	}
	return r
}

// judge gives the scene's verdict on evidence files.
func (s scene) judge(t testing.TB, evidence ...[]byte) verify.Verdict {
	t.Helper()
	request := s.request(t, evidence...)
	v, err := s.verifier(t).Verify(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	if v.Admits() {
		if _, again := allowing.LoadOrStore(t.Name(), true); !again {
			s.unapproved(t, request)
		}
	}
	return v
}

// allowing are the tests whose first scene that allows has been tried with documents nobody approved.
var allowing sync.Map

// unapproved asserts that a scene that allows does not once the model, or the first policy, is an envelope
// that nobody who counts has signed.
func (s scene) unapproved(t testing.TB, request verify.Request) {
	t.Helper()
	documents := s.policies
	if documents == nil {
		documents = []string{basePolicy}
	}
	fsys := fstest.MapFS{
		"ca.pem": authority,
		"o.json": file(verify.OwnershipPayloadType, or(s.model, baseModel), []string{"nobody"}, nil),
		"p.json": file(verify.PolicyPayloadType, documents[0], []string{"nobody"}, nil),
	}
	model, ofModel, err := verify.LoadOwnership(fsys, "o.json", nil)
	if err != nil {
		t.Fatal(err)
	}
	policies, ofPolicies, err := verify.LoadPolicies(fsys, "p.json", model)
	if err != nil {
		t.Fatal(err)
	}
	beside, err := loadPolicies(documents[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := loadModel(or(s.model, baseModel))
	if err != nil {
		t.Fatal(err)
	}
	of, err := loadPolicies(documents[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		model        *ownership.Model
		policies     []*policy.Policy
		endorsements []verify.Endorsement
	}{"model": {model, of, []verify.Endorsement{ofModel}}, "policy": {plain, policies, ofPolicies}} {
		if name == "policy" && !policies[0].InForce(request.At) {
			continue
		}
		verifier, err := verify.New(row.model, append(row.policies, beside...), verify.Config{Openers: s.openers, Endorsements: row.endorsements})
		if err != nil {
			t.Fatal(err)
		}
		v, err := verifier.Verify(context.Background(), request)
		if err != nil {
			t.Fatal(err)
		}
		if v.Admits() || !slices.Contains(refusing(v), "change-unapproved") {
			t.Errorf("the %s is not approved: %s %v", name, v.Decision, refusing(v))
		}
	}
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

// provenance is a base statement signed by keys.
func provenance(keys ...string) []byte {
	return signed(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)), keys...)
}

// signed is a statement signed by keys of the fixture.
func signed(s fixture.Statement, keys ...string) []byte { return envelope(s, keys...).JSON() }

func envelope(s fixture.Statement, keys ...string) fixture.Envelope {
	ks := make([]fixture.Key, len(keys))
	for i, k := range keys {
		ks[i] = fixture.NewKey(k)
	}
	return fixture.Sign(s.JSON(), ks...)
}

// refusing are the codes of findings that refuse, in the verdict's order, each once.
func refusing(v verify.Verdict) []string {
	var codes []string
	for _, f := range v.Findings {
		if f.Severity <= verify.SeverityIndeterminate && !slices.Contains(codes, string(f.Code)) {
			codes = append(codes, string(f.Code))
		}
	}
	slices.Sort(codes)
	return codes
}

// noted are the codes of findings of the given severity.
func noted(v verify.Verdict, s verify.Severity) []string {
	var codes []string
	for _, f := range v.Findings {
		if f.Severity == s && !slices.Contains(codes, string(f.Code)) {
			codes = append(codes, string(f.Code))
		}
	}
	slices.Sort(codes)
	return codes
}

// want asserts decision and refusing codes: "deny evidence-missing signer-unknown".
func want(t testing.TB, v verify.Verdict, decision string, codes ...string) {
	t.Helper()
	slices.Sort(codes)
	if v.Decision.String() != decision || !slices.Equal(refusing(v), codes) {
		t.Errorf("%s %v, want %s %v\n%s", v.Decision, refusing(v), decision, codes, explain(v))
	}
	if v.Admits() != (decision == "allow" || decision == "allow-with-exception") {
		t.Errorf("Admits is %v for %s", v.Admits(), decision)
	}
}

// explain is the verdict's findings for a failed test.
func explain(v verify.Verdict) string {
	var b strings.Builder
	for _, f := range v.Findings {
		b.WriteString(f.Severity.String() + " " + string(f.Code) + ": " + f.Message + "\n")
	}
	return b.String()
}

// flipBase64 changes one bit of the bytes a base64 text stands for.
func flipBase64(text string, at int) string {
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		panic(err)
	}
	data[at%len(data)] ^= 1
	return base64.StdEncoding.EncodeToString(data)
}

func asRequestError(err error, target **verify.RequestError) bool { return errors.As(err, target) }

// fstestModel is an ownership document with only what is given, in a file system.
func fstestModel(body string) fstest.MapFS {
	return fstest.MapFS{"o.yaml": {Data: []byte("apiVersion: surety.dev/v1alpha1\nkind: Ownership\nmetadata: {name: acme, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}\n" + body)}}
}
