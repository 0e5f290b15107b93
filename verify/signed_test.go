package verify_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

// govern is the base model with three approvers, of whom two must sign, and with everybody whose signature
// counts for nothing.
func govern(t testing.TB, pairs ...string) string {
	t.Helper()
	active := "states: [{state: active, from: 2023-01-01T00:00:00Z}]"
	m := replaced(t, baseModel,
		"  - {id: dana,", "  - {id: gina, from: 2023-01-01T00:00:00Z}\n  - {id: frank, from: 2023-01-01T00:00:00Z, until: 2026-03-01T00:00:00Z}\n  - {id: mallory, from: 2023-01-01T00:00:00Z}\n  - {id: dana,",
		"members: [{person: alice}, {person: bob}]", "members: [{person: alice}, {person: bob}, {person: gina}, {person: frank}, {person: dana, until: 2026-02-01T00:00:00Z}]",
		"  - {id: security, members", "  - {id: payments, members: [{person: mallory}], contacts: {page: \"pager:payments\"}}\n  - {id: security, members",
		"credentials:\n", "credentials:\n"+
			"  - {id: gina-key, holder: gina, key: {pem: KEY(gina)}, "+active+"}\n"+
			"  - {id: frank-key, holder: frank, key: {pem: KEY(frank)}, "+active+"}\n"+
			"  - {id: dana-key, holder: dana, key: {pem: KEY(dana)}, "+active+"}\n"+
			"  - {id: erin-key, holder: erin, key: {pem: KEY(erin)}, "+active+"}\n"+
			"  - {id: mallory-key, holder: mallory, key: {pem: KEY(mallory)}, "+active+"}\n"+
			"  - {id: both-key, holder: [bob, gina], key: {pem: KEY(both)}, "+active+"}\n"+
			"  - {id: bob-old, holder: bob, key: {pem: KEY(bob-old)}, states: [{state: active, from: 2023-01-01T00:00:00Z}, {state: revoked, from: 2026-04-01T00:00:00Z, reason: key-compromise}]}\n",
		"  - {control: enforcement,", "  - {control: release-policy, artifacts: [\"pkg:generic/payments/**\"], accountable: payments, responsible: [payments]}\n  - {control: enforcement,",
	)
	return replaced(t, m, pairs...)
}

// owning is the model with another scope for the team payments.
func owning(t testing.TB, scope string) string {
	t.Helper()
	return govern(t, `artifacts: ["pkg:generic/payments/**"], accountable: payments`, `artifacts: ["`+scope+`"], accountable: payments`)
}

// endorsing is a request by signed documents in the making; by nil a document is plain. The evidence is good.
type endorsing struct {
	model, policy string
	by, policyBy  []string
	previous      string   // the model's, plain
	replaces      []string // the policy's, plain
	beside        []string // further policies the verifier has, plain
	at            string
	minimum       map[string]int
	require       bool
	mangle        func(e *fixture.Envelope) // the model's envelope
	manglePolicy  func(e *fixture.Envelope)
}

// raise changes the version in a signed envelope.
func raise(e *fixture.Envelope) {
	text, _ := base64.StdEncoding.DecodeString(e.Payload)
	e.Payload = base64.StdEncoding.EncodeToString([]byte(strings.Replace(string(text), "version: 12", "version: 13", 1)))
}

// digestOf is the digest of a document.
func digestOf(document string) string {
	return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(fixture.Expand(document))))
}

// file is a document as a file: plain, or signed by keys.
func file(payloadType, document string, by []string, mangle func(*fixture.Envelope)) *fstest.MapFile {
	text := []byte(fixture.Expand(document))
	if by == nil {
		return &fstest.MapFile{Data: text}
	}
	keys := make([]fixture.Key, len(by))
	for i, k := range by {
		keys[i] = fixture.NewKey(k)
	}
	e := fixture.SignAs(payloadType, text, keys...)
	if mangle != nil {
		mangle(&e)
	}
	return &fstest.MapFile{Data: e.JSON()}
}

// load loads the documents.
func (s endorsing) load(t testing.TB) (*ownership.Model, []*policy.Policy, []verify.Endorsement, error) {
	t.Helper()
	fsys := fstest.MapFS{
		"ownership.json": file(verify.OwnershipPayloadType, or(s.model, govern(t)), s.by, s.mangle),
		"policy.json":    file(verify.PolicyPayloadType, or(s.policy, basePolicy), s.policyBy, s.manglePolicy),
	}
	path := func(name string, by []string) string { // plain documents are YAML
		if by != nil {
			return name + ".json"
		}
		fsys[name+".yaml"] = fsys[name+".json"]
		return name + ".yaml"
	}
	var previous *ownership.Model
	if s.previous != "" {
		var err error
		if previous, err = loadModel(s.previous); err != nil {
			t.Fatal(err)
		}
	}
	replaces, err := loadPolicies(s.replaces...)
	if err != nil {
		t.Fatal(err)
	}
	beside, err := loadPolicies(s.beside...)
	if err != nil {
		t.Fatal(err)
	}
	model, endorsement, err := verify.LoadOwnership(fsys, path("ownership", s.by), previous)
	if err != nil {
		return nil, nil, nil, err
	}
	policies, endorsements, err := verify.LoadPolicies(fsys, path("policy", s.policyBy), model, replaces...)
	return model, append(policies, beside...), append(endorsements, endorsement), err
}

