package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var failOpen = Check{
	Code: "fail-open", Severity: verify.SeverityWarn, Control: ownership.Enforcement,
	Meaning:      "An enforcement point lets everything in when it cannot judge, or does not say what it does then.",
	Requirements: []string{"R59", "R61"}, Frameworks: []string{"nist-csf-2.0:PR.PS-05", "nist-sp-800-53-r5:CM-14"},
	Remedy:         "set onFailure: closed",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, e := range d.points {
			say := func(what string) {
				report(issue{position: d.model.Position("enforcement", e.ID), subject: "enforcement point " + e.ID, scopes: e.Artifacts, message: fmt.Sprintf("enforcement point %s in %s %s when it cannot judge", e.ID, e.Environment, what)})
			}
			switch {
			case e.Mode != "enforce": // not-enforced says more
			case e.OnFailure == "open":
				say("lets everything in")
			case e.OnFailure == "":
				say("does not say what it does")
			}
		}
	},
}
