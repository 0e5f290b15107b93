package policy

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"cel.dev/cel-go/cel"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
)

var (
	seed     = flag.Uint64("seed", 0, "the seed of generated rules; 0: the time")
	policies = flag.Int("policies", 4_000, "how many policies TestMonotoneByForce generates")
)

// monotoneBase is the policy whose rules are generated.
const monotoneBase = `apiVersion: surety.dev/v1alpha1
kind: Policy
metadata: {name: p, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
artifacts: ["**"]
params: {two: 2, team: red}
evidence:
  - {name: provenance, predicateTypes: ["https://slsa.dev/provenance/v1"], duty: build}
  - {name: tests, predicateTypes: ["https://in-toto.io/attestation/test-result/v0.1"], duty: attest}
variables:
  - {name: red, expression: "approvals.by('red')"}
  - {name: enough, expression: "approvals.size() >= 2"}
  - {name: few, expression: "!variables.enough"}
  - {name: tested, expression: "evidence.tests.size()"}
rules:
  - {id: about, about: provenance, expression: "it.digest != 'never'"}
  - {id: standing, expression: "evidence.tests.size() >= 0"}
`

// TestMonotoneByForce: of rules that nothing is remarked of, none passes on less evidence where it did not on
// more, by trying all subsets of small sets of evidence. The other way it says how many of the rules that
// never did are taken for what they are.
func TestMonotoneByForce(t *testing.T) {
	t.Parallel()
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-seed %d -policies %d", *seed, *policies)
	loaded, err := Load(fstest.MapFS{"p.yaml": {Data: []byte(monotoneBase)}}, "p.yaml")
	if err != nil {
		t.Fatal(err)
	}
	g := &generator{Rand: rand.New(rand.NewPCG(*seed, 1)), policy: loaded[0], domain: newDomain(t)}
	var compiled, safe, steady, monotone, recognised int
	for range *policies {
		p, text := g.next(t)
		if p == nil {
			continue
		}
		compiled++
		called := monotoneByShape(p)
		if called {
			safe++
		}
		less, more, changes := g.force(t, p, g.units())
		for n := 0; n < 3 && less == nil && called; n++ { // what is called safe is tried harder
			var differs bool
			less, more, differs = g.force(t, p, g.units())
			changes = changes || differs
		}
		if !changes {
			steady++
			continue
		}
		if less != nil {
			if called {
				t.Fatalf("-seed %d: %s\npasses on %v and not on %v", *seed, text, less, more)
			}
			continue
		}
		monotone++
		if called {
			recognised++
		}
	}
	t.Logf("%d of %d compile; of those whose outcome depends on the evidence tried, %d showed nothing against them, of which %d (%d %%) are called monotone; called so in all %d; the same on all evidence %d",
		compiled, *policies, monotone, recognised, 100*recognised/max(monotone, 1), safe, steady)
	if compiled < *policies/2 || recognised < monotone/3 {
		t.Errorf("too few: %d compile, %d of %d recognised", compiled, recognised, monotone)
	}
}

// TestExplainsWhatever: whatever rule does not pass on whatever evidence, something is said of it, within the
// limits, and the same again.
func TestExplainsWhatever(t *testing.T) {
	t.Parallel()
	loaded, err := Load(fstest.MapFS{"p.yaml": {Data: []byte(monotoneBase)}}, "p.yaml")
	if err != nil {
		t.Fatal(err)
	}
	g := &generator{Rand: rand.New(rand.NewPCG(7, 1)), policy: loaded[0], domain: newDomain(t)}
	failed := 0
	for range 500 {
		p, text := g.next(t)
		if p == nil {
			continue
		}
		facts := g.facts(g.units())
		r, err := p.Evaluate(context.Background(), facts, Strict)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := p.Evaluate(context.Background(), facts, Strict)
		for i, rule := range r.Rules {
			if rule.Outcome == Passed || rule.About != "" && rule.Evidence == "" {
				if rule.Explanation != nil {
					t.Errorf("%s\npassed or was not evaluated, and is explained: %s", text, rule.Explain())
				}
				continue
			}
			failed++
			said := rule.Explain()
			if len(rule.Explanation) == 0 || len(rule.Explanation) > MaxCauses || len(said) > 20_000 || said != again.Rules[i].Explain() {
				t.Errorf("%s\n%s is explained by %q", text, rule.Outcome, said)
			}
		}
	}
	if failed < 100 {
		t.Errorf("%d rules failed: expected more to be tried", failed)
	}
}

