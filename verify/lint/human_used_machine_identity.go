package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var humanUsedMachineIdentity = Check{
	Code: "human-used-machine-identity", Severity: verify.SeverityWarn, Control: ownership.PublisherIdentity,
	Meaning:      "A person and a machine use one identity: both hold the credential, or the identity is of the other's kind.",
	Requirements: []string{"R37"}, Frameworks: []string{"nist-csf-2.0:PR.AA-05", "owasp-nhi-2025:NHI10"},
	Remedy:         "give the person and the machine an identity each",
	needsOwnership: true,
	find:           findHumanUsedMachineIdentity,
}

func findHumanUsedMachineIdentity(d *documents, report func(issue)) {
	mailboxes := map[string]string{} // whose, by address
	for p := range d.model.People() {
		for _, account := range p.Accounts {
			if address, ok := strings.CutPrefix(account, "email:"); ok {
				mailboxes[address] = p.ID
			}
		}
	}
	for _, c := range d.credentials {
		if why := d.crossed(c, mailboxes); why != "" && d.live(c) {
			report(issue{position: d.model.Position("credentials", c.ID), subject: fmt.Sprintf("credential %s of %s", c.ID, each(c.Holders)), scopes: d.held(c), message: fmt.Sprintf("credential %s %s", c.ID, why)})
		}
	}
}

// crossed says why a credential is used by a person and a machine; "" if it is not, as far as the document shows.
func (d *documents) crossed(c ownership.Credential, mailboxes map[string]string) string {
	people := slices.DeleteFunc(slices.Clone(c.Holders), func(id string) bool { _, ok := d.model.Person(id); return !ok })
	machines := slices.DeleteFunc(slices.Clone(c.Holders), func(id string) bool { return slices.Contains(people, id) })
	id, _ := d.model.IdentityOf(c.ID)
	owner := mailboxes[id.Subject]
	switch {
	case len(people) > 0 && len(machines) > 0:
		return fmt.Sprintf("is held by %s, a person, and by %s, a machine", list(people), list(machines))
	case len(people) > 0 && ofMachine(id):
		return fmt.Sprintf("is held by %s, a person, and is for %s, which is a machine's", list(people), id.Subject)
	case len(machines) > 0 && owner != "":
		return fmt.Sprintf("is held by %s, a machine, and is for %s, the mailbox of %s", list(machines), id.Subject, owner)
	case len(machines) > 0 && id.NameType == "email":
		return fmt.Sprintf("is held by %s, a machine, and is for %s, a mailbox", list(machines), id.Subject)
	}
	return ""
}

// ofMachine reports whether an identity is that of a workflow, a workload or a host.
func ofMachine(id ownership.IdentityPattern) bool {
	for claim := range id.Claims {
		if claim != "tokenSubject" { // the others say what ran
			return true
		}
	}
	return id.NameType == "dns" || strings.HasPrefix(id.Subject, "spiffe://") || strings.Contains(id.Subject, "/.github/workflows/")
}
