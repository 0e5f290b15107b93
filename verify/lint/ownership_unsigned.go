package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var ownershipUnsigned = Check{
	Code: "ownership-unsigned", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "Nobody has verified that the ownership model was agreed to: that enough people of its owner have signed it.",
	Requirements: []string{"R20"}, Frameworks: []string{"nist-sp-800-53-r5:CM-3"},
	Remedy:         "have the document signed by its owner, and read it where the signatures are verified",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		if !d.endorsed {
			report(issue{position: d.model.Position("metadata", ""), subject: d.itself(), message: fmt.Sprintf("%s version %d was read without verifying signatures over it", d.model.Name(), d.model.Version())})
		}
	},
}
