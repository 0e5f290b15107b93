package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/parser"

	"github.com/surety-dev/surety/attest"
)

// Rule is what a policy says of one rule beside its expressions.
type Rule struct {
	// ID is the rule's id.
	ID string
	// About is the evidence declaration it is about; "" for none.
	About string
	// Control is the control whose owner answers for it.
	Control string
	// Severity is how much a failure matters.
	Severity Severity
	// Frameworks are the framework ids it maps to, as the document writes them.
	Frameworks []string
	// Waivable says who may waive it; nil: nobody.
	Waivable *Waiver
	// Position is where it stands: "policy.yaml:14:5".
	Position string
}

// Rules are the policy's rules in their order.
func (p *Policy) Rules() []Rule {
	list := make([]Rule, len(p.rules))
	for i, r := range p.rules {
		list[i] = Rule{
			ID: r.id, About: r.about, Control: r.control, Severity: r.severity, Frameworks: append([]string(nil), r.frameworks...), Waivable: r.waivable, Position: r.position,
		}
	}
	return list
}

// Artifacts are the patterns of the artifacts the policy covers, as its document writes them.
func (p *Policy) Artifacts() []string {
	list := make([]string, len(p.artifacts))
	for i, a := range p.artifacts {
		list[i] = a.String()
	}
	return list
}

// Position is where the policy's metadata stand: "policy.yaml:3:1".
func (p *Policy) Position() string { return p.position }

// Remarks reads the policy's expressions and says what shows in them, in the order of the document's
// rules and then its variables. It evaluates them as far as that needs no facts, within the limits of
// rules. What it does not remark on may still be wrong: it sees shapes, not intentions.
func (p *Policy) Remarks() []Remark {
	if p == nil || len(p.rules) == 0 {
		return nil
	}
	r := &reader{policy: p, used: map[string]bool{}}
	r.constants()
	r.together()
	r.bypasses()
	for _, rule := range p.rules {
		r.rule(rule)
	}
	for _, name := range p.variableNames {
		r.expression(text{x: p.variable(name), variable: name})
	}
	r.unused()
	slices.SortStableFunc(r.remarks, func(x, y Remark) int { return cmp.Compare(x.Shape, y.Shape) })
	return slices.Compact(r.remarks)
}

// reader reads the expressions of one policy.
type reader struct {
	policy  *Policy
	remarks []Remark
	used    map[string]bool // "variables.x", "params.x", "evidence.x"
}

// text is one expression and whose it is.
type text struct {
	x        *expression
	rule     *rule  // nil: of a variable
	variable string // the variable
}

// remark makes a remark about a sub-expression.
func (t text) remark(shape Shape, e ast.Expr) Remark {
	m := Remark{Shape: shape, Variable: t.variable, Expression: t.x.show(e), At: t.x.place(e), Position: t.x.position}
	if t.rule != nil {
		m.Rule, m.Severity = t.rule.id, t.rule.severity
	}
	return m
}

func (r *reader) add(m Remark) { r.remarks = append(r.remarks, m) }

// rule reads the expressions of a rule.
func (r *reader) rule(rule *rule) {
	for _, x := range []*expression{rule.when, rule.expression} {
		if x != nil {
			r.expression(text{x: x, rule: rule})
		}
	}
	if rule.messageOf != nil {
		r.uses(text{x: rule.messageOf, rule: rule})
	}
	r.monotone(rule)
	r.views(rule)
}

// expression reads one expression of a rule or variable.
func (r *reader) expression(t text) {
	r.uses(t)
	r.absorbed(t)
	r.contradictions(t)
	r.thresholds(t)
}

// uses notes what an expression names.
func (r *reader) uses(t text) {
	ast.PreOrderVisit(t.x.root(), ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.SelectKind:
			if operand := e.AsSelect().Operand(); operand.Kind() == ast.IdentKind {
				r.used[operand.AsIdent()+"."+e.AsSelect().FieldName()] = true
			}
		case ast.CallKind:
			r.names(t, e)
			r.tiers(t, e)
		}
	}))
}

// names remarks on the teams and duties a call names.
func (r *reader) names(t text, e ast.Expr) {
	call := e.AsCall()
	shapes := map[string]Shape{"by": NamesTeam, "holding": NamesDuty, "teams": NamesTeam, "duties": NamesDuty}
	var shape Shape
	var named ast.Expr
	switch args := call.Args(); {
	case call.IsMemberFunction() && len(args) == 1:
		shape, named = shapes[call.FunctionName()], args[0]
	case call.FunctionName() == "@in" && len(args) == 2 && args[1].Kind() == ast.SelectKind:
		shape, named = shapes[args[1].AsSelect().FieldName()], args[0]
	}
	if shape == "" {
		return
	}
	if name, ok := r.constant(named).(types.String); ok {
		m := t.remark(shape, e)
		m.Name = string(name)
		r.add(m)
	}
}

