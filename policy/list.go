package policy

import (
	"fmt"
	"reflect"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// members is a list whose members CEL knows by pointer.
type members interface {
	size() int
	at(i int) any
}

// pointers gives a list to CEL by pointers to its members, and copies nothing: a rule may read it in a loop.
func pointers[T any](list []T) slice[T] { return list }

// slice is a list of values.
type slice[T any] []T

func (s slice[T]) size() int    { return len(s) }
func (s slice[T]) at(i int) any { return &s[i] }

// lazyList is such a list as CEL handles it: members become objects when they are read.
type lazyList struct {
	members
	adapter types.Adapter
}

// Get implements traits.Indexer.
func (l lazyList) Get(index ref.Val) ref.Val {
	i, ok := index.ConvertToType(types.IntType).(types.Int)
	if !ok || index.Type() == types.StringType || index.Equal(i) != types.True {
		return types.NewErr("an index that is no whole number")
	}
	if i < 0 || i >= types.Int(l.size()) {
		return types.NewErr("index out of bounds: %d", i)
	}
	return l.adapter.NativeToValue(l.at(int(i)))
}

// Size implements traits.Sizer.
func (l lazyList) Size() ref.Val { return types.Int(l.size()) }

// Contains implements traits.Container.
func (l lazyList) Contains(value ref.Val) ref.Val {
	for i := range l.size() {
		if l.adapter.NativeToValue(l.at(i)).Equal(value) == types.True {
			return types.True
		}
	}
	return types.False
}

// Equal implements ref.Val.
func (l lazyList) Equal(other ref.Val) ref.Val {
	list, ok := other.(traits.Lister)
	if !ok || list.Size() != l.Size() {
		return types.False
	}
	for i := range l.size() {
		if types.Equal(l.adapter.NativeToValue(l.at(i)), list.Get(types.Int(i))) != types.True {
			return types.False
		}
	}
	return types.True
}

// Add implements traits.Adder. It copies, and functionCosts counts that.
func (l lazyList) Add(other ref.Val) ref.Val { return l.copied().Add(other) }

func (l lazyList) copied() traits.Lister {
	list := make([]ref.Val, l.size())
	for i := range list {
		list[i] = l.adapter.NativeToValue(l.at(i))
	}
	return types.NewRefValList(l.adapter, list)
}

// Iterator implements traits.Iterable.
func (l lazyList) Iterator() traits.Iterator { return &lazyIterator{list: l} }

// ConvertToNative implements ref.Val.
func (l lazyList) ConvertToNative(t reflect.Type) (any, error) { return l.copied().ConvertToNative(t) }

// ConvertToType implements ref.Val.
func (l lazyList) ConvertToType(t ref.Type) ref.Val {
	switch t {
	case types.ListType:
		return l
	case types.TypeType:
		return types.ListType
	}
	return types.NewErr("a list has no other form")
}

// Type implements ref.Val.
func (l lazyList) Type() ref.Type { return types.ListType }

// Value implements ref.Val. It is no slice: CEL's functions would take that for their own kind of list.
func (l lazyList) Value() any { return struct{ members }{l.members} }

// IsZeroValue implements traits.Zeroer.
func (l lazyList) IsZeroValue() bool { return l.size() == 0 }

// lazyIterator goes through a lazyList.
type lazyIterator struct {
	list lazyList
	next int
}

// HasNext implements traits.Iterator.
func (i *lazyIterator) HasNext() ref.Val { return types.Bool(i.next < i.list.size()) }

// Next implements traits.Iterator.
func (i *lazyIterator) Next() ref.Val {
	if i.next >= i.list.size() {
		return nil
	}
	i.next++
	return i.list.Get(types.Int(i.next - 1))
}

// ConvertToNative implements ref.Val, as do the others: an iterator never is a value of a rule.
func (*lazyIterator) ConvertToNative(reflect.Type) (any, error) {
	return nil, fmt.Errorf("an iterator has no other form")
}

// ConvertToType implements ref.Val.
func (*lazyIterator) ConvertToType(ref.Type) ref.Val {
	return types.NewErr("an iterator has no other form")
}

// Equal implements ref.Val.
func (*lazyIterator) Equal(ref.Val) ref.Val { return types.False }

// Type implements ref.Val.
func (*lazyIterator) Type() ref.Type { return types.IteratorType }

// Value implements ref.Val.
func (*lazyIterator) Value() any { return nil }
