package chain_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/in-toto/in-toto-golang/in_toto"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/chain"
	"github.com/surety-dev/surety/verify/report"
)

const (
	model = `apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 12, effectiveFrom: 2026-01-01T00:00:00Z}
people:
  - {id: alice, from: 2023-01-01T00:00:00Z}
  - {id: bob, from: 2023-01-01T00:00:00Z}
  - {id: carol, from: 2023-01-01T00:00:00Z}
  - {id: olga, from: 2023-01-01T00:00:00Z}
  - {id: otto, from: 2023-01-01T00:00:00Z}
  - {id: oona, from: 2023-01-01T00:00:00Z}
  - {id: sam, from: 2023-01-01T00:00:00Z}
teams:
  - {id: owners, members: [{person: olga}, {person: otto}, {person: oona}], contacts: {page: "pager:owners"}}
  - {id: security, members: [{person: sam}], contacts: {page: "pager:security"}}
  - {id: builders, members: [{person: bob}, {person: carol}]}
workloads:
  - {id: pipeline, owner: security, operators: [sam]}
credentials:
  - {id: alice-key, holder: alice, owner: security, revokers: [security], key: {pem: KEY(alice)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
  - {id: bob-key, holder: bob, owner: security, revokers: [security], key: {pem: KEY(bob)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
  - {id: bob-second, holder: bob, owner: security, revokers: [security], key: {pem: KEY(p256:bob)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
  - {id: carol-key, holder: carol, owner: security, revokers: [security], key: {pem: KEY(carol)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
  - {id: olga-key, holder: olga, owner: security, revokers: [security], key: {pem: KEY(olga)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
  - {id: olga-second, holder: olga, owner: security, revokers: [security], key: {pem: KEY(p256:olga)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
  - {id: otto-key, holder: otto, owner: security, revokers: [security], key: {pem: KEY(otto)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
  - {id: sam-key, holder: sam, owner: security, revokers: [security], key: {pem: KEY(sam)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
  - {id: pipeline-key, holder: pipeline, owner: security, revokers: [security], key: {pem: KEY(pipeline)}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
grants:
  - {to: olga, may: [release], artifacts: ["pkg:generic/payments/**"]}
  - {to: alice, may: [attest], artifacts: ["pkg:generic/payments/**"]}
  - {to: builders, may: [build], artifacts: ["pkg:generic/payments/**"]}
  - {to: pipeline, may: [build], artifacts: ["pkg:generic/payments/**"]}
  - {to: sam, may: [release], artifacts: ["pkg:generic/payments/**"]}
controls:
  - {control: publisher-identity, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: certificate-issuance, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: key-lifecycle, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: review-audit, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: release-policy, artifacts: ["**"], accountable: owners, responsible: [owners]}
  - {control: enforcement, artifacts: ["**"], accountable: security, responsible: [security]}
  - {control: monitoring, artifacts: ["**"], accountable: security, responsible: [security]}
`
	rules = `apiVersion: surety.dev/v1alpha1
kind: Policy
metadata: {name: payments, version: 4, effectiveFrom: 2026-01-01T00:00:00Z}
artifacts: ["pkg:generic/payments/**"]
evidence:
  - {name: chain, predicateTypes: ["https://in-toto.io/Layout/v1"], duty: release}
rules:
  - {id: built-by-two, about: chain, expression: "it.layout.steps.exists(s, s.name == 'build' && s.people.size() >= 2 && s.threshold == 2 && s.passed) && it.layout.product == 'package: dist/app.tar'"}
`
	expires = "2027-01-31T00:00:00Z"
)

// supply is a release in the making. Tests change it before it is judged.
type supply struct {
	model, policy  string
	layout         in_toto.Layout
	approved       []string // who signs the layout
	links          map[string][]byte
	artifact, at   string
	without, spoil bool          // no Chains; the layout changed after it was signed
	chains         verify.Chains // chain.Chains if nil
	inspected      string        // what the inspection would write
}