// monotoneByShape reports whether nothing is remarked of the deny rules.
func monotoneByShape(p *Policy) bool {
	r := &reader{policy: p}
	for _, rule := range p.rules {
		r.monotone(rule)
	}
	return len(r.remarks) == 0
}

// generator makes rules and sets of evidence.
type generator struct {
	*rand.Rand
	policy *Policy
	domain *domain
}

// next makes a policy of one or two generated rules; nil where they do not compile.
func (g *generator) next(t *testing.T) (*Policy, string) {
	t.Helper()
	p := *g.policy
	p.rules = nil
	if g.IntN(3) > 0 {
		p.evidence = p.evidence[:1]
	}
	var texts []string
	for _, base := range g.policy.rules {
		r := *base
		if g.IntN(3) > 0 {
			source := g.logic(sort{sees: r.sees()}, 3)
			x, err := p.languages[r.sees()].compile(source, cel.BoolType)
			if err != nil {
				return nil, ""
			}
			r.expression = x
			r.approvals = p.has(x, r.sees(), isApprovals)
			texts = append(texts, r.id+": "+source)
		}
		p.rules = append(p.rules, &r)
	}
	return &p, strings.Join(texts, "\n")
}

// sort is where an expression stands: what it sees, and the names bound there.
type sort struct {
	sees  visibility
	names []string // of people: approvals or signers
	its   []string // of attestations
	ints  []string
}

func (g *generator) pick(list ...string) string { return list[g.IntN(len(list))] }

// logic makes a bool.
func (g *generator) logic(s sort, depth int) string {
	if depth > 0 {
		switch g.IntN(9) {
		case 0:
			return "(" + g.logic(s, depth-1) + " && " + g.logic(s, depth-1) + ")"
		case 1:
			return "(" + g.logic(s, depth-1) + " || " + g.logic(s, depth-1) + ")"
		case 2:
			return "!(" + g.logic(s, depth-1) + ")"
		case 3:
			return "(" + g.logic(s, depth-1) + " ? " + g.logic(s, depth-1) + " : " + g.logic(s, depth-1) + ")"
		case 4:
			bound := s
			bound.ints = append(bound.ints[:len(bound.ints):len(bound.ints)], "n")
			return "cel.bind(n, " + g.number(s) + ", " + g.logic(bound, depth-1) + ")"
		case 5:
			bound := s
			bound.names = append(bound.names[:len(bound.names):len(bound.names)], "x")
			return g.people(s, 2) + g.pick(".exists(x, ", ".exists(x, ", ".all(x, ", ".exists_one(x, ") + g.logic(bound, depth-1) + ")"
		case 6:
			if s.sees == seesStanding {
				bound := s
				bound.its = append(bound.its[:len(bound.its):len(bound.its)], "p")
				return "evidence." + g.pick("provenance", "tests") + g.pick(".exists(p, ", ".exists(p, ", ".all(p, ", ".exists_one(p, ") + g.logic(bound, depth-1) + ")"
			}
		}
	}
	return g.atom(s)
}

// atom makes a bool without logic.
func (g *generator) atom(s sort) string {
	switch g.IntN(10) {
	case 0, 1, 2:
		return g.number(s) + g.pick(" >= ", " >= ", " > ", " < ", " <= ", " == ", " != ") + g.number(s)
	case 3:
		return g.people(s, 2) + g.pick(" != ", " == ") + "[]"
	case 4:
		return g.pick("'alice'", "'bob'", "'w'", "params.team") + " in " + g.texts(s)
	case 5:
		return g.pick("sets.contains(", "sets.intersects(", "sets.equivalent(") + g.texts(s) + ", " + g.texts(s) + ")"
	case 6:
		if len(s.names) > 0 {
			x := s.names[g.IntN(len(s.names))]
			return g.pick(x+".person == 'alice'", "'red' in "+x+".teams", x+".signedAt.before("+g.span(s)+")", x+".signedAt.recordedBefore("+g.span(s)+")", x+".person != ''")
		}
		return g.texts(s) + "[0] == 'alice'"
	case 7:
		if it := g.it(s); it != "" {
			return g.pick(it+".digest == 'a'", it+".digest != 'b'", it+".provenance.builder == 'good'", it+".signedAt.notAfter < timestamp('2026-06-01T12:05:00Z')", it+".predicate.?x.orValue(true)", it+".signedAt.source == 'rekor'")
		}
	case 8:
		if s.sees == seesOne {
			return g.pick("variables.enough", "variables.few", "variables.red != []")
		}
		return "variables.tested " + g.pick(">=", "<", "==") + " 1"
	}
	return g.pick("true", "environment == 'production'", "environment == 'x'")
}

