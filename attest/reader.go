package attest

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// names are the field names a decoder knows at one place.
type names []string

// reader walks one JSON text strictly and once. jsontext refuses duplicate names,
// invalid UTF-8 and bad grammar; reader adds the depth limit and the refusal of
// other spellings of known names. Its first error sticks: after it every method
// does nothing and gives zero values, so decoders read straight through.
type reader struct {
	dec    jsontext.Decoder
	buf    bytes.Buffer
	data   []byte
	source string
	root   string
	err    error
	broken bool // err is of the text, not of what it says: nothing after it can be read
	again  bool // the text has been read strictly before: names, encoding and depth are as they should be

	payloadType string // what envelopes must hold; "": evidence
}

// expected is the payload type an envelope must have.
func (r *reader) expected() string { return cmp.Or(r.payloadType, PayloadType) }

// readers are readers to use again: the buffers jsontext keeps cost more than a small text.
var readers = sync.Pool{New: func() any { return new(reader) }}

// release gives a reader back, without what it read.
func (r *reader) release() {
	r.reset(nil, "")
	r.source, r.payloadType = "", ""
	readers.Put(r)
}

// reset starts on another text. root is the path of its outermost value.
func (r *reader) reset(data []byte, root string) {
	r.buf = *bytes.NewBuffer(data) // jsontext reads a bytes.Buffer in place
	r.dec.Reset(&r.buf)
	r.data, r.root, r.err, r.broken, r.again = data, root, nil, false, false
}

// resetAgain starts on a text that has been read strictly before.
func (r *reader) resetAgain(data []byte, root string) {
	r.reset(data, root)
	r.dec.Reset(&r.buf, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	r.again = true
}

// object walks the members of an object, yielding those in known; the loop's
// body reads the value. Unknown members are skipped.
func (r *reader) object(known names) iter.Seq[string] { return r.members(known, "", 0) }

// members is object with a limit on the number of members, known or not; zero is none.
func (r *reader) members(known names, limit string, most int) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !r.begin(jsontext.KindBeginObject) {
			return
		}
		for n := 0; r.peek() != jsontext.KindEndObject && r.err == nil; n++ {
			if most > 0 && n == most {
				r.over(limit, most)
				return
			}
			name := r.name(known)
			if name == "" {
				r.skip()
			} else if !yield(name) {
				return
			}
		}
		r.next()
	}
}

// array walks the elements of an array; the loop's body reads each. More than
// most are over the named limit; zero is none.
func (r *reader) array(limit string, most int) iter.Seq[int] {
	return func(yield func(int) bool) {
		if !r.begin(jsontext.KindBeginArray) {
			return
		}
		for n := 0; r.peek() != jsontext.KindEndArray && r.err == nil; n++ {
			if most > 0 && n == most {
				r.over(limit, most)
				return
			}
			if !yield(n) {
				return
			}
		}
		r.next()
	}
}

// name reads a member's name: its entry in known, or "" for an unknown one.
func (r *reader) name(known names) string {
	raw := r.scalar()
	if r.err != nil {
		return ""
	}
	return r.known(string(unquote(raw)), known)
}

// known gives a name's entry in known, "" if it has none. Another spelling of one is refused.
func (r *reader) known(name string, known names) string {
	for _, k := range known {
		if name == k {
			return k
		}
	}
	bare := bared(name)
	for _, k := range known {
		if strings.EqualFold(bare, bared(k)) {
			r.fail("the name %s is another spelling of %q; expected exactly that", quote(name), k)
		}
	}
	return ""
}

// keyed walks the members of an object whose names are data; the loop's body reads the value. More
// than most are over the named limit.
func (r *reader) keyed(limit string, most int) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !r.begin(jsontext.KindBeginObject) {
			return
		}
		for n := 0; r.peek() != jsontext.KindEndObject && r.err == nil; n++ {
			if n == most {
				r.over(limit, most)
				return
			}
			name := string(unquote(r.scalar()))
			if strings.IndexByte(name, 0) >= 0 {
				r.fail("has a name with a NUL character")
			}
			if r.err != nil || !yield(name) {
				return
			}
		}
		r.next()
	}
}

// bared takes from a name what, beside case (which encoding/json folds, with the
// Kelvin sign and the long s), lets a more lenient reader take it for another:
// protojson's underscores, and whatever follows a NUL.
func bared(name string) string {
	name, _, _ = strings.Cut(name, "\x00")
	return strings.ReplaceAll(name, "_", "")
}

// text reads a string. A NUL in it is refused: elsewhere it may end the string.
func (r *reader) text() string {
	if !r.is(jsontext.KindString) {
		return ""
	}
	s := string(unquote(r.scalar()))
	if strings.IndexByte(s, 0) >= 0 {
		r.fail("has a NUL character")
	}
	return s
}

// needed reads a string that must not be empty.
func (r *reader) needed() string {
	s := r.text()
	if s == "" {
		r.fail("is empty")
	}
	return s
}

// integer reads a number without fraction and exponent that fits an int.
func (r *reader) integer() int {
	if !r.is(jsontext.KindNumber) {
		return 0
	}
	text := string(r.scalar())
	n, err := strconv.Atoi(text)
	if err != nil {
		r.fail("is %s; expected an integer", quote(text))
	}
	return n
}

// hexadecimal reads a string as bytes in the one form that has only one spelling: lower case.
func (r *reader) hexadecimal() []byte {
	if !r.is(jsontext.KindString) {
		return nil
	}
	src := unquote(r.scalar())
	dst := make([]byte, hex.DecodedLen(len(src)))
	if _, err := hex.Decode(dst, src); r.err == nil && (err != nil || !bytes.Equal(src, bytes.ToLower(src))) {
		r.fail("is not lower-case hexadecimal")
	}
	if r.err != nil {
		return nil
	}
	return dst
}

