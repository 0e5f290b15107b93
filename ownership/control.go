package ownership

import (
	"slices"

	"github.com/surety-dev/surety/internal/pattern"
)

// Control is a part of the trust chain that must be owned (design §2). The zero
// Control is none.
type Control uint8

// The controls, upstream first (design §2).
const (
	// PublisherIdentity: who may sign what.
	PublisherIdentity Control = iota + 1
	// CertificateIssuance: who gets a certificate.
	CertificateIssuance
	// KeyLifecycle: how keys are made, kept, rotated and revoked.
	KeyLifecycle
	// ReviewAudit: who looks at changes and at what was done.
	ReviewAudit
	// ReleasePolicy: what a release must show.
	ReleasePolicy
	// Enforcement: where what does not show it is stopped.
	Enforcement
	// Monitoring: who notices when it is not.
	Monitoring
)

var controlNames = []string{"publisher-identity", "certificate-issuance", "key-lifecycle", "review-audit", "release-policy", "enforcement", "monitoring"}

// String gives the control as documents write it, "none" for the zero Control.
func (c Control) String() string {
	if c == 0 || int(c) > len(controlNames) {
		return "none"
	}
	return controlNames[c-1]
}

// ParseControl reads a control as documents write it.
func ParseControl(s string) (Control, bool) {
	i := slices.Index(controlNames, s)
	return Control(i + 1), i >= 0
}

// Upstream gives the controls before c in the chain, first things first: those that
// could have prevented what c is there to notice. Nil for the first and for none.
func (c Control) Upstream() []Control {
	if int(c) > len(controlNames) {
		return nil
	}
	var list []Control
	for u := PublisherIdentity; u < c; u++ {
		list = append(list, u)
	}
	return list
}

// Ownership says who answers for a control over some artifacts (design §3.1). All
// are ids of teams.
type Ownership struct {
	// Accountable is the one team that answers.
	Accountable string
	// Responsible are the teams that do the work, sorted; nil: none named.
	Responsible []string
	// Consulted are the teams asked beforehand, sorted; nil: none named.
	Consulted []string
	// Informed are the teams told afterwards, sorted; nil: none named.
	Informed []string
	// Page is the team to page; empty: none named.
	Page string
	// Runbook says what to do, as the document writes it; empty: none named.
	Runbook string
}

func (o *Ownership) equal(p *Ownership) bool {
	return o.Accountable == p.Accountable && o.Page == p.Page && o.Runbook == p.Runbook &&
		slices.Equal(o.Responsible, p.Responsible) && slices.Equal(o.Consulted, p.Consulted) && slices.Equal(o.Informed, p.Informed)
}

// Control says who owns a control for an artifact, named as patterns see it. "The
// most specific scope (longest literal prefix, then fewest wildcards) names the
// owner" (design §4.7), whatever the order of the document. False: no scope covers
// the artifact, the most specific names nobody accountable, or several are equally
// specific and answer differently.
func (m *Model) Control(c Control, artifact string) (Ownership, bool) {
	if c == 0 || int(c) > len(m.controls) {
		return Ownership{}, false
	}
	var best *Ownership
	var scope pattern.Pattern
	tie := false
	m.controls[c-1].Lookup(artifact, func(p pattern.Pattern, o *Ownership) bool {
		switch order := specificity(p, scope); {
		case best == nil || order > 0:
			best, scope, tie = o, p, false
		case order == 0 && !o.equal(best):
			tie = true
		}
		return true
	})
	if best == nil || tie || best.Accountable == "" {
		return Ownership{}, false
	}
	o := *best
	o.Responsible, o.Consulted, o.Informed = slices.Clone(o.Responsible), slices.Clone(o.Consulted), slices.Clone(o.Informed)
	return o, true
}

// specificity is positive if p is more specific than q, negative if less.
func specificity(p, q pattern.Pattern) int {
	if d := len(p.Prefix()) - len(q.Prefix()); d != 0 {
		return d
	}
	return q.Wildcards() - p.Wildcards()
}
