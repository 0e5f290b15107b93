package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var ownershipNotInForce = Check{
	Code: "ownership-not-in-force", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "The ownership model is not in force yet at the time it is read for.",
	Requirements: []string{"R20"}, Frameworks: []string{"nist-sp-800-53-r5:CM-3"},
	Remedy:         "read it as of a time from its effectiveFrom on, or put it in force",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		if !d.model.InForce(d.at) {
			report(issue{position: d.model.Position("metadata", ""), subject: d.itself(), message: fmt.Sprintf(
				"%s version %d is in force only from %s: a verdict of %s is deny", d.model.Name(), d.model.Version(), stamp(d.model.EffectiveFrom()), stamp(d.at))})
		}
	},
}
