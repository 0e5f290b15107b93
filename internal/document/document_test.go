package document_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/internal/document"
)

const head = "apiVersion: surety.dev/v1alpha1\nkind: Policy\n"

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	rows := []struct{ name, file, text, want string }{
		{"an empty file", "p.yaml", "", "p.yaml:1:1: an empty file: expected a document with apiVersion and kind"},
		{"only a comment", "p.yaml", "# nothing\n", "p.yaml:1:1: an empty file: expected a document with apiVersion and kind"},
		{"not a mapping", "p.yaml", "- a\n", "p.yaml:1:1: a list: expected a document with apiVersion: surety.dev/v1alpha1 and kind: Policy"},
		{"no apiVersion", "p.yaml", "kind: Policy\n", "p.yaml:1:1: no apiVersion: expected apiVersion: surety.dev/v1alpha1"},
		{"another apiVersion", "p.yaml", "apiVersion: surety.dev/v1\nkind: Policy\n", `p.yaml:1:13: apiVersion "surety.dev/v1": expected surety.dev/v1alpha1`},
		{"no kind", "p.yaml", "apiVersion: surety.dev/v1alpha1\n", "p.yaml:1:1: no kind: expected kind: Policy"},
		{"another kind", "p.yaml", "apiVersion: surety.dev/v1alpha1\nkind: Ownership\n", `p.yaml:2:7: kind "Ownership": expected Policy`},
		{"an unknown kind", "p.yaml", "apiVersion: surety.dev/v1alpha1\nkind: Polcy\n", `p.yaml:2:7: kind "Polcy": expected Policy`},
		{"two documents", "p.yaml", head + "---\na: b\n", "p.yaml:3:1: a second YAML document: expected one document a file"},
		{"an anchor", "p.yaml", head + "a: &x b\n", "p.yaml:3:4: a YAML anchor: expected the value itself"},
		{"an alias", "p.yaml", head + "a: &x b\nc: *x\n", "p.yaml:3:4: a YAML anchor: expected the value itself"},
		{"a tag", "p.yaml", head + "a: !!str 1\n", "p.yaml:3:4: a YAML tag: expected the value itself"},
		{"the non-specific tag", "p.yaml", head + "a: ! 1\n", "p.yaml:3:4: a YAML tag: expected the value itself"},
		{"a tag after a wide character", "p.yaml", head + "{é: ! 1}\n", "p.yaml:3:1: not YAML: could not find expected ':': expected one YAML document"},
		{"a merge key", "p.yaml", head + "a: {<<: {b: c}}\n", "p.yaml:3:5: a YAML merge key: expected the fields themselves"},
		{"a number as a name", "p.yaml", head + "a: {1: b}\n", "p.yaml:3:5: the number 1 as the name of a field: expected a string"},
		{"a mapping as a name", "p.yaml", head + "a: {{b: c}: d}\n", "p.yaml:3:5: a mapping as the name of a field: expected a string"},
		{"a repeated name", "p.yaml", head + "a: {b: c, \"b\": d}\n", `p.yaml:3:11: "b" for the second time: expected it once, as at 3:5`},
		{"a repeated name at the top", "p.yaml", head + "kind: Policy\n", `p.yaml:3:1: "kind" for the second time: expected it once, as at 2:1`},
		{"not YAML", "p.yaml", head + "a: [b\n", "p.yaml:3:4: not YAML: a [ without its ]: expected it closed"},
		{"a field too far in", "p.yaml", head + "a: b\n c: d\n", "p.yaml:4:2: not YAML: indented by 1: expected 0, as the lines around it"},
		{"a list not closed, further down", "p.yaml", head + "x: y\nz:\n  - a: [b\n", "p.yaml:5:8: not YAML: a [ without its ]: expected it closed"},
		{"a tab", "p.yaml", head + "a:\n\tb: c\n", "p.yaml:4:1: not YAML: a tab in the indentation: expected spaces"},
		{"not UTF-8", "p.yaml", head + "a: é\xff\n", "p.yaml:3:5: not UTF-8: expected a document in UTF-8"},
		{"UTF-16", "p.yaml", "\xff\xfea\x00", "p.yaml:1:1: not UTF-8: expected a document in UTF-8"},
		{"too deep", "p.yaml", head + "a: " + strings.Repeat("[", 70) + strings.Repeat("]", 70), "p.yaml:3:67: nested more than 64 deep: expected less"},

		{"JSON: empty", "p.json", "", "p.json:1:1: the file ends too early: expected one whole JSON value"},
		{"JSON: cut short", "p.json", "{\n \"a\": [1,", "p.json:2:10: the file ends too early: expected one whole JSON value"},
		{"JSON: a comment", "p.json", "{\n # c\n}", "p.json:2:2: not JSON: invalid character '#' at start of value: expected one JSON value"},
		{"JSON: text after it", "p.json", `{"apiVersion": "surety.dev/v1alpha1", "kind": "Policy"} {}`, "p.json:1:57: text after the document: expected one JSON value a file"},
		{"JSON: a repeated name", "p.json", `{"apiVersion": "surety.dev/v1alpha1",` + "\n" + `"kind": "Policy", "é": 1, "a": 1, "a": 2}`, `p.json:2:35: "a" for the second time: expected it once, as at 2:27`},
		{"JSON: a lone surrogate", "p.json", `{"a": "\ud800"}`, "p.json:1:8: not JSON: invalid surrogate pair `\\ud800\"}` in string: expected one JSON value"},
		{"JSON: too deep", "p.json", strings.Repeat("[", 70) + strings.Repeat("]", 70), "p.json:1:65: nested more than 64 deep: expected less"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := document.Load(fstest.MapFS{r.file: {Data: []byte(r.text)}}, r.file, document.Policy)
			if err == nil || err.Error() != r.want {
				t.Errorf("got  %v\nwant %s", err, r.want)
			}
			if _, ok := errors.AsType[*document.Error](err); !ok {
				t.Errorf("%T is no *Error", err)
			}
		})
	}
}

