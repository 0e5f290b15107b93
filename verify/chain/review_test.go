package chain_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/chain"
)

// TestStatementIsNoLayout: a statement that says of itself that it is a layout is none: it would need no
// quorum, no links and no end.
func TestStatementIsNoLayout(t *testing.T) {
	t.Parallel()
	for _, without := range []bool{false, true} {
		s := good(t)
		s.without = without
		s.policy = strings.Split(s.policy, "rules:")[0] + "rules:\n  - {id: any, about: chain, expression: \"it.predicateType != ''\"}\n"
		st := fmt.Sprintf(`{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"x","digest":{"sha256":%q}}],"predicateType":"https://in-toto.io/Layout/v1","predicate":{}}`, digest(s.artifact))
		v := s.judge(t, [][]byte{fixture.Sign([]byte(st), fixture.NewKey("olga")).JSON()})
		if v.Decision != verify.Deny || !strings.Contains(explain(v), "evidence-unreadable") {
			t.Errorf("without chains %v: %s\n%s", without, v.Decision, explain(v))
		}
	}
}

// fake gives the signatures of layouts the proofs a test wants.
type fake struct{ proofs []verify.Proof }

func (f fake) Opens(i *attest.Item) bool  { return i.Statement().Layout() != nil }
func (f fake) Trust() []verify.TrustInput { return nil }
func (f fake) Open(_ context.Context, i *attest.Item, _ verify.Keys) (verify.Opened, error) {
	var o verify.Opened
	for n := range i.Envelope().Signatures {
		if n < len(f.proofs) {
			p := f.proofs[n]
			p.Signature = n
			o.Proofs = append(o.Proofs, p)
		}
	}
	return o, nil
}

