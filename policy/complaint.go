package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"github.com/surety-dev/surety/internal/document"
)

// complaint gives the compiler's first complaint about source on one line, in words of this project
// where the place says more than the compiler does.
func (l *language) complaint(source string, issues *cel.Issues) error {
	first := issues.Errors()[0]
	text := strings.Join(strings.Fields(first.Message), " ")
	if parsed, parsing := l.env.Parse(source); parsing.Err() != nil {
		if words := syntaxWords(source, first.Location.Line(), first.Location.Column()); words != "" {
			text = words
		}
	} else if e := find(parsed.NativeRep().Expr(), first.ExprID); e != nil {
		text = l.words(e, text)
	}
	return fmt.Errorf("%d:%d of the expression: %s", first.Location.Line(), first.Location.Column()+1, text)
}

// find gives the part of an expression with an id, nil if there is none.
func find(root ast.Expr, id int64) (found ast.Expr) {
	ast.PreOrderVisit(root, ast.NewExprVisitor(func(e ast.Expr) {
		if e.ID() == id {
			found = e
		}
	}))
	return found
}

// words adds to what the checker says of a part of an expression.
func (l *language) words(e ast.Expr, text string) string {
	switch e.Kind() {
	case ast.SelectKind:
		return text + document.Suggest(e.AsSelect().FieldName(), l.fields(e.AsSelect().Operand()))
	case ast.CallKind:
		name := e.AsCall().FunctionName()
		if name == "now" {
			return "now reads a clock, which no rule does: expected evaluation.at, the time of evaluation"
		}
		if operator, ok := operators.FindReverse(name); ok {
			return strings.ReplaceAll(text, "'"+name+"'", "'"+operator+"'")
		}
	}
	return text
}

// fields gives the fields a value may have: those of its type where that is plain, else those of all
// types of the table.
func (l *language) fields(operand ast.Expr) []string {
	if t := l.plainType(operand); t != nil {
		names, _ := l.provider.FindStructFieldNames(t.TypeName())
		return names
	}
	var names []string
	for _, o := range objects {
		for _, f := range o.fields {
			names = append(names, f.name)
		}
	}
	slices.Sort(names)
	return names
}

// plainType gives the type of a variable of the language, or of a field of one; nil for all else.
func (l *language) plainType(e ast.Expr) *types.Type {
	switch e.Kind() {
	case ast.IdentKind:
		if e.AsIdent() == "variables" {
			return variablesType
		}
		for _, v := range visible {
			if v.name == e.AsIdent() && v.by[l.sees] {
				return v.typ
			}
		}
	case ast.SelectKind:
		if t := l.plainType(e.AsSelect().Operand()); t != nil {
			if f, ok := l.provider.FindStructFieldType(t.TypeName(), e.AsSelect().FieldName()); ok {
				return f.Type
			}
		}
	}
	return nil
}

// syntaxWords says what is wrong where a text cannot be parsed, for what people bring along from other
// languages; empty if it is something else.
func syntaxWords(source string, line, column int) string {
	lines := strings.Split(source, "\n")
	if line < 1 || line > len(lines) || column < 0 {
		return ""
	}
	runes := []rune(lines[line-1])
	rest := string(runes[min(column, len(runes)):])
	if strings.TrimSpace(rest+strings.Join(lines[line:], "")) == "" {
		return "it breaks off: expected more of it"
	}
	switch word := foreign.FindString(rest); word {
	case "and":
		return "and is no operator: expected &&"
	case "or":
		return "or is no operator: expected ||"
	case "not":
		return "not is no operator: expected !"
	case "=":
		return "= is no operator: expected == to compare"
	}
	return ""
}

// foreign is what begins a rest that other languages would take.
var foreign = regexp.MustCompile(`^(and\b|or\b|not\b|=)`)
