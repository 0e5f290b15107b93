package verify_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/verify"
)

// random is a source of random inputs, another each time but where -seed is given; it is in the log.
func random(t *testing.T) *rand.Rand {
	s := *oracleSeed
	if s == 1 { // which it is if it is not given
		s = uint64(time.Now().UnixNano())
	}
	t.Logf("-seed %d", s)
	return rand.New(rand.NewPCG(s, 1))
}

// world is random documents and evidence about them.
type randomWorld struct {
	scene    scene
	evidence [][]byte // supporting
	status   [][]byte // lists
}

var (
	days    = []string{"2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z", "2026-05-15T00:00:00Z", "2026-06-01T11:00:00Z", "2026-06-01T12:00:01Z"}
	anyone  = []string{"pipeline", "stranger", "gina", "hugo", "ivan", "alice", "bob", "erin", "frank", "bot"}
	revoked = []string{"key-compromise", "superseded", "unspecified", "affiliation-changed"}
)

func oneOf[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// randomSigned signs a statement as somebody, with or without a time.
func randomSigned(r *rand.Rand, st fixture.Statement, from []string) []byte {
	if r.IntN(2) == 0 {
		return stamped(st, oneOf(r, days), oneOf(r, from))
	}
	keys := slices.Clone(from)
	r.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	return signed(st, keys[:1+r.IntN(3)]...)
}

func newRandomWorld(r *rand.Rand, freshness bool) randomWorld {
	w := randomWorld{scene: exceptionScene()}
	model := behindModel
	for _, edit := range [][2]string{
		{"{person: hugo}", "{person: hugo, until: 2026-05-10T00:00:00Z}"},
		{"{person: ivan}", "{person: ivan, from: 2026-05-10T00:00:00Z}"},
		{"members: [{person: erin}]", "members: [{person: erin, until: 2026-05-10T00:00:00Z}]"},
		{"{id: pipeline, owner: security, operators: [dana]}", "{id: pipeline, owner: security, operators: [gina]}"},
		{"KEY(pipeline)}, states: [{state: active, from: 2026-01-01T00:00:00Z}", "KEY(pipeline)}, states: [{state: active, from: 2026-01-01T00:00:00Z}, {state: suspended, from: 2026-05-10T00:00:00Z}, {state: active, from: 2026-05-20T00:00:00Z}"},
		{"controls:\n", "separation:\n  - {id: apart, duties: [build, attest]}\ncontrols:\n"},
		{"grants:\n", "grants:\n  - {to: stranger, may: [build, attest], artifacts: [\"**\"]}\n"},
	} {
		if r.IntN(4) == 0 {
			model = strings.Replace(model, edit[0], edit[1], 1)
		}
	}
	w.scene.model = model
	document := oneOf(r, []string{withoutTests, waivablePolicy, waivablePolicy})
	if r.IntN(3) == 0 {
		document = strings.ReplaceAll(document, "quorum: 2", fmt.Sprintf("quorum: %d", 1+r.IntN(3)))
	}
	if freshness {
		document = strings.Replace(document, "evidence:\n", "freshness: {revocations: 48h}\nevidence:\n", 1)
	}
	w.scene.policies = []string{document}
	if r.IntN(3) == 0 {
		w.scene.policies = append(w.scene.policies, strings.Replace(oneOf(r, []string{withoutTests, waivablePolicy}), "name: payments", "name: other", 1))
	}
	for range 1 + r.IntN(5) {
		builder := oneOf(r, []string{fixture.Builder, "https://trusted.test"})
		switch r.IntN(4) {
		case 0, 1:
			w.evidence = append(w.evidence, randomSigned(r, fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(builder)), []string{"pipeline", "pipeline", "stranger"}))
		default:
			w.evidence = append(w.evidence, randomSigned(r, fixture.NewStatement(fixture.TestResult, release, map[string]any{"result": "PASSED", "note": r.IntN(3)}), []string{"stranger", "gina", "hugo", "ivan", "alice"}))
		}
	}
	for range r.IntN(4) {
		rules := oneOf(r, [][]any{{"trusted-builder"}, {"trusted-builder", "evidence:tests"}, {"evidence:tests"}, {"any-builder"}})
		st := exceptional(map[string]any{"rules": rules, "policy": oneOf(r, []string{"payments", "payments", "other"}), "reason": fmt.Sprint(r.IntN(3)), "requestedBy": oneOf(r, []string{"alice", "alice", "gina"})})
		w.evidence = append(w.evidence, randomSigned(r, st, []string{"gina", "hugo", "ivan"}))
	}
	for range r.IntN(5) {
		var entries []map[string]any
		for range r.IntN(3) {
			entries = append(entries, revocation(oneOf(r, anyone)+"-key", oneOf(r, revoked), oneOf(r, days), ""))
		}
		issued := oneOf(r, []string{today, today, "2026-05-31T13:00:00Z", "2026-05-01T00:00:00Z", "2026-06-01T12:00:01Z"})
		w.status = append(w.status, randomSigned(r, listStatement(1+r.IntN(9), issued, entries...), []string{"erin", "frank", "bot", "stranger", "gina"}))
	}
	return w
}

