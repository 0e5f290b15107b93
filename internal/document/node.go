package document

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Node is one value of a document. Its methods read it as what the caller expects
// and record an error against its part where it is something else, so a loader
// reads straight through and asks Part.Err once. All methods may be called on a
// nil *Node, which stands for what is absent or was refused before: they give zero
// values and record nothing.
type Node struct {
	part      *Part
	line, col int32
	kind      kind
	text      string  // of a scalar
	children  []*Node // of a list its items; of an object name, value, name, value, …
}

// kind says what a value is written as.
type kind uint8

const (
	kindNull kind = iota
	kindString
	kindBool
	kindNumber
	kindTime      // a bare YAML timestamp
	kindAmbiguous // a bare word that YAML readers take differently
	kindMerge     // a bare "<<"
	kindList
	kindObject
)

// Object is a mapping whose fields are known. The zero Object stands for one that
// was refused: it has no fields and misses none.
type Object struct {
	node  *Node
	meant []string // the known fields that unknown ones are misspellings of
}

// Entry is one name and value of a mapping with names of its own.
type Entry struct {
	// Name is the node of the name; its String is the name.
	Name *Node
	// Value is what stands under the name.
	Value *Node
}

// Object reads a mapping with no fields but those known. At the root of a document
// apiVersion and kind are known too.
func (n *Node) Object(known ...string) Object {
	if n == nil {
		return Object{}
	}
	if n.kind != kindObject {
		n.Errorf("%s: expected a mapping with %s", n.describe(), strings.Join(known, ", "))
		return Object{}
	}
	o := Object{node: n}
	root := n == n.part.Root
	for i := 0; i < len(n.children); i += 2 {
		name := n.children[i]
		if slices.Contains(known, name.text) || root && (name.text == "apiVersion" || name.text == "kind") {
			continue
		}
		near := nearest(name.text, known)
		if near != "" {
			o.meant = append(o.meant, near)
		}
		name.Errorf("unknown field %q: expected %s%s", name.text, oneOf(known), didYouMean(near))
	}
	return o
}

// Get gives the value of a field, nil if it is absent.
func (o Object) Get(name string) *Node { return o.node.field(name) }

// Misspelt reports whether the mapping has an unknown field that is one of the names
// misspelt, of any name if none is given. That has been recorded, so what follows from
// it need not be.
func (o Object) Misspelt(names ...string) bool {
	return slices.ContainsFunc(o.meant, func(m string) bool { return len(names) == 0 || slices.Contains(names, m) })
}

// Require gives the value of a field and records an error if it is absent.
func (o Object) Require(name string) *Node {
	v := o.node.field(name)
	if v == nil && !o.Misspelt(name) {
		o.node.Errorf("no %q: expected this required field", name)
	}
	return v
}

// Node gives the mapping itself, nil for the zero Object.
func (o Object) Node() *Node { return o.node }

// Entries reads a mapping with names of its own, at least one, in the order
// written.
func (n *Node) Entries() []Entry {
	switch {
	case n == nil:
		return nil
	case n.kind != kindObject:
		n.Errorf("%s: expected a mapping", n.describe())
		return nil
	case len(n.children) == 0:
		n.Errorf("an empty mapping: expected one or more entries, or the field left out")
		return nil
	}
	entries := make([]Entry, 0, len(n.children)/2)
	for i := 0; i < len(n.children); i += 2 {
		if n.children[i].text == "" {
			n.children[i].Errorf("an empty name: expected one or more characters")
			continue
		}
		entries = append(entries, Entry{n.children[i], n.children[i+1]})
	}
	return entries
}

// IsList reports whether the value is written as a list.
func (n *Node) IsList() bool { return n != nil && n.kind == kindList }

// List reads a list of one or more items. "[]" is an error: what is meant by an
// empty list, none or any, cannot be read in one way.
func (n *Node) List() []*Node {
	switch {
	case n == nil:
		return nil
	case n.kind != kindList:
		n.Errorf("%s: expected a list, in [ ] or each item behind a -", n.describe())
		return nil
	case len(n.children) == 0:
		n.Errorf("an empty list: expected one or more items, or the field left out")
		return nil
	}
	return n.children
}

// Position gives "FILE:LINE:COL", empty for a nil node.
func (n *Node) Position() string { return n.Place().String() }

// Place is where a value stands. It keeps nothing else of its document, so what was
// loaded can remember it. The zero Place is nowhere.
type Place struct {
	// File is the path of the file within its fs.FS; empty: nowhere.
	File string
	// Line and Col count from 1.
	Line, Col int32
}

// Place gives where the value stands, the zero Place for a nil node.
func (n *Node) Place() Place {
	if n == nil {
		return Place{}
	}
	return Place{n.part.Path, n.line, n.col}
}

// String gives "FILE:LINE:COL", empty for the zero Place.
func (p Place) String() string {
	if p.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Compare orders places by file, line and column.
func (p Place) Compare(q Place) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Col, q.Col))
}

// File gives the path of the file the value stands in, empty for a nil node.
func (n *Node) File() string {
	if n == nil {
		return ""
	}
	return n.part.Path
}

// Errorf records an error at this value.
func (n *Node) Errorf(format string, args ...any) {
	if n != nil {
		n.part.problems = append(n.part.problems, n.error(fmt.Sprintf(format, args...)))
	}
}

func (n *Node) error(msg string) *Error {
	return &Error{File: n.part.Path, Line: int(n.line), Col: int(n.col), Msg: msg}
}

// field gives the value of a field of an object, nil if there is none.
func (n *Node) field(name string) *Node {
	if n == nil || n.kind != kindObject {
		return nil
	}
	for i := 0; i < len(n.children); i += 2 {
		if n.children[i].text == name {
			return n.children[i+1]
		}
	}
	return nil
}

// checkRepeats records an error for each name of an object that stands twice.
func (n *Node) checkRepeats() {
	n.eachRepeat(func(name, first *Node) {
		name.Errorf("%q for the second time: expected it once, as at %d:%d", name.text, first.line, first.col)
	})
}

// eachRepeat reports each name of an object that stands twice, with where it stands first.
func (n *Node) eachRepeat(report func(name, first *Node)) {
	if n.kind != kindObject {
		return
	}
	var seen map[string]*Node
	if len(n.children) > 32 {
		seen = make(map[string]*Node, len(n.children)/2)
	}
	for i := 0; i < len(n.children); i += 2 {
		name, first := n.children[i], (*Node)(nil)
		if seen != nil {
			if first = seen[name.text]; first == nil {
				seen[name.text] = name
			}
		} else {
			for j := 0; j < i && first == nil; j += 2 {
				if n.children[j].text == name.text {
					first = n.children[j]
				}
			}
		}
		if first != nil {
			report(name, first)
		}
	}
}

// describe says what a value is, for the first half of an error.
func (n *Node) describe() string {
	switch n.kind {
	case kindNull:
		return "nothing"
	case kindString:
		return fmt.Sprintf("the string %q", shorten(n.text))
	case kindBool:
		return "the boolean " + n.text
	case kindNumber:
		return "the number " + shorten(n.text)
	case kindTime:
		return "the bare time " + n.text
	case kindAmbiguous, kindMerge:
		return fmt.Sprintf("the bare %s, which not every YAML reader takes for a string", n.text)
	case kindList:
		return "a list"
	}
	return "a mapping"
}

func shorten(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}
