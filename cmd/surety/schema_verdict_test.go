package main

import (
	"bytes"
	"encoding"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

// verdicts gives real verdicts as the command writes them, by what they say.
func verdicts(t *testing.T) map[string]any {
	t.Helper()
	fresh := put(t, "policy.yaml", strings.Replace(readFile(t, release+"policy.yaml"), "artifacts:", "freshness: {revocations: 24h}\nartifacts:", 1))
	warns := put(t, "policy.yaml", strings.Replace(readFile(t, release+"policy.yaml"), "    about: provenance\n", "    about: provenance\n    severity: warn\n", 1))
	bcr := "../../../shared/examples/bcr/"
	rows := map[string][]string{
		"allow":         base(good),
		"deny":          base(bad),
		"nothing":       base(),
		"indeterminate": with("--policy", fresh, good),
		"no deny rule":  with("--policy", warns, good),
		"no policy":     with("--artifact", "pkg:generic/other/api@1="+release+"api-1.4.2.txt", good),
		"unreadable":    base(release + "policy.yaml"),
	}
	if _, err := os.Stat(real); err == nil {
		rows["a certificate"] = []string{"verify", "--ownership", bcr + "ownership.yaml", "--policy", bcr + "policy.yaml", "--trusted-root", filepath.Join(real, "trust/trusted-root-public-good.json"),
			"--artifact", "pkg:bazel/aspect_rules_lint@1.3.1=" + filepath.Join(real, "bcr/MODULE.bazel"), filepath.Join(real, "bcr/MODULE.bazel.intoto.jsonl")}
	}
	read := map[string]any{}
	for name, args := range rows {
		code, stdout, stderr := surety(t, append([]string{args[0], "--format", "json"}, args[1:]...)...)
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(stdout))
		if err != nil || code == exitNotJudged {
			t.Fatalf("%s: exit %d: %v: %s", name, code, err, stderr)
		}
		read[name] = value
	}
	return read
}

// TestVerdictsValidate: real verdicts validate, and do not where a field is missing, misspelt, of another
// type, or nobody's.
func TestVerdictsValidate(t *testing.T) {
	t.Parallel()
	s := schema(t, "verdict")
	there := lasting(t)
	for name, v := range verdicts(t) {
		if err := s.validator.Validate(v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		count := 0
		changes(v, func(what string, changed any) {
			object, field, removed := strings.Cut(what, " without ")
			structural := removed || strings.HasSuffix(what, " misspelt") || strings.HasSuffix(what, " with another field") || strings.HasSuffix(what, " in a list") || strings.HasSuffix(what, "is <nil>")
			if !structural || strings.Contains(what, "/digests") || removed && !there[index.ReplaceAllString(object, "/*")+"/"+field] {
				return
			}
			count++
			if s.validator.Validate(changed) == nil {
				t.Errorf("%s: %s: it validates", name, what)
			}
		})
		if count < 100 {
			t.Errorf("%s: only %d changes", name, count)
		}
	}
}

// TestVerdictSchemaHasTheFields: at every place a verdict has the fields of its schema and no others.
func TestVerdictSchemaHasTheFields(t *testing.T) {
	t.Parallel()
	s := schema(t, "verdict")
	tried, there := map[string]bool{}, lasting(t)
	var visit func(path string, v any, at place)
	visit = func(path string, v any, at place) {
		switch v := v.(type) {
		case []any:
			visit(path+"/*", v[0], at.items())
		case map[string]any:
			properties := at.properties()
			if properties == nil {
				return // digests
			}
			if names, fields := slices.Sorted(maps.Keys(properties)), slices.Sorted(maps.Keys(v)); !slices.Equal(names, fields) {
				t.Errorf("%s: a verdict has %q, the schema %q", path, fields, names)
			}
			required, _ := at.resolved().at["required"].([]any)
			for name, value := range v {
				tried[properties[name].pointer] = true
				if slices.Contains(required, any(name)) != there[path+"/"+name] {
					t.Errorf("%s/%s: a verdict may lack it: %v", path, name, !there[path+"/"+name])
				}
				visit(path+"/"+name, value, properties[name])
			}
		}
	}
	visit("", filled(t, true), place{s.json, s.json, "#"})
	declared(s.json, "#", func(pointer string, _ map[string]any) {
		if !tried[pointer] {
			t.Errorf("no verdict has %s", pointer)
		}
	})
}

// filled gives a verdict with one item in every list of objects, and every other field filled or zero.
func filled(t *testing.T, scalars bool) any {
	t.Helper()
	var v verify.Verdict
	fill(reflect.ValueOf(&v).Elem(), scalars)
	data, err := v.JSON()
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func fill(v reflect.Value, scalars bool) {
	switch {
	case v.Type() == reflect.TypeFor[verify.Time]():
		v.Set(reflect.ValueOf(verify.Time{Time: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), scalars)
		}
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), scalars)
	case v.Kind() == reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"sha256": "00"}))
	case v.Kind() == reflect.String && scalars:
		v.SetString("x")
	case v.Kind() == reflect.Bool && scalars:
		v.SetBool(true)
	case v.CanInt() && scalars:
		v.SetInt(1)
	}
}

