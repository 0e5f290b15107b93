package ownership_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/ownership"
)

// whole has every field of design §3.1.
const whole = `apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 12, effectiveFrom: 2026-01-01T00:00:00Z, reviewedAt: 2026-10-01T00:00:00Z, reviewEvery: 90d}
people:
  - {id: alice, name: Alice Example, from: 2023-04-01T00:00:00Z, accounts: ["github:583231", "email:alice@acme.test"]}
  - {id: bob, from: 2023-04-01T00:00:00Z, until: 2026-04-01T00:00:00Z}
  - {id: carol, employment: contractor, sponsor: alice, from: 2026-01-01T00:00:00Z, until: 2026-07-01T00:00:00Z}
teams:
  - id: release-engineering
    members: [{person: alice}, {person: bob, until: 2026-03-01T00:00:00Z}]
    contacts: {page: "pagerduty:PX1", email: release@acme.test}
    escalation: [platform-security]
  - {id: platform-security, members: [{person: alice, from: 2024-01-01T00:00:00Z}], contacts: {page: "pagerduty:PX2"}}
  - {id: security-operations, members: [{person: carol}]}
workloads:
  - {id: release-pipeline, owner: platform-security, operators: [carol, alice]}
vendors:
  - {id: signco, internalOwner: platform-security, contractOwner: security-operations}
credentials:
  - id: release-2026
    holder: release-pipeline
    owner: platform-security
    revokers: [security-operations]
    custody: kms
    rotateEvery: 365d
    key: {file: keys/release-2026.pub}
    states:
      - {state: active, from: 2026-01-01T00:00:00Z}
      - {state: revoked, from: 2026-09-01T09:00:00Z, reason: key-compromise, invalidFrom: 2026-08-20T00:00:00Z}
  - id: github-release
    holder: [signco, release-pipeline]
    identity:
      issuer: https://token.actions.githubusercontent.com
      subject: https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/*
      claims: {runnerEnvironment: github-hosted, sourceRepositoryURI: https://github.com/acme/payments, deploymentEnvironment: production, tokenSubject: "repo:acme/*"}
    states: [{state: active, from: 2026-01-01T00:00:00Z}]
  - id: mesh
    holder: release-pipeline
    identity: {authority: corp-ca, uri: "spiffe://acme.test/ns/*/sa/release"}
    states: [{state: active, from: 2026-01-01T00:00:00Z}]
grants:
  - {to: release-pipeline, may: [build, release], artifacts: ["pkg:generic/payments/**"], predicates: ["https://slsa.dev/provenance/*"], builders: ["https://github.com/actions/runner/*"], from: 2026-01-01T00:00:00Z, until: 2027-01-01T00:00:00Z}
  - {to: release-engineering, may: [approve], artifacts: ["pkg:generic/payments/**"]}
controls:
  - {control: release-policy, artifacts: ["**"], accountable: release-engineering, responsible: [security-operations, release-engineering], consulted: [platform-security], informed: [platform-security], page: release-engineering, runbook: "https://runbooks.acme.test/release"}
enforcement:
  - {id: prod-admission, environment: production, artifacts: ["pkg:generic/**"], mode: enforce, onFailure: closed, owner: platform-security}
separation:
  - {id: build-vs-approve, duties: [build, approve]}
trust:
  sigstore: [{id: public-good, file: trusted_root.json, owner: platform-security, issuers: ["https://token.actions.githubusercontent.com"]}]
  certificateAuthorities: [{id: corp-ca, owner: platform-security, file: ca.pem}]
  timestampAuthorities: [{id: corp-tsa, owner: platform-security, file: tsa.pem}]
`

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256:" + hex.EncodeToString(sum[:])
}