func (s endorsing) config(endorsements []verify.Endorsement) verify.Config {
	return verify.Config{Endorsements: endorsements, RequireSigned: s.require, MinVersions: s.minimum}
}

// judge gives the verdict on good evidence.
func (s endorsing) judge(t testing.TB) verify.Verdict {
	t.Helper()
	model, policies, endorsements, err := s.load(t)
	if err != nil {
		t.Fatal(err)
	}
	v, err := verify.New(model, policies, s.config(endorsements))
	if err != nil {
		t.Fatal(err)
	}
	verdict, err := v.Verify(context.Background(), scene{at: s.at}.request(t, provenance("pipeline")))
	if err != nil {
		t.Fatal(err)
	}
	return verdict
}

// next is a model as the version after another, with changes.
func next(t testing.TB, before string, pairs ...string) string {
	t.Helper()
	return replaced(t, before, append([]string{"version: 12,", "version: 13, previous: \"" + digestOf(before) + "\","}, pairs...)...)
}

func nextPolicy(t testing.TB, before string, pairs ...string) string {
	t.Helper()
	return replaced(t, before, append([]string{"version: 4,", "version: 5, previous: \"" + digestOf(before) + "\","}, pairs...)...)
}

// takeover makes mallory's team answer for everything.
var takeover = []string{`{control: release-policy, artifacts: ["**"], accountable: approvers, responsible: [approvers]}`, `{control: release-policy, artifacts: ["**"], accountable: payments, responsible: [payments]}`}