// lasting gives the fields a verdict never lacks: those of zero values. A document that refers to no files
// has no list of them, one that is not signed says nothing of who signed it, and a verdict without supply chains
// or revocation lists has none, nor one where every rule passed or nothing is lacking.
func lasting(t *testing.T) map[string]bool {
	t.Helper()
	there := map[string]bool{}
	paths(filled(t, false), "", there)
	maps.DeleteFunc(there, func(path string, _ bool) bool {
		return path == "/layouts" || path == "/revocations" || path == "/rollbackOwners" || path == "/needed" || path == "/rules/*/because" || strings.HasSuffix(path, "/predicateTypes") || strings.HasSuffix(path, "/files") || strings.HasSuffix(path, "/signedBy")
	})
	return there
}

// paths gathers the paths of all fields, with * for every place in a list.
func paths(v any, path string, into map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			paths(item, path+"/*", into)
		}
	case map[string]any:
		for name, value := range v {
			into[path+"/"+name] = true
			paths(value, path+"/"+name, into)
		}
	}
}

// TestVerdictSchemaHasTheNames: the values the schema takes are those there are.
func TestVerdictSchemaHasTheNames(t *testing.T) {
	t.Parallel()
	s := schema(t, "verdict")
	root := place{s.json, s.json, "#"}
	field := func(path string) place {
		p := root
		for name := range strings.SplitSeq(path, "/") {
			if name == "*" {
				p = p.items()
			} else {
				p = p.properties()[name]
			}
		}
		return p.resolved()
	}
	var codes []string
	_, table, _ := strings.Cut(readFile(t, "../../docs/verdict.md"), "<!-- codes")
	table, _, _ = strings.Cut(table, "\n\n")
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\|").FindAllStringSubmatch(table, -1) {
		codes = append(codes, m[1])
	}
	rows := []struct {
		path string
		want []string
	}{
		{"decision", names(func(n uint8) encoding.TextMarshaler { return verify.Decision(n) })},
		{"marks/identity", names(func(n uint8) encoding.TextMarshaler { return verify.Standing(n) })},
		{"rules/*/outcome", names(func(n uint8) encoding.TextMarshaler { return policy.Outcome(n) })},
		{"rules/*/severity", []string{policy.Deny.String(), policy.Warn.String(), policy.Info.String()}},
		{"findings/*/severity", names(func(n uint8) encoding.TextMarshaler { return verify.Severity(n) })},
		{"findings/*/mark", names(func(n uint8) encoding.TextMarshaler { return verify.Mark(n) })},
		{"findings/*/code", codes},
		{"findings/*/control", policy.Controls()},
		{"signers/*/duties/*", policy.Duties()},
		{"inputs/evidence/*/format", []string{string(attest.FormatUnknown), string(attest.FormatDSSE), string(attest.FormatBundle), string(attest.FormatNPM), string(attest.FormatGitHub), string(attest.FormatMetablock), string(attest.FormatPyPI)}},
		{"needed/*/lacks", []string{string(verify.LacksTime), string(verify.LacksFreshness), string(verify.LacksOrder), string(verify.LacksError), string(verify.LacksException), string(verify.LacksEvidence)}},
		{"inputs/evidence/*/status", []string{string(verify.Counted), string(verify.Undecided), string(verify.Discarded), string(verify.Unused)}},
	}
	for _, r := range rows {
		var got []string
		for _, v := range field(r.path).at["enum"].([]any) {
			got = append(got, v.(string))
		}
		slices.Sort(got)
		slices.Sort(r.want)
		if !slices.Equal(got, r.want) || len(got) < 3 {
			t.Errorf("%s: the schema has %q, there are %q", r.path, got, r.want)
		}
	}
}

// names gives the names of an enumeration's values.
func names(value func(uint8) encoding.TextMarshaler) []string {
	var list []string
	for n := uint8(0); n < 255; n++ {
		text, err := value(n).MarshalText()
		if err != nil {
			break
		}
		list = append(list, string(text))
	}
	return list
}
