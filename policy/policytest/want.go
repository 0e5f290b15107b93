package policytest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/surety-dev/surety/internal/document"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

// Outcome is what a case looks at in a verdict.
type Outcome struct {
	// Decision is the verdict's.
	Decision verify.Decision `json:"decision"`
	// Codes are those of the findings that refuse, in alphabetical order, each once.
	Codes []verify.Code `json:"codes,omitempty"`
	// Also are codes of other findings.
	Also []verify.Code `json:"also,omitempty"`
	// Rules are the outcomes of rules, by their id; by the policy's name, "/" and the id where two policies
	// have a rule of one id, which is always understood.
	Rules map[string]policy.Outcome `json:"rules,omitempty"`
	// Answers are the teams accountable for what refuses, in alphabetical order.
	Answers []string `json:"answers,omitempty"`

	refused map[string]policy.Outcome // the rules that a finding which refuses is about
	all     map[string]policy.Outcome // by the policy's name, "/" and the rule's id
}

// outcomeOf is what there is to look at in a verdict.
func outcomeOf(v verify.Verdict) Outcome {
	o := Outcome{Decision: v.Decision, Rules: map[string]policy.Outcome{}, refused: map[string]policy.Outcome{}, all: map[string]policy.Outcome{}}
	for _, f := range v.Findings {
		if f.Severity > verify.SeverityIndeterminate {
			o.Also = append(o.Also, f.Code)
			continue
		}
		o.Codes = append(o.Codes, f.Code)
		if f.Accountable.Team != "" {
			o.Answers = append(o.Answers, f.Accountable.Team)
		}
	}
	for _, r := range v.Rules {
		id := r.ID
		if slices.ContainsFunc(v.Rules, func(s verify.RuleOutcome) bool { return s.ID == r.ID && s.Policy != r.Policy }) {
			id = r.Policy + "/" + r.ID
		}
		o.Rules[id], o.all[r.Policy+"/"+r.ID] = r.Outcome, r.Outcome
		if slices.ContainsFunc(v.Findings, func(f verify.Finding) bool {
			return f.Position == r.Position && f.Severity <= verify.SeverityIndeterminate
		}) {
			o.refused[id] = r.Outcome
		}
	}
	for _, list := range []*[]verify.Code{&o.Codes, &o.Also} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	slices.Sort(o.Answers)
	o.Answers = slices.Compact(o.Answers)
	return o
}

// readWant reads what a verdict must be. Decision and the codes that refuse are held exactly, the rest where
// it is said.
func readWant(n *document.Node) *Outcome {
	if n == nil {
		return nil
	}
	o := n.Object("decision", "codes", "also", "rules", "answers")
	w := &Outcome{Codes: readCodes(o.Get("codes")), Also: readCodes(o.Get("also"))}
	decision := o.Require("decision").OneOf(decisions()...)
	if decision != "" {
		if err := w.Decision.UnmarshalText([]byte(decision)); err != nil {
			o.Get("decision").Errorf("%v", err)
		}
	}
	if c := o.Get("codes"); c != nil && w.Decision.Admits() {
		c.Errorf("codes that refuse beside the decision %s: expected none", w.Decision)
	}
	for _, e := range o.Get("rules").Entries() {
		outcome := policy.Failed
		if text := e.Value.OneOf(outcomes()...); text != "" && outcome.UnmarshalText([]byte(text)) == nil {
			if w.Rules == nil {
				w.Rules = map[string]policy.Outcome{}
			}
			w.Rules[e.Name.String()] = outcome
		}
	}
	if a := o.Get("answers"); a != nil {
		w.Answers = a.Strings()
		slices.Sort(w.Answers)
	}
	return w
}

func decisions() (names []string) {
	for _, d := range []verify.Decision{verify.Allow, verify.AllowWithException, verify.Deny, verify.Indeterminate} {
		names = append(names, d.String())
	}
	return names
}

func outcomes() (names []string) {
	for _, o := range []policy.Outcome{policy.Passed, policy.Failed, policy.Errored, policy.Unknown, policy.Waived, policy.Skipped} {
		names = append(names, o.String())
	}
	return names
}

