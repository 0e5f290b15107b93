package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var subjectOpen = Check{
	Code: "subject-open", Severity: verify.SeverityDeny, Control: ownership.PublisherIdentity,
	Meaning:      "The subject of a workflow's credential is open after \"@\": a run of any branch, or of a pull request, signs as its holder.",
	Requirements: []string{"R42"}, Frameworks: []string{"owasp-nhi-2025:NHI6"},
	Remedy:         "end the subject at protected refs, like @refs/tags/* or @refs/heads/main",
	needsOwnership: true,
	find:           findSubjectOpen,
}

// openRefs are refs at which anybody who may push a branch, open a pull request or make a commit can run a
// workflow.
var openRefs = []string{"refs/heads/surety-any", "refs/heads/surety-any/surety-any", "refs/pull/surety-any/merge", "surety-any"}

func findSubjectOpen(d *documents, report func(issue)) {
	for _, c := range d.credentials {
		id, ok := d.model.IdentityOf(c.ID)
		if ok && id.Issuer != "" && !d.closesRef(id) && slices.ContainsFunc(openRefs, func(ref string) bool { return runsAt(id.Subject, ref) }) {
			report(issue{position: d.model.Position("credentials", c.ID), subject: "credential " + c.ID, scopes: d.held(c), message: fmt.Sprintf(
				"the subject of credential %s, %s, is open after the workflow: a run of any branch or pull request signs as %s", c.ID, id.Subject, list(c.Holders))})
		}
	}
}

// runsAt reports whether a subject pattern takes in a workflow's run at a ref.
func runsAt(subject, ref string) bool {
	i := strings.LastIndex(subject, "@")
	if i < 0 { // the workflow itself is left open
		_, ok := overlap(subject, "**/*@"+ref)
		return ok && strings.HasPrefix(subject, "http")
	}
	workflow := strings.NewReplacer("**", "surety-any", "*", "surety-any").Replace(subject[:i])
	return strings.Contains(workflow, "/") && strings.Contains(subject[i:], "*") && matches([]string{subject}, workflow+"@"+ref)
}

// closesRef reports whether a claim limits the ref the workflow runs for. That of a shared workflow is its
// caller's, and says nothing of the workflow's own.
func (d *documents) closesRef(id ownership.IdentityPattern) bool {
	if repository := id.Claims["sourceRepositoryURI"]; repository != "" && !strings.HasPrefix(id.Subject, repository+"/") {
		return false
	}
	for _, name := range []string{"sourceRepositoryRef", "githubWorkflowRef"} {
		if value := id.Claims[name]; value != "" && !matches([]string{value}, "refs/heads/surety-any") && !matches([]string{value}, "refs/pull/surety-any/merge") {
			return true
		}
	}
	return false
}
