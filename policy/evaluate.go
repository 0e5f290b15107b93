package policy

import (
	"context"
	"slices"
)

// Evaluate judges the facts by the policy in a world. It evaluates every rule on every candidate,
// never stopping at the first failure, so that the result does not depend on the order of anything.
// The error is the context's, or a *LimitError where the facts' budget is spent.
func (p *Policy) Evaluate(ctx context.Context, facts Facts, world World) (Result, error) {
	if p == nil || len(p.evidence) == 0 || len(p.rules) == 0 {
		return Result{}, nil
	}
	e := &evaluator{ctx: ctx, policy: p, facts: facts, world: world, budget: facts.Budget}
	if e.budget == 0 {
		e.budget = MaxRequestCost
	}
	return e.run()
}

// evaluator is one run of a policy.
type evaluator struct {
	ctx     context.Context
	policy  *Policy
	facts   Facts
	world   World
	budget  uint64
	spent   uint64
	applies []verdict // of each rule's `when`: Passed, Skipped or Errored

	explained struct { // what explanations have taken
		parts int
		cost  uint64
	}
}

// verdict is an outcome and what there is to say about it.
type verdict struct {
	outcome Outcome
	message string
	have    int64 // of a comparison of approvers
	need    int64
}

// passes reports whether the outcome counts as passed in the world: what is unproven or in error
// does so only generously.
func (e *evaluator) passes(o Outcome) bool {
	switch o {
	case Passed, Waived, Skipped:
		return true
	case Unknown, Errored:
		return e.world == Generous
	}
	return false
}

// run is design §3.2 and §4.1, in their order.
func (e *evaluator) run() (Result, error) {
	if err := e.when(); err != nil {
		return Result{}, err
	}
	result := Result{Rules: make([]RuleResult, len(e.policy.rules))}
	standing := map[string][]*view{}
	allows, passed := true, 0
	for _, need := range e.policy.evidence {
		candidates, err := e.candidates(need)
		if err != nil {
			return Result{}, err
		}
		met, stands := e.meet(need, candidates)
		standing[need.Name] = stands
		result.Evidence = append(result.Evidence, met)
		allows = allows && (met.Met || met.Waived)
		shown := shown(candidates, met)
		for i, r := range e.policy.rules {
			if r.about == need.Name {
				result.Rules[i] = e.about(r, shown, met)
			}
		}
	}
	if err := e.standing(standing, result.Rules); err != nil {
		return Result{}, err
	}
	for i, r := range e.policy.rules {
		if r.severity != Deny {
			continue
		}
		allows = allows && e.passes(result.Rules[i].Outcome)
		if result.Rules[i].Outcome != Skipped && e.passes(result.Rules[i].Outcome) {
			passed++
		}
	}
	result.Allows = allows && passed > 0
	result.Cost = e.spent
	if err := e.ctx.Err(); err != nil { // of an explanation that was cut short
		return Result{}, err
	}
	return result, nil
}

// when decides once, before any evidence is seen, which rules apply.
func (e *evaluator) when() error {
	e.applies = make([]verdict, len(e.policy.rules))
	var s *scope
	for i, r := range e.policy.rules {
		e.applies[i] = verdict{outcome: Passed}
		if r.when == nil {
			continue
		}
		if s == nil {
			s = e.scope(seesRequest, nil)
		}
		v, err := e.test(s, r.when)
		if err != nil {
			return err
		}
		switch v.outcome {
		case Failed:
			v.outcome = Skipped
		case Errored:
			v.message = "when: " + v.message
		}
		e.applies[i] = v
	}
	return nil
}

// standing evaluates the rules without about, once, on what stands.
func (e *evaluator) standing(stands map[string][]*view, results []RuleResult) error {
	var s *scope
	for i, r := range e.policy.rules {
		if r.about != "" {
			continue
		}
		if s == nil {
			s = e.scope(seesStanding, map[string]any{"evidence": &standingEvidence{byName: stands}, "signers": e.signers(stands)})
		}
		results[i] = r.result()
		v := e.applies[i]
		if v.outcome == Passed {
			var err error
			if v, err = e.rule(s, r); err != nil {
				return err
			}
			v.outcome = e.excused(r, v.outcome)
		}
		results[i].Outcome = v.outcome
		results[i].Explanation = e.because(s, i, v.outcome)
		if v.message != "" {
			results[i].Message = v.message
		}
	}
	return nil
}

