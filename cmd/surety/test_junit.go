package main

import (
	"io"
	"strings"

	"github.com/jstemmer/go-junit-report/v2/junit"

	"github.com/surety-dev/surety/policy/policytest"
)

// junit writes the answer as JUnit reports have it: a suite a case, in it the case as it stands and each way to
// break it. What kept cases from being read or judged is a suite of its own. It tells no durations.
func (t tested) junit(out io.Writer) error {
	var suites junit.Testsuites
	for _, r := range t.Cases {
		suite := junit.Testsuite{Name: r.File, ID: len(suites.Suites), Time: "0"}
		suite.AddProperty("story", r.Story)
		for _, trial := range r.Trials {
			suite.AddTestcase(testcase(r, trial))
		}
		suites.AddSuite(suite)
	}
	if len(t.Errors) > 0 {
		suite := junit.Testsuite{Name: "errors", ID: len(suites.Suites), Time: "0"}
		for _, err := range t.Errors {
			suite.AddTestcase(junit.Testcase{Name: "documents", Classname: "errors", Error: &junit.Result{Message: err}})
		}
		suites.AddSuite(suite)
	}
	return suites.WriteXML(out)
}

// testcase is one verdict.
func testcase(r policytest.Result, trial policytest.Trial) junit.Testcase {
	tc := junit.Testcase{Name: trial.Name, Classname: r.File}
	if tc.Name == "" {
		tc.Name = "as it stands"
	}
	lines := trial.Explain()
	switch {
	case trial.Err != nil:
		tc.Error = &junit.Result{Message: lines[0], Data: strings.Join(lines, "\n")}
	case !trial.Passed():
		tc.Failure = &junit.Result{Message: lines[0], Data: trial.Position + "\n" + strings.Join(lines, "\n")}
	}
	return tc
}
