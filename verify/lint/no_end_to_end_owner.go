package lint

import (
	"fmt"
	"maps"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var noEndToEndOwner = Check{
	Code: "no-end-to-end-owner", Severity: verify.SeverityInfo, Control: ownership.ReviewAudit,
	Meaning:      "No team has a part in all seven controls over artifacts that somebody may sign or a policy covers: nobody sees the whole life cycle.",
	Requirements: []string{"R13"}, Frameworks: []string{"nist-csf-2.0:GV.OV-02", "nist-csf-2.0:GV.RR-02"},
	Remedy:         "have one team informed of each control, at least",
	needsOwnership: true,
	find:           findNoEndToEndOwner,
}

func findNoEndToEndOwner(d *documents, report func(issue)) {
	var unseen []string
	d.released(func(scope, _ string) {
		for _, name := range samples([]string{scope}) {
			if owners, ok := d.all(name); ok && !seenByOne(owners) {
				unseen = append(unseen, scope)
				return
			}
		}
	})
	if unseen != nil {
		report(issue{position: d.model.Position("metadata", ""), subject: fmt.Sprintf("%s, %s", d.itself(), each(unseen)), scopes: unseen, message: fmt.Sprintf(
			"no team has a part in all seven controls over %s: nobody sees the whole life cycle", list(unseen))})
	}
}

// all gives the owners of all controls over an artifact; false if one has none, which is another finding.
func (d *documents) all(name string) ([]ownership.Ownership, bool) {
	var owners []ownership.Ownership
	for c := ownership.PublisherIdentity; c <= ownership.Monitoring; c++ {
		owner, ok := d.view.Control(c, name)
		if !ok {
			return nil, false
		}
		owners = append(owners, owner)
	}
	return owners, true
}

// seenByOne reports whether a team has a part in each control.
func seenByOne(owners []ownership.Ownership) bool {
	parts := map[string]int{}
	for _, o := range owners {
		teams := slices.Concat([]string{o.Accountable, o.Page}, o.Responsible, o.Consulted, o.Informed, slices.Collect(maps.Values(o.Activities)))
		slices.Sort(teams)
		for _, team := range slices.Compact(teams) {
			if parts[team]++; team != "" && parts[team] == len(owners) {
				return true
			}
		}
	}
	return false
}
