package attest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// SyntaxError says where evidence cannot be read, and why.
type SyntaxError struct {
	// Source is the item's source as the caller gave it, "" if none.
	Source string
	// Offset is the byte offset at or after which the problem stands, in the JSON text Path is about:
	// the item's, or for a path through "payload" that of the decoded payload.
	Offset int64
	// Path is the place in the item ("$.payload.subject[0].digest"); a step through "payload"
	// goes on inside the decoded payload.
	Path string
	// Msg says what is wrong and what was expected. It may quote the evidence, shortened.
	Msg string
}

// Error joins source, path and message: "file.json: $.payload: …".
func (e *SyntaxError) Error() string {
	msg := e.Path + ": " + e.Msg
	if e.Source != "" {
		msg = e.Source + ": " + msg
	}
	return msg
}

// fail records what is wrong with the value read last.
func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = &SyntaxError{
			Source: r.source, Offset: r.dec.InputOffset(),
			Path: r.path(r.dec.StackPointer()), Msg: fmt.Sprintf(format, args...),
		}
	}
}

// fault records an error of the decoder.
func (r *reader) fault(err error) {
	r.broken = true
	e := &SyntaxError{Source: r.source, Offset: r.dec.InputOffset(), Path: r.root, Msg: "is empty; expected a JSON value"}
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) {
		e.Offset = syntactic.ByteOffset
		e.Path = r.path(syntactic.JSONPointer)
		e.Msg = fmt.Sprintf("%.200s", syntactic.Err.Error())
		if errors.Is(err, jsontext.ErrDuplicateName) {
			e.Msg = "is a duplicate name"
		}
	}
	r.err = e
}

// path writes a JSON pointer as names and indexes after the root.
func (r *reader) path(pointer jsontext.Pointer) string {
	var b strings.Builder
	b.WriteString(r.root)
	level := 0
	for tok := range pointer.Tokens() {
		level++
		if level <= r.dec.StackDepth() {
			if kind, _ := r.dec.StackIndex(level); kind == jsontext.KindBeginArray {
				b.WriteString("[" + tok + "]")
				continue
			}
		}
		if plain(tok) {
			b.WriteString("." + tok)
		} else {
			b.WriteString("[" + quote(tok) + "]")
		}
	}
	return b.String()
}

func plain(name string) bool {
	return name != "" && len(name) <= 64 && strings.IndexFunc(name, func(c rune) bool {
		return c != '_' && c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
	}) < 0
}

// quote quotes a piece of evidence for a message, shortened.
func quote(s string) string {
	if len(s) > 80 {
		s = strings.ToValidUTF8(s[:80], "") + "…"
	}
	return strconv.QuoteToASCII(s)
}