func TestSignedOwnership(t *testing.T) {
	t.Parallel()
	two := []string{"alice", "bob"}
	before := govern(t)
	for _, row := range []struct {
		name    string
		signing endorsing
		code    string // "": allowed
		says    string // in its message
	}{
		{"a quorum", endorsing{by: two}, "", ""},
		{"a quorum, where it must be signed", endorsing{by: two, policyBy: []string{"mallory"}, require: true}, "", ""},
		{"all of them", endorsing{by: []string{"gina", "alice", "bob"}}, "", ""},
		{"one with another key", endorsing{by: []string{"gina", "p256:alice"}}, "", ""},
		{"without key ids", endorsing{by: two, mangle: func(e *fixture.Envelope) { e.Signatures[0].KeyID, e.Signatures[1].KeyID = "", "nobody" }}, "", ""},
		{"one short", endorsing{by: []string{"alice"}}, "change-unapproved", "it takes 2 of the 3 members of team approvers, accountable for release-policy over **, and only alice signed"},
		{"nobody", endorsing{by: []string{"stranger"}}, "change-unapproved", "nobody signed; credential stranger-key is held by stranger"},
		{"one person with two keys", endorsing{by: []string{"alice", "p256:alice"}}, "change-unapproved", "only alice signed"},
		{"one signature twice", endorsing{by: []string{"alice", "alice"}}, "change-unapproved", "only alice signed"},
		{"somebody who has left", endorsing{by: []string{"alice", "frank"}}, "change-unapproved", "frank"},
		{"somebody who has left, before that", endorsing{by: []string{"alice", "frank"}, at: "2026-02-15T00:00:00Z"}, "change-unapproved", "it takes 3 of the 4"},
		{"somebody who has left, before that, with enough others", endorsing{by: []string{"alice", "frank", "gina"}, at: "2026-02-15T00:00:00Z"}, "", ""},
		{"a member until lately", endorsing{by: []string{"alice", "dana"}}, "change-unapproved", "dana (credential dana-key) is in no team that has to sign it"},
		{"a member of another team", endorsing{by: []string{"alice", "erin"}}, "change-unapproved", "erin (credential erin-key) is in no team"},
		{"the team of a narrow scope", endorsing{by: []string{"mallory"}}, "change-unapproved", "mallory (credential mallory-key) is in no team"},
		{"a workload", endorsing{by: []string{"alice", "pipeline"}}, "change-unapproved", "credential pipeline-key is held by pipeline"},
		{"a key two people share", endorsing{by: []string{"alice", "both"}}, "change-unapproved", "credential both-key is held by 2 holders"},
		{"a revoked credential", endorsing{by: []string{"alice", "bob-old"}}, "change-unapproved", "credential bob-old is revoked since"},
		{"a key nobody has", endorsing{by: []string{"alice", "nobody"}}, "change-unapproved", "a signature verifies with no key"},
		{"one byte changed", endorsing{by: two, mangle: func(e *fixture.Envelope) {
			text, _ := base64.StdEncoding.DecodeString(e.Payload)
			e.Payload = base64.StdEncoding.EncodeToString([]byte(strings.Replace(string(text), "from: 2023", "from: 2022", 1)))
		}}, "change-unapproved", "a signature does not verify with the key of credential alice-key"},
		{"signatures swapped", endorsing{by: two, mangle: func(e *fixture.Envelope) {
			e.Signatures[0].Sig, e.Signatures[1].Sig = e.Signatures[1].Sig, e.Signatures[0].Sig
		}}, "", ""}, // key ids are hints
		{"a signature that cannot be read", endorsing{by: two, mangle: func(e *fixture.Envelope) { e.Signatures[1].Sig = "!" }}, "change-unapproved", "a signature cannot be read"},
		{"one such beside enough", endorsing{by: []string{"alice", "bob", "gina"}, mangle: func(e *fixture.Envelope) { e.Signatures[1].Sig = "!" }}, "", ""},
		{"more than a quorum asked for", endorsing{by: two, model: govern(t, "accountable: approvers, responsible: [approvers]}\n  - {control: release-policy, artifacts: [\"pkg", "accountable: approvers, quorum: 3}\n  - {control: release-policy, artifacts: [\"pkg")}, "change-unapproved", "it takes 3 of the 3"},
		{"fewer asked for", endorsing{by: two[:1], model: govern(t, "accountable: approvers, responsible: [approvers]}\n  - {control: release-policy, artifacts: [\"pkg", "accountable: approvers, quorum: 1}\n  - {control: release-policy, artifacts: [\"pkg")}, "", ""},
		{"more than there are", endorsing{by: []string{"alice", "bob", "gina"}, model: govern(t, "accountable: approvers, responsible: [approvers]}\n  - {control: release-policy, artifacts: [\"pkg", "accountable: approvers, quorum: 4}\n  - {control: release-policy, artifacts: [\"pkg")}, "change-unapproved", "it takes 4 members of team approvers, accountable for release-policy over **, and there are 3"},
		{"nobody answers for everything", endorsing{by: two, model: govern(t, `{control: release-policy, artifacts: ["**"], accountable: approvers`, `{control: release-policy, artifacts: ["pkg:generic/**"], accountable: approvers`)}, "change-unapproved control-unowned", "nobody, or more than one team, is accountable for release-policy over all of **"},
		{"two teams do", endorsing{by: two, model: govern(t, takeover[0], takeover[0]+"\n  - "+takeover[1])}, "change-unapproved control-unowned", "nobody, or more than one team"},

		{"plain", endorsing{}, "", ""},
		{"plain where it must be signed", endorsing{require: true, policyBy: []string{"mallory"}}, "ownership-unsigned", "the ownership model acme version 12 is not signed"},
		{"plain after a version that is known", endorsing{model: next(t, before), previous: before}, "ownership-unsigned", "the ownership model acme version 13 is not approved: it is not signed"},

		{"the next version", endorsing{model: next(t, before), by: two, previous: before}, "", ""},
		{"the next version, one short", endorsing{model: next(t, before), by: two[:1], previous: before}, "change-unapproved", "only alice signed"},
		{"a takeover signed by the new owners", endorsing{model: next(t, before, takeover...), by: []string{"mallory"}, previous: before}, "change-unapproved", "mallory (credential mallory-key) is in no team"},
		{"a takeover on first use", endorsing{model: next(t, before, takeover...), by: []string{"mallory"}}, "", ""}, // which the verdict shows
		{"a change of owners signed by the old ones", endorsing{model: next(t, before, takeover...), by: two, previous: before}, "", ""},
		{"a key the new version gives alice", endorsing{model: next(t, before, "key: {pem: KEY(alice)}", "key: {pem: KEY(evil)}"), by: []string{"evil", "bob"}, previous: before}, "change-unapproved", "a signature verifies with no key"},
		{"another version before", endorsing{model: next(t, before), by: two, previous: replaced(t, before, "2023", "2022")}, "change-unapproved", "it names the previous version " + digestOf(before) + ": expected sha256:"},
		{"no version before", endorsing{model: replaced(t, before, "version: 12", "version: 13"), by: two, previous: before}, "change-unapproved", "it names no previous version: expected previous: " + digestOf(before)},
		{"the same version again", endorsing{model: replaced(t, next(t, before), "version: 13", "version: 12"), by: two, previous: before}, "change-unapproved", "expected a higher version"},
		{"another name", endorsing{model: replaced(t, next(t, before), "name: acme", "name: emca"), by: two, previous: before}, "change-unapproved", "expected the same name"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			held(t, row.signing.judge(t), row.code, row.says)
		})
	}
}

