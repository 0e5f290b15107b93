package policy

import (
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"github.com/surety-dev/surety/attest"
)

// This file tells what always has a value. A filter or map over a list has none if its body has none for one
// member: one more member can then take away what the others gave. exists() does not mind.

// settled reports whether an expression has a value whatever the evidence: it is not in error, and no order
// in it can be unproven.
func (a *absorbing) settled(e ast.Expr, known guards) bool {
	switch e.Kind() {
	case ast.CallKind:
		call := e.AsCall()
		switch name := call.FunctionName(); name {
		case operators.LogicalAnd, operators.LogicalOr:
			list := chain(e, name)
			for i, operand := range list {
				beside := known
				for j, other := range list {
					if i != j {
						beside = beside.with(a.guarded(other, name == operators.LogicalAnd))
					}
				}
				if !a.settled(operand, beside) {
					return false
				}
			}
			return true
		case operators.Conditional:
			args := call.Args()
			return a.settled(args[0], known) && a.settled(args[1], known.with(a.guarded(args[0], true))) && a.settled(args[2], known.with(a.guarded(args[0], false)))
		case "before", "recordedBefore":
			if a.text.x.checked.NativeRep().GetType(e.ID()).IsExactType(types.BoolType) {
				return false
			}
		}
	case ast.SelectKind:
		if s := e.AsSelect(); s.Operand().Kind() == ast.IdentKind && s.Operand().AsIdent() == "variables" {
			return a.settledVariable(s.FieldName())
		}
		if v := a.text.x.view(e); v != "" && v != attest.ViewProvenance && !e.AsSelect().IsTestOnly() {
			return false
		}
	case ast.ComprehensionKind:
		l := readLoop(e.AsComprehension())
		return a.settled(l.source, known) && a.settled(l.body, known)
	}
	for _, p := range children(e) {
		if !a.settled(p, known) {
			return false
		}
	}
	return !a.errs(e) || known[a.text.x.show(e)]
}

// settledVariable is settled of a variable.
func (a *absorbing) settledVariable(name string) bool {
	x := a.reader.policy.variable(name)
	if x == nil {
		return false
	}
	inner := &absorbing{reader: a.reader, text: text{x: x, variable: name}}
	return inner.settled(x.root(), nil)
}