// it gives an attestation that can be seen.
func (g *generator) it(s sort) string {
	switch {
	case len(s.its) > 0:
		return s.its[g.IntN(len(s.its))]
	case s.sees == seesOne:
		return "it"
	}
	return ""
}

// span makes a span.
func (g *generator) span(s sort) string {
	if it := g.it(s); it != "" && (len(s.names) == 0 || g.IntN(2) == 0) {
		return it + ".signedAt"
	}
	if len(s.names) > 0 {
		return s.names[g.IntN(len(s.names))] + ".signedAt"
	}
	return "signers[0].signedAt"
}

// people makes a list of approvals or signers.
func (g *generator) people(s sort, depth int) string {
	if depth > 0 && g.IntN(3) == 0 {
		bound := s
		bound.names = append(bound.names[:len(bound.names):len(bound.names)], "y")
		return g.people(s, depth-1) + ".filter(y, " + g.logic(bound, depth-1) + ")"
	}
	if s.sees == seesOne && g.IntN(3) > 0 {
		list := g.pick("approvals", "approvals", "variables.red", "approvals.withSource()", "approvals.withWitnessed()")
		for g.IntN(3) == 0 {
			list += g.pick(".by('red')", ".by(params.team)", ".recordedBefore("+g.span(s)+")", ".before("+g.span(s)+")")
		}
		return g.pick(list, list, list, "("+list+" + approvals)", list+".reverse()")
	}
	list := "signers"
	if it := g.it(s); it != "" {
		list = it + ".signers"
	}
	return g.pick(list, list, list+".holding('build')", list+".holding('attest')")
}

// texts makes a list of strings.
func (g *generator) texts(s sort) string {
	return g.pick(g.people(s, 1)+".people()", g.people(s, 1)+".map(z, z.person)", g.people(s, 1)+".map(z, z.person).distinct()", "['alice', 'bob']", "['w']")
}

// number makes an int.
func (g *generator) number(s sort) string {
	switch g.IntN(8) {
	case 0, 1:
		return fmt.Sprint(g.IntN(4))
	case 2:
		if len(s.ints) > 0 {
			return s.ints[g.IntN(len(s.ints))]
		}
		return "params.two"
	case 3:
		return "(" + g.number(s) + g.pick(" + ", " - ") + g.number(s) + ")"
	case 4:
		return "size(" + g.texts(s) + ")"
	case 5:
		if s.sees == seesStanding {
			return "evidence." + g.pick("provenance", "tests") + ".size()"
		}
	}
	return g.people(s, 2) + ".size()"
}

// domain is what small sets of evidence are made of.
type domain struct {
	statements map[string]*attest.Statement
	artifact   attest.Artifact
	at         time.Time
}

func newDomain(t *testing.T) *domain {
	t.Helper()
	const digest = "aa00000000000000000000000000000000000000000000000000000000000000"
	d := &domain{statements: map[string]*attest.Statement{}, at: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)}
	for name, s := range map[string]fixture.Statement{
		"good": fixture.NewStatement(fixture.ProvenanceV1, digest, fixture.Provenance("good")),
		"bad":  fixture.NewStatement(fixture.ProvenanceV1, digest, fixture.Provenance("bad")),
		"test": fixture.NewStatement(fixture.TestResult, digest, map[string]any{"result": "PASSED", "configuration": []any{}}),
	} {
		items := attest.Parse("test", fixture.Sign(s.JSON(), fixture.NewKey("k")).JSON(), attest.Limits{})
		if items[0].Err() != nil {
			t.Fatal(items[0].Err())
		}
		d.statements[name] = items[0].Statement()
	}
	var err error
	if d.artifact, err = attest.NewArtifact("pkg:generic/a@1", attest.Digests{"sha256": digest}); err != nil {
		t.Fatal(err)
	}
	return d
}

