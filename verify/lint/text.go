package lint

import (
	"bytes"
	"fmt"
	"io"

	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/report"
)

// Text writes a report as plain text: how many findings there are, then each with where it stands, what to
// do and who answers; at the end, in a line each, those that are accepted. The error is the writer's.
func Text(w io.Writer, r Report) error {
	var b, accepted bytes.Buffer
	count, known := map[verify.Severity]int{}, 0
	for _, f := range r.Findings {
		if f.Accepted == nil {
			count[f.Severity]++
			continue
		}
		known++
		fmt.Fprintf(&accepted, "  %s  %s  %s  %s", f.Severity, f.Code, report.Printable(f.Position), report.Printable(f.Subject))
		if !f.Accepted.Until.IsZero() {
			fmt.Fprintf(&accepted, ", until %s", stamp(f.Accepted.Until.Time))
		}
		if f.Accepted.Reason != "" {
			fmt.Fprintf(&accepted, ": %s", report.Printable(f.Accepted.Reason))
		}
		accepted.WriteByte('\n')
	}
	if len(r.Findings) == 0 {
		b.WriteString("nothing found\n")
	} else {
		fmt.Fprintf(&b, "%d deny, %d warn, %d info", count[verify.SeverityDeny], count[verify.SeverityWarn], count[verify.SeverityInfo])
		if known > 0 {
			fmt.Fprintf(&b, ", %d accepted", known)
		}
		b.WriteByte('\n')
	}
	for _, f := range r.Findings {
		if f.Accepted == nil {
			f.text(&b)
		}
	}
	if known > 0 {
		b.WriteString("\naccepted by the baseline\n")
		b.Write(accepted.Bytes())
	}
	_, err := w.Write(b.Bytes())
	return err
}

// text writes a finding.
func (f Finding) text(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n%s  %s  %s\n  %s\n  remedy   %s\n", f.Severity, f.Code, report.Printable(f.Position), report.Printable(f.Message), report.Printable(f.Remedy))
	team := f.Accountable.Team
	if team == "" {
		team = "nobody"
	}
	fmt.Fprintf(b, "  answers  %s for %s", report.Printable(team), f.Control)
	if f.Accountable.Page != "" {
		fmt.Fprintf(b, ", page %s", report.Printable(f.Accountable.Page))
	}
	b.WriteByte('\n')
}
