package document_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/internal/document"
)

// awkward are documents that hold what a reader in pieces may take wrongly.
var awkward = []string{
	"a: 1\nb:\n  - x\n  - y\n",
	"# first\n\na: 1\n# between\nb:\n# above\n\n  - x: 1\n    y: 2\n\n  # inside\n  - - z\n    - w\n  -\n    q: r\nc: {d: e}\n",
	"b:\n- x\n- y: z\n  w: |\n    - no item\n  # c\n- v\n",
	"b:\n  - 'begins\n\n  - ends'\n  - z\n",
	"b:\n  - \"begins\n  - ends\"\n  - z\n",
	"b:\n  - {a: b,\n  - c: d}\n  - z\n",
	"b:\n  - [a,\nc: d, e]\n  - z\n",
	"b: 'begins\nc: ends'\nd: e\n",
	"b: [x,\ny: z]\nd: e\n",
	"b: |\n  text\n  - text\n\nc: >+\n  text\n\n\nd: e\n",
	"b:\n  - |+\n   kept\n\n\n  - >-\n      folded\n      on\n  - z\n",
	"b:\n  - plain\n    goes on\n  - z\n",
	"b: &x 1\nc: *x\n", "b: &x\n  - 1\nc:\n  - *x\n", "b:\n  - !tag x\n  - ! y\n", "b: !!str x\nc: d\n",
	"a: 1\na: 2\n", "b:\n  - {x: 1, x: 2}\n  - y\n", "a: 1\n---\nb: 2\n", "---\na: 1\n", "a: 1\n...\n", "%YAML 1.1\n---\na: 1\n", "- a\n- b\n", "a\n", "",
	"? a\n: b\n", "a:\n  - ? z\n\n  - k\n", "a:\n  - ?\n\n  - k\n", "\"a\": b\nc: d\n", "a : b\nc: d\n", "a:\tb\nc: d\n", "a: b\r\nc:\r\n  - d\r\n", "a: b\rc: d\n", "a: x\u2028y\nb: z\n", "a: b\nc", "a: b\nc:",
	"b:\n  - x\n - y\n", "b:\n  - x\n    - y\n", "b:\n    - x\n  - y\n", "b:\n  - x\n  y: z\n", "b:\n  x\n  - y\n", "b: # comment\n  - x\n  - y\n", "b:\n  -   x\n  -   y\n",
	"<<: {a: b}\nc: d\n", "b:\n  - <<: {a: b}\n  - c\n", "a: yes\nb: 1:20\nc: 2026-01-01T00:00:00Z\nd: ~\n", "ü: x\na: ü\n", "b:\n  - ü: x\n  - y\n", "a: b\n  c: d\n", "a: b: c\nd: e\n",
}

// same fails unless a file read in pieces of a size is what it is read as a whole. It reports whether it
// was read in pieces.
func same(t *testing.T, text string, size int) bool {
	t.Helper()
	pieces, ok := document.ReadPieces([]byte(text), size)
	if !ok {
		return false
	}
	whole, err := document.ReadWhole([]byte(text))
	if err != nil {
		t.Fatalf("read in pieces, and not as a whole: %v\n%s", err, text)
	}
	if diff := cmp.Diff(document.Dump(whole), document.Dump(pieces)); diff != "" {
		t.Fatalf("in pieces of %d it is another document: %s\n%s", size, diff, text)
	}
	return true
}

// TestPieces: a file read in pieces is the document it is as a whole, or is not read in pieces.
func TestPieces(t *testing.T) {
	t.Parallel()
	texts := slices.Clone(awkward)
	for _, pattern := range []string{"../../cmd/surety/testdata/*/*.yaml", "../../examples/*/*.yaml", "../../../shared/examples/*/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, string(data))
		}
	}
	read := 0
	for _, text := range texts {
		for _, size := range []int{1, 10, 100, 1000} {
			if same(t, text, size) {
				read++
			}
		}
	}
	if read < 60 {
		t.Errorf("%d of %d were read in pieces, expected more", read, 4*len(texts))
	}
	seed := uint64(1)
	t.Log("seed", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	parts := []string{"a:", "b:", " ", "  ", "- ", "\n", "\n  - ", "\n- ", "x", "'", "\"", "{", "}", "[", "]", ",", "|", ">", "#", " #", "&x", "*x", "!", "1", ": ", "\n  ", "\nc: ", "\\", "---", "\n\n", "\n  - x", "\n  - q: r", "\n    s: t", "\nd:\n  - y", "\ne: f\n"}
	read = 0
	for range 100_000 {
		var b strings.Builder
		b.WriteString("a:")
		for range 2 + random.IntN(12) {
			b.WriteString(parts[random.IntN(len(parts))])
		}
		if same(t, b.String(), 1+random.IntN(8)) {
			read++
		}
	}
	if read < 3000 {
		t.Errorf("%d random texts were read in pieces, expected more", read)
	}
}

// TestLargeFile: a large document is what it is in small parts, and its mistakes are where they were.
func TestLargeFile(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(head + "rules:\n")
	const items = 40_000
	for i := range items {
		fmt.Fprintf(&b, "  - id: rule-%d\n    text: |\n      one\n      two\n", i)
	}
	text := b.String()
	if !same(t, text, 1<<18) {
		t.Error("it is not read in pieces")
	}
	_, err := document.ReadWhole([]byte(strings.Replace(text, "id: rule-39999", "id: &x rule-39999", 1)))
	if want := fmt.Sprintf("x.yaml:%d:9: a YAML anchor: expected the value itself", 3+4*(items-1)+1); err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}
