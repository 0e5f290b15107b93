package document_test

import (
	"testing"
	"testing/fstest"

	"github.com/surety-dev/surety/internal/document"
)

// TestHints: where the parser gives up, the place and the words are those of the mistake, whatever stands
// around it that only looks like one.
func TestHints(t *testing.T) {
	t.Parallel()
	const around = `text: |
  a	tab, "a quote, [a bracket: and: colons
  - not: a list
folded: >-
   deep
     deeper
flow: [a,
  {b: "c: d"},
 e]
# a comment: with "a quote and	a tab
list:
- it's: plain
  url: https://acme.test/a#b
- - nested
  - list
other:
  - key: value   # [ {
    more:
      most: 'a ''quoted'' text: with colons'
`
	rows := []struct{ name, text, want string }{
		{"nothing but what is around it", around, ""},
		{"a tab", around + "a:\n\tb: c\n", "23:1: not YAML: a tab in the indentation: expected spaces"},
		{"a tab after spaces", around + "a:\n  \tb: c\n  \td: e\n", "23:3: not YAML: a tab in the indentation: expected spaces"},
		{"a field too far out", around + "a:\n    b: c\n  d: e\n", "24:3: not YAML: indented by 2: expected 4, as the lines around it"},
		{"a field too far in", around + "a:\n  b: c\n    d: e\n", "24:5: not YAML: indented by 4: expected 2, as the lines around it"},
		{"an item too far in", around + "a:\n  - b: c\n   - d: e\n", "24:4: not YAML: indented by 3: expected 4, as the lines around it"},
		{"a field among items", around + "a:\n  - b: c\n  d: e\n", "24:3: not YAML: indented by 2: expected 4, as the lines around it"},
		{"a quote that does not end", around + "a: \"b\nc: \"d\"\n", "22:4: not YAML: a \" that nothing ends on its line: expected another at the end of the text"},
		{"a quote after wide characters", around + "é: {ü: 'b}\nc: d\n", "22:8: not YAML: a ' that nothing ends on its line: expected another at the end of the text"},
		{"a bracket that does not end", around + "a: [b, {c: d}\ne: [f]\n", "22:4: not YAML: a [ without its ]: expected it closed"},
		{"a brace that does not end", around + "a: [{b: c]\n", "22:5: not YAML: a { without its }: expected it closed"},
		{"a star", around + "a: [*, b]\n", "22:5: not YAML: a * at the beginning of a text: expected the text in quotes"},
		{"an alias of nothing", around + "a: *b\n", "22:4: not YAML: a * at the beginning of a text: expected the text in quotes"},
		{"an at sign", around + "a: @b\n", "22:4: not YAML: a @ at the beginning of a text: expected the text in quotes"},
		{"a colon within", around + "a: b: c\n", "22:5: not YAML: a : and a space within a text: expected the text in quotes"},
		{"no space", around + "a:\n  b:c\n  d: e\n", "23:3: not YAML: b:c: expected a space after the colon"},
		{"what no hint knows", around + "a: b\n--- |\n---x\n", "23:1: a second YAML document: expected one document a file"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := document.Load(fstest.MapFS{"p.yaml": {Data: []byte("apiVersion: surety.dev/v1alpha1\nkind: Policy\n" + r.text)}}, "p.yaml", document.Policy)
			want := "p.yaml:" + r.want
			if r.want == "" && err != nil || r.want != "" && (err == nil || err.Error() != want) {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
}
