package policytest_test

import (
	"flag"
	"testing"

	"github.com/surety-dev/surety/policy/policytest"
)

var update = flag.Bool("update", false, "write what the verdicts are into the cases, and the golden files")

// TestCases is how a policy is tested in `go test`: three lines.
func TestCases(t *testing.T) {
	policytest.Run(t, "testdata/cases", policytest.Config{Update: *update})
}