func key(t testing.TB, name string) in_toto.Key {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(fixture.NewKey(name).Private())
	if err != nil {
		t.Fatal(err)
	}
	var k in_toto.Key
	if err := k.LoadKeyReaderDefaults(bytes.NewReader(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))); err != nil {
		t.Fatal(err)
	}
	return k
}

func sign(t testing.TB, payload any, names ...string) []byte {
	t.Helper()
	m := &in_toto.Metablock{Signed: payload, Signatures: []in_toto.Signature{}}
	for _, name := range names {
		if err := m.Sign(key(t, name)); err != nil {
			t.Fatal(err)
		}
	}
	data, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func digest(content string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(content))) }

func link(t testing.TB, step string, materials, products []string, by ...string) []byte {
	t.Helper()
	artifacts := func(list []string) map[string]in_toto.HashObj {
		m := map[string]in_toto.HashObj{}
		for _, a := range list {
			path, content, _ := strings.Cut(a, "=")
			m[path] = in_toto.HashObj{"sha256": digest(content)}
		}
		return m
	}
	return sign(t, in_toto.Link{Type: "link", Name: step, Materials: artifacts(materials), Products: artifacts(products),
		ByProducts: map[string]any{}, Command: []string{}, Environment: map[string]any{}}, by...)
}

var recording sync.Mutex

// good records a chain in a directory with in-toto-golang: alice clones, bob and carol build, the pipeline
// packages; olga and otto approve the layout.
func good(t testing.TB) *supply {
	t.Helper()
	dir := t.TempDir()
	s := &supply{model: model, policy: rules, approved: []string{"olga", "otto"}, links: map[string][]byte{}, artifact: "the package", at: "2026-06-01T12:00:00Z",
		inspected: filepath.Join(t.TempDir(), "inspected")}
	record := func(step, by, path, content string) {
		recording.Lock() // in-toto-golang records with a global
		defer recording.Unlock()
		paths, hash := []string{dir}, []string{"sha256"}
		begun, err := in_toto.InTotoRecordStart(step, paths, key(t, by), hash, nil, []string{dir + "/"}, false, false, false)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		done, err := in_toto.InTotoRecordStop(begun, paths, key(t, by), hash, nil, []string{dir + "/"}, false, false, false)
		if err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(t.TempDir(), "link")
		if err := done.Dump(out); err != nil {
			t.Fatal(err)
		}
		if s.links[step+"."+by], err = os.ReadFile(out); err != nil {
			t.Fatal(err)
		}
	}
	record("clone", "alice", "src/main.c", "int main(void) { return 0; }\n")
	record("build", "bob", "out/app", "the program")
	if err := os.RemoveAll(filepath.Join(dir, "out")); err != nil {
		t.Fatal(err)
	}
	record("build", "carol", "out/app", "the program")
	record("package", "pipeline", "dist/app.tar", "the package")
	s.layout = in_toto.Layout{Type: "layout", Expires: expires, Keys: map[string]in_toto.Key{}}
	step := func(name string, threshold int, by []string, materials, products string) {
		st := in_toto.Step{Type: "step", Threshold: threshold, SupplyChainItem: in_toto.SupplyChainItem{Name: name, ExpectedMaterials: lines(materials), ExpectedProducts: lines(products)}}
		for _, b := range by {
			k := key(t, b)
			k.KeyVal.Private = ""
			s.layout.Keys[k.KeyID], st.PubKeys = k, append(st.PubKeys, k.KeyID)
		}
		s.layout.Steps = append(s.layout.Steps, st)
	}
	step("clone", 1, []string{"alice"}, "DISALLOW *", "CREATE src/*;DISALLOW *")
	step("build", 2, []string{"bob", "p256:bob", "carol"}, "MATCH src/* WITH PRODUCTS FROM clone;DISALLOW *", "CREATE out/app;ALLOW src/*;DISALLOW *")
	step("package", 1, []string{"pipeline"}, "MATCH out/app WITH PRODUCTS FROM build;ALLOW src/*;DISALLOW *", "CREATE dist/app.tar;ALLOW src/*;ALLOW out/*;DISALLOW *")
	s.layout.Inspect = []in_toto.Inspection{{Type: "inspection", Run: []string{"touch", s.inspected},
		SupplyChainItem: in_toto.SupplyChainItem{Name: "untar", ExpectedMaterials: lines("MATCH app.tar WITH PRODUCTS IN dist FROM package")}}}
	return s
}

