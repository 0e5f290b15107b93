package lint

import (
	"fmt"
	"strings"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var subjectAnybody = Check{
	Code: "subject-anybody", Severity: verify.SeverityDeny, Control: ownership.PublisherIdentity,
	Meaning:      "The subject of a credential names nobody: its host, owner or mail domain is open, and no claim names a repository.",
	Requirements: []string{"R28", "R42"}, Frameworks: []string{"nist-csf-2.0:PR.AA-05", "owasp-nhi-2025:NHI5"},
	Remedy:         "write the host and the owner of the subject literally",
	needsOwnership: true,
	find:           findSubjectAnybody,
}

func findSubjectAnybody(d *documents, report func(issue)) {
	for _, c := range d.credentials {
		id, ok := d.model.IdentityOf(c.ID)
		if ok && id.Issuer != "" && !id.NamesRepository && subjectOfAnybody(id.Subject) {
			report(issue{position: d.model.Position("credentials", c.ID), subject: "credential " + c.ID, scopes: d.held(c), message: fmt.Sprintf(
				"the subject of credential %s names nobody: whoever %s knows by something like %s signs as %s", c.ID, id.Issuer, id.Subject, list(c.Holders))})
		}
	}
}

// subjectOfAnybody reports whether a subject leaves open whose identities it means.
func subjectOfAnybody(subject string) bool {
	literal, _, wild := strings.Cut(subject, "*")
	switch i := strings.Index(literal, "://"); {
	case !wild:
		return false
	case i >= 0 && strings.HasPrefix(literal, "http"):
		return strings.Count(literal[i+3:], "/") < 2 // host/owner/
	case i >= 0:
		return !strings.Contains(literal[i+3:], "/") // the trust domain
	case strings.Contains(subject, "@"):
		domain := subject[strings.LastIndex(subject, "@")+1:]
		return domain == "" || strings.Contains(domain, "*")
	}
	return literal == ""
}
