package verify

import (
	"cmp"
	"slices"

	"github.com/surety-dev/surety/internal/place"
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
		Tier:        r.tier,
		EvaluatedAt: Time{r.request.At},
		AtChosen:    r.request.AtChosen,
		Drill:       r.request.Drill,
		Rollback:    r.request.Rollback, RollbackOwners: r.rollbackOwners,
		Rules:      r.rules(),
		Signers:    r.signers(),
		Approvals:  r.approved(),
		Exceptions: r.exceptionsUsed(),
		Layouts:    r.layouts,
		Inputs:     r.inputs,
	}
	r.stops = append(r.stops, r.drift(v.Signers)...)
	v.Findings = r.findings()
	v.Revocations = r.revocations()
	v.Needed = r.needed()
	r.signatories(&v.Inputs)
	v.Inputs.Accepted, v.Inputs.Evidence = r.acceptedDigest, r.evidence()
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
	left := MaxCauses
	for _, j := range r.applies {
		from := len(out)
		for i, rule := range j.strict.Rules {
			outcome := j.outcome(i)
			causes := r.because(rule, outcome, left)
			left -= len(causes)
			out = append(out, RuleOutcome{Policy: j.policy.Name(), ID: rule.ID, Outcome: outcome, Severity: severityOf(rule.Severity), Position: rule.Position, Because: causes})
		}
		slices.SortStableFunc(out[from:], func(x, y RuleOutcome) int { return place.Compare(x.Position, y.Position) })
	}
	return out
}

// outcome is what became of rule i. What fails strictly and passes generously, where what is unproven or
// in error passes too, is not known to fail; what does not fail strictly and fails generously refuses all
// the same, for undecided evidence speaks against it.
func (j *judged) outcome(i int) policy.Outcome {
	strict := j.strict.Rules[i].Outcome
	if len(j.generous.Rules) <= i {
		return strict
	}
	generous := j.generous.Rules[i].Outcome
	switch {
	case strict == policy.Failed && generous != policy.Failed:
		return policy.Unknown
	case generous == policy.Failed && j.decision == Deny && j.strict.Rules[i].Severity == policy.Deny:
		return policy.Failed
	}
	return strict
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
	origins := origins(held)
	for _, s := range first(held) {
		of := origins[s.once()]
		out = append(out, Signer{
			Evidence: s.item.Digest(), Credential: s.signer.Credential, Holder: s.signer.Holder, Person: s.signer.Person, Owner: s.signer.Owner,
			Identity:       SignerIdentity{Key: s.signer.Identity.Key, Issuer: s.signer.Identity.Issuer, Subject: s.signer.Identity.Subject, Authority: s.proof.Identity.Authority},
			Duties:         s.signer.Duties,
			PredicateTypes: of.types, Builder: of.builder, Workflow: workflowClaims(s.proof)["buildConfigURI"],
			SignedAt: signedAt(s),
		})
	}
	slices.SortFunc(out, func(x, y Signer) int {
		return cmp.Or(cmp.Compare(x.Evidence, y.Evidence), cmp.Compare(x.Credential, y.Credential))
	})
	return out
}

// signedAt is when a signature was made, and who says so.
func signedAt(s *signature) SignedAt {
	at := s.signer.SignedAt
	return SignedAt{NotBefore: Time{at.NotBefore}, NotAfter: Time{at.NotAfter}, Source: string(at.Source), Authority: s.timedBy}
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
	if !i.wanted && len(i.problems) == 0 {
		return Unused
	}
	if !i.wanted {
		return Discarded
	}
	if r.over != nil { // not examined
		return Undecided
	}
	status := r.became(i)
	if status == Counted {
		return status
	}
	for _, j := range r.applies {
		for _, s := range i.signatures {
			switch {
			case !r.counts(j, s) || r.leftOut(s.behind):
			case !r.decided(j, s):
				if status == Discarded {
					status = Undecided
				}
			default:
				status = Counted
			}
		}
		for _, v := range i.votes {
			switch {
			case !j.policy.ReadsApprovals() || !r.tied(v) || !v.against && (r.dismissal(v) != nil || r.leftOut(r.behindVote(v))):
			case r.decided(j, v.by) || v.against:
				status = Counted
			case status == Discarded:
				status = Undecided
			}
		}
	}
	if status == Discarded && i.chained {
		return Counted
	}
	return status
}

// marks are the four parts of the decision (design §3.4).
func (r *run) marks(findings []Finding) Marks {
	var m [marks]Standing
	counted := slices.ContainsFunc(r.items, func(i *item) bool { return i.list == nil && r.status(i) == Counted })
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
