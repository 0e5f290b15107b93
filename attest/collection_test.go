package attest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
)

const (
	collectionType = "https://witness.testifysec.com/attestation-collection/v0.1"
	ranTest        = "https://in-toto.io/attestation/test-result/v0.1"
)

// collection is a statement as Witness writes it, of attestations of a step.
func collection(attestations ...string) string {
	return `{"_type":"https://in-toto.io/Statement/v0.1","subject":[` + subject + `],"predicateType":"` + collectionType + `",` +
		`"predicate":{"name":"build","attestations":[` + strings.Join(attestations, ",") + `]}}`
}

// collected is an attestation in a collection.
func collected(predicateType, predicate string) string {
	return fmt.Sprintf(`{"type":%q,"attestation":%s,"starttime":"2026-01-02T03:04:05.6789+01:00","endtime":"2026-01-02T03:04:06Z"}`, predicateType, predicate)
}

// TestCollection: each attestation in a collection is a statement about the collection's subjects.
func TestCollection(t *testing.T) {
	t.Parallel()
	result := `{"result":"PASSED","configuration":[{"name":"c"}]}`
	it := readable(t, envelope(collection(collected("https://witness.dev/attestations/git/v0.1", `{"commithash":"a"}`), collected(ranTest, result), collected(ranTest, `null`))))
	st := it.Statement()
	if st.PredicateType != collectionType || !attest.IsCollection(st.PredicateType) {
		t.Errorf("type %s", st.PredicateType)
	}
	var types, predicates []string
	for _, c := range st.Collected() {
		types, predicates = append(types, c.PredicateType), append(predicates, string(c.Predicate))
		if diff := cmp.Diff(st.Subjects, c.Subjects); diff != "" || c.Type != st.Type || c.Collected() != nil {
			t.Errorf("%s: %s", c.PredicateType, diff)
		}
	}
	if diff := cmp.Diff([]string{"https://witness.dev/attestations/git/v0.1", ranTest, ranTest}, types); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{`{"commithash":"a"}`, result, "null"}, predicates); diff != "" {
		t.Error(diff)
	}
	if view, err := st.Collected()[1].TestResult(); err != nil || view.Result != "PASSED" {
		t.Errorf("%+v, %v", view, err)
	}
	if _, err := st.Collected()[2].TestResult(); err == nil || !strings.Contains(err.Error(), "$.predicate.attestations[2].attestation: ") {
		t.Errorf("null: %v", err)
	}
	for _, text := range []string{
		envelope(collection()), envelope(strings.Replace(collection(collected("t", "{}")), collectionType, "https://witness.dev/attestation-collection/v0.1", 1)),
		envelope(collection(`{"type":"t","attestation":{}}`)), bundleOf(v03, keyed, envelope(collection(collected("t", "{}")))),
	} {
		readable(t, text)
	}
	if readable(t, envelope(strings.Replace(good, `{"a":1}`, `{"name":"n","attestations":[`+collected("t", "{}")+`]}`, 1))).Statement().Collected() != nil {
		t.Error("a statement of another type is a collection")
	}
}

// TestCollectionRefused gives a collection one fault each: nothing of it is read.
func TestCollectionRefused(t *testing.T) {
	t.Parallel()
	inner := collected("t", "{}")
	predicate := func(text string) string {
		before, _, _ := strings.Cut(collection(), `"predicate":`)
		return envelope(before + `"predicate":` + text + "}")
	}
	const at = "$.payload.predicate"
	for _, row := range []struct{ name, text, path, msg string }{
		{"no predicate", envelope(strings.Replace(collection(), `,"predicate":{"name":"build","attestations":[]}`, "", 1)), "$.payload", "no predicate"},
		{"null", predicate(`null`), at, "is null"},
		{"no name", predicate(`{"attestations":[]}`), at, "has no name"},
		{"name a number", predicate(`{"name":1,"attestations":[]}`), at + ".name", "is a number"},
		{"no attestations", predicate(`{"name":"n"}`), at, "has no attestations"},
		{"attestations null", predicate(`{"name":"n","attestations":null}`), at + ".attestations", "is null"},
		{"attestations an object", predicate(`{"name":"n","attestations":{}}`), at + ".attestations", "is an object"},
		{"folded", predicate(`{"name":"n","Attestations":[]}`), at + ".Attestations", "another spelling"},
		{"twice", predicate(`{"name":"n","attestations":[],"attestations":[]}`), at + ".attestations", "duplicate"},
		{"one null", envelope(collection(inner, "null")), at + ".attestations[1]", "is null"},
		{"one a string", envelope(collection(`"t"`)), at + ".attestations[0]", "is a string"},
		{"no type", envelope(collection(`{"attestation":{}}`)), at + ".attestations[0]", "has no type"},
		{"type empty", envelope(collection(`{"type":"","attestation":{}}`)), at + ".attestations[0].type", "is empty"},
		{"type twice", envelope(collection(`{"type":"t","type":"u","attestation":{}}`)), at + ".attestations[0].type", "duplicate"},
		{"type folded", envelope(collection(`{"Type":"t","attestation":{}}`)), at + ".attestations[0].Type", "another spelling"},
		{"no attestation", envelope(collection(`{"type":"t"}`)), at + ".attestations[0]", "has no attestation"},
		{"attestation a list", envelope(collection(`{"type":"t","attestation":[]}`)), at + ".attestations[0].attestation", "is an array"},
		{"attestation a string", envelope(collection(`{"type":"t","attestation":"{}"}`)), at + ".attestations[0].attestation", "is a string"},
		{"a name twice in it", envelope(collection(`{"type":"t","attestation":{"a":1,"a":1}}`)), at + ".attestations[0].attestation.a", "duplicate"},
		{"no time", envelope(collection(`{"type":"t","attestation":{},"starttime":"yesterday"}`)), at + ".attestations[0].starttime", "RFC 3339"},
		{"time a number", envelope(collection(`{"type":"t","attestation":{},"endtime":1}`)), at + ".attestations[0].endtime", "is a number"},
		{"a collection in it", envelope(collection(collected(collectionType, `{"name":"n","attestations":[]}`))), at + ".attestations[0].type", "no collection in a collection"},
		{"a layout in it", envelope(collection(collected(attest.LayoutType, "{}"))), at + ".attestations[0].type", "signed as itself and never in a collection"},
		{"reviews in it", envelope(collection(collected(attest.ReviewsType, `{}`))), at + ".attestations[0].type", "signed as itself and never in a collection"},
		{"an authorization of gittuf's in it", envelope(collection(collected(authorizedV01, `{}`))), at + ".attestations[0].type", "signed as itself and never in a collection"},
		{"an approval in it", envelope(collection(collected(attest.ApprovalType, `{"decision":"approved"}`))), at + ".attestations[0].type", "signed as itself and never in a collection"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			wantSyntax(t, one(t, row.text), row.path, row.msg)
		})
	}
	many := func(n int) string { return envelope(collection(repeat(inner, n))) }
	if n := len(readable(t, many(attest.MaxCollected)).Statement().Collected()); n != attest.MaxCollected {
		t.Errorf("%d attestations", n)
	}
	for _, n := range []int{attest.MaxCollected + 1, 10 * attest.MaxCollected} {
		wantLimit(t, one(t, many(n)).Err(), "collected", attest.MaxCollected)
	}
}