func lines(text string) [][]string {
	list := [][]string{}
	for _, l := range strings.Split(text, ";") {
		list = append(list, strings.Fields(l))
	}
	return list
}

func (s *supply) evidence(t testing.TB) [][]byte {
	t.Helper()
	root := sign(t, s.layout, s.approved...)
	if s.spoil {
		root = bytes.Replace(root, []byte("DISALLOW"), []byte("ALLOW"), 1)
	}
	all := [][]byte{root}
	var names []string
	for n := range s.links {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		all = append(all, s.links[n])
	}
	return all
}

// prepare makes the verifier and the request for evidence.
func (s *supply) prepare(t testing.TB, evidence [][]byte) (*verify.Verifier, verify.Request) {
	t.Helper()
	m, err := ownership.Load(fstest.MapFS{"o.yaml": {Data: []byte(fixture.Expand(s.model))}}, "o.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Load(fstest.MapFS{"p.yaml": {Data: []byte(s.policy)}}, "p.yaml")
	if err != nil {
		t.Fatal(err)
	}
	config := verify.Config{Chains: chain.Chains{}}
	if s.chains != nil {
		config.Chains = s.chains
	}
	if s.without {
		config.Chains = nil
	}
	v, err := verify.New(m, p, config)
	if err != nil {
		t.Fatal(err)
	}
	artifact, err := attest.NewArtifact("pkg:generic/payments/api@1.4.2", attest.Digests{"sha256": digest(s.artifact)})
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.Parse(time.RFC3339, s.at)
	if err != nil {
		t.Fatal(err)
	}
	request := verify.Request{Artifact: artifact, At: at}
	for _, e := range evidence {
		request.Evidence = append(request.Evidence, attest.Parse("e", e, attest.Limits{})...)
	}
	return v, request
}

// judge gives the verdict on evidence.
func (s *supply) judge(t testing.TB, evidence [][]byte) verify.Verdict {
	t.Helper()
	v, request := s.prepare(t, evidence)
	verdict, err := v.Verify(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	return verdict
}

func explain(v verify.Verdict) string {
	var b strings.Builder
	for _, f := range v.Findings {
		fmt.Fprintf(&b, "%s %s: %s\n", f.Severity, f.Code, f.Message)
	}
	return b.String()
}

// TestSupplyChain: a chain recorded with in-toto-golang is allowed, and the verdict shows it step by step.
func TestSupplyChain(t *testing.T) {
	t.Parallel()
	s := good(t)
	v := s.judge(t, s.evidence(t))
	if v.Decision != verify.Allow || len(v.Layouts) != 1 {
		t.Fatalf("%s\n%s", v.Decision, explain(v))
	}
	l := v.Layouts[0]
	var got []string
	for _, step := range l.Steps {
		got = append(got, fmt.Sprintf("%s %d %v %v %v", step.Name, step.Threshold, step.Passed, step.Holders, step.People))
	}
	want := []string{"clone 1 true [alice] [alice]", "build 2 true [bob carol] [bob carol]", "package 1 true [pipeline] []"}
	if !slices.Equal(got, want) || !slices.Equal(l.ApprovedBy, []string{"olga", "otto"}) || !slices.Equal(l.Inspections, []string{"untar"}) || l.Product != "package: dist/app.tar" || !l.Passed {
		t.Errorf("%q\n%+v", got, l)
	}
	if len(v.Signers) != 1 || v.Signers[0].Person != "olga" {
		t.Errorf("signers %+v", v.Signers)
	}
	for _, e := range v.Inputs.Evidence {
		if e.Status != verify.Counted || e.Format != "in-toto-metablock" {
			t.Errorf("%+v", e)
		}
	}
	if _, err := os.Stat(s.inspected); !os.IsNotExist(err) {
		t.Errorf("the inspection was run: %v", err)
	}
}

// TestReport: the text for people shows the steps.
func TestReport(t *testing.T) {
	t.Parallel()
	s := good(t)
	delete(s.links, "clone.alice")
	var b strings.Builder
	if err := report.Text(&b, s.judge(t, s.evidence(t))); err != nil {
		t.Fatal(err)
	}
	want := `
Supply chain e
  approved by olga, otto, expires 2027-01-31T00:00:00Z
  not passed  clone    nobody whose account can be used
  not passed  build    by bob, carol (it takes 2)
  passed      package  by pipeline
  inspections, not run: untar
`
	if !strings.Contains(b.String(), want) {
		t.Errorf("%s\nwant %s", b.String(), want)
	}
}

// TestRefused: one fault each; what refuses says so, and names the step.
func TestRefused(t *testing.T) {
	t.Parallel()
	swap := func(old, new string) func(testing.TB, *supply) {
		return func(t testing.TB, s *supply) {
			if !strings.Contains(s.model, old) {
				t.Fatalf("no %q", old)
			}
			s.model = strings.Replace(s.model, old, new, 1)
		}
	}
	approve := func(names ...string) func(testing.TB, *supply) {
		return func(_ testing.TB, s *supply) { s.approved = names }
	}
	const active = "states: [{state: active, from: 2023-01-01T00:00:00Z}]"
	revoked := func(id, name string) func(testing.TB, *supply) {
		begin := fmt.Sprintf("- {id: %s, holder: %s, owner: security, revokers: [security], key: {pem: KEY(%s)}, ", id, name, name)
		return swap(begin+active, begin+"states: [{state: active, from: 2023-01-01T00:00:00Z}, {state: revoked, from: 2026-05-01T00:00:00Z, reason: key-compromise}]")
	}
	for _, row := range []struct {
		name  string
		fault func(testing.TB, *supply)
		codes string // of findings that deny
		says  string
	}{
		{"a tampered product", func(_ testing.TB, s *supply) { s.artifact = "another package" }, "evidence-missing supply-chain-broken", "nothing ties the layout to the artifact: no product of step package"},
		{"tampered between steps", func(t testing.TB, s *supply) {
			s.links["package.pipeline"] = link(t, "package", []string{"out/app=evil"}, []string{"out/app=evil", "dist/app.tar=the package"}, "pipeline")
		}, "evidence-missing supply-chain-broken", `step package: the rule "DISALLOW *" for its materials does not hold: "out/app"`},
		{"a missing step", func(_ testing.TB, s *supply) { delete(s.links, "clone.alice") }, "evidence-missing supply-chain-broken", "step clone: it has no link"},
		{"the wrong functionary", func(t testing.TB, s *supply) {
			s.links["clone.alice"] = link(t, "clone", nil, []string{"src/main.c=x"}, "bob")
		}, "evidence-missing supply-chain-broken", "step clone: none of its links counts (1): bob signed with a key the layout does not name"},
		{"a functionary the model does not know", func(t testing.TB, s *supply) {
			s.links["clone.alice"] = link(t, "clone", nil, []string{"src/main.c=x"}, "stranger")
			k := key(t, "stranger")
			k.KeyVal.Private = ""
			s.layout.Keys[k.KeyID], s.layout.Steps[0].PubKeys = k, []string{k.KeyID}
		}, "evidence-missing signer-unknown supply-chain-broken", "step clone: none of its links counts (1): none of its signatures was proven"},
		{"a functionary without a duty", swap(`{to: alice, may: [attest]`, `{to: sam, may: [attest]`), "evidence-missing signer-unknown supply-chain-broken", "step clone: none of its links counts (1)"},
		{"a functionary without a duty for links", swap(`{to: alice, may: [attest], artifacts: ["pkg:generic/payments/**"]}`, `{to: alice, may: [attest], artifacts: ["pkg:generic/payments/**"], predicates: ["https://slsa.dev/provenance/*"]}`),
			"evidence-missing signer-not-granted supply-chain-broken", "step clone: none of its links counts (1): a signature counts for nobody: alice (credential alice-key) may not attest"},
		{"a functionary who left", swap("{id: alice, from: 2023-01-01T00:00:00Z}", "{id: alice, from: 2023-01-01T00:00:00Z, until: 2026-05-01T00:00:00Z}"), "evidence-missing signer-departed supply-chain-broken", "step clone: none of its links counts (1): a signature counts for nobody"},
		{"a functionary's key revoked", revoked("alice-key", "alice"), "credential-revoked evidence-missing supply-chain-broken", "step clone: none of its links counts (1)"},
		{"a functionary's key shared", swap("- {id: alice-key, holder: alice,", "- {id: alice-key, holder: [alice, sam],"), "credential-shared evidence-missing supply-chain-broken", "step clone: none of its links counts (1): a signature counts for nobody: credential alice-key has several holders"},
		{"one functionary twice at threshold 2", func(_ testing.TB, s *supply) {
			s.links["build.carol"] = append([]byte("\n"), s.links["build.bob"]...)
		}, "evidence-missing supply-chain-broken", "step build: it takes 2 who did it alike, and there is only bob"},
		{"one person with two keys at threshold 2", func(t testing.TB, s *supply) {
			s.links["build.carol"] = link(t, "build", []string{"src/main.c=int main(void) { return 0; }\n"}, []string{"src/main.c=int main(void) { return 0; }\n", "out/app=the program"}, "p256:bob")
		}, "evidence-missing supply-chain-broken", "step build: it takes 2 who did it alike, and there is only bob"},
		{"expired", func(_ testing.TB, s *supply) { s.at = expires }, "evidence-missing supply-chain-broken", "it expired at " + expires},
		{"approved by one of three", approve("olga"), "evidence-missing layout-unapproved", "it takes 2 of the 3 members of team owners, accountable for release-policy, to approve the layout, and only olga signed"},
		{"approved by one with two keys", approve("olga", "p256:olga"), "evidence-missing layout-unapproved", "and only olga signed"},
		{"approved by another team", approve("sam", "alice"), "evidence-missing layout-unapproved", "and nobody signed: alice was no member of it"},
		{"approved by strangers", approve("stranger"), "evidence-missing signer-unknown", "the signer is unknown"},
		{"approved by one and a workload", approve("olga", "pipeline"), "evidence-missing layout-unapproved", "credential pipeline-key is held by pipeline: expected one person's"},
		{"approved by one who left", swap("{id: otto, from: 2023-01-01T00:00:00Z}", "{id: otto, from: 2023-01-01T00:00:00Z, until: 2026-05-01T00:00:00Z}"), "", ""},
		{"approved by one who left the team", swap("{person: otto}", "{person: otto, until: 2026-05-01T00:00:00Z}, {person: sam}"), "evidence-missing layout-unapproved", "otto was no member of it"},
		{"a quorum of three", swap("accountable: owners, responsible: [owners]}", "accountable: owners, responsible: [owners], quorum: 3}"), "evidence-missing layout-unapproved", "it takes 3 of the 3 members"},
		{"altered after it was approved", func(_ testing.TB, s *supply) { s.spoil = true }, "evidence-missing signer-unknown", "or it has been altered"},
		{"nobody accountable", swap("  - {control: release-policy, artifacts: [\"**\"], accountable: owners, responsible: [owners]}\n", ""), "control-unowned evidence-missing layout-unapproved signer-unknown", "nobody can approve the layout"},
		{"none of those who approved has the duty", swap("- {to: olga, may: [release]", "- {to: olga, may: [approve]"), "evidence-missing signer-not-granted", "may not release the artifact"},
		{"no layout", func(t testing.TB, s *supply) { s.layout.Type = "link" }, "", ""},
		{"a verifier without chains", func(_ testing.TB, s *supply) { s.without = true }, "evidence-missing supply-chain-broken", "expected a verifier made with Chains"},
		{"a rule about the chain", func(_ testing.TB, s *supply) {
			s.policy = strings.Replace(s.policy, "s.people.size() >= 2", "s.people.size() >= 3", 1)
		}, "rule-failed", "rule built-by-two"},
		{"a rule against inspections that were not run", func(_ testing.TB, s *supply) {
			s.policy += "  - {id: none-unrun, about: chain, expression: \"it.layout.inspections.size() == 0\"}\n"
		}, "rule-failed", "rule none-unrun"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := good(t)
			row.fault(t, s)
			evidence := s.evidence(t)
			if row.name == "no layout" {
				evidence, row.codes, row.says = evidence[1:], "evidence-missing", "needs evidence chain"
			}
			if row.name == "approved by one who left" { // of the two who are left it takes two
				row.codes, row.says = "evidence-missing layout-unapproved", "only olga signed: "
			}
			v := s.judge(t, evidence)
			var codes []string
			for _, f := range v.Findings {
				if f.Severity == verify.SeverityDeny && !slices.Contains(codes, string(f.Code)) {
					codes = append(codes, string(f.Code))
				}
			}
			slices.Sort(codes)
			if v.Decision != verify.Deny || strings.Join(codes, " ") != row.codes || !strings.Contains(explain(v), row.says) {
				t.Errorf("%s %q, want %q and %q\n%s", v.Decision, codes, row.codes, row.says, explain(v))
			}
		})
	}
}

// TestStillAllowed: what may be beside a good chain, and other forms of it.
func TestStillAllowed(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		change func(*supply)
	}{
		{"a second before it expires", func(s *supply) { s.at = "2027-01-30T23:59:59Z" }},
		{"links by strangers", func(s *supply) {
			s.links["clone.stranger"] = link(t, "clone", nil, []string{"src/main.c=evil"}, "stranger")
		}},
		{"another layout, not approved", func(s *supply) {
			other := s.layout
			other.Readme = "another"
			s.links["other"] = sign(t, other, "sam")
		}},
		{"another layout, approved and broken", func(s *supply) {
			other := s.layout
			other.Readme, other.Expires = "another", "2026-01-31T00:00:00Z"
			s.links["other"] = sign(t, other, "olga", "otto")
		}},
		{"the two approvals in two files", func(s *supply) {
			s.links["other"] = sign(t, s.layout, "otto")
			s.approved = []string{"olga"}
		}},
		{"a quorum of one", func(s *supply) {
			s.model = strings.Replace(s.model, "accountable: owners, responsible: [owners]}", "accountable: owners, responsible: [owners], quorum: 1}", 1)
			s.approved = []string{"olga"}
		}},
	} {
		s := good(t)
		row.change(s)
		if v := s.judge(t, s.evidence(t)); v.Decision != verify.Allow {
			t.Errorf("%s: %s\n%s", row.name, v.Decision, explain(v))
		}
	}
}

