package ownership

import (
	"slices"

	"github.com/surety-dev/surety/internal/document"
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

// owner is an Ownership and where it stands.
type owner struct {
	Ownership
	control   Control
	artifacts []pattern.Pattern
	at        document.Place
}

// sameOwner reports whether two entries answer alike: the same team, paged alike.
func (o *owner) sameOwner(p *owner) bool { return o.Accountable == p.Accountable && o.Page == p.Page }

// with is an entry with what another of the same owner adds.
func (o *owner) with(p *owner) *owner {
	both := *o
	both.Responsible, both.Consulted, both.Informed = union(o.Responsible, p.Responsible), union(o.Consulted, p.Consulted), union(o.Informed, p.Informed)
	if o.Runbook == "" || p.Runbook != "" && p.Runbook < o.Runbook {
		both.Runbook = p.Runbook
	}
	return &both
}

// union is both lists, sorted, each member once; nil if both are empty.
func union(x, y []string) []string {
	both := slices.Concat(x, y)
	slices.Sort(both)
	return slices.Compact(both)
}

// Control says who owns a control for an artifact, named as patterns see it. "The
// most specific scope (longest literal prefix, then fewest wildcards) names the
// owner" (design §4.7), whatever the order of the document. False: no scope covers
// the artifact, the most specific names nobody accountable, or several are equally
// specific and name different teams, or have different ones paged. Equally specific
// ones of one team add up.
func (m *Model) Control(c Control, artifact string) (Ownership, bool) {
	named := m.named(c, artifact)
	if len(named) != 1 || named[0].Accountable == "" {
		return Ownership{}, false
	}
	o := named[0].Ownership
	o.Responsible, o.Consulted, o.Informed = slices.Clone(o.Responsible), slices.Clone(o.Consulted), slices.Clone(o.Informed)
	return o, true
}

// named gives what the most specific scopes that cover an artifact say of a control: nothing, one
// answer, or the different answers that tie, the first of each.
func (m *Model) named(c Control, artifact string) []*owner {
	if c == 0 || int(c) > len(m.controls) {
		return nil
	}
	var best []*owner
	var scope pattern.Pattern
	m.controls[c-1].Lookup(artifact, func(p pattern.Pattern, o *owner) bool {
		same := slices.IndexFunc(best, o.sameOwner)
		switch order := specificity(p, scope); {
		case best == nil || order > 0:
			best, scope = append(best[:0], o), p
		case order == 0 && same >= 0:
			best[same] = best[same].with(o)
		case order == 0:
			best = append(best, o)
		}
		return true
	})
	return best
}

// specificity is positive if p is more specific than q, negative if less.
func specificity(p, q pattern.Pattern) int {
	if d := len(p.Prefix()) - len(q.Prefix()); d != 0 {
		return d
	}
	return q.Wildcards() - p.Wildcards()
}
