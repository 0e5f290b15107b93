package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var teamUnknown = Check{
	Code: "team-unknown", Severity: verify.SeverityDeny, Control: ownership.ReleasePolicy,
	Meaning:      "A rule, a waiver or a promotion names a team that the ownership model does not have.",
	Requirements: []string{"R43", "R50"}, Frameworks: []string{"nist-csf-2.0:ID.RA-07"},
	Remedy:         "name a team of the model",
	needsOwnership: true,
	find:           findTeamUnknown,
}

func findTeamUnknown(d *documents, report func(issue)) {
	d.rules(policy.NamesTeam, func(p *policy.Policy, rule policy.Rule, m policy.Remark) {
		if _, ok := d.model.Team(m.Name); !ok {
			report(d.about(p, rule, m, fmt.Sprintf("there is no team %q, in %s", m.Name, where(m))))
		}
	})
	for _, p := range d.policies {
		promotion, _ := p.Promotion()
		if _, ok := d.model.Team(promotion.By); !ok && promotion.By != "" {
			report(issue{position: promotion.Position, subject: fmt.Sprintf("policy %s, promotion, team %s", p.Name(), promotion.By), scopes: p.Artifacts(), message: fmt.Sprintf("a promotion is by %q, and there is no such team", promotion.By)})
		}
	}
	d.waivers(func(p *policy.Policy, w policy.Waiver, control ownership.Control, what, position string) {
		if _, ok := d.model.Team(w.By); !ok {
			report(issue{position: position, subject: fmt.Sprintf("policy %s, %s, team %s", p.Name(), what, w.By), control: control, scopes: p.Artifacts(), message: fmt.Sprintf("%s is waivable by %q, and there is no such team", what, w.By)})
		}
	})
}

// waivers calls yield for each waiver of a policy, with what it waives and where that stands.
func (d *documents) waivers(yield func(p *policy.Policy, w policy.Waiver, control ownership.Control, what, position string)) {
	for _, p := range d.policies {
		for _, r := range p.Rules() {
			if r.Waivable != nil {
				control, _ := ownership.ParseControl(r.Control)
				yield(p, *r.Waivable, control, "rule "+r.ID, r.Position)
			}
		}
		for _, need := range p.Requirements() {
			if need.Waivable != nil {
				yield(p, *need.Waivable, ownership.ReleasePolicy, "evidence "+need.Name, need.Position)
			}
		}
	}
}
