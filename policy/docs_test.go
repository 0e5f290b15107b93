package policy

import (
	"cmp"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cel.dev/cel-go/common/types"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/page"
)

var update = flag.Bool("update", false, "write the generated part of docs/rules.md")

// TestRulesAreDocumented compares what rules see with its documentation.
func TestRulesAreDocumented(t *testing.T) {
	t.Parallel()
	page.Generated(t, "../docs/rules.md", reference(t), *update)
}

// reference writes the tables of types and functions.
func reference(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("\n### Views\n\n| view | type | predicate types |\n|---|---|---|\n")
	for _, f := range viewFields {
		fmt.Fprintf(&b, "| `%s` | %s | `%s` |\n", f.name, typeName(f.typ), strings.Join(attest.PredicateTypes(attest.View(f.name)), "`, `"))
	}
	var all []*object
	for _, o := range objects {
		all = append(all, o)
	}
	slices.SortFunc(all, func(x, y *object) int { return cmp.Compare(x.name, y.name) })
	for _, o := range all {
		fmt.Fprintf(&b, "\n### %s\n\n| field | type | |\n|---|---|---|\n", o.name)
		for _, f := range o.fields {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.name, typeName(f.typ), f.doc)
		}
	}
	b.WriteString("\n### Functions\n\n| function | gives | |\n|---|---|---|\n")
	p, err := newProvider()
	if err != nil {
		t.Fatal(err)
	}
	lang, err := newLanguage(p, seesOne)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range functionNames {
		for _, o := range lang.env.Functions()[name].OverloadDecls() {
			args := make([]string, len(o.ArgTypes()))
			for i, a := range o.ArgTypes() {
				args[i] = typeName(a)
			}
			called := name
			if o.IsMemberFunction() {
				called, args = args[0]+"."+name, args[1:]
			}
			fmt.Fprintf(&b, "| `%s(%s)` | %s | %s |\n", called, strings.Join(args, ", "), typeName(o.ResultType()), lang.env.Functions()[name].Description())
		}
	}
	return b.String() + "\n"
}

// functionNames are the functions this package declares.
var functionNames = []string{"before", "by", "compareTo", "glob", "holding", "isGreaterThan", "isLessThan", "people", "purl", "recordedBefore", "semver", "withSource", "withWitnessed"}

func typeName(t *types.Type) string { return strings.ReplaceAll(t.String(), "surety.", "") }

// TestViewsAreComplete: every view has a field, and every field of a view that is a time says whose claim it is.
func TestViewsAreComplete(t *testing.T) {
	t.Parallel()
	for _, f := range viewFields {
		if attest.PredicateTypes(attest.View(f.name)) == nil {
			t.Errorf("%s is no view of package attest", f.name)
		}
		if found, ok := fieldOf(attestationType, f.name); !ok || found.doc != f.doc {
			t.Errorf("an attestation has no field %s", f.name)
		}
	}
	for _, o := range viewObjects {
		for _, f := range o.fields {
			if f.typ == types.TimestampType && (!strings.Contains(f.doc, "a claim of ") || !f.read.errs) {
				t.Errorf("%s.%s is a time in a predicate and is not documented as a claim", o.name, f.name)
			}
		}
	}
}