// readCodes reads codes of findings, sorted.
func readCodes(n *document.Node) []verify.Code {
	var known []string
	for _, c := range verify.Codes() {
		known = append(known, string(c))
	}
	var codes []verify.Code
	for _, item := range n.List() {
		text := item.String()
		switch {
		case text == "":
		case !slices.Contains(known, text):
			item.Errorf("no finding has the code %q: expected one of docs/verdict.md%s", text, document.Suggest(text, known))
		case slices.Contains(codes, verify.Code(text)):
			item.Errorf("%q for the second time: expected each once", text)
		default:
			codes = append(codes, verify.Code(text))
		}
	}
	slices.Sort(codes)
	return codes
}

// differences says where a verdict is not what was wanted, a line each.
func (o Outcome) differences(got Outcome) []string {
	var lines []string
	differ := func(what, want, is string) { lines = append(lines, fmt.Sprintf("%s: want %s, got %s", what, want, is)) }
	if o.Decision != got.Decision {
		differ("decision", o.Decision.String(), got.Decision.String())
	}
	if !slices.Equal(o.Codes, got.Codes) {
		differ("codes", listed(o.Codes), listed(got.Codes))
	}
	for _, code := range o.Also {
		if !slices.Contains(got.Also, code) {
			differ("also", string(code), listed(got.Also))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(o.Rules)) {
		is, ok := got.outcome(id)
		switch {
		case !ok:
			differ("rule "+id, o.Rules[id].String(), "no such rule of a policy that applies: "+listed(slices.Sorted(maps.Keys(got.Rules))))
		case is != o.Rules[id]:
			differ("rule "+id, o.Rules[id].String(), is.String())
		}
	}
	if o.Answers != nil && !slices.Equal(o.Answers, got.Answers) {
		differ("answers", listed(o.Answers), listed(got.Answers))
	}
	return lines
}

// outcome is that of a rule, by either name.
func (o Outcome) outcome(id string) (policy.Outcome, bool) {
	if is, ok := o.Rules[id]; ok {
		return is, true
	}
	is, ok := o.all[id]
	return is, ok
}

func listed[T ~string](list []T) string {
	var texts []string
	for _, s := range list {
		texts = append(texts, string(s))
	}
	return orElse(strings.Join(texts, ", "), "none")
}

// asWanted is what to write down of a verdict: decision and codes, and what was looked at before; where nothing
// was, the rules that refuse.
func (o Outcome) asWanted(before *Outcome) Outcome {
	w := Outcome{Decision: o.Decision, Codes: o.Codes}
	if before == nil {
		w.Rules = o.refused
		return w
	}
	for _, code := range before.Also {
		if slices.Contains(o.Also, code) {
			w.Also = append(w.Also, code)
		}
	}
	for id := range before.Rules {
		if is, ok := o.outcome(id); ok {
			if w.Rules == nil {
				w.Rules = map[string]policy.Outcome{}
			}
			w.Rules[id] = is
		}
	}
	if before.Answers != nil {
		w.Answers = o.Answers
	}
	return w
}

// String gives the outcome as a case has it, in YAML.
func (o Outcome) String() string {
	fields := []string{"decision: " + o.Decision.String()}
	add := func(name string, list []string) {
		if len(list) > 0 {
			fields = append(fields, name+": ["+strings.Join(list, ", ")+"]")
		}
	}
	add("codes", written(o.Codes))
	add("also", written(o.Also))
	var rules []string
	for _, id := range slices.Sorted(maps.Keys(o.Rules)) {
		rules = append(rules, scalar(id)+": "+o.Rules[id].String())
	}
	if rules != nil {
		fields = append(fields, "rules: {"+strings.Join(rules, ", ")+"}")
	}
	add("answers", written(o.Answers))
	return "{" + strings.Join(fields, ", ") + "}"
}

func written[T ~string](list []T) []string {
	var texts []string
	for _, s := range list {
		texts = append(texts, scalar(string(s)))
	}
	return texts
}

// bareWord is what every YAML reader takes for a string, but for the words of wordsOfYAML.
var (
	bareWord    = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_/.-]*$`)
	wordsOfYAML = regexp.MustCompile(`(?i)^(y|n|yes|no|on|off|true|false|null)$`)
)

func scalar(s string) string {
	if bareWord.MatchString(s) && !wordsOfYAML.MatchString(s) {
		return s
	}
	return strconv.Quote(s)
}