// canonical ignores line breaks, which base64 compares lengths for.
var canonical = base64.StdEncoding.Strict()

// base64 reads a string as bytes in the one form that has only one spelling:
// RFC 4648 section 4, padded, no line breaks, unused bits zero.
func (r *reader) base64() []byte {
	if !r.is(jsontext.KindString) {
		return nil
	}
	src := unquote(r.scalar())
	if r.err != nil {
		return nil
	}
	dst := make([]byte, canonical.DecodedLen(len(src)))
	n, err := canonical.Decode(dst, src)
	if err != nil || canonical.EncodedLen(n) != len(src) {
		r.fail("is not canonical base64; expected the standard alphabet, padded, no line breaks, unused bits zero")
		return nil
	}
	return dst[:n:n]
}

// null consumes a null, and reports whether there was one.
func (r *reader) null() bool {
	if r.peek() != jsontext.KindNull {
		return false
	}
	r.next()
	return true
}

// skip reads one value of any kind and returns its bytes, a part of the text.
func (r *reader) skip() []byte {
	if k := r.peek(); k != jsontext.KindBeginObject && k != jsontext.KindBeginArray {
		return r.scalar()
	}
	depth, start := r.dec.StackDepth(), r.start()
	if r.again && r.dec.SkipValue() == nil {
		return r.since(start)
	}
	r.next()
	for r.err == nil && r.dec.StackDepth() > depth {
		r.next()
	}
	return r.since(start)
}

// start is where the object or array that comes next begins: before it stand only
// white space and the delimiter.
func (r *reader) start() int64 {
	at := r.dec.InputOffset()
	switch k := r.peek(); k {
	case jsontext.KindBeginObject, jsontext.KindBeginArray:
		return at + int64(bytes.IndexByte(r.data[at:], byte(k)))
	}
	return at
}

// since returns the text from start to here.
func (r *reader) since(start int64) []byte {
	if r.err != nil {
		return nil
	}
	end := r.dec.InputOffset()
	return r.data[start:end:end]
}

// try lets f read one value. If that value is sound JSON but not what f wants,
// it is skipped and the error returned, so that what stands beside it can be
// read; an error of the text itself sticks.
func (r *reader) try(f func()) error {
	if r.err != nil {
		return nil
	}
	depth := r.dec.StackDepth()
	f()
	if r.err == nil || r.broken {
		return nil
	}
	err := r.err
	r.err = nil
	for r.err == nil && r.dec.StackDepth() > depth {
		r.next()
	}
	return err
}

// rest reads on after an error, which it keeps, and reports whether the text is one
// JSON value all the same.
func (r *reader) rest() bool {
	err := r.err
	if r.broken {
		return false
	}
	r.err = nil
	for r.err == nil && r.dec.StackDepth() > 0 {
		r.next()
	}
	r.end()
	whole := r.err == nil
	r.err = err
	return whole
}

// end checks that the text holds nothing more.
func (r *reader) end() {
	if r.err != nil {
		return
	}
	if _, err := r.dec.ReadToken(); err != io.EOF {
		r.fail("is followed by more data; expected one JSON value")
		r.broken = true
	}
}

// begin reads the start of an object or array.
func (r *reader) begin(kind jsontext.Kind) bool {
	if !r.is(kind) {
		return false
	}
	r.next()
	return r.err == nil
}

// is reports whether the next value is of this kind; one of another is consumed and refused.
func (r *reader) is(kind jsontext.Kind) bool {
	found := r.peek()
	if found != kind && r.err == nil {
		r.next()
		r.fail("is %s; expected %s", noun(found), noun(kind))
	}
	return r.err == nil
}

func noun(k jsontext.Kind) string {
	switch k {
	case jsontext.KindNull:
		return "null"
	case jsontext.KindTrue, jsontext.KindFalse:
		return "a boolean"
	case jsontext.KindString:
		return "a string"
	case jsontext.KindNumber:
		return "a number"
	case jsontext.KindBeginObject:
		return "an object"
	default:
		return "an array"
	}
}

// peek gives the kind of what comes next, zero after an error.
func (r *reader) peek() jsontext.Kind {
	if r.err != nil {
		return jsontext.KindInvalid
	}
	k := r.dec.PeekKind()
	if k == jsontext.KindInvalid {
		r.next() // gives the reason
	}
	return k
}

// next reads one token.
func (r *reader) next() {
	if r.err != nil {
		return
	}
	tok, err := r.dec.ReadToken()
	if err != nil {
		r.fault(err)
		return
	}
	if k := tok.Kind(); (k == jsontext.KindBeginObject || k == jsontext.KindBeginArray) && r.dec.StackDepth() > MaxDepth {
		r.over("json-depth", MaxDepth)
		r.broken = true
	}
}

// scalar reads a name, string, number or literal as it is written.
func (r *reader) scalar() []byte {
	if r.err != nil {
		return nil
	}
	raw, err := r.dec.ReadValue()
	if err != nil {
		r.fault(err)
		return nil
	}
	return slices.Clip(raw)
}

// unquote gives the bytes of a JSON string that has already been checked.
func unquote(raw []byte) []byte {
	if len(raw) < 2 {
		return nil
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1]
	}
	s, _ := jsontext.AppendUnquote(nil, raw) // cannot fail: the decoder has read it
	return s
}

// over records that a limit is exceeded.
func (r *reader) over(limit string, most int) {
	if r.err == nil {
		r.err = &LimitError{Limit: limit, Max: int64(most)}
	}
}
