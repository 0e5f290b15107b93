package verify_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/surety-dev/surety/verify"
)

var propertyCases = flag.Int("cases", 0, "how many cases of what never lets in a release to draw; 0: as many as the test says")

// pTally is what a run has seen.
type pTally struct {
	mu        sync.Mutex
	cases     int
	kinds     [pKinds]int
	changed   [pKinds]int
	withdrawn [pKinds]int
	wrong     [pKinds]int
	decisions map[verify.Decision]int // before
}

func (tally *pTally) add(kind pKind, p pPair) {
	tally.mu.Lock()
	defer tally.mu.Unlock()
	tally.cases++
	tally.kinds[kind]++
	tally.decisions[p.before.Decision]++
	if p.before.Decision != p.after.Decision {
		tally.changed[kind]++
	}
	if p.withdrawn {
		tally.withdrawn[kind]++
	}
	if p.wrong != "" {
		tally.wrong[kind]++
	}
}

// TestNothingTakenAwayLetsIn draws cases of a model, policies of monotone shapes and evidence, and holds the verdict
// against that after one change (design §4.3 to §4.5): taking away what supports a release, or who stands behind it,
// never turns a refusal into an allow; nothing is allowed without lists where a policy demands them; a stranger
// changes nothing, nor do order and repetition. A failure names the seed of its world and shows what is left
// of the case when all that does not matter is taken out; -seed asks that world again, -cases draws more.
//
// One thing lets in by design: a change of the model that takes away status data, as when the key is revoked
// that signed a rejection or a list (§4.4). It must then let in no more than withdrawing those would.
func TestNothingTakenAwayLetsIn(t *testing.T) {
	t.Parallel()
	cases := 7_000
	if testing.Short() {
		cases = 2_000
	}
	if *propertyCases > 0 {
		cases = *propertyCases
	}
	began := time.Now()
	b, tally := newPropertyBench(t), &pTally{decisions: map[verify.Decision]int{}}
	t.Logf("-seed %d", *oracleSeed)
	const shards = 4
	t.Run("shards", func(t *testing.T) {
		for shard := range shards {
			t.Run(fmt.Sprint(shard), func(t *testing.T) {
				t.Parallel()
				for n, done := 0, 0; done < cases/shards; n++ {
					done += b.ask(t, *oracleSeed+uint64(n*shards+shard), tally)
				}
			})
		}
	})
	tally.report(t)
	t.Logf("%d cases in %s", tally.cases, time.Since(began).Round(time.Millisecond))
}

// ask draws a world with policies, changes of it, and sets of evidence, and says how many cases that made.
func (b *pBench) ask(t *testing.T, seed uint64, tally *pTally) (cases int) {
	r := rand.New(rand.NewPCG(seed, 68))
	c := pCase{world: pWorld(r), environment: pick(r, "production", "production", "production", "production", "production", "production", "edge", "staging")}
	c.policies = []pPolicy{drawnPolicy(r, "payments")}
	if chance(r, 25) {
		c.policies = append(c.policies, drawnPolicy(r, "other"))
	}
	v := b.verifier(t, c.world, c.policies)
	sets, verdicts := make([][]pItem, 6), make([]verify.Verdict, 6)
	for i := range sets {
		sets[i], verdicts[i] = b.drawn(t, r, c, v, 1+i%2*10)
	}
	judge := func(i int, change pChange, changed *verify.Verifier) {
		c := c
		c.items, c.change = sets[i], change
		p := b.pair(t, c, v, changed, &verdicts[i])
		tally.add(change.kind, p)
		cases++
		if p.wrong != "" && tally.wrong[change.kind] <= 3 {
			small := b.smaller(t, c)
			again := b.pair(t, small, nil, nil, nil)
			t.Errorf("seed %d: %s\n%s", seed, again.wrong, small.text(again))
		}
	}
	for n, kind := range []pKind{revokesInModel, offboards, endsMembership, revokesInModel, offboards, endsMembership} {
		set := (2*n + 1) % len(sets)
		change, ok := drawnModelChange(r, c.world, kind, sets[set], verdicts[set])
		if !ok {
			continue
		}
		w := change.world(c.world)
		if w == nil {
			continue
		}
		changed := b.verifier(t, w, c.policies)
		for i := range sets {
			judge(i, change, changed)
		}
		// and evidence that is let in when it has happened
		items, after := b.drawn(t, r, c, changed, 6)
		if after.Admits() {
			sets, verdicts = append(sets, items), append(verdicts, b.verdict(t, v, c.environment, items))
			judge(len(sets)-1, change, changed)
			sets, verdicts = sets[:len(sets)-1], verdicts[:len(sets)-1]
		}
	}
	for i, items := range sets {
		for _, kind := range []pKind{removesItem, removesItem, removesSignature, revokesByList, expiresException, removesLists, addsStrangers, addsRejection, reorders} {
			if kind == removesLists && !c.fresh() {
				continue
			}
			if change, ok := drawnEvidenceChange(r, c.world, kind, items, verdicts[i]); ok {
				judge(i, change, nil)
			}
			if !verdicts[i].Admits() {
				continue
			}
			c.items = items
			for range 2 {
				if change, ok := drawnBack(r, c, kind, verdicts[i]); ok {
					judge(i, change, nil)
				}
			}
		}
	}
	return cases
}

// drawn is evidence that is let in, and by an exception where there may be some, if that is to be had in so many tries.
func (b *pBench) drawn(t *testing.T, r *rand.Rand, c pCase, v *verify.Verifier, tries int) (items []pItem, verdict verify.Verdict) {
	waivable := slices.ContainsFunc(c.policies, func(p pPolicy) bool { return len(p.waivable) > 0 }) && chance(r, 60)
	for n := range tries {
		items = drawnItems(r, c.world, c.policies)
		verdict = b.verdict(t, v, c.environment, items)
		if d := verdict.Decision; d == verify.AllowWithException || d == verify.Allow && (!waivable || n > tries/2) {
			break
		}
	}
	return items, verdict
}

// report says what was drawn, and fails where that was too little to find anything.
func (tally *pTally) report(t *testing.T) {
	for d := verify.Deny; d <= verify.Allow; d++ {
		t.Logf("%7d are %s before", tally.decisions[d], d)
		if tally.cases >= 5000 && tally.decisions[d] < tally.cases/100 {
			t.Errorf("%d of %d cases are %s: expected one in 100", tally.decisions[d], tally.cases, d)
		}
	}
	for k := range pKinds {
		t.Logf("%7d cases, %6d with another decision, %4d of them let in for status data is withdrawn: %s", tally.kinds[k], tally.changed[k], tally.withdrawn[k], pKindNames[k])
		if tally.wrong[k] > 0 {
			t.Errorf("%d of %d cases are wrong: %s", tally.wrong[k], tally.kinds[k], pKindNames[k])
		}
		if tally.cases < 5000 {
			continue
		}
		turns := k != addsStrangers && k != reorders
		if turns && tally.changed[k] < tally.kinds[k]/100 || tally.kinds[k] < tally.cases/500 {
			t.Errorf("%d of %d cases have another decision: expected one in 100: %s", tally.changed[k], tally.kinds[k], pKindNames[k])
		}
	}
}
