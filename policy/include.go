package policy

import (
	"slices"
	"strings"

	"github.com/surety-dev/surety/internal/document"
	"github.com/surety-dev/surety/policy/baseline"
)

// This file reads what a policy includes: rules of a baseline, which are judged as if they stood in it. A place in
// one names the baseline and its version: "surety/v1:12:5".

// included is a baseline that a policy includes rules of.
type included struct {
	node *document.Node // where the policy says so
	part *document.Part
	said int // how many problems of the part have been reported at the node
}

// supply is a parameter that an included rule needs.
type supply struct {
	rule     string
	baseline string
	at       *document.Node // the include
	name     string
	of       string
	preset   *document.Node // nil: the policy must give it
	least    *document.Node
}

// readInclude reads `include: [{baseline: surety/v1, rules: [trusted-builder]}]`.
func (l *loader) readInclude(n *document.Node) {
	if n == nil {
		return
	}
	for _, e := range n.List() {
		o := e.Object("baseline", "rules", "waivable")
		name, ids, waiver := o.Require("baseline"), o.Require("rules"), readWaiver(o.Get("waivable"))
		list := l.baseline(name)
		if list == nil || ids == nil {
			continue
		}
		for _, id := range ids.List() {
			l.readIncluded(name.String(), list, id, waiver)
		}
	}
}

// baseline gives the rules of a baseline by their ids; nil if there is none of that name.
func (l *loader) baseline(name *document.Node) map[string]document.Object {
	text := name.String()
	data, ok := baseline.Rules(text)
	if !ok {
		if text != "" {
			name.Errorf("no baseline is called %q: expected %s", text, strings.Join(baseline.Names(), " or "))
		}
		return nil
	}
	parts, _, err := document.Load(document.Payload{Name: text, Data: data}, text, baseline.Kind)
	if err != nil {
		name.Errorf("%v", err)
		return nil
	}
	l.included = append(l.included, &included{node: name, part: parts[0]})
	if l.texts == nil {
		l.texts = map[string][]string{}
	}
	l.texts[text] = strings.Split(string(data), "\n")
	rules := map[string]document.Object{}
	for _, e := range parts[0].Root.Object("apiVersion", "kind", "rules").Require("rules").List() {
		o := e.Object("for", "requirements", "params", "evidence", "rule")
		rules[o.Require("rule").Object(ruleFields...).Require("id").String()] = o
	}
	return rules
}

// readIncluded reads one rule of a baseline.
func (l *loader) readIncluded(name string, rules map[string]document.Object, id *document.Node, waiver *Waiver) {
	o, ok := rules[id.String()]
	if !ok {
		var ids []string
		for known := range rules {
			ids = append(ids, known)
		}
		slices.Sort(ids)
		id.Errorf("baseline %s has no rule %q: expected one of its rules%s", name, id.String(), document.Suggest(id.String(), ids))
		return
	}
	l.readRule(o.Get("rule"))
	node := &l.rules[len(l.rules)-1]
	node.from, node.rule.waivable = id, waiver
	if params := o.Get("params"); params != nil {
		for _, e := range params.Entries() {
			p := e.Value.Object("of", "default", "least")
			l.supplies = append(l.supplies, supply{
				rule: id.String(), baseline: name, at: id, name: e.Name.String(), of: p.Require("of").String(), preset: p.Get("default"), least: p.Get("least"),
			})
		}
	}
}

// supply gives included rules their parameters: what the policy says, else what the baseline does.
func (l *loader) supply() {
	for _, s := range l.supplies {
		given, ok := l.policy.params[s.name]
		switch {
		case !ok && s.preset == nil:
			s.at.Errorf("rule %s of baseline %s needs params.%s, which the policy does not have: expected %s", s.rule, s.baseline, s.name, s.of)
			continue
		case !ok:
			given = s.preset.Value()
			l.policy.params[s.name] = given
		}
		if s.least == nil {
			continue
		}
		if n, isInt := given.(int64); !isInt || n < int64(s.least.Int()) {
			s.at.Errorf("rule %s of baseline %s: params.%s is %v: expected %s, %d or more", s.rule, s.baseline, s.name, given, s.of, s.least.Int())
		}
	}
}

// problems gives what is wrong so far; what is wrong with an included rule, in this policy, is so where the policy
// includes it.
func (l *loader) problems(parts []*document.Part) error {
	for _, in := range l.included {
		var errs []error
		if joined, ok := in.part.Err().(interface{ Unwrap() []error }); ok {
			errs = joined.Unwrap()
		}
		for _, err := range errs[min(in.said, len(errs)):] {
			in.node.Errorf("%v", err)
		}
		in.said = len(errs)
	}
	return problems(parts)
}
