package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var reviewOverdue = Check{
	Code: "review-overdue", Severity: verify.SeverityWarn, Control: ownership.ReviewAudit,
	Meaning:      "The ownership model is due for review.",
	Requirements: []string{"R9", "R66"}, Frameworks: []string{"nist-csf-2.0:GV.OV-01"},
	Remedy:         "review the document and set reviewedAt",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		last, every := d.model.Review()
		since := "was last reviewed on"
		if last.IsZero() {
			last, since = d.model.EffectiveFrom(), "has not been reviewed since it took effect on"
		}
		if due := last.Add(every); every != 0 && d.at.After(due) {
			report(issue{position: d.model.Position("metadata", ""), message: fmt.Sprintf(
				"%s version %d %s %s and is to be reviewed every %s: it is %s overdue", d.model.Name(), d.model.Version(), since, stamp(last), days(every), days(d.at.Sub(due)))})
		}
	},
}
