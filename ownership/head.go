package ownership

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/surety-dev/surety/internal/document"
)

// Head heads every answer but Who, which is older and has the same fields.
type Head struct {
	// APIVersion is "surety.dev/v1alpha1".
	APIVersion string `json:"apiVersion"`
	// Kind is the kind of the answer.
	Kind string `json:"kind"`
	// At is the time asked about.
	At string `json:"at"`
	// Ownership is the document that answers.
	Ownership Source `json:"ownership"`
}

// head is that of an answer of the view.
func (v View) head(kind string) Head {
	return Head{document.APIVersion, kind, stamp(v.t), v.model.source()}
}

// UnknownError says that a question is about something the document does not have.
type UnknownError struct {
	// ID is what was asked about.
	ID string
	// Kind is what it should be: "person", "credential" or "team".
	Kind string
	// Hint says what it is instead, or what was probably meant; "": nothing is near.
	Hint string
}

// Error says what was asked about and what was expected.
func (e *UnknownError) Error() string {
	if strings.HasPrefix(e.Hint, "a ") {
		return fmt.Sprintf("%q is %s: expected the id of a %s", e.ID, e.Hint, e.Kind)
	}
	return fmt.Sprintf("nothing is called %q: expected the id of a %s%s", e.ID, e.Kind, e.Hint)
}

// unknown is the error for an id that is not among those of a kind.
func unknown[V any](m *Model, kind, id string, among map[string]V) error {
	e := &UnknownError{ID: id, Kind: kind}
	switch section := m.sectionOf(id); {
	case section == "people":
		e.Hint = "a person"
	case section != "":
		e.Hint = "a " + strings.TrimSuffix(section, "s")
	case m.credentials[id] != nil:
		e.Hint = "a credential"
	default:
		e.Hint = document.Suggest(id, slices.Sorted(maps.Keys(among)))
	}
	return e
}

// Spell is a stretch of time.
type Spell struct {
	// From is its begin; "": always.
	From string `json:"from"`
	// Until is its end, which is not in it; "": open.
	Until string `json:"until"`
}

// spell is the interval as answers have it.
func (i Interval) spell() Spell { return Spell{instant(i.From), instant(i.Until)} }

// Crew is a team, who was in it and where to page it.
type Crew struct {
	// Team is its id; "": none named.
	Team string `json:"team"`
	// Position is where it stands; "": none named.
	Position string `json:"position"`
	// Members are its members who were present, sorted.
	Members []string `json:"members"`
	// Page is where to page it, or the next of its escalation; "": nowhere.
	Page string `json:"page"`
}

// crewOf gives a team with who is in it.
func (v View) crewOf(team string) Crew {
	if team == "" {
		return Crew{Members: []string{}}
	}
	return Crew{team, v.model.places[team].String(), list(v.Members(team)), v.contact(team)}
}

// Reaching is a grant that reaches a principal or a team.
type Reaching struct {
	Granted
	// But is why it was not in effect, or could not be used; empty: it could.
	But []Objection `json:"but"`
}

// ByDuty are the grants that give one duty.
type ByDuty struct {
	// Duty is its name.
	Duty string `json:"duty"`
	// Grants give it, in the document's order, in effect or not.
	Grants []Reaching `json:"grants"`
}

// byDuty groups grants.
func byDuty(grants []Reaching) []ByDuty {
	all := []ByDuty{}
	for i, name := range dutyNames {
		d := ByDuty{Duty: name}
		for _, g := range grants {
			if slices.Contains(g.Duties, dutyNames[i]) {
				d.Grants = append(d.Grants, g)
			}
		}
		if d.Grants != nil {
			all = append(all, d)
		}
	}
	return all
}

// may gives the grants that reach a principal, in effect or not.
func (c *census) mayOf(principal string) []Reaching {
	var grants []Reaching
	for _, r := range c.reaching(principal) {
		but := c.objections(principal, r)
		if !c.Present(principal) {
			but = append([]Objection{{SignerDeparted, principal + " " + c.absence(principal), c.model.places[principal].String()}}, but...)
		}
		grants = append(grants, Reaching{r.granted(principal), but})
	}
	return grants
}

// InRole is an entry of a control in which teams have roles.
type InRole struct {
	// Control is its name.
	Control string `json:"control"`
	// Position is where the entry stands.
	Position string `json:"position"`
	// Artifacts are its patterns; a more specific entry may hold for some they cover.
	Artifacts []string `json:"artifacts"`
	// Roles are the roles, one or more.
	Roles []Role `json:"roles"`
}

// Role is what a team has to do with a control.
type Role struct {
	// Role is "accountable", "responsible", "consulted", "informed", "paged" or the
	// name of an activity.
	Role string `json:"role"`
	// Team is the team.
	Team string `json:"team"`
}

// roles are those of an entry.
func (o *owner) roles() []Role {
	var roles []Role
	add := func(role string, teams ...string) {
		for _, team := range teams {
			if team != "" {
				roles = append(roles, Role{role, team})
			}
		}
	}
	add("accountable", o.Accountable)
	add("responsible", o.Responsible...)
	add("consulted", o.Consulted...)
	add("informed", o.Informed...)
	add("paged", o.pages())
	for _, activity := range Activities(o.control) {
		add(string(activity), o.Activities[activity])
	}
	return roles
}

// inRole gives the entries that hold at the time and in which one of the teams has a role, by
// control and in the document's order.
func (v View) inRole(teams ...string) []InRole {
	all := []InRole{}
	for c := PublisherIdentity; c <= Monitoring; c++ {
		for _, o := range v.model.owners {
			if o.control != c || !o.interval.Contains(v.t) {
				continue
			}
			roles := slices.DeleteFunc(o.roles(), func(r Role) bool { return !slices.Contains(teams, r.Team) })
			if len(roles) > 0 {
				all = append(all, InRole{c.String(), o.at.String(), texts(o.artifacts), roles})
			}
		}
	}
	return all
}
