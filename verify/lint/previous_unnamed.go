package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var previousUnnamed = Check{
	Code: "previous-unnamed", Severity: verify.SeverityInfo, Control: ownership.ReleasePolicy,
	Meaning:      "The ownership model is not the first version and does not name the one before it: that none was left out does not show.",
	Requirements: []string{"R20"}, Frameworks: []string{"nist-sp-800-53-r5:CM-3"},
	Remedy:         "set previous to the digest of the version before",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		if d.model.Version() > 1 && d.model.Previous() == "" {
			report(issue{position: d.model.Position("metadata", ""), subject: d.itself(), message: fmt.Sprintf("%s version %d does not name the version before it", d.model.Name(), d.model.Version())})
		}
	},
}