// TestSublayout: a layout of bob's in place of a link is no layout of the release's, and is not told of as
// one that nobody approved.
func TestSublayout(t *testing.T) {
	t.Parallel()
	s := good(t)
	s.policy = strings.Replace(s.policy, "s.people.size() >= 2 && s.threshold == 2 &&", "", 1)
	k := key(t, "carol")
	k.KeyVal.Private = ""
	inner := in_toto.Layout{Type: "layout", Expires: expires, Keys: map[string]in_toto.Key{k.KeyID: k}, Steps: []in_toto.Step{
		{Type: "step", Threshold: 1, PubKeys: []string{k.KeyID}, SupplyChainItem: in_toto.SupplyChainItem{Name: "compile"}}}}
	s.layout.Steps[1].Threshold = 1
	s.links["inner"] = sign(t, inner, "bob")
	delete(s.links, "build.bob")
	delete(s.links, "build.carol")
	source := "src/main.c=int main(void) { return 0; }\n"
	s.links["compile"] = link(t, "compile", []string{source}, []string{source, "out/app=the program"}, "carol")
	v := s.judge(t, s.evidence(t))
	if v.Decision != verify.Allow || len(v.Layouts) != 2 || v.Layouts[1].Within != v.Layouts[0].Evidence || v.Layouts[1].StandsFor != "build" || strings.Contains(explain(v), "layout-unapproved") {
		t.Fatalf("%s %+v\n%s", v.Decision, v.Layouts, explain(v))
	}
	for _, e := range v.Inputs.Evidence {
		if e.Status != verify.Counted {
			t.Errorf("%+v", e)
		}
	}
	delete(s.links, "compile")
	v = s.judge(t, s.evidence(t))
	if v.Decision != verify.Deny || !strings.Contains(explain(v), "step build: none of its links counts (1): the layout in its place does not pass: step compile: it has no link") {
		t.Errorf("%s\n%s", v.Decision, explain(v))
	}
}

