package policy

import (
	"cmp"
	"slices"

	"cel.dev/cel-go/common/types"
)

// parameterValues is a policy's params as rules see them.
type parameterValues struct{ values map[string]any }

// standingEvidence is what stands, as rules without about see it.
type standingEvidence struct{ byName map[string][]*view }

// paramsObject types a policy's params by their values: a misspelt one does not compile.
func paramsObject(params map[string]any) *object {
	o := &object{typ: paramsType}
	for name, value := range params {
		o.fields = append(o.fields, field{name: name, typ: typeOf(value), read: access{get: func(v any) (any, error) {
			return dynamic(v.(*parameterValues).values[name], nil)
		}}})
	}
	slices.SortFunc(o.fields, func(x, y field) int { return cmp.Compare(x.name, y.name) })
	return o
}

// evidenceObject types a policy's evidence by name.
func evidenceObject(needs []Requirement) *object {
	o := &object{typ: evidenceType}
	for _, n := range needs {
		o.fields = append(o.fields, field{name: n.Name, typ: attestationList, read: access{get: func(v any) (any, error) {
			if list := v.(*standingEvidence).byName[n.Name]; list != nil {
				return list, nil
			}
			return []*view{}, nil
		}}})
	}
	return o
}

// typeOf gives the CEL type of a parameter's value.
func typeOf(v any) *types.Type {
	switch v := v.(type) {
	case bool:
		return types.BoolType
	case int64:
		return types.IntType
	case uint64:
		return types.UintType
	case float64:
		return types.DoubleType
	case string:
		return types.StringType
	case []any:
		return types.NewListType(common(v))
	case map[string]any:
		members := make([]any, 0, len(v))
		for _, m := range v {
			members = append(members, m)
		}
		return types.NewMapType(types.StringType, common(members))
	}
	return types.DynType
}

// common gives the one type of all values, or dyn.
func common(values []any) *types.Type {
	if len(values) == 0 {
		return types.DynType
	}
	t := typeOf(values[0])
	for _, v := range values[1:] {
		if !typeOf(v).IsExactType(t) {
			return types.DynType
		}
	}
	return t
}
