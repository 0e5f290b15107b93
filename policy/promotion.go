package policy

import (
	"slices"

	"github.com/surety-dev/surety/internal/document"
)

// Promotion says what a release into an environment of the policy needs beside the rest: approvals that let it go
// on from another environment (requirement R55).
type Promotion struct {
	// From are the environments it may come from, one or more, none of them the policy's.
	From []string
	// By is the team whose people promote; "": that accountable for release-policy of the artifact.
	By string
	// Quorum is how many of them it takes, one or more.
	Quorum int
	// Position is where it stands: "policy.yaml:8:1".
	Position string
}

// Promotion gives what a promotion needs; false: the policy asks for none.
func (p *Policy) Promotion() (Promotion, bool) {
	if p == nil || p.promotion == nil {
		return Promotion{}, false
	}
	promotion := *p.promotion
	promotion.From = slices.Clone(promotion.From)
	return promotion, true
}

// readPromotion reads the promotion of one part; only one part has one.
func (l *loader) readPromotion(n *document.Node) {
	if n == nil {
		return
	}
	l.unique("section", n, "promotion")
	o := n.Object("from", "by", "quorum")
	l.policy.promotion = &Promotion{From: o.Require("from").Strings(), Quorum: 1, Position: n.Position()}
	if by := o.Get("by"); by != nil {
		l.policy.promotion.By = by.String()
	}
	if q := o.Get("quorum"); q != nil {
		l.policy.promotion.Quorum = q.IntMin(1)
	}
	l.promotion = n
}

// resolvePromotion holds the promotion against the environments: nothing is promoted to where it is.
func (l *loader) resolvePromotion() {
	if l.promotion == nil {
		return
	}
	if len(l.policy.environments) == 0 {
		l.promotion.Errorf("a promotion in a policy of every environment: expected environments, which it is promoted to")
		return
	}
	for _, from := range l.policy.promotion.From {
		if slices.Contains(l.policy.environments, from) {
			l.promotion.Errorf("a promotion from %q, an environment of the policy: expected others than it is promoted to", from)
		}
	}
}
