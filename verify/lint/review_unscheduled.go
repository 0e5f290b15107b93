package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var reviewUnscheduled = Check{
	Code: "review-unscheduled", Severity: verify.SeverityInfo, Control: ownership.ReviewAudit,
	Meaning:      "The ownership model does not say how often it is to be reviewed.",
	Requirements: []string{"R9", "R20", "R66"}, Frameworks: []string{"nist-csf-2.0:GV.OV-01"},
	Remedy:         "set reviewEvery and reviewedAt in the metadata",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		if _, every := d.model.Review(); every == 0 {
			report(issue{position: d.model.Position("metadata", ""), subject: d.itself(), message: fmt.Sprintf("%s version %d does not say how often it is to be reviewed", d.model.Name(), d.model.Version())})
		}
	},
}
