package attest_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
)

// FuzzParse holds what is true of any input: it does not panic, gives at least one
// item, and an item that was read reads the same again from its own bytes.
func FuzzParse(f *testing.F) {
	env, bun := envelope(good), bundle(`{"certificate":{"rawBytes":"AQ=="},"tlogEntries":[{}],"timestampVerificationData":null}`)
	doc := `{"attestations":[` + npm("https://example.test/p/v1", bun) + `]}`
	for _, seed := range []string{
		"", "null", "[]", env, bun, doc, `{"attestations":[` + github(bun) + `]}`, "[" + env + "," + doc + "]", env + "\n" + bun + "\n{", string(slsaEnvelope()),
		strings.Replace(env, `[{`, `[null,{"cert":"x",`, 1), strings.Repeat("[", 70), envelope(`{"_type":`),
		metablock(link), metablock(layout), envelope(link),
		pypi(good), index(pypi(good), pypi(publishing)), pypi("{}"), strings.Replace(pypi(good), `"AQ=="`, "null", 1), index("null"), `{"envelope":{}}`,
		envelope(collection(collected(v1, "{}"), collected(ranTest, "null"))), pypi(collection()),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		items := attest.Parse("f", data, attest.Limits{})
		if len(items) == 0 {
			t.Fatal("no items")
		}
		for _, it := range items {
			checkItem(t, it)
		}
		if len(items) == 1 && items[0].Err() == nil && !isElement(items[0]) {
			body := strings.Trim(string(data), " \t\r\n")
			if want := fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(body))); items[0].Sources()[0] == "f" && items[0].Digest() != want {
				t.Errorf("digest %s, want %s", items[0].Digest(), want)
			}
			again := attest.Parse("g", []byte(body), attest.Limits{})
			if items[0].Sources()[0] == "f" && (len(again) != 1 || again[0].Err() != nil || again[0].Digest() != items[0].Digest() || again[0].Envelope().Digest() != items[0].Envelope().Digest()) {
				t.Error("its own bytes read otherwise")
			}
		}
		if merged := attest.Merge(append(items, items...)); len(merged) > len(items) {
			t.Errorf("%d items merged to %d", len(items), len(merged))
		}
	})
}

// isElement reports whether the item was read from an element of an attestation document.
func isElement(it *attest.Item) bool {
	return it.Format() == attest.FormatNPM || it.Format() == attest.FormatGitHub || it.Format() == attest.FormatPyPI
}

func checkItem(t *testing.T, it *attest.Item) {
	t.Helper()
	if it.Err() != nil {
		var syntax *attest.SyntaxError
		var limit *attest.LimitError
		if !errors.As(it.Err(), &syntax) && !errors.As(it.Err(), &limit) {
			t.Errorf("error of type %T", it.Err())
		}
		if it.Envelope() != nil || it.Statement() != nil || it.Bundle() != nil {
			t.Error("an unreadable item gives content")
		}
		return
	}
	e, st := it.Envelope(), it.Statement()
	metablock := it.Format() == attest.FormatMetablock
	if e == nil || st == nil || (it.Bundle() == nil) != (it.Format() == attest.FormatDSSE || metablock) {
		t.Fatal("a readable item gives no content")
	}
	if e.Digest() != sha256.Sum256(e.PAE()) || (e.PayloadType == attest.PayloadType) == metablock || len(e.Signatures) == 0 {
		t.Error("the envelope is not one")
	}
	if isElement(it) {
		if again := attest.Parse("b", it.Bundle().Raw, attest.Limits{}); len(again) != 1 || again[0].Err() != nil || again[0].Envelope().Digest() != e.Digest() {
			t.Error("the bundle's own bytes read otherwise")
		}
	}
	link, err := st.StepLink()
	if itself := st.Type == "link" || st.Type == "layout"; metablock && !itself || itself && (err != nil || (link == nil) == (st.Layout() == nil)) {
		t.Errorf("%s %s: link %v, layout %v, %v", it.Format(), st.Type, link, st.Layout(), err)
	}
	if len(st.Subjects) == 0 && st.Type != "link" && st.Type != "layout" || st.PredicateType == "" || st.Type == "" {
		t.Error("the statement is not one")
	}
	checkView(t, st)
	for _, c := range st.Collected() {
		if checkView(t, c); c.Type != st.Type || len(c.Subjects) != len(st.Subjects) || c.PredicateType == "" || c.Collected() != nil {
			t.Error("an attestation of a collection is not one")
		}
	}
	if _, err := st.Predicate.Decode(); err != nil && !strings.Contains(err.Error(), "outside the range") {
		t.Errorf("a predicate that was read strictly is refused: %v", err)
	}
	var a attest.Artifact
	if a.BoundBy(st) == nil {
		t.Error("the zero artifact is bound")
	}
}

