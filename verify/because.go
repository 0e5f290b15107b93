package verify

import (
	"slices"

	"github.com/surety-dev/surety/policy"
)

// This file is why: what kept rules from passing, and, where the release is only not proven, what it would take. It
// reads what was judged and decides nothing.

// Limits of what a verdict says of why. What is beyond them is left out; findings say the rest.
const (
	// MaxCauses is how many causes a verdict has, of all its rules in their order; of one rule it has at most
	// policy.MaxCauses.
	MaxCauses = 128
	// MaxNeeded is how many needs a verdict has.
	MaxNeeded = 64
	// MaxNeededEvidence is how many items of evidence a need names: the first by digest.
	MaxNeededEvidence = 16
)

// Cause is one of the smallest parts of a rule's expression, or of its `when`, that kept it from passing.
type Cause struct {
	// Expression is the part, in CEL's own spelling, shortened.
	Expression string `json:"expression"`
	// Value is what it gave: "false", "true" where the rule negates it, "unknown" where an order is not proven,
	// "error: …", or, of what is no bool, its value, shortened.
	Value string `json:"value"`
	// Position is where the part stands: "policy.yaml:14:22".
	Position string `json:"position"`
	// Variable is the variable whose expression it is part of; "" where it is the rule's.
	Variable string `json:"variable,omitempty"`
	// Element is the member of a list it was given for: "it.provenance.materials[2]"; "" where for none.
	Element string `json:"element,omitempty"`
	// Inputs are the values it was made of, in the order it is written, at most policy.MaxInputs.
	Inputs []CauseInput `json:"inputs"`
}

// CauseInput is a value that a cause was made of.
type CauseInput struct {
	// Expression is what gave it; of a call on the input before it only the call: ".people()".
	Expression string `json:"expression"`
	// Value is the value, shortened.
	Value string `json:"value"`
	// Evidence is the digest of the attestation it was read from; "" if from none.
	Evidence string `json:"evidence,omitempty"`
	// Path is where in the attestation's statement: "$.predicate.result"; "" of what is not in it.
	Path string `json:"path,omitempty"`
}

// Lack is what keeps something from being proven: "time", "freshness", "order", "error", "exception" or "evidence".
type Lack string

// What can be lacking.
const (
	// LacksTime: a trusted time of the signatures of the evidence named.
	LacksTime Lack = "time"
	// LacksFreshness: fresh status data for the credentials that signed the evidence named.
	LacksFreshness Lack = "freshness"
	// LacksOrder: times that prove that one thing, such as an approval named, came before another.
	LacksOrder Lack = "order"
	// LacksError: a value where the rule is in error.
	LacksError Lack = "error"
	// LacksException: an exception, which waives it and is itself not proven.
	LacksException Lack = "exception"
	// LacksEvidence: evidence or approvals that are not proven, as other needs or findings say.
	LacksEvidence Lack = "evidence"
)

// Need is what a policy would allow with and still has to have proven.
type Need struct {
	// Policy is the policy's name.
	Policy string `json:"policy"`
	// Declaration is the evidence declaration that is not met; "" if it is a rule.
	Declaration string `json:"declaration,omitempty"`
	// Rule is the id of the rule that does not pass; "" if it is a declaration.
	Rule string `json:"rule,omitempty"`
	// Position is where the declaration or rule stands.
	Position string `json:"position"`
	// Lacks is what is lacking.
	Lacks Lack `json:"lacks"`
	// Evidence are the digests of the items it is about, sorted, at most MaxNeededEvidence.
	Evidence []string `json:"evidence"`
}

// because gives the causes of a rule's outcome, of those a verdict may still have.
func (r *run) because(rule policy.RuleResult, outcome policy.Outcome, left int) []Cause {
	if r.over != nil || outcome != policy.Failed && outcome != policy.Errored && outcome != policy.Unknown {
		return nil
	}
	return causes(rule.Explanation[:min(len(rule.Explanation), left)])
}

// causes are those of an explanation, as verdicts write them.
func causes(explanation []policy.Cause) []Cause {
	var list []Cause
	for _, c := range explanation {
		cause := Cause{Expression: c.Expression, Value: c.Value, Position: c.Position, Variable: c.Variable, Element: c.Element, Inputs: []CauseInput{}}
		for _, in := range c.Inputs {
			cause.Inputs = append(cause.Inputs, CauseInput(in))
		}
		list = append(list, cause)
	}
	return list
}

