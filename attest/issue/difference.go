package issue

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// difference says in what a payload differs from the one meant.
func difference(there, meant []byte) string {
	var x, y map[string]json.RawMessage
	if json.Unmarshal(there, &x) != nil || json.Unmarshal(meant, &y) != nil {
		return "it is no statement"
	}
	for _, name := range []string{"predicateType", "subject", "_type"} {
		if !bytes.Equal(x[name], y[name]) {
			return differs("its "+name, x[name], y[name])
		}
	}
	var p, q map[string]json.RawMessage
	if json.Unmarshal(x["predicate"], &p) == nil && json.Unmarshal(y["predicate"], &q) == nil {
		both := maps.Clone(p)
		maps.Copy(both, q)
		for _, name := range slices.Sorted(maps.Keys(both)) {
			if !bytes.Equal(p[name], q[name]) {
				return differs("its "+name, p[name], q[name])
			}
		}
	}
	return "it says the same in other bytes: expected those this package writes"
}

func differs(what string, there, meant json.RawMessage) string {
	return fmt.Sprintf("%s is %s; expected %s", what, shown(there), shown(meant))
}

// shown is a value in a message, shortened, in visible characters.
func shown(v json.RawMessage) string {
	if v == nil {
		return "absent"
	}
	const most = 200
	var b strings.Builder
	for _, c := range string(v) {
		if b.Len() > most {
			return b.String() + "…"
		}
		if c < ' ' || c > '~' {
			fmt.Fprintf(&b, "\\u%04x", c)
		} else {
			b.WriteRune(c)
		}
	}
	return b.String()
}
