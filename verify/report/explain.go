package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

// maxShortCauses is how many causes of a rule Text writes; Explain writes all.
const maxShortCauses = 3

// Explain writes why a verdict is what it is: each rule that did not pass with what kept it from passing and what
// that was made of, everything else that is wrong, what still has to be proven, and who answers. The error is
// the writer's.
func Explain(w io.Writer, v verify.Verdict) error {
	p := &page{verdict: v}
	p.head()
	p.why()
	p.findings("Wrong", verify.SeverityDeny)
	p.findings("Not proven", verify.SeverityIndeterminate)
	p.lacking()
	p.findings("Noted", verify.SeverityWarn, verify.SeverityInfo)
	p.answers()
	_, err := w.Write(p.Bytes())
	return err
}

// why explains the rules that did not pass.
func (p *page) why() {
	p.title("Why")
	passed := 0
	for _, r := range p.verdict.Rules {
		if r.Outcome == policy.Passed {
			passed++
		}
	}
	switch n := len(p.verdict.Rules); {
	case n == 0:
		fmt.Fprintln(p, "  no rule was judged")
	default:
		fmt.Fprintf(p, "  %d of %d rules pass\n", passed, n)
	}
	for _, r := range p.verdict.Rules {
		if r.Outcome == policy.Passed {
			continue
		}
		fmt.Fprintf(p, "  %s %s of policy %s, %s, at %s\n", outcomeWords(r.Outcome), Printable(r.ID), Printable(r.Policy), r.Severity, Printable(r.Position))
		p.because(r.Because)
		if len(r.Because) == 0 && r.Outcome != policy.Waived && r.Outcome != policy.Skipped {
			fmt.Fprintln(p, "      nothing that counts was there to evaluate it on, or what may still be proven speaks against it")
		}
	}
}

// because writes causes and what they were made of.
func (p *page) because(causes []verify.Cause) {
	for _, c := range causes {
		fmt.Fprintf(p, "      %s at %s\n", cause(c), Printable(c.Position))
		if c.Variable != "" {
			fmt.Fprintf(p, "          in variables.%s\n", Printable(c.Variable))
		}
		for _, in := range c.Inputs {
			fmt.Fprintf(p, "          %s is %s%s\n", Printable(in.Expression), Printable(in.Value), p.readFrom(in))
		}
	}
}

// outcomeWords says what became of a rule.
func outcomeWords(o policy.Outcome) string {
	switch o {
	case policy.Errored:
		return "in error"
	case policy.Waived, policy.Skipped, policy.Unknown:
		return o.String()
	}
	return "failed"
}

// cause says a cause without what it was made of.
func cause(c verify.Cause) string {
	text := c.Expression
	if c.Element != "" {
		text += " of " + c.Element
	}
	if strings.HasPrefix(c.Value, "error: ") {
		return Printable(text + " gives an " + c.Value)
	}
	return Printable(text + " is " + c.Value)
}

// readFrom says where a value was read.
func (p *page) readFrom(in verify.CauseInput) string {
	if in.Evidence == "" {
		return ""
	}
	from := ", of " + p.source(in.Evidence)
	if in.Path != "" {
		from += " " + Printable(in.Path)
	}
	return from
}

// causes are the first causes of a rule, each on a line.
func (p *page) causes(r verify.RuleOutcome) []string {
	var lines []string
	for _, c := range r.Because[:min(len(r.Because), maxShortCauses)] {
		line := cause(c)
		var made []string
		for _, in := range c.Inputs {
			if in.Expression != c.Expression {
				made = append(made, Printable(in.Expression+": "+in.Value))
			}
		}
		if len(made) > 0 {
			line += " (" + strings.Join(made, ", ") + ")"
		}
		lines = append(lines, line)
	}
	if more := len(r.Because) - maxShortCauses; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return lines
}

// lacking says what still has to be proven, and of what.
func (p *page) lacking() {
	if p.verdict.Decision != verify.Indeterminate {
		return
	}
	p.title("What is needed, and nothing else")
	for _, n := range p.verdict.Needed {
		what := "rule " + n.Rule
		if n.Rule == "" {
			what = "evidence " + n.Declaration
		}
		fmt.Fprintf(p, "  %s for %s of policy %s, at %s\n", needs(n.Lacks), Printable(what), Printable(n.Policy), Printable(n.Position))
		for _, e := range n.Evidence {
			fmt.Fprintf(p, "      of %s\n", p.source(e))
		}
	}
	for _, remedy := range p.remedies() {
		fmt.Fprintf(p, "  %s\n", Printable(remedy))
	}
}

// needs says in words what is lacking.
func needs(lack verify.Lack) string {
	words := map[verify.Lack]string{
		verify.LacksTime: "a trusted time of the signatures", verify.LacksFreshness: "fresh status data", verify.LacksOrder: "times that prove the order",
		verify.LacksError: "a value in place of the error", verify.LacksException: "proof of the exception that waives it", verify.LacksEvidence: "proof of the evidence it rests on",
	}
	return cmp.Or(words[lack], Printable(string(lack)))
}

// remedies are what findings say would prove a release, each once.
func (p *page) remedies() []string {
	var said []string
	for _, f := range p.verdict.Findings {
		// evidence is missing where something keeps what is there from counting
		if f.Severity == verify.SeverityIndeterminate && f.Code != verify.EvidenceMissing && f.Remedy != "" && !slices.Contains(said, f.Remedy) {
			said = append(said, f.Remedy)
		}
	}
	return said
}
