package policytest

import "maps"

// merge is a merge patch applied (RFC 7396); nil is no patch.
func merge(target, patch any) any {
	changes, ok := patch.(map[string]any)
	switch {
	case patch == nil:
		return target
	case !ok:
		return patch
	}
	fields, ok := target.(map[string]any)
	if fields = maps.Clone(fields); !ok {
		fields = map[string]any{}
	}
	for name, change := range changes {
		if change == nil {
			delete(fields, name)
		} else {
			fields[name] = merge(fields[name], change)
		}
	}
	return fields
}

// compose is the patch that does what two do one after the other.
func compose(first, second any) any {
	a, isObject := first.(map[string]any)
	b, ok := second.(map[string]any)
	if !ok || !isObject {
		return second
	}
	both := maps.Clone(a)
	for name, change := range b {
		both[name] = change
		if before, had := a[name]; had && change != nil {
			both[name] = compose(before, change)
		}
	}
	return both
}
