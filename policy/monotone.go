package policy

import (
	"maps"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// This file finds rules that less evidence can make true (design §4.4): negation, all() and upper bounds
// over evidence, approvals and signers. It follows in which direction each sub-expression can move as
// evidence is added, and knows the lists that grow with it. A list's members stay as they are.

// direction is how a value can change as evidence is added. False is less than true, a list less than one
// with more members.
type direction uint8

const (
	steady  direction = iota // not at all
	rising                   // never less
	falling                  // never more
	mixed                    // who knows
)

func (d direction) flip() direction {
	switch d {
	case rising:
		return falling
	case falling:
		return rising
	}
	return d
}

// and is the direction of what grows with both.
func (d direction) and(e direction) direction {
	switch {
	case d == steady || d == e:
		return e
	case e == steady:
		return d
	}
	return mixed
}

// exact is the direction of what can change in any way as its parts do.
func exact(parts ...direction) direction {
	for _, d := range parts {
		if d != steady {
			return mixed
		}
	}
	return steady
}

// monotone remarks on the sub-expressions for which a deny rule is not monotone.
func (r *reader) monotone(rule *rule) {
	if rule.severity != Deny {
		return
	}
	m := &monotony{policy: r.policy, sees: rule.sees(), local: map[string]direction{}}
	m.blame(text{x: rule.expression, rule: rule}, rule.expression.root(), func(t text, e ast.Expr) {
		r.add(t.remark(NotMonotone, e))
	})
}

// monotony follows directions through one expression.
type monotony struct {
	policy *Policy
	sees   visibility
	local  map[string]direction // of names bound inside the expression
}

// within is the monotony with a name bound.
func (m *monotony) within(name string, d direction) *monotony {
	n := *m
	n.local = maps.Clone(m.local)
	n.local[name] = d
	return &n
}

// blame calls report for the sub-expressions that keep a bool from rising with evidence.
func (m *monotony) blame(t text, e ast.Expr, report func(text, ast.Expr)) {
	if d := m.of(t, e); d == steady || d == rising {
		return
	}
	switch e.Kind() {
	case ast.CallKind:
		call := e.AsCall()
		switch call.FunctionName() {
		case operators.LogicalAnd, operators.LogicalOr:
			for _, operand := range call.Args() {
				m.blame(t, operand, report)
			}
			return
		case operators.Conditional:
			if m.of(t, call.Args()[0]) == steady {
				m.blame(t, call.Args()[1], report)
				m.blame(t, call.Args()[2], report)
				return
			}
		}
	case ast.SelectKind:
		if x := m.variable(e); x != nil {
			t.x, t.variable = x, e.AsSelect().FieldName()
			m.blame(t, x.root(), report)
			return
		}
	case ast.ComprehensionKind:
		loop := readLoop(e.AsComprehension())
		inner := m.within(loop.name, m.bound(t, loop))
		if d := inner.of(t, loop.body); (loop.kind == loopExists || loop.kind == loopBind) && (d == falling || d == mixed) {
			inner.blame(t, loop.body, report)
			return
		}
	}
	report(t, e)
}

// of gives the direction of an expression.
func (m *monotony) of(t text, e ast.Expr) direction {
	switch e.Kind() {
	case ast.IdentKind:
		if d, ok := m.local[e.AsIdent()]; ok {
			return d
		}
		switch e.AsIdent() {
		case "approvals", "signers", "evidence":
			return rising
		}
	case ast.SelectKind:
		return m.selected(t, e)
	case ast.CallKind:
		return m.call(t, e.AsCall())
	case ast.ListKind:
		return exact(m.all(t, e.AsList().Elements())...)
	case ast.MapKind:
		var parts []direction
		for _, entry := range e.AsMap().Entries() {
			parts = append(parts, m.of(t, entry.AsMapEntry().Key()), m.of(t, entry.AsMapEntry().Value()))
		}
		return exact(parts...)
	case ast.ComprehensionKind:
		return m.loop(t, readLoop(e.AsComprehension()))
	}
	return steady
}

func (m *monotony) all(t text, list []ast.Expr) []direction {
	parts := make([]direction, len(list))
	for i, e := range list {
		parts[i] = m.of(t, e)
	}
	return parts
}

// selected gives the direction of a field.
func (m *monotony) selected(t text, e ast.Expr) direction {
	s := e.AsSelect()
	if x := m.variable(e); x != nil {
		outside := &monotony{policy: m.policy, sees: m.sees, local: map[string]direction{}}
		return outside.of(text{x: x}, x.root())
	}
	operand := m.of(t, s.Operand())
	switch {
	case s.IsTestOnly():
		return exact(operand)
	case s.Operand().Kind() == ast.IdentKind && s.Operand().AsIdent() == "evidence":
		return operand
	case s.FieldName() == "signedAt" && m.sees == seesStanding && withoutOptional(t.x.checked.NativeRep().GetType(s.Operand().ID())).IsExactType(attestationType):
		return mixed // an earlier signature moves it; a rule about one attestation is tried without
	case s.FieldName() == "signers" && operand == steady && withoutOptional(t.x.checked.NativeRep().GetType(s.Operand().ID())).IsExactType(attestationType):
		return rising // envelopes over one payload unite their signers
	}
	return exact(operand)
}

// variable gives the expression of a variable that is selected; nil for another expression.
func (m *monotony) variable(e ast.Expr) *expression {
	if s := e.AsSelect(); !s.IsTestOnly() && s.Operand().Kind() == ast.IdentKind && s.Operand().AsIdent() == "variables" {
		return m.policy.variables[m.sees][s.FieldName()]
	}
	return nil
}

// grows are the functions of a list whose result grows with it.
var grows = map[string]bool{
	"size": true, "by": true, "people": true, "holding": true, "before": true, "recordedBefore": true, "withSource": true, "withWitnessed": true,
	"distinct": true, "flatten": true, "sort": true, "reverse": true,
}

// call gives the direction of a call.
func (m *monotony) call(t text, call ast.CallExpr) direction {
	args := call.Args()
	if call.IsMemberFunction() {
		args = append([]ast.Expr{call.Target()}, args...)
	}
	parts := m.all(t, args)
	switch name := call.FunctionName(); name {
	case operators.LogicalNot, operators.Negate:
		return parts[0].flip()
	case operators.LogicalAnd, operators.LogicalOr, operators.Add, "sets.intersects":
		return parts[0].and(parts[1])
	case operators.GreaterEquals, operators.Greater, operators.Subtract, "sets.contains":
		return parts[0].and(parts[1].flip())
	case operators.LessEquals, operators.Less:
		return parts[0].flip().and(parts[1])
	case operators.Conditional:
		if parts[0] == steady {
			return parts[1].and(parts[2])
		}
	case operators.In:
		if parts[0] == steady {
			return parts[1]
		}
	case operators.NotEquals, operators.Equals: // with nothing: there is something, or there is not
		d := exact(parts...)
		if isNothing(args[1], args[0]) {
			d = parts[0]
		} else if isNothing(args[0], args[1]) {
			d = parts[1]
		}
		if name == operators.Equals {
			return d.flip()
		}
		return d
	default:
		if grows[name] && len(parts) > 0 && exact(parts[1:]...) == steady {
			return parts[0]
		}
	}
	return exact(parts...)
}

// isNothing reports whether an expression is 0, beside a count, or an empty list.
func isNothing(e, beside ast.Expr) bool {
	return e.Kind() == ast.LiteralKind && e.AsLiteral().Equal(types.IntZero) == types.True && isCount(beside) || e.Kind() == ast.ListKind && e.AsList().Size() == 0
}

// bound gives the direction of the name a comprehension binds: a member of a list stays as it is.
func (m *monotony) bound(t text, l loop) direction {
	if d := m.of(t, l.source); l.kind == loopBind || d == mixed {
		return d
	}
	return steady
}

// loop gives the direction of a comprehension.
func (m *monotony) loop(t text, l loop) direction {
	source := m.of(t, l.source)
	body := m.within(l.name, m.bound(t, l)).of(t, l.body)
	switch l.kind {
	case loopBind:
		return body
	case loopExists:
		return source.and(body)
	case loopFilter:
		if source == steady || m.settled(t, l.body) {
			return source.and(body)
		}
		return mixed
	case loopAll:
		return source.flip().and(body)
	case loopMap:
		if body == steady && m.settled(t, l.body) {
			return source
		}
	}
	return exact(source, body)
}

// settled reports whether an expression always has a value.
func (m *monotony) settled(t text, e ast.Expr) bool {
	a := &absorbing{reader: &reader{policy: m.policy}, text: t}
	return a.settled(e, nil)
}
