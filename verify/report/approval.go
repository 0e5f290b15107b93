package report

import (
	"strings"

	"github.com/surety-dev/surety/verify"
)

// approvals says who approved what, when, and who says so.
func (p *page) approvals() {
	if len(p.verdict.Approvals) == 0 {
		return
	}
	p.title("Approved by")
	var rows [][]string
	for _, a := range p.verdict.Approvals {
		who, of := a.Person, ""
		if who == "" {
			who = "nobody by name: what was enforced is said"
		}
		if len(a.Teams) > 0 {
			of = "of " + strings.Join(a.Teams, ", ")
		}
		if a.Kind == "witness" {
			of = strings.TrimPrefix(of+", as a witness reports", ", ")
		}
		rows = append(rows, []string{Printable(who), Printable(of), approvedWhat(a), when(a.SignedAt), p.source(a.Evidence)})
	}
	p.columns(rows)
}

// approvedWhat says what an approval is bound to, and until when it is one.
func approvedWhat(a verify.Approval) string {
	what := "this artifact, by its digest"
	if a.Via == "source" {
		what = "the commit it was built from, as the provenance says"
	}
	if !a.Expires.IsZero() {
		what += ", until " + stamp(a.Expires)
	}
	return what
}
