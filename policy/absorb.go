package policy

import (
	"maps"
	"slices"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"github.com/surety-dev/surety/attest"
)

// This file finds operands of || and &&, and predicates of exists and all, that can err. CEL absorbs an
// error beside an operand that decides, so that such a rule can give true, or false, of evidence it could
// not read. A guard beside the operand, has(x.y) or 'y' in x, takes the error away.

// absorbed remarks on absorbed errors of an expression.
func (r *reader) absorbed(t text) {
	a := &absorbing{reader: r, text: t}
	a.visit(t.x.root(), nil)
}

// absorbing walks one expression.
type absorbing struct {
	reader *reader
	text   text
}

// guards are what is known to be there, as CEL spells it.
type guards map[string]bool

// with gives the guards and those an operand adds.
func (g guards) with(more guards) guards {
	if len(more) == 0 {
		return g
	}
	all := maps.Clone(more)
	maps.Copy(all, g)
	return all
}

// visit looks for operators that absorb, the outermost first.
func (a *absorbing) visit(e ast.Expr, known guards) {
	switch e.Kind() {
	case ast.CallKind:
		call := e.AsCall()
		switch call.FunctionName() {
		case operators.LogicalAnd, operators.LogicalOr:
			a.operands(chain(e, call.FunctionName()), call.FunctionName() == operators.LogicalAnd, known)
			return
		case operators.Conditional:
			cond, yes, no := call.Args()[0], call.Args()[1], call.Args()[2]
			a.visit(cond, known)
			a.visit(yes, known.with(a.guarded(cond, true)))
			a.visit(no, known.with(a.guarded(cond, false)))
			return
		}
		if call.IsMemberFunction() {
			a.visit(call.Target(), known)
		}
		for _, arg := range call.Args() {
			a.visit(arg, known)
		}
	case ast.SelectKind:
		a.visit(e.AsSelect().Operand(), known)
	case ast.ListKind:
		for _, element := range e.AsList().Elements() {
			a.visit(element, known)
		}
	case ast.MapKind:
		for _, entry := range e.AsMap().Entries() {
			a.visit(entry.AsMapEntry().Key(), known)
			a.visit(entry.AsMapEntry().Value(), known)
		}
	case ast.ComprehensionKind:
		loop := readLoop(e.AsComprehension())
		a.visit(loop.source, known)
		if loop.kind == loopExists || loop.kind == loopAll {
			a.operands(chain(loop.body, loop.operator()), loop.kind == loopAll, known)
			return
		}
		a.visit(loop.body, known)
	}
}

// operands reads the operands of a chain of one operator: each knows what the others guard.
func (a *absorbing) operands(list []ast.Expr, and bool, known guards) {
	for i, operand := range list {
		beside := known
		for j, other := range list {
			if i != j {
				beside = beside.with(a.guarded(other, and))
			}
		}
		culprit := a.culprit(operand, beside)
		if culprit == nil && !and {
			culprit = a.unreadable(list, i, beside)
		}
		if culprit != nil {
			a.reader.add(a.text.remark(AbsorbsError, culprit))
		}
		a.visit(operand, beside)
	}
}

// unreadable gives a view that an operand of || reads and another does not: of a predicate that cannot be
// decoded it is an error, which the other can hide. What && makes of it is no more than false. Provenance
// that cannot be decoded is no evidence, so that rules never see it.
func (a *absorbing) unreadable(list []ast.Expr, i int, known guards) ast.Expr {
	for _, e := range a.views(list[i]) {
		shown := a.text.x.show(e)
		reads := func(other ast.Expr) bool {
			return slices.ContainsFunc(a.views(other), func(v ast.Expr) bool { return a.text.x.show(v) == shown })
		}
		hides := func(other ast.Expr) bool { return !reads(other) }
		if !known[shown] && slices.ContainsFunc(list, hides) {
			return e
		}
	}
	return nil
}

// views are the views that an expression reads, provenance aside.
func (a *absorbing) views(e ast.Expr) (list []ast.Expr) {
	ast.PreOrderVisit(e, ast.NewExprVisitor(func(e ast.Expr) {
		if v := a.text.x.view(e); v != "" && v != attest.ViewProvenance && !e.AsSelect().IsTestOnly() {
			list = append(list, e)
		}
	}))
	return list
}

// guarded gives what is there if the operand is true, or, with holds unset, if it is false.
func (a *absorbing) guarded(e ast.Expr, holds bool) guards {
	found := guards{}
	switch e.Kind() {
	case ast.SelectKind:
		if s := e.AsSelect(); s.IsTestOnly() && holds {
			for operand := s.Operand(); ; operand = operand.AsSelect().Operand() { // x.y is there only if x is
				found[a.text.x.show(operand)] = true
				if operand.Kind() != ast.SelectKind {
					break
				}
			}
			found[a.text.x.show(s.Operand())+"."+s.FieldName()] = true
		}
	case ast.CallKind:
		call := e.AsCall()
		switch call.FunctionName() {
		case operators.LogicalNot:
			return a.guarded(call.Args()[0], !holds)
		case operators.LogicalAnd, operators.LogicalOr:
			if holds == (call.FunctionName() == operators.LogicalAnd) {
				for _, operand := range chain(e, call.FunctionName()) {
					maps.Copy(found, a.guarded(operand, holds))
				}
			}
		case operators.In:
			if holds {
				key, of := call.Args()[0], a.text.x.show(call.Args()[1])
				found[of+"["+a.text.x.show(key)+"]"] = true
				if s, ok := a.reader.constant(key).(types.String); ok {
					found[of+"."+string(s)] = true
				}
			}
		}
	}
	return found
}

