package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var proofingStale = Check{
	Code: "proofing-stale", Severity: verify.SeverityWarn, Control: ownership.PublisherIdentity,
	Meaning:      "A person holds a credential that can sign, and nobody has made sure of who they are for longer than the model allows.",
	Requirements: []string{"R36"}, Frameworks: []string{"nist-csf-2.0:PR.AA-02", "nist-sp-800-53-r5:IA-5"},
	Remedy:         "prove the person's identity, and set proofedAt",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for p := range d.model.People() {
			due := p.ProofedAt.Add(d.model.ProofEvery())
			if d.model.ProofEvery() == 0 || !p.Present(d.at) || len(d.holds[p.ID]) == 0 || !p.ProofedAt.IsZero() && !d.at.After(due) {
				continue
			}
			says := fmt.Sprintf("was last proofed on %s: it is %s overdue", stamp(p.ProofedAt), days(d.at.Sub(due)))
			if p.ProofedAt.IsZero() {
				says = "was never proofed"
			}
			report(issue{position: d.model.Position("people", p.ID), subject: "person " + p.ID, scopes: d.held(d.holds[p.ID][0]), message: fmt.Sprintf(
				"%s holds credential %s, is to be proofed every %s and %s", p.ID, d.holds[p.ID][0].ID, days(d.model.ProofEvery()), says)})
		}
	},
}
