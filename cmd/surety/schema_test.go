package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify/lint"
)

const schemas = "../../docs/schema/"

// published is a schema as a validator sees it and as JSON.
type published struct {
	validator *jsonschema.Schema
	json      map[string]any
}

// schema reads one of the schemas this project publishes; the compiler holds it against the metaschema.
func schema(t *testing.T, name string) published {
	t.Helper()
	data, err := os.ReadFile(schemas + name + ".schema.json")
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(name, value); err != nil {
		t.Fatal(err)
	}
	validator, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return published{validator, value.(map[string]any)}
}

// instance reads a document as validators of JSON Schema do: a bare time is a string to them.
func instance(t *testing.T, text string) any {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	var convert func(n *yaml.Node) any
	convert = func(n *yaml.Node) any {
		switch {
		case n.Kind == yaml.MappingNode:
			m := map[string]any{}
			for i := 0; i < len(n.Content); i += 2 {
				m[n.Content[i].Value] = convert(n.Content[i+1])
			}
			return m
		case n.Kind == yaml.SequenceNode:
			l := make([]any, len(n.Content))
			for i, c := range n.Content {
				l[i] = convert(c)
			}
			return l
		case n.Tag == "!!int" || n.Tag == "!!float":
			return json.Number(n.Value)
		case n.Tag == "!!bool":
			return n.Value == "true"
		case n.Tag == "!!null":
			return nil
		}
		return n.Value
	}
	return convert(doc.Content[0])
}

// loading loads a document of one kind beside the files it may refer to.
var loading = map[string]func(text []byte, file string) error{
	"ownership": func(text []byte, file string) error {
		_, err := ownership.Load(beside(file, text), file)
		return err
	},
	"policy": func(text []byte, file string) error {
		_, err := policy.Load(beside(file, text), file)
		return err
	},
	"baseline": func(text []byte, file string) error {
		_, err := lint.LoadBaseline(beside(file, text), file)
		return err
	},
}

func beside(file string, text []byte) fs.FS {
	return fstest.MapFS{
		file: {Data: text}, "keys/release.pub": {Data: []byte(fixture.NewKey("release").PEM())}, "keys/other.pub": {Data: []byte(fixture.NewKey("other").PEM())},
		"trusted_root.json": {Data: []byte("{}")}, "ca.pem": {Data: []byte("CA")}, "tsa.pem": {Data: []byte("TSA")}, "notes.txt": {Data: []byte("no key")},
	}
}

// whole reads the document of a kind that has every field.
func whole(t *testing.T, kind string) any {
	t.Helper()
	return instance(t, fixture.Expand(readFile(t, "testdata/schema/"+kind+".yaml")))
}

// kindOf finds out of which kind a document is.
var kindOf = regexp.MustCompile(`(?m)^kind: (Ownership|Policy|LintBaseline)$`)

