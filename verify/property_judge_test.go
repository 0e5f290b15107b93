package verify_test

import (
	"context"
	"fmt"
	"maps"
	"math/bits"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

// pCase is a case: what is judged, and what happens to it.
type pCase struct {
	world       *oWorld
	policies    []pPolicy
	environment string
	items       []pItem
	change      pChange
}

// fresh reports whether a policy that applies demands lists.
func (c pCase) fresh() bool {
	return slices.ContainsFunc(c.policies, func(p pPolicy) bool { return p.fresh && (c.environment != "staging" || !p.promoted) })
}

// pBench holds what cases have in common.
type pBench struct {
	mu       sync.Mutex
	policies map[string][]*policy.Policy
	opener   oracleOpener
	request  verify.Request
}

func newPropertyBench(t *testing.T) *pBench {
	prints := maps.Clone(newBench(t).prints)
	for _, name := range []string{"certified", "certified-2"} {
		prints[name] = fingerprint(t, fixture.NewKey(name))
	}
	artifact, err := attest.NewArtifact(baseName, attest.Digests{"sha256": release})
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.Parse(time.RFC3339, hour(judgedAt))
	if err != nil {
		t.Fatal(err)
	}
	return &pBench{policies: map[string][]*policy.Policy{}, opener: oracleOpener{prints}, request: verify.Request{Artifact: artifact, At: at}}
}

// policy is a policy, of which lint must find nothing that is not monotone.
func (b *pBench) policy(t testing.TB, text string) []*policy.Policy {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.policies[text] == nil {
		loaded, err := loadPolicies(text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		for _, m := range loaded[0].Remarks() {
			if m.Shape == policy.NotMonotone {
				t.Fatalf("%+v\n%s", m, text)
			}
		}
		b.policies[text] = loaded
	}
	return b.policies[text]
}

// verifier is one of a model and policies.
func (b *pBench) verifier(t testing.TB, w *oWorld, policies []pPolicy) *verify.Verifier {
	t.Helper()
	model, err := loadWorld(w)
	if err != nil {
		t.Fatalf("%v\n%s", err, w.document())
	}
	var all []*policy.Policy
	for _, p := range policies {
		all = append(all, b.policy(t, p.text)...)
	}
	v, err := verify.New(model, all, verify.Config{Openers: []verify.Opener{b.opener}, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (b *pBench) verdict(t testing.TB, v *verify.Verifier, environment string, items []pItem) verify.Verdict {
	t.Helper()
	request := b.request
	request.Environment = environment
	for _, p := range items {
		request.Evidence = append(request.Evidence, p.parsed...)
	}
	verdict, err := v.Verify(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	return verdict
}

// pPair is what became of a case.
type pPair struct {
	before, after verify.Verdict
	wrong         string // what the change must not do; "": it did not
	withdrawn     bool   // it lets in what withdrawing status data would
}

// pair judges a case before and after. Verifiers and the first verdict may be given.
func (b *pBench) pair(t testing.TB, c pCase, v, changed *verify.Verifier, before *verify.Verdict) pPair {
	t.Helper()
	if v == nil {
		v = b.verifier(t, c.world, c.policies)
	}
	if changed == nil {
		changed = v
		if c.change.world != nil {
			w := c.change.world(c.world)
			if w == nil {
				w = c.world
			}
			changed = b.verifier(t, w, c.policies)
		}
	}
	items := c.items
	if c.change.items != nil {
		items = c.change.items(items)
	}
	var p pPair
	switch {
	case c.change.base != nil:
		p.before = b.verdict(t, v, c.environment, c.change.base(c.items))
	case before != nil:
		p.before = *before
	default:
		p.before = b.verdict(t, v, c.environment, c.items)
	}
	p.after = b.verdict(t, changed, c.environment, items)
	switch c.change.kind {
	case reorders:
		p.wrong = differs(t, p.before, p.after, "order or repetition")
	case addsStrangers:
		p.wrong = b.strangers(t, c, p)
	case removesLists:
		if p.after.Admits() && c.fresh() {
			p.wrong = "it allows without any list"
		}
	default:
		if !p.after.Admits() || p.before.Admits() {
			break
		}
		if p.withdrawn = b.withdrawn(t, c, v); !p.withdrawn {
			p.wrong = fmt.Sprintf("%s becomes %s", p.before.Decision, p.after.Decision)
		}
	}
	return p
}

// withdrawn reports whether the evidence would be let in without some of the status data that a change of the model
// takes away: removing that may loosen (design §4.4).
func (b *pBench) withdrawn(t testing.TB, c pCase, v *verify.Verifier) bool {
	tainted := c.change.tainted(c.world, c.items)
	for set := 1; set < 1<<min(len(tainted), 8); set++ {
		var which [][2]int
		for n := range tainted[:bits.Len(uint(set))] {
			if set>>n&1 == 1 {
				which = append(which, tainted[n])
			}
		}
		if less := b.verdict(t, v, c.environment, unsigned(c.items, which)); less.Admits() {
			return true
		}
	}
	return false
}

func differs(t testing.TB, x, y verify.Verdict, what string) string {
	t.Helper()
	p, err := x.JSON()
	if err != nil {
		t.Fatal(err)
	}
	q, err := y.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if string(p) != string(q) {
		return fmt.Sprintf("%s changes the verdict\n%s\n%s", what, p, q)
	}
	return ""
}

// strangers says what a stranger's evidence changed but what is said of itself. Where it refuses, the severity of what
// is wrong with a stranger's item is that of the refusal, and so marks may tell of it.
func (b *pBench) strangers(t testing.TB, c pCase, p pPair) string {
	theirs := map[string]bool{}
	for _, i := range c.change.items(c.items)[len(c.items):] {
		for _, item := range i.parsed {
			theirs[item.Digest()] = true
		}
	}
	for _, i := range c.items {
		for _, item := range i.parsed {
			delete(theirs, item.Digest())
		}
	}
	x, y := p.before, p.after
	if !x.Admits() {
		x.Marks, y.Marks = verify.Marks{}, verify.Marks{}
	}
	y.Inputs.Evidence = slices.DeleteFunc(slices.Clone(y.Inputs.Evidence), func(e verify.EvidenceInput) bool { return theirs[e.Digest] })
	y.Findings = slices.DeleteFunc(slices.Clone(y.Findings), func(f verify.Finding) bool {
		return len(f.Evidence) > 0 && !slices.ContainsFunc(f.Evidence, func(d string) bool { return !theirs[d] })
	})
	for _, f := range p.after.Findings {
		if len(f.Evidence) > 0 && theirs[f.Evidence[0]] && p.before.Admits() && f.Severity != verify.SeverityInfo {
			return fmt.Sprintf("a stranger's item is %s %s of what is allowed: %s", f.Severity, f.Code, f.Message)
		}
	}
	return differs(t, x, y, "a stranger's evidence")
}

// smaller takes out of a case what is not needed for what is wrong.
func (b *pBench) smaller(t testing.TB, c pCase) pCase {
	for again := true; again; {
		again = false
		try := func(less pCase) {
			if b.pair(t, less, nil, nil, nil).wrong != "" {
				c, again = less, true
			}
		}
		for i := len(c.items) - 1; i >= 0; i-- {
			less := c
			less.items = slices.Delete(slices.Clone(c.items), i, i+1)
			try(less)
		}
		for i := 0; i < len(c.items); i++ {
			for j := len(c.items[i].signatures) - 1; j >= 0 && i < len(c.items) && len(c.items[i].signatures) > 1; j-- {
				less := c
				less.items = unsigned(c.items, [][2]int{{i, j}})
				try(less)
			}
		}
		for i := len(c.policies) - 1; i >= 0 && len(c.policies) > 1; i-- {
			less := c
			less.policies = slices.Delete(slices.Clone(c.policies), i, i+1)
			try(less)
		}
		for i := len(c.world.grants) - 1; i >= 0 && len(c.world.grants) > 1; i-- {
			less, w := c, *c.world
			w.grants = slices.Delete(slices.Clone(w.grants), i, i+1)
			less.world = &w
			try(less)
		}
		if c.world.separation != nil {
			less, w := c, *c.world
			w.separation = nil
			less.world = &w
			try(less)
		}
	}
	return c
}

// text is a case for who has to find out what is wrong.
func (c pCase) text(p pPair) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\nenvironment %q, separation %v\n", pKindNames[c.change.kind], c.change.about, c.environment, c.world.separation)
	for _, p := range c.policies {
		b.WriteString(p.text)
	}
	fmt.Fprintf(&b, "people %+v\nworkloads %+v\n", c.world.people, c.world.workloads)
	for _, x := range c.world.teams {
		fmt.Fprintf(&b, "team %+v\n", x)
	}
	for _, g := range c.world.grants {
		fmt.Fprintf(&b, "grant %+v\n", g)
	}
	for _, x := range signers(c.items) {
		fmt.Fprintf(&b, "credential %+v\n", *x)
	}
	for _, i := range c.items {
		fmt.Fprintf(&b, "- %s\n", i.text())
	}
	fmt.Fprintf(&b, "before: %s\n%safter: %s\n%s", p.before.Decision, explain(p.before), p.after.Decision, explain(p.after))
	return b.String()
}
