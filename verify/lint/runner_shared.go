package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var runnerShared = Check{
	Code: "runner-shared", Severity: verify.SeverityWarn, Control: ownership.PublisherIdentity,
	Meaning:      "A workload that may build, release or deploy runs on a machine it shares with others, with a credential that stays there: what else runs there can sign as it.",
	Requirements: []string{"R27"}, Frameworks: []string{"nist-csf-2.0:PR.AA-01", "owasp-nhi-2025:NHI9"},
	Remedy:         "run it on a machine of its own or of the provider, or make its credential ephemeral",
	needsOwnership: true,
	find:           findRunnerShared,
}

func findRunnerShared(d *documents, report func(issue)) {
	for w := range d.model.Workloads() {
		granted := slices.IndexFunc(d.grantsTo[w.ID], ships)
		if w.Runner != "shared" || granted < 0 {
			continue
		}
		var stays []string
		for _, c := range d.holds[w.ID] {
			if c.Custody != "ephemeral" && !d.contradicts(w, c.ID) {
				stays = append(stays, c.ID)
			}
		}
		if stays != nil {
			report(issue{position: d.model.Position("workloads", w.ID), subject: fmt.Sprintf("workload %s, credential %s", w.ID, each(stays)), scopes: d.grantsTo[w.ID][granted].Artifacts, message: fmt.Sprintf(
				"workload %s runs on a shared machine with %s, and may %s: what else runs there can sign as it", w.ID, list(stays), duties(d.grantsTo[w.ID][granted]))})
		}
	}
}

// runnerClaim is the claim that says what a workflow ran on.
const runnerClaim = "runnerEnvironment"

// contradicts reports whether a credential demands another runner than the workload has.
func (d *documents) contradicts(w ownership.Workload, credential string) bool {
	id, _ := d.model.IdentityOf(credential)
	switch id.Claims[runnerClaim] {
	case "github-hosted":
		return w.Runner == "shared" || w.Runner == "dedicated"
	case "self-hosted":
		return w.Runner == "hosted"
	}
	return false
}
