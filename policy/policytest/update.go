package policytest

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/surety-dev/surety/internal/document"
)

// Update gives the text of the case with what the verdicts are in the place of what it wanted, and nothing
// else changed: decision and codes, and of the rest what it looked at before. It never makes a case admit what
// it refused, nor lets anything that breaks a case be admitted, nor writes what could not be judged or is no
// case: an error says so, and where.
func (c *Case) Update(r Result) ([]byte, error) {
	var errs []error
	var edits []splice
	root, err := c.reread(c.text)
	if err != nil {
		return nil, err
	}
	for i, t := range r.Trials {
		at := c.trials[i].at
		refuse := func(format string, args ...any) {
			errs = append(errs, &Error{File: c.file, Line: int(at.Line), Col: int(at.Col), Msg: fmt.Sprintf(format, args...)})
		}
		switch {
		case t.Err != nil:
			errs = append(errs, t.Err)
		case t.Passed():
		case t.Want != nil && !t.Want.Decision.Admits() && t.Got.Decision.Admits():
			refuse("the decision %s where %s was wanted: expected it changed by hand, if it is meant", t.Got.Decision, t.Want.Decision)
		case t.Name != "" && t.Got.Decision.Admits():
			refuse("the decision %s, though the case is broken: expected a change that breaks it", t.Got.Decision)
		default:
			edits = append(edits, c.splice(root, t))
		}
	}
	if errs != nil {
		return nil, errors.Join(errs...)
	}
	return c.spliced(edits)
}

// reread parses case.yaml of a text of the case.
func (c *Case) reread(text []byte) (*document.Node, error) {
	line, data, err := (&Case{file: c.file, text: text, root: c.root}).unpack()
	if err != nil {
		return nil, err
	}
	parts, err := document.ParseYAML(c.file, append(bytes.Repeat([]byte("\n"), line), data...))
	if err != nil {
		return nil, err
	}
	return parts[0].Root, nil
}

// splice is a part of a text to replace.
type splice struct {
	from, to int
	text     string
}

// splice says where the wanted outcome of a trial stands, or is to stand, and what to write there.
func (c *Case) splice(root *document.Node, t Trial) splice {
	o, parent := root.Fields(), root
	broken := o.Get("broken")
	if t.Name != "" {
		for _, e := range broken.Entries() {
			if e.Name.String() == t.Name {
				o, parent = e.Value.Fields(), e.Value
			}
		}
	}
	text := t.Got.asWanted(t.Want).String()
	if n := o.Get("want"); n != nil {
		from := c.offset(n.Place())
		return splice{from, c.end(from, int(n.Place().Col)), text}
	}
	at := c.offset(parent.Place())
	end := c.end(at, int(parent.Place().Col))
	switch {
	case t.Name == "" && broken != nil && c.text[at] != '{': // before what breaks it
		from := c.offset(placeOf(root, "broken"))
		return splice{from, from, "want: " + text + "\n"}
	case c.text[at] == '{':
		return splice{end - 1, end - 1, ", want: " + text}
	}
	return splice{end, end, "\n" + strings.Repeat(" ", int(parent.Place().Col)-1) + "want: " + text}
}

// placeOf is where the name of a field stands.
func placeOf(n *document.Node, name string) document.Place {
	for _, e := range n.Entries() {
		if e.Name.String() == name {
			return e.Name.Place()
		}
	}
	return n.Place()
}

// offset is where a place stands in the text.
func (c *Case) offset(p document.Place) int {
	at := 0
	for range p.Line - 1 {
		at += bytes.IndexByte(c.text[at:], '\n') + 1
	}
	for range p.Col - 1 {
		_, size := utf8.DecodeRune(c.text[at:])
		at += size
	}
	return at
}

// end is where the mapping that begins there ends: with its bracket, or with the last line that is not
// indented less.
func (c *Case) end(from, col int) int {
	if c.text[from] == '{' {
		return from + closing(c.text[from:])
	}
	end := from
	for at := from; at < len(c.text); {
		line := c.text[at:]
		if i := bytes.IndexByte(line, '\n'); i >= 0 {
			line = line[:i]
		}
		text := bytes.TrimLeft(line, " ")
		outside := at > from && (len(line)-len(text) < col-1 || bytes.HasPrefix(line, []byte("-- ")))
		switch {
		case len(text) == 0 || text[0] == '#':
		case outside:
			return end
		default:
			end = at + len(line)
		}
		at += len(line) + 1
	}
	return end
}

// closing is where the bracket is closed that the text begins with, past strings and comments.
func closing(text []byte) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		case '"', '\'':
			for i++; i < len(text) && text[i] != c; i++ {
				if c == '"' && text[i] == '\\' {
					i++
				}
			}
		case '#':
			if text[i-1] != ' ' && text[i-1] != '\n' {
				continue
			}
			for i+1 < len(text) && text[i+1] != '\n' {
				i++
			}
		}
	}
	return len(text)
}

// spliced is the text with parts replaced. Whatever the places were, it says the same but for what is wanted.
func (c *Case) spliced(edits []splice) ([]byte, error) {
	slices.SortFunc(edits, func(a, b splice) int { return b.from - a.from })
	text := slices.Clone(c.text)
	for _, e := range edits {
		text = slices.Replace(text, e.from, e.to, []byte(e.text)...)
	}
	before, err := c.reread(c.text)
	if err != nil {
		return nil, err
	}
	after, err := c.reread(text)
	if err != nil || !reflect.DeepEqual(unwanted(before.Value()), unwanted(after.Value())) {
		return nil, &Error{File: c.file, Msg: "what is wanted stands where it cannot be replaced: expected each want as a mapping in { } on a line of its own"}
	}
	if _, err := newCase(c.root.(overlay).under, c.file, text); err != nil {
		return nil, err
	}
	return text, nil
}

// unwanted is a case without what it wants.
func unwanted(value any) any {
	m, ok := value.(map[string]any)
	if !ok {
		return value
	}
	m = maps.Clone(m)
	delete(m, "want")
	if broken, ok := m["broken"].(map[string]any); ok {
		broken = maps.Clone(broken)
		for name, change := range broken {
			if c, ok := change.(map[string]any); ok {
				c = maps.Clone(c)
				delete(c, "want")
				broken[name] = c
			}
		}
		m["broken"] = broken
	}
	return m
}
