package ownership

import (
	"iter"
	"maps"
	"slices"

	"github.com/surety-dev/surety/internal/document"
	"github.com/surety-dev/surety/internal/pattern"
)

// This file lists what the document says, item by item, for those who look at all of it. What the items
// mean for one signature or one artifact is for Bind, May and Control to say.

// Grant is one grant of the document, as it writes it.
type Grant struct {
	// To is the principal or team it is made to.
	To string
	// Duties are what it allows, one or more.
	Duties Duties
	// Artifacts are the patterns of the artifacts it covers, one or more.
	Artifacts []string
	// Predicates are the patterns of the predicate types it covers; nil: any.
	Predicates []string
	// Builders are the patterns of the builder ids it covers; nil: any.
	Builders []string
	// Environments are those it is for, exact; nil: any.
	Environments []string
	// Workflow says which runs of a CI system it is for; nil: any, and signatures of none.
	Workflow *Workflow
	// Interval is the time it holds.
	Interval Interval
	// Windows are the times of the week in which signing is permitted; nil: any.
	Windows []Window
	// Freezes are the times in which signing is not permitted; nil: none.
	Freezes []Freeze
	// Sources are where an importer found it; nil: none named.
	Sources []string
	// Position is where it stands: "ownership.yaml:40:5".
	Position string
}

// Assignment says, in the document, who owns a control over some artifacts. Another, more specific one
// may hold for an artifact it covers: View.Control decides.
type Assignment struct {
	// Control is what is owned.
	Control Control
	// Artifacts are the patterns of the artifacts it covers, one or more.
	Artifacts []string
	// Ownership is who answers.
	Ownership Ownership
	// Interval is the time it holds.
	Interval Interval
	// Sources are where an importer found it; nil: none named.
	Sources []string
	// Position is where it stands: "ownership.yaml:45:5".
	Position string
}

// IdentityPattern says which identities a credential covers (design §3.1).
type IdentityPattern struct {
	// Issuer is the OIDC issuer, exact; empty: not an OIDC identity.
	Issuer string
	// Authority is the id of the certificate authority of an X.509 identity; empty: not one.
	Authority string
	// NameType is "uri", "dns" or "email", of an X.509 identity.
	NameType string
	// Subject is the pattern of the subject, or of the X.509 name.
	Subject string
	// Claims are the patterns of the claims it demands, by name; nil: none.
	Claims map[string]string
	// NamesRepository says that the claims tie it to somebody's repositories, so that a call of a shared
	// workflow can bind to it (design §4.7).
	NamesRepository bool
}

// People gives the people of the document, by id.
func (m *Model) People() iter.Seq[Person] { return byIDs(m.people, m.Person) }

// Teams gives the teams of the document, by id.
func (m *Model) Teams() iter.Seq[Team] { return byIDs(m.teams, m.Team) }

// Workloads gives the workloads of the document, by id.
func (m *Model) Workloads() iter.Seq[Workload] { return byIDs(m.workloads, m.Workload) }

// Vendors gives the vendors of the document, by id.
func (m *Model) Vendors() iter.Seq[Vendor] { return byIDs(m.vendors, m.Vendor) }

// Credentials gives the credentials of the document, by id.
func (m *Model) Credentials() iter.Seq[Credential] { return byIDs(m.credentials, m.Credential) }

// byIDs gives what is filed under ids, in their order, as get copies it.
func byIDs[V, T any](filed map[string]V, get func(id string) (T, bool)) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, id := range slices.Sorted(maps.Keys(filed)) {
			if v, ok := get(id); ok && !yield(v) {
				return
			}
		}
	}
}

// Grants gives the grants of the document, in its order.
func (m *Model) Grants() iter.Seq[Grant] {
	return func(yield func(Grant) bool) {
		for _, g := range m.grants {
			if !yield(Grant{To: g.to, Duties: g.duties, Artifacts: texts(g.artifacts), Predicates: texts(g.predicates),
				Builders: texts(g.builders), Environments: slices.Clone(g.environments), Workflow: g.workflow.public(), Interval: g.interval, Windows: cloneWindows(g.windows),
				Freezes: slices.Clone(g.freezes), Sources: slices.Clone(g.sources), Position: g.at.String()}) {
				return
			}
		}
	}
}

// Assignments gives who owns which control over which artifacts, in the document's order.
func (m *Model) Assignments() iter.Seq[Assignment] {
	return func(yield func(Assignment) bool) {
		for _, o := range m.owners {
			if !yield(Assignment{Control: o.control, Artifacts: texts(o.artifacts), Ownership: o.clone(), Interval: o.interval, Sources: slices.Clone(o.sources), Position: o.at.String()}) {
				return
			}
		}
	}
}

// IdentityOf gives the identities a credential covers; false if it is a key's, or there is no such
// credential.
func (m *Model) IdentityOf(credential string) (IdentityPattern, bool) {
	c := m.credentials[credential]
	if c == nil || c.identity == nil {
		return IdentityPattern{}, false
	}
	i := c.identity
	p := IdentityPattern{Issuer: i.issuer, Authority: i.authority, NameType: i.nameType, Subject: i.subject.String(), NamesRepository: i.namesRepository()}
	for _, claim := range i.claims {
		if p.Claims == nil {
			p.Claims = map[string]string{}
		}
		p.Claims[claim.name] = claim.value.String()
	}
	return p, true
}

// Position gives where an item stands: "ownership.yaml:12:5". section is the document's name for where
// it is: "people", "teams", "workloads", "vendors", "credentials", "enforcement", "separation", "tiers", "drills", "trust";
// or "metadata", whose id is "". Empty: there is no such item.
func (m *Model) Position(section, id string) string {
	var at document.Place
	switch section {
	case "metadata":
		at = m.at
	case "people", "teams", "workloads", "vendors":
		if m.sectionOf(id) == section {
			at = m.places[id]
		}
	case "credentials":
		if c := m.credentials[id]; c != nil {
			at = c.at
		}
	case "enforcement":
		if i := slices.IndexFunc(m.enforcements, func(e EnforcementPoint) bool { return e.ID == id }); i >= 0 {
			at = m.enforcements[i].at
		}
	case "separation":
		if i := slices.IndexFunc(m.separations, func(s Separation) bool { return s.ID == id }); i >= 0 {
			at = m.separationsAt[i]
		}
	case "tiers":
		if i := slices.IndexFunc(m.tiers, func(t Tier) bool { return t.ID == id }); i >= 0 {
			at = m.tiersAt[i]
		}
	case "drills":
		if i := slices.IndexFunc(m.drills, func(d Drill) bool { return d.ID == id }); i >= 0 {
			at = m.drillsAt[i]
		}
	case "trust":
		at = m.trustAt[id]
	}
	return at.String()
}

// sectionOf gives the section a principal or team stands in; empty: there is none of that id.
func (m *Model) sectionOf(id string) string {
	switch {
	case m.people[id] != nil:
		return "people"
	case m.teams[id] != nil:
		return "teams"
	case m.workloads[id] != nil:
		return "workloads"
	case m.vendors[id] != nil:
		return "vendors"
	}
	return ""
}

// texts gives patterns as the document writes them; nil for none.
func texts(patterns []pattern.Pattern) []string {
	var list []string
	for _, p := range patterns {
		list = append(list, p.String())
	}
	return list
}
