package verify_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

// timedAll gives every signature of an envelope whose key id says a time that time, and those that say none, none.
type timedAll struct{}

func (timedAll) Opens(item *attest.Item) bool { return item.Envelope() != nil }
func (timedAll) Trust() []verify.TrustInput   { return nil }
func (timedAll) Open(_ context.Context, item *attest.Item, keys verify.Keys) (verify.Opened, error) {
	var opened verify.Opened
	e := item.Envelope()
	for _, s := range e.Signatures {
		for _, key := range keys(s.KeyID) {
			opened.Checks++
			if !verify.VerifyKey(key, e, s.Sig) {
				continue
			}
			proof := verify.Proof{Identity: ownership.Identity{Key: key.Fingerprint}}
			if at, err := time.Parse(time.RFC3339, s.KeyID); err == nil {
				proof.Times = []verify.TrustedTime{{At: at, Source: "rfc3161", Authority: "test"}}
			}
			opened.Proofs = append(opened.Proofs, proof)
			break
		}
	}
	return opened, nil
}

// penned is one signature to be made: a key, and the hour of the trusted time, or 0 for none.
type penned struct {
	key  string
	hour int
}

// piece is an evidence item to be made.
type piece struct {
	statement fixture.Statement
	signings  []penned
	against   bool // a rejection or a dismissal
}

// made remembers envelopes, for the same ones are made again and again.
type made map[string][]*attest.Item

func (m made) item(p piece) []*attest.Item {
	payload := p.statement.JSON()
	id := string(payload) + fmt.Sprint(p.signings)
	if items, ok := m[id]; ok {
		return items
	}
	keys := make([]fixture.Key, len(p.signings))
	for i, s := range p.signings {
		keys[i] = fixture.NewKey(s.key)
	}
	e := fixture.Sign(payload, keys...)
	for i, s := range p.signings {
		e.Signatures[i].KeyID = ""
		if s.hour > 0 {
			e.Signatures[i].KeyID = fmt.Sprintf("2026-05-01T%02d:00:00Z", s.hour)
		}
	}
	m[id] = attest.Parse("evidence.json", e.JSON(), attest.Limits{})
	return m[id]
}