// held asserts that a verdict allows, or denies with the codes and a message.
func held(t testing.TB, v verify.Verdict, codes, says string) {
	t.Helper()
	if codes == "" {
		want(t, v, "allow")
		return
	}
	want(t, v, "deny", strings.Fields(codes)...)
	if !slices.ContainsFunc(v.Findings, func(f verify.Finding) bool {
		return string(f.Code) == strings.Fields(codes)[0] && f.Severity == verify.SeverityDeny && strings.Contains(f.Message, says)
	}) {
		t.Errorf("no finding says %q\n%s", says, explain(v))
	}
	if v.Marks.Policy != verify.Fail {
		t.Errorf("the mark policy is %s", v.Marks.Policy)
	}
}

func TestSignedPolicies(t *testing.T) {
	t.Parallel()
	wide := replaced(t, basePolicy, `artifacts: ["pkg:generic/payments/**"]`, `artifacts: ["pkg:generic/**"]`)
	for _, row := range []struct {
		name    string
		signing endorsing
		code    string
		says    string
	}{
		{"the owner of its scope", endorsing{policyBy: []string{"mallory"}}, "", ""},
		{"the owner of everything", endorsing{policyBy: []string{"alice", "bob"}}, "change-unapproved", "of team payments, accountable for release-policy over pkg:generic/payments/**, and nobody signed"},
		{"a wider one by the owner of a part", endorsing{policy: wide, policyBy: []string{"mallory"}}, "change-unapproved", "of team approvers, accountable for release-policy over pkg:generic/**,"},
		{"a wider one by the owner of everything", endorsing{policy: wide, policyBy: []string{"alice", "gina"}}, "change-unapproved", "it takes 1 of the 1 members of team payments, accountable for release-policy over pkg:generic/payments/**, and nobody signed"},
		{"a wider one by the owner of everything and of the part", endorsing{policy: wide, policyBy: []string{"alice", "gina", "mallory"}}, "", ""},
		{"one across by the owner of everything", endorsing{policy: replaced(t, basePolicy, "pkg:generic/payments/**", "pkg:*/payments/**"), policyBy: []string{"alice", "bob"}}, "change-unapproved", "of team payments, accountable for release-policy over pkg:generic/payments/**, and nobody signed"},
		{"one across by both", endorsing{policy: replaced(t, basePolicy, "pkg:generic/payments/**", "pkg:*/payments/**"), policyBy: []string{"alice", "bob", "mallory"}}, "", ""},
		{"one that ends within a word", endorsing{model: owning(t, "pkg:generic/*pay*/**"), policy: replaced(t, basePolicy, "payments/**", "payments*/**"), policyBy: []string{"alice", "bob"}}, "change-unapproved", "of team payments, accountable for release-policy over pkg:generic/payments*/**, and nobody signed"},
		{"one with more wildcards in a word", endorsing{model: owning(t, "pkg:generic/p*y*s/**"), policy: replaced(t, basePolicy, "payments/**", "pay*ments/**"), policyBy: []string{"alice", "bob"}}, "change-unapproved", "of team payments"},
		{"such by the owner", endorsing{model: owning(t, "pkg:generic/*pay*/**"), policy: replaced(t, basePolicy, "payments/**", "payments*/**"), policyBy: []string{"mallory"}}, "", ""},
		{"a part nobody owns", endorsing{model: govern(t, "accountable: payments,", ""), policy: wide, policyBy: []string{"alice", "bob", "mallory"}}, "change-unapproved control-unowned", "nobody, or more than one team, is accountable for release-policy over all of pkg:generic/payments/**"},
		{"a part of the same team", endorsing{model: govern(t, "accountable: payments,", "accountable: approvers,"), policy: wide, policyBy: []string{"alice", "bob"}}, "", ""},
		{"a part of the same team that asks for more", endorsing{model: govern(t, "accountable: payments,", "accountable: approvers, quorum: 3,"), policy: wide, policyBy: []string{"alice", "bob"}}, "change-unapproved", "it takes 3 of the 3 members of team approvers, accountable for release-policy over pkg:generic/payments/**, and only alice, bob signed"},
		{"each scope that is lacking", endorsing{policy: replaced(t, basePolicy, `["pkg:generic/payments/**"]`, `["pkg:generic/payments/**", "pkg:npm/x", "pkg:npm/y", "pkg:npm/x"]`), policyBy: []string{"mallory"}}, "change-unapproved", "of team approvers, accountable for release-policy over pkg:npm/x, pkg:npm/y, and nobody signed"},
		{"nobody known", endorsing{policyBy: []string{"nobody"}}, "change-unapproved", "nobody the ownership model knows has signed it; a signature verifies with no key"},
		{"two scopes, one owner", endorsing{policy: replaced(t, basePolicy, `**"]`, `**", "pkg:generic/other/**"]`), policyBy: []string{"mallory"}}, "change-unapproved", "over pkg:generic/other/**"},
		{"two scopes, both owners", endorsing{policy: replaced(t, basePolicy, `**"]`, `**", "pkg:generic/other/**"]`), policyBy: []string{"mallory", "bob", "alice"}}, "", ""},
		{"a scope nobody owns", endorsing{policyBy: []string{"mallory"}, model: govern(t, `accountable: payments,`, ``)}, "change-unapproved control-unowned", "nobody, or more than one team, is accountable"},
		{"a workload", endorsing{policyBy: []string{"pipeline"}}, "change-unapproved", "pipeline-key is held by pipeline"},
		{"one byte changed", endorsing{policyBy: []string{"mallory"}, manglePolicy: func(e *fixture.Envelope) {
			text, _ := base64.StdEncoding.DecodeString(e.Payload)
			e.Payload = base64.StdEncoding.EncodeToString([]byte(strings.Replace(string(text), "not one of ours", "not one of hers", 1)))
		}}, "change-unapproved", "does not verify"},
		{"plain where it must be signed", endorsing{by: []string{"alice", "bob"}, require: true}, "policy-unsigned", "policy payments version 4 is not signed"},
		{"one of two plain where it must be signed", endorsing{by: []string{"alice", "bob"}, policyBy: []string{"mallory"}, require: true, beside: []string{replaced(t, basePolicy, "name: payments", "name: other", "pkg:generic/payments", "pkg:generic/elsewhere")}}, "policy-unsigned", "policy other version 4"},
		{"one that is not in force may be plain", endorsing{by: []string{"alice", "bob"}, policyBy: []string{"mallory"}, require: true, beside: []string{replaced(t, basePolicy, "version: 4", "version: 5", "2026-01-01", "2027-01-01")}}, "", ""},

		{"the next version", endorsing{policy: nextPolicy(t, basePolicy), policyBy: []string{"mallory"}, replaces: []string{basePolicy}}, "", ""},
		{"the next version, plain", endorsing{policy: nextPolicy(t, basePolicy), replaces: []string{basePolicy}}, "policy-unsigned", "it is not signed"},
		{"an older version", endorsing{policy: replaced(t, basePolicy, "version: 4", "version: 3"), policyBy: []string{"mallory"}, replaces: []string{basePolicy}}, "change-unapproved", "it does not follow policy payments version 4: expected a higher version"},
		{"another version before", endorsing{policy: nextPolicy(t, basePolicy), policyBy: []string{"mallory"}, replaces: []string{wide}}, "change-unapproved", "it names the previous version"},
		{"a narrower one by the owner of the part", endorsing{policy: nextPolicy(t, wide, "pkg:generic/**", "pkg:generic/payments/**"), policyBy: []string{"mallory"}, replaces: []string{wide}}, "change-unapproved", "of team approvers, accountable for release-policy over pkg:generic/**,"},
		{"a wider one that follows", endorsing{policy: nextPolicy(t, basePolicy, "payments/**", "**"), policyBy: []string{"alice", "bob"}, replaces: []string{basePolicy}}, "change-unapproved", "of team payments"},
		{"a narrower one by both", endorsing{policy: nextPolicy(t, wide, "pkg:generic/**", "pkg:generic/payments/**"), policyBy: []string{"mallory", "alice", "bob"}, replaces: []string{wide}}, "", ""},
		{"a name taken over", endorsing{policy: replaced(t, basePolicy, "version: 4", "version: 5", "2026-01-01", "2026-02-01"), policyBy: []string{"mallory"}, beside: []string{wide}}, "change-unapproved", "of team approvers"},
		{"a name taken over with a lower version", endorsing{policy: replaced(t, basePolicy, "version: 4", "version: 1", "2026-01-01", "2026-02-01"), policyBy: []string{"mallory"}, beside: []string{wide}}, "change-unapproved", "of team approvers"},
		{"beside a wider version that is to come", endorsing{policyBy: []string{"mallory"}, beside: []string{replaced(t, wide, "version: 4", "version: 5", "2026-01-01", "2027-01-01")}}, "", ""},
		{"a name taken over for elsewhere", endorsing{policy: replaced(t, basePolicy, "version: 4", "version: 5", "2026-01-01", "2026-02-01", `["pkg:generic/payments/**"]`, `["pkg:generic/payments/x"]`), policyBy: []string{"mallory"}, beside: []string{wide, replaced(t, basePolicy, "name: payments", "name: also")}}, "change-unapproved", "of team approvers"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			held(t, row.signing.judge(t), row.code, row.says)
		})
	}
}

