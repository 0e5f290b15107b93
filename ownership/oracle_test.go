package ownership_test

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/ownership"
)

var (
	oracleSeed   = flag.Uint64("seed", 1, "the seed of the first model drawn for the oracle; the next has the next")
	oracleModels = flag.Int("models", 0, "how many models to draw for the oracle; 0: as many as the test says")
)

// TestOracle asks 100,000 drawn models (5,000 with -short) four questions each, and an oracle written
// from the design alone the same: no disagreement. A failure names the model's seed;
// go test ./ownership -run TestOracle -seed N -models 1 asks that one again. Every eighth model is YAML.
func TestOracle(t *testing.T) {
	t.Parallel()
	models := 100_000
	if testing.Short() {
		models = 5_000
	}
	if *oracleModels > 0 {
		models = *oracleModels
	}
	t.Logf("seeds %d to %d", *oracleSeed, *oracleSeed+uint64(models)-1)
	var counted sync.Mutex
	counts := map[string]int{}
	t.Run("shards", func(t *testing.T) {
		const shards = 4
		for shard := range shards {
			t.Run(fmt.Sprint(shard), func(t *testing.T) {
				t.Parallel()
				mine := map[string]int{}
				for i := shard; i < models && !t.Failed(); i += shards {
					askAll(t, *oracleSeed+uint64(i), mine)
				}
				counted.Lock()
				defer counted.Unlock()
				for class, n := range mine {
					counts[class] += n
				}
			})
		}
	})
	least := oracleLeast()
	for _, class := range slices.Sorted(maps.Keys(counts)) {
		t.Logf("%8d %s", counts[class], class)
		if _, ok := least[class]; !ok {
			t.Errorf("%s was seen, and nothing says how often it should be", class)
		}
	}
	for class, n := range least {
		if wanted := n * models / 10_000; models >= 5_000 && counts[class] < wanted {
			t.Errorf("%s was seen %d times, expected %d or more", class, counts[class], wanted)
		}
	}
}

// oracleLeast is how often each answer is to be seen at least in 10,000 models, so that the test does
// not come to ask nothing.
func oracleLeast() map[string]int {
	return map[string]int{
		"behind known": 500, "behind unknown": 500,
		"bind bound": 400, "bind credential-ambiguous": 15, "bind credential-inherited": 150, "bind credential-not-active": 500, "bind credential-revoked": 250,
		"bind credential-suspended": 50, "bind signed-after-compromise": 70, "bind signer-departed": 150, "bind signer-unknown": 900, "bind misissued": 50,
		"contact by escalation": 100, "contact itself": 500, "contact nobody": 3000,
		"control of nobody": 600, "control of several entries": 100, "control owned": 900, "control tied": 200,
		"could not sign credential-not-active": 800, "could not sign credential-revoked": 500, "could not sign credential-suspended": 100, "could not sign in-freeze": 100,
		"could not sign no-credential": 600, "could not sign outside-window": 250, "could not sign signed-after-compromise": 30, "could not sign signer-departed": 800,
		"could not sign signer-not-granted": 800, "could not sign signer-role-changed": 200,
		"could sign": 300, "could sign but credential-not-active": 3, "could sign but in-freeze": 5, "could sign but outside-window": 10, "could sign but signed-after-compromise": 20,
		"could sign but signer-not-granted": 15, "could sign but signer-role-changed": 10,
		"eligible nobody": 800, "eligible somebody": 150,
		"gap control-unowned": 10000, "gap credential-shared": 2, "gap enforcement-unowned": 120, "gap escalation-broken": 400, "gap fail-open": 100, "gap nobody-blocks": 1500,
		"gap nobody-can-revoke": 120, "gap nobody-can-sign": 1500, "gap nobody-paged": 250, "gap not-enforced": 80, "gap owner-stale": 200, "gap ownership-not-in-force": 250,
		"gap raci-no-responsible": 250, "gap runbook-missing": 200, "gap vendor-unowned": 5,
		"keys 0": 600, "keys 1": 150, "keys 2": 30, "keys 3": 4,
		"may": 300, "may builder": 20, "may environment": 40, "may freeze": 15, "may not": 2000, "may role": 40, "may time": 50, "may window": 70,
		"person absent": 800, "person away": 200, "person present": 1500, "vendor absent": 80,
		"state active": 900, "state compromised": 120, "state deactivated": 50, "state destroyed": 400, "state pre-activation": 400, "state revoked": 200, "state suspended": 100,
		"tier": 600,
	}
}

// askAll asks the model of a seed its questions.
func askAll(t *testing.T, seed uint64, counts map[string]int) {
	t.Helper()
	w := newWorld(seed)
	name := "ownership.json"
	if seed%8 == 0 {
		name = "ownership.yaml"
	}
	text := w.document(name)
	m, err := ownership.Load(fstest.MapFS{name: {Data: []byte(text)}, "ca.pem": {Data: []byte("CA")}}, name)
	if err != nil {
		t.Errorf("seed %d: %v\n%s", seed, err, text)
		return
	}
	a := &asker{newDice(^seed), w, m, counts}
	for range 4 {
		if r := a.ask(); r.got != r.want {
			t.Errorf("seed %d: %s, -oracle +package:\n%s\n%s", seed, r.question, cmp.Diff(r.want, r.got), text)
		}
	}
}
