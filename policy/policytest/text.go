package policytest

import (
	"fmt"
	"io"
	"slices"
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
		fmt.Fprintf(&b, "      %s: %s\n", t.Position, orElse(t.Name, "as it stands"))
		for _, line := range t.Explain() {
			fmt.Fprintf(&b, "        %s\n", line)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Explain says, a line each, what is not as wanted, and what the verdict found.
func (t Trial) Explain() []string {
	if t.Err != nil {
		return strings.Split(t.Err.Error(), "\n")
	}
	lines := slices.Clone(t.Differences)
	for _, f := range t.Verdict.Findings {
		line := fmt.Sprintf("found %s %s: %s", f.Severity, f.Code, f.Message)
		if f.Position != "" {
			line += " (" + f.Position + ")"
		}
		if f.Accountable.Team != "" && f.Severity <= verify.SeverityIndeterminate {
			line += "; " + f.Accountable.Team + " answers"
		}
		lines = append(lines, line)
	}
	return lines
}