// needed is what the two worlds differ in, where the release would be allowed were everything proven.
func (r *run) needed() []Need {
	if r.over != nil || r.decision() != Indeterminate {
		return nil
	}
	var needs []Need
	for _, j := range r.applies {
		if j.decision == Indeterminate {
			needs = append(needs, r.neededBy(j)...)
		}
	}
	return needs[:min(len(needs), MaxNeeded)]
}

// neededBy is what one policy needs: its declarations in their order, then its deny rules.
func (r *run) neededBy(j *judged) []Need {
	var needs []Need
	unmet := map[string]bool{}
	for i, e := range j.strict.Evidence {
		if e.Met || e.Waived || i >= len(j.generous.Evidence) {
			continue
		}
		need := Need{Policy: j.policy.Name(), Declaration: e.Requirement.Name, Position: e.Requirement.Position}
		if j.generous.Evidence[i].Waived {
			needs = append(needs, need.of(LacksException, nil))
			unmet[e.Requirement.Name] = true
			continue
		}
		about := func(s *signature) bool {
			return e.Requirement.Accepts(s.predicateType()) && s.signer.HasDuty(e.Requirement.Duty)
		}
		list := need.undecided(r, j, slices.DeleteFunc(r.held(j, policy.Generous), func(s *signature) bool { return !about(s) }))
		needs, unmet[e.Requirement.Name] = append(needs, list...), len(list) > 0
	}
	return append(needs, r.neededRules(j, unmet)...)
}

// neededRules are the deny rules that do not pass, but for those whose declaration's need says it.
func (r *run) neededRules(j *judged, unmet map[string]bool) []Need {
	var needs []Need
	for i, rule := range j.strict.Rules {
		outcome := rule.Outcome
		if rule.Severity != policy.Deny || outcome == policy.Passed || outcome == policy.Skipped || outcome == policy.Waived || i >= len(j.generous.Rules) {
			continue
		}
		absent := rule.About != "" && rule.Evidence == ""
		need := Need{Policy: j.policy.Name(), Rule: rule.ID, Position: rule.Position}
		switch {
		case absent && unmet[rule.About]:
		case j.generous.Rules[i].Outcome == policy.Waived:
			needs = append(needs, need.of(LacksException, nil))
		case outcome == policy.Errored:
			needs = append(needs, need.of(LacksError, nil, rule.Evidence))
		case outcome == policy.Unknown:
			needs = append(needs, need.of(LacksOrder, nil, rule.Evidence))
		default:
			var by []*signature
			if rule.ReadsApprovals {
				for _, v := range r.standingVotes(j, policy.Generous) {
					by = append(by, v.by)
				}
			}
			list := need.undecided(r, j, by)
			if len(list) == 0 && rule.OrdersApprovals { // of lists it keeps what is proven
				list = []Need{need.of(LacksOrder, by)}
			} else if len(list) == 0 {
				list = []Need{need.of(LacksEvidence, nil)}
			}
			needs = append(needs, list...)
		}
	}
	return needs
}

// undecided are the needs of a time and of fresh status data that signatures have.
func (n Need) undecided(r *run, j *judged, held []*signature) (needs []Need) {
	var timeless, stale []*signature
	for _, s := range held {
		if s.undecided {
			timeless = append(timeless, s)
		}
		if r.stale(j.policy.Freshness(), s) != "" {
			stale = append(stale, s)
		}
	}
	if len(timeless) > 0 {
		needs = append(needs, n.of(LacksTime, timeless))
	}
	if len(stale) > 0 {
		needs = append(needs, n.of(LacksFreshness, stale))
	}
	return needs
}

// of is the need of one thing that is lacking, about the items of signatures and others.
func (n Need) of(lack Lack, signed []*signature, digests ...string) Need {
	n.Lacks, n.Evidence = lack, []string{}
	for _, s := range signed {
		digests = append(digests, s.item.Digest())
	}
	for _, d := range digests {
		if d != "" {
			n.Evidence = append(n.Evidence, d)
		}
	}
	slices.Sort(n.Evidence)
	n.Evidence = slices.Compact(n.Evidence)
	n.Evidence = n.Evidence[:min(len(n.Evidence), MaxNeededEvidence)]
	return n
}

// filledCauses is a list of causes with empty lists where there were none.
func filledCauses(causes []Cause) []Cause {
	causes = slices.Clone(causes)
	for i := range causes {
		causes[i].Inputs = list(causes[i].Inputs)
	}
	return causes
}
