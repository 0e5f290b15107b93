package policy

import (
	"cmp"
	"iter"
	"slices"
)

// This file is rules about a declaration: each is judged for each attestation that could meet it, so that
// no policy passes on one attestation's half and another's (design §3.2).

// candidate is an attestation judged under one evidence declaration.
type candidate struct {
	view   *view
	scope  *scope            // what the rules saw
	rules  map[*rule]verdict // the rules about the declaration
	denied int               // deny rules that do not pass
	warned int               // other rules that do not pass
	waived int               // rules that are waived

	holders   int      // how many count towards the declaration
	approvers []string // whose approvals its rules see
	approvals []*Approval
}

// candidates evaluates the rules about a declaration on each attestation of its type signed by a
// holder of its duty, closest first: fewest failed deny rules, then lowest digest.
func (e *evaluator) candidates(need Requirement) ([]*candidate, error) {
	var list []*candidate
	for _, a := range e.facts.Attestations {
		if a == nil || a.Statement == nil || !need.Accepts(a.Statement.PredicateType) {
			continue
		}
		c, err := e.best(need, a)
		if err != nil {
			return nil, err
		}
		if c != nil {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(x, y *candidate) int { return compareViews(x.view, y.view) })
	slices.SortStableFunc(list, func(x, y *candidate) int { return cmp.Compare(x.denied, y.denied) })
	return list, nil
}

// compareViews orders attestations by what identifies them.
func compareViews(x, y *view) int {
	return cmp.Or(cmp.Compare(x.Digest, y.Digest), cmp.Compare(x.Part, y.Part))
}

// best judges an attestation with one signature of each credential at a time, and gives the one with the
// fewest failed deny rules, then with the most holders, then of the earliest signatures. So a credential
// counts once however often it signed, no rule sees the duty of one signature with the time of another,
// and an earlier signature, its own or another's, takes nothing from a later. Who signed and approved counts as
// the one or the other. Nil if in no choice a signer holds the duty.
func (e *evaluator) best(need Requirement, a *Attestation) (*candidate, error) {
	var best *candidate
	most := holders(need, []*view{{Attestation: a, duty: need.Duty, signers: a.Signers}})
	for _, early := range []bool{true, false} {
		for signers := range e.choices(need, a, early) {
			c := &candidate{view: &view{Attestation: a, duty: need.Duty, signers: signers}}
			c.holders = holders(need, []*view{c.view})
			if err := e.judge(need, c); err != nil {
				return nil, err
			}
			if best == nil || c.denied < best.denied || c.denied == best.denied && c.holders > best.holders {
				best = c
			}
			if best.denied == 0 && best.holders == most {
				break
			}
		}
		if best == nil || best.denied == 0 && best.holders == most { // else who approved may count as who signed without the early
			break
		}
	}
	return best, nil
}

// choices are the signers an attestation is judged with, one of whom at least holds the duty: with the early
// ones, or without.
func (e *evaluator) choices(need Requirement, a *Attestation, early bool) iter.Seq[[]*Signer] {
	return func(yield func([]*Signer) bool) {
		tried := 0
		for _, signers := range versions(a.Signers) {
			for _, signers := range e.without(need, a, signers) {
				lists := [][]*Signer{signers}
				if !early {
					lists = later(signers, need.Duty)
				}
				for _, signers := range lists {
					if tried++; tried > maxChoices {
						return
					}
					if slices.ContainsFunc(signers, func(s *Signer) bool { return s.HasDuty(need.Duty) }) && !yield(signers) {
						return
					}
				}
			}
		}
	}
}

// judge evaluates the rules about a declaration on one candidate.
func (e *evaluator) judge(need Requirement, c *candidate) error {
	c.rules = map[*rule]verdict{}
	seen := e.approvals(c.view)
	c.approvers = approvers(seen)
	for _, a := range seen {
		c.approvals = append(c.approvals, a.Approval)
	}
	s := e.scope(seesOne, map[string]any{
		"it":        c.view,
		"approvals": newApprovals(e.policy.languages[seesOne].provider, seen),
	})
	c.scope = s
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
			v.outcome = e.excused(r, v.outcome)
		}
		c.rules[r] = v
		if v.outcome == Waived {
			c.waived++
		}
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
	reads := e.readsApprovals(need)
	for _, c := range candidates {
		if reads && (c.denied == 0 || len(stands) == 0 && c == candidates[0]) {
			result.Approvals = append(result.Approvals, c.approvals...)
		}
	}
	slices.Sort(result.Candidates)
	slices.Sort(result.Standing)
	slices.SortFunc(stands, compareViews)
	result.Have = holders(need, stands)
	result.Met = result.Have >= max(need.Min, 1)
	result.Waived = !result.Met && e.waives(need.Waivable, "evidence:"+need.Name)
	return result, stands
}