// TestSameBytes: 400 repetitions and shuffles give the same bytes.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	for _, missing := range []string{"", "clone.alice"} {
		s := good(t)
		s.links["build.other"] = link(t, "build", nil, []string{"out/app=another", "b=1", "B=1"}, "bob", "carol")
		delete(s.links, missing)
		evidence := s.evidence(t)
		evidence = append(evidence, evidence[1:]...)
		v, request := s.prepare(t, evidence)
		want := ""
		for n := range 400 {
			random, e := rand.New(rand.NewPCG(uint64(n), 3)), request.Evidence
			random.Shuffle(len(e), func(i, j int) { e[i], e[j] = e[j], e[i] })
			verdict, err := v.Verify(context.Background(), request)
			if err != nil {
				t.Fatal(err)
			}
			got, err := verdict.JSON()
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				want = string(got)
			}
			if string(got) != want {
				t.Fatalf("time %d\n%s\nwant\n%s", n, got, want)
			}
		}
	}
}

// TestUnreadableLink: a link attestation whose predicate cannot be read is told of as itself.
func TestUnreadableLink(t *testing.T) {
	t.Parallel()
	s := good(t)
	statement := fixture.NewStatement(attest.LinkV03Type, digest(s.artifact), map[string]any{"materials": []any{}})
	delete(s.links, "clone.alice")
	s.links["clone"] = fixture.Sign(statement.JSON(), fixture.NewKey("alice")).JSON()
	v := s.judge(t, s.evidence(t))
	if v.Decision != verify.Deny || !strings.Contains(explain(v), "deny evidence-unreadable: $.predicate: has no name") {
		t.Errorf("%s\n%s", v.Decision, explain(v))
	}
}

// TestLinkAttestation: a link attestation in DSSE counts as a metablock does.
func TestLinkAttestation(t *testing.T) {
	t.Parallel()
	s := good(t)
	source := "int main(void) { return 0; }\n"
	statement := fixture.Statement{
		Type: "https://in-toto.io/Statement/v1", PredicateType: attest.LinkV03Type,
		Subject:   []fixture.Subject{{Name: "src/main.c", Digest: map[string]string{"sha256": digest(source)}}},
		Predicate: map[string]any{"name": "clone", "command": []string{"git", "clone"}, "materials": []any{}},
	}
	delete(s.links, "clone.alice")
	s.links["clone"] = fixture.Sign(statement.JSON(), fixture.NewKey("alice")).JSON()
	if v := s.judge(t, s.evidence(t)); v.Decision != verify.Allow {
		t.Errorf("%s\n%s", v.Decision, explain(v))
	}
}
