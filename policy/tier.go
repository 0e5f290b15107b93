package policy

import (
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// tiers remarks on the tiers a call holds the artifact's against: where one is misspelt the rule does not apply
// to it, and nothing else shows.
func (r *reader) tiers(t text, e ast.Expr) {
	args := e.AsCall().Args()
	if len(args) != 2 {
		return
	}
	var named []ref.Val
	switch e.AsCall().FunctionName() {
	case operators.Equals, operators.NotEquals:
		for i := range args {
			if isTier(args[i]) {
				named = append(named, r.constant(args[1-i]))
			}
		}
	case operators.In:
		if isTier(args[0]) {
			named = r.members(args[1])
		}
	}
	for _, value := range named {
		if name, ok := value.(types.String); ok && name != "" {
			m := t.remark(NamesTier, e)
			m.Name = string(name)
			r.add(m)
		}
	}
}

// isTier reports whether the expression is the artifact's tier.
func isTier(e ast.Expr) bool {
	if e.Kind() != ast.SelectKind || e.AsSelect().IsTestOnly() || e.AsSelect().FieldName() != "tier" {
		return false
	}
	operand := e.AsSelect().Operand()
	return operand.Kind() == ast.IdentKind && operand.AsIdent() == "artifact"
}

// members gives the members of a list that are known: of a literal, or of a parameter.
func (r *reader) members(e ast.Expr) []ref.Val {
	var values []ref.Val
	if e.Kind() == ast.ListKind {
		for _, member := range e.AsList().Elements() {
			values = append(values, r.constant(member))
		}
		return values
	}
	list, ok := r.constant(e).(traits.Lister)
	if !ok {
		return nil
	}
	for it := list.Iterator(); it.HasNext() == types.True; {
		values = append(values, it.Next())
	}
	return values
}