// TestSignersSubsets: of everybody who could try to sign, a set approves if and only if two of the three
// people of the team are in it, whatever the order and however often each signed.
func TestSignersSubsets(t *testing.T) {
	t.Parallel()
	keys := []string{"alice", "p256:alice", "bob", "gina", "bob-old", "pipeline", "frank"}
	people := map[string]string{"alice": "alice", "p256:alice": "alice", "bob": "bob", "gina": "gina"}
	rng := rand.New(rand.NewPCG(1, 2))
	first := map[string]string{}
	for set := 1; set < 1<<len(keys); set++ {
		var by []string
		counted := map[string]bool{}
		for i, k := range keys {
			if set&(1<<i) != 0 {
				by = append(by, k)
				if p := people[k]; p != "" {
					counted[p] = true
				}
			}
		}
		for n := range 2 {
			shuffled := slices.Clone(by)
			if n > 0 {
				shuffled = append(shuffled, by[rng.IntN(len(by))])
				rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			}
			v := endorsing{by: shuffled}.judge(t)
			if v.Admits() != (len(counted) >= 2) {
				t.Errorf("signed by %q: %s", shuffled, v.Decision)
			}
			data, err := v.JSON()
			if err != nil {
				t.Fatal(err)
			}
			key := strings.Join(by, " ")
			if first[key] == "" {
				first[key] = string(data)
			} else if first[key] != string(data) {
				t.Errorf("signed by %q: another order gives another verdict:\n%s", shuffled, cmp.Diff(first[key], string(data)))
			}
		}
	}
}

