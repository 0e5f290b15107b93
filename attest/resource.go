package attest

import (
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// This file is what the views share.

// Resource is what a predicate points to. UNVERIFIED. That one of URI, digest and content is there, as
// the framework asks, is not checked. Source: in-toto attestation, spec/v1/resource_descriptor.md.
type Resource struct {
	// Name is its name, "" if none. Never a path.
	Name string
	// URI is its URI as written, "" if none.
	URI string
	// Location is where it is to be had as written (downloadLocation), "" if not said.
	Location string
	// MediaType is its media type, "" if not said.
	MediaType string
	// Digests are its digests by known algorithms; nil if Void. Unknown algorithms are left out.
	Digests Digests
	// Void says why its digests are not given; "" if nothing is wrong with them.
	Void string
}

var resourceNames = names{"name", "uri", "digest", "downloadLocation", "mediaType"}

// resource reads a resource descriptor that must have these members.
func (r *reader) resource(must names) (s Resource) {
	for name := range r.whole(resourceNames, must) {
		switch name {
		case "name":
			s.Name = r.member(name, must)
		case "uri":
			s.URI = r.member(name, must)
		case "downloadLocation":
			s.Location = r.optional()
		case "mediaType":
			s.MediaType = r.optional()
		case "digest":
			if slices.Contains(must, name) || !r.null() {
				s.Digests, s.Void = r.digests()
			}
		}
	}
	return s
}

// resources reads a list of resource descriptors.
func (r *reader) resources(must names) (list []Resource) {
	for range r.entries() {
		list = append(list, r.resource(must))
	}
	return list
}

// optionalResource is resource, zero where null stands for an absent one.
func (r *reader) optionalResource() Resource {
	if r.null() {
		return Resource{}
	}
	return r.resource(nil)
}

// whole is object, which must have these members.
func (r *reader) whole(known, must names) iter.Seq[string] {
	return func(yield func(string) bool) {
		var seen uint64
		for name := range r.object(known) {
			if i := slices.Index(must, name); i >= 0 {
				seen |= 1 << i
			}
			if !yield(name) {
				return
			}
		}
		for i, name := range must {
			if seen&(1<<i) == 0 {
				r.fail("has no %s", name)
			}
		}
	}
}

// member reads a string: one that must be there is not empty.
func (r *reader) member(name string, must names) string {
	if slices.Contains(must, name) {
		return r.needed()
	}
	return r.optional()
}

// entries is array with the limit of a view's lists of objects.
func (r *reader) entries() iter.Seq[int] { return r.array("objects", MaxObjects) }

// texts reads a list of strings.
func (r *reader) texts() (list []string) {
	for range r.array("texts", MaxTexts) {
		list = append(list, r.text())
	}
	return list
}

// optionalTexts is texts, nil where null stands for an absent list.
func (r *reader) optionalTexts() []string {
	if r.null() {
		return nil
	}
	return r.texts()
}

// record reads an object as it is written, nil where null stands for an absent one.
func (r *reader) record() Raw {
	if r.null() || !r.is(jsontext.KindBeginObject) {
		return nil
	}
	return r.skip()
}

// objects reads a list of objects, and gives only how many there are.
func (r *reader) objects() (n int64) {
	for range r.array("", 0) {
		if r.is(jsontext.KindBeginObject) {
			r.skip()
		}
		n++
	}
	return n
}

// optionalObjects is objects, -1 where null stands for an absent list.
func (r *reader) optionalObjects() int64 {
	if r.null() {
		return -1
	}
	return r.objects()
}

// stamp reads a time that must be there.
func (r *reader) stamp() time.Time {
	if !r.is(jsontext.KindString) {
		return time.Time{}
	}
	return r.time()
}

// one reads one of two or three words.
func (r *reader) one(words ...string) string {
	s := r.text()
	if !slices.Contains(words, s) {
		r.fail("is %s; expected %s", quote(s), oneOf(words))
	}
	return s
}

func oneOf(words []string) string {
	text := ""
	for i, w := range words {
		switch {
		case i > 0 && i == len(words)-1:
			text += " or "
		case i > 0:
			text += ", "
		}
		text += strconv.Quote(w)
	}
	return text
}

// counts reads an object of counts, whatever its names.
func (r *reader) counts() map[string]int64 {
	counts := map[string]int64{}
	if !r.begin(jsontext.KindBeginObject) {
		return nil
	}
	for r.peek() != jsontext.KindEndObject && r.err == nil {
		if len(counts) == MaxObjects {
			r.over("objects", MaxObjects)
			return nil
		}
		name := string(unquote(r.scalar()))
		counts[name] = r.count()
	}
	r.next()
	return counts
}

// count reads how many there are of something: an integer, or its digits in a string, as the framework's
// own Go library writes one of 64 bits (protojson).
func (r *reader) count() int64 {
	var text string
	if r.peek() == jsontext.KindString {
		text = r.text()
	} else if r.is(jsontext.KindNumber) {
		text = string(r.scalar())
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != text {
		r.fail("is %s; expected an integer from 0 to 9223372036854775807", quote(text))
	}
	return n
}

// spelling gives the one form of a name that may come in two, which must not both be there.
func (r *reader) spelling(seen map[string]bool, name string) string {
	one := strings.ToLower(bared(name))
	if seen[one] {
		r.fail("is another spelling of a name that is there")
	}
	seen[one] = true
	return one
}
