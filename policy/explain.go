package policy

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"cel.dev/cel-go/interpreter"
)

// This file finds out why a rule did not pass (design §5): it evaluates the parts of the expression one by
// one and follows those that are to blame down to what has no such part. It runs only for a rule that did
// not pass, spends nothing of the budget, and what it finds decides nothing.

// Limits of finding out: of the parts evaluated for one rule and for all of them, and of the CEL cost of one
// part, of a rule and of all of them. What is over them is not explained.
const (
	maxParts            = 1000
	maxPartsOfAll       = 10 * maxParts
	maxPartCost         = maxExplainCost
	maxExplainCost      = MaxRuleCost / 10
	maxExplainCostOfAll = MaxRequestCost
)

// explain gives the causes for which an expression is not true in a scope.
func (e *evaluator) explain(s *scope, x *expression) []Cause {
	if e.world != Strict || e.ctx.Err() != nil || e.explained.parts >= maxPartsOfAll || e.explained.cost >= maxExplainCostOfAll {
		return nil
	}
	own := *s
	own.memo = maps.Clone(s.memo)
	ex := &explainer{ctx: e.ctx, scope: &own, left: maxParts, programs: map[part]cel.Program{}}
	ex.blame(frame{x: x}, x.root(), true)
	e.explained.parts += maxParts - max(ex.left, 0)
	e.explained.cost += ex.spent
	return ex.causes
}

// explainer explains one expression.
type explainer struct {
	ctx      context.Context
	scope    *scope
	left     int    // parts that may still be evaluated
	spent    uint64 // CEL cost
	programs map[part]cel.Program
	causes   []Cause
}

// part names a part of an expression.
type part struct {
	x  *expression
	id int64
}

// frame is where a part stands: in which expression, and what the names bound around it are.
type frame struct {
	x        *expression
	variable string
	bound    *binding
}

// binding is a name bound inside an expression, and where its value comes from.
type binding struct {
	name     string
	value    ref.Val
	shown    string // the member of a list, "" for a name of cel.bind
	evidence string
	path     string
	outer    *binding
}

// values are what a part is evaluated with.
type values struct {
	*scope
	bound *binding
}

// ResolveName implements CEL's Activation.
func (v values) ResolveName(name string) (any, bool) {
	for b := v.bound; b != nil; b = b.outer {
		if b.name == name {
			return b.value, true
		}
	}
	return v.scope.ResolveName(name)
}

// Parent implements CEL's Activation.
func (v values) Parent() interpreter.Activation { return nil }

// eval evaluates a part; what has no value is an error value.
func (ex *explainer) eval(f frame, e ast.Expr) ref.Val {
	if e.Kind() == ast.LiteralKind {
		return e.AsLiteral()
	}
	if ex.left--; ex.left < 0 || ex.spent > maxExplainCost {
		return types.NewErr("too many parts to explain")
	}
	key := part{f.x, e.ID()}
	program, ok := ex.programs[key]
	if !ok {
		checked := f.x.checked.NativeRep()
		sub := ast.NewCheckedAST(ast.NewAST(e, checked.SourceInfo()), checked.TypeMap(), checked.ReferenceMap())
		var err error
		env := ex.scope.policy.languages[ex.scope.sees].env
		options := []cel.ProgramOption{cel.CustomDecoratorV2(orderLiterals)}
		if loops(e) {
			options = limited(maxPartCost)
		}
		if program, err = env.PlanProgram(sub, options...); err != nil {
			return types.WrapErr(err)
		}
		ex.programs[key] = program
	}
	value, details, err := program.ContextEval(ex.ctx, values{ex.scope, f.bound})
	if details != nil {
		if cost := details.ActualCost(); cost != nil {
			ex.spent += *cost
		}
	}
	if err != nil {
		return types.WrapErr(err)
	}
	return value
}

// loops reports whether a part goes through lists or binds names; what does not is bounded by what it names.
func loops(e ast.Expr) bool {
	found := false
	ast.PreOrderVisit(e, ast.NewExprVisitor(func(e ast.Expr) { found = found || e.Kind() == ast.ComprehensionKind }))
	return found
}

// full reports whether there is room for no more.
func (ex *explainer) full() bool {
	return ex.left <= 0 || ex.spent > maxExplainCost || len(ex.causes) >= MaxCauses
}

// blame finds what keeps a part from being as wanted.
func (ex *explainer) blame(f frame, e ast.Expr, want types.Bool) {
	value := ex.eval(f, e)
	if value == want || ex.full() {
		return
	}
	switch e.Kind() {
	case ast.CallKind:
		if ex.call(f, e, want, value) {
			return
		}
	case ast.ComprehensionKind:
		if ex.loop(f, e, want, value) {
			return
		}
	case ast.SelectKind:
		if inner, ok := ex.enter(f, e); ok {
			ex.blame(inner, inner.x.root(), want)
			return
		}
	}
	if types.IsBool(value) {
		ex.add(f, e, value)
		return
	}
	for _, p := range children(e) { // unknown, or in error: where from
		if v := ex.eval(f, p); types.IsUnknownOrError(v) {
			ex.blame(f, p, want)
			return
		}
	}
	ex.add(f, e, value)
}

