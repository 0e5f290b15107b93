package lint

import (
	"fmt"

	"github.com/surety-dev/surety/internal/pattern"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var tierAmbiguous = Check{
	Code: "tier-ambiguous", Severity: verify.SeverityDeny, Control: ownership.ReleasePolicy,
	Meaning:      "Two equally specific scopes put the same artifacts into different tiers: they are in none, and are refused.",
	Requirements: []string{"R54"}, Frameworks: []string{"nist-sp-800-53-r5:CM-3"},
	Remedy:         "make one of the scopes narrower",
	needsOwnership: true,
	find:           findTierAmbiguous,
}

func findTierAmbiguous(d *documents, report func(issue)) {
	type scope struct {
		tier    string
		pattern pattern.Pattern
	}
	groups := map[specificity][]scope{}
	told := map[[2]string]bool{}
	for _, tier := range d.model.Tiers() {
		for _, text := range tier.Artifacts {
			p, err := pattern.Parse(text)
			if err != nil {
				continue
			}
			key := specificity{prefix: p.Prefix(), wildcards: p.Wildcards()}
			for _, other := range groups[key] {
				name, both := pattern.Overlap(p, other.pattern)
				pair := [2]string{other.tier, tier.ID}
				if _, one := d.model.Tier(name); !both || one || other.tier == tier.ID || told[pair] {
					continue
				}
				told[pair] = true
				report(issue{position: d.model.Position("tiers", tier.ID), subject: fmt.Sprintf("tier %s, tier %s", other.tier, tier.ID), scopes: []string{text}, message: fmt.Sprintf(
					"%s is in the tier %s and, as specifically, in %s: it is in none", text, other.tier, tier.ID)})
			}
			groups[key] = append(groups[key], scope{tier.ID, p})
		}
	}
}
