package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var rotationOverdue = Check{
	Code: "rotation-overdue", Severity: verify.SeverityWarn, Control: ownership.KeyLifecycle,
	Meaning:      "An active credential is older than its rotation allows.",
	Requirements: []string{"R25"}, Frameworks: []string{"nist-csf-2.0:PR.AA-01", "owasp-nhi-2025:NHI7"},
	Remedy:         "replace the credential, and deactivate this one as superseded",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for _, c := range d.credentials {
			if c.RotateEvery == 0 || c.States.At(d.at) != ownership.Active {
				continue
			}
			first := slices.IndexFunc(c.States, func(s ownership.Change) bool { return s.State == ownership.Active })
			if due := c.States[first].From.Add(c.RotateEvery); d.at.After(due) {
				report(issue{position: d.model.Position("credentials", c.ID), subject: "credential " + c.ID, scopes: d.held(c), message: fmt.Sprintf(
					"credential %s is active since %s and is to be replaced every %s: it is %s overdue", c.ID, stamp(c.States[first].From), days(c.RotateEvery), days(d.at.Sub(due)))})
			}
		}
	},
}