// waives reports whether an exception waives what may be waived.
func (e *evaluator) waives(w *Waiver, id string) bool {
	return w != nil && slices.Contains(e.facts.Waived, id)
}

// excused is the outcome of a rule that applies: exceptions waive "a fail or unknown of a waivable rule", never an
// error (design §4.12).
func (e *evaluator) excused(r *rule, o Outcome) Outcome {
	if (o == Failed || o == Unknown) && e.waives(r.waivable, r.id) {
		return Waived
	}
	return o
}

// signers are those of what stands, each once, in the order of the declarations and digests.
func (e *evaluator) signers(stands map[string][]*view) []*Signer {
	list := []*Signer{}
	seen := map[*Signer]bool{}
	for _, need := range e.policy.evidence {
		for _, v := range stands[need.Name] {
			for _, s := range v.signers {
				if !seen[s] {
					seen[s] = true
					list = append(list, s)
				}
			}
		}
	}
	return list
}

// rule evaluates a rule, and its message where it does not pass.
func (e *evaluator) rule(s *scope, r *rule) (verdict, error) {
	v, err := e.test(s, r.expression)
	if err == nil && v.outcome != Passed && r.have != nil {
		have, known := s.number(r.have)
		if need, ok := s.number(r.need); known && ok && have < need { // else it is not what fails
			v.have, v.need = have, need
		}
		err = e.charge(s)
	}
	if err != nil || v.outcome != Failed || r.messageOf == nil {
		return v, err
	}
	if text, err := s.eval(r.messageOf); err == nil {
		if m, ok := text.Value().(string); ok && m != "" {
			v.message = clip(m)
		}
	}
	return v, e.charge(s)
}

// test evaluates a boolean expression within the budget.
func (e *evaluator) test(s *scope, x *expression) (verdict, error) {
	outcome, err := s.test(x)
	v := verdict{outcome: outcome}
	if err != nil {
		v.message = clip(err.Error())
	}
	return v, e.charge(s)
}

// charge takes what the scope spent from the budget, and notices a cancelled context.
func (e *evaluator) charge(s *scope) error {
	e.spent += s.spent
	s.spent = 0
	if err := e.ctx.Err(); err != nil {
		return err
	}
	if e.spent > e.budget {
		return &LimitError{Limit: "request-cost", Max: MaxRequestCost}
	}
	return nil
}

// scope binds the variables every expression sees, and those of the visibility.
func (e *evaluator) scope(sees visibility, values map[string]any) *scope {
	return &scope{ctx: e.ctx, facts: &e.facts, values: values, policy: e.policy, sees: sees}
}

// because explains the outcome of the rule with the index in a scope.
func (e *evaluator) because(s *scope, i int, outcome Outcome) []Cause {
	if outcome != Failed && outcome != Errored && outcome != Unknown {
		return nil
	}
	r := e.policy.rules[i]
	if e.applies[i].outcome != Passed {
		return e.explain(e.scope(seesRequest, nil), r.when)
	}
	return e.explain(s, r.expression)
}

// result is a rule's result before it is decided.
func (r *rule) result() RuleResult {
	return RuleResult{
		ID: r.id, Severity: r.severity, About: r.about, Control: r.control,
		Message: r.message, Remedy: r.remedy, Frameworks: r.frameworks, Position: r.position, ReadsApprovals: r.approvals, OrdersApprovals: r.ordered,
	}
}

// maxMessage is how many bytes of a rule's own words the verdict carries.
const maxMessage = 1024

// clip shortens a message to whole characters within maxMessage.
func clip(s string) string {
	if len(s) <= maxMessage {
		return s
	}
	cut := maxMessage
	for cut > 0 && s[cut]&0xC0 == 0x80 {
		cut--
	}
	return s[:cut] + "…"
}
