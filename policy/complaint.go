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
	switch text {
	case "invalid matches argument":
		return "a pattern that cannot be read: expected a regular expression of RE2"
	case "invalid timestamp argument":
		return "a time that cannot be read: expected one such as '2026-01-02T15:04:05Z'"
	case "invalid duration argument":
		return "a duration that cannot be read: expected one such as '36h' or '90m'"
	}
	switch e.Kind() {
	case ast.SelectKind:
		if name := e.AsSelect().FieldName(); strings.HasPrefix(text, "undefined field") {
			fields := l.fields(e.AsSelect().Operand())
			if near := document.Suggest(name, fields); near != "" {
				return text + near
			}
			if l.plainType(e.AsSelect().Operand()) != nil && len(fields) > 0 && len(fields) <= 16 {
				return text + ": expected one of " + strings.Join(fields, ", ")
			}
		}
	case ast.CallKind:
		name := e.AsCall().FunctionName()
		if name == "now" {
			return "now reads a clock, which no rule does: expected evaluation.at, the time of evaluation"
		}
		text = strings.ReplaceAll(text, "surety.", "")
		if operator, ok := operators.FindReverse(name); ok {
			return strings.ReplaceAll(text, "'"+name+"'", "'"+operator+"'") + compared(name, text)
		}
		if strings.Contains(text, "no matching overload") {
			return text + l.signatures(name)
		}
	}
	return text
}

// compared says what to write instead of an operator between what cannot be compared so.
func compared(operator, text string) string {
	if !strings.Contains(text, "no matching overload") {
		return ""
	}
	switch operator {
	case operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals:
		switch {
		case strings.Contains(text, "'(Version, Version)'"):
			return ": expected .isLessThan(...), .isGreaterThan(...) or .compareTo(...)"
		case strings.Contains(text, "'(Span, Span)'"):
			return ": expected .before(...) or .recordedBefore(...)"
		case strings.Contains(text, "Span"):
			return ": expected a time, such as its .notAfter"
		}
		return ": expected two values of one type that has an order"
	case operators.Equals, operators.NotEquals:
		return ": expected two values of one type"
	case operators.In:
		return ": expected a list or a map on the right"
	case operators.LogicalNot:
		return ": expected a bool"
	}
	return ""
}

// signatures says how a function of this package is called.
func (l *language) signatures(name string) string {
	f, ok := l.env.Functions()[name]
	if !ok || f.Description() == "" {
		return ""
	}
	var list []string
	for _, o := range f.OverloadDecls() {
		args := make([]string, len(o.ArgTypes()))
		for i, a := range o.ArgTypes() {
			args[i] = strings.ReplaceAll(a.String(), "surety.", "")
		}
		called := name
		if o.IsMemberFunction() {
			called, args = args[0]+"."+name, args[1:]
		}
		list = append(list, called+"("+strings.Join(args, ", ")+")")
	}
	if len(list) == 0 || len(list) > 3 {
		return ""
	}
	return ": expected " + strings.Join(list, " or ")
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
	before := strings.TrimRight(string(runes[:min(column, len(runes))]), " ")
	switch word := foreign.FindString(rest); {
	case word == "and":
		return "and is no operator: expected &&"
	case word == "or":
		return "or is no operator: expected ||"
	case word == "not", before == "not", strings.HasSuffix(before, " not"), strings.HasSuffix(before, "(not"):
		return "not is no operator: expected !"
	case word == "=":
		return "= is no operator: expected == to compare"
	case word == ")" || word == "]" || word == "}":
		return "a " + word + " that nothing opened: expected it left out"
	case (word == "'" || word == `"`) && strings.Count(rest, word)%2 == 1:
		return "a " + word + " that nothing ends: expected another at the end of the text"
	case word == ":":
		return "a : where none is expected: a rule assigns nothing, variables do"
	}
	return ""
}

// foreign is what begins a rest that other languages would take.
var foreign = regexp.MustCompile(`^(and\b|or\b|not\b|[=)\]}'":])`)
