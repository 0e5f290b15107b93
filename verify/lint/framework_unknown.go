package lint

import (
	"fmt"
	"strings"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/framework"
)

var frameworkUnknown = Check{
	Code: "framework-unknown", Severity: verify.SeverityInfo, Control: ownership.ReleasePolicy,
	Meaning:      "A rule maps to an id that the table of frameworks does not have, of a framework that it has.",
	Requirements: []string{"R74"}, Frameworks: []string{"nist-csf-2.0:GV.OV-03"},
	Remedy: "write an id of docs/frameworks.md, or one of a framework that is not there",
	find:   findFrameworkUnknown,
}

func findFrameworkUnknown(d *documents, report func(issue)) {
	known, refs := map[string]bool{}, map[string]bool{}
	for _, e := range framework.Entries() {
		known[e.Framework], refs[e.Ref()] = true, true
	}
	for _, p := range d.policies {
		for _, r := range p.Rules() {
			control, _ := ownership.ParseControl(r.Control)
			for _, ref := range r.Frameworks {
				if refs[ref] {
					continue
				}
				slug, _, _ := strings.Cut(ref, ":")
				i := issue{position: r.Position, subject: fmt.Sprintf("policy %s, rule %s, %s", p.Name(), r.ID, ref), control: control, scopes: p.Artifacts()}
				if entry, note, ok := framework.Resolve(ref); ok {
					i.message = fmt.Sprintf("rule %s maps to %s, which is %s, %s (%s)", r.ID, ref, entry.Ref(), entry.Title, note)
				} else if known[slug] {
					i.message = fmt.Sprintf("rule %s maps to %s, and the table of frameworks has no such id of %s", r.ID, ref, slug)
				} else {
					continue
				}
				report(i)
			}
		}
	}
}
