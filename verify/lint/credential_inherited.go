package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var credentialInherited = Check{
	Code: "credential-inherited", Severity: verify.SeverityWarn, Control: ownership.PublisherIdentity,
	Meaning:      "A credential is for a shared workflow, as far as the document shows, and no claim says whose calls of it are meant; or the claim for that names nobody.",
	Requirements: []string{"R27"}, Frameworks: []string{"owasp-nhi-2025:NHI9"},
	Remedy:         "name the calling repository in the claims, literal in host and owner",
	needsOwnership: true,
	find:           findCredentialInherited,
}

func findCredentialInherited(d *documents, report func(issue)) {
	shared := d.sharedSubjects()
	for _, c := range d.credentials {
		id, ok := d.model.IdentityOf(c.ID)
		if !ok || id.Issuer == "" || id.NamesRepository {
			continue
		}
		say := func(why string) {
			report(issue{position: d.model.Position("credentials", c.ID), subject: "credential " + c.ID, scopes: d.held(c), message: fmt.Sprintf("credential %s %s", c.ID, why)})
		}
		claim := slices.IndexFunc(repositoryClaims, func(name string) bool { return id.Claims[name] != "" })
		switch {
		case claim >= 0:
			say(fmt.Sprintf("names the repository %s, which is nobody's: no call of a shared workflow binds to it", id.Claims[repositoryClaims[claim]]))
		case shared[[2]string{id.Issuer, id.Subject}]:
			say(fmt.Sprintf("is for %s, which another credential knows as shared, and names no repository", id.Subject))
		case callsElsewhere(id):
			say(fmt.Sprintf("is for %s, its claims are of another repository, and none of them is one that ties it to that", id.Subject))
		case looksShared(id.Subject):
			say(fmt.Sprintf("is for %s, which looks like a workflow for others to call, and names no repository", id.Subject))
		}
	}
}

// repositoryClaims are the claims that can tie a credential to its callers (design §4.7).
var repositoryClaims = []string{"sourceRepositoryURI", "githubWorkflowRepository", "sourceRepositoryIdentifier", "sourceRepositoryOwnerIdentifier"}

// sharedSubjects gives the issuers and subjects that some credential ties to another repository.
func (d *documents) sharedSubjects() map[[2]string]bool {
	shared := map[[2]string]bool{}
	for _, c := range d.credentials {
		id, _ := d.model.IdentityOf(c.ID)
		if repository := id.Claims["sourceRepositoryURI"]; repository != "" && !strings.HasPrefix(id.Subject, repository+"/") {
			shared[[2]string{id.Issuer, id.Subject}] = true
		}
	}
	return shared
}

// callsElsewhere reports whether the claims that do not tie a credential to a repository show that it is
// meant for calls from another one than the workflow's.
func callsElsewhere(id ownership.IdentityPattern) bool {
	if owner := id.Claims["sourceRepositoryOwnerURI"]; owner != "" && !strings.Contains(owner, "*") && !strings.HasPrefix(id.Subject, owner+"/") {
		return true
	}
	own := repositoryOf(id.Subject)
	if config := repositoryOf(id.Claims["buildConfigURI"]); own != "" && config != "" && config != own {
		return true
	}
	caller, isRepository := strings.CutPrefix(id.Claims["tokenSubject"], "repo:")
	caller, _, _ = strings.Cut(caller, ":")
	return isRepository && own != "" && !strings.Contains(caller, "*") && "https://github.com/"+caller != own
}

// repositoryOf gives the repository a workflow's URI begins with; empty if it has wildcards.
func repositoryOf(uri string) string {
	parts := strings.SplitN(uri, "/", 6)
	if len(parts) < 6 || parts[1] != "" || strings.Contains(strings.Join(parts[:5], "/"), "*") {
		return ""
	}
	return strings.Join(parts[:5], "/")
}

// looksShared reports whether a workflow's repository is, by its name, one of workflows for others: an
// organisation's .github, one called after workflows, or the SLSA project's generators.
func looksShared(subject string) bool {
	repository := repositoryOf(subject)
	name := repository[strings.LastIndex(repository, "/")+1:]
	return strings.Contains(subject, "/.github/workflows/") &&
		(name == ".github" || strings.Contains(name, "workflows") || repository == "https://github.com/slsa-framework/slsa-github-generator")
}
