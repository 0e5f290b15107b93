package lint

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var workloadUnowned = Check{
	Code: "workload-unowned", Severity: verify.SeverityWarn, Control: ownership.PublisherIdentity,
	Meaning:      "A workload has no owner.",
	Requirements: []string{"R11"}, Frameworks: []string{"nist-csf-2.0:GV.RR-02"},
	Remedy:         "name the team that owns the workload",
	needsOwnership: true,
	find: func(d *documents, report func(issue)) {
		for w := range d.model.Workloads() {
			if w.Owner == "" {
				report(issue{position: d.model.Position("workloads", w.ID), message: fmt.Sprintf("workload %s has no owner", w.ID)})
			}
		}
	},
}
