package ownership

import (
	"cmp"
	"maps"
	"slices"
	"time"

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
	// Activities say which team does which of the control's activities (requirement
	// R7); nil: the responsible teams do all of them.
	Activities map[Activity]string
	// AcceptedBy are the teams that have accepted that this owner answers for their
	// artifacts too (requirement R12), by team; nil: none.
	AcceptedBy []Acceptance
	// ReviewedAt is when the entry was last reviewed; zero: not given.
	ReviewedAt time.Time
	// ReviewEvery is how often it is to be; zero: not given.
	ReviewEvery time.Duration
	// Quorum is how many people of the accountable team must sign a change of what
	// the control governs; zero: not given, more than half of its members.
	Quorum int
}

// Acceptance says that a team has accepted an owner it did not name itself.
type Acceptance struct {
	// Team is the team that accepted.
	Team string
	// At is when; zero: not given.
	At time.Time
}

// owner is an Ownership and where it stands.
type owner struct {
	Ownership
	control   Control
	artifacts []pattern.Pattern
	interval  Interval
	sources   []string
	at        document.Place
	also      []document.Place // of those of the same owner that with has added
}

// sameOwner reports whether two entries answer alike: the same team, paged alike.
func (o *owner) sameOwner(p *owner) bool {
	return o.Accountable == p.Accountable && o.pages() == p.pages()
}

// pages is the team that is paged: the accountable one where the entry names none.
func (o *owner) pages() string { return cmp.Or(o.Page, o.Accountable) }

// with is an entry with what another of the same owner adds.
func (o *owner) with(p *owner) *owner {
	both := *o
	both.also = append(slices.Clone(o.also), p.at)
	both.Page = cmp.Or(o.Page, p.Page)
	both.Responsible, both.Consulted, both.Informed = union(o.Responsible, p.Responsible), union(o.Consulted, p.Consulted), union(o.Informed, p.Informed)
	both.Runbook = least(o.Runbook, p.Runbook)
	both.Activities = maps.Clone(o.Activities)
	for activity, team := range p.Activities {
		if both.Activities == nil {
			both.Activities = map[Activity]string{}
		}
		both.Activities[activity] = least(both.Activities[activity], team)
	}
	both.AcceptedBy = slices.Concat(o.AcceptedBy, p.AcceptedBy)
	slices.SortFunc(both.AcceptedBy, compareAcceptances)
	both.AcceptedBy = slices.Compact(both.AcceptedBy)
	if o.ReviewedAt.IsZero() || !p.ReviewedAt.IsZero() && p.ReviewedAt.Before(o.ReviewedAt) {
		both.ReviewedAt = p.ReviewedAt
	}
	both.ReviewEvery, both.Quorum = least(o.ReviewEvery, p.ReviewEvery), max(o.Quorum, p.Quorum)
	return &both
}

// least is the lesser of two values, the zero value being none.
func least[T cmp.Ordered](x, y T) T {
	var none T
	if x == none || y != none && y < x {
		return y
	}
	return x
}

func compareAcceptances(x, y Acceptance) int {
	return cmp.Or(cmp.Compare(x.Team, y.Team), x.At.Compare(y.At))
}

// union is both lists, sorted, each member once; nil if both are empty.
func union(x, y []string) []string {
	both := slices.Concat(x, y)
	slices.Sort(both)
	return slices.Compact(both)
}

// Control says who owns a control at the view's time for an artifact, named as patterns
// see it. "The most specific scope (longest literal prefix, then fewest wildcards) names the
// owner" (design §4.7), whatever the order of the document. False: no scope covers
// the artifact, the most specific names nobody accountable, or several are equally
// specific and name different teams, or have different ones paged. Equally specific
// ones of one team add up. An entry that does not hold at the time is as if it were not
// there.
func (v View) Control(c Control, artifact string) (Ownership, bool) {
	return mostSpecific{owners: v.named(c, artifact)}.one()
}

// clone is a copy that shares nothing.
func (o Ownership) clone() Ownership {
	o.Responsible, o.Consulted, o.Informed = slices.Clone(o.Responsible), slices.Clone(o.Consulted), slices.Clone(o.Informed)
	o.Activities, o.AcceptedBy = maps.Clone(o.Activities), slices.Clone(o.AcceptedBy)
	return o
}

// named gives what the most specific scopes that cover an artifact say of a control: nothing, one
// answer, or the different answers that tie, the first of each.
func (v View) named(c Control, artifact string) []*owner {
	if c == 0 || int(c) > len(v.model.controls) {
		return nil
	}
	var m mostSpecific
	v.model.controls[c-1].Lookup(artifact, func(p pattern.Pattern, o *owner) bool {
		if o.interval.Contains(v.t) {
			m.add(p, o)
		}
		return true
	})
	return m.owners
}

// mostSpecific are the different answers of the most specific scopes met, the first of each.
type mostSpecific struct {
	owners []*owner
	scope  pattern.Pattern
}

// one is the answer, if there is one and it names a team.
func (m mostSpecific) one() (Ownership, bool) {
	if len(m.owners) != 1 || m.owners[0].Accountable == "" {
		return Ownership{}, false
	}
	return m.owners[0].clone(), true
}

func (m *mostSpecific) add(p pattern.Pattern, o *owner) {
	same := slices.IndexFunc(m.owners, o.sameOwner)
	switch order := specificity(p, m.scope); {
	case m.owners == nil || order > 0:
		m.owners, m.scope = append(m.owners[:0], o), p
	case order == 0 && same >= 0:
		m.owners[same] = m.owners[same].with(o)
	case order == 0:
		m.owners = append(m.owners, o)
	}
}

// specificity is positive if p is more specific than q, negative if less.
func specificity(p, q pattern.Pattern) int {
	if d := len(p.Prefix()) - len(q.Prefix()); d != 0 {
		return d
	}
	return q.Wildcards() - p.Wildcards()
}