// TestEndorsements: what an endorsement says of itself, and what verdicts show of it.
func TestEndorsements(t *testing.T) {
	t.Parallel()
	before := govern(t)
	at, _ := time.Parse(time.RFC3339, baseAt)

	self := endorsing{by: []string{"bob", "alice", "erin"}, policyBy: []string{"mallory"}}
	_, _, list, err := self.load(t)
	if err != nil {
		t.Fatal(err)
	}
	e := list[1]
	if !e.Signed() || !e.Self() || e.Document() != digestOf(before) || e.Authority() != digestOf(before) || e.Previous() != "" || e.Err(at) != nil {
		t.Errorf("on first use: %+v, %v", e, e.Err(at))
	}
	quorum := []verify.Quorum{{Scope: "**", Team: "approvers", Need: 2, Members: 3, People: []string{"alice", "bob"}}}
	if diff := cmp.Diff(quorum, e.Quorums(at)); diff != "" || !e.Quorums(at)[0].Met() {
		t.Error(diff)
	}
	if p := list[0]; !p.Signed() || p.Self() || p.Document() != digestOf(basePolicy) || p.Authority() != digestOf(before) || !slices.Equal(p.People(at), []string{"mallory"}) {
		t.Errorf("of a policy: %+v", p)
	}
	v := self.judge(t)
	want(t, v, "allow")
	if in := v.Inputs.Ownership; in.Authority != in.Digest || in.Previous != "" || !slices.Equal(in.SignedBy, []string{"alice", "bob"}) {
		t.Errorf("on first use: %+v", in)
	}
	if in := v.Inputs.Policies[0]; in.Authority != v.Inputs.Ownership.Digest || !slices.Equal(in.SignedBy, []string{"mallory"}) {
		t.Errorf("of a policy: %+v", in)
	}

	follows := endorsing{model: next(t, before), by: []string{"alice", "gina"}, previous: before}
	if in := follows.judge(t).Inputs.Ownership; in.Authority != digestOf(before) || in.Previous != digestOf(before) || in.Digest != digestOf(follows.model) || !slices.Equal(in.SignedBy, []string{"alice", "gina"}) {
		t.Errorf("after a version that is known: %+v", in)
	}
	if in := (endorsing{}).judge(t).Inputs; in.Ownership.Authority != "" || in.Ownership.SignedBy != nil || in.Policies[0].Authority != "" {
		t.Errorf("plain: %+v", in)
	}

	var zero verify.Endorsement
	var unapproved *verify.UnapprovedError
	if zero.Signed() || zero.Self() || zero.Document()+zero.Previous()+zero.Authority() != "" || zero.People(at) != nil || zero.Quorums(at) != nil || !errors.As(zero.Err(at), &unapproved) {
		t.Errorf("the zero endorsement: %+v, %v", zero, zero.Err(at))
	}
	if (verify.Quorum{}).Met() {
		t.Error("the zero quorum is met")
	}
}

// TestWhoAnswersForATakeover: those the version before names, not those who took over.
func TestWhoAnswersForATakeover(t *testing.T) {
	t.Parallel()
	before := replaced(t, govern(t), `  - {control: release-policy, artifacts: ["pkg:generic/payments/**"], accountable: payments, responsible: [payments]}`+"\n", "")
	v := endorsing{model: next(t, before, takeover...), by: []string{"mallory"}, previous: before}.judge(t)
	want(t, v, "deny", "change-unapproved")
	if f := v.Findings[0]; f.Accountable.Team != "approvers" || f.Accountable.Page != "pager:approvers" || f.Control != "release-policy" || f.Mark != verify.MarkPolicy {
		t.Errorf("%+v answers", f.Accountable)
	}
}

