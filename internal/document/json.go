package document

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// readJSON reads the one JSON value of a file. Positions are those a text editor
// shows.
func (p *Part) readJSON(data []byte) error {
	r := &jsonReader{
		part: p, data: data, line: 1,
		// Repeated names are found by checkRepeats, which tells both places.
		dec: jsontext.NewDecoder(bytes.NewReader(data), jsontext.AllowDuplicateNames(true)),
	}
	root, err := r.node(1)
	if err != nil {
		return err
	}
	r.advance()
	if _, err := r.dec.ReadToken(); !errors.Is(err, io.EOF) {
		return r.error("text after the document: expected one JSON value a file")
	}
	p.Root = root
	return nil
}

// jsonReader turns JSON tokens into nodes.
type jsonReader struct {
	part *Part
	data []byte
	dec  *jsontext.Decoder

	offset int // how far line and col have got
	line   int
	col    int // characters before offset in its line
}

func (r *jsonReader) node(depth int) (*Node, error) {
	r.advance()
	n := &Node{part: r.part, line: int32(r.line), col: int32(r.col + 1)}
	if depth > MaxDepth {
		return nil, n.error(fmt.Sprintf("nested more than %d deep: expected less", MaxDepth))
	}
	token, err := r.dec.ReadToken()
	if err != nil {
		return nil, r.syntax(err)
	}
	switch token.Kind() {
	case '"':
		n.kind, n.text = kindString, token.String()
	case '0':
		n.kind, n.text = kindNumber, token.String()
	case 't', 'f':
		n.kind, n.text = kindBool, token.String()
	case 'n':
		n.kind = kindNull
	case '{', '[':
		n.kind = kindObject
		end := jsontext.Kind('}')
		if token.Kind() == '[' {
			n.kind, end = kindList, ']'
		}
		for r.dec.PeekKind() != end {
			child, err := r.node(depth + 1)
			if err != nil {
				return nil, err
			}
			n.children = append(n.children, child)
		}
		if _, err := r.dec.ReadToken(); err != nil {
			return nil, r.syntax(err)
		}
		n.checkRepeats()
	}
	return n, nil
}

// advance moves the position to the next token, past white space and the "," or
// ":" before it.
func (r *jsonReader) advance() {
	at := int(r.dec.InputOffset())
	for at < len(r.data) && bytes.IndexByte([]byte(" \t\r\n,:"), r.data[at]) >= 0 {
		at++
	}
	r.moveTo(at)
}

func (r *jsonReader) moveTo(at int) {
	for ; r.offset < at; r.offset++ {
		switch {
		case r.data[r.offset] == '\n':
			r.line++
			r.col = 0
		case utf8.RuneStart(r.data[r.offset]):
			r.col++
		}
	}
}

func (r *jsonReader) error(msg string) error {
	return &Error{File: r.part.Path, Line: r.line, Col: r.col + 1, Msg: msg}
}

func (r *jsonReader) syntax(err error) error {
	what := err
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		r.moveTo(min(int(syntactic.ByteOffset), len(r.data)))
		what = syntactic.Err
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		r.moveTo(len(r.data))
		return r.error("the file ends too early: expected one whole JSON value")
	}
	return r.error(fmt.Sprintf("not JSON: %v: expected one JSON value", what))
}
