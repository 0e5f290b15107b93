package policy

import (
	"cmp"
	"errors"
	"fmt"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"github.com/surety-dev/surety/internal/pattern"
)

// unbounded are library functions whose result can be far larger than what they cost.
var unbounded = map[string]bool{"replace": true, "join": true, "format": true, "strings.quote": true}

// restrict refuses what compiles and still has no place in a rule: patterns that are not literal,
// objects made rather than given, and functions without a bound on their result.
func restrict(checked *cel.Ast) error {
	x := &expression{checked: checked}
	var errs []error
	ast.PreOrderVisit(x.root(), ast.NewExprVisitor(func(e ast.Expr) {
		var err error
		switch e.Kind() {
		case ast.StructKind:
			err = fmt.Errorf("a rule cannot make a %s", e.AsStruct().TypeName())
		case ast.CallKind:
			err = restrictCall(checked.NativeRep(), e.AsCall())
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s of the expression: %w", x.place(e), err))
		}
	}))
	return cmp.Or(errs...)
}

func restrictCall(checked *ast.AST, call ast.CallExpr) error {
	name, args := call.FunctionName(), call.Args()
	literal := len(args) > 0 && args[len(args)-1].Kind() == ast.LiteralKind
	switch {
	case name == "matches" && !literal:
		return errors.New("matches takes a literal pattern only")
	case name == operators.OptSelect:
		return restrictOptional(checked, args)
	case unbounded[name]:
		return fmt.Errorf("%s is not available in rules", name)
	}
	if !literal {
		return nil
	}
	text, _ := args[len(args)-1].AsLiteral().(types.String)
	return readLiteral(name, string(text))
}

// restrictOptional refuses x.?y where y is always there: nothing is optional about it, and the checks of
// shapes (monotone.go) know such a field by its plain selection.
func restrictOptional(checked *ast.AST, args []ast.Expr) error {
	operand, name := withoutOptional(checked.GetType(args[0].ID())), string(args[1].AsLiteral().(types.String))
	if operand.Kind() != types.StructKind {
		return nil
	}
	if f, ok := fieldOf(operand, name); ok && (f.read.errs || f.read.there != nil) {
		return nil
	}
	return fmt.Errorf("%s is always there: expected .%s instead of .?%s", name, name, name)
}

// withoutOptional gives the type of what an optional may hold; any other type as it is.
func withoutOptional(t *types.Type) *types.Type {
	if t.Kind() == types.OpaqueKind && t.TypeName() == "optional_type" && len(t.Parameters()) == 1 {
		return withoutOptional(t.Parameters()[0])
	}
	return t
}

// readLiteral reads what a function will, so that a malformed literal does not load.
func readLiteral(function, text string) (err error) {
	switch function {
	case "glob":
		_, err = pattern.Parse(text)
	case "purl":
		_, err = parsePURL(text)
	case "semver":
		_, err = parseVersion(text)
	}
	return err
}
