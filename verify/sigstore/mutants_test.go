package sigstore_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify/sigstore/sigstoretest"
)

// TestMutants changes every field of a bundle of each shape in turn. Whatever the change, nothing
// panics; what still gives a timed proof is what sigstore-go verifies too; and in the fields that
// are verified there is nothing left to change.
func TestMutants(t *testing.T) {
	t.Parallel()
	s := sigstoretest.New(t)
	private, key := newKey(t, "release")
	rows := []struct {
		name   string
		root   []byte
		bundle []byte
		keys   []ownership.Key
	}{
		{name: "Rekor v1", root: s.TrustedRootJSON(), bundle: s.Bundle(t, sigstoretest.Spec{})},
		{name: "Rekor v2", root: s.TrustedRootJSON(), bundle: s.Bundle(t, sigstoretest.Spec{Log: sigstoretest.RekorV2})},
		{name: "timestamp", root: s.TrustedRootJSON(sigstoretest.TransparencyLogs), bundle: s.Bundle(t, sigstoretest.Spec{Log: sigstoretest.NoLog})},
		{name: "key", root: s.TrustedRootJSON(), bundle: s.KeyBundle(t, private, "release", sigstoretest.Spec{}), keys: []ownership.Key{key}},
		{name: "key in Rekor v2", root: s.TrustedRootJSON(), bundle: s.KeyBundle(t, private, "release", sigstoretest.Spec{Log: sigstoretest.RekorV2}), keys: []ownership.Key{key}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			checkMutants(t, row.root, row.bundle, row.keys...)
		})
	}
}

// checkMutants opens every mutant of a bundle. One thing is let through that sigstore-go refuses: a
// signature's key id, a hint that must not decide anything (DSSE, protocol.md).
func checkMutants(t *testing.T, rootJSON, bundle []byte, keys ...ownership.Key) {
	t.Helper()
	o := opener(t, rootJSON)
	if len(proof(t, open(t, o, bundle, keys...)).Times) == 0 {
		t.Fatal("the bundle itself has no timed proof")
	}
	if err := plainly(rootJSON, bundle, keys...); err != nil {
		t.Fatalf("sigstore-go refuses the bundle itself: %v", err)
	}
	count, timed := 0, 0
	for name, mutant := range mutants(t, bundle) {
		count++
		items := attest.Parse(name, mutant, attest.Limits{})
		if len(items) != 1 {
			continue
		}
		opened, err := o.Open(t.Context(), items[0], offer(keys...))
		if err != nil {
			t.Fatal(err)
		}
		if len(opened.Proofs) > 0 && len(opened.Proofs[0].Times) > 0 {
			timed++
			if strings.HasPrefix(name, "$.dsseEnvelope.signatures[0].keyid ") {
				continue
			}
			if err := plainly(rootJSON, mutant, keys...); err != nil {
				t.Errorf("%s: a timed proof, and sigstore-go refuses it: %v", name, err)
			}
		}
	}
	if count < 100 || timed*4 > count {
		t.Errorf("%d mutants, of which %d still give a timed proof", count, timed)
	}
	t.Logf("%d mutants, of which %d still give a timed proof", count, timed)
}

// mutants gives the bundle with each value, at every depth and within a log entry's body too,
// replaced by null and by values of other types, left out, doubled, and slightly changed.
func mutants(t *testing.T, bundle []byte) map[string][]byte {
	t.Helper()
	var document any
	if err := json.Unmarshal(bundle, &document); err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	mutate("$", document, func(name string) {
		data, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = data
	})
	return out
}

// replacements stand in for a value: what no field of a bundle has, or what its neighbour has.
func replacements(value any) map[string]any {
	out := map[string]any{
		"null": nil, "empty text": "", "zero": 0, "negative": "-1", "huge": "9223372036854775807",
		"true": true, "empty list": []any{}, "list of null": []any{nil}, "empty object": map[string]any{},
		"base64": "AAAA", "list of empty objects": []any{map[string]any{}},
	}
	switch value := value.(type) {
	case string:
		out["longer"] = value + "AAAA"
		if raw, err := base64.StdEncoding.DecodeString(value); err == nil && len(raw) > 2 {
			for _, i := range []int{0, len(raw) / 2, len(raw) - 1} {
				flipped := slices.Clone(raw)
				flipped[i] ^= 1
				out[fmt.Sprintf("byte %d flipped", i)] = base64.StdEncoding.EncodeToString(flipped)
			}
			out["shorter"] = base64.StdEncoding.EncodeToString(raw[:len(raw)-1])
		}
	case []any:
		if len(value) > 0 {
			out["doubled"] = append(slices.Clone(value), value[len(value)-1])
		}
	case map[string]any:
		out["with another member"] = with(value, "other", 1)
	}
	return out
}

func with(object map[string]any, name string, value any) map[string]any {
	out := maps.Clone(object)
	out[name] = value
	return out
}

// mutate changes each member below value in place, calls each with the name of the change, and puts
// it back. Texts that are base64 of a JSON object are changed inside too.
func mutate(path string, value any, each func(name string)) {
	vary := func(path string, old any, set func(any)) {
		for name, replacement := range replacements(old) {
			set(replacement)
			each(path + " " + name)
		}
		if text, ok := old.(string); ok {
			raw, _ := base64.StdEncoding.DecodeString(text)
			var inner map[string]any
			if json.Unmarshal(raw, &inner) == nil && inner["spec"] != nil {
				mutate(path+"!", inner, func(name string) {
					data, err := json.Marshal(inner)
					if err != nil {
						panic(err)
					}
					set(base64.StdEncoding.EncodeToString(data))
					each(name)
				})
			}
		}
		set(old)
		mutate(path, old, each)
	}
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			old := value[name]
			delete(value, name)
			each(path + "." + name + " absent")
			value[name] = old
			vary(path+"."+name, old, func(v any) { value[name] = v })
		}
	case []any:
		for i, old := range value {
			vary(fmt.Sprintf("%s[%d]", path, i), old, func(v any) { value[i] = v })
		}
	}
}
