package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var workloadUnowned = Check{
	Code: "workload-unowned", Severity: verify.SeverityWarn, Control: ownership.PublisherIdentity,
	Meaning:      "A workload has no owner, or one without anybody in it.",
	Requirements: []string{"R11"}, Frameworks: []string{"nist-csf-2.0:GV.RR-02"},
	Remedy:         "name a team with somebody in it that owns the workload",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for w := range d.model.Workloads() {
			say := func(message string) {
				report(issue{position: d.model.Position("workloads", w.ID), subject: "workload " + w.ID, message: message})
			}
			if w.Owner == "" {
				say(fmt.Sprintf("workload %s has no owner", w.ID))
			} else if !d.staffed(w.Owner) {
				say(fmt.Sprintf("nobody is in %s, the owner of workload %s", w.Owner, w.ID))
			}
		}
	},
}