// TestApprovalsAreMonotone holds random sets of provenance, approvals, reports and rejections to design §4.4 and
// §4.5: leaving out what speaks for the release, or one signature of it, never turns a refusal into an allow;
// adding a rejection neither; order and repetition change no byte. SURETY_SEED repeats a run.
func TestApprovalsAreMonotone(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("SURETY_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	t.Logf("SURETY_SEED=%d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	rules := []string{
		"approvals.by('approvers').recordedBefore(it.signedAt).people().size() >= 2",
		"approvals.withSource().withWitnessed().people().size() >= 2",
		"approvals.withSource().recordedBefore(it.signedAt).people().size() >= 1 && it.signers.people().size() >= 1",
		"approvals.before(it.signedAt).people().size() >= 1",
		"approvals.withSource().withWitnessed().exists(a, 'RULE_SUITE_PASSED' in a.controls)",
	}
	var scenes []*verify.Verifier
	var requests []verify.Request
	for i, rule := range rules {
		pairs := []string{"grants:\n", "grants:\n  - {to: approvers, may: [build, release], artifacts: [\"**\"]}\n  - {to: alice, may: [witness], artifacts: [\"**\"]}\n  - {to: stranger, may: [build], artifacts: [\"**\"]}\n"}
		if i%2 == 0 {
			pairs = append(pairs, "grants:\n", "separation:\n  - {id: s, duties: [build, approve, release]}\ngrants:\n")
		}
		s := approvalScene(t, "rules:\n  - {id: r, about: provenance, expression: \""+rule+"\"}\n", pairs...)
		s.openers = []verify.Opener{timedAll{}}
		if i == 0 {
			s.policies[0] = strings.Replace(s.policies[0], buildEvidence, buildEvidence+"  - {name: signoff, predicateTypes: [\""+attest.ApprovalType+"\"], duty: approve, min: 2}\n", 1)
		}
		scenes, requests = append(scenes, s.verifier(t)), append(requests, s.request(t))
	}
	envelopes := made{}
	judge := func(n int, pieces []piece) verify.Verdict {
		request := requests[n]
		for _, p := range pieces {
			request.Evidence = append(request.Evidence, envelopes.item(p)...)
		}
		v, err := scenes[n].Verify(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	rounds := 400
	if testing.Short() {
		rounds = 50
	}
	decisions := map[string]int{}
	for range rounds {
		n := random.IntN(len(rules))
		var pieces []piece
		for range 2 + random.IntN(6) {
			pieces = append(pieces, randomPiece(random, false))
		}
		if random.IntN(3) == 0 {
			pieces = append(pieces, randomPiece(random, true))
		}
		v := judge(n, pieces)
		decisions[v.Decision.String()]++
		whole, _ := v.JSON()
		shuffled := append(slices.Clone(pieces), pieces[random.IntN(len(pieces))])
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		again := judge(n, shuffled)
		if other, _ := again.JSON(); string(other) != string(whole) {
			t.Fatalf("order or repetition matters:\n%s\n%s\n%s", whole, other, written(pieces))
		}
		if v.Admits() {
			continue
		}
		for i, p := range pieces {
			if !p.against {
				less := slices.Delete(slices.Clone(pieces), i, i+1)
				if judge(n, less).Admits() {
					t.Fatalf("%s: left out, %d allows (%s):\n%s\n%s", v.Decision, i, rules[n], written(pieces), explain(v))
				}
			}
			for k := range p.signings {
				if p.against || len(p.signings) < 2 {
					break
				}
				less := slices.Clone(pieces)
				less[i].signings = slices.Delete(slices.Clone(p.signings), k, k+1)
				if judge(n, less).Admits() {
					t.Fatalf("%s: without signature %d of %d allows (%s):\n%s\n%s", v.Decision, k, i, rules[n], written(pieces), explain(v))
				}
			}
		}
		if more := append(slices.Clone(pieces), randomPiece(random, true)); judge(n, more).Admits() {
			t.Fatalf("%s: with a rejection it allows (%s):\n%s\n%s", v.Decision, rules[n], written(more), explain(v))
		}
	}
	t.Log(decisions)
	if decisions["allow"] < rounds/20 || decisions["deny"] < rounds/20 || decisions["indeterminate"] == 0 {
		t.Errorf("%v: the sets are too much alike", decisions)
	}
}

func written(pieces []piece) string {
	var b strings.Builder
	for i, p := range pieces {
		data, _ := json.Marshal(p.statement)
		fmt.Fprintf(&b, "%d %v %s\n", i, p.signings, data)
	}
	return b.String()
}

// randomPiece is something for the release, or against it, signed by some at some time.
func randomPiece(random *rand.Rand, against bool) piece {
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	hour := func() int { return []int{0, 8, 9, 10, 12, 12, 13}[random.IntN(7)] }
	sign := func(keys ...string) []penned {
		var list []penned
		for range 1 + random.IntN(3)/2*random.IntN(3) {
			if key := pick(keys...); !slices.ContainsFunc(list, func(s penned) bool { return s.key == key }) {
				list = append(list, penned{key, hour()})
			}
		}
		return list
	}
	people := []string{"alice", "bob", "carol", "p256:alice"}
	decision, state, result := "approved", "APPROVED", "pass"
	if against {
		decision, state, result = "rejected", pick("DISMISSED", "CHANGES_REQUESTED"), pick("bypass", "fail")
	}
	kinds := []string{"artifact", "artifact", "commit", "reported", "reviews", "suite"}
	if !against {
		kinds = append(kinds, "provenance", "provenance", "provenance")
	}
	switch pick(kinds...) {
	case "provenance":
		st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder))
		st.Subject[0].Name = pick("x", "y")
		return piece{st, sign("pipeline", "pipeline", "stranger", "alice", "bob", "carol"), false}
	case "commit":
		return piece{ofCommit(attest.ApprovalType, builtCommit, map[string]any{"decision": decision}), sign(people...), against}
	case "reported":
		return piece{saying("approver", pick("github:1", "github:2", "github:3", "github:11"), "decision", decision), sign("app", "app", "alice"), against}
	case "reviews":
		return piece{ofCommit(attest.ReviewsType, builtCommit, pullRequest(9, reviewOf(1+random.IntN(3), state, "2026-04-30T09:00:00Z"))), sign("app", "alice"), against}
	case "suite":
		return piece{ofCommit(attest.ReviewsType, builtCommit, map[string]any{"repository": "https://github.com/acme/payments",
			"rule_suite": map[string]any{"result": result, "actor_id": 3, "before_sha": strings.Repeat("0", 40), "after_sha": builtCommit, "ref": "refs/heads/main"}}), sign("app"), against}
	}
	fields := []string{"decision", decision}
	if random.IntN(3) == 0 {
		fields = append(fields, "environment", pick("production", "staging"))
	}
	return piece{saying(fields...), sign(people...), against}
}
