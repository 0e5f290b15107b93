package policy

import (
	"cmp"
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
}

// verdict is an outcome and what there is to say about it.
type verdict struct {
	outcome Outcome
	message string
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

// candidate is an attestation judged under one evidence declaration.
type candidate struct {
	view   *view
	rules  map[*rule]verdict // the rules about the declaration
	denied int               // deny rules that do not pass
	warned int               // other rules that do not pass
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
		allows = allows && met.Met
		for i, r := range e.policy.rules {
			if r.about == need.Name {
				result.Rules[i] = e.about(r, candidates, met.Met)
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

// candidates evaluates the rules about a declaration on each attestation of its type signed by a
// holder of its duty, closest first: fewest failed deny rules, then lowest digest.
func (e *evaluator) candidates(need Requirement) ([]*candidate, error) {
	var list []*candidate
	for _, a := range e.facts.Attestations {
		if a == nil || a.Statement == nil || !need.Accepts(a.Statement.PredicateType) || !slices.ContainsFunc(a.Signers, func(s *Signer) bool { return s.HasDuty(need.Duty) }) {
			continue
		}
		list = append(list, &candidate{view: &view{Attestation: a, duty: need.Duty}})
	}
	slices.SortFunc(list, func(x, y *candidate) int { return cmp.Compare(x.view.Digest, y.view.Digest) })
	for _, c := range list {
		if err := e.judge(need, c); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(list, func(x, y *candidate) int { return cmp.Compare(x.denied, y.denied) })
	return list, nil
}

// judge evaluates the rules about a declaration on one candidate.
func (e *evaluator) judge(need Requirement, c *candidate) error {
	c.rules = map[*rule]verdict{}
	s := e.scope(seesOne, map[string]any{
		"it":        c.view,
		"approvals": newApprovals(e.policy.languages[seesOne].provider, e.approvals()),
	})
	for i, r := range e.policy.rules {
		if r.about != need.Name {
			continue
		}
		v := e.applies[i]
		if v.outcome == Passed {
			var err error
			if v, err = e.rule(s, r); err != nil {
				return err
			}
		}
		c.rules[r] = v
		if !e.passes(v.outcome) {
			if r.severity == Deny {
				c.denied++
			} else {
				c.warned++
			}
		}
	}
	return nil
}

// approvals are the facts' approvals as the world shows them.
func (e *evaluator) approvals() []*approvalView {
	list := make([]*approvalView, len(e.facts.Approvals))
	for i, a := range e.facts.Approvals {
		list[i] = &approvalView{Approval: a, generous: e.world == Generous}
	}
	return list
}

// meet decides a declaration: what stands must come from enough distinct holders.
func (e *evaluator) meet(need Requirement, candidates []*candidate) (EvidenceResult, []*view) {
	result := EvidenceResult{Requirement: need}
	var stands []*view
	for _, c := range candidates {
		result.Candidates = append(result.Candidates, c.view.Digest)
		if c.denied == 0 {
			stands = append(stands, c.view)
			result.Standing = append(result.Standing, c.view.Digest)
		}
	}
	slices.Sort(result.Candidates)
	slices.Sort(result.Standing)
	slices.SortFunc(stands, func(x, y *view) int { return cmp.Compare(x.Digest, y.Digest) })
	result.Have = holders(need, stands)
	result.Met = result.Have >= max(need.Min, 1)
	return result, stands
}

// holders counts the distinct holders behind attestations: persons only where people count. A
// credential several hold is nobody in particular, and so at most one, where nobody else signed.
func holders(need Requirement, stands []*view) int {
	ids := map[string]bool{}
	shared := 0
	for _, v := range stands {
		for _, s := range v.Signers {
			switch {
			case !s.HasDuty(need.Duty):
			case need.CountsPeople():
				if s.Person != "" {
					ids[s.Person] = true
				}
			case s.Holder != "":
				ids[s.Holder] = true
			default:
				shared = 1
			}
		}
	}
	return max(len(ids), shared)
}

// about gives the outcome of a rule about a declaration, on the candidate that is shown. Evidence
// absent: the rule fails, and evidence-missing says why.
func (e *evaluator) about(r *rule, candidates []*candidate, met bool) RuleResult {
	result := r.result()
	i := slices.Index(e.policy.rules, r)
	if e.applies[i].outcome == Skipped {
		result.Outcome = Skipped
		return result
	}
	if len(candidates) == 0 {
		result.Outcome = Failed
		return result
	}
	closest := shown(candidates, met)
	v := closest.rules[r]
	result.Outcome, result.Evidence = v.outcome, closest.view.Digest
	if v.message != "" {
		result.Message = v.message
	}
	return result
}

// shown is the candidate a declaration's outcomes are given for. Where it is met, one that stands,
// with the fewest warnings; else the closest that does not stand; if all stand, the first.
func shown(candidates []*candidate, met bool) *candidate {
	best := candidates[0]
	for _, c := range candidates {
		if met && c.denied == 0 && c.warned < best.warned {
			best = c
		}
		if !met && c.denied > 0 {
			return c
		}
	}
	return best
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
		}
		results[i].Outcome = v.outcome
		if v.message != "" {
			results[i].Message = v.message
		}
	}
	return nil
}

// signers are those of what stands, each once, in the order of the declarations and digests.
func (e *evaluator) signers(stands map[string][]*view) []*Signer {
	list := []*Signer{}
	seen := map[*Signer]bool{}
	for _, need := range e.policy.evidence {
		for _, v := range stands[need.Name] {
			for _, s := range v.Signers {
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

// result is a rule's result before it is decided.
func (r *rule) result() RuleResult {
	return RuleResult{
		ID: r.id, Severity: r.severity, About: r.about, Control: r.control,
		Message: r.message, Remedy: r.remedy, Frameworks: r.frameworks, Position: r.position,
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
