package policy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/surety-dev/surety/internal/document"
)

// Trial is an expression to be tried as a rule of a policy would see it. It refuses and admits nothing.
type Trial struct {
	policy *Policy
	rule   *rule
}

// Tried is what an expression gave.
type Tried struct {
	// Evidence is the digest of the attestation it was evaluated on; "" of an expression about none.
	Evidence string
	// Value is the value, shortened: "true", "unknown", "error: …", or another type's.
	Value string
	// Outcome is what would become of a rule that says so. A value that is no bool is Errored.
	Outcome Outcome
	// Message is what kept it from having a bool; "" if nothing.
	Message string
	// Explanation is why it is not true; nil if it is, or is no bool.
	Explanation []Cause
}

// tried is the id of the rule that is tried. No rule has it: a document's are not empty.
const tried = ""

// Try compiles an expression in the policy's language: about one of its evidence declarations, or "" for one
// that sees what stands. An expression of any type will do. The error says what is wrong with it.
func (p *Policy) Try(expression, about string) (*Trial, error) {
	if p == nil || len(p.rules) == 0 {
		return nil, fmt.Errorf("no policy: expected one to try an expression in")
	}
	var names []string
	for _, n := range p.evidence {
		names = append(names, n.Name)
	}
	if about != "" && !slices.Contains(names, about) {
		return nil, fmt.Errorf("no evidence is called %q: expected the name of an evidence declaration%s", about, document.Suggest(about, names))
	}
	r := &rule{id: tried, about: about, severity: Info, position: "expression:1:1"}
	lang := p.languages[r.sees()]
	x, err := lang.compile(expression, nil)
	if name := lang.hidden(expression); err != nil && name != "" {
		err = fmt.Errorf("%s is not visible in %s", name, places[lang.sees])
	}
	if err != nil {
		return nil, fmt.Errorf("the expression: %w", err)
	}
	x.position = r.position
	for n := range strings.Split(expression, "\n") {
		x.lines = append(x.lines, document.Place{File: "expression", Line: int32(n + 1), Col: 1})
	}
	r.expression, r.approvals = x, p.has(x, r.sees(), isApprovals)
	whole := *p
	whole.rules = append(slices.Clone(p.rules), r)
	return &Trial{&whole, r}, nil
}

// Policy is the policy with the expression as a rule that changes nothing, to make facts for: what is gathered for
// a policy depends on what its rules ask for.
func (t *Trial) Policy() *Policy { return t.policy }

// Run evaluates the expression on facts, strictly: on each candidate of the declaration it is about, closest first,
// or once on what stands. Errors are those of Evaluate.
func (t *Trial) Run(ctx context.Context, facts Facts) ([]Tried, error) {
	e := &evaluator{ctx: ctx, policy: t.policy, facts: facts, world: Strict, budget: facts.Budget}
	if e.budget == 0 {
		e.budget = MaxRequestCost
	}
	if err := e.when(); err != nil {
		return nil, err
	}
	var list []Tried
	standing := map[string][]*view{}
	for _, need := range t.policy.evidence {
		candidates, err := e.candidates(need)
		if err != nil {
			return nil, err
		}
		_, standing[need.Name] = e.meet(need, candidates)
		for _, c := range candidates {
			if need.Name == t.rule.about {
				list = append(list, t.result(e, c.scope, c.view.Digest))
			}
		}
	}
	if t.rule.about == "" {
		s := e.scope(seesStanding, map[string]any{"evidence": &standingEvidence{byName: standing}, "signers": e.signers(standing)})
		list = append(list, t.result(e, s, ""))
	}
	return list, ctx.Err()
}

// result is what the expression gives in a scope.
func (t *Trial) result(e *evaluator, s *scope, evidence string) Tried {
	out := Tried{Evidence: evidence}
	value, err := s.eval(t.rule.expression)
	failed := err != nil
	if failed {
		out.Value = "error: " + shorten(err.Error())
	} else {
		out.Value = written(value)
	}
	if out.Outcome, err = s.test(t.rule.expression); err != nil {
		out.Message = clip(err.Error())
	}
	if out.Outcome == Failed || out.Outcome == Unknown || failed {
		out.Explanation = e.explain(s, t.rule.expression)
	}
	return out
}
