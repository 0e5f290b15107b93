package policytest_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/policy/policytest"
)

// results runs the cases of a directory.
func results(t *testing.T, dir string) (cases []*policytest.Case, all []policytest.Result) {
	t.Helper()
	cases, err := policytest.Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		all = append(all, c.Run(context.Background(), policytest.Config{}))
	}
	return cases, all
}

// golden compares a text with its golden file.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got):\n%s", file, d)
	}
}

// TestFailing: a case that fails says what differs, what was found and who answers.
func TestFailing(t *testing.T) {
	_, all := results(t, "testdata/failing")
	var b strings.Builder
	for _, r := range all {
		if r.Passed() {
			t.Errorf("%s passed", r.File)
		}
		if err := r.Text(&b); err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "testdata/failing.txt", b.String())
}

// TestCover: coverage names the rules that no case has seen fail, and the codes that none has shown.
func TestCover(t *testing.T) {
	var b strings.Builder
	for _, dir := range []string{"testdata/cases", "testdata/failing"} {
		_, all := results(t, dir)
		if err := policytest.Cover(all).Text(&b); err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "testdata/cover.txt", b.String())
}

// TestUpdate: an update writes decision, codes and what was looked at, and changes nothing else.
func TestUpdate(t *testing.T) {
	const admitted = "want: {decision: deny, codes: [rule-failed], rules: {passed: fail, slow: fail}, answers: [platform], also: [at-risk]}"
	const warned = "  the tests warned:\n    evidence: {test-result: {predicate: {result: WARNED}}}\n    want: {decision: deny, codes: [rule-failed]}\n"
	data, err := os.ReadFile("testdata/failing/tests-failed.txtar")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)

	_, err = updated(t, text)
	wants(t, err, "c.txtar:26:1: the decision allow where deny was wanted: expected it changed by hand, if it is meant\n"+
		"c.txtar:32:3: the decision allow where deny was wanted: expected it changed by hand, if it is meant")

	text = strings.Replace(text, admitted, "want: {decision: allow}", 1)
	_, err = updated(t, strings.Replace(text, "    want: {decision: deny, codes: [rule-failed]}\n", "", 1))
	wants(t, err, "c.txtar:32:3: the decision allow, though the case is broken: expected a change that breaks it")

	text = strings.Replace(text, warned, "", 1)
	got, err := updated(t, text)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/updated.txt", got)
	if again, err := updated(t, got); err != nil || again != got {
		t.Errorf("an update of what passes changed it: %v\n%s", err, cmp.Diff(got, again))
	}

	got, err = updated(t, strings.Replace(text, "want: {decision: allow}\n", "", 1))
	if err != nil || !strings.Contains(got, "\nwant: {decision: allow}\nbroken:\n") {
		t.Errorf("a case that did not say what it wants: %v\n%s", err, got)
	}
}

// TestUpdateNothingBreaks: an update does not write that a release is admitted where nothing breaks it.
func TestUpdateNothingBreaks(t *testing.T) {
	text, _, _ := strings.Cut(sound, "want: ")
	_, err := updated(t, text)
	wants(t, err, "c.txtar:27:7: a release that is admitted, and nothing that breaks it: expected broken, or unbroken with the reason why not")
}

// FuzzUpdate: whatever a case holds, an update of it is a case that says the same, and passes.
func FuzzUpdate(f *testing.F) {
	f.Add(sound)
	for _, file := range []string{"failing/tests-failed", "cases/bundled", "cases/released"} {
		data, err := os.ReadFile("testdata/" + file + ".txtar")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Add(strings.Replace(sound, "want: {decision: allow}", "want: {decision: deny, # }\n codes: ['}', \"\\\"\"]}", 1))
	f.Fuzz(func(t *testing.T, text string) {
		fsys := fstest.MapFS{"c.txtar": {Data: []byte(text)}}
		c, err := policytest.LoadCase(fsys, "c.txtar")
		if err != nil {
			return
		}
		text2, err := c.Update(c.Run(t.Context(), policytest.Config{}))
		if err != nil {
			return
		}
		fsys["c.txtar"].Data = text2
		if c, err = policytest.LoadCase(fsys, "c.txtar"); err != nil {
			t.Fatalf("%v\n%s", err, text2)
		}
		var b strings.Builder
		if r := c.Run(t.Context(), policytest.Config{}); !r.Passed() {
			t.Errorf("%v\n%s", r.Text(&b), b.String())
		}
	})
}

// updated is the update of a case.
func updated(t *testing.T, text string) (string, error) {
	t.Helper()
	c, err := policytest.LoadCase(fstest.MapFS{"c.txtar": {Data: []byte(text)}}, "c.txtar")
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Update(c.Run(t.Context(), policytest.Config{}))
	return string(got), err
}

func wants(t *testing.T, err error, text string) {
	t.Helper()
	if err == nil || err.Error() != text {
		t.Errorf("%v, want %s", err, text)
	}
}
