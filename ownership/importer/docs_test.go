package importer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/surety-dev/surety/internal/page"
	"github.com/surety-dev/surety/ownership/importer"
)

// TestCodesAreDocumented compares the codes, and the formats, with docs/import.md.
func TestCodesAreDocumented(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("\n| code | severity | |\n|---|---|---|\n")
	for _, c := range importer.Codes() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c, c.Severity(), c.Meaning())
	}
	before := page.Generated(t, "../../docs/import.md", b.String()+"\n", *update)
	for _, f := range importer.Formats() {
		if !strings.Contains(before, "\n| `"+f+"` |") {
			t.Errorf("docs/import.md says nothing of the format %s", f)
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