// holders counts the distinct holders behind attestations.
func holders(need Requirement, stands []*view) int {
	who := holding{}
	for _, v := range stands {
		who.add(need, v)
	}
	return who.count()
}

// holding are distinct holders: persons only where people count. A credential several hold, "", is nobody in
// particular, and so at most one, where nobody else signed.
type holding map[string]bool

func (h holding) add(need Requirement, v *view) {
	for _, s := range v.signers {
		switch {
		case !s.HasDuty(need.Duty):
		case !need.CountsPeople():
			h[s.Holder] = true
		case s.Person != "":
			h[s.Person] = true
		}
	}
}

func (h holding) count() int {
	if h[""] && len(h) > 1 {
		return len(h) - 1
	}
	return len(h)
}

// about gives the outcome of a rule about a declaration, on the candidate that is shown: one it is waived for, if there
// is one. Evidence absent: the rule fails, and evidence-missing says why; where its absence is waived, the rule is
// waived or fails by itself.
func (e *evaluator) about(r *rule, shown []*candidate, need EvidenceResult) RuleResult {
	result := r.result()
	i := slices.Index(e.policy.rules, r)
	applies := e.applies[i].outcome
	if applies == Skipped {
		result.Outcome = Skipped
		return result
	}
	if len(shown) == 0 {
		switch {
		case !need.Waived:
		case applies != Passed:
			result.Outcome, result.Message = applies, e.applies[i].message
		default:
			result.Outcome = e.excused(r, Failed)
		}
		return result
	}
	closest := shown[max(0, slices.IndexFunc(shown, func(c *candidate) bool { return c.rules[r].outcome == Waived }))]
	v := closest.rules[r]
	result.Outcome, result.Evidence = v.outcome, closest.view.Digest
	result.Explanation = e.because(closest.scope, i, v.outcome)
	if v.message != "" {
		result.Message = v.message
	}
	if r.approvals {
		result.Approvers, result.Have, result.Need = closest.approvers, v.have, v.need
	}
	return result
}

// shown are the candidates that a declaration's outcomes are given for. Where it is met, those it rests on, as many as
// it takes: with the fewest rules waived first, then with the fewest warnings, so that what is waived is told where
// nothing else would meet it, and only there. Where its absence is waived, of what stands the first of those, so that
// what does not stand is as if it had not been supplied. Else the closest that does not stand; if all stand, the first.
func shown(candidates []*candidate, need EvidenceResult) []*candidate {
	if !need.Met && !need.Waived {
		if i := slices.IndexFunc(candidates, func(c *candidate) bool { return c.denied > 0 }); i > 0 {
			return candidates[i : i+1]
		}
		return candidates[:min(len(candidates), 1)]
	}
	standing := slices.DeleteFunc(slices.Clone(candidates), func(c *candidate) bool { return c.denied > 0 })
	slices.SortStableFunc(standing, func(x, y *candidate) int {
		return cmp.Or(cmp.Compare(x.waived, y.waived), cmp.Compare(x.warned, y.warned))
	})
	var rest []*candidate
	who := holding{}
	for _, c := range standing {
		before := len(who)
		if who.add(need.Requirement, c.view); len(who) > before {
			rest = append(rest, c)
		}
		if need.Waived && len(rest) > 0 || who.count() >= need.Requirement.Min {
			break
		}
	}
	return rest
}