func (w randomWorld) decide(t *testing.T, v *verify.Verifier, evidence [][]byte) verify.Decision {
	t.Helper()
	verdict, err := v.Verify(context.Background(), w.scene.request(t, evidence...))
	if err != nil {
		t.Fatal(err)
	}
	return verdict.Decision
}

// without is a list without its nth part.
func without(parts [][]byte, n int) [][]byte { return slices.Delete(slices.Clone(parts), n, n+1) }

// TestStatusOnlyTightens: without a freshness no list turns a refusal into an allow; with one, nothing is
// allowed without any list; and no other evidence that is taken away ever lets something in (design §4.4).
func TestStatusOnlyTightens(t *testing.T) {
	t.Parallel()
	r := random(t)
	rounds := 300
	if testing.Short() {
		rounds = 60
	}
	admitted := map[bool]int{}
	for range rounds {
		fresh := r.IntN(2) == 0
		w := newRandomWorld(r, fresh)
		v := w.scene.verifier(t)
		all := slices.Concat(w.evidence, w.status)
		decision := w.decide(t, v, all)
		if decision.Admits() {
			admitted[fresh]++
		}
		for n := range w.status {
			if less := w.decide(t, v, slices.Concat(w.evidence, without(w.status, n))); !fresh && decision.Admits() && !less.Admits() {
				t.Fatalf("list %d of %d turns %s into %s\n%s", n, len(w.status), less, decision, w.status[n])
			}
		}
		if none := w.decide(t, v, w.evidence); fresh && none.Admits() {
			t.Fatalf("%s without any list\n%s", none, bytes.Join(w.evidence, []byte("\n")))
		}
		for n := range w.evidence {
			if less := w.decide(t, v, slices.Concat(without(w.evidence, n), w.status)); less.Admits() && !decision.Admits() {
				t.Fatalf("%s, and %s without %s\n%s\n%s\n%s", decision, less, w.evidence[n], w.scene.model, w.scene.policies, bytes.Join(all, []byte("\n")))
			}
		}
	}
	t.Logf("allowed %d without a freshness, %d with one, of %d", admitted[false], admitted[true], rounds)
	if admitted[false] < rounds/50 || admitted[true] < rounds/200 {
		t.Errorf("only %d and %d of %d are allowed: that shows little", admitted[false], admitted[true], rounds)
	}
}

// TestStatusShuffled: neither the order nor the repetition of lists and exceptions changes a byte of the verdict, nor
// the number of workers.
func TestStatusShuffled(t *testing.T) {
	t.Parallel()
	r := random(t)
	for range 12 {
		w := newRandomWorld(r, r.IntN(2) == 0)
		all := slices.Concat(w.evidence, w.status)
		var first []byte
		for n := range 20 {
			w.scene.workers = 1 + n%16
			shuffled := append(slices.Clone(all), oneOf(r, all))
			r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			verdict, err := w.scene.verifier(t).Verify(context.Background(), w.scene.request(t, shuffled...))
			if err != nil {
				t.Fatal(err)
			}
			got, err := verdict.JSON()
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = got
			}
			if !bytes.Equal(got, first) {
				t.Fatalf("shuffle %d differs:\n%s\n%s", n, got, first)
			}
		}
	}
}
