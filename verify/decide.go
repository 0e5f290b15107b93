package verify

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
)

// This file is the fourth step: the verdict.

// decide gathers what was found out into a verdict.
func (r *run) decide() Verdict {
	v := Verdict{
		APIVersion: APIVersion, Kind: Kind,
		Decision:    r.decision(),
		Artifact:    ArtifactRef{Name: r.request.Artifact.Name(), Digests: r.request.Artifact.Digests()},
		Environment: r.request.Environment,
		EvaluatedAt: Time{r.request.At},
		AtChosen:    r.request.AtChosen,
		Rules:       r.rules(),
		Signers:     r.signers(),
		Inputs:      r.inputs,
	}
	v.Findings = r.findings()
	v.Inputs.Evidence = r.evidence()
	v.Marks = r.marks(v.Findings)
	return v.filled()
}

// decision is the worst over the policies that apply (design §4.1). Without any it is deny.
func (r *run) decision() Decision {
	if r.refused || len(r.applies) == 0 {
		return Deny
	}
	worst := r.applies[0].decision
	for _, j := range r.applies[1:] {
		worst = min(worst, j.decision)
	}
	return worst
}

// rules lists what became of each rule, by policy and position.
func (r *run) rules() []RuleOutcome {
	var out []RuleOutcome
	for _, j := range r.applies {
		from := len(out)
		for i, rule := range j.strict.Rules {
			out = append(out, RuleOutcome{Policy: j.policy.Name(), ID: rule.ID, Outcome: j.outcome(i), Severity: severityOf(rule.Severity), Position: rule.Position})
		}
		slices.SortStableFunc(out[from:], func(x, y RuleOutcome) int { return comparePositions(x.Position, y.Position) })
	}
	return out
}

