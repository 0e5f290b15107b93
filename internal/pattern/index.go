package pattern

import (
	"sort"
	"strings"
)

// Index finds, of many patterns, those that match a string, and their values.
// It is a radix tree over the literal prefixes of the patterns, so a lookup walks
// the string once and tries only patterns whose whole prefix the string begins
// with. The zero Index is empty and ready for use. Lookups may run concurrently
// with each other, not with Add.
type Index[T any] struct {
	root node[T]
}

// node holds the patterns whose prefix is the path of labels that leads to it.
type node[T any] struct {
	label    string
	children []*node[T] // sorted by the first byte of their labels, which differ
	entries  []entry[T]
}

type entry[T any] struct {
	pattern Pattern
	value   T
}

// Add files v under p. A pattern may be added many times; every value is found.
// The zero Pattern is never found.
func (x *Index[T]) Add(p Pattern, v T) {
	at, rest := &x.root, p.Prefix()
	for rest != "" {
		i, found := at.child(rest[0])
		if !found {
			n := &node[T]{label: rest}
			at.children = append(at.children, nil)
			copy(at.children[i+1:], at.children[i:])
			at.children[i] = n
			at, rest = n, ""
			break
		}
		next := at.children[i]
		if shared := commonPrefix(next.label, rest); shared < len(next.label) {
			split := &node[T]{label: next.label[:shared], children: []*node[T]{next}}
			next.label = next.label[shared:]
			at.children[i] = split
			next = split
		}
		at, rest = next, rest[len(next.label):]
	}
	at.entries = append(at.entries, entry[T]{p, v})
}

// Lookup calls yield for each pattern that matches s and its value, shorter
// prefixes first and otherwise in the order they were added, until yield returns
// false.
func (x *Index[T]) Lookup(s string, yield func(p Pattern, v T) bool) {
	at, rest := &x.root, s
	for {
		for i := range at.entries {
			if e := &at.entries[i]; e.pattern.Match(s) && !yield(e.pattern, e.value) {
				return
			}
		}
		if rest == "" {
			return
		}
		i, found := at.child(rest[0])
		if !found || !strings.HasPrefix(rest, at.children[i].label) {
			return
		}
		at = at.children[i]
		rest = rest[len(at.label):]
	}
}

// child gives the place of the child whose label begins with b, and whether
// there is one.
func (n *node[T]) child(b byte) (int, bool) {
	i := sort.Search(len(n.children), func(i int) bool { return n.children[i].label[0] >= b })
	return i, i < len(n.children) && n.children[i].label[0] == b
}

func commonPrefix(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}
