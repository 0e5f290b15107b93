package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var controlUnowned = Check{
	Code: "control-unowned", Severity: verify.SeverityDeny, Control: ownership.ReleasePolicy,
	Meaning:      "A control has no accountable team, or two equally specific entries of one team have different teams paged.",
	Requirements: []string{"R1", "R6", "R9"}, Frameworks: []string{"nist-csf-2.0:GV.RR-02"},
	Remedy:         "make exactly one team accountable for the control over these artifacts, and have one paged",
	needsOwnership: true,
	find:           findControlUnowned,
}

func findControlUnowned(d *documents, report func(issue)) {
	for _, a := range d.assignments {
		unowned := func(name string) bool { _, ok := d.view.Control(a.Control, name); return !ok }
		if a.Ownership.Accountable == "" && slices.ContainsFunc(samples(a.Artifacts), unowned) {
			report(issue{position: a.Position, subject: ofEntry(a), scopes: a.Artifacts, message: fmt.Sprintf("%s of %s has no accountable team", a.Control, list(a.Artifacts))})
		}
	}
	d.ties(func(a, b ownership.Assignment, text string) {
		if team := a.Ownership.Accountable; team != "" && team == b.Ownership.Accountable {
			report(issue{position: a.Position, subject: ofTie(a, b), scopes: []string{text}, message: fmt.Sprintf(
				"%s of %s has another team paged here than at %s: nobody answers", a.Control, text, b.Position)})
		}
	})
}
