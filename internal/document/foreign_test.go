package document_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/internal/document"
)

// TestForeignYAML: documents of one file count their lines through it, and those that hold nothing are none.
func TestForeignYAML(t *testing.T) {
	t.Parallel()
	parts, err := document.ParseYAML("c.yaml", []byte("---\na: {x: 1, y: s}\n---\n# nothing\n---\nb: []\nc: null\nd: \"\"\ne: {}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(parts) != 2 {
		t.Fatalf("%d parts", len(parts))
	}
	if got := parts[0].Root.Fields().Get("a").Fields().Get("y"); got.Text() != "s" || got.Position() != "c.yaml:2:14" || got.Line() != 2 {
		t.Errorf("%q at %s", got.Text(), got.Position())
	}
	o := parts[1].Root.Fields()
	for _, name := range []string{"b", "c", "none"} {
		if items := o.Get(name).Items(); items != nil {
			t.Errorf("%s has items %v", name, items)
		}
	}
	for _, name := range []string{"c", "d", "none"} {
		if text := o.Get(name).Text(); text != "" {
			t.Errorf("%s is %q", name, text)
		}
	}
	for _, name := range []string{"c", "e", "none"} {
		if names := o.Get(name).Names(); names != nil {
			t.Errorf("%s has names %v", name, names)
		}
	}
	if err := document.Err(parts); err != nil {
		t.Errorf("what may be absent is wrong: %v", err)
	}
	o.Get("b").Fields()
	o.Get("d").Items()
	o.RequireFields("c")
	o.RequireFields("none")
	want := `c.yaml:6:1: no "none": expected this required field
c.yaml:6:4: a list: expected a mapping
c.yaml:7:4: nothing: expected a mapping
c.yaml:8:4: the string "": expected a list, in [ ] or each item behind a -`
	if diff := cmp.Diff(want, fmt.Sprint(document.Err(parts))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestForeignIsStrict: what cannot be read in one way is refused of others too.
func TestForeignIsStrict(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		"a: 1\n---\nb: 1\nb: 2\n": `f:4:1: "b" for the second time: expected it once, as at 3:1`,
		"a: &x 1\n":               "f:1:4: a YAML anchor: expected the value itself",
		"a: \xff":                 "f:1:4: not UTF-8: expected a document in UTF-8",
		"a: [":                    "f:1:4: not YAML: ",
	} {
		parts, err := document.ParseYAML("f", []byte(data))
		if err == nil {
			err = document.Err(parts)
		}
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", data, err, want)
		}
	}
	for data, want := range map[string]string{
		`{"a": 1, "a": 2}`: `f:1:10: "a" for the second time: expected it once, as at 1:2`,
		`{} {}`:            "f:1:4: text after the document: expected one JSON value a file",
		"\"\xff\"":         "f:1:2: not UTF-8: expected a document in UTF-8",
	} {
		part, err := document.ParseJSON("f", []byte(data))
		if err == nil {
			err = part.Err()
		}
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", data, err, want)
		}
	}
}
