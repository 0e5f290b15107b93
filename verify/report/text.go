// Package report writes verdicts for people.
//
// It adds nothing to a verdict and decides nothing: what it leaves out is in the verdict's JSON. Text
// that comes from evidence is written with its control characters replaced, so that evidence cannot
// write to a terminal.
package report

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

// Text writes a verdict as plain text on about one screen: the answer, the four marks, who signed and
// how it is known when, who approved, what was waived by whom and until when, which revocation lists were
// used, what is wrong with position and remedy, what is still needed, and who answers and whom to page.
// The error is the writer's.
func Text(w io.Writer, v verify.Verdict) error { return write(w, v, false) }

// Colour is Text with the answer, the marks and the codes in colour, for terminals.
func Colour(w io.Writer, v verify.Verdict) error { return write(w, v, true) }

func write(w io.Writer, v verify.Verdict, colour bool) error {
	p := &page{verdict: v, colour: colour}
	p.head()
	p.signers()
	p.approvals()
	p.exceptions()
	p.revocations()
	p.chains()
	p.rules()
	p.findings("Wrong", verify.SeverityDeny)
	p.findings("Not proven", verify.SeverityIndeterminate)
	p.needed()
	p.findings("Noted", verify.SeverityWarn, verify.SeverityInfo)
	p.answers()
	_, err := w.Write(p.Bytes())
	return err
}

// page is a verdict being written.
type page struct {
	bytes.Buffer
	verdict verify.Verdict
	colour  bool
}

// ANSI colours, by what they stand for.
const (
	red    = "31"
	green  = "32"
	yellow = "33"
)

func (p *page) paint(colour, text string) string {
	if !p.colour {
		return text
	}
	return "\x1b[1;" + colour + "m" + text + "\x1b[0m"
}

// title begins a section.
func (p *page) title(text string) { fmt.Fprintf(p, "\n%s\n", text) }

// columns writes rows of cells, aligned.
func (p *page) columns(rows [][]string) { aligned(p, rows) }

// aligned writes rows of cells, a line each.
func aligned(w io.Writer, rows [][]string) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		for len(row) > 0 && row[len(row)-1] == "" {
			row = row[:len(row)-1]
		}
		fmt.Fprintln(t, "  "+strings.Join(row, "\t"))
	}
	_ = t.Flush() // a buffer does not fail
}

// head is the answer and its four parts.
func (p *page) head() {
	v := p.verdict
	colour := red
	switch {
	case v.Admits():
		colour = green
	case v.Decision == verify.Indeterminate:
		colour = yellow
	}
	fmt.Fprintf(p, "%s  %s\n", p.paint(colour, strings.ToUpper(v.Decision.String())), Printable(v.Artifact.Name))
	place := "judged at " + stamp(v.EvaluatedAt)
	if v.AtChosen {
		place += ", a time the caller chose"
	}
	if v.Environment != "" {
		place = "in " + Printable(v.Environment) + ", " + place
	}
	if v.Drill {
		place = "a drill, " + place
	}
	if v.Rollback {
		place = "a rollback, " + place
	}
	if v.Tier != "" {
		place = "tier " + Printable(v.Tier) + ", " + place
	}
	fmt.Fprintf(p, "%s\n\n", place)
	fmt.Fprintf(p, "identity %s   artifact %s   policy %s   time %s\n", p.mark(v.Marks.Identity), p.mark(v.Marks.Artifact), p.mark(v.Marks.Policy), p.mark(v.Marks.Time))
}

func (p *page) mark(s verify.Standing) string {
	switch s {
	case verify.Pass:
		return p.paint(green, s.String())
	case verify.Fail:
		return p.paint(red, s.String())
	}
	return p.paint(yellow, s.String())
}

// signers says who signed what counts, and how it is known when.
func (p *page) signers() {
	p.title("Signed by")
	if len(p.verdict.Signers) == 0 {
		fmt.Fprintln(p, "  nobody whose signature counts")
		return
	}
	var rows [][]string
	for _, s := range p.verdict.Signers {
		who := s.Holder
		if who == "" {
			who = "one of several holders"
		}
		rows = append(rows, []string{who, "with " + s.Credential, when(s.SignedAt), p.source(s.Evidence)})
	}
	p.columns(rows)
}

// when says when something was signed, and how that is known.
func when(at verify.SignedAt) string {
	switch at.Source {
	case "rekor":
		return "by " + stamp(at.NotAfter) + ", as a transparency log recorded" + vouching(at.Authority)
	case "rfc3161":
		return "by " + stamp(at.NotAfter) + ", as a timestamp authority signed" + vouching(at.Authority)
	}
	return "at some time before it was judged; nobody vouches for when"
}

// vouching is the name of who vouches for a time, if it has one.
func vouching(authority string) string {
	if authority == "" {
		return ""
	}
	return " (" + Printable(authority) + ")"
}

