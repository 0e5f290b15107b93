package importer_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/surety-dev/surety/ownership/importer"
)

// TestCodesAreDocumented compares the codes, and the formats, with docs/import.md.
func TestCodesAreDocumented(t *testing.T) {
	t.Parallel()
	const path, begin, end = "../../docs/import.md", "-update -->\n", "<!-- end -->"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(data), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no generated part", path)
	}
	var b strings.Builder
	b.WriteString("\n| code | severity | |\n|---|---|---|\n")
	for _, c := range importer.Codes() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c, c.Severity(), c.Meaning())
	}
	want := before + begin + b.String() + "\n" + end + after
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if string(data) != want {
		t.Errorf("%s does not say what the codes are: run go test ./ownership/importer -run TestCodesAreDocumented -update", path)
	}
	for _, f := range importer.Formats() {
		if !strings.Contains(before, "\n| `"+f+"` |") {
			t.Errorf("%s says nothing of the format %s", path, f)
		}
	}
	if importer.Code("x").Severity() != "" || importer.Code("x").Meaning() != "" {
		t.Error("an unknown code means something")
	}
}

// TestCodesAreMet: each code stands in a golden file, so none is for nothing.
func TestCodesAreMet(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for _, s := range samples(t) {
		all.Write(read(t, s.name+"/want.txt"))
	}
	for _, c := range importer.Codes() {
		if !strings.Contains(all.String(), string(c)+": ") {
			t.Errorf("no sample has a finding %s", c)
		}
	}
	if !slices.IsSorted(importer.Formats()) {
		t.Errorf("formats %v: expected them sorted", importer.Formats())
	}
}