func TestLoadRefusesPaths(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{"d/x.txt": {Data: []byte("x")}}
	rows := []struct {
		name, path, want string
		is               error
	}{
		{"absent", "p.yaml", "p.yaml: file does not exist: expected a document of kind Policy or a directory of its parts", fs.ErrNotExist},
		{"outside", "../p.yaml", "../p.yaml: not a path within the file system: expected one with / between its parts and without a leading / or ..", nil},
		{"a directory without documents", "d", "d: no Policy document in this directory: expected one or more *.yaml, *.yml or *.json files of that kind", nil},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := document.Load(fsys, r.path, document.Policy)
			if err == nil || err.Error() != r.want {
				t.Errorf("got  %v\nwant %s", err, r.want)
			}
			if r.is != nil && !errors.Is(err, r.is) {
				t.Errorf("%v is not %v", err, r.is)
			}
		})
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	data := append([]byte(head), strings.Repeat("# comment\n", document.MaxFileBytes/10)...)
	_, _, err := document.Load(fstest.MapFS{"p.yaml": {Data: data}}, "p.yaml", document.Policy)
	want := "p.yaml: larger than 67108864 bytes: expected a smaller file, or parts in a directory"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestReadRefuses reads field "f" of a document in one way and looks at the one
// error it gives.
func TestReadRefuses(t *testing.T) {
	t.Parallel()
	str := func(n *document.Node) { _ = n.String() }
	list := func(n *document.Node) { n.List() }
	object := func(n *document.Node) { n.Object("name", "from", "until") }
	integer := func(n *document.Node) { n.IntMin(1) }
	truth := func(n *document.Node) { n.Bool() }
	when := func(n *document.Node) { n.Time() }
	span := func(n *document.Node) { n.Duration() }
	choice := func(n *document.Node) { n.OneOf("enforce", "audit") }
	value := func(n *document.Node) { n.Value() }
	rows := []struct {
		name, text string
		read       func(*document.Node)
		want       string
	}{
		{"string: empty", `""`, str, "an empty string: expected one or more characters"},
		{"string: nothing", ``, str, "nothing: expected a string"},
		{"string: null", `~`, str, "nothing: expected a string"},
		{"string: a number", `12`, str, "the number 12: expected a string: write it in quotes"},
		{"string: a bare time", `2026-01-01`, str, "the bare time 2026-01-01: expected a string: write it in quotes"},
		{"string: a boolean", `true`, str, "the boolean true: expected a string: write it in quotes"},
		{"string: no to some, false to others", `no`, str, "the bare no, which not every YAML reader takes for a string: expected a string: write it in quotes"},
		{"string: a number to the base 60", `12:30`, str, "the bare 12:30, which not every YAML reader takes for a string: expected a string: write it in quotes"},
		{"string: a list", `[a]`, str, "a list: expected a string"},
		{"list: empty", `[]`, list, "an empty list: expected one or more items, or the field left out"},
		{"list: a string", `a`, list, `the string "a": expected a list, in [ ] or each item behind a -`},
		{"list: a mapping", `{a: b}`, list, "a mapping: expected a list, in [ ] or each item behind a -"},
		{"object: a string", `a`, object, `the string "a": expected a mapping with name, from, until`},
		{"object: unknown field", `{nmae: a}`, object, `unknown field "nmae": expected one of name, from, until; did you mean "name"?`},
		{"object: another case", `{From: a}`, object, `unknown field "From": expected one of name, from, until; did you mean "from"?`},
		{"object: far from all", `{shoe-size: a}`, object, `unknown field "shoe-size": expected one of name, from, until`},
		{"integer: too small", `0`, integer, "0: expected a whole number, 1 or more"},
		{"integer: negative", `-1`, integer, "-1: expected a whole number, 1 or more"},
		{"integer: a fraction", `1.5`, integer, "1.5: expected a whole number, 1 or more"},
		{"integer: a string", `"1"`, integer, `the string "1": expected a whole number, 1 or more, without quotes`},
		{"integer: octal to some", `017`, integer, "the number 017: expected a whole number, 1 or more"},
		{"integer: hexadecimal", `0x1f`, integer, "the number 0x1f: expected a whole number, 1 or more"},
		{"integer: underscores", `1_000`, integer, "the number 1_000: expected a whole number, 1 or more"},
		{"integer: too large", `99999999999999999999`, integer, "99999999999999999999: expected a whole number, 1 or more"},
		{"boolean: another case", `True`, truth, "the boolean True: expected true or false"},
		{"boolean: yes", `yes`, truth, "the bare yes, which not every YAML reader takes for a string: expected true or false"},
		{"time: a day", `2026-01-01`, when, "the bare time 2026-01-01 has no time of day: expected an RFC 3339 time such as 2026-01-31T09:00:00Z"},
		{"time: no zone", `2026-01-01T00:00:00`, when, `the string "2026-01-01T00:00:00" has no zone: expected an RFC 3339 time such as 2026-01-31T09:00:00Z`},
		{"time: a short hour", `"2026-01-01T1:00:00Z"`, when, `the string "2026-01-01T1:00:00Z": expected an RFC 3339 time such as 2026-01-31T09:00:00Z`},
		{"time: none", `"0001-01-01T00:00:00Z"`, when, `the string "0001-01-01T00:00:00Z" is not in the calendar, or before 1900: expected an RFC 3339 time such as 2026-01-31T09:00:00Z`},
		{"time: a number", `1700000000`, when, "the number 1700000000: expected an RFC 3339 time such as 2026-01-31T09:00:00Z"},
		{"duration: no unit", `90`, span, "the number 90: expected a duration above zero such as 90d, 72h or 1d12h"},
		{"duration: nothing", `0d`, span, `the string "0d": expected a duration above zero such as 90d, 72h or 1d12h`},
		{"duration: negative", `-5h`, span, `the string "-5h": expected a duration above zero such as 90d, 72h or 1d12h`},
		{"duration: too long", `200000d`, span, `the string "200000d": expected a duration above zero such as 90d, 72h or 1d12h`},
		{"duration: weeks", `2w`, span, `the string "2w": expected a duration above zero such as 90d, 72h or 1d12h`},
		{"choice: a near miss", `enforced`, choice, `"enforced": expected one of enforce, audit; did you mean "enforce"?`},
		{"choice: another case", `Audit`, choice, `"Audit": expected one of enforce, audit; did you mean "audit"?`},
		{"value: over 64 bits", `[99999999999999999999]`, value, "the number 99999999999999999999: expected a number as JSON writes it, within 64 bits"},
		{"value: infinity", `[.inf]`, value, "the number .inf: expected a number as JSON writes it, within 64 bits"},
		{"value: on", `[on]`, value, "the bare on, which not every YAML reader takes for a string: expected a string: write it in quotes"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			parts, _, err := document.Load(fstest.MapFS{"p.yaml": {Data: []byte(head + "f: " + r.text + "\n")}}, "p.yaml", document.Policy)
			if err != nil {
				t.Fatal(err)
			}
			r.read(parts[0].Root.Object("f").Get("f"))
			e, ok := errors.AsType[*document.Error](parts[0].Err())
			if !ok || e.Msg != r.want || e.Line != 3 || e.Col < 3 {
				t.Errorf("got  %v\nwant %s", parts[0].Err(), r.want)
			}
		})
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	yaml := head + `name: payments
version: 4
from: 2026-01-01T01:00:00+01:00
quoted: "2026-01-01T00:00:00.5Z"
spans: [90d, 72h, 1d12h, 1.5h]
flags: [true, false]
words: [a, "no", "12", y]
params: {n: null, b: true, i: 9007199254740993, f: 1.5, s: "", l: [], o: {a: {}}, t: 2026-01-01T00:00:00Z}
claims: {a: b, c: d}
`
	json := `{"apiVersion": "surety.dev/v1alpha1", "kind": "Policy", "name": "payments", "version": 4,
"from": "2026-01-01T01:00:00+01:00", "quoted": "2026-01-01T00:00:00.5Z", "spans": ["90d","72h","1d12h","1.5h"],
"flags": [true, false], "words": ["a", "no", "12", "y"],
"params": {"n": null, "b": true, "i": 9007199254740993, "f": 1.5, "s": "", "l": [], "o": {"a": {}}, "t": "2026-01-01T00:00:00Z"},
"claims": {"a": "b", "c": "d"}}`
	type read struct {
		Name         string
		Version      int
		From, Quoted time.Time
		Spans        []time.Duration
		On           []bool
		Words        []string
		Params       any
		Claims       []string
		Absent       string
	}
	want := read{
		Name: "payments", Version: 4,
		From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Quoted: time.Date(2026, 1, 1, 0, 0, 0, 5e8, time.UTC),
		Spans: []time.Duration{2160 * time.Hour, 72 * time.Hour, 36 * time.Hour, 90 * time.Minute},
		On:    []bool{true, false}, Words: []string{"a", "no", "12", "y"},
		Params: map[string]any{"n": nil, "b": true, "i": int64(9007199254740993), "f": 1.5, "s": "", "l": []any{}, "o": map[string]any{"a": map[string]any{}}, "t": "2026-01-01T00:00:00Z"},
		Claims: []string{"a=b", "c=d"},
	}
	for file, text := range map[string]string{"p.yaml": yaml, "p.json": json, "q.yaml": json} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			parts, isDir, err := document.Load(fstest.MapFS{file: {Data: []byte(text)}}, file, document.Policy)
			if err != nil || isDir || len(parts) != 1 {
				t.Fatal(parts, isDir, err)
			}
			o := parts[0].Root.Object("name", "version", "from", "quoted", "spans", "flags", "words", "params", "claims", "absent")
			got := read{
				Name: o.Require("name").String(), Version: o.Get("version").IntMin(4),
				From: o.Get("from").Time(), Quoted: o.Get("quoted").Time(),
				Words: o.Get("words").Strings(), Params: o.Get("params").Value(), Absent: o.Get("absent").OneOf("x"),
			}
			for _, n := range o.Get("spans").List() {
				got.Spans = append(got.Spans, n.Duration())
			}
			for _, n := range o.Get("flags").List() {
				got.On = append(got.On, n.Bool())
			}
			for _, e := range o.Get("claims").Entries() {
				got.Claims = append(got.Claims, e.Name.String()+"="+e.Value.String())
			}
			if err := parts[0].Err(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestErrorsComeInOrderAndOnce(t *testing.T) {
	t.Parallel()
	text := head + "b: []\na: {x: 1}\nc: nothing\n"
	parts, _, err := document.Load(fstest.MapFS{"p.yaml": {Data: []byte(text)}}, "p.yaml", document.Policy)
	if err != nil {
		t.Fatal(err)
	}
	o := parts[0].Root.Object("a", "b", "c")
	inner := o.Get("a").Object("y")
	inner.Require("y").Errorf("must not be told")
	o.Get("c").Object("z").Require("z")
	o.Get("b").List()
	want := `p.yaml:3:4: an empty list: expected one or more items, or the field left out
p.yaml:4:4: no "y": expected this required field
p.yaml:4:5: unknown field "x": expected y
p.yaml:5:4: the string "nothing": expected a mapping with z`
	if got := document.Err(parts); got == nil || got.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", got, want)
	}
	if got := o.Get("a").Position(); got != "p.yaml:4:4" {
		t.Errorf("position %s", got)
	}
}

func TestDirectory(t *testing.T) {
	t.Parallel()
	part := func(kind string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("apiVersion: surety.dev/v1alpha1\nkind: " + kind + "\n")}
	}
	fsys := fstest.MapFS{
		"d/b.yaml": part("Policy"), "d/a.yml": part("Policy"), "d/o.yaml": part("Ownership"),
		"d/c.json":      {Data: []byte(`{"apiVersion": "surety.dev/v1alpha1", "kind": "Policy"}`)},
		"d/root.json":   {Data: []byte(`{"mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1"}`)},
		"d/README.md":   {Data: []byte("no document")},
		"d/x.yaml/y":    {Data: []byte("a directory that looks like a file")},
		"d/deep/z.yaml": {Data: []byte("not read")},
	}
	parts, isDir, err := document.Load(fsys, "d", document.Policy)
	if err != nil || !isDir {
		t.Fatal(isDir, err)
	}
	var got []string
	for _, p := range parts {
		got = append(got, p.Path)
	}
	if diff := cmp.Diff([]string{"d/a.yml", "d/b.yaml", "d/c.json"}, got); diff != "" {
		t.Error(diff)
	}
	// The same bytes in a.yml and b.yaml: lines sort by digest, then path.
	yaml, json := sum(string(fsys["d/b.yaml"].Data)), sum(string(fsys["d/c.json"].Data))
	lines := []string{yaml + "  a.yml\n", yaml + "  b.yaml\n"}
	if json < yaml {
		lines = append([]string{json + "  c.json\n"}, lines...)
	} else {
		lines = append(lines, json+"  c.json\n")
	}
	if got, want := document.DirectoryDigest(parts), "sha256:"+sum(strings.Join(lines, "")); got != want {
		t.Errorf("digest %s, want %s", got, want)
	}

	fsys["d/misspelt.yaml"] = part("Policies")
	_, _, err = document.Load(fsys, "d", document.Policy)
	if want := `d/misspelt.yaml:2:7: kind "Policies": expected Policy`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func sum(s string) string {
	d := sha256.Sum256([]byte(s))
	return hex.EncodeToString(d[:])
}

func FuzzLoad(f *testing.F) {
	f.Add("p.yaml", head+"a: [1, {b: c}]\n")
	f.Add("p.json", `{"apiVersion": "surety.dev/v1alpha1", "kind": "Policy"}`)
	f.Add("p.yaml", head+"a: ! 1\n")
	f.Fuzz(func(t *testing.T, file, text string) {
		if file != "p.json" {
			file = "p.yaml"
		}
		parts, _, err := document.Load(fstest.MapFS{file: {Data: []byte(text)}}, file, document.Policy)
		if (err == nil) == (len(parts) == 0) {
			t.Fatal("neither a part nor an error, or both")
		}
		for _, p := range parts {
			p.Root.Value()
			_ = p.Err()
		}
	})
}