// culprit gives the first part of an operand that can err and that nothing guards; nil if there is none.
// What stands below another absorbing operator is that one's.
func (a *absorbing) culprit(e ast.Expr, known guards) ast.Expr {
	for _, part := range a.parts(e) {
		if c := a.culprit(part, known); c != nil {
			return c
		}
	}
	if a.errs(e) && !known[a.text.x.show(e)] {
		return e
	}
	return nil
}

// parts are the sub-expressions whose errors reach this one.
func (a *absorbing) parts(e ast.Expr) []ast.Expr {
	switch e.Kind() {
	case ast.SelectKind:
		return []ast.Expr{e.AsSelect().Operand()}
	case ast.ListKind:
		return e.AsList().Elements()
	case ast.ComprehensionKind:
		loop := readLoop(e.AsComprehension())
		if loop.kind == loopExists || loop.kind == loopAll {
			return []ast.Expr{loop.source}
		}
		return []ast.Expr{loop.source, loop.body}
	case ast.CallKind:
		call := e.AsCall()
		switch call.FunctionName() {
		case operators.LogicalAnd, operators.LogicalOr:
			return nil
		case operators.Conditional:
			return call.Args()[:1] // the branches are guarded by it; visit reads them
		}
		if call.IsMemberFunction() {
			return slices.Concat([]ast.Expr{call.Target()}, call.Args())
		}
		return call.Args()
	}
	return nil
}

// fallible are the functions that err of arguments their type allows.
var fallible = []string{
	operators.Divide, operators.Modulo, operators.Index, "int", "uint", "double", "bool", "timestamp", "duration", "substring", "charAt",
	"value", "purl", "semver", "glob",
}

// errs reports whether the expression itself can err, its parts aside.
func (a *absorbing) errs(e ast.Expr) bool {
	checked := a.text.x.checked.NativeRep()
	switch e.Kind() {
	case ast.SelectKind:
		s := e.AsSelect()
		if s.IsTestOnly() || a.reader.fixed(e) {
			return false
		}
		if s.Operand().Kind() == ast.IdentKind && s.Operand().AsIdent() == "variables" {
			return a.reader.variableErrs(s.FieldName())
		}
		operand := checked.GetType(s.Operand().ID())
		switch operand.Kind() {
		case types.DynKind, types.AnyKind, types.MapKind:
			return true
		}
		f, ok := fieldOf(operand, s.FieldName())
		return ok && f.read.errs
	case ast.CallKind:
		call := e.AsCall()
		if !slices.Contains(fallible, call.FunctionName()) || a.reader.fixed(e) {
			return false
		}
		args := call.Args()
		switch call.FunctionName() {
		case operators.Divide, operators.Modulo: // by a literal other than zero
			divisor := a.reader.constant(args[1])
			return divisor == nil || divisor.Equal(types.IntZero) == types.True
		case "glob": // by a literal that compiled, never
			_, literal := a.reader.constant(args[0]).(types.String)
			return !literal
		case "int", "uint", "double", "bool", "timestamp", "duration": // of text, or of who knows what
			if args[0].Kind() == ast.LiteralKind {
				return false
			}
			kind := checked.GetType(args[0].ID()).Kind()
			return kind == types.StringKind || kind == types.DynKind
		}
		return true
	}
	return false
}

// fixed reports whether an expression rests on parameters and literals only, so that it errs always or
// never.
func (r *reader) fixed(e ast.Expr) bool {
	fixed := true
	ast.PreOrderVisit(e, ast.NewExprVisitor(func(e ast.Expr) {
		fixed = fixed && (e.Kind() != ast.IdentKind || e.AsIdent() == "params")
	}))
	return fixed
}

// variableErrs reports whether a variable can err; a rule that uses it beside || absorbs that.
func (r *reader) variableErrs(name string) bool {
	x := r.policy.variable(name)
	if x == nil {
		return false
	}
	a := &absorbing{reader: r, text: text{x: x, variable: name}}
	return a.culprit(x.root(), nil) != nil
}

// chain gives the operands of a chain of one operator, left to right.
func chain(e ast.Expr, operator string) []ast.Expr {
	if e.Kind() != ast.CallKind || e.AsCall().FunctionName() != operator {
		return []ast.Expr{e}
	}
	var list []ast.Expr
	for _, arg := range e.AsCall().Args() {
		list = append(list, chain(arg, operator)...)
	}
	return list
}