// TestDocumentsValidate: what loads validates, in this repository and beside it.
func TestDocumentsValidate(t *testing.T) {
	t.Parallel()
	validators := map[string]published{"Ownership": schema(t, "ownership"), "Policy": schema(t, "policy"), "LintBaseline": schema(t, "baseline")}
	texts := map[string]string{}
	for _, root := range []string{"../../examples", "testdata", "../../../shared/examples"} {
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) && strings.HasSuffix(root, "shared/examples") {
				return fs.SkipAll
			}
			if err == nil && (filepath.Ext(path) == ".yaml" || filepath.Ext(path) == ".yml") {
				texts[path] = readFile(t, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, part := range strings.Split(readFile(t, "../../docs/documents.md"), "```yaml\n")[1:] {
		text, _, _ := strings.Cut(part, "```")
		texts[fmt.Sprintf("docs/documents.md, block %d", i+1)] = strings.ReplaceAll(text, `"KEY"`, "KEY(documents)")
	}
	seen := map[string]int{}
	for path, text := range texts {
		kind := kindOf.FindStringSubmatch(text)
		if kind == nil {
			continue
		}
		seen[kind[1]]++
		if err := validators[kind[1]].validator.Validate(instance(t, fixture.Expand(text))); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	if seen["Ownership"] < 3 || seen["Policy"] < 3 {
		t.Errorf("%v documents: there are more than these", seen)
	}
}

// onlyLoaders are the reasons for which a loader refuses what its schema takes, by what the loader says.
// A schema sees one value at a time and no file.
var onlyLoaders = []struct{ says, why string }{
	{`^nothing is called `, "a reference is to something that is in the document"},
	{`^rule .* is about evidence .*, which is not declared: `, "an included rule has the evidence it is about"},
	{`^no certificate authority `, "a reference is to something that is in the document"},
	{`^baseline .* has no rule `, "an included rule is one of the baseline's"},
	{`^no evidence is called `, "a reference is to something that is in the document"},
	{`^".*" is a (person|team|workload|vendor): expected`, "a reference is to something of the right kind"},
	{`^".*" is a (person|team|workload|vendor) already, at `, "an id, a name or an account is there once"},
	{` for the second time: expected `, "an id, a name or an account is there once"},
	{`^the account ".*" is .*'s already`, "an id, a name or an account is there once"},
	{`^".*" for the second time at one time: expected memberships`, "memberships of one person in one team do not overlap"},
	{`^away for the second time at one time`, "times away do not overlap"},
	{`^until .*: expected until to be after from`, "what ends ends after it begins"},
	{`, the state before from .*: expected a later time$`, "states stand in the order of their times"},
	{` (as the first state|after [a-z-]+): expected `, "a state may follow the one before it"},
	{`^the escalation goes in a circle`, "an escalation ends"},
	{`^a wildcard in the subject of .*'s credential`, "a person's credential has one subject"},
	{`^the path "../x": expected one .* that stays within`, "a path stays within the document's directory"},
	{`: file does not exist: expected a file$`, "a file that is named is there"},
	{`: the file has the digest `, "a file that is named is the one meant"},
	{`: not PEM: expected `, "a key is one that is accepted, and there once"},
	{`^data after the PEM block: expected `, "a key is one that is accepted, and there once"},
	{`^(rule|variable) `, "an expression compiles, where it stands"},
}

// TestSchemasAgree: over every change of one thing in a document with every field, loader and schema
// agree, but where only the loader can know. So what the schema marks is what the loader refuses, and what
// the loader refuses without looking elsewhere the schema marks.
func TestSchemasAgree(t *testing.T) {
	t.Parallel()
	var used [64]atomic.Bool
	t.Run("changes", func(t *testing.T) {
		for kind, load := range loading {
			t.Run(kind, func(t *testing.T) {
				t.Parallel()
				s, doc := schema(t, kind), whole(t, kind)
				if err := errors.Join(load(encode(t, doc), kind+".json"), s.validator.Validate(doc)); err != nil {
					t.Fatal(err)
				}
				count, refused := 0, 0
				changes(doc, func(what string, changed any) {
					if count++; testing.Short() && count%10 != 0 {
						return
					}
					loads, validates := load(encode(t, changed), kind+".json"), s.validator.Validate(changed)
					switch {
					case loads == nil && validates != nil:
						t.Errorf("%s: it loads, and does not validate: %v", what, validates)
					case loads != nil && validates != nil:
						refused++
					case loads != nil:
						for _, e := range each(loads) {
							if i := reason(e); i >= 0 {
								used[i].Store(true)
							} else {
								t.Errorf("%s: it validates, and does not load: %v", what, e)
							}
						}
					}
				})
				t.Logf("%d changes, %d refused by loader and schema", count, refused)
				if refused < count/2 && !testing.Short() {
					t.Errorf("only %d of %d changes are refused", refused, count)
				}
			})
		}
	})
	for i, r := range onlyLoaders {
		if !used[i].Load() && !testing.Short() {
			t.Errorf("nothing the loaders say is like %s: expected the table to hold what is so", r.says)
		}
	}
}

// each takes joined errors apart.
func each(err error) []*ownership.Error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var list []*ownership.Error
		for _, e := range joined.Unwrap() {
			list = append(list, each(e)...)
		}
		return list
	}
	e, ok := errors.AsType[*ownership.Error](err)
	if !ok {
		return []*ownership.Error{{Msg: err.Error()}}
	}
	return []*ownership.Error{e}
}

// reason gives the row of onlyLoaders an error is of, -1 if it is of none.
func reason(e *ownership.Error) int {
	return slices.IndexFunc(onlyLoaders, func(r struct{ says, why string }) bool { return regexp.MustCompile(r.says).MatchString(e.Msg) })
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// knownFields is how loaders say which fields there are.
var knownFields = regexp.MustCompile(`unknown field "zz": expected (?:one of )?([^;]*)`)

// TestSchemasHaveTheLoadersFields: at every place of a document the loader knows the fields of the schema
// and no others, and the document that is tried has them all.
func TestSchemasHaveTheLoadersFields(t *testing.T) {
	t.Parallel()
	for kind, load := range loading {
		s, doc := schema(t, kind), whole(t, kind)
		tried := map[string]bool{}
		var visit func(path string, v any, at place)
		visit = func(path string, v any, at place) {
			switch v := v.(type) {
			case []any:
				for i := range v {
					visit(path+"/"+strconv.Itoa(i), v[i], at.items())
				}
			case map[string]any:
				properties := at.properties()
				if properties == nil {
					return // free JSON
				}
				v["zz"] = "x"
				err := load(encode(t, doc), kind+".json")
				delete(v, "zz")
				known := knownFields.FindStringSubmatch(fmt.Sprint(err))
				if known == nil {
					t.Fatalf("%s%s: an unknown field: %v", kind, path, err)
				}
				fields := strings.Split(known[1], ", ")
				if path == "" {
					fields = append(fields, "apiVersion", "kind") // known in every document, whether or not said
				}
				slices.Sort(fields)
				fields = slices.Compact(fields)
				if names := slices.Sorted(maps.Keys(properties)); !slices.Equal(names, fields) {
					t.Errorf("%s%s: the loader knows %q, the schema %q", kind, path, fields, names)
				}
				for name, value := range v {
					tried[properties[name].pointer] = true
					visit(path+"/"+name, value, properties[name])
				}
			}
		}
		visit("", doc, place{s.json, s.json, "#"})
		declared(s.json, "#", func(pointer string, _ map[string]any) {
			if !tried[pointer] {
				t.Errorf("%s: no document of this test has %s", kind, pointer)
			}
		})
	}
}

// TestSchemasDescribe: every field has a description, for that is what an editor shows.
func TestSchemasDescribe(t *testing.T) {
	t.Parallel()
	for name, least := range map[string]int{"ownership": 30, "policy": 30, "verdict": 30, "baseline": 10, "predicate-approval": 8, "predicate-exception": 12, "predicate-revocation": 9, "predicate-drill": 9, "predicate-github-reviews": 30} {
		s := schema(t, name).json
		count := 0
		check := func(pointer string, field map[string]any) {
			count++
			if text, _ := field["description"].(string); !strings.HasSuffix(text, ".") {
				t.Errorf("%s: %s has no description that is a sentence", name, pointer)
			}
		}
		check("#", s)
		declared(s, "#", check)
		for def, at := range s["$defs"].(map[string]any) {
			check("#/$defs/"+def, at.(map[string]any))
		}
		if s["title"] == nil || count < least {
			t.Errorf("%s: %d fields, and the title %v", name, count, s["title"])
		}
	}
}

// TestBaselineSchemaHasTheCodes: what a baseline may accept is what lint finds.
func TestBaselineSchemaHasTheCodes(t *testing.T) {
	t.Parallel()
	var codes []any
	for _, c := range lint.Checks() {
		if !strings.HasPrefix(string(c.Code), "baseline-") {
			codes = append(codes, string(c.Code))
		}
	}
	accepted := schema(t, "baseline").json["properties"].(map[string]any)["accepted"].(map[string]any)
	entry := accepted["items"].(map[string]any)["properties"].(map[string]any)
	if got := entry["code"].(map[string]any)["enum"]; !slices.Equal(got.([]any), codes) {
		t.Errorf("the schema of baselines has the codes %q, lint %q", got, codes)
	}
}
