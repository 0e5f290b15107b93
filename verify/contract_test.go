package verify

import (
	"os"
	"strings"
	"testing"
)

// TestCodesAreDocumented compares the table of codes with its documentation, row by row.
func TestCodesAreDocumented(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../docs/verdict.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(data), "<!-- codes:")
	if !found {
		t.Fatal("docs/verdict.md has no table of codes")
	}
	var rows []string
	for _, line := range strings.Split(table, "\n") {
		if strings.HasPrefix(line, "| `") {
			rows = append(rows, line)
		}
	}
	if len(rows) != len(meanings) {
		t.Errorf("%d codes documented, %d in the code", len(rows), len(meanings))
	}
	for i, m := range meanings {
		want := "| `" + string(m.code) + "` | " + m.mark.String() + " | " + m.control.String() + " | "
		if i >= len(rows) || !strings.HasPrefix(rows[i], want) {
			t.Errorf("row %d should begin %q", i+1, want)
		}
	}
}
