package verify_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var (
	oracleSeed = flag.Uint64("seed", 1, "the seed of the first set drawn for the oracle of approvals; the next has the next")
	oracleSets = flag.Int("sets", 0, "how many sets to draw for the oracle of approvals; 0: as many as the test says")
)

// oShape is what a rule asks of approvals.
type oShape struct {
	source, witnessed bool
	team, order       string
	need              int
}

func (s oShape) expression() string {
	x := "approvals"
	if s.source {
		x += ".withSource()"
	}
	if s.witnessed {
		x += ".withWitnessed()"
	}
	if s.team != "" {
		x += ".by('" + s.team + "')"
	}
	if s.order != "" {
		x += "." + s.order + "(it.signedAt)"
	}
	return fmt.Sprintf("%s.people().size() >= %d", x, s.need)
}

// oSet is all that one set is made of.
type oSet struct {
	seed        uint64
	world       *oWorld
	environment string
	shape       oShape
	evidence    []oStatement
}

func drawnSet(seed uint64) oSet {
	r := rand.New(rand.NewPCG(seed, 60))
	s := oSet{seed: seed, world: drawnWorld(r), environment: pick(r, "production", "production", "production", "staging", "")}
	s.shape = oShape{source: chance(r, 70), witnessed: chance(r, 70), team: pick(r, "", "", "approvers", "leads"), order: pick(r, "", "", "recordedBefore", "recordedBefore", "before")}
	s.evidence = drawnEvidence(r, s.world)
	// a rule needs about as many as there are, so that one person more or less decides
	o := s.oracle(noTwist)
	strict, generous := o.most(false), o.most(true)
	s.shape.need = max(1, pick(r, strict, strict, strict, strict+1, generous, generous, generous, generous+1))
	return s
}

func (s oSet) oracle(forgets twist) *oracle {
	return &oracle{w: s.world, environment: s.environment, shape: s.shape, all: s.evidence, forgets: forgets}
}

// oBench holds what sets have in common.
type oBench struct {
	mu       sync.Mutex
	policies map[oShape][]*policy.Policy
	prints   map[string]ownership.Fingerprint // by a key's name
}

func newBench(t testing.TB) *oBench {
	b := &oBench{policies: map[oShape][]*policy.Policy{}, prints: map[string]ownership.Fingerprint{}}
	w := drawnWorld(rand.New(rand.NewPCG(1, 60)))
	model, err := loadWorld(w)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range model.Keys(1 << 10) {
		for _, c := range w.credentials {
			if c.id == key.Credential {
				b.prints[c.key] = key.Fingerprint
			}
		}
	}
	return b
}

func loadWorld(w *oWorld) (*ownership.Model, error) {
	return ownership.Load(fstest.MapFS{"ownership.json": {Data: []byte(w.document())}}, "ownership.json")
}

func (b *oBench) policy(t testing.TB, shape oShape) []*policy.Policy {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.policies[shape] == nil {
		loaded, err := loadPolicies(policyHead + buildEvidence + "rules:\n  - {id: approved, about: provenance, expression: \"" + shape.expression() + "\"}\n")
		if err != nil {
			t.Fatal(err)
		}
		b.policies[shape] = loaded
	}
	return b.policies[shape]
}

