package main

import (
	"encoding/json"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/surety-dev/surety/attest"
)

// decoding decodes a predicate of this project, by the name of its schema.
var decoding = map[string]func(predicate []byte) error{
	"predicate-approval":   decoded(attest.ApprovalType, (*attest.Statement).Approval),
	"predicate-exception":  decoded(attest.ExceptionType, (*attest.Statement).Exception),
	"predicate-revocation": decoded(attest.RevocationType, (*attest.Statement).Revocation),
	"predicate-drill":      decoded(attest.DrillType, (*attest.Statement).Drill),

	"predicate-github-reviews": decoded(attest.ReviewsType, (*attest.Statement).Reviews),
}

func decoded[T any](predicateType string, decode func(*attest.Statement) (*T, error)) func([]byte) error {
	return func(predicate []byte) error {
		v, err := decode(&attest.Statement{PredicateType: predicateType, Predicate: predicate})
		if err == nil && v == nil {
			return errors.New("no view")
		}
		return err
	}
}

// example gives the predicate of the statement in a specification, which has every field.
func example(t *testing.T, schema string) any {
	t.Helper()
	page := readFile(t, "../../attest/predicates/"+strings.TrimPrefix(schema, "predicate-")+".md")
	_, rest, _ := strings.Cut(page, "```json\n")
	text, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatalf("%s has no example", schema)
	}
	return instance(t, text).(map[string]any)["predicate"]
}

// onlyDecoders are the reasons for which a decoder refuses what its schema takes, by what it says.
var onlyDecoders = []struct{ says, why string }{
	{`has the (validUntil|nextUpdate|endedAt) .*; expected a time (not )?(after|before) `, "what ends ends after it begins"},
	{`has the reviewDue .*; expected a time not before validFrom$`, "a review is not due before there is something to review"},
	{`has the invalidFrom .*; expected a time not after from$`, "trust ends when a credential is revoked, or before"},
	{`is no artifact's name and no pattern: artifact name `, "an artifact can have the name"},
}

// TestPredicateSchemasAgree: over every change of one thing in the examples, decoder and schema agree, but
// where only the decoder can know.
func TestPredicateSchemasAgree(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for name, decode := range decoding {
		s, doc := schema(t, name), example(t, name)
		if err := errors.Join(decode(encode(t, doc)), s.validator.Validate(doc)); err != nil {
			t.Fatal(err)
		}
		count, refused := 0, 0
		changes(doc, func(what string, changed any) {
			count++
			decodes, validates := decode(encode(t, changed)), s.validator.Validate(changed)
			switch {
			case decodes == nil && validates != nil:
				t.Errorf("%s, %s: it decodes, and does not validate: %v", name, what, validates)
			case decodes != nil && validates != nil:
				refused++
			case decodes != nil:
				why := ""
				for _, r := range onlyDecoders {
					if regexp.MustCompile(r.says).MatchString(decodes.Error()) {
						why = r.why
					}
				}
				if used[why] = true; why == "" {
					t.Errorf("%s, %s: it validates, and does not decode: %v", name, what, decodes)
				}
			}
		})
		if t.Logf("%s: %d changes, %d refused by decoder and schema", name, count, refused); refused < count/2 {
			t.Errorf("%s: only %d of %d changes are refused", name, refused, count)
		}
	}
	for _, r := range onlyDecoders {
		if !used[r.why] {
			t.Errorf("nothing the decoders say is like %s", r.says)
		}
	}
}

// knownMembers is how decoders say which fields there are.
var knownMembers = regexp.MustCompile(`is not known; expected only (.*)$`)

