package policy

import (
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/traits"
)

// This file gives the values that a cause was made of.

// inputs gives the values that a part without logic was made of.
func (ex *explainer) inputs(f frame, e ast.Expr) (list []Input) {
	parts := children(e)
	switch e.Kind() {
	case ast.ComprehensionKind:
		l := readLoop(e.AsComprehension())
		list = ex.stages(f, l.source)
		if l.kind == loopOne {
			list = append(list, ex.matches(f, l))
		}
		return list
	case ast.SelectKind:
		if evidence, path := ex.origin(f, e); !e.AsSelect().IsTestOnly() && !types.IsUnknownOrError(ex.eval(f, e)) {
			return []Input{{f.x.show(e), written(ex.eval(f, e)), evidence, path}}
		}
	case ast.IdentKind:
		parts = []ast.Expr{e}
	}
	for _, p := range parts {
		list = append(list, ex.stages(f, p)...)
	}
	return list
}

// matches gives for which members of a list the body of exists_one holds.
func (ex *explainer) matches(f frame, l loop) Input {
	matching := []int64{}
	if list, ok := ex.eval(f, l.source).(traits.Lister); ok {
		for i, it := int64(0), list.Iterator(); it.HasNext() == types.True && !ex.full(); i++ {
			inner := f
			inner.bound = &binding{name: l.name, value: it.Next(), outer: f.bound}
			if ex.eval(inner, l.body) == types.True {
				matching = append(matching, i)
			}
		}
	}
	return Input{Expression: "matching", Value: written(types.DefaultTypeAdapter.NativeToValue(matching))}
}

// stages gives the value of a part, and, of calls on a list, of each list on the way.
func (ex *explainer) stages(f frame, e ast.Expr) (list []Input) {
	if isConstant(e) {
		return nil
	}
	shown := f.x.show(e)
	if target, args := stage(e); target != nil && isList(f.x, target) {
		list = ex.stages(f, target)
		for _, a := range args {
			list = append(list, ex.stages(f, a)...)
		}
		if rest, ok := strings.CutPrefix(f.x.spell(e), f.x.spell(target)); ok {
			shown = shorten(rest)
		}
	} else if inner, ok := ex.enter(f, e); ok && isList(inner.x, inner.x.root()) {
		return ex.stages(inner, inner.x.root())
	} else if e.Kind() == ast.CallKind && !isSelection(e) { // arithmetic and the like: what it was made of
		for _, p := range children(e) {
			list = append(list, ex.stages(f, p)...)
		}
	}
	evidence, path := ex.origin(f, e)
	return append(list, Input{shown, written(ex.eval(f, e)), evidence, path})
}

// stage takes a call, filter or map on a value apart: what it is called on, and its arguments.
func stage(e ast.Expr) (target ast.Expr, args []ast.Expr) {
	switch e.Kind() {
	case ast.CallKind:
		if call := e.AsCall(); call.IsMemberFunction() {
			return call.Target(), call.Args()
		} else if call.FunctionName() == "size" && len(call.Args()) == 1 {
			return call.Args()[0], nil
		}
	case ast.ComprehensionKind:
		if l := readLoop(e.AsComprehension()); l.kind != loopBind {
			return l.source, nil
		}
	}
	return nil, nil
}

// isConstant reports whether a part names nothing.
func isConstant(e ast.Expr) bool {
	constant := true
	ast.PreOrderVisit(e, ast.NewExprVisitor(func(e ast.Expr) { constant = constant && e.Kind() != ast.IdentKind }))
	return constant
}

// isList reports whether a part is known to be a list.
func isList(x *expression, e ast.Expr) bool {
	return x.checked.NativeRep().GetType(e.ID()).Kind() == types.ListKind
}

// isSelection reports whether a call selects: x[y], x.?y.
func isSelection(e ast.Expr) bool {
	name := e.AsCall().FunctionName()
	return name == operators.Index || name == operators.OptIndex || name == operators.OptSelect
}