func TestWholeDocument(t *testing.T) {
	t.Parallel()
	pub := encode(t, key(1))
	m := load(t, whole, "keys/release-2026.pub", pub, "trusted_root.json", "{}", "ca.pem", "CA", "tsa.pem", "TSA")
	day := func(y, mo, d int) time.Time { return time.Date(y, time.Month(mo), d, 0, 0, 0, 0, time.UTC) }

	last, every := m.Review()
	check(t, "metadata", []any{m.Name(), m.Version(), m.EffectiveFrom(), last, every, m.Digest()},
		[]any{"acme", 12, day(2026, 1, 1), day(2026, 10, 1), 90 * 24 * time.Hour, digest(whole)})
	check(t, "in force", []bool{m.InForce(day(2026, 1, 1).Add(-time.Second)), m.InForce(day(2026, 1, 1))}, []bool{false, true})

	alice, _ := m.Person("alice")
	check(t, "alice", alice, ownership.Person{ID: "alice", Name: "Alice Example", Accounts: []string{"github:583231", "email:alice@acme.test"}, Interval: ownership.Interval{From: day(2023, 4, 1)}})
	carol, _ := m.Person("carol")
	check(t, "carol", carol, ownership.Person{ID: "carol", Employment: "contractor", Sponsor: "alice", Interval: ownership.Interval{From: day(2026, 1, 1), Until: day(2026, 7, 1)}})
	team, _ := m.Team("release-engineering")
	check(t, "team", team, ownership.Team{
		ID: "release-engineering", Page: "pagerduty:PX1", Email: "release@acme.test", Escalation: []string{"platform-security"},
		Members: []ownership.Membership{
			{Person: "alice", Interval: ownership.Interval{From: day(2023, 4, 1)}},
			{Person: "bob", Interval: ownership.Interval{From: day(2023, 4, 1), Until: day(2026, 3, 1)}},
		},
	})
	workload, _ := m.Workload("release-pipeline")
	check(t, "workload", workload, ownership.Workload{ID: "release-pipeline", Owner: "platform-security", Operators: []string{"alice", "carol"}})
	vendor, _ := m.Vendor("signco")
	check(t, "vendor", vendor, ownership.Vendor{ID: "signco", InternalOwner: "platform-security", ContractOwner: "security-operations"})

	credential, _ := m.Credential("release-2026")
	check(t, "credential", credential, ownership.Credential{
		ID: "release-2026", Holders: []string{"release-pipeline"}, Owner: "platform-security", Revokers: []string{"security-operations"},
		Custody: "kms", RotateEvery: 365 * 24 * time.Hour,
		States: ownership.States{
			{State: ownership.Active, From: day(2026, 1, 1)},
			{State: ownership.Revoked, From: day(2026, 9, 1).Add(9 * time.Hour), Cause: "key-compromise", InvalidFrom: day(2026, 8, 20)},
		},
	})
	shared, _ := m.Credential("github-release")
	check(t, "holders", shared.Holders, []string{"release-pipeline", "signco"})
	for _, unknown := range []func(string) bool{
		func(id string) bool { _, ok := m.Person(id); return ok },
		func(id string) bool { _, ok := m.Team(id); return ok },
		func(id string) bool { _, ok := m.Workload(id); return ok },
		func(id string) bool { _, ok := m.Vendor(id); return ok },
		func(id string) bool { _, ok := m.Credential(id); return ok },
	} {
		if unknown("nobody") {
			t.Error("nobody is known")
		}
	}

	points := m.EnforcementPoints()
	if len(points) != 1 || !points[0].Covers("production", "pkg:generic/x") || points[0].Covers("staging", "pkg:generic/x") || points[0].Covers("production", "pkg:npm/x") {
		t.Errorf("enforcement points %+v", points)
	}
	check(t, "separations", m.Separations(), []ownership.Separation{{ID: "build-vs-approve", Duties: ownership.Duties(0).Add(ownership.Build).Add(ownership.Approve)}})
	check(t, "trust", m.Trust(), ownership.Trust{
		Sigstore:               []ownership.Authority{{ID: "public-good", Owner: "platform-security", File: "trusted_root.json", Digest: digest("{}"), Data: []byte("{}"), Issuers: []string{"https://token.actions.githubusercontent.com"}}},
		CertificateAuthorities: []ownership.Authority{{ID: "corp-ca", Owner: "platform-security", File: "ca.pem", Digest: digest("CA"), Data: []byte("CA")}},
		TimestampAuthorities:   []ownership.Authority{{ID: "corp-tsa", Owner: "platform-security", File: "tsa.pem", Digest: digest("TSA"), Data: []byte("TSA")}},
	})
	check(t, "files", m.Files(), []ownership.File{
		{Path: "ca.pem", Digest: digest("CA")}, {Path: "keys/release-2026.pub", Digest: digest(pub)},
		{Path: "trusted_root.json", Digest: digest("{}")}, {Path: "tsa.pem", Digest: digest("TSA")},
	})
	control, ok := m.At(at(t, "06-01")).Control(ownership.ReleasePolicy, "pkg:generic/payments/api@1")
	check(t, "control", control, ownership.Ownership{
		Accountable: "release-engineering", Responsible: []string{"release-engineering", "security-operations"}, Consulted: []string{"platform-security"},
		Informed: []string{"platform-security"}, Page: "release-engineering", Runbook: "https://runbooks.acme.test/release",
	})
	if _, other := m.At(at(t, "06-01")).Control(ownership.Monitoring, "x"); !ok || other {
		t.Error("release-policy is not owned, or monitoring is")
	}
}