// enter gives the frame of a variable that is selected.
func (ex *explainer) enter(f frame, e ast.Expr) (frame, bool) {
	if e.Kind() != ast.SelectKind {
		return f, false
	}
	m := monotony{policy: ex.scope.policy, sees: ex.scope.sees}
	x := m.variable(e)
	return frame{x: x, variable: e.AsSelect().FieldName()}, x != nil
}

// call follows logic; it reports whether the call is some.
func (ex *explainer) call(f frame, e ast.Expr, want types.Bool, value ref.Val) bool {
	args := e.AsCall().Args()
	switch operator := e.AsCall().FunctionName(); operator {
	case operators.LogicalNot:
		ex.blame(f, args[0], !want)
		return true
	case operators.LogicalAnd, operators.LogicalOr:
		for _, operand := range ex.guilty(f, chain(e, operator), want, want == (operator == operators.LogicalAnd)) {
			ex.blame(f, operand, want)
		}
		return true
	case operators.Conditional:
		taken := args[1]
		switch condition := ex.eval(f, args[0]); condition {
		case types.True:
		case types.False:
			taken = args[2]
		default:
			ex.blame(f, args[0], want)
			return true
		}
		if taken.Kind() == ast.LiteralKind { // what it gives says nothing: why it was taken does
			ex.blame(f, args[0], types.Bool(taken.ID() == args[2].ID()))
			return true
		}
		ex.blame(f, taken, want)
		return true
	}
	return false
}

// guilty gives the operands that keep a chain of && or || from being as wanted. Where one operand can do
// that alone, those that do, or, if none does, those without a value; else all that are not as wanted.
func (ex *explainer) guilty(f frame, operands []ast.Expr, want, alone types.Bool) (list []ast.Expr) {
	var open, other []ast.Expr
	for _, operand := range operands {
		switch value := ex.eval(f, operand); {
		case value == !want:
			list, other = append(list, operand), append(other, operand)
		case value != want:
			open, other = append(open, operand), append(other, operand)
		}
	}
	switch {
	case !bool(alone):
		return other
	case list != nil:
		return list
	}
	return open
}

// loop follows exists and all to the member that decides; it reports whether it could.
func (ex *explainer) loop(f frame, e ast.Expr, want types.Bool, value ref.Val) bool {
	l := readLoop(e.AsComprehension())
	if l.kind == loopBind {
		f.bound = &binding{name: l.name, value: ex.eval(f, l.source), outer: f.bound}
		f.bound.evidence, f.bound.path = ex.origin(f, l.source)
		if types.IsUnknownOrError(f.bound.value) {
			return false
		}
		ex.blame(f, l.body, want)
		return true
	}
	source := ex.eval(f, l.source)
	if l.kind != loopExists && l.kind != loopAll {
		return false
	}
	if types.IsUnknownOrError(source) {
		ex.blame(f, l.source, want)
		return true
	}
	inner, ok := ex.member(f, l, source, want)
	if ok {
		ex.blame(inner, l.body, want)
	}
	return ok
}

// member gives the frame of the member of a list to blame: the first for which the body is what is not
// wanted, without a value where there is none; of exists that is not true the one that comes closest.
func (ex *explainer) member(f frame, l loop, source ref.Val, want types.Bool) (frame, bool) {
	list, ok := source.(traits.Iterable)
	if !ok {
		return f, false
	}
	evidence, path := ex.origin(f, l.source)
	best, found, wrong := f, false, 0
	decides := types.Bool(l.kind == loopExists) // the value of one body that decides all
	for i, it := 0, list.Iterator(); it.HasNext() == types.True && ex.left > 0; i++ {
		member := it.Next()
		index := ref.Val(types.Int(i))
		if _, isMap := source.(traits.Mapper); isMap {
			index = member
		}
		inner := f
		inner.bound = &binding{
			name: l.name, value: member, shown: fmt.Sprintf("%s[%s]", f.x.show(l.source), writeValue(index, 0)),
			evidence: evidence, path: below(path, key(index)), outer: f.bound,
		}
		operands := chain(l.body, operators.LogicalAnd)
		n := 2 * len(operands) // of a body without a value, unless none is better
		switch value := ex.eval(inner, l.body); {
		case value == want:
			continue
		case value == !want && decides != want:
			return inner, true
		case value == !want:
			n = len(slices.DeleteFunc(slices.Clone(operands), func(o ast.Expr) bool { return ex.eval(inner, o) == want }))
		}
		if !found || n < wrong {
			best, found, wrong = inner, true, n
		}
	}
	return best, found
}

// add adds a cause.
func (ex *explainer) add(f frame, e ast.Expr, value ref.Val) {
	if len(ex.causes) >= MaxCauses {
		return
	}
	c := Cause{Expression: f.x.show(e), Value: written(value), At: f.x.place(e), Position: f.x.exactPlace(e), Variable: f.variable}
	for b := f.bound; b != nil; b = b.outer {
		if c.Element == "" {
			c.Element = b.shown
		}
	}
	for _, in := range ex.inputs(f, e) {
		if len(c.Inputs) < MaxInputs && !slices.Contains(c.Inputs, in) {
			c.Inputs = append(c.Inputs, in)
		}
	}
	ex.causes = append(ex.causes, c)
}
