package verify

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/surety-dev/surety/verify/framework"
)

var update = flag.Bool("update", false, "write the generated part of docs/verdict.md")

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
	table, _, _ = strings.Cut(table, "\n\n")
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

// TestMappings: each code has its row, in order; its frameworks are ids of the table, each for one of the
// code's requirements; and evidence-missing alone has none.
func TestMappings(t *testing.T) {
	t.Parallel()
	if len(mappings) != len(meanings) {
		t.Errorf("%d codes mapped, %d in the code", len(mappings), len(meanings))
	}
	for i, m := range mappings {
		if i >= len(meanings) || m.code != meanings[i].code {
			t.Errorf("row %d is %s's, which is another code's place", i+1, m.code)
		}
		if n := len(m.frameworks); len(m.requirements) == 0 || n > 3 || (n == 0) != (m.code == EvidenceMissing) {
			t.Errorf("%s: requirements %q, frameworks %q", m.code, m.requirements, m.frameworks)
		}
		for _, r := range m.requirements {
			if len(framework.For(r)) == 0 {
				t.Errorf("%s: no framework is for %s", m.code, r)
			}
		}
		for _, f := range m.frameworks {
			if e, ok := framework.Lookup(f); !ok || !slices.ContainsFunc(m.requirements, func(r string) bool { return slices.Contains(e.Requirements, r) }) {
				t.Errorf("%s: %s is for %q, none of %q", m.code, f, e.Requirements, m.requirements)
			}
		}
	}
	if got := SignerUnknown.Frameworks(); !slices.Equal(got, []string{"nist-csf-2.0:PR.AA-05"}) {
		t.Errorf("signer-unknown has %q; design §3.4 shows another", got)
	}
	if c := Code("grant-too-wide"); c.Frameworks() != nil || c.Requirements() != nil {
		t.Errorf("%s is no code of verdicts and has %q, %q", c, c.Requirements(), c.Frameworks())
	}
	SignerUnknown.Frameworks()[0] = "changed"
	if SignerUnknown.Frameworks()[0] == "changed" {
		t.Error("the table can be changed from outside")
	}
}

// TestMappingsAreDocumented compares the table of mappings with its documentation.
func TestMappingsAreDocumented(t *testing.T) {
	t.Parallel()
	const path, begin, end = "../docs/verdict.md", "-update -->\n", "<!-- end -->"
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
	b.WriteString("\n| code | requirements | frameworks |\n|---|---|---|\n")
	for _, m := range mappings {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", m.code, strings.Join(m.requirements, ", "), strings.Join(m.frameworks, ", "))
	}
	want := before + begin + b.String() + "\n" + end + after
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if string(data) != want {
		t.Errorf("%s does not list what codes map to: run go test ./verify -run TestMappingsAreDocumented -update", path)
	}
}
