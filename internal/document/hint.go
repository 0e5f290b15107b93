package document

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// This file looks for what people do most often where the YAML parser gives up. The parser tells
// where the construct began that it could not finish, in its own words; a hint tells the place
// and what to write. Hints are looked for only in text that has been refused, so a wrong one
// misleads and never lets anything in.

// hint is a likely mistake and its place.
type hint struct {
	line, col int
	msg       string
}

// findHint looks for a mistake at the line, from 1, the parser told, or soon after; line 0 if
// it told none.
func findHint(data []byte, line int) (hint, bool) {
	raw := strings.Split(string(data), "\n")
	lines := bare(raw)
	from := min(max(line-1, 0), len(lines)-1)
	near := []int{from, min(from+1, len(lines)-1), max(from-1, 0)}
	for i := 0; line == 0 && i < len(lines); i++ { // the parser tells no line of an alias of nothing
		if h, ok := onOneLine[0].on(lines, i); ok {
			return h, true
		}
	}
	for _, i := range near {
		if tabbed.MatchString(raw[i]) {
			return hint{i + 1, strings.IndexByte(raw[i], '\t') + 1, "a tab in the indentation: expected spaces"}, true
		}
	}
	for i := near[2]; i < len(lines); i++ {
		if h, ok := openQuote.on(lines, i); ok {
			return h, true
		}
	}
	if h, ok := openBracket(lines, from); ok {
		return h, true
	}
	for _, i := range near {
		for _, m := range onOneLine {
			if h, ok := m.on(lines, i); ok {
				return h, true
			}
		}
	}
	return misaligned(lines)
}

var (
	tabbed    = regexp.MustCompile(`^ *\t[\t ]*[^\t\r ]`)
	openQuote = lineMistake{regexp.MustCompile(`(?:^ *|[:,\[{] *|- +)(["'])`), "a %s that nothing ends on its line: expected another at the end of the text"}
	onOneLine = []lineMistake{
		{regexp.MustCompile("(?:^ *|: +|- +|[\\[{,] *)([*@%`])"), "a %s at the beginning of a text: expected the text in quotes"},
		{regexp.MustCompile(`^ *(?:- +)*([A-Za-z]+:[^ /:]+)$`), "%s: expected a space after the colon"},
		{regexp.MustCompile(`^ *(?:- +)*[^ :\[{]+: +[^\[{|>" ].*?(:)(?: |$)`), "a %s and a space within a text: expected the text in quotes"},
	}
	quoted      = regexp.MustCompile(`(^|[ \[{,])("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')`)
	comment     = regexp.MustCompile(`(^| )#.*$`)
	blockScalar = regexp.MustCompile(`(: |- )[|>][-+0-9]*$`)
	startsField = regexp.MustCompile(`^(- |-$|[^ ]+:( |$))`)
)

// bare takes from the lines what only looks like structure: strings in quotes become as many
// letters, and the lines of block scalars, comments and blanks become empty.
func bare(lines []string) []string {
	out := make([]string, len(lines))
	block := -1 // the indentation of the line a block scalar began on
	for i, text := range lines {
		text = strings.TrimRight(text, " \r")
		if indent := indentOf(text); block >= 0 && (text == "" || indent > block) {
			continue
		}
		block = -1
		text = quoted.ReplaceAllStringFunc(text, func(s string) string {
			n := strings.IndexAny(s, `"'`)
			return s[:n] + strings.Repeat("x", utf8.RuneCountInString(s[n:]))
		})
		out[i] = strings.TrimRight(comment.ReplaceAllString(text, ""), " ")
		if blockScalar.MatchString(out[i]) {
			block = indentOf(out[i])
		}
	}
	return out
}

// lineMistake is a mistake that one line shows.
type lineMistake struct {
	looks *regexp.Regexp // how; its group is the place, and what the message tells
	msg   string
}

func (m lineMistake) on(lines []string, i int) (hint, bool) {
	at := m.looks.FindStringSubmatchIndex(lines[i])
	if at == nil {
		return hint{}, false
	}
	return hint{i + 1, column(lines[i], at[2]), fmt.Sprintf(m.msg, lines[i][at[2]:at[3]])}, true
}

// openBracket finds a bracket on the line that nothing closes.
func openBracket(lines []string, from int) (hint, bool) {
	var open []int
	text := lines[from]
	unclosed := func() (hint, bool) {
		at := open[len(open)-1]
		return hint{from + 1, column(text, at), fmt.Sprintf("a %c without its %s: expected it closed", text[at], closing[text[at]])}, true
	}
	for at := range len(text) {
		switch c := text[at]; {
		case closing[c] != "":
			open = append(open, at)
		case (c == ']' || c == '}') && len(open) > 0:
			if closing[text[open[len(open)-1]]] != string(c) {
				return unclosed()
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) == 0 {
		return hint{}, false
	}
	for depth, i := len(open), from+1; i < len(lines); i++ {
		if depth += depthOf(lines[i]); depth <= 0 {
			return hint{}, false
		}
	}
	return unclosed()
}

var closing = map[byte]string{'[': "]", '{': "}"}

// level is an open list or mapping of block style.
type level struct {
	indent int
	list   bool
}

// misaligned finds the first line that stands beside nothing.
func misaligned(lines []string) (hint, bool) {
	var levels []level
	opens, depth := true, 0 // whether the line before ends with what opens a level; how many brackets are open
	for i, text := range lines {
		rest := strings.TrimLeft(text, " ")
		if rest == "" {
			continue
		}
		if depth > 0 || !startsField.MatchString(rest) { // within brackets, or a text that goes on
			depth += depthOf(text)
			continue
		}
		indent, list := len(text)-len(rest), strings.HasPrefix(rest, "-")
		if !fits(&levels, level{indent, list}, opens) {
			expected := levels[len(levels)-1].indent
			return hint{i + 1, indent + 1, fmt.Sprintf("indented by %d: expected %d, as the lines around it", indent, expected)}, true
		}
		for strings.HasPrefix(rest, "- ") {
			after := strings.TrimLeft(rest[2:], " ")
			indent += len(rest) - len(after)
			rest = after
			levels = append(levels, level{indent, strings.HasPrefix(rest, "- ")})
		}
		opens, depth = strings.HasSuffix(rest, ":") || rest == "-", depthOf(rest)
	}
	return hint{}, false
}

// fits says whether a line can stand in the open levels, and leaves those it stands in. Where
// it cannot, they stay as they were.
func fits(levels *[]level, line level, opens bool) bool {
	if opens && (len(*levels) == 0 || line.indent > (*levels)[len(*levels)-1].indent) {
		*levels = append(*levels, line)
		return true
	}
	for n := len(*levels); n > 0; n-- {
		switch top := (*levels)[n-1]; {
		case top == line:
			*levels = (*levels)[:n]
			return true
		case top.indent == line.indent && line.list && opens && n == len(*levels): // a list as far out as its field
			*levels = append(*levels, line)
			return true
		case top.indent < line.indent:
			return false
		}
	}
	return false
}

func indentOf(text string) int { return len(text) - len(strings.TrimLeft(text, " ")) }

// depthOf counts the brackets a line opens and does not close.
func depthOf(text string) int {
	return strings.Count(text, "[") + strings.Count(text, "{") - strings.Count(text, "]") - strings.Count(text, "}")
}

// column counts characters from 1.
func column(text string, at int) int { return utf8.RuneCountInString(text[:at]) + 1 }
