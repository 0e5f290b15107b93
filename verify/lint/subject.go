package lint

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
)

// This file names what findings are about, in words that stay the same where a document is only moved around in or
// time goes on. With the code they say which finding a baseline means, so they name all that makes it this
// finding and no other: never the first few of many.

// itself is the model.
func (d *documents) itself() string { return "ownership " + d.model.Name() }

// ofEntry is an entry for a control.
func ofEntry(a ownership.Assignment) string {
	return fmt.Sprintf("control %s of %s", a.Control, each(a.Artifacts))
}

// ofTie is two entries for one control.
func ofTie(a, b ownership.Assignment) string {
	one := fmt.Sprintf("of %s by %s", each(a.Artifacts), a.Ownership.Accountable)
	other := fmt.Sprintf("of %s by %s", each(b.Artifacts), b.Ownership.Accountable)
	return fmt.Sprintf("control %s %s, and %s", a.Control, min(one, other), max(one, other))
}

// ofGrant is a grant.
func ofGrant(g ownership.Grant) string {
	return fmt.Sprintf("grant of %s of %s to %s", duties(g), each(g.Artifacts), g.To)
}

// ofRemark is what a remark is about.
func ofRemark(p *policy.Policy, m policy.Remark) string {
	parts := []string{"policy " + p.Name()}
	if m.Rule != "" {
		parts = append(parts, "rule "+m.Rule)
	}
	if m.Variable != "" {
		parts = append(parts, "variable "+m.Variable)
	}
	if m.Name != "" {
		parts = append(parts, m.Name)
	}
	subject := strings.Join(parts, ", ")
	if m.Expression != "" {
		subject += ": " + m.Expression
	}
	return subject
}

// each names them all, in an order of its own; so many that nobody would read them by what they hash to.
func each(names []string) string {
	const longest = 1000
	sorted := slices.Sorted(slices.Values(names))
	all := strings.Join(sorted, ", ")
	if len(all) <= longest {
		return all
	}
	return fmt.Sprintf("%s, sha256:%x", list(sorted), sha256.Sum256([]byte(all)))
}
