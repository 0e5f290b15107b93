// Package policytest checks a policy in `go test`: documents as they stand, and cases that say what must be
// allowed, what breaks it, and why each must then be refused. `surety test examples/policytest` runs the same.
package policytest

import (
	"flag"
	"testing"

	"github.com/surety-dev/surety/policy/policytest"
)

var update = flag.Bool("update", false, "write what the verdicts are into the cases")

func TestPolicy(t *testing.T) {
	policytest.Run(t, ".", policytest.Config{Update: *update})
}
