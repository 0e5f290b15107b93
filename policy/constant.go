package policy

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// This file finds rules whose outcome does not depend on any evidence. They are evaluated with all facts
// unknown, as CEL's partial evaluation has it; parameters are known.

// constants remarks on rules that never pass, never fail or never apply.
func (r *reader) constants() {
	var known [visibilities]map[string]variable
	for sees := range visibilities {
		known[sees] = r.knownVariables(sees)
	}
	for _, rule := range r.policy.rules {
		if rule.when != nil && r.constantOutcome(rule.when, seesRequest, nil) == Failed {
			r.add(text{x: rule.when, rule: rule}.remark(NeverApplies, rule.when.root()))
		}
		t := text{x: rule.expression, rule: rule}
		switch r.constantOutcome(rule.expression, rule.sees(), known[rule.sees()]) {
		case Failed:
			r.add(t.remark(NeverPasses, rule.expression.root()))
		case Passed:
			r.add(t.remark(NeverFails, rule.expression.root()))
		}
	}
}

// constantOutcome is Passed for what is true whatever the facts, Failed for what is false or in error,
// Unknown for what depends on them.
func (r *reader) constantOutcome(x *expression, sees visibility, known map[string]variable) Outcome {
	switch value, err := r.partial(x, sees, known); {
	case err != nil:
		return Failed
	case value == types.True:
		return Passed
	case value == types.False:
		return Failed
	}
	return Unknown
}

// knownVariables evaluates the variables of a visibility in their order; those that depend on facts are
// unknown.
func (r *reader) knownVariables(sees visibility) map[string]variable {
	known := map[string]variable{}
	for _, name := range r.policy.variableNames {
		if x := r.policy.variables[sees][name]; x != nil {
			value, err := r.partial(x, sees, known)
			known[name] = variable{value, err}
		}
	}
	return known
}

// partial evaluates an expression with everything unknown but the parameters and the known variables.
func (r *reader) partial(x *expression, sees visibility, known map[string]variable) (ref.Val, error) {
	program, err := r.policy.languages[sees].env.Program(x.checked, append(limited(MaxRuleCost), cel.EvalOptions(cel.OptPartialEval))...)
	if err != nil {
		return nil, err
	}
	var unknown []*cel.AttributePatternType
	for _, v := range visible {
		if v.name != "params" {
			unknown = append(unknown, cel.AttributePattern(v.name))
		}
	}
	for name := range r.policy.variables[sees] {
		if v, ok := known[name]; !ok || v.err == nil && types.IsUnknown(v.value.(ref.Val)) {
			unknown = append(unknown, cel.AttributePattern("variables").QualString(name))
		}
	}
	vars, err := cel.PartialVars(&scope{facts: &Facts{}, policy: r.policy, sees: sees, memo: known}, unknown...)
	if err != nil {
		return nil, err
	}
	value, _, err := program.Eval(vars)
	return value, err
}

// thresholds remarks on counts compared with a number that decides nothing.
func (r *reader) thresholds(t text) {
	ast.PreOrderVisit(t.x.root(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.CallKind || len(e.AsCall().Args()) != 2 {
			return
		}
		operator, args := e.AsCall().FunctionName(), e.AsCall().Args()
		count, number := args[0], args[1]
		if isCount(number) {
			count, number = number, count
			operator = mirrored[operator]
		}
		least, ok := vacuous[operator]
		if value, isInt := r.constant(number).(types.Int); ok && isInt && isCount(count) && int64(value) <= least {
			r.add(t.remark(Threshold, e))
		}
	}))
}

// vacuous is up to which number a comparison of a count with it decides nothing: `>= 0` always holds,
// `< 0` never does.
var vacuous = map[string]int64{
	operators.GreaterEquals: 0, operators.Greater: -1, operators.Less: 0, operators.LessEquals: -1,
	operators.Equals: -1, operators.NotEquals: -1,
}

// mirrored is the operator with its operands exchanged.
var mirrored = map[string]string{
	operators.GreaterEquals: operators.LessEquals, operators.Greater: operators.Less, operators.Less: operators.Greater,
	operators.LessEquals: operators.GreaterEquals, operators.Equals: operators.Equals, operators.NotEquals: operators.NotEquals,
}

// isCount reports whether the expression is the size of something.
func isCount(e ast.Expr) bool { return e.Kind() == ast.CallKind && e.AsCall().FunctionName() == "size" }