// verdict is what the code says of a set.
func (b *oBench) verdict(t testing.TB, s oSet) verify.Verdict {
	t.Helper()
	model, err := loadWorld(s.world)
	if err != nil {
		t.Fatalf("seed %d: %v", s.seed, err)
	}
	v, err := verify.New(model, b.policy(t, s.shape), verify.Config{Openers: []verify.Opener{oracleOpener{b.prints}}, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	artifact, err := attest.NewArtifact(baseName, attest.Digests{"sha256": release})
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.Parse(time.RFC3339, hour(judgedAt))
	if err != nil {
		t.Fatal(err)
	}
	request := verify.Request{Artifact: artifact, Environment: s.environment, At: at}
	for i := range s.evidence {
		for _, e := range s.evidence[i].evidence(i) {
			request.Evidence = append(request.Evidence, attest.Parse("evidence.json", e, attest.Limits{})...)
		}
	}
	verdict, err := v.Verify(context.Background(), request)
	if err != nil {
		t.Fatalf("seed %d: %v", s.seed, err)
	}
	return verdict
}

// differ says how oracle and code differ in the decision, or else in whose approvals an allow lists.
func (b *oBench) differ(t testing.TB, s oSet) (kind, how string) {
	o := s.oracle(noTwist)
	v, decision := b.verdict(t, s), o.decision()
	if v.Decision.String() != decision {
		return "decision", fmt.Sprintf("the verdict is %s, the oracle's %s", v.Decision, decision)
	}
	if decision != "allow" {
		return "", ""
	}
	var listed, approved []string
	add := func(to *[]string, p string) {
		if p != "" && !slices.Contains(*to, p) {
			*to = append(*to, p)
		}
	}
	for _, a := range v.Approvals {
		add(&listed, a.Person)
	}
	for _, w := range o.ways(false) {
		for _, p := range w.approved {
			add(&approved, p)
		}
	}
	slices.Sort(listed)
	slices.Sort(approved)
	if !slices.Equal(listed, approved) {
		return "approvals", fmt.Sprintf("the verdict lists approvals of %v, and those of %v count", listed, approved)
	}
	return "", ""
}

// oTally is what a run has seen.
type oTally struct {
	mu        sync.Mutex
	decisions map[string]int
	turns     [twists]int
	differ    map[string]int // by kind, and decisions by how
}

// TestOracleOfApprovals draws 10,000 sets (1,000 with -short) of a model, a rule and evidence, and asks an oracle written from
// the design alone who counts (abuse cases 60 and 71, R43 to R47, R58): no disagreement. A failure names the set's seed and
// shows what is left of it when all that does not matter is taken out;
// go test ./verify -run TestOracleOfApprovals -seed N -sets 1 asks that one again.
func TestOracleOfApprovals(t *testing.T) {
	t.Parallel()
	sets := 10_000
	if testing.Short() {
		sets = 1_000
	}
	if *oracleSets > 0 {
		sets = *oracleSets
	}
	t.Logf("seeds %d to %d", *oracleSeed, *oracleSeed+uint64(sets)-1)
	b, tally := newBench(t), &oTally{decisions: map[string]int{}, differ: map[string]int{}}
	const shards = 4
	t.Run("shards", func(t *testing.T) {
		for shard := range shards {
			t.Run(fmt.Sprint(shard), func(t *testing.T) {
				t.Parallel()
				for i := shard; i < sets; i += shards {
					b.ask(t, drawnSet(*oracleSeed+uint64(i)), tally)
				}
			})
		}
	})
	tally.report(t, sets)
}

// ask compares one set, and counts on what the oracle's answer turns.
func (b *oBench) ask(t *testing.T, s oSet, tally *oTally) {
	kind, how := b.differ(t, s)
	decision := s.oracle(noTwist).decision()
	tally.mu.Lock()
	tally.decisions[decision]++
	tally.differ[kind]++
	if kind == "decision" {
		tally.differ[how]++
	}
	shown := tally.differ[kind]
	tally.mu.Unlock()
	if kind != "" && shown <= 5 { // of a kind
		small := b.shrunk(t, s, kind)
		_, now := b.differ(t, small)
		t.Errorf("seed %d: %s; made smaller: %s\n%s", s.seed, how, now, small.text(b.verdict(t, small)))
	}
	for x := noTwist + 1; x < twists; x++ {
		if s.oracle(x).decision() != decision {
			tally.mu.Lock()
			tally.turns[x]++
			tally.mu.Unlock()
		}
	}
}

// report says what was drawn, and fails where that was too little to find anything.
func (tally *oTally) report(t *testing.T, sets int) {
	t.Log(tally.decisions)
	for _, kind := range slices.Sorted(maps.Keys(tally.differ)) {
		if n := tally.differ[kind]; kind != "" {
			t.Errorf("%d of %d sets differ: %s", n, sets, kind)
		}
	}
	for _, d := range []string{"allow", "indeterminate", "deny"} {
		if n := tally.decisions[d]; sets >= 1000 && n < sets/10 {
			t.Errorf("%d of %d sets are %s: expected a tenth", n, sets, d)
		}
	}
	for x := noTwist + 1; x < twists; x++ {
		t.Logf("%6d sets turn on: %s", tally.turns[x], twistNames[x])
		if sets >= 10_000 && tally.turns[x] < sets/1000 {
			t.Errorf("%d of %d sets turn on %q: expected one in 1,000", tally.turns[x], sets, twistNames[x])
		}
	}
}
