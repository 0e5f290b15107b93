package attest

import (
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Raw is one JSON value as written, read strictly before it came here. Nil is no value.
type Raw []byte

// Decode gives the value as nil, bool, string, int64, uint64, float64, []any or
// map[string]any; no value gives nil. A number without fraction and exponent is
// an int64, or a uint64 if it is too large for that: integers keep 64 bits, and
// one outside them is a [*SyntaxError], as is a fraction outside float64. A Raw
// that does not come from this package is read as strictly as one that does, and
// nested deeper than [MaxDepth] is a [*LimitError].
func (v Raw) Decode() (any, error) {
	if v == nil {
		return nil, nil
	}
	r := readers.Get().(*reader)
	defer r.release()
	r.reset(v, "$")
	value := r.any()
	r.end()
	if r.err != nil {
		return nil, r.err
	}
	return value, nil
}

// any reads a value of any kind; the depth limit bounds its recursion.
func (r *reader) any() any {
	switch r.peek() {
	case jsontext.KindNull:
		r.next()
		return nil
	case jsontext.KindTrue, jsontext.KindFalse:
		return string(r.scalar()) == "true"
	case jsontext.KindString:
		return string(unquote(r.scalar()))
	case jsontext.KindNumber:
		return r.number()
	case jsontext.KindBeginArray:
		list := []any{}
		for range r.array("", 0) {
			list = append(list, r.any())
		}
		return list
	default:
		return r.fields()
	}
}

func (r *reader) fields() map[string]any {
	fields := map[string]any{}
	if !r.begin(jsontext.KindBeginObject) {
		return nil
	}
	for r.peek() != jsontext.KindEndObject && r.err == nil {
		name := string(unquote(r.scalar()))
		fields[name] = r.any()
	}
	r.next()
	return fields
}

func (r *reader) number() any {
	text := string(r.scalar())
	if strings.ContainsAny(text, ".eE") {
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			r.fail("is %s, outside the range of a 64-bit float", quote(text))
		}
		return f
	}
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return i
	}
	u, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		r.fail("is %s, outside the range of 64-bit integers", quote(text))
	}
	return u
}