// source names an evidence item by where it came from, or by its digest.
func (p *page) source(digest string) string {
	for _, e := range p.verdict.Inputs.Evidence {
		if e.Digest == digest && len(e.Sources) > 0 {
			return Printable(e.Sources[0])
		}
	}
	return digest
}

// rules counts those that pass and names the rest, with what kept them from passing.
func (p *page) rules() {
	if len(p.verdict.Rules) == 0 {
		return
	}
	p.title("Rules")
	passed := 0
	var rows [][]string
	var why [][]string
	for _, r := range p.verdict.Rules {
		if r.Outcome == policy.Passed {
			passed++
			continue
		}
		rows, why = append(rows, []string{r.Outcome.String(), Printable(r.Policy + " " + r.ID), Printable(r.Position)}), append(why, p.causes(r))
	}
	fmt.Fprintf(p, "  %d of %d pass\n", passed, len(p.verdict.Rules))
	var table bytes.Buffer
	aligned(&table, rows)
	for n, line := range strings.SplitAfter(table.String(), "\n")[:len(rows)] {
		p.WriteString(line)
		for _, cause := range why[n] {
			fmt.Fprintf(p, "      %s\n", cause)
		}
	}
}

// findings writes the findings of some severities: what, where, about which evidence, what to do.
func (p *page) findings(title string, severities ...verify.Severity) {
	for _, f := range p.verdict.Findings {
		if !slices.Contains(severities, f.Severity) {
			continue
		}
		if title != "" {
			p.title(title)
			title = ""
		}
		colour := yellow
		if f.Severity == verify.SeverityDeny {
			colour = red
		}
		fmt.Fprintf(p, "  %s  %s\n", p.paint(colour, Printable(string(f.Code))), Printable(f.Message))
		if f.Position != "" {
			fmt.Fprintf(p, "      at        %s\n", Printable(f.Position))
		}
		for _, e := range f.Evidence {
			fmt.Fprintf(p, "      evidence  %s\n", p.source(e))
		}
		if f.Remedy != "" && f.Severity != verify.SeverityInfo {
			fmt.Fprintf(p, "      remedy    %s\n", Printable(f.Remedy))
		}
	}
}

// needed says, of a release that is only not proven, what would prove it.
func (p *page) needed() {
	if p.verdict.Decision != verify.Indeterminate {
		return
	}
	p.title("Still needed, and nothing else")
	for _, remedy := range p.remedies() {
		fmt.Fprintf(p, "  %s\n", Printable(remedy))
	}
}

// answers says who answers for what keeps the release out or is warned of, what is upstream first, whom to
// page and what to read.
func (p *page) answers() {
	var rows [][]string
	for _, f := range p.verdict.Findings {
		if f.Severity > verify.SeverityWarn {
			continue
		}
		a := f.Accountable
		row := []string{cmp.Or(a.Team, "nobody"), "for " + f.Control, "", "", ""}
		if a.Page != "" {
			row[2] = "page " + a.Page
		}
		if a.Paged.Team != a.Team && a.Paged.Page != "" {
			row[2] = fmt.Sprintf("page %s (%s)", a.Paged.Page, a.Paged.Team)
		}
		if len(a.Escalation) > 0 {
			row[3] = "then " + strings.Join(a.Escalation, ", ")
		}
		if a.Runbook != "" {
			row[4] = "see " + a.Runbook
		}
		for i := range row {
			row[i] = Printable(row[i])
		}
		if !slices.ContainsFunc(rows, func(r []string) bool { return slices.Equal(r, row) }) {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return
	}
	p.title("Who answers")
	p.columns(rows)
	if upstream := p.upstream(); upstream != "" {
		fmt.Fprintf(p, "  upstream of these: %s\n", Printable(upstream))
	}
}

// upstream names the owners of controls upstream that no finding names itself.
func (p *page) upstream() string {
	var named, said []string
	for _, f := range p.verdict.Findings {
		if f.Severity <= verify.SeverityWarn {
			named = append(named, f.Control)
		}
	}
	for _, f := range p.verdict.Findings {
		if f.Severity > verify.SeverityWarn {
			continue
		}
		for _, up := range f.AlsoAnswer {
			text := up.Team + " for " + up.Control
			if !slices.Contains(named, up.Control) && !slices.Contains(said, text) {
				said = append(said, text)
			}
		}
	}
	return strings.Join(said, ", ")
}

func stamp(t verify.Time) string {
	text, err := t.MarshalText()
	if err != nil || len(text) == 0 {
		return "an unknown time"
	}
	return string(text)
}

// Printable replaces what would move a terminal's cursor, change its colours, reorder its text or not be
// seen: control and format characters, Unicode's directional and invisible ones among them.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			return '\uFFFD'
		}
		return r
	}, s)
}
