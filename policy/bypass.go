package policy

import (
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// This file finds ways around all of a policy's deny rules at once: requests to which none applies, or of
// which all that apply can be waived. No signature, digest or revocation can be waived (design §4.12), and
// a policy of which no deny rule passes or is waived does not allow; what remains is who can waive them all.

// bypasses remarks on the environments in which nothing, or nothing that cannot be waived, refuses.
func (r *reader) bypasses() {
	for _, environment := range r.environments() {
		applying, waivable, teams := 0, 0, []string(nil)
		for _, rule := range r.policy.rules {
			if rule.severity != Deny || rule.when != nil && r.skips(rule.when, environment) {
				continue
			}
			applying++
			if rule.waivable != nil {
				waivable++
				if !slices.Contains(teams, rule.waivable.By) {
					teams = append(teams, rule.waivable.By)
				}
			}
		}
		m := Remark{Name: environment, Position: r.policy.position}
		switch {
		case applying == 0 && slices.ContainsFunc(r.policy.rules, func(r *rule) bool { return r.severity == Deny }):
			m.Shape = NothingApplies
		case applying > 0 && waivable == applying && len(teams) == 1:
			m.Shape, m.Expression = Bypass, teams[0]
		case applying > 0 && waivable == applying:
			m.Shape = Bypass
		default:
			continue
		}
		r.add(m)
	}
}

// environments are those the policy is limited to, or those its conditions name and one that none does.
func (r *reader) environments() []string {
	if len(r.policy.environments) > 0 {
		return r.policy.environments
	}
	list := []string{""}
	for _, rule := range r.policy.rules {
		if rule.when == nil {
			continue
		}
		ast.PreOrderVisit(rule.when.root(), ast.NewExprVisitor(func(e ast.Expr) {
			if e.Kind() != ast.CallKind || len(e.AsCall().Args()) != 2 {
				return
			}
			args := e.AsCall().Args()
			named := func(e ast.Expr) bool { return e.Kind() == ast.IdentKind && e.AsIdent() == "environment" }
			var values []ast.Expr
			switch operator := e.AsCall().FunctionName(); {
			case (operator == operators.Equals || operator == operators.NotEquals) && named(args[0]):
				values = args[1:]
			case (operator == operators.Equals || operator == operators.NotEquals) && named(args[1]):
				values = args[:1]
			case operator == operators.In && named(args[0]):
				members, _ := r.members(args[1])
				for _, m := range members {
					if s, ok := m.(types.String); ok && !slices.Contains(list, string(s)) {
						list = append(list, string(s))
					}
				}
			}
			for _, v := range values {
				if s, ok := r.constant(v).(types.String); ok && !slices.Contains(list, string(s)) {
					list = append(list, string(s))
				}
			}
		}))
	}
	return list
}

// skips reports whether a condition is false in an environment whatever the artifact and the time. A
// condition that depends on those may be false, too: then it is taken to skip.
func (r *reader) skips(when *expression, environment string) bool {
	program, err := r.policy.languages[seesRequest].env.Program(when.checked, append(limited(MaxRuleCost), cel.EvalOptions(cel.OptPartialEval))...)
	if err != nil {
		return false
	}
	vars, err := cel.PartialVars(&scope{facts: &Facts{Environment: environment}, policy: r.policy, sees: seesRequest}, cel.AttributePattern("artifact"), cel.AttributePattern("evaluation"))
	if err != nil {
		return false
	}
	value, _, err := program.Eval(vars)
	return err == nil && (value == types.False || types.IsUnknown(value))
}