// TestPredicateSchemasHaveTheDecodersFields: at every place of a predicate the decoder knows the fields of the
// schema and no others (of an object of another's, in which unknown ones are ignored, other spellings show it), and
// the example and the table of the specification have them all.
func TestPredicateSchemasHaveTheDecodersFields(t *testing.T) {
	t.Parallel()
	for name, decode := range decoding {
		s, doc := schema(t, name), example(t, name)
		tried, fields := map[string]bool{}, map[string]bool{}
		var visit func(path string, v any, at place)
		visit = func(path string, v any, at place) {
			switch v := v.(type) {
			case []any:
				for i := range v {
					visit(path+"/"+strconv.Itoa(i), v[i], at.items())
				}
			case map[string]any:
				properties := at.properties()
				if at.resolved().at["additionalProperties"] == nil {
					for field, value := range v {
						other := strings.ToUpper(field)
						v[other] = value
						err := decode(encode(t, doc))
						delete(v, other)
						_, known := properties[field]
						if refused := err != nil && strings.Contains(err.Error(), "another spelling of "+strconv.Quote(field)); refused != known || !known && err != nil {
							t.Errorf("%s%s: %s is known to the schema: %t; the decoder says of %s: %v", name, path, field, known, other, err)
						}
						if known {
							tried[properties[field].pointer], fields[field] = true, true
							visit(path+"/"+field, value, properties[field])
						}
					}
					return
				}
				v["zz"] = "x"
				err := decode(encode(t, doc))
				delete(v, "zz")
				var e *attest.SyntaxError
				if !errors.As(err, &e) || knownMembers.FindStringSubmatch(e.Msg) == nil {
					t.Fatalf("%s%s: an unknown field: %v", name, path, err)
				}
				known := strings.Split(knownMembers.FindStringSubmatch(e.Msg)[1], ", ")
				slices.Sort(known)
				if names := slices.Sorted(maps.Keys(properties)); !slices.Equal(names, known) {
					t.Errorf("%s%s: the decoder knows %q, the schema %q", name, path, known, names)
				}
				for field, value := range v {
					tried[properties[field].pointer], fields[field] = true, true
					visit(path+"/"+field, value, properties[field])
				}
			}
		}
		visit("", doc, place{s.json, s.json, "#"})
		declared(s.json, "#", func(pointer string, _ map[string]any) {
			if !tried[pointer] {
				t.Errorf("%s: the example has no %s", name, pointer)
			}
		})
		page := readFile(t, "../../attest/predicates/"+strings.TrimPrefix(name, "predicate-")+".md")
		tabled := map[string]bool{}
		for _, m := range regexp.MustCompile("(?m)^\\| `(?:[a-z_]+(?:\\[\\])?\\.)*([A-Za-z_]+)` \\|").FindAllStringSubmatch(page, -1) {
			tabled[m[1]] = true
		}
		if !maps.Equal(tabled, fields) {
			t.Errorf("%s: the table of the specification has %q, the example %q", name, slices.Sorted(maps.Keys(tabled)), slices.Sorted(maps.Keys(fields)))
		}
	}
}

// TestRevocationReasonsAreTheModels: what revokes a credential in a list is what does in the model.
func TestRevocationReasonsAreTheModels(t *testing.T) {
	t.Parallel()
	var find func(v any) []any
	find = func(v any) []any {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				if found := find(item); found != nil {
					return found
				}
			}
		case map[string]any:
			if reason, ok := v["reason"].(map[string]any); ok && reason["enum"] != nil {
				return reason["enum"].([]any)
			}
			for _, name := range slices.Sorted(maps.Keys(v)) {
				if found := find(v[name]); found != nil {
					return found
				}
			}
		}
		return nil
	}
	model, list := find(schema(t, "ownership").json), find(schema(t, "predicate-revocation").json)
	if !slices.Equal(model, list) || len(list) < 5 {
		t.Errorf("the model has the reasons %v, revocation lists %v", model, list)
	}
	for _, reason := range list {
		predicate := encode(t, map[string]any{"number": json.Number("1"), "issuedAt": "2026-01-01T00:00:00Z", "nextUpdate": "2026-01-02T00:00:00Z",
			"entries": []any{map[string]any{"credential": "c", "reason": reason, "from": "2026-01-01T00:00:00Z"}}})
		if err := decoding["predicate-revocation"](predicate); err != nil {
			t.Error(err)
		}
	}
}
