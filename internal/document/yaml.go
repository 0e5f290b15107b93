package document

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// readYAML reads the one YAML document of a file.
func (p *Part) readYAML(data []byte) error {
	if len(data) > wholeBytes && p.readPieces(data, pieceBytes) {
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := dec.Decode(&doc); err != nil {
		return p.yamlError(data, err)
	}
	var next yaml.Node
	if err := dec.Decode(&next); err == nil {
		return &Error{File: p.Path, Line: next.Line, Col: next.Column, Msg: "a second YAML document: expected one document a file"}
	} else if !errors.Is(err, io.EOF) {
		return p.yamlError(data, err)
	}
	return p.read(&doc, tagLines(data))
}

// tagLines gives the lines in which tags are to be looked for, nil if there is none.
func tagLines(data []byte) [][]byte {
	if bytes.IndexByte(data, '!') < 0 {
		return nil
	}
	return bytes.Split(data, []byte("\n"))
}

// read takes a parsed YAML document for the part's; lines are those of its file.
func (p *Part) read(doc *yaml.Node, lines [][]byte) error {
	r := yamlReader{part: p, lines: lines}
	root, err := r.node(doc.Content[0], 1)
	if err != nil {
		return err
	}
	p.Root = root
	return nil
}

// yamlError gives the parser's error a place. The parser tells a line, in its text
// only, and no column; where a hint is found, that is told instead.
func (p *Part) yamlError(data []byte, err error) error {
	if errors.Is(err, io.EOF) {
		return &Error{File: p.Path, Line: 1, Col: 1, Msg: "an empty file: expected a document with apiVersion and kind"}
	}
	line, what := 0, strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(what, "line "); ok {
		if number, after, ok := strings.Cut(rest, ": "); ok {
			if n, err := strconv.Atoi(number); err == nil {
				line, what = n, after
			}
		}
	}
	if countedFromZero.MatchString(what) {
		line++
	}
	if h, ok := findHint(data, line); ok {
		return &Error{File: p.Path, Line: h.line, Col: h.col, Msg: "not YAML: " + h.msg, Cause: err}
	}
	return &Error{File: p.Path, Line: max(line, 1), Col: 1, Msg: "not YAML: " + what + ": expected one YAML document", Cause: err}
}

// countedFromZero finds the errors of the library's grammar, whose lines it counts
// from zero; those of its scanner it counts from one.
var countedFromZero = regexp.MustCompile(`^did not find expected (<document start>|node content|'-' indicator|key|',' or '[]}]')$`)

// yamlReader turns the parser's nodes into ours and refuses what the documents do
// without.
type yamlReader struct {
	part    *Part
	lines   [][]byte          // nil when the text holds no "!"
	line    int               // what to add to the lines of a piece
	names   map[string]string // of the fields of a piece, each once; nil: of a whole file
	repeats bool              // a field of a piece is there twice
	last    spot              // where a tag was looked for last
}

// spot is a place in a line, counted in characters and in bytes.
type spot struct{ line, col, at int }

func (r *yamlReader) node(y *yaml.Node, depth int) (*Node, error) {
	n := &Node{part: r.part, line: int32(y.Line + r.line), col: int32(y.Column)}
	switch {
	case y.Kind == yaml.AliasNode:
		return nil, n.error("a YAML alias: expected the value itself")
	case y.Anchor != "":
		return nil, n.error("a YAML anchor: expected the value itself")
	case y.Style&yaml.TaggedStyle != 0 || r.tagged(y):
		return nil, n.error("a YAML tag: expected the value itself")
	case depth > MaxDepth:
		return nil, n.error(fmt.Sprintf("nested more than %d deep: expected less", MaxDepth))
	case y.Kind == yaml.ScalarNode:
		n.text, n.kind = y.Value, scalarKind(y)
		return n, nil
	case y.Kind == yaml.SequenceNode:
		n.kind = kindList
	default:
		n.kind = kindObject
	}
	n.children = make([]*Node, len(y.Content))
	for i, c := range y.Content {
		child, err := r.node(c, depth+1)
		if err != nil {
			return nil, err
		}
		n.children[i], y.Content[i] = child, nil // the parser's tree is not needed twice
		if r.names != nil && n.kind == kindObject && i%2 == 0 {
			child.text = r.name(child.text)
		}
		if n.kind == kindObject && i%2 == 0 && child.kind != kindString {
			if child.kind == kindMerge {
				return nil, child.error("a YAML merge key: expected the fields themselves")
			}
			return nil, child.error(child.describe() + " as the name of a field: expected a string")
		}
		if child.kind == kindMerge {
			child.kind = kindString
		}
	}
	if r.names == nil {
		n.checkRepeats()
	} else {
		n.eachRepeat(func(_, _ *Node) { r.repeats = true })
	}
	return n, nil
}

// name gives the one copy of a field's name.
func (r *yamlReader) name(s string) string {
	if known, ok := r.names[s]; ok {
		return known
	}
	r.names[s] = s
	return s
}

// tagged finds the tag "!", which the parser does not tell of.
func (r *yamlReader) tagged(y *yaml.Node) bool {
	if r.lines == nil || y.Line > len(r.lines) {
		return false
	}
	line := r.lines[y.Line-1]
	if r.last.line != y.Line || r.last.col > y.Column { // nodes come in their order, so a line is walked once
		r.last = spot{y.Line, 1, 0}
	}
	for ; r.last.col < y.Column; r.last.col++ {
		_, size := utf8.DecodeRune(line[r.last.at:])
		r.last.at += size
	}
	return r.last.at < len(line) && line[r.last.at] == '!'
}

// scalarKind says how a scalar is read: as the YAML 1.2 core schema has it, and
// not at all where YAML 1.1 reads it otherwise.
func scalarKind(y *yaml.Node) kind {
	if y.Style != 0 {
		return kindString
	}
	switch y.Tag {
	case "!!null":
		return kindNull
	case "!!bool":
		return kindBool
	case "!!int", "!!float":
		return kindNumber
	case "!!timestamp":
		return kindTime
	case "!!merge":
		return kindMerge
	}
	switch strings.ToLower(y.Value) {
	case "yes", "no", "on", "off":
		return kindAmbiguous // booleans in YAML 1.1
	}
	if strings.Contains(y.Value, ":") && strings.Trim(y.Value, "+-0123456789:_.") == "" {
		return kindAmbiguous // numbers to the base 60 in YAML 1.1
	}
	return kindString
}
