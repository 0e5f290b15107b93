package framework_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/verify/framework"
)

var update = flag.Bool("update", false, "write the generated part of docs/frameworks.md")

// rows is the table of the requirements' "Frameworks to map to": the ids of a row, and the numbers of the
// requirements it is for.
var rows = []struct{ name, slug, ids, requirements string }{
	{"CSF govern", "nist-csf-2.0", "GV.RR-02 GV.RR-04 GV.PO-01 GV.PO-02 GV.OV-01 GV.OV-02 GV.OV-03 GV.SC-02 GV.SC-05 GV.SC-07 GV.SC-08 GV.SC-09 GV.SC-10", "1-16 29-31 39 53 66 74"},
	{"CSF identify", "nist-csf-2.0", "ID.AM-02 ID.AM-04 ID.AM-08 ID.RA-07 ID.RA-09 ID.IM-02 ID.IM-04", "21-28 41 50-52 70"},
	{"CSF protect", "nist-csf-2.0", "PR.AA-01 PR.AA-02 PR.AA-03 PR.AA-04 PR.AA-05 PR.PS-04 PR.PS-05 PR.PS-06", "21-37 42 48 59 65"},
	{"CSF detect, respond, recover", "nist-csf-2.0", "DE.CM-03 DE.CM-06 DE.CM-09 DE.AE-03 DE.AE-04 RS.MA-04 RS.AN-03 RS.AN-06 RS.AN-08 RS.MI-01 RC.RP-02 RC.RP-05", "5 10 62-64 67-69 56"},
	{"NHI1", "owasp-nhi-2025", "NHI1", "29-31"},
	{"NHI2", "owasp-nhi-2025", "NHI2", ""},
	{"NHI3", "owasp-nhi-2025", "NHI3", "14 57"},
	{"NHI4", "owasp-nhi-2025", "NHI4", "32"},
	{"NHI5", "owasp-nhi-2025", "NHI5", "28"},
	{"NHI6", "owasp-nhi-2025", "NHI6", "42"},
	{"NHI7", "owasp-nhi-2025", "NHI7", "25"},
	{"NHI8", "owasp-nhi-2025", "NHI8", "26 55"},
	{"NHI9", "owasp-nhi-2025", "NHI9", "26 27"},
	{"NHI10", "owasp-nhi-2025", "NHI10", "37"},
	{"AI RMF", "nist-ai-rmf-1.0", "GOVERN-1.4 GOVERN-1.5 GOVERN-1.6 GOVERN-2.1 GOVERN-2.3 GOVERN-4.3 GOVERN-6.1 GOVERN-6.2", "1-6 14 58 66 70"},
	{"SSDF", "nist-ssdf-1.1", "PO.2.1 PO.3.3 PO.4.1 PO.4.2 PO.5.1 PS.1.1 PS.2.1 PS.3.1 PS.3.2 RV.1.3 RV.2.2 RV.3.4", "2 41 48 65 69"},
	{"SP 800-53", "nist-sp-800-53-r5", "AC-2(3) AC-5 AC-6 AU-9(3) AU-10 CA-7 CM-3 CM-5 CM-14 IA-5 IR-3 PS-4 PS-5 PS-7 SA-9 SC-12 SC-17 SI-7(15) SR-3 SR-4(3) SR-11", "1-74"},
	{"SLSA", "slsa-1.2", "build-l0 build-l1 build-l2 build-l3 source-l1 source-l2 source-l3 source-l4 threat-b1 threat-b2 threat-b3 threat-b4 threat-d threat-e threat-f threat-g", "41-48 57"},
	{"SP 800-57", "nist-sp-800-57-pt1-r5", "7 7.1 7.2 7.3 7.4 7.5 7.6", "22-25"},
	{"CRA", "eu-cra-2024-2847", "Annex-I.I(2)(d) Annex-I.I(2)(f) Annex-I.I(2)(l) Annex-I.II(2) Annex-I.II(7) Art.14(2)(a) Art.14(2)(b) Art.14(4)(a) Art.14(4)(b)", "65 68"},
	{"OSPS", "osps-baseline-2026-02-19", "OSPS-GV-01.01 OSPS-GV-01.02 OSPS-GV-04.01 OSPS-AC-02.01 OSPS-AC-03.01 OSPS-AC-04.02 OSPS-BR-06.01 OSPS-QA-07.01 OSPS-DO-03.01 OSPS-DO-03.02", "1 43 59"},
}

