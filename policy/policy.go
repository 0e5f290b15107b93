package policy

import (
	"slices"
	"time"

	"github.com/surety-dev/surety/internal/pattern"
)

// Policy is one version of one policy, compiled. It is immutable and safe for many goroutines. The
// nil Policy covers nothing.
type Policy struct {
	name           string
	version        int
	effectiveFrom  time.Time
	effectiveUntil time.Time
	previous       string
	digest         string
	enveloped      bool
	artifacts      []pattern.Pattern
	environments   []string
	freshness      time.Duration
	promotion      *Promotion // nil: it asks for none
	params         map[string]any
	position       string // of the metadata
	paramsAt       string
	variableNames  []string // in the order of the document: each sees those before it
	evidence       []Requirement
	rules          []*rule
	variables      [visibilities]map[string]*expression
	languages      [visibilities]*language
}

// Requirement is one evidence declaration: what must be there, signed by whom, for the policy to
// allow.
type Requirement struct {
	// Name is what rules call it.
	Name string
	// PredicateTypes are the statement types that satisfy it, exact.
	PredicateTypes []string
	// Duty is what the signer must be granted.
	Duty string
	// Min is how many distinct holders must stand behind it, one or more.
	Min int
	// Waivable says who may waive its absence; nil: nobody.
	Waivable *Waiver
	// Position is where the declaration stands: "policy.yaml:8:5".
	Position string
}

// Accepts reports whether the declaration asks for the predicate type.
func (r Requirement) Accepts(predicateType string) bool {
	for _, t := range r.PredicateTypes {
		if t == predicateType {
			return true
		}
	}
	return false
}

// CountsPeople reports whether only persons count towards Min (design §3.2).
func (r Requirement) CountsPeople() bool {
	return r.Duty == "approve" || r.Duty == "review" || r.Duty == "except"
}

// Waiver says who may waive a rule or the absence of evidence, and for how long (design §4.12).
type Waiver struct {
	// By is the team whose people may waive.
	By string
	// Quorum is how many of them it takes, one or more.
	Quorum int
	// MaxDuration is how long an exception may last.
	MaxDuration time.Duration
	// MaxUses is how many exceptions there may be in thirty days before a verdict warns; zero: any number.
	MaxUses int
}

// rule is one compiled rule.
type rule struct {
	id         string
	about      string // the evidence declaration it is about; "" for none
	control    string
	severity   Severity
	when       *expression // nil: always
	expression *expression
	message    string
	messageOf  *expression // nil: message
	remedy     string
	frameworks []string
	waivable   *Waiver
	position   string
	approvals  bool        // it reads approvals
	ordered    bool        // and asks for an order in time
	have, need *expression // the sides of its comparison of approvers; nil where it makes none
}

func (r *rule) sees() visibility {
	if r.about == "" {
		return seesStanding
	}
	return seesOne
}

// Name is the policy's name.
func (p *Policy) Name() string { return p.name }

// Version is the policy's version, 1 or more.
func (p *Policy) Version() int { return p.version }

// EffectiveFrom is when the policy begins to apply.
func (p *Policy) EffectiveFrom() time.Time { return p.effectiveFrom }

// EffectiveUntil is when the policy ends; zero: never.
func (p *Policy) EffectiveUntil() time.Time { return p.effectiveUntil }

// Begun reports whether the policy has begun at the time.
func (p *Policy) Begun(at time.Time) bool { return p != nil && !at.Before(p.effectiveFrom) }

// InForce reports whether the policy has begun and has not ended: effectiveFrom is in,
// effectiveUntil is out.
func (p *Policy) InForce(at time.Time) bool {
	return p.Begun(at) && (p.effectiveUntil.IsZero() || at.Before(p.effectiveUntil))
}

// Previous is the digest of the version before this one, as Digest gives it; "" if the document does
// not name it.
func (p *Policy) Previous() string { return p.previous }

// Digest is "sha256:" and the hex digest of the policy's document (design §3.4).
func (p *Policy) Digest() string { return p.digest }

// Enveloped reports whether the document was in an envelope: verify.LoadPolicies has read it, and whether
// enough people signed it is for its verify.Endorsement to say. Without that verify.New does not take it.
func (p *Policy) Enveloped() bool { return p.enveloped }

// CoversArtifact reports whether one of the policy's scopes matches the artifact's scope.
func (p *Policy) CoversArtifact(scope string) bool {
	if p == nil {
		return false
	}
	for _, a := range p.artifacts {
		if a.Match(scope) {
			return true
		}
	}
	return false
}

// Covers reports whether the policy applies to the artifact in the environment. A policy without
// environments applies to all of them.
func (p *Policy) Covers(scope, environment string) bool {
	if !p.CoversArtifact(scope) {
		return false
	}
	for _, e := range p.environments {
		if e == environment {
			return true
		}
	}
	return len(p.environments) == 0
}

// Environments are those the policy is limited to; empty: every environment.
func (p *Policy) Environments() []string { return append([]string(nil), p.environments...) }

// Requirements are the policy's evidence declarations in their order.
func (p *Policy) Requirements() []Requirement { return append([]Requirement(nil), p.evidence...) }

// ReadsApprovals reports whether a rule of the policy, or its promotion, asks for approvals.
func (p *Policy) ReadsApprovals() bool {
	return p != nil && (p.promotion != nil || slices.ContainsFunc(p.rules, func(r *rule) bool { return r.approvals }))
}

// Freshness is how old status data may be; zero: the policy demands none.
func (p *Policy) Freshness() time.Duration { return p.freshness }
