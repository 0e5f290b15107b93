package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// replacements stand in the place of each value in turn.
var replacements = []any{
	nil, true, false, json.Number("7"), json.Number("0"), json.Number("-1"), json.Number("1.5"), []any{}, []any{"x"}, map[string]any{}, map[string]any{"zz": "x"},
	"", "x", " x", "x ", "7", "a?", "a/**b", "x*", "**", "/", "*", "../x", "/x", `a\b`, "notes.txt", "2026-05-01", "2026-13-01T00:00:00Z", "1812-05-01T00:00:00Z", "2026-05-01T00:00:00Z", "2026-05-01T00:00:00+24:00",
	"90", "0d", "90d", "-90d", "2w", "build", "alice", "release", "active", "suspended", "key-compromise", "superseded", "in", "re-lease",
	strings.Repeat("x", 4096), strings.Repeat("x", 4097), strings.Repeat("x/", 63) + "x", strings.Repeat("x/", 64) + "x",
}

// changes calls try with every change of one thing in a document: fields removed, misspelt and added,
// values replaced, items repeated. Of places that are alike (items of one list with the same fields) it
// changes the first. The document is changed in place and put right again after each.
func changes(doc any, try func(what string, changed any)) {
	done := map[string]bool{}
	var visit func(path string, v any, set func(any))
	visit = func(path string, v any, set func(any)) {
		alike := index.ReplaceAllString(path, "/*")
		if object, ok := v.(map[string]any); ok {
			alike += fmt.Sprint(slices.Sorted(maps.Keys(object)))
		}
		first := !done[alike]
		done[alike] = true
		change := func(what string, to any) {
			if first {
				set(to)
				try(path+what, doc)
				set(v)
			}
		}
		for _, r := range replacements {
			change(fmt.Sprintf(" is %#v", r), r)
		}
		change(" in a list", []any{v})
		switch v := v.(type) {
		case string:
			change(" with more text", v+"zz")
		case []any:
			for i := range v {
				visit(path+"/"+strconv.Itoa(i), v[i], func(r any) { v[i] = r })
			}
			if len(v) > 0 {
				change(" with its last item twice", append(slices.Clone(v), v[len(v)-1]))
			}
		case map[string]any:
			changeFields(v, change)
			for _, name := range slices.Sorted(maps.Keys(v)) {
				visit(path+"/"+name, v[name], func(r any) { v[name] = r })
			}
		}
	}
	visit("", doc, func(r any) { doc = r })
}

// index is a place in a list, in a path.
var index = regexp.MustCompile(`/[0-9]+`)

// changeFields changes the names of an object's fields.
func changeFields(v map[string]any, change func(what string, to any)) {
	with := func(edit func(map[string]any)) map[string]any {
		c := maps.Clone(v)
		edit(c)
		return c
	}
	change(" with another field", with(func(c map[string]any) { c["zz"] = "x" }))
	for _, name := range slices.Sorted(maps.Keys(v)) {
		change(" without "+name, with(func(c map[string]any) { delete(c, name) }))
		change(" with "+name+" misspelt", with(func(c map[string]any) { delete(c, name); c[name+"s"] = v[name] }))
	}
}

// place is a place in a schema, by its JSON pointer.
type place struct {
	root, at map[string]any
	pointer  string
}

// resolved follows references, and of alternatives takes the list.
func (p place) resolved() place {
	if ref, ok := p.at["$ref"].(string); ok {
		name := strings.TrimPrefix(ref, "#/$defs/")
		return place{p.root, p.root["$defs"].(map[string]any)[name].(map[string]any), "#/$defs/" + name}
	}
	return p
}

func (p place) items() place {
	p = p.resolved()
	if either, ok := p.at["anyOf"].([]any); ok {
		p = place{p.root, either[1].(map[string]any), p.pointer + "/anyOf/1"}
	}
	return place{p.root, p.at["items"].(map[string]any), p.pointer + "/items"}.resolved()
}

// properties are the fields of an object, nil where names are free.
func (p place) properties() map[string]place {
	p = p.resolved()
	properties, ok := p.at["properties"].(map[string]any)
	if !ok {
		return nil
	}
	fields := map[string]place{}
	for name, at := range properties {
		fields[name] = place{p.root, at.(map[string]any), p.pointer + "/properties/" + name}
	}
	return fields
}

// declared visits every field that a schema declares: not those that conditions name again.
func declared(s map[string]any, pointer string, visit func(pointer string, field map[string]any)) {
	for _, key := range []string{"properties", "$defs"} {
		fields, _ := s[key].(map[string]any)
		for name, field := range fields {
			at := pointer + "/" + key + "/" + name
			if key == "properties" {
				visit(at, field.(map[string]any))
			}
			declared(field.(map[string]any), at, visit)
		}
	}
	if items, ok := s["items"].(map[string]any); ok {
		declared(items, pointer+"/items", visit)
	}
}
