package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var activityUnowned = Check{
	Code: "activity-unowned", Severity: verify.SeverityWarn, Control: ownership.ReleasePolicy,
	Meaning:      "An entry says which team does which activity of its control, and leaves one out or names a team without anybody in it.",
	Requirements: []string{"R7"}, Frameworks: []string{"nist-csf-2.0:GV.RR-02", "nist-sp-800-53-r5:SC-12"},
	Remedy:         "name a team with somebody in it for the activity",
	needsOwnership: true,
	find:           findActivityUnowned,
}

func findActivityUnowned(d *documents, report func(issue)) {
	for _, a := range d.assignments {
		if a.Ownership.Activities == nil {
			continue // the responsible teams do them all: raci-no-responsible and owner-stale speak of those
		}
		for _, activity := range ownership.Activities(a.Control) {
			if why := d.idle(a, activity); why != "" {
				report(issue{position: a.Position, subject: fmt.Sprintf("%s, activity %s", ofEntry(a), activity), scopes: a.Artifacts, message: fmt.Sprintf(
					"%s %s, an activity of %s of %s", why, activity, a.Control, list(a.Artifacts))})
			}
		}
	}
}

// idle says why nobody does an activity of an entry; "" if somebody does, or another entry is the one that counts.
func (d *documents) idle(a ownership.Assignment, activity ownership.Activity) string {
	if team := a.Ownership.Activities[activity]; team != "" {
		saidOfOwner := team == a.Ownership.Accountable || team == a.Ownership.Page || slices.Contains(a.Ownership.Responsible, team)
		if d.staffed(team) || saidOfOwner {
			return ""
		}
		return "nobody is in " + team + ", which is to"
	}
	gap := func(name string) bool {
		owner, ok := d.view.Control(a.Control, name)
		return ok && owner.Does(activity) == nil
	}
	if !slices.ContainsFunc(samples(a.Artifacts), gap) {
		return ""
	}
	return "no team is named to"
}
