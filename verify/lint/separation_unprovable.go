package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var separationUnprovable = Check{
	Code: "separation-unprovable", Severity: verify.SeverityWarn, Control: ownership.ReviewAudit,
	Meaning:      "A workload has one of the duties the model keeps apart, and nobody who can make it act is known: that its people do the others cannot be excluded.",
	Requirements: []string{"R48"}, Frameworks: []string{"nist-csf-2.0:PR.AA-05"},
	Remedy:         "name the operators of the workload, who are there",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for w := range d.model.Workloads() {
			if _, known := d.model.Behind([]string{w.ID}, d.at); known {
				continue
			}
			for _, s := range d.model.Separations() {
				apart := func(g ownership.Grant) bool { return g.Duties&s.Duties != 0 }
				if i := slices.IndexFunc(d.grantsTo[w.ID], apart); i >= 0 {
					report(issue{position: d.model.Position("workloads", w.ID), subject: fmt.Sprintf("workload %s, separation %s", w.ID, s.ID), scopes: d.grantsTo[w.ID][i].Artifacts, message: fmt.Sprintf(
						"no operator of workload %s is known, whose duties %s keeps apart", w.ID, s.ID)})
				}
			}
		}
	},
}
