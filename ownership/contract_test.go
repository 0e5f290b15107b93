package ownership

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// rows are the rows of the table after a marker in docs/who.md.
func rows(t *testing.T, marker string) []string {
	t.Helper()
	data, err := os.ReadFile("../docs/who.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(data), "<!-- "+marker+":")
	if !found {
		t.Fatalf("docs/who.md has no table of %s", marker)
	}
	rest, _, _ = strings.Cut(rest, "\n\n")
	var list []string
	for line := range strings.Lines(rest) {
		if strings.HasPrefix(line, "| `") {
			list = append(list, strings.TrimSpace(line))
		}
	}
	return list
}

// compare compares rows with how they must begin, one by one.
func compare(t *testing.T, rows, want []string) {
	t.Helper()
	if len(rows) != len(want) {
		t.Errorf("%d rows documented, %d in the code", len(rows), len(want))
	}
	for i := range min(len(rows), len(want)) {
		if !strings.HasPrefix(rows[i], want[i]) {
			t.Errorf("the row %q should begin %q", rows[i], want[i])
		}
	}
}

// answers are the answers and the tables of docs/who.md that have their fields; what is documented
// elsewhere is one row.
var answers = []struct {
	marker string
	of     reflect.Type
	as     []string
}{
	{"fields", reflect.TypeFor[Who](), []string{"couldNotSign[]"}},
	{"person", reflect.TypeFor[WhoPerson](), []string{"ownership", "may[]", "credentials[].but[]", "operates[].credentials[]", "operates[].may[]", "falls[]", "gaps[]"}},
	{"credential", reflect.TypeFor[WhoCredential](), []string{"ownership", "because[]", "but[]", "keptBy", "revokers[]", "may[]", "gaps[]"}},
	{"team", reflect.TypeFor[WhoTeam](), []string{"ownership", "escalation[]", "may[]", "answers[]", "gaps[]"}},
	{"roles", reflect.TypeFor[Roles](), []string{"ownership", "gaps[]"}},
	{"difference", reflect.TypeFor[Difference](), []string{"before.ownership", "after", "changes[].because[]"}},
	{"grants", reflect.TypeFor[ByDuty](), []string{"grants[].but[]"}},
}

// TestWhoIsDocumented compares the fields of the JSON, the reasons and the gaps with their documentation.
func TestWhoIsDocumented(t *testing.T) {
	t.Parallel()
	var want []string
	for _, answer := range answers {
		want = nil
		for _, field := range fields(answer.of, "") {
			for _, as := range answer.as {
				if strings.HasPrefix(field, as+".") || field == as {
					field = as
				}
			}
			if answer.marker == "roles" && strings.HasPrefix(field, "controls[].") && field != "controls[].artifacts" {
				field = "controls[]"
			}
			if row := "| `" + field + "` | "; !slices.Contains(want, row) {
				want = append(want, row)
			}
		}
		compare(t, rows(t, answer.marker), want)
	}

	want = nil
	for _, reason := range []Reason{
		CredentialNotActive, CredentialSuspended, CredentialRevoked, SignedAfterCompromise, SignerDeparted, SignerRoleChanged, SignerNotGranted, OutsideWindow, InFreeze, NoCredential,
	} {
		want = append(want, "| `"+string(reason)+"` | ")
	}
	compare(t, rows(t, "reasons"), want)

	want = nil
	for _, k := range gapKinds {
		control := "the control"
		if k.control != 0 {
			control = k.control.String()
		}
		want = append(want, "| `"+string(k.code)+"` | "+control+" | "+k.code.Meaning()+" |")
	}
	compare(t, rows(t, "gaps"), want)
	if GapCode("other").Meaning() != "" {
		t.Error("a code that is none has a meaning")
	}
}

// fields gives the paths of the fields of a type's JSON, in its order.
func fields(of reflect.Type, path string) []string {
	switch of.Kind() {
	case reflect.Slice:
		if of.Elem().Kind() == reflect.Struct {
			return fields(of.Elem(), path+"[]")
		}
		return []string{path}
	case reflect.Struct:
	default:
		return []string{path}
	}
	var list []string
	for i := range of.NumField() {
		f := of.Field(i)
		switch name := f.Tag.Get("json"); {
		case f.Anonymous:
			list = append(list, fields(f.Type, path)...)
		case path == "":
			list = append(list, fields(f.Type, name)...)
		default:
			list = append(list, fields(f.Type, path+"."+name)...)
		}
	}
	return list
}
