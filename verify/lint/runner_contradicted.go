package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var runnerContradicted = Check{
	Code: "runner-contradicted", Severity: verify.SeverityWarn, Control: ownership.PublisherIdentity,
	Meaning:      "The workload says what it runs on, and its credential demands a claim of another runner: nothing it signs binds, or the document is wrong.",
	Requirements: []string{"R27"}, Frameworks: []string{"nist-csf-2.0:PR.AA-04", "owasp-nhi-2025:NHI9"},
	Remedy:         "mend the runner of the workload, or the claim",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for w := range d.model.Workloads() {
			for _, c := range d.holds[w.ID] {
				if d.contradicts(w, c.ID) {
					id, _ := d.model.IdentityOf(c.ID)
					report(issue{position: d.model.Position("credentials", c.ID), subject: fmt.Sprintf("credential %s of %s", c.ID, w.ID), scopes: d.held(c), message: fmt.Sprintf(
						"workload %s has the runner %s, and its credential %s demands %s %s", w.ID, w.Runner, c.ID, runnerClaim, id.Claims[runnerClaim])})
				}
			}
		}
	},
}
