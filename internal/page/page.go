// Package page holds generated parts of documentation pages against the code they are generated from. It
// is for tests.
package page

import (
	"os"
	"strings"
	"testing"
)

// The generated part of a page stands between these.
const begin, end = "-update -->\n", "<!-- end -->"

// Generated fails the test unless the generated part of the page at path is the text; update writes it there.
// It gives what stands before.
func Generated(t testing.TB, path, text string, update bool) (before string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(data), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no generated part", path)
	}
	want := before + begin + text + end + after
	switch {
	case update:
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	case string(data) != want:
		t.Errorf("%s is not what is generated: run go test -run '^%s$' -update", path, t.Name())
	}
	return before
}