// TestSignedDocumentsRefused: what is no signed document is an error, not a plain one.
func TestSignedDocumentsRefused(t *testing.T) {
	t.Parallel()
	two := []string{"alice", "bob"}
	for _, row := range []struct {
		name    string
		signing endorsing
		says    string
	}{
		{"a statement's type", endorsing{by: two, mangle: func(e *fixture.Envelope) { e.PayloadType = fixture.PayloadType }}, `payloadType: is "application/vnd.in-toto+json"; expected "` + verify.OwnershipPayloadType},
		{"a policy's type", endorsing{by: two, mangle: func(e *fixture.Envelope) { e.PayloadType = verify.PolicyPayloadType }}, "expected"},
		{"an ownership model's type", endorsing{policyBy: two, manglePolicy: func(e *fixture.Envelope) { e.PayloadType = verify.OwnershipPayloadType }}, "expected"},
		{"another document", endorsing{by: two, model: basePolicy}, "expected Ownership"},
		{"no signatures", endorsing{by: two, mangle: func(e *fixture.Envelope) { e.Signatures = []fixture.Signature{} }}, "has no signatures"},
		{"loose base64", endorsing{by: two, mangle: func(e *fixture.Envelope) { e.Payload = strings.TrimRight(e.Payload, "=") + "\n" }}, "canonical base64"},
		{"what does not load", endorsing{by: two, model: govern(t, "kind: Ownership", "kind: Ownership\nother: x")}, "ownership.json#payload:3:1: unknown field"},
	} {
		_, _, _, err := row.signing.load(t)
		if err == nil || !strings.Contains(err.Error(), row.says) || !strings.Contains(err.Error(), ".json") {
			t.Errorf("%s: %v, want …%s…", row.name, err, row.says)
		}
	}
	attestation := fstest.MapFS{"o.json": {Data: provenance("alice", "bob")}, "d": {Mode: 0o755 | 1<<31}, "d/o.json": file(verify.OwnershipPayloadType, govern(t), two, nil)}
	for name, says := range map[string]string{"o.json": "payloadType", "d": "no apiVersion", "none.json": "file does not exist", "../x": "not a path"} {
		if _, _, err := verify.LoadOwnership(attestation, name, nil); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s as an ownership model: %v", name, err)
		}
		if _, _, err := verify.LoadPolicies(attestation, name, nil); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s as a policy: %v", name, err)
		}
	}
	// and a signed document is no evidence
	items := attest.Parse("o.json", file(verify.OwnershipPayloadType, govern(t), two, nil).Data, attest.Limits{})
	if len(items) != 1 || items[0].Err() == nil {
		t.Errorf("an ownership model as evidence: %v", items)
	}
}

// TestSignaturesAreOverTheType: a signature made for one kind of payload verifies for no other, whatever the
// envelope then says.
func TestSignaturesAreOverTheType(t *testing.T) {
	t.Parallel()
	for _, made := range []string{fixture.PayloadType, verify.PolicyPayloadType, "text/plain"} {
		s := endorsing{by: []string{"alice", "bob"}, mangle: func(e *fixture.Envelope) {
			text, _ := base64.StdEncoding.DecodeString(e.Payload)
			*e = fixture.SignAs(made, text, fixture.NewKey("alice"), fixture.NewKey("bob"))
			e.PayloadType = verify.OwnershipPayloadType
		}}
		held(t, s.judge(t), "change-unapproved", "a signature does not verify with the key of credential")
	}
	// the other way round: a person's signature under a document counts for no statement
	statement := fixture.NewStatement("https://example.test/approval/v1", release, map[string]any{})
	e := fixture.SignAs(verify.OwnershipPayloadType, statement.JSON(), fixture.NewKey("alice"), fixture.NewKey("bob"))
	want(t, scene{policies: []string{twoPeople}}.judge(t, e.JSON()), "deny", "evidence-missing", "evidence-unreadable")
	e.PayloadType = fixture.PayloadType
	want(t, scene{policies: []string{twoPeople}}.judge(t, e.JSON()), "deny", "evidence-missing", "signature-invalid")
}

