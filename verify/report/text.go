// Package report writes verdicts for people.
//
// It adds nothing to a verdict and decides nothing: what it leaves out is in the verdict's JSON.
package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/surety-dev/surety/verify"
)

// Text writes a verdict as plain text: the answer, the four marks, who signed and when, what is wrong
// and who answers for it. The error is the writer's.
func Text(w io.Writer, v verify.Verdict) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s  %s\n", strings.ToUpper(v.Decision.String()), v.Artifact.Name)
	if v.Environment != "" {
		fmt.Fprintf(&b, "environment  %s\n", v.Environment)
	}
	at := stamp(v.EvaluatedAt)
	if v.AtChosen {
		at += " (chosen by the caller)"
	}
	fmt.Fprintf(&b, "evaluated    %s\n", at)
	fmt.Fprintf(&b, "marks        identity %s, artifact %s, policy %s, time %s\n", v.Marks.Identity, v.Marks.Artifact, v.Marks.Policy, v.Marks.Time)
	for _, s := range v.Signers {
		signer(&b, s)
	}
	for _, r := range v.Rules {
		fmt.Fprintf(&b, "rule         %s %s: %s (%s)\n", r.Policy, r.ID, r.Outcome, r.Position)
	}
	for _, f := range v.Findings {
		finding(&b, f)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// signer writes one line of who signed, and when as far as it is known.
func signer(b *bytes.Buffer, s verify.Signer) {
	who := s.Holder
	if who == "" {
		who = "several holders"
	}
	when := "by " + stamp(s.SignedAt.NotAfter)
	if s.SignedAt.Source != "" {
		when += " (" + s.SignedAt.Source + ")"
	} else {
		when += " (no trusted time)"
	}
	fmt.Fprintf(b, "signed       %s with %s, %s, owned by %s\n", who, s.Credential, when, orNobody(s.Owner))
}

// finding writes what is wrong, where, what to do, and who answers.
func finding(b *bytes.Buffer, f verify.Finding) {
	fmt.Fprintf(b, "\n%s  %s\n  %s\n", f.Severity, f.Code, printable(f.Message))
	if f.Position != "" {
		fmt.Fprintf(b, "  at        %s\n", f.Position)
	}
	for _, e := range f.Evidence {
		fmt.Fprintf(b, "  evidence  %s\n", e)
	}
	if f.Remedy != "" {
		fmt.Fprintf(b, "  remedy    %s\n", printable(f.Remedy))
	}
	fmt.Fprintf(b, "  answers   %s for %s", orNobody(f.Accountable.Team), f.Control)
	if f.Accountable.Page != "" {
		fmt.Fprintf(b, ", page %s", f.Accountable.Page)
	}
	if len(f.Accountable.Escalation) > 0 {
		fmt.Fprintf(b, ", then %s", strings.Join(f.Accountable.Escalation, ", "))
	}
	b.WriteByte('\n')
	for _, up := range f.AlsoAnswer {
		fmt.Fprintf(b, "  also      %s for %s\n", orNobody(up.Team), up.Control)
	}
}

func orNobody(team string) string {
	if team == "" {
		return "nobody"
	}
	return team
}

func stamp(t verify.Time) string {
	text, err := t.MarshalText()
	if err != nil || len(text) == 0 {
		return "an unknown time"
	}
	return string(text)
}

// printable keeps evidence from writing to the terminal: control characters are shown, not sent.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '\uFFFD'
		}
		return r
	}, s)
}
