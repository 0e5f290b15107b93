package verify

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
)

// This file is what the verdict finds: every problem with its severity, and what keeps a policy from
// allowing.

// findings turns every problem into a finding, with its severity and who answers.
func (r *run) findings() []Finding {
	var problems []problem
	problems = append(problems, r.stops...)
	if r.over != nil {
		problems = append(problems, *r.over)
	}
	for _, i := range r.items {
		problems = append(problems, i.problems...)
	}
	problems = append(problems, r.voting()...)
	for i := range problems {
		if p := &problems[i]; p.depends != nil {
			p.severity = r.severity(p.depends)
		}
		if p := &problems[i]; p.waives != nil {
			p.severity = r.waiving(p.waives)
		}
	}
	problems = append(problems, r.excepted()...)
	for _, j := range r.applies {
		problems = append(problems, j.problems...)
		problems = append(problems, r.outdatedStatus(j)...)
		problems = append(problems, r.unmet(j)...)
		problems = append(problems, r.failed(j)...)
		problems = append(problems, r.unapproved(j)...)
	}
	return r.attributed(problems)
}

// severity of an item's problem: "info where the requirement is met without the item, else the
// refusal's" (design §4.1).
func (r *run) severity(d *depends) Severity {
	severity := SeverityInfo
	if d.approvals {
		severity = r.approvalSeverity()
	}
	for _, j := range r.applies {
		for i := range j.requirements {
			if d.wants(j, i) {
				severity = min(severity, j.refusal(i))
			}
		}
	}
	return severity
}

// refusal is what declaration i contributes to the decision: nothing where it is met, indeterminate
// where it would be met generously, else deny.
func (j *judged) refusal(i int) Severity {
	switch {
	case len(j.strict.Evidence) > i && (j.strict.Evidence[i].Met || j.strict.Evidence[i].Waived):
		return SeverityInfo
	case j.decision == Indeterminate || len(j.generous.Evidence) > i && j.generous.Evidence[i].Met:
		return SeverityIndeterminate
	}
	return SeverityDeny
}

// short writes a duration without what is zero at its end: 24h, not 24h0m0s.
func short(d time.Duration) string {
	s := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(s, zero) {
			s = s[:len(s)-2]
		}
	}
	return s
}

// unmet reports declarations that are not met, where no rule's failure says why.
func (r *run) unmet(j *judged) []problem {
	var problems []problem
	if r.over != nil {
		return nil
	}
	for i, e := range j.strict.Evidence {
		if e.Met || e.Waived {
			continue
		}
		need := e.Requirement
		if eligible := r.eligible(need); eligible < need.Min {
			problems = append(problems, problem{code: ThresholdUnreachable, severity: j.refusal(i), position: need.Position,
				message: fmt.Sprintf("evidence %s needs %s, and only %d may %s the artifact", need.Name, counted(need), eligible, need.Duty)})
		}
		if len(e.Standing) < len(e.Candidates) {
			continue
		}
		problems = append(problems, problem{
			code: EvidenceMissing, severity: j.refusal(i), position: need.Position,
			message: fmt.Sprintf("policy %s needs evidence %s (%s) from %s who may %s the artifact, and has it from %d",
				j.policy.Name(), need.Name, strings.Join(need.PredicateTypes, " or "), counted(need), need.Duty, e.Have),
			evidence: slices.Compact(slices.Clone(e.Standing)),
		})
	}
	return problems
}

// counted says in words how many of whom a declaration needs.
func counted(need policy.Requirement) string {
	one, many := "one holder", "holders"
	if need.CountsPeople() {
		one, many = "one person", "people"
	}
	if need.Min == 1 {
		return one
	}
	return fmt.Sprintf("%d distinct %s", need.Min, many)
}

// eligible counts who could have met a declaration at the time of evaluation.
func (r *run) eligible(need policy.Requirement) int {
	duty, ok := ownership.ParseDuty(need.Duty)
	if !ok {
		return 0
	}
	return len(r.model.At(r.request.At).Eligible(duty, r.scope, need.PredicateTypes, need.CountsPeople()))
}

// failed reports the rules that did not pass. Where their evidence is absent, evidence-missing says so.
func (r *run) failed(j *judged) []problem {
	var problems []problem
	decides := false
	for i, rule := range j.strict.Rules {
		outcome := j.outcome(i)
		decides = decides || rule.Severity == policy.Deny && outcome != policy.Skipped
		absent := rule.About != "" && rule.Evidence == "" && !j.excused(rule.About)
		if outcome == policy.Passed || outcome == policy.Skipped || outcome == policy.Waived || absent || r.over != nil {
			continue
		}
		p := problem{code: RuleFailed, control: rule.Control, position: rule.Position, remedy: rule.Remedy, frameworks: rule.Frameworks, severity: severityOf(rule.Severity)}
		if rule.Evidence != "" {
			p.evidence = []string{rule.Evidence}
		}
		p.message = fmt.Sprintf("rule %s of policy %s", rule.ID, j.policy.Name())
		switch {
		case outcome == policy.Errored:
			p.code = RuleError
			p.message += " could not be evaluated"
		case outcome == policy.Unknown:
			p.message += " cannot be proven"
		default:
			p.message += " does not hold"
		}
		if rule.Evidence == "" && rule.About != "" && outcome != policy.Errored {
			p.message += fmt.Sprintf(" without evidence %s, whose absence is waived", rule.About)
		}
		if rule.Message != "" {
			p.message += ": " + rule.Message
		}
		if p.severity == SeverityDeny && outcome != policy.Failed {
			p.severity = SeverityIndeterminate
		}
		problems = append(problems, p)
	}
	if !decides {
		problems = append(problems, problem{code: RuleFailed, severity: SeverityDeny, remedy: "give the policy a deny rule that applies here",
			message: "no deny rule of policy " + j.policy.Name() + " applies, so nothing can pass"})
	}
	return problems
}

// excused reports whether the absence of the evidence declared as name is waived.
func (j *judged) excused(name string) bool {
	return slices.ContainsFunc(j.strict.Evidence, func(e policy.EvidenceResult) bool { return e.Requirement.Name == name && e.Waived })
}

func severityOf(s policy.Severity) Severity {
	switch s {
	case policy.Warn:
		return SeverityWarn
	case policy.Info:
		return SeverityInfo
	}
	return SeverityDeny
}
