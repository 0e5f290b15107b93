package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var raciMultipleAccountable = Check{
	Code: "raci-multiple-accountable", Severity: verify.SeverityDeny, Control: ownership.ReleasePolicy,
	Meaning:      "Two equally specific entries make different teams accountable for one control over the same artifacts: so nobody is.",
	Requirements: []string{"R6"}, Frameworks: []string{"nist-csf-2.0:GV.RR-02", "nist-ai-rmf-1.0:GOVERN-2.1"},
	Remedy:         "make one of the teams accountable, and the other responsible or consulted",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		d.ties(func(a, b ownership.Assignment, text string) {
			if a.Ownership.Accountable == b.Ownership.Accountable || a.Ownership.Accountable == "" || b.Ownership.Accountable == "" {
				return // control-unowned says so
			}
			report(issue{position: a.Position, subject: ofTie(a, b), scopes: []string{text}, message: fmt.Sprintf(
				"%s is accountable for %s of %s here and %s, as specifically, at %s: nobody answers", a.Ownership.Accountable, a.Control, text, b.Ownership.Accountable, b.Position)})
		})
	},
}
