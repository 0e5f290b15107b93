package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var controlMissing = Check{
	Code: "control-missing", Severity: verify.SeverityDeny, Control: ownership.ReleasePolicy,
	Meaning:      "Nobody is named for a control over artifacts that somebody may sign or that a policy covers.",
	Requirements: []string{"R1", "R2", "R3"}, Frameworks: []string{"nist-csf-2.0:GV.RR-02"},
	Remedy:         "name one accountable team for the control over these artifacts",
	needsOwnership: true,
	find:           findControlMissing,
}

func findControlMissing(d *documents, report func(issue)) {
	for c := ownership.PublisherIdentity; c <= ownership.Monitoring; c++ {
		if !slices.ContainsFunc(d.assignments, func(a ownership.Assignment) bool { return a.Control == c }) {
			report(issue{position: d.model.Position("metadata", ""), subject: fmt.Sprintf("control %s", c), message: fmt.Sprintf("nobody is named for %s of any artifact%s", c, d.endedEntry(c))})
			continue
		}
		position, missing := "", []string(nil)
		d.released(func(scope, at string) {
			covered := func(name string) bool {
				if _, ok := d.view.Control(c, name); ok {
					return true
				}
				return slices.ContainsFunc(d.assignments, func(a ownership.Assignment) bool { return a.Control == c && matches(a.Artifacts, name) })
			}
			if slices.ContainsFunc(samples([]string{scope}), func(name string) bool { return !covered(name) }) {
				if position == "" {
					position = at
				}
				missing = append(missing, scope)
			}
		})
		if missing != nil {
			report(issue{position: position, subject: fmt.Sprintf("control %s of %s", c, each(missing)), scopes: missing, message: fmt.Sprintf("nobody is named for %s of %s", c, list(missing))})
		}
	}
}

// endedEntry says that and when the last entry for a control ended; "" where none has.
func (d *documents) endedEntry(c ownership.Control) string {
	var last ownership.Assignment
	for a := range d.model.Assignments() {
		if until := a.Interval.Until; a.Control == c && !until.IsZero() && !until.After(d.at) && until.After(last.Interval.Until) {
			last = a
		}
	}
	if last.Control == 0 {
		return ""
	}
	return fmt.Sprintf(": the entry at %s ended on %s", last.Position, stamp(last.Interval.Until))
}

// released calls yield for each artifact scope that somebody may sign for or that a policy covers, once,
// with where it first stands.
func (d *documents) released(yield func(scope, position string)) {
	seen := map[string]bool{}
	each := func(scopes []string, position string) {
		for _, scope := range scopes {
			if !seen[scope] {
				seen[scope] = true
				yield(scope, position)
			}
		}
	}
	for _, g := range d.grants {
		each(g.Artifacts, g.Position)
	}
	for _, p := range d.policies {
		each(p.Artifacts(), p.Position())
	}
}
