// Package enum gives small integer types their names, strictly: what has no name is not written, and
// what is not a name is not read. The position in the list is the value.
package enum

import (
	"fmt"
	"slices"
)

// Names are the names of an enumeration's values, by value.
type Names struct {
	// Type says what the values are, in errors: "decision".
	Type string
	// List holds the names.
	List []string
}

// String gives a value's name, or the type and number of a value without one.
func (n Names) String(v uint8) string {
	if int(v) < len(n.List) {
		return n.List[v]
	}
	return fmt.Sprintf("%s(%d)", n.Type, v)
}

// Marshal writes a value's name; a value without one is an error.
func (n Names) Marshal(v uint8) ([]byte, error) {
	if int(v) >= len(n.List) {
		return nil, fmt.Errorf("no %s %d", n.Type, v)
	}
	return []byte(n.List[v]), nil
}

// Unmarshal reads a name, byte for byte.
func (n Names) Unmarshal(text []byte) (uint8, error) {
	i := slices.Index(n.List, string(text))
	if i < 0 {
		return 0, fmt.Errorf("no %s %q: expected one of %q", n.Type, text, n.List)
	}
	return uint8(i), nil
}
