package report

import (
	"fmt"
	"strings"

	"github.com/surety-dev/surety/verify"
)

// chains says of each supply chain which steps passed and who did them. Of layouts that might stand in for
// links the verdict's JSON tells.
func (p *page) chains() {
	for _, l := range p.verdict.Layouts {
		if l.Within != "" {
			continue
		}
		p.title("Supply chain " + p.source(l.Evidence))
		fmt.Fprintf(p, "  approved by %s, expires %s\n", Printable(strings.Join(l.ApprovedBy, ", ")), stamp(l.Expires))
		var rows [][]string
		for _, s := range l.Steps {
			rows = append(rows, []string{passed(s.Passed), Printable(s.Name), doneBy(s)})
		}
		p.columns(rows)
		if len(l.Inspections) > 0 {
			fmt.Fprintf(p, "  inspections, not run: %s\n", Printable(strings.Join(l.Inspections, ", ")))
		}
	}
}

func passed(ok bool) string {
	if ok {
		return "passed"
	}
	return "not passed"
}

// doneBy says who did a step, of how many it takes.
func doneBy(s verify.StepOutcome) string {
	who := "nobody whose account can be used"
	if len(s.Holders) > 0 {
		who = "by " + strings.Join(s.Holders, ", ")
	}
	if s.Threshold > 1 {
		who += fmt.Sprintf(" (it takes %d)", s.Threshold)
	}
	return Printable(who)
}