// expand writes out the numbers of requirements.
func expand(t *testing.T, numbers string) []string {
	t.Helper()
	var list []string
	for part := range strings.FieldsSeq(numbers) {
		var from, to int
		if n, _ := fmt.Sscanf(part, "%d-%d", &from, &to); n == 0 {
			t.Fatalf("numbers %q", part)
		} else if n == 1 {
			to = from
		}
		for ; from <= to; from++ {
			list = append(list, fmt.Sprintf("R%d", from))
		}
	}
	return list
}

// TestRows: the table has each id of each row and no other; the ids of a row are for the requirements of the
// row and no others, and each of those has one of them.
func TestRows(t *testing.T) {
	t.Parallel()
	var all []string
	for _, row := range rows {
		may := expand(t, row.requirements)
		covered := map[string]bool{}
		for id := range strings.FieldsSeq(row.ids) {
			ref := row.slug + ":" + id
			all = append(all, ref)
			e, ok := framework.Lookup(ref)
			if !ok {
				t.Errorf("%s: no %s", row.name, ref)
			}
			for _, r := range e.Requirements {
				covered[r] = true
				if !slices.Contains(may, r) {
					t.Errorf("%s: %s is for %s, which the row is not for", row.name, ref, r)
				}
			}
		}
		for _, r := range may {
			if !covered[r] {
				t.Errorf("%s: no id is for %s", row.name, r)
			}
		}
	}
	var have []string
	for _, e := range framework.Entries() {
		have = append(have, e.Ref())
	}
	if diff := cmp.Diff(all, have); diff != "" {
		t.Error(diff)
	}
}

// TestEntries: each entry is whole and is there once, its requirements in ascending order.
func TestEntries(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, e := range framework.Entries() {
		if e.Framework == "" || e.Version == "" || e.ID == "" || e.Title == "" || e.Source == "" || strings.HasSuffix(e.Title, ".") || len(e.Title) > 80 ||
			strings.ContainsAny(e.Framework+e.ID, ": ") || seen[e.Ref()] {
			t.Errorf("%+v", e)
		}
		seen[e.Ref()] = true
		number := 0
		for _, r := range e.Requirements {
			var n int
			if _, err := fmt.Sscanf(r, "R%d", &n); err != nil || n <= number || n > 74 || r != fmt.Sprintf("R%d", n) {
				t.Errorf("%s: requirements %q", e.Ref(), e.Requirements)
			}
			number = n
		}
		got, note, ok := framework.Resolve(e.Ref())
		if !ok || note != "" || !cmp.Equal(got, e) {
			t.Errorf("%s resolves to %+v, %q, %t", e.Ref(), got, note, ok)
		}
	}
	framework.Entries()[0].Requirements[0] = "changed"
	if framework.Entries()[0].Requirements[0] == "changed" {
		t.Error("the table can be changed from outside")
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ ref, want, note string }{ // want "": not found
		{"nist-csf-2.0:PR.AA-05", "nist-csf-2.0:PR.AA-05", ""},
		{"owasp-nhi-2025:NHI3", "owasp-nhi-2025:NHI3", ""},
		{"nist-csf-2.0:PR.AC-4", "nist-csf-2.0:PR.AA-05", "an id of CSF 1.1"},
		{"nist-csf-2.0:PR.AC-04", "nist-csf-2.0:PR.AA-05", "an id of CSF 1.1"},
		{"nist-csf-1.1:PR.AC-4", "nist-csf-2.0:PR.AA-05", "the id of CSF 1.1"},
		{"owasp-nhi-2025:NHI-03", "owasp-nhi-2025:NHI1", "NHI3 Vulnerable Third-Party NHI"},
		{"owasp-nhi-2025:NHI03", "owasp-nhi-2025:NHI1", "NHI7 Long-Lived Secrets"},
		{"owasp-nhi-2025:NHI11", "", ""},
		{"nist-csf-2.0:pr.aa-05", "", ""},
		{"nist-csf-1.1:PR.AC-1", "", ""},
		{"acme:1", "", ""},
		{"PR.AA-05", "", ""},
		{"", "", ""},
		{":", "", ""},
	} {
		e, note, ok := framework.Resolve(tt.ref)
		if ok != (tt.want != "") || ok && e.Ref() != tt.want || !strings.Contains(note, tt.note) || (note == "") != (tt.note == "") {
			t.Errorf("%q resolves to %s, %q, %t", tt.ref, e.Ref(), note, ok)
		}
		if _, ok := framework.Lookup(tt.ref); ok != (tt.want == tt.ref && tt.ref != "") {
			t.Errorf("%q: found %t; only refs are", tt.ref, ok)
		}
	}
	for _, a := range framework.Aliases() {
		if _, ok := framework.Lookup(a.For); !ok || a.Note == "" {
			t.Errorf("%+v", a)
		}
	}
}

