package report

import (
	"cmp"
	"fmt"
	"strings"
)

// exceptions says what was waived, until when and why, who granted it and who asked, and who has to review it.
func (p *page) exceptions() {
	for i, e := range p.verdict.Exceptions {
		if i == 0 {
			p.title("Admitted by exception")
		}
		reason := e.Reason
		if e.Incident != "" {
			reason += " (" + e.Incident + ")"
		}
		fmt.Fprintf(p, "  %s waived from %s until %s\n", Printable(strings.Join(e.Rules, ", ")), stamp(e.ValidFrom), stamp(e.ValidUntil))
		for _, line := range [][2]string{
			{"because", reason},
			{"granted", "by " + strings.Join(e.ApprovedBy, ", ") + ", asked for by " + cmp.Or(e.RequestedBy, "nobody")},
			{"review", "due by " + stamp(e.ReviewDue) + ", by team " + cmp.Or(e.ReviewOwner, "nobody")},
			{"evidence", p.source(e.Evidence)},
		} {
			fmt.Fprintf(p, "      %-8s  %s\n", line[0], Printable(line[1]))
		}
	}
}
