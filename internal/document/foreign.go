package document

import (
	"bytes"
	"errors"
	"io"

	"go.yaml.in/yaml/v3"
)

// This file reads what other tools write: as strict in form as a document of ours (no repeated fields,
// aliases or tags), but with fields that are not ours to know, empty lists and absent values.

// ParseJSON reads one JSON value. The part's Kind is empty.
func ParseJSON(name string, data []byte) (*Part, error) {
	part := &Part{Path: name, Digest: Sum(data)}
	if err := part.checkUTF8(data); err != nil {
		return nil, err
	}
	return part, part.readJSON(data)
}

// ParseYAML reads the YAML documents of one file; those that hold nothing are left out. Each is a part of
// its own, with an empty Kind; lines count through the file.
func ParseYAML(name string, data []byte) ([]*Part, error) {
	first := &Part{Path: name, Digest: Sum(data)}
	if err := first.checkUTF8(data); err != nil {
		return nil, err
	}
	var parts []*Part
	lines := tagLines(data)
	for dec := yaml.NewDecoder(bytes.NewReader(data)); ; {
		var doc yaml.Node
		if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
			return parts, nil
		} else if err != nil {
			return nil, first.yamlError(data, err)
		}
		part := &Part{Path: name, Digest: first.Digest}
		if err := part.read(&doc, lines); err != nil {
			return nil, err
		}
		if part.Root.kind != kindNull {
			parts = append(parts, part)
		}
	}
}

// Fields reads a mapping whose other fields are not ours to know; nothing (null) is an empty one.
func (n *Node) Fields() Object {
	switch {
	case n == nil || n.kind == kindNull:
		return Object{}
	case n.kind != kindObject:
		n.Errorf("%s: expected a mapping", n.describe())
		return Object{}
	}
	return Object{node: n}
}

// RequireFields reads a mapping that must be there.
func (o Object) RequireFields(name string) Object {
	v := o.Require(name)
	if v != nil && v.kind == kindNull {
		v.Errorf("%s: expected a mapping", v.describe())
	}
	return v.Fields()
}

// Names gives the names and values of a mapping in the order written, none for an empty or absent one.
func (n *Node) Names() []Entry {
	o := n.Fields()
	if o.node == nil || len(n.children) == 0 {
		return nil
	}
	return n.Entries()
}

// Items reads a list; nothing (null) and an empty one have no items.
func (n *Node) Items() []*Node {
	if n == nil || n.kind == kindNull || n.kind == kindList && len(n.children) == 0 {
		return nil
	}
	return n.List()
}

// Text reads a string, empty for nothing (null) and for an empty one.
func (n *Node) Text() string {
	if n == nil || n.kind == kindNull || n.kind == kindString && n.text == "" {
		return ""
	}
	return n.String()
}

// Line gives the line a value stands on, zero for a nil node.
func (n *Node) Line() int {
	if n == nil {
		return 0
	}
	return int(n.line)
}