// TestAnswersAreCopies: nobody can change a model through what it gives.
func TestAnswersAreCopies(t *testing.T) {
	t.Parallel()
	m := load(t, whole, "keys/release-2026.pub", encode(t, key(1)), "trusted_root.json", "{}", "ca.pem", "CA", "tsa.pem", "TSA")
	snapshot := func() string {
		p, _ := m.Person("alice")
		team, _ := m.Team("release-engineering")
		w, _ := m.Workload("release-pipeline")
		c, _ := m.Credential("release-2026")
		o, _ := m.At(at(t, "06-01")).Control(ownership.ReleasePolicy, "x")
		return fmt.Sprint(p, team, w, c, o, m.Trust(), m.Files(), m.EnforcementPoints(), m.Separations())
	}
	before := snapshot()
	p, _ := m.Person("alice")
	p.Accounts[0] = "x"
	team, _ := m.Team("release-engineering")
	team.Members[0].Person, team.Escalation[0] = "x", "x"
	w, _ := m.Workload("release-pipeline")
	w.Operators[0] = "x"
	c, _ := m.Credential("release-2026")
	c.Holders[0], c.Revokers[0], c.States[0].Cause = "x", "x", "x"
	o, _ := m.At(at(t, "06-01")).Control(ownership.ReleasePolicy, "x")
	o.Responsible[0], o.Consulted[0], o.Informed[0] = "x", "x", "x"
	trust := m.Trust()
	trust.Sigstore[0].Data[0], trust.Sigstore[0].Issuers[0], trust.CertificateAuthorities[0].ID = 'x', "x", "x"
	m.Files()[0].Path, m.EnforcementPoints()[0].Artifacts[0], m.Separations()[0].ID = "x", "x", "x"
	check(t, "the model", snapshot(), before)
}

func TestExamplesLoad(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"acme", "bcr"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := os.DirFS("../../shared/examples/" + name)
			if _, err := fs.Stat(dir, "ownership.yaml"); errors.Is(err, fs.ErrNotExist) {
				t.Skip("../shared/examples is not there")
			}
			m, err := ownership.Load(dir, "ownership.yaml")
			if err != nil {
				t.Fatal(err)
			}
			whole, err := ownership.Load(dir, ".") // the policy beside it is left out
			if err != nil {
				t.Fatal(err)
			}
			if m.Name() != whole.Name() || m.Digest() == whole.Digest() {
				t.Error("the directory is another document, or has the digest of its file")
			}
		})
	}
}

func TestDirectory(t *testing.T) {
	t.Parallel()
	a := head + people
	b := head + "credentials: [{id: c, holder: alice, key: {file: c.pub}, " + active + "}]\n"
	j := `{"apiVersion": "surety.dev/v1alpha1", "kind": "Ownership", "metadata": {"name": "acme", "version": 1, "effectiveFrom": "2026-01-01T01:00:00+01:00"},
 "grants": [{"to": "alice", "may": ["build"], "artifacts": ["**"]}]}`
	policy := "apiVersion: surety.dev/v1alpha1\nkind: Policy\n"
	fsys := fstest.MapFS{
		"o/a.yaml": {Data: []byte(a)}, "o/b.yml": {Data: []byte(b)}, "o/c.json": {Data: []byte(j)}, "o/policy.yaml": {Data: []byte(policy)},
		"o/c.pub": {Data: []byte(encode(t, key(1)))},
	}
	m, err := ownership.Load(fsys, "o")
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{digest(a)[7:] + "  a.yaml\n", digest(b)[7:] + "  b.yml\n", digest(j)[7:] + "  c.json\n"}
	slices.Sort(lines)
	check(t, "digest", m.Digest(), digest(lines[0]+lines[1]+lines[2]))
	check(t, "files", m.Files(), []ownership.File{{Path: "o/c.pub", Digest: digest(encode(t, key(1)))}})
	if b, refusal := m.Bind(ownership.Identity{Key: fingerprint(t, key(1))}, at(t, "02-01"), at(t, "12-01")); refusal != nil || b.Person != "alice" {
		t.Errorf("%+v %+v", b, refusal)
	}
	if p := m.At(at(t, "02-01")).May("alice", ownership.Use{Artifact: "x"}); !p.Duties.Has(ownership.Build) {
		t.Error("the grant of another part is not there")
	}

	one := fstest.MapFS{"a.yaml": {Data: []byte(a)}}
	m, err = ownership.Load(one, ".")
	if err != nil {
		t.Fatal(err)
	}
	check(t, "digest of a directory of one", m.Digest(), digest(digest(a)[7:]+"  a.yaml\n"))
}

