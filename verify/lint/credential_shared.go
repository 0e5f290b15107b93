package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var credentialShared = Check{
	Code: "credential-shared", Severity: verify.SeverityWarn, Control: ownership.KeyLifecycle,
	Meaning:      "Several principals hold one credential, so that what it signs is nobody's in particular; or a machine uses one in several environments. An information: a machine releases with one for different owners of the release policy.",
	Requirements: []string{"R26"}, Frameworks: []string{"nist-csf-2.0:PR.AA-01", "owasp-nhi-2025:NHI8", "owasp-nhi-2025:NHI9"},
	Remedy:         "give each holder, environment and product a credential of its own",
	needsOwnership: true,
	find:           findCredentialShared,
}

func findCredentialShared(d *documents, report func(issue)) {
	for _, c := range d.credentials {
		i := issue{position: d.model.Position("credentials", c.ID), scopes: d.held(c)}
		machine := !slices.ContainsFunc(c.Holders, func(id string) bool { _, ok := d.model.Person(id); return ok })
		environments, owners := d.spread(c)
		switch {
		case len(c.Holders) > 1 && d.crossed(c, nil) != "":
			continue // human-used-machine-identity says more
		case len(c.Holders) > 1:
			i.subject = fmt.Sprintf("credential %s of %s", c.ID, each(c.Holders))
			i.message = fmt.Sprintf("credential %s is held by %s", c.ID, strings.Join(c.Holders, ", "))
		case machine && d.live(c) && len(environments) > 1:
			i.subject = fmt.Sprintf("credential %s in %s", c.ID, each(environments))
			i.message = fmt.Sprintf("credential %s of %s is for several environments: %s", c.ID, c.Holders[0], strings.Join(environments, ", "))
		case machine && d.live(c) && len(owners) > 1:
			i.subject = fmt.Sprintf("credential %s for %s", c.ID, each(owners))
			i.message = fmt.Sprintf("credential %s of %s releases what different teams answer for: %s", c.ID, c.Holders[0], strings.Join(owners, ", "))
			i.milder = verify.SeverityInfo
		default:
			continue
		}
		report(i)
	}
}

// spread gives the environments a credential's holders are granted something in by name, and the teams that own
// the release policy of what they may build, release or deploy; sorted.
func (d *documents) spread(c ownership.Credential) (environments, owners []string) {
	var scopes []string
	for _, holder := range c.Holders {
		for _, g := range d.grantsTo[holder] {
			environments = append(environments, g.Environments...)
			if ships(g) {
				scopes = append(scopes, g.Artifacts...)
			}
		}
	}
	slices.Sort(environments)
	return slices.Compact(environments), d.ownersOf(ownership.ReleasePolicy, scopes)
}

// ships reports whether a grant is to build, release or deploy.
func ships(g ownership.Grant) bool {
	return g.Duties.Has(ownership.Build) || g.Duties.Has(ownership.Release) || g.Duties.Has(ownership.Deploy)
}