func TestFor(t *testing.T) {
	t.Parallel()
	want := []string{"nist-csf-2.0:GV.RR-04", "nist-csf-2.0:PR.AA-05", "owasp-nhi-2025:NHI1", "nist-sp-800-53-r5:PS-5"}
	if diff := cmp.Diff(want, framework.For("R31")); diff != "" {
		t.Error(diff)
	}
	for _, none := range []string{"R0", "R75", "", "r31"} {
		if got := framework.For(none); len(got) != 0 {
			t.Errorf("%q has %q", none, got)
		}
	}
}

func ExampleResolve() {
	for _, ref := range []string{"nist-csf-2.0:PR.AA-05", "owasp-nhi-2025:NHI-03", "acme:7"} {
		entry, note, ok := framework.Resolve(ref)
		if !ok {
			fmt.Println(ref, "is not in the table")
			continue
		}
		fmt.Printf("%s: %s, %s\n", ref, entry.Ref(), entry.Title)
		if note != "" {
			fmt.Println(note)
		}
	}
	// Output:
	// nist-csf-2.0:PR.AA-05: nist-csf-2.0:PR.AA-05, Permissions follow least privilege and separation of duties
	// owasp-nhi-2025:NHI-03: owasp-nhi-2025:NHI1, Improper Offboarding
	// circulates for the life cycle: in the list of 2025 NHI1 is Improper Offboarding, NHI7 Long-Lived Secrets, and NHI3 Vulnerable Third-Party NHI
	// acme:7 is not in the table
}

func ExampleFor() {
	fmt.Println(framework.For("R25"))
	// Output:
	// [nist-csf-2.0:ID.AM-08 nist-csf-2.0:PR.AA-01 owasp-nhi-2025:NHI7 nist-sp-800-53-r5:IA-5 nist-sp-800-53-r5:SC-12 nist-sp-800-57-pt1-r5:7 nist-sp-800-57-pt1-r5:7.2 nist-sp-800-57-pt1-r5:7.4]
}

// section writes what docs/frameworks.md says of the table.
func section() string {
	var b strings.Builder
	var head string
	for _, e := range framework.Entries() {
		if e.Framework != head {
			head = e.Framework
			fmt.Fprintf(&b, "\n### `%s`\n\nVersion %s: %s.\n\n| id | title | requirements |\n|---|---|---|\n", e.Framework, e.Version, e.Source)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", e.Ref(), e.Title, strings.Join(e.Requirements, ", "))
	}
	b.WriteString("\n### Aliases\n\n| written | is | why |\n|---|---|---|\n")
	for _, a := range framework.Aliases() {
		fmt.Fprintf(&b, "| `%s` | `%s` | %s |\n", a.Ref, a.For, a.Note)
	}
	return b.String()
}

// TestPage compares docs/frameworks.md with the table.
func TestPage(t *testing.T) {
	t.Parallel()
	const path, begin, end = "../../docs/frameworks.md", "-update -->\n", "<!-- end -->"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(data), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no generated part", path)
	}
	want := before + begin + section() + "\n" + end + after
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if string(data) != want {
		t.Errorf("%s does not list the table: run go test ./verify/framework -run TestPage -update", path)
	}
}