// constant gives the value of a literal or of a parameter; nil for anything else.
func (r *reader) constant(e ast.Expr) ref.Val {
	switch e.Kind() {
	case ast.LiteralKind:
		return e.AsLiteral()
	case ast.SelectKind:
		if s := e.AsSelect(); !s.IsTestOnly() && s.Operand().Kind() == ast.IdentKind && s.Operand().AsIdent() == "params" {
			return types.DefaultTypeAdapter.NativeToValue(r.policy.params[s.FieldName()])
		}
	}
	return nil
}

// views remarks on views that only some of the declared predicate types have, where nothing asks for the
// view or for the type before.
func (r *reader) views(rule *rule) {
	asks := map[string]bool{}
	ast.PreOrderVisit(rule.expression.root(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() == ast.SelectKind && (e.AsSelect().IsTestOnly() && rule.expression.view(e) != "" || e.AsSelect().FieldName() == "predicateType") {
			asks[rule.expression.show(e.AsSelect().Operand())] = true
		}
	}))
	t := text{x: rule.expression, rule: rule}
	reads := &reads{policy: r.policy, sees: rule.sees(), about: rule.about, found: func(x *expression, e ast.Expr, need Requirement) {
		v := x.view(e)
		if v != "" && !asks[x.show(e.AsSelect().Operand())] && slices.ContainsFunc(need.PredicateTypes, func(p string) bool { return viewOf(p) != v }) {
			r.add(t.remark(OtherView, e))
		}
	}}
	reads.views(t.x, t.x.root())
}

// view gives the view of an attestation that an expression selects; "" for another expression.
func (x *expression) view(e ast.Expr) attest.View {
	if e.Kind() != ast.SelectKind || !x.checked.NativeRep().GetType(e.AsSelect().Operand().ID()).IsExactType(attestationType) {
		return ""
	}
	if v := attest.View(e.AsSelect().FieldName()); v == viewLayout || attest.PredicateTypes(v) != nil {
		return v
	}
	return ""
}

// unused remarks on what nothing uses.
func (r *reader) unused() {
	p := r.policy
	for _, name := range p.variableNames {
		if !r.used["variables."+name] {
			r.add(Remark{Shape: UnusedVariable, Name: name, Position: p.variable(name).position})
		}
	}
	for _, name := range p.paramNames() {
		if !r.used["params."+name] {
			r.add(Remark{Shape: UnusedParam, Name: name, Position: p.paramsAt})
		}
	}
	for _, need := range p.evidence {
		about := slices.ContainsFunc(p.rules, func(r *rule) bool { return r.about == need.Name })
		if !about && !r.used["evidence."+need.Name] {
			r.add(Remark{Shape: Unruled, Name: need.Name, Position: need.Position})
		}
	}
}

// variable gives the expression of a variable as the first rules that see it have it.
func (p *Policy) variable(name string) *expression {
	return cmp.Or(p.variables[seesOne][name], p.variables[seesStanding][name])
}

// paramNames are the policy's parameters, sorted.
func (p *Policy) paramNames() []string {
	var names []string
	for name := range p.params {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// root is the checked expression.
func (x *expression) root() ast.Expr { return x.checked.NativeRep().Expr() }

// maxShown is how many bytes of a sub-expression a remark carries.
const maxShown = 160

// show writes a sub-expression as CEL spells it, on one line, shortened.
func (x *expression) show(e ast.Expr) string { return shorten(x.spell(e)) }

// spell writes a sub-expression as CEL spells it, on one line.
func (x *expression) spell(e ast.Expr) string {
	s, err := parser.Unparse(e, x.checked.NativeRep().SourceInfo(), parser.WrapOnColumn(MaxExpression))
	if err != nil {
		return ""
	}
	return strings.Join(strings.Fields(s), " ")
}

// shorten cuts a text at maxShown bytes.
func shorten(s string) string {
	if len(s) > maxShown {
		s = strings.ToValidUTF8(s[:maxShown], "") + "…"
	}
	return s
}

// place gives where a sub-expression begins, as line and column from 1.
func (x *expression) place(e ast.Expr) string {
	if line, column := x.begin(e); line > 0 {
		return fmt.Sprintf("%d:%d", line, column)
	}
	return ""
}

// begin is place in numbers, 0 if it is not known.
func (x *expression) begin(e ast.Expr) (line, column int) {
	info := x.checked.NativeRep().SourceInfo()
	begin := int32(-1)
	ast.PreOrderVisit(e, ast.NewExprVisitor(func(e ast.Expr) {
		if r, ok := info.GetOffsetRange(e.ID()); ok && (begin < 0 || r.Start < begin) {
			begin = r.Start
		}
	}))
	if begin < 0 {
		return 0, 0
	}
	// CEL places a call at its "(": what it calls is before that.
	for source := []rune(x.checked.Source().Content()); begin > 0 && int(begin) < len(source) && (source[begin] == '(' || word(source[begin]) || source[begin] == '.') && (word(source[begin-1]) || source[begin-1] == '.'); {
		begin--
	}
	at := info.GetLocationByOffset(begin)
	return at.Line(), at.Column() + 1
}

// word reports whether a character is part of a name.
func word(r rune) bool {
	return r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}