// TestPinnedTrust: a file swapped under a signed ownership model does not load, and one that is not pinned
// is an error where the document is signed.
func TestPinnedTrust(t *testing.T) {
	t.Parallel()
	root := `{"mediaType":"x"}`
	pin := fmt.Sprintf(`, digest: "sha256:%x"`, sha256.Sum256([]byte(root)))
	load := func(document, content string, by []string) (*ownership.Model, error) {
		fsys := fstest.MapFS{"docs/o.yaml": file(verify.OwnershipPayloadType, document, by, nil), "docs/root.json": {Data: []byte(content)}}
		m, _, err := verify.LoadOwnership(fsys, "docs/o.yaml", nil)
		return m, err
	}
	pinned, open := govern(t)+"trust: {sigstore: [{id: s, file: root.json"+pin+"}]}\n", govern(t)+"trust: {sigstore: [{id: s, file: root.json}]}\n"
	two := []string{"alice", "bob"}
	for _, row := range []struct {
		name, document, content string
		by                      []string
		says                    string
	}{
		{"pinned and signed", pinned, root, two, ""},
		{"pinned and plain", pinned, root, nil, ""},
		{"swapped and signed", pinned, root + " ", two, "docs/root.json: the file has the digest sha256:"},
		{"swapped and plain", pinned, root + " ", nil, "docs/root.json: the file has the digest sha256:"},
		{"not pinned and plain", open, root, nil, ""},
		{"not pinned and signed", open, root, two, "docs/o.yaml#payload:"},
	} {
		m, err := load(row.document, row.content, row.by)
		switch {
		case row.says != "":
			if m != nil || err == nil || !strings.Contains(err.Error(), row.says) || !strings.Contains(err.Error(), "digest") {
				t.Errorf("%s: %v", row.name, err)
			}
		case err != nil:
			t.Errorf("%s: %v", row.name, err)
		case len(m.Files()) != 1 || m.Files()[0].Path != "docs/root.json" || m.Digest() != digestOf(row.document):
			t.Errorf("%s: %v, %s", row.name, m.Files(), m.Digest())
		}
	}
}

// TestEndorsementsOfOthers: endorsements of documents that are not given, or by the people of another model,
// make no verifier.
func TestEndorsementsOfOthers(t *testing.T) {
	t.Parallel()
	model, policies, endorsements, err := endorsing{by: []string{"alice", "bob"}, policyBy: []string{"mallory"}}.load(t)
	if err != nil {
		t.Fatal(err)
	}
	others, otherPolicies, otherEndorsements, err := endorsing{model: govern(t, "2023", "2022"), by: []string{"alice", "bob"}, policy: replaced(t, basePolicy, "not one", "none"), policyBy: []string{"mallory"}}.load(t)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name         string
		model        *ownership.Model
		policies     []*policy.Policy
		endorsements []verify.Endorsement
		says         string
	}{
		{"theirs", model, policies, append(endorsements, verify.Endorsement{}), ""},
		{"another model's", others, policies, endorsements[1:], "an endorsement is of the ownership model acme version 12"},
		{"another policy's", model, otherPolicies, endorsements, "an endorsement is of policy payments version 4"},
		{"by the people of another model", others, policies, endorsements[:1], "policy payments version 4 was endorsed by the people of the ownership model acme"},
		{"all another's", model, policies, otherEndorsements, "an endorsement is of"},
	} {
		_, err := verify.New(row.model, row.policies, verify.Config{Endorsements: row.endorsements})
		var wrong *verify.ConfigError
		if row.says == "" && err != nil || row.says != "" && (!errors.As(err, &wrong) || !strings.Contains(err.Error(), row.says)) {
			t.Errorf("%s: %v, want %s", row.name, err, row.says)
		}
	}
	// without a model to say who had to sign, a signed policy loads and refuses
	fsys := fstest.MapFS{"p.json": file(verify.PolicyPayloadType, basePolicy, []string{"mallory"}, nil)}
	loaded, unknown, err := verify.LoadPolicies(fsys, "p.json", nil)
	if err != nil {
		t.Fatal(err)
	}
	v, err := verify.New(model, loaded, verify.Config{Endorsements: append(unknown, endorsements[1])})
	if err != nil {
		t.Fatal(err)
	}
	verdict, err := v.Verify(context.Background(), scene{}.request(t, provenance("pipeline")))
	if err != nil {
		t.Fatal(err)
	}
	held(t, verdict, "change-unapproved", "there is no ownership model to say who had to sign it")
}

// FuzzSigned: no bytes panic, and what loads from an envelope is approved only with two people's signatures.
func FuzzSigned(f *testing.F) {
	two := []string{"alice", "bob"}
	f.Add(file(verify.OwnershipPayloadType, govern(f), two, nil).Data)
	f.Add(file(verify.PolicyPayloadType, basePolicy, two, nil).Data)
	f.Add([]byte(fixture.Expand(govern(f))))
	f.Add([]byte(`{"payloadType":"` + verify.OwnershipPayloadType + `","payload":"e30=","signatures":[{"sig":"eA=="}]}`))
	f.Add([]byte(`{"payloadType":`))
	f.Add([]byte("{}"))
	at, _ := time.Parse(time.RFC3339, baseAt)
	authority, err := loadModel(govern(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		fsys := fstest.MapFS{"d.json": {Data: data}}
		m, e, err := verify.LoadOwnership(fsys, "d.json", authority)
		if err == nil && (m == nil || e.Err(at) == nil && len(e.People(at)) < 2) {
			t.Errorf("approved by %v", e.People(at))
		}
		policies, list, err := verify.LoadPolicies(fsys, "d.json", authority)
		if err == nil && len(policies) != len(list) {
			t.Errorf("%d policies, %d endorsements", len(policies), len(list))
		}
	})
}
