package lint

import (
	"fmt"
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
	return fmt.Sprintf("control %s of %s", a.Control, strings.Join(a.Artifacts, ", "))
}

// ofTie is two entries for one control.
func ofTie(a, b ownership.Assignment) string {
	return fmt.Sprintf("control %s of %s by %s, and of %s by %s", a.Control,
		strings.Join(a.Artifacts, ", "), a.Ownership.Accountable, strings.Join(b.Artifacts, ", "), b.Ownership.Accountable)
}

// ofGrant is a grant.
func ofGrant(g ownership.Grant) string {
	return fmt.Sprintf("grant of %s of %s to %s", duties(g), strings.Join(g.Artifacts, ", "), g.To)
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
