package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var runnerUnproven = Check{
	Code: "runner-unproven", Severity: verify.SeverityInfo, Control: ownership.PublisherIdentity,
	Meaning:      "A workload is to run on machines of its provider, and its credential does not demand the claim that says so: a run on another machine signs as it.",
	Requirements: []string{"R27"}, Frameworks: []string{"nist-csf-2.0:PR.AA-04", "owasp-nhi-2025:NHI9"},
	Remedy:         "demand the claim runnerEnvironment: github-hosted",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for w := range d.model.Workloads() {
			for _, c := range d.holds[w.ID] {
				if id, _ := d.model.IdentityOf(c.ID); w.Runner == "hosted" && id.Issuer == githubIssuer && id.Claims[runnerClaim] == "" {
					report(issue{position: d.model.Position("credentials", c.ID), subject: fmt.Sprintf("credential %s of %s", c.ID, w.ID), scopes: d.held(c), message: fmt.Sprintf(
						"workload %s is to run on hosted machines, and its credential %s does not demand %s", w.ID, c.ID, runnerClaim)})
				}
			}
		}
	},
}

// githubIssuer is the issuer whose tokens say on which runner a workflow ran.
const githubIssuer = "https://token.actions.githubusercontent.com"
