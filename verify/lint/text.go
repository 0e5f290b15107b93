package lint

import (
	"bytes"
	"fmt"
	"io"

	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/report"
)

// Text writes a report as plain text: how many findings there are, then each with where it stands, what to
// do and who answers. The error is the writer's.
func Text(w io.Writer, r Report) error {
	var b bytes.Buffer
	count := map[verify.Severity]int{}
	for _, f := range r.Findings {
		count[f.Severity]++
	}
	if len(r.Findings) == 0 {
		b.WriteString("nothing found\n")
	} else {
		fmt.Fprintf(&b, "%d deny, %d warn, %d info\n", count[verify.SeverityDeny], count[verify.SeverityWarn], count[verify.SeverityInfo])
	}
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "\n%s  %s  %s\n  %s\n  remedy   %s\n", f.Severity, f.Code, report.Printable(f.Position), report.Printable(f.Message), report.Printable(f.Remedy))
		team := f.Accountable.Team
		if team == "" {
			team = "nobody"
		}
		fmt.Fprintf(&b, "  answers  %s for %s", report.Printable(team), f.Control)
		if f.Accountable.Page != "" {
			fmt.Fprintf(&b, ", page %s", report.Printable(f.Accountable.Page))
		}
		b.WriteByte('\n')
	}
	_, err := w.Write(b.Bytes())
	return err
}
