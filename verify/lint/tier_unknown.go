package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var tierUnknown = Check{
	Code: "tier-unknown", Severity: verify.SeverityDeny, Control: ownership.ReleasePolicy,
	Meaning:      "A rule names a tier that the ownership model does not have, so it is for no artifact that is meant.",
	Requirements: []string{"R54"}, Frameworks: []string{"nist-sp-800-53-r5:CM-3"},
	Remedy:         "name a tier of the model",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		tiers := d.model.Tiers()
		d.rules(policy.NamesTier, func(p *policy.Policy, rule policy.Rule, m policy.Remark) {
			if !slices.ContainsFunc(tiers, func(t ownership.Tier) bool { return t.ID == m.Name }) {
				report(d.about(p, rule, m, fmt.Sprintf("there is no tier %q, in %s", m.Name, where(m))))
			}
		})
	},
}
