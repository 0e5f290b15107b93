package attest

// TestResult is the view of a test result v0.1. UNVERIFIED, like the statement it is decoded from;
// read-only. Required are result and configuration. That a result agrees with the lists of tests is not
// checked. Source: in-toto attestation, spec/predicates/test-result.md.
type TestResult struct {
	// Result is "PASSED", "WARNED" or "FAILED".
	Result string
	// Configuration is what the run was configured by.
	Configuration []Resource
	// URL is where the run is to be seen, "" if not said.
	URL string
	// PassedTests are the names of the tests that passed.
	PassedTests []string
	// WarnedTests are the names of the tests that passed with a warning.
	WarnedTests []string
	// FailedTests are the names of the tests that failed.
	FailedTests []string
}

// TestResult decodes the predicate, once; it is safe for use by many goroutines. Both results are nil
// if the predicate has no [ViewTest]; an error is a [*SyntaxError] or a [*LimitError].
func (st *Statement) TestResult() (*TestResult, error) { return as[TestResult](st.decode(ViewTest)) }

var (
	testNames = names{"result", "configuration", "url", "passedTests", "warnedTests", "failedTests"}
	testMust  = names{"result", "configuration"}
)

func (r *reader) testResult() any {
	t := new(TestResult)
	for name := range r.whole(testNames, testMust) {
		switch name {
		case "result":
			t.Result = r.one(passed, warned, failed)
		case "configuration":
			t.Configuration = r.resources(nil)
		case "url":
			t.URL = r.optional()
		case "passedTests":
			t.PassedTests = r.optionalTexts()
		case "warnedTests":
			t.WarnedTests = r.optionalTexts()
		case "failedTests":
			t.FailedTests = r.optionalTexts()
		}
	}
	return t
}