// unit is one piece of evidence: a signature over a statement, or an approval.
type unit struct {
	digest, statement string
	signer            *Signer
	approval          *Approval
}

func (u unit) String() string {
	if u.approval != nil {
		return fmt.Sprintf("approval %s %v source %v witnessed %v %s", u.approval.Person, u.approval.Teams, u.approval.Commit != "", u.approval.Witnessed, u.approval.SignedAt.write())
	}
	return fmt.Sprintf("%s(%s) by %s %v %s", u.digest, u.statement, u.signer.Credential, u.signer.Duties, u.signer.SignedAt.write())
}

// units makes a small set of evidence.
func (g *generator) units() []unit {
	var list []unit
	span := func() *Span {
		begin := g.domain.at.Add(time.Duration(g.IntN(4)*5) * time.Minute)
		s := &Span{NotBefore: begin.Add(-5 * time.Minute), NotAfter: begin, Source: SourceLog}
		if g.IntN(4) == 0 {
			s.Source = SourceNone
		}
		return s
	}
	used := map[string]bool{}
	for n := range 2 + g.IntN(3) {
		digest := g.pick("a", "a", "b", "t")
		if n == 0 {
			digest = "a"
		}
		u := unit{digest: digest, statement: map[string]string{"a": "good", "b": "bad", "t": "test"}[digest]}
		who := g.pick("w", "v", "alice")
		if used[digest+who] { // each credential signs a statement once
			continue
		}
		used[digest+who] = true
		u.signer = &Signer{Credential: who, Holder: who, Duties: [][]string{{"build"}, {"attest"}, {"build", "attest"}, {"build", "attest"}}[g.IntN(4)], SignedAt: span()}
		if who == "alice" {
			u.signer.Person, u.signer.Teams = who, []string{"red"}
		}
		list = append(list, u)
	}
	for range g.IntN(4) {
		list = append(list, unit{approval: &Approval{Person: g.pick("alice", "bob", "carol"), Teams: [][]string{{"red"}, {"blue"}, {"blue", "red"}}[g.IntN(3)], Witnessed: g.IntN(5) == 0, Commit: g.pick("", "", "", "", strings.Repeat("a1", 20)), SignedAt: span()}})
	}
	return list
}

// facts makes facts of evidence.
func (g *generator) facts(units []unit) Facts {
	facts := Facts{Artifact: g.domain.artifact, Environment: "production", At: g.domain.at.Add(time.Hour)}
	by := map[string]*Attestation{}
	for _, u := range units {
		if u.approval != nil {
			facts.Approvals = append(facts.Approvals, u.approval)
			continue
		}
		if by[u.digest] == nil {
			by[u.digest] = &Attestation{Digest: u.digest, Statement: g.domain.statements[u.statement]}
			facts.Attestations = append(facts.Attestations, by[u.digest])
		}
		by[u.digest].Signers = append(by[u.digest].Signers, u.signer)
	}
	return facts
}

// force evaluates a policy on all subsets. It gives two, one of them within the other, of which the smaller
// passes and the larger does not; none where there are none such. changes says that not all are alike.
func (g *generator) force(t *testing.T, p *Policy, units []unit) (less, more []unit, changes bool) {
	t.Helper()
	allows := make([]bool, 1<<len(units))
	for set := range allows {
		e := &evaluator{ctx: context.Background(), policy: p, facts: g.facts(subset(units, set)), budget: MaxRequestCost}
		e.explained.parts = maxPartsOfAll // what is said of a failure is not looked at
		r, err := e.run()
		if err != nil {
			t.Fatal(err)
		}
		allows[set] = r.Allows
		changes = changes || r.Allows != allows[0]
	}
	for large := range allows {
		for small := (large - 1) & large; small != large && !allows[large]; small = (small - 1) & large {
			if allows[small] {
				return subset(units, small), subset(units, large), true
			}
			if small == 0 {
				break
			}
		}
	}
	return nil, nil, changes
}

func subset(units []unit, set int) (list []unit) {
	for i, u := range units {
		if set&(1<<i) != 0 {
			list = append(list, u)
		}
	}
	return list
}
