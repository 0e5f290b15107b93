package lint

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/surety-dev/surety/internal/pattern"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var controlUnowned = Check{
	Code: "control-unowned", Severity: verify.SeverityDeny, Control: ownership.ReleasePolicy,
	Meaning:      "A control has no accountable team, or two equally specific entries name different answers.",
	Requirements: []string{"R1", "R6", "R9"}, Frameworks: []string{"nist-csf-2.0:GV.RR-02"},
	Remedy:         "make exactly one team accountable for the control over these artifacts",
	needsOwnership: true,
	find:           findControlUnowned,
}

func findControlUnowned(d *documents, report func(issue)) {
	for _, a := range d.assignments {
		unowned := func(name string) bool { _, ok := d.view.Control(a.Control, name); return !ok }
		if a.Ownership.Accountable == "" && slices.ContainsFunc(samples(a.Artifacts), unowned) {
			report(issue{position: a.Position, scopes: a.Artifacts, message: fmt.Sprintf("%s of %s has no accountable team", a.Control, list(a.Artifacts))})
		}
	}
	d.ties(report)
}

// specificity is what decides between entries for one control (design §4.7): only equal ones can tie.
type specificity struct {
	control   ownership.Control
	prefix    string
	wildcards int
}

// ties reports entries of which neither is the more specific and that answer differently.
func (d *documents) ties(report func(issue)) {
	type entry struct {
		pattern pattern.Pattern
		of      int
	}
	groups := map[specificity][]entry{}
	reported := map[[2]int]bool{}
	for i, a := range d.assignments {
		for _, text := range a.Artifacts {
			p, err := pattern.Parse(text)
			if err != nil {
				continue
			}
			key := specificity{a.Control, p.Prefix(), p.Wildcards()}
			for _, other := range groups[key] {
				b := d.assignments[other.of]
				name, both := pattern.Overlap(p, other.pattern)
				if !both || reported[[2]int{other.of, i}] || reflect.DeepEqual(a.Ownership, b.Ownership) {
					continue
				}
				if _, owned := d.view.Control(a.Control, name); owned {
					continue // a more specific entry decides
				}
				reported[[2]int{other.of, i}] = true
				report(issue{position: a.Position, scopes: []string{text}, message: fmt.Sprintf(
					"%s of %s is answered here and, differently, at %s: nobody answers", a.Control, text, b.Position)})
			}
			groups[key] = append(groups[key], entry{p, i})
		}
	}
}
