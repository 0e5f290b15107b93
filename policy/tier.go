package policy

import (
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
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
			named, _ = r.members(args[1])
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
