package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var grantTooWide = Check{
	Code: "grant-too-wide", Severity: verify.SeverityWarn, Control: ownership.PublisherIdentity,
	Meaning:      "A grant covers artifacts of anybody: its scope names no namespace of a package type, no host of a URI, nothing of a plain name.",
	Requirements: []string{"R28"}, Frameworks: []string{"nist-csf-2.0:PR.AA-05", "owasp-nhi-2025:NHI5"},
	Remedy:         "grant only the namespaces the principal releases",
	needsOwnership: true,
	find:           findGrantTooWide,
}

func findGrantTooWide(d *documents, report func(issue)) {
	for _, g := range d.grants {
		wide := slices.DeleteFunc(slices.Clone(g.Artifacts), func(scope string) bool { return !namesNobody(scope) })
		_, toTeam := d.model.Team(g.To)
		harmless := func(duty ownership.Duty) bool {
			return duty == ownership.Revoke || duty == ownership.Except && toTeam
		}
		if asks := slices.DeleteFunc(g.Duties.List(), harmless); len(wide) > 0 && len(asks) > 0 {
			report(issue{position: g.Position, subject: ofGrant(g), scopes: g.Artifacts, message: fmt.Sprintf("%s may %s whatever matches %s", g.To, duties(g), list(wide))})
		}
	}
}

// namesNobody reports whether an artifact scope leaves open whose artifacts it means.
func namesNobody(scope string) bool {
	literal, _, wild := strings.Cut(scope, "*")
	if !wild {
		return false
	}
	rest := literal
	if i := strings.Index(literal, "://"); i >= 0 {
		return !strings.Contains(literal[i+3:], "/") // the host
	} else if after, ok := strings.CutPrefix(literal, "pkg:"); ok {
		_, rest, _ = strings.Cut(after, "/") // what follows the type
	}
	return rest == ""
}

// duties writes the duties of a grant.
func duties(g ownership.Grant) string {
	var names []string
	for _, duty := range g.Duties.List() {
		names = append(names, duty.String())
	}
	return strings.Join(names, ", ")
}
