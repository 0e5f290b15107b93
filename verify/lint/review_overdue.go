package lint

import (
	"fmt"
	"time"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var reviewOverdue = Check{
	Code: "review-overdue", Severity: verify.SeverityWarn, Control: ownership.ReviewAudit,
	Meaning:      "The ownership model, or an entry for a control, is due for review.",
	Requirements: []string{"R9", "R20", "R66"}, Frameworks: []string{"nist-csf-2.0:GV.OV-01"},
	Remedy:         "review the document, or the entry, and set reviewedAt",
	needsOwnership: true,
	find:           findReviewOverdue,
}

func findReviewOverdue(d *documents, report func(issue)) {
	overdue := func(what string, last, begun time.Time, every time.Duration) (string, bool) {
		since := "was last reviewed on"
		if last.IsZero() {
			last, since = begun, "has not been reviewed since it took effect on"
		}
		due := last.Add(every)
		return fmt.Sprintf("%s %s %s and is to be reviewed every %s: it is %s overdue", what, since, stamp(last), days(every), days(d.at.Sub(due))), every != 0 && d.at.After(due)
	}
	last, every := d.model.Review()
	if message, is := overdue(fmt.Sprintf("%s version %d", d.model.Name(), d.model.Version()), last, d.model.EffectiveFrom(), every); is {
		report(issue{position: d.model.Position("metadata", ""), subject: d.itself(), message: message})
	}
	for _, a := range d.assignments {
		begun := a.Interval.From
		if begun.IsZero() {
			begun = d.model.EffectiveFrom()
		}
		if message, is := overdue(fmt.Sprintf("%s of %s", a.Control, list(a.Artifacts)), a.Ownership.ReviewedAt, begun, a.Ownership.ReviewEvery); is {
			report(issue{position: a.Position, subject: ofEntry(a), scopes: a.Artifacts, message: message})
		}
	}
}
