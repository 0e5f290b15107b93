package policy

import (
	"fmt"
	"reflect"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"

	"github.com/surety-dev/surety/internal/document"
)

// compile gives the policy its types and compiles every expression, each against what it may see.
func (l *loader) compile(root *document.Node) {
	base, err := newProvider()
	if err != nil {
		root.Errorf("%v", err)
		return
	}
	p := l.policy
	base = base.with(reflect.TypeFor[*parameterValues](), paramsObject(p.params))
	base = base.with(reflect.TypeFor[*standingEvidence](), evidenceObject(p.evidence))
	for sees := range visibilities {
		if err := l.language(base, sees); err != nil {
			root.Errorf("%v", err)
			return
		}
	}
	if !l.checkVariables() {
		return
	}
	for _, v := range l.vars {
		p.variableNames = append(p.variableNames, v.name)
	}
	for _, n := range l.rules {
		l.compileRule(n)
		p.rules = append(p.rules, n.rule)
	}
}

// language makes the policy's language for a visibility and compiles the variables that have it. A
// variable sees those before it, and has the visibility of what it names.
func (l *loader) language(base *provider, sees visibility) error {
	p := l.policy
	known := &object{typ: variablesType}
	p.variables[sees] = map[string]*expression{}
	for i := range l.vars {
		v := &l.vars[i]
		if sees == seesRequest {
			break
		}
		lang, err := newLanguage(base.with(scopeType, known), sees)
		if err != nil {
			return err
		}
		x, err := lang.compile(v.source, nil)
		if err != nil {
			v.failed[sees] = err
			continue
		}
		x.position, x.lines = v.node.Position(), l.lines(v.node, v.source)
		p.variables[sees][v.name] = x
		known.fields = append(known.fields, field{name: v.name, typ: x.typ, read: access{get: func(s any) (any, error) { return s.(*scope).variable(v.name) }}})
	}
	lang, err := newLanguage(base.with(scopeType, known), sees)
	p.languages[sees] = lang
	return err
}

// checkVariables reports variables that compile for no rule, with the error of the rules they are for,
// and whether there are none.
func (l *loader) checkVariables() bool {
	sound := true
	one, standing := l.policy.languages[seesOne], l.policy.languages[seesStanding]
	for _, v := range l.vars {
		if l.policy.variables[seesOne][v.name] != nil || l.policy.variables[seesStanding][v.name] != nil {
			continue
		}
		sound = false
		err := v.failed[seesOne]
		if hidden := one.hidden(v.source); hidden != "" {
			err = v.failed[seesStanding]
			if other := standing.hidden(v.source); other != "" {
				err = fmt.Errorf("no rule sees both %s and %s: expected one of them", other, hidden)
			}
		}
		v.node.Errorf("variable %s: %v", v.name, err)
	}
	return sound
}

func (l *loader) compileRule(n ruleNode) {
	r := n.rule
	lang := l.policy.languages[r.sees()]
	r.when = l.expression(r, n.when, l.policy.languages[seesRequest], cel.BoolType)
	r.expression = l.expression(r, n.expression, lang, cel.BoolType)
	r.messageOf = l.expression(r, n.messageOf, lang, cel.StringType)
	if r.approvals = r.expression != nil && l.policy.has(r.expression, r.sees(), isApprovals); r.approvals {
		r.ordered = l.policy.has(r.expression, r.sees(), isOrder)
		r.have, r.need = lang.counting(r.expression)
	}
	l.checkReads(r, r.expression, n.expression)
	l.checkReads(r, r.messageOf, n.messageOf)
}

// expression compiles the expression at a node; none gives nil.
func (l *loader) expression(r *rule, n *document.Node, lang *language, want *cel.Type) *expression {
	if n == nil {
		return nil
	}
	source := n.String()
	x, err := lang.compile(source, want)
	if err == nil {
		x.position, x.lines = n.Position(), l.lines(n, source)
		return x
	}
	if name := lang.hidden(source); name != "" {
		err = fmt.Errorf("%s is not visible in %s", name, places[lang.sees])
	} else if name, what := l.hiddenVariable(lang, source); name != "" {
		err = fmt.Errorf("variables.%s names %s, which is not visible in %s", name, what, places[lang.sees])
	}
	n.Errorf("rule %s: %v", r.id, err)
	return nil
}

// hiddenVariable names a variable that source uses and that compiles for other rules only, and what in it
// these do not see.
func (l *loader) hiddenVariable(lang *language, source string) (name, what string) {
	parsed, issues := lang.env.Parse(source)
	if issues.Err() != nil {
		return "", ""
	}
	ast.PreOrderVisit(parsed.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.SelectKind || e.AsSelect().Operand().Kind() != ast.IdentKind || e.AsSelect().Operand().AsIdent() != "variables" {
			return
		}
		for _, v := range l.vars {
			if v.name == e.AsSelect().FieldName() && l.policy.variables[lang.sees][v.name] == nil && name == "" {
				hidden := lang.hidden(v.source)
				if hidden == "" { // it names another variable that does
					_, hidden = l.hiddenVariable(lang, v.source)
				}
				if hidden != "" {
					name, what = v.name, hidden
				}
			}
		}
	}))
	return name, what
}

// places says in words where each visibility is.
var places = [visibilities]string{
	seesRequest:  "when: expected artifact, environment, params and evaluation only",
	seesOne:      "a rule about one declaration: expected it, approvals and variables, or a rule without about",
	seesStanding: "a rule without about: expected evidence, signers and variables, or a rule with about",
}
