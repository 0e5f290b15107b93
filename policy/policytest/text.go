package policytest

import (
	"fmt"
	"io"
	"strings"

	"github.com/surety-dev/surety/verify"
)

// Text writes what became of a case for people: one line, and of what failed the difference and the findings.
func (r Result) Text(w io.Writer) error {
	var b strings.Builder
	if r.Passed() {
		fmt.Fprintf(&b, "ok    %s  %s\n", r.File, r.Story)
	} else {
		fmt.Fprintf(&b, "FAIL  %s  %s\n", r.File, r.Story)
	}
	if err := r.Err(); err != nil {
		for _, line := range strings.Split(err.Error(), "\n") {
			fmt.Fprintf(&b, "      %s\n", line)
		}
	}
	for _, t := range r.Trials {
		if t.Err != nil || t.Passed() {
			continue
		}
		fmt.Fprintf(&b, "      %s\n", t.title())
		for _, d := range t.Differences {
			fmt.Fprintf(&b, "        %s\n", d)
		}
		t.findings(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// title says which trial it is, and where.
func (t Trial) title() string {
	if t.Name == "" {
		return t.Position + ": as it stands"
	}
	return t.Position + ": " + t.Name
}

// findings writes what the verdict found.
func (t Trial) findings(b *strings.Builder) {
	for _, f := range t.Verdict.Findings {
		fmt.Fprintf(b, "        found %s %s: %s", f.Severity, f.Code, f.Message)
		if f.Position != "" {
			fmt.Fprintf(b, " (%s)", f.Position)
		}
		if f.Accountable.Team != "" && f.Severity <= verify.SeverityIndeterminate {
			fmt.Fprintf(b, "; %s answers", f.Accountable.Team)
		}
		b.WriteString("\n")
	}
}
