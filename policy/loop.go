package policy

import (
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// loopKind is what a comprehension was written as.
type loopKind uint8

const (
	loopOther loopKind = iota
	loopExists
	loopOne
	loopAll
	loopFilter
	loopMap
	loopBind
)

// loop is a comprehension as it was written: name runs over source in body, or, of a binding, is source.
type loop struct {
	kind         loopKind
	name         string
	source, body ast.Expr
}

// operator is what joins the values of the body.
func (l loop) operator() string {
	if l.kind == loopAll {
		return operators.LogicalAnd
	}
	return operators.LogicalOr
}

// readLoop tells CEL's macros apart by the step they expand to.
func readLoop(c ast.ComprehensionExpr) loop {
	l := loop{kind: loopOther, name: c.IterVar(), source: c.IterRange(), body: c.LoopStep()}
	if r := c.IterRange(); r.Kind() == ast.ListKind && r.AsList().Size() == 0 && c.LoopCondition().Kind() == ast.LiteralKind {
		return loop{loopBind, c.AccuVar(), c.AccuInit(), c.Result()}
	}
	if c.LoopStep().Kind() != ast.CallKind {
		return l
	}
	step := c.LoopStep().AsCall()
	switch args := step.Args(); step.FunctionName() {
	case operators.LogicalOr:
		l.kind, l.body = loopExists, args[1]
	case operators.LogicalAnd:
		l.kind, l.body = loopAll, args[1]
	case operators.Add: // accu + [body]
		if member, ok := only(args[1]); ok {
			l.kind, l.body = loopMap, member
		}
	case operators.Conditional: // condition ? accu + [name] : accu, or condition ? accu + 1 : accu
		if args[1].Kind() != ast.CallKind || args[1].AsCall().FunctionName() != operators.Add {
			break
		}
		if c.AccuInit().Kind() == ast.LiteralKind {
			l.kind, l.body = loopOne, args[0]
		}
		if member, ok := only(args[1].AsCall().Args()[1]); ok && member.Kind() == ast.IdentKind && member.AsIdent() == c.IterVar() {
			l.kind, l.body = loopFilter, args[0]
		}
	}
	return l
}

// only gives the one member of a list.
func only(e ast.Expr) (ast.Expr, bool) {
	if e.Kind() != ast.ListKind || e.AsList().Size() != 1 {
		return nil, false
	}
	return e.AsList().Elements()[0], true
}
