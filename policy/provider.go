package policy

import (
	"reflect"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
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

// FindStructFieldType implements types.Provider. A field is present when it can be read.
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
		GetFrom: f.get,
		IsSet: func(v any) bool {
			_, err := f.get(v)
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
	switch list := v.(type) {
	case ref.Val:
		return list
	case []*Signer:
		return types.NewDynamicList(p, list)
	case []*view:
		return types.NewDynamicList(p, list)
	}
	t := reflect.TypeOf(v)
	if o, ok := p.native[t]; ok {
		return objectValue{typ: o.typ, v: v}
	}
	if t != nil && t.Kind() == reflect.Slice && p.native[t.Elem()] != nil {
		return types.NewDynamicList(p, v)
	}
	return p.Registry.NativeToValue(v)
}
