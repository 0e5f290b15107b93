package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var nobodyBlocks = Check{
	Code: "nobody-blocks", Severity: verify.SeverityDeny, Control: ownership.Enforcement,
	Meaning:      "No enforcement point that blocks stands in an environment a policy is for, over all it covers; or the model names none at all.",
	Requirements: []string{"R19", "R59"}, Frameworks: []string{"nist-csf-2.0:PR.PS-05"},
	Remedy:         "name an enforcement point with mode: enforce there",
	needsOwnership: true,
	find:           findNobodyBlocks,
}

func findNobodyBlocks(d *documents, report func(issue)) {
	if len(d.points) == 0 {
		report(issue{position: d.model.Position("metadata", ""), subject: d.itself(), message: "the model names no enforcement point: nobody is known to block anything anywhere"})
		return
	}
	var everywhere []string
	for _, e := range d.points {
		everywhere = append(everywhere, e.Environment)
	}
	slices.Sort(everywhere)
	for _, p := range d.policies {
		environments := p.Environments()
		if len(environments) == 0 {
			environments = slices.Compact(slices.Clone(everywhere))
		}
		for _, environment := range environments {
			open := slices.DeleteFunc(p.Artifacts(), func(scope string) bool { return blocked(d.points, environment, scope) })
			if len(open) > 0 {
				report(issue{position: p.Position(), subject: fmt.Sprintf("policy %s, %s in %s", p.Name(), each(open), environment), scopes: open, message: fmt.Sprintf("nobody blocks %s in %s, which policy %s is for", list(open), environment, p.Name())})
			}
		}
	}
}

// blocked reports whether points that block see all of an artifact scope in an environment.
func blocked(points []ownership.EnforcementPoint, environment, scope string) bool {
	for _, name := range samples([]string{scope}) {
		if !slices.ContainsFunc(points, func(e ownership.EnforcementPoint) bool { return e.Mode == "enforce" && e.Covers(environment, name) }) {
			return false
		}
	}
	return true
}