// checkView holds what is true of any view: it is there or an error says why not, which is one of two
// types, and a second reading of the same bytes gives the same.
func checkView(t *testing.T, st *attest.Statement) {
	t.Helper()
	v, err := decoded(t, st)
	var syntax *attest.SyntaxError
	var limit *attest.LimitError
	switch {
	case (v != nil || err != nil) != attest.HasView(st.PredicateType) || v != nil && err != nil:
		t.Errorf("%s: view %v, %v", st.PredicateType, v, err)
	case err != nil && !errors.As(err, &syntax) && !errors.As(err, &limit):
		t.Errorf("error of type %T", err)
	}
	own := &attest.Statement{PredicateType: st.PredicateType, Predicate: st.Predicate}
	again, e := decoded(t, own)
	if !cmp.Equal(v, again) || (err == nil) != (e == nil) {
		t.Errorf("read again: %v, %v; was %v, %v", again, e, v, err)
	}
}

// FuzzView is arbitrary JSON, or none, as a predicate of any type that has a view.
func FuzzView(f *testing.F) {
	types := []string{}
	for _, v := range views {
		types = append(types, attest.PredicateTypes(v.view)...)
	}
	for _, s := range samples() {
		f.Add(uint8(slices.Index(types, s.predicateType)), s.predicate)
	}
	for i := range types {
		for _, predicate := range []string{"", "null", "[]", "{", `{"":0}`, strings.Repeat("[", 70), "{}{}", `{"a":1,"a":2}`, "\xff"} {
			f.Add(uint8(i), predicate)
		}
	}
	f.Fuzz(func(t *testing.T, n uint8, predicate string) {
		checkView(t, &attest.Statement{PredicateType: types[int(n)%len(types)], Predicate: attest.Raw(predicate)})
	})
}

// FuzzStatement is FuzzParse for the payload, which base64 hides from it.
func FuzzStatement(f *testing.F) {
	for _, seed := range []string{
		good, "{}", "", strings.Replace(good, `"a":1`, `"a":[1e9,-0,18446744073709551616,{"b":"\u0000"}]`, 1),
		`{"_type":"` + inToto + `","subject":[{},{"digest":{"sha1":"x"}}],"predicateType":"` + v1 + `","predicate":{"buildDefinition":{"externalParameters":{"source":{"artifact":{"uri":"git+https://a@b"}}}}}}`,
		`{"_type":"` + inToto + `","subject":[{}],"predicateType":"` + v01 + `","predicate":{"recipe":{"definedInMaterial":0},"materials":[{"uri":"git+https://a/b@c"}]}}`,
		`{"_type":"` + inToto + `","subject":[{}],"predicateType":"` + v02 + `","predicate":{"invocation":{"configSource":{"uri":"git+https://a/b@c","digest":null}},"metadata":{"buildStartedOn":"2026-01-02T03:04:05+01:00"}}}`,
		collection(collected(v1, "{}"), collected(v02, `{"builder":{"id":"b"}}`)), collection("null"), collection(collected(collectionType, "{}")),
	} {
		f.Add(seed)
	}
	for _, s := range samples() {
		text := fmt.Sprintf(`{"_type":%q,"subject":[{}],"predicateType":%q,"predicate":%s}`, inToto, s.predicateType, s.predicate)
		f.Add(text)
		f.Add(respell.Replace(text))
	}
	f.Fuzz(func(t *testing.T, payload string) {
		for _, it := range attest.Parse("f", []byte(envelope(payload)), attest.Limits{}) {
			checkItem(t, it)
			if it.Err() == nil && string(it.Envelope().Payload) != payload {
				t.Error("the payload is another")
			}
		}
	})
}
