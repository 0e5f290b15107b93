package policy

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// This file writes values for people: bounded, the same for the same value, nothing of the machine in it.

const (
	// maxMembers is how many members of a list or map are written.
	maxMembers = 5
	// maxText is how many bytes of a text are written.
	maxText = 80
	// maxDepth is how deep lists and maps are written.
	maxDepth = 2
)

// written writes a value, shortened.
func written(v ref.Val) string { return shorten(writeValue(v, maxDepth)) }

func writeValue(v ref.Val, depth int) string {
	switch v := v.(type) {
	case types.String:
		return writeText(string(v))
	case types.Bytes:
		return fmt.Sprintf("%d bytes", len(v))
	case types.Uint:
		return strconv.FormatUint(uint64(v), 10) + "u"
	case types.Timestamp:
		return v.UTC().Format(time.RFC3339)
	case types.Duration:
		return v.Duration.String()
	case types.Bool, types.Int, types.Double:
		return fmt.Sprint(v.Value())
	case types.Null:
		return "null"
	case *types.Unknown:
		return "unknown"
	case *types.Err:
		return "error: " + shorten(v.String())
	case *types.Optional:
		if !v.HasValue() {
			return "none"
		}
		return writeValue(v.GetValue(), depth)
	case objectValue:
		return v.write(depth)
	case traits.Mapper:
		return writeMap(v, depth)
	case traits.Lister:
		return writeList(v, depth)
	}
	return v.Type().TypeName()
}

// writeText quotes a text, cut at whole characters.
func writeText(s string) string {
	if len(s) > maxText {
		return strconv.Quote(strings.ToValidUTF8(s[:maxText], "")) + "…"
	}
	return strconv.Quote(s)
}

// writeList writes the first members of a list and how many there are, where that is more.
func writeList(list traits.Lister, depth int) string {
	size, _ := list.Size().(types.Int)
	if depth == 0 && size > 0 {
		return fmt.Sprintf("[%d of them]", size)
	}
	var members []string
	for i := types.Int(0); i < min(size, maxMembers); i++ {
		members = append(members, writeValue(list.Get(i), depth-1))
	}
	if size > maxMembers {
		members = append(members, fmt.Sprintf("… %d in all", size))
	}
	return "[" + strings.Join(members, ", ") + "]"
}

// writeMap writes the first entries of a map in the order of its keys.
func writeMap(m traits.Mapper, depth int) string {
	size, _ := m.Size().(types.Int)
	if depth == 0 && size > 0 {
		return fmt.Sprintf("{%d of them}", size)
	}
	var members []string
	for it := ordered(m).(traits.Iterable).Iterator(); it.HasNext() == types.True; {
		if len(members) == maxMembers {
			members = append(members, fmt.Sprintf("… %d in all", size))
			break
		}
		key := it.Next()
		members = append(members, writeValue(key, 0)+": "+writeValue(m.Get(key), depth-1))
	}
	return "{" + strings.Join(members, ", ") + "}"
}

// write writes an object by the first of its fields that say something.
func (o objectValue) write(depth int) string {
	switch v := o.v.(type) {
	case *Span:
		return v.write()
	case fmt.Stringer:
		return v.String()
	case *approvalView:
		return v.Person
	case *Signer:
		return v.Credential
	case *view:
		return v.Digest
	}
	var parts []string
	for _, f := range fieldsOf(o.typ) {
		if len(parts) == 2 || f.typ.Kind() != types.StringKind && f.typ.Kind() != types.IntKind && f.typ.Kind() != types.BoolKind {
			continue
		}
		if value, err := f.read.get(o.v); err == nil && value != "" {
			parts = append(parts, f.name+": "+writeValue(types.DefaultTypeAdapter.NativeToValue(value), depth))
		}
	}
	return strings.TrimPrefix(o.typ.TypeName(), "surety.") + "{" + strings.Join(parts, ", ") + "}"
}

// write writes a span as its ends and how the latter is known.
func (x *Span) write() string {
	end := func(t time.Time) string {
		if t.IsZero() {
			return "unknown"
		}
		return t.UTC().Format(time.RFC3339)
	}
	source := "no trusted time"
	if x.Source != SourceNone {
		source = string(x.Source)
	}
	return fmt.Sprintf("%s to %s by %s", end(x.NotBefore), end(x.NotAfter), source)
}

// fieldsOf gives the fields of an object type of the table.
func fieldsOf(t *types.Type) []field {
	for _, o := range objects {
		if o.typ.TypeName() == t.TypeName() {
			return o.fields
		}
	}
	return nil
}