// outcome is what became of rule i. What fails strictly and passes generously, where what is unproven or
// in error passes too, is not known to fail; what passes strictly and fails generously refuses all the
// same, for undecided evidence speaks against it.
func (j *judged) outcome(i int) policy.Outcome {
	strict := j.strict.Rules[i].Outcome
	if len(j.generous.Rules) <= i {
		return strict
	}
	generous := j.generous.Rules[i].Outcome
	switch {
	case strict == policy.Failed && generous != policy.Failed:
		return policy.Unknown
	case strict == policy.Passed && generous == policy.Failed && j.decision == Deny:
		return policy.Failed
	}
	return strict
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

// comparePositions orders "file:line:col" by file, then by number.
func comparePositions(x, y string) int {
	xf, xl, xc := splitPosition(x)
	yf, yl, yc := splitPosition(y)
	return cmp.Or(cmp.Compare(xf, yf), cmp.Compare(xl, yl), cmp.Compare(xc, yc))
}

func splitPosition(p string) (file string, line, col int) {
	rest, c, _ := cutLast(p)
	file, l, _ := cutLast(rest)
	col, _ = strconv.Atoi(c)
	line, _ = strconv.Atoi(l)
	return file, line, col
}

func cutLast(s string) (before, after string, found bool) {
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// findings turns every problem into a finding, with its severity and who answers.
func (r *run) findings() []Finding {
	var problems []problem
	problems = append(problems, r.stops...)
	if r.over != nil {
		problems = append(problems, *r.over)
	}
	for _, i := range r.items {
		for _, p := range i.problems {
			p.severity = r.severity(p.depends)
			problems = append(problems, p)
		}
	}
	for _, j := range r.applies {
		problems = append(problems, j.problems...)
		problems = append(problems, r.stale(j)...)
		problems = append(problems, r.unmet(j)...)
		problems = append(problems, r.failed(j)...)
	}
	return r.attributed(problems)
}

// severity of an item's problem: "info where the requirement is met without the item, else the
// refusal's" (design §4.1).
func (r *run) severity(d *depends) Severity {
	severity := SeverityInfo
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
	case len(j.strict.Evidence) > i && j.strict.Evidence[i].Met:
		return SeverityInfo
	case j.decision == Indeterminate || len(j.generous.Evidence) > i && j.generous.Evidence[i].Met:
		return SeverityIndeterminate
	}
	return SeverityDeny
}

// stale reports, where a policy demands fresh status data, each credential it has none for.
func (r *run) stale(j *judged) []problem {
	var problems []problem
	if j.policy.Freshness() == 0 || r.over != nil {
		return nil
	}
	for _, s := range r.held(j, policy.Generous) {
		problems = append(problems, problem{
			code: RevocationStale, evidence: []string{s.item.Digest()}, credential: s.signer.Credential,
			message:  fmt.Sprintf("policy %s demands status data no older than %s, and there is none for credential %s", j.policy.Name(), short(j.policy.Freshness()), s.signer.Credential),
			severity: r.severity(&depends{policy: j.policy.Name(), predicateType: s.item.Statement().PredicateType}),
		})
	}
	return problems
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
		if e.Met {
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
			evidence: e.Standing,
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
		absent := rule.About != "" && rule.Evidence == ""
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

// signers lists the signatures that counted, each credential once an attestation.
func (r *run) signers() []Signer {
	var held []*signature
	for _, j := range r.applies {
		for _, s := range j.counted {
			if !slices.Contains(held, s) && r.counts(j, s) {
				held = append(held, s)
			}
		}
	}
	var out []Signer
	for _, s := range united(held) {
		at := s.signer.SignedAt
		out = append(out, Signer{
			Evidence: s.item.Digest(), Credential: s.signer.Credential, Holder: s.signer.Holder, Person: s.signer.Person, Owner: s.signer.Owner,
			Identity: SignerIdentity{Key: s.signer.Identity.Key, Issuer: s.signer.Identity.Issuer, Subject: s.signer.Identity.Subject},
			Duties:   s.signer.Duties,
			SignedAt: SignedAt{NotBefore: Time{at.NotBefore}, NotAfter: Time{at.NotAfter}, Source: string(at.Source)},
		})
	}
	slices.SortFunc(out, func(x, y Signer) int {
		return cmp.Or(cmp.Compare(x.Evidence, y.Evidence), cmp.Compare(x.Credential, y.Credential))
	})
	return out
}

// evidence lists what became of each item: the best it did for any policy.
func (r *run) evidence() []EvidenceInput {
	out := make([]EvidenceInput, 0, len(r.items))
	for _, i := range r.items {
		out = append(out, EvidenceInput{Digest: i.Digest(), Format: string(i.Format()), Sources: i.Sources(), Status: r.status(i)})
	}
	return out
}

func (r *run) status(i *item) Status {
	if i.Err() != nil {
		return Discarded
	}
	if !i.wanted {
		return Unused
	}
	if r.over != nil { // not examined
		return Undecided
	}
	status := Discarded
	for _, j := range r.applies {
		for _, s := range i.signatures {
			switch {
			case !r.counts(j, s):
			case s.undecided || j.policy.Freshness() > 0:
				if status == Discarded {
					status = Undecided
				}
			default:
				status = Counted
			}
		}
	}
	return status
}

// marks are the four parts of the decision (design §3.4).
func (r *run) marks(findings []Finding) Marks {
	var m [marks]Standing
	counted := slices.ContainsFunc(r.items, func(i *item) bool { return r.status(i) == Counted })
	for k := range m {
		if counted {
			m[k] = Pass
		}
	}
	for _, f := range findings {
		switch f.Severity {
		case SeverityDeny:
			m[f.Mark] = Fail
		case SeverityIndeterminate:
			if m[f.Mark] != Fail {
				m[f.Mark] = Unknown
			}
		}
	}
	return Marks{Identity: m[MarkIdentity], Artifact: m[MarkArtifact], Policy: m[MarkPolicy], Time: m[MarkTime]}
}
