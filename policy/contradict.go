package policy

import (
	"slices"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// This file finds demands that nothing can meet together: one expression compared with two values, a bound
// above another below, a part and its negation. It looks at the operands of one chain of && and at those
// of deny rules that judge the same evidence; what else contradicts itself it does not see.

// demand is what one operand asks of an expression.
type demand struct {
	of      string    // the expression, as CEL spells it
	among   []ref.Val // it is one of these
	except  []ref.Val // it is none of these
	least   *int64    // it is at least this
	most    *int64    // it is at most this
	operand ast.Expr
	text    text
}

// contradictions remarks on chains that are never true, or, of ||, never false, and on unreachable branches.
func (r *reader) contradictions(t text) {
	var visit func(e ast.Expr, within string)
	visit = func(e ast.Expr, within string) {
		operator := ""
		switch e.Kind() {
		case ast.CallKind:
			operator = e.AsCall().FunctionName()
		case ast.ComprehensionKind:
			l := readLoop(e.AsComprehension())
			visit(l.source, "")
			visit(l.body, "")
			return
		}
		if (operator == operators.LogicalAnd || operator == operators.LogicalOr) && operator != within {
			if clash := r.clash(r.demands(t, e, operator)); clash != nil {
				shape := Contradiction
				if operator == operators.LogicalOr {
					shape = Tautology
				}
				m := t.remark(shape, e)
				m.Name = clash.text.x.show(clash.operand)
				r.add(m)
			}
		}
		if operator == operators.Conditional {
			r.unreachable(t, e.AsCall().Args())
		}
		for _, p := range children(e) {
			visit(p, operator)
		}
	}
	visit(t.x.root(), "")
}

// unreachable remarks on the branch of a ternary that is never taken.
func (r *reader) unreachable(t text, args []ast.Expr) {
	known := r.constantPart(t, args[0])
	for i, value := range []types.Bool{types.False, types.True} { // the condition that keeps from the branch
		if known == value {
			r.add(t.remark(Unreachable, args[i+1]))
		}
	}
}

// constantPart gives the value of a part that does not depend on facts; nil for any other.
func (r *reader) constantPart(t text, e ast.Expr) ref.Val {
	if !r.fixed(e) {
		return nil
	}
	checked := t.x.checked.NativeRep()
	sub := ast.NewCheckedAST(ast.NewAST(e, checked.SourceInfo()), checked.TypeMap(), checked.ReferenceMap())
	program, err := r.policy.languages[seesRequest].env.PlanProgram(sub, limited(MaxRuleCost)...)
	if err != nil {
		return nil
	}
	value, _, err := program.Eval(&scope{facts: &Facts{}, policy: r.policy, sees: seesRequest})
	if err != nil {
		return nil
	}
	return value
}

// demands are what the operands of a chain ask; of || what their negations do.
func (r *reader) demands(t text, e ast.Expr, operator string) (list []demand) {
	for _, operand := range chain(e, operator) {
		list = append(list, r.demand(t, operand, operator == operators.LogicalOr)...)
	}
	return list
}

// negations are the comparisons that hold where another does not.
var negations = map[string]string{
	operators.Equals: operators.NotEquals, operators.NotEquals: operators.Equals, operators.Less: operators.GreaterEquals,
	operators.GreaterEquals: operators.Less, operators.Greater: operators.LessEquals, operators.LessEquals: operators.Greater,
}

// demand reads what one operand asks.
func (r *reader) demand(t text, e ast.Expr, negated bool) []demand {
	d := demand{of: t.x.spell(e), operand: e, text: t}
	holds := demand{of: d.of, operand: e, text: t, among: []ref.Val{types.Bool(!negated)}}
	if e.Kind() != ast.CallKind {
		return []demand{holds}
	}
	call := e.AsCall()
	operator, args := call.FunctionName(), call.Args()
	if operator == operators.LogicalNot {
		inner := r.demand(t, args[0], !negated)
		for i := range inner {
			inner[i].operand = e
		}
		return inner
	}
	if len(args) != 2 || call.IsMemberFunction() {
		return []demand{holds}
	}
	of, value := args[0], r.constant(args[1])
	if other := r.constant(args[0]); value == nil && other != nil && mirrored[operator] != "" {
		of, value, operator = args[1], other, mirrored[operator]
	}
	if negated && operator != operators.In {
		operator = negations[operator]
	}
	d.of = t.x.spell(of)
	n, isInt := value.(types.Int)
	at := func(offset int64) *int64 { bound := int64(n) + offset; return &bound }
	whole := isInt && t.x.checked.NativeRep().GetType(of.ID()).IsExactType(types.IntType)
	switch {
	case value != nil && operator == operators.Equals:
		d.among = []ref.Val{value}
	case value != nil && operator == operators.NotEquals:
		d.except = []ref.Val{value}
	case operator == operators.In:
		members, ok := r.members(args[1])
		switch {
		case !ok:
			return []demand{holds}
		case negated:
			d.except = members
		default:
			d.among = members
		}
	case whole && operator == operators.GreaterEquals:
		d.least = at(0)
	case whole && operator == operators.Greater && int64(n) < 1<<62:
		d.least = at(1)
	case whole && operator == operators.LessEquals:
		d.most = at(0)
	case whole && operator == operators.Less && int64(n) > -1<<62:
		d.most = at(-1)
	default:
		return []demand{holds}
	}
	return []demand{d}
}

// members gives the members of a list of constants.
func (r *reader) members(e ast.Expr) (list []ref.Val, ok bool) {
	list = []ref.Val{}
	if e.Kind() == ast.ListKind {
		for _, element := range e.AsList().Elements() {
			value := r.constant(element)
			if value == nil {
				return nil, false
			}
			list = append(list, value)
		}
		return list, true
	}
	values, ok := r.constant(e).(traits.Lister)
	if !ok {
		return nil, false
	}
	for it := values.Iterator(); it.HasNext() == types.True; {
		list = append(list, it.Next())
	}
	return list, true
}

// clash gives the first demand that cannot be met with those before it; nil if all can, as far as is seen.
func (r *reader) clash(list []demand) *demand {
	all := map[string]*demand{}
	for i, d := range list {
		sum, ok := all[d.of]
		if !ok {
			all[d.of] = &list[i]
			continue
		}
		joint := demand{of: d.of, among: sum.among, except: slices.Concat(sum.except, d.except), least: sum.least, most: sum.most}
		if d.among != nil {
			joint.among = slices.Clone(d.among)
			if sum.among != nil {
				joint.among = slices.DeleteFunc(joint.among, func(v ref.Val) bool { return !holdsValue(sum.among, v) })
			}
		}
		if d.least != nil && (joint.least == nil || *d.least > *joint.least) {
			joint.least = d.least
		}
		if d.most != nil && (joint.most == nil || *d.most < *joint.most) {
			joint.most = d.most
		}
		if joint.impossible() {
			return &list[i]
		}
		all[d.of] = &joint
	}
	return nil
}

// impossible reports whether no value meets the demand.
func (d *demand) impossible() bool {
	if d.least != nil && d.most != nil && *d.least > *d.most {
		return true
	}
	return d.among != nil && !slices.ContainsFunc(d.among, func(v ref.Val) bool {
		n, isInt := v.(types.Int)
		below := isInt && d.least != nil && int64(n) < *d.least
		above := isInt && d.most != nil && int64(n) > *d.most
		return !below && !above && !holdsValue(d.except, v)
	})
}

// holdsValue reports whether a list has a value that equals another.
func holdsValue(list []ref.Val, v ref.Val) bool {
	return slices.ContainsFunc(list, func(w ref.Val) bool { return w.Equal(v) == types.True })
}

// together remarks on deny rules that judge the same evidence, apply at the same time, and cannot both pass.
func (r *reader) together() {
	type judged struct{ about, when string }
	seen := map[judged][]demand{}
	for _, rule := range r.policy.rules {
		if rule.severity != Deny {
			continue
		}
		t := text{x: rule.expression, rule: rule}
		key := judged{about: rule.about}
		if rule.when != nil {
			key.when = rule.when.spell(rule.when.root())
		}
		own := r.demands(t, rule.expression.root(), operators.LogicalAnd)
		if r.clash(own) != nil { // remarked on as it is
			continue
		}
		before := seen[key]
		if key.when != "" { // where it applies, so do those that always do
			before = slices.Concat(seen[judged{about: rule.about}], before)
		}
		if clash := r.clash(slices.Concat(before, own)); clash != nil {
			m := t.remark(Contradiction, clash.operand)
			m.Name = other(before, *clash)
			r.add(m)
			continue
		}
		seen[key] = append(seen[key], own...)
	}
}

// other names the rule of the first demand on the same expression.
func other(list []demand, d demand) string {
	i := slices.IndexFunc(list, func(o demand) bool { return o.of == d.of })
	if i < 0 {
		return ""
	}
	return list[i].text.rule.id
}