func TestDirectoryRefuses(t *testing.T) {
	t.Parallel()
	rows := []struct{ name, second, want string }{
		{"another name", "metadata: {name: other, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}", "d/b.yaml:3:11: metadata other than that at d/a.yaml:3:11: expected one name, one version and equal metadata in all parts of one document"},
		{"another version", "metadata: {name: acme, version: 2, effectiveFrom: 2026-01-01T00:00:00Z}", "d/b.yaml:3:11: metadata other than that at d/a.yaml:3:11: expected one name, one version and equal metadata in all parts of one document"},
		{"other metadata", "metadata: {name: acme, version: 1, effectiveFrom: 2026-01-01T00:00:00Z, reviewEvery: 90d}", "d/b.yaml:3:11: metadata other than that at d/a.yaml:3:11: expected one name, one version and equal metadata in all parts of one document"},
		{"a repeated id", "metadata: {name: acme, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}\npeople: [{id: alice, from: 2023-01-01T00:00:00Z}]", `d/b.yaml:4:15: person "alice" for the second time: expected one, as at d/a.yaml:5:10`},
		{"a repeated credential", "metadata: {name: acme, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}\ncredentials: [{id: c, holder: bob, identity: {issuer: i, subject: s}, " + active + "}]", `d/b.yaml:4:20: credential "c" for the second time: expected one, as at d/a.yaml:13:20`},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			first := head + people + "\ncredentials: [{id: c, holder: bob, identity: {issuer: i, subject: s}, " + active + "}]\n"
			_, err := ownership.Load(fstest.MapFS{
				"d/a.yaml": {Data: []byte(first)},
				"d/b.yaml": {Data: []byte("apiVersion: surety.dev/v1alpha1\nkind: Ownership\n" + r.second + "\n")},
			}, "d")
			if err == nil || err.Error() != r.want {
				t.Errorf("got  %v\nwant %s", err, r.want)
			}
		})
	}
}

// TestLoadIsDeterministic: the same input gives the same answers and the same errors.
func TestLoadIsDeterministic(t *testing.T) {
	t.Parallel()
	text := head + people + "grants:\n"
	for i := range 40 {
		text += fmt.Sprintf("  - {to: release, may: [build], artifacts: [\"a%d/**\"], from: 2026-01-01T00:00:00Z}\n", i)
	}
	text += "credentials:\n"
	for i := range 30 {
		text += fmt.Sprintf("  - {id: c%d, holder: bob, key: {pem: %s}, %s}\n", i, inline(t, i), active)
	}
	broken := text + "separation: [{id: s, duties: [build]}]\ncontrols: [{control: release-policy, artifacts: [\"[x]\"], accountable: nobody}]\n"
	var keys []ownership.Key
	var message string
	for i := range 20 {
		got := load(t, text).KeysFor("a7/x", 10)
		_, err := ownership.Load(tree(broken), "ownership.yaml")
		if i == 0 {
			keys, message = got, err.Error()
		}
		check(t, "keys", len(got), 10)
		for j := range got {
			check(t, "key", got[j].Credential, keys[j].Credential)
		}
		check(t, "error", err.Error(), message)
	}
}

// TestConcurrentUse is for the race detector.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	m := load(t, whole, "keys/release-2026.pub", encode(t, key(1)), "trusted_root.json", "{}", "ca.pem", "CA", "tsa.pem", "TSA")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			m.Bind(ownership.Identity{Key: fingerprint(t, key(1))}, at(t, "02-01"), at(t, "12-01"))
			m.Bind(ownership.Identity{Issuer: "i", Subject: "s", Claims: map[string]string{"tokenSubject": "x"}}, at(t, "02-01"), at(t, "12-01"))
			m.At(at(t, "02-01")).May("alice", ownership.Use{Artifact: "pkg:generic/payments/api@1"})
			m.KeysFor("pkg:generic/payments/api@1", 64)
			m.At(at(t, "06-01")).Control(ownership.ReleasePolicy, "x")
			m.Contact("release-engineering", at(t, "02-01"))
			m.Behind([]string{"release-pipeline"}, at(t, "02-01"))
		})
	}
	wg.Wait()
}

func TestZeroModelKnowsNobody(t *testing.T) {
	t.Parallel()
	var m ownership.Model
	if _, refusal := m.Bind(ownership.Identity{Key: fingerprint(t, key(1))}, time.Time{}, time.Time{}); refusal == nil || refusal.Reason != ownership.SignerUnknown {
		t.Errorf("%+v", refusal)
	}
	if _, refusal := m.Bind(ownership.Identity{}, time.Time{}, time.Time{}); refusal == nil || refusal.Reason != ownership.SignerUnknown {
		t.Errorf("%+v", refusal)
	}
	if _, ok := m.At(at(t, "06-01")).Control(ownership.ReleasePolicy, "x"); ok {
		t.Error("a control is owned")
	}
	v := m.At(time.Time{})
	if v.Present("x") || v.Member("x", "y") || v.May("x", ownership.Use{}) != (ownership.Permission{}) || m.KeysFor("x", 64) != nil || m.Contact("x", time.Time{}) != "" {
		t.Error("somebody is there")
	}
}

func check[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %s", what, diff)
	}
}
