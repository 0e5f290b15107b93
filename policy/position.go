package policy

import (
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"

	"github.com/surety-dev/surety/internal/document"
)

// This file follows a place in an expression to the place in its document.

// exactPlace gives where a part of the expression stands in the document, or where the expression does.
func (x *expression) exactPlace(e ast.Expr) string {
	line, column := x.begin(e)
	if line < 1 || line > len(x.lines) {
		return x.position
	}
	at := x.lines[line-1]
	at.Col += int32(column - 1)
	return at.String()
}

// lines gives where each line of an expression begins in the document; nil if the document writes it in
// another way than the expression is read: with escapes, or folded.
func (l *loader) lines(n *document.Node, source string) []document.Place {
	at := n.Place()
	text, ok := l.texts[at.File]
	if !ok {
		data, err := document.ReadFile(l.fsys, at.File)
		if err != nil {
			return nil
		}
		text = strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
		if l.texts == nil {
			l.texts = map[string][]string{}
		}
		l.texts[at.File] = text
	}
	if at.Line < 1 || int(at.Line) > len(text) {
		return nil
	}
	line := []rune(text[at.Line-1])
	if at.Col < 1 || int(at.Col) > len(line) {
		return nil
	}
	rest := string(line[at.Col-1:])
	switch quote := rest[:1]; {
	case rest[0] == '|' || rest[0] == '>' && !strings.Contains(strings.TrimRight(source, "\n"), "\n"):
		return block(text, at, strings.Split(strings.TrimRight(source, "\n"), "\n"))
	case (quote == `"` || quote == "'") && strings.HasPrefix(rest[1:], source+quote):
		at.Col++
		return []document.Place{at}
	case strings.HasPrefix(rest, source):
		return []document.Place{at}
	}
	return nil
}

// block gives the places of the lines of a literal block that begins after at.
func block(text []string, at document.Place, lines []string) []document.Place {
	text = text[at.Line:]
	if len(text) < len(lines) {
		return nil
	}
	first := slices.IndexFunc(lines, func(s string) bool { return strings.TrimSpace(s) != "" })
	if first < 0 {
		return nil
	}
	indent := strings.TrimSuffix(text[first], lines[first])
	places := make([]document.Place, len(lines))
	for i, line := range lines {
		if strings.TrimSpace(indent) != "" || strings.TrimRight(text[i], " ") != strings.TrimRight(indent+line, " ") {
			return nil
		}
		places[i] = document.Place{File: at.File, Line: at.Line + int32(i) + 1, Col: int32(len(indent)) + 1}
	}
	return places
}