// with judges evidence with an opener of a test's own.
func (s *supply) with(t *testing.T, o verify.Opener, ev [][]byte) verify.Verdict {
	_, request := s.prepare(t, ev)
	m, err := ownership.Load(fstest.MapFS{"o.yaml": {Data: []byte(fixture.Expand(s.model))}}, "o.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Load(fstest.MapFS{"p.yaml": {Data: []byte(s.policy)}}, "p.yaml")
	if err != nil {
		t.Fatal(err)
	}
	v, err := verify.New(m, p, verify.Config{Chains: chain.Chains{}, Openers: []verify.Opener{o}})
	if err != nil {
		t.Fatal(err)
	}
	out, err := v.Verify(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// certs gives olga and otto certificates.
func certs(s *supply) {
	s.model = strings.Replace(s.model, "grants:\n", `  - {id: olga-cert, holder: olga, owner: security, revokers: [security], identity: {issuer: "https://i.test", subject: "olga@x"}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
  - {id: otto-cert, holder: otto, owner: security, revokers: [security], identity: {issuer: "https://i.test", subject: "otto@x"}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
grants:
`, 1)
}

// cert is the proof of a certificate for a key, at a time.
func cert(who string, key byte, at string) verify.Proof {
	when, _ := time.Parse(time.RFC3339, at)
	return verify.Proof{Certificate: true, NotBefore: when.Add(-time.Minute), PublicKey: ownership.Fingerprint{key}, Identity: ownership.Identity{Issuer: "https://i.test", Subject: who + "@x"},
		Times: []verify.TrustedTime{{At: when, Source: "rfc3161", Authority: "tsa"}}}
}

// keyProof is the proof of a key, at a time.
func keyProof(name, at string) verify.Proof {
	when, _ := time.Parse(time.RFC3339, at)
	return verify.Proof{Identity: ownership.Identity{Key: sha256.Sum256(fixture.NewKey(name).SPKI())}, Times: []verify.TrustedTime{{At: when, Source: "rfc3161", Authority: "tsa"}}}
}

// TestWhoApproves: what signatures over a layout come to: one key is one of the people, a revoked certificate
// is nobody's, and neither an outsider's signature nor having left moves the quorum.
func TestWhoApproves(t *testing.T) {
	t.Parallel()
	const may = "2026-05-01T00:00:00Z"
	revoked := cert("otto", 2, may)
	revoked.Revocations = []verify.Revocation{{Certificate: "otto's", List: "crl", Change: ownership.Change{State: ownership.Revoked, From: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)}}}
	gone := []string{"[{person: olga}, {person: otto}, {person: oona}]", "[{person: olga, until: 2026-04-01T00:00:00Z}, {person: otto}, {person: oona, until: 2026-04-01T00:00:00Z}]"}
	for _, r := range []struct {
		name   string
		edit   []string
		proofs []verify.Proof
		want   verify.Decision
	}{
		{"two people", nil, []verify.Proof{cert("olga", 1, may), cert("otto", 2, may)}, verify.Allow},
		{"one of them", nil, []verify.Proof{cert("olga", 1, may)}, verify.Deny},
		{"a key of two, one of whom has another", nil, []verify.Proof{cert("olga", 1, may), cert("otto", 1, may), cert("otto", 2, may)}, verify.Allow},
		{"the other has another", nil, []verify.Proof{cert("olga", 1, may), cert("otto", 1, may), cert("olga", 2, may)}, verify.Allow},
		{"one key", nil, []verify.Proof{cert("olga", 1, may), cert("otto", 1, may)}, verify.Deny},
		{"one key, and one person's key of one's own", nil, []verify.Proof{cert("olga", 1, may), cert("otto", 1, may), keyProof("olga", may)}, verify.Allow},
		{"one key, and the other's key of one's own", nil, []verify.Proof{keyProof("otto", may), cert("olga", 1, may), cert("otto", 1, may)}, verify.Allow},
		{"one key, and one's two keys without it", nil, []verify.Proof{cert("olga", 1, may), keyProof("olga", may)}, verify.Deny},
		{"a revoked certificate", nil, []verify.Proof{cert("olga", 1, may), revoked}, verify.Deny},
		{"one who has left since", gone, []verify.Proof{keyProof("olga", "2026-03-01T00:00:00Z")}, verify.Deny},
		{"one who has left since, and an outsider", gone, []verify.Proof{keyProof("olga", "2026-03-01T00:00:00Z"), keyProof("alice", may)}, verify.Deny},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			s := good(t)
			certs(s)
			if r.edit != nil {
				s.model = strings.Replace(s.model, r.edit[0], r.edit[1], 1)
			}
			for n := range r.proofs {
				s.approved = append(s.approved[:n], fmt.Sprintf("x%d", n))
			}
			if v := s.with(t, fake{r.proofs}, s.evidence(t)); v.Decision != r.want {
				t.Errorf("%s, want %s\n%s", v.Decision, r.want, explain(v))
			}
		})
	}
}

// TestManyApprovers: the keys of other teams, however many, keep nobody's who may approve from being tried.
func TestManyApprovers(t *testing.T) {
	t.Parallel()
	s := good(t)
	var people, members, keys strings.Builder
	for n := range 8 * verify.MaxKeys {
		fmt.Fprintf(&people, "  - {id: other%d, from: 2023-01-01T00:00:00Z}\n", n)
		fmt.Fprintf(&members, "{person: other%d}, ", n)
		fmt.Fprintf(&keys, "  - {id: other%d-key, holder: other%d, owner: security, key: {pem: KEY(other%d)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}\n", n, n, n)
	}
	s.model = strings.NewReplacer(
		"people:\n", "people:\n"+people.String(),
		"teams:\n", "teams:\n  - {id: others, members: ["+strings.TrimSuffix(members.String(), ", ")+"]}\n",
		"credentials:\n", "credentials:\n"+keys.String(),
		"controls:\n", "controls:\n  - {control: release-policy, artifacts: [\"pkg:generic/other/**\"], accountable: others, responsible: [others]}\n").Replace(s.model)
	if v := s.judge(t, s.evidence(t)); v.Decision != verify.Allow {
		t.Errorf("%s\n%s", v.Decision, explain(v))
	}
	s.approved = []string{"other1", "other2"}
	if v := s.judge(t, s.evidence(t)); v.Decision != verify.Deny || !strings.Contains(explain(v), "signer-unknown") {
		t.Errorf("%s\n%s", v.Decision, explain(v))
	}
}
