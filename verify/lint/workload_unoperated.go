package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var workloadUnoperated = Check{
	Code: "workload-unoperated", Severity: verify.SeverityWarn, Control: ownership.PublisherIdentity,
	Meaning:      "A workload holds a credential that can sign, and none of its operators is there any more.",
	Requirements: []string{"R29"}, Frameworks: []string{"nist-csf-2.0:GV.RR-04", "owasp-nhi-2025:NHI1"},
	Remedy:         "name operators who are there, or revoke the credential",
	needsOwnership: true,
	find:           findWorkloadUnoperated,
}

func findWorkloadUnoperated(d *documents, report func(issue)) {
	for w := range d.model.Workloads() {
		live := d.holds[w.ID]
		apart := func(s ownership.Separation) bool {
			return slices.ContainsFunc(d.grantsTo[w.ID], func(g ownership.Grant) bool { return g.Duties&s.Duties != 0 })
		}
		if len(live) == 0 || len(w.Operators) == 0 || slices.ContainsFunc(w.Operators, d.view.Present) || slices.ContainsFunc(d.model.Separations(), apart) {
			continue // of duties kept apart separation-unprovable says so
		}
		report(issue{position: d.model.Position("workloads", w.ID), subject: fmt.Sprintf("workload %s, operators %s", w.ID, each(w.Operators)), scopes: d.held(live[0]), message: fmt.Sprintf(
			"none of %s, who operate workload %s, is there, and its credential %s is still %s", list(w.Operators), w.ID, live[0].ID, live[0].States.At(d.at))})
	}
}
