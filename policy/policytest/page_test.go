package policytest_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/surety-dev/surety/policy/policytest"
)

// TestPage: the case in docs/testing.md passes, and what the page names is there.
func TestPage(t *testing.T) {
	data, err := os.ReadFile("../../docs/testing.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	_, rest, _ := strings.Cut(page, "```\n")
	text, _, _ := strings.Cut(rest, "```\n")
	fsys := fstest.MapFS{"page.txtar": {Data: []byte(text)}}
	for _, name := range []string{"ownership.yaml", "policy.yaml", "tsa.pem", "keys/bob.pub"} {
		data, err := os.ReadFile("testdata/cases/" + name)
		if err != nil {
			t.Fatal(err)
		}
		fsys[name] = &fstest.MapFile{Data: data}
	}
	cases, err := policytest.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if r := cases[0].Run(t.Context(), policytest.Config{}); !r.Passed() {
		t.Errorf("%v\n%s", r.Text(&b), b.String())
	}
	for _, name := range policytest.Recipes() {
		if !strings.Contains(page, "`"+name+"`") {
			t.Errorf("the page does not name the recipe %s", name)
		}
	}
}
