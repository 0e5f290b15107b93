package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var ownerCannotEnforce = Check{
	Code: "owner-cannot-enforce", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "A team is accountable for a control and has none of its means: of credentials it owns, keeps and can revoke none, or it owns no enforcement point, or has neither a point nor a duty by which releases are held back.",
	Requirements: []string{"R8"}, Frameworks: []string{"nist-csf-2.0:GV.RR-02", "nist-sp-800-53-r5:SR-3"},
	Remedy:         "give the team the means, or make the team that has them accountable",
	needsOwnership: true,
	find:           findOwnerCannotEnforce,
}

func findOwnerCannotEnforce(d *documents, report func(issue)) {
	for c := ownership.PublisherIdentity; c <= ownership.Enforcement; c++ {
		needs, has := map[string]bool{}, map[string]bool{}
		d.means(c, func(scopes, teams []string, counts bool) {
			for _, owner := range d.ownersOf(c, scopes) {
				needs[owner] = needs[owner] || counts
				has[owner] = has[owner] || slices.Contains(teams, owner)
			}
		})
		told := map[string]bool{}
		for _, a := range d.assignments {
			team := a.Ownership.Accountable
			if a.Control != c || !needs[team] || has[team] || told[team] || !d.staffed(team) {
				continue
			}
			told[team] = true
			report(issue{position: a.Position, subject: fmt.Sprintf("control %s, team %s", c, team), control: c, scopes: a.Artifacts, message: fmt.Sprintf(
				"%s is accountable for %s of %s and %s", team, c, list(a.Artifacts), lacks(c))})
		}
	}
}

// lacks says what a team that cannot enforce a control does not have.
func lacks(c ownership.Control) string {
	switch c {
	case ownership.Enforcement:
		return "owns no enforcement point there"
	case ownership.ReviewAudit, ownership.ReleasePolicy:
		return "neither has a duty by which a release is held back there nor owns an enforcement point"
	}
	return "owns, keeps and can revoke none of the credentials that sign there"
}

// holdsBack reports whether a grant is to do what a release waits for.
func holdsBack(g ownership.Grant) bool {
	return slices.ContainsFunc([]ownership.Duty{ownership.Review, ownership.Approve, ownership.Release, ownership.Deploy, ownership.Witness}, g.Duties.Has)
}

// means calls yield for each thing by which a control is exercised: the artifacts it is for, the teams that have
// it in hand, and whether it shows that there is something to exercise.
func (d *documents) means(c ownership.Control, yield func(scopes, teams []string, counts bool)) {
	switch c {
	case ownership.Enforcement:
		for _, e := range d.points {
			if d.staffed(e.Owner) { // enforcement-unowned says so
				yield(e.Artifacts, []string{e.Owner}, true)
			}
		}
	case ownership.ReviewAudit, ownership.ReleasePolicy:
		var owners []string
		for _, e := range d.points {
			owners = append(owners, e.Owner)
		}
		for _, g := range d.grants {
			if counts := holdsBack(g); counts || g.Duties.Has(ownership.Except) || g.Duties.Has(ownership.Revoke) {
				yield(g.Artifacts, slices.Concat(owners, d.teamsOf(g.To)), counts)
			}
		}
	default:
		var roots []string
		if trust := d.model.Trust(); c == ownership.CertificateIssuance {
			for _, root := range slices.Concat(trust.Sigstore, trust.CertificateAuthorities) {
				roots = append(roots, root.Owner)
			}
		}
		for _, credential := range d.credentials {
			if _, isIdentity := d.model.IdentityOf(credential.ID); !d.live(credential) || c == ownership.CertificateIssuance && !isIdentity {
				continue
			}
			teams := slices.Concat(roots, credential.Revokers, []string{credential.Owner, credential.KeptBy})
			if c == ownership.PublisherIdentity {
				for _, holder := range credential.Holders {
					teams = append(teams, d.teamsOf(holder)...)
				}
			}
			yield(d.held(credential), teams, true)
		}
	}
}

// ownersOf gives the teams accountable for a control over artifacts, each once.
func (d *documents) ownersOf(c ownership.Control, scopes []string) []string {
	var owners []string
	for _, scope := range scopes {
		at := controlled{c, scope}
		teams, known := d.ownersAt[at]
		if !known {
			for _, name := range samples([]string{scope}) {
				if owner, ok := d.view.Control(c, name); ok && !slices.Contains(teams, owner.Accountable) {
					teams = append(teams, owner.Accountable)
				}
			}
			d.ownersAt[at] = teams
		}
		owners = append(owners, teams...)
	}
	slices.Sort(owners)
	return slices.Compact(owners)
}

// controlled is a control over a scope.
type controlled struct {
	control ownership.Control
	scope   string
}
