package policy

import (
	"cmp"
	"reflect"
	"slices"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"cel.dev/cel-go/interpreter"
)

// provider gives CEL the object types of the table and those of one policy: its parameters, its
// variables and its evidence. Types are known by name when compiling, by Go type when evaluating.
type provider struct {
	*types.Registry
	objects map[string]*object
	native  map[reflect.Type]*object
}

// newProvider makes a provider of the table's types.
func newProvider() (*provider, error) {
	base, err := types.NewRegistry()
	if err != nil {
		return nil, err
	}
	p := &provider{Registry: base, objects: map[string]*object{}, native: map[reflect.Type]*object{}}
	for native, o := range objects {
		p.add(native, o)
	}
	return p, nil
}

func (p *provider) add(native reflect.Type, o *object) {
	p.objects[o.typ.TypeName()] = o
	p.native[native] = o
}

// with is the provider with one more type.
func (p *provider) with(native reflect.Type, o *object) *provider {
	q := &provider{Registry: p.Registry, objects: map[string]*object{}, native: map[reflect.Type]*object{}}
	for n, o := range p.native {
		q.add(n, o)
	}
	q.add(native, o)
	return q
}

// FindStructType implements types.Provider.
func (p *provider) FindStructType(name string) (*types.Type, bool) {
	if o, ok := p.objects[name]; ok {
		return types.NewTypeTypeWithParam(o.typ), true
	}
	return p.Registry.FindStructType(name)
}

// FindStructFieldNames implements types.Provider.
func (p *provider) FindStructFieldNames(name string) ([]string, bool) {
	o, ok := p.objects[name]
	if !ok {
		return p.Registry.FindStructFieldNames(name)
	}
	names := make([]string, len(o.fields))
	for i, f := range o.fields {
		names[i] = f.name
	}
	return names, true
}

// FindStructFieldType implements types.Provider. A field is present when it can be read, a view when it is
// the predicate type's.
func (p *provider) FindStructFieldType(name, fieldName string) (*types.FieldType, bool) {
	o, ok := p.objects[name]
	if !ok {
		return p.Registry.FindStructFieldType(name, fieldName)
	}
	f, ok := o.field(fieldName)
	if !ok {
		return nil, false
	}
	return &types.FieldType{
		Type:    f.typ,
		GetFrom: f.read.get,
		IsSet: func(v any) bool {
			if f.read.there != nil {
				return f.read.there(v)
			}
			_, err := f.read.get(v)
			return err == nil
		},
	}, true
}

// NewValue implements types.Provider: rules cannot make facts.
func (p *provider) NewValue(name string, fields map[string]ref.Val) ref.Val {
	if _, ok := p.objects[name]; ok {
		return types.NewErr("a rule cannot make a %s", name)
	}
	return p.Registry.NewValue(name, fields)
}

// NativeToValue implements types.Adapter.
func (p *provider) NativeToValue(v any) ref.Val {
	if value, ok := v.(ref.Val); ok {
		return value
	}
	if list, ok := v.(members); ok {
		return lazyList{list, p}
	}
	t := reflect.TypeOf(v)
	if o, ok := p.native[t]; ok {
		return objectValue{typ: o.typ, v: v}
	}
	switch {
	case t == nil:
	case t.Kind() == reflect.Map:
		return orderedMap{types.NewDynamicMap(p, v)}
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		return types.NewDynamicList(p, v)
	}
	return p.Registry.NativeToValue(v)
}

// orderedMap is a map whose keys come in order. CEL's own come as Go's do, in an order of chance, and
// a rule may see it: the same inputs would give one answer now and another then.
type orderedMap struct{ traits.Mapper }

// ordered puts the keys of what is a map in order.
func ordered(v ref.Val) ref.Val {
	if m, ok := v.(traits.Mapper); ok {
		return orderedMap{m}
	}
	return v
}

// orderedLiteral is a map literal of a rule, whose keys come in order too.
type orderedLiteral struct {
	interpreter.InterpretableConstructor
}

// Exec implements interpreter.InterpretableV2.
func (l orderedLiteral) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	return ordered(l.InterpretableConstructor.Exec(frame))
}

// Eval implements interpreter.Interpretable.
func (l orderedLiteral) Eval(a interpreter.Activation) ref.Val {
	return ordered(l.InterpretableConstructor.Eval(a))
}

// orderLiterals is the planner's decorator for map literals.
func orderLiterals(i interpreter.InterpretableV2) (interpreter.InterpretableV2, error) {
	if c, ok := i.(interpreter.InterpretableConstructor); ok && c.Type() == types.MapType {
		return orderedLiteral{c}, nil
	}
	return i, nil
}

// Iterator implements traits.Iterable.
func (m orderedMap) Iterator() traits.Iterator {
	var keys []ref.Val
	for it := m.Mapper.Iterator(); it.HasNext() == types.True; {
		keys = append(keys, it.Next())
	}
	slices.SortFunc(keys, func(x, y ref.Val) int {
		if c := cmp.Compare(x.Type().TypeName(), y.Type().TypeName()); c != 0 {
			return c
		}
		order, ok := x.(traits.Comparer)
		if !ok {
			return 0 // CEL has no such keys
		}
		c, _ := order.Compare(y).(types.Int)
		return int(c)
	})
	return types.NewRefValList(types.DefaultTypeAdapter, keys).Iterator()
}
