package ownership

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// This file says what of a document is compared: for each section its items, whether they hold at the
// time, and what can be different of them.

// sectionGrants is the section that controls come after.
const sectionGrants = "grants"

// things gives all of the document but controls, section by section.
func (v View) things() []section {
	return []section{
		{"metadata", v.thingsOfMetadata()},
		{"people", v.thingsOfPeople()},
		{"teams", v.thingsOfTeams()},
		{"memberships", v.thingsOfMemberships()},
		{"workloads", v.thingsOfWorkloads()},
		{"vendors", v.thingsOfVendors()},
		{"credentials", v.thingsOfCredentials()},
		{sectionGrants, v.thingsOfGrants()},
		{"enforcement", v.thingsOfEnforcement()},
		{"separation", v.thingsOfSeparation()},
		{"tiers", v.thingsOfTiers()},
		{"drills", v.thingsOfDrills()},
		{"trust", v.thingsOfTrust()},
	}
}

// thingsIn makes things of what is filed under ids, in any order.
func thingsIn[T comparable](v View, filed map[string]T, describe func(T) []field) []thing {
	all := make([]thing, 0, len(filed))
	for id, item := range filed {
		on := v.Present(id) || v.model.teams[id] != nil
		all = append(all, thing{id: id, at: v.model.places[id], on: on, is: item, fields: func() []field { return describe(item) }})
	}
	return all
}

func (v View) thingsOfMetadata() []thing {
	m := v.model.metadata
	return []thing{{id: "metadata", at: v.model.at, on: true, fields: func() []field {
		return []field{
			one("inForce", strconv.FormatBool(v.model.InForce(v.t))), one("effectiveFrom", instant(m.effectiveFrom)), one("reviewedAt", instant(m.reviewedAt)),
			one("reviewEvery", spell(m.reviewEvery)), one("proofEvery", spell(m.proofEvery)), one("revocationWithin", spell(m.revocationWithin)),
		}
	}}}
}

func (v View) thingsOfPeople() []thing {
	return thingsIn(v, v.model.people, func(p *Person) []field {
		return []field{
			one("name", p.Name), one("employment", p.Employment), one("sponsor", p.Sponsor), many("accounts", p.Accounts),
			one("until", instant(p.Interval.Until)), one("proofedAt", instant(p.ProofedAt)),
		}
	})
}

func (v View) thingsOfTeams() []thing {
	return thingsIn(v, v.model.teams, func(t *Team) []field {
		return []field{one("page", t.Page), one("email", t.Email), many("escalation", t.Escalation)}
	})
}

func (v View) thingsOfMemberships() []thing {
	var all []thing
	for person, memberships := range v.model.memberships {
		for i := range memberships {
			m := &memberships[i]
			n := slices.IndexFunc(m.intervals, func(i Interval) bool { return i.Contains(v.t) })
			on := n >= 0 && v.Present(person)
			if n < 0 {
				n = m.nearest(v.t)
			}
			interval := m.intervals[n]
			all = append(all, thing{id: person + " in " + m.team, at: m.at[n], on: on, is: membership{m, n}, fields: func() []field {
				return []field{one("until", instant(interval.Until))}
			}})
		}
	}
	return all
}

// membership is one of a person's times in a team.
type membership struct {
	of *teamMembership
	n  int
}

func (v View) thingsOfWorkloads() []thing {
	return thingsIn(v, v.model.workloads, func(w *Workload) []field {
		return []field{one("owner", w.Owner), many("operators", w.Operators), one("runner", w.Runner)}
	})
}

func (v View) thingsOfVendors() []thing {
	return thingsIn(v, v.model.vendors, func(d *Vendor) []field {
		return []field{
			one("internalOwner", d.InternalOwner), one("contractOwner", d.ContractOwner), one("evidenceWithin", spell(d.EvidenceWithin)), one("until", instant(d.Interval.Until)),
		}
	})
}

func (v View) thingsOfCredentials() []thing {
	all := make([]thing, 0, len(v.model.credentials))
	for id, c := range v.model.credentials {
		state := c.States.At(v.t)
		all = append(all, thing{id: id, at: c.at, on: true, is: credentialIn{c, state}, fields: func() []field { return c.fields(state) }})
	}
	return all
}

// credentialIn is a credential in a state.
type credentialIn struct {
	of    *credential
	state State
}

// fields are those of a credential in a state.
func (c *credential) fields(state State) []field {
	states := make([]string, len(c.States))
	for i, s := range c.States {
		states[i] = s.text()
	}
	return []field{
		one("state", state.String()), many("holders", c.Holders), one("owner", c.Owner), many("revokers", c.Revokers), one("keptBy", c.KeptBy),
		one("custody", c.Custody), one("rotateEvery", spell(c.RotateEvery)), many("matches", c.text()), many("states", states),
	}
}

// text is the change in words.
func (c Change) text() string {
	s := fmt.Sprintf("%s from %s", c.State, stamp(c.From))
	if c.Cause != "" {
		s += " (" + c.Cause + ")"
	}
	if !c.InvalidFrom.IsZero() {
		s += ", invalid from " + stamp(c.InvalidFrom)
	}
	return s
}

// text is what a credential matches, in words.
func (c *credential) text() []string {
	if c.key != nil {
		return []string{"key " + c.key.Fingerprint.String()}
	}
	words := []string{"issuer " + c.identity.issuer + c.identity.authority, "subject " + c.identity.subject.String()}
	for _, claim := range c.identity.claims {
		words = append(words, claim.name+" "+claim.value.String())
	}
	return words
}

// thingsOfGrants: grants have no ids, so they go by whom they name, the duties and the artifacts; of
// several alike, by their order.
func (v View) thingsOfGrants() []thing {
	all := make([]thing, 0, len(v.model.grants))
	seen := map[string]int{}
	for _, g := range v.model.grants {
		id := fmt.Sprintf("%s may %s %s", g.to, strings.Join(g.duties.names(), ", "), strings.Join(texts(g.artifacts), ", "))
		if seen[id]++; seen[id] > 1 {
			id += fmt.Sprintf(" (%d)", seen[id])
		}
		all = append(all, thing{id: id, at: g.at, on: g.interval.Contains(v.t), is: g, fields: g.fields})
	}
	return all
}

// fields are those of a grant beside what it goes by.
func (g *grant) fields() []field {
	freezes := make([]string, len(g.freezes))
	for i, f := range g.freezes {
		freezes[i] = strings.TrimSpace(f.describe())
	}
	return []field{
		many("predicates", texts(g.predicates)), many("builders", texts(g.builders)), many("environments", g.environments), many("workflow", g.workflow.texts()),
		many("windows", windowTexts(g.windows)), many("freezes", freezes), one("until", instant(g.interval.Until)),
	}
}

func (v View) thingsOfEnforcement() []thing {
	var all []thing
	for _, e := range v.model.enforcements {
		all = append(all, thing{id: e.ID, at: e.at, on: e.Interval.Contains(v.t), fields: func() []field {
			return []field{
				one("environment", e.Environment), many("artifacts", e.Artifacts), one("mode", e.Mode), one("onFailure", e.OnFailure),
				one("owner", e.Owner), one("revocationWithin", spell(e.RevocationWithin)), one("until", instant(e.Interval.Until)),
			}
		}})
	}
	return all
}

func (v View) thingsOfSeparation() []thing {
	var all []thing
	for i, s := range v.model.separations {
		all = append(all, thing{id: s.ID, at: v.model.separationsAt[i], on: true, fields: func() []field { return []field{many("duties", s.Duties.names())} }})
	}
	return all
}

func (v View) thingsOfTiers() []thing {
	var all []thing
	for i, t := range v.model.tiers {
		all = append(all, thing{id: t.ID, at: v.model.tiersAt[i], on: true, fields: func() []field { return []field{many("artifacts", t.Artifacts)} }})
	}
	return all
}

func (v View) thingsOfDrills() []thing {
	var all []thing
	for i, d := range v.model.drills {
		all = append(all, thing{id: d.ID, at: v.model.drillsAt[i], on: true, fields: func() []field { return []field{many("artifacts", d.Artifacts)} }})
	}
	return all
}

func (v View) thingsOfTrust() []thing {
	var all []thing
	t := v.model.trust
	for _, a := range slices.Concat(t.Sigstore, t.CertificateAuthorities, t.TimestampAuthorities) {
		all = append(all, thing{id: a.ID, at: v.model.trustAt[a.ID], on: true, fields: func() []field {
			return []field{one("owner", a.Owner), one("digest", a.Digest), many("issuers", a.Issuers)}
		}})
	}
	return all
}

// changesOfControls compares who answers for each control, for names made up for the scopes of both
// documents; what is so for several names of one scope is said once.
func changesOfControls(before, after View) []Changed {
	var all []Changed
	for c := PublisherIdentity; c <= Monitoring; c++ {
		scopes := map[string][]string{} // names by pattern
		for _, o := range slices.Concat(before.model.owners, after.model.owners) {
			for _, p := range o.artifacts {
				if o.control == c && scopes[p.String()] == nil {
					scopes[p.String()] = p.Samples()
				}
			}
		}
		olds, news := answersTo(before, c), answersTo(after, c)
		for _, scope := range slices.Sorted(maps.Keys(scopes)) {
			var said []Changed
			for _, name := range scopes[scope] {
				old, new := olds(name), news(name)
				old.id, new.id = c.String()+" of "+scope, c.String()+" of "+scope
				for _, change := range changesOf("controls", &old, &new) {
					if !slices.ContainsFunc(said, change.alike) {
						said = append(said, change)
					}
				}
			}
			all = append(all, said...)
		}
	}
	return all
}

// alike reports whether two changes of one thing say the same.
func (c Changed) alike(d Changed) bool {
	return c.What == d.What && c.Field == d.Field && slices.Equal(c.Before, d.Before) && slices.Equal(c.After, d.After)
}

// answersTo gives who answers for a control over an artifact, as a thing: on where somebody does.
func answersTo(v View, c Control) func(artifact string) thing {
	asked := map[basis]thing{}
	return func(artifact string) thing {
		named := v.named(c, artifact)
		key := basisOf(named)
		t, known := asked[key]
		if !known {
			t = v.answeringOf(c, named).thing(quorumOf(named))
			t.is = answerIn{v.model, key}
			asked[key] = t
		}
		return t
	}
}

// quorumOf is the quorum a document declares, as its answer rests on these; "": none.
func quorumOf(named []*owner) string {
	if len(named) != 1 || named[0].Quorum == 0 {
		return ""
	}
	return strconv.Itoa(named[0].Quorum)
}

// answerIn is what an answer rests on in a document.
type answerIn struct {
	of *Model
	on basis
}

// thing is who answers, to be compared: by what the document says, not by who is in the teams.
func (a Answering) thing(quorum string) thing {
	var activities, accepted []string
	for _, d := range a.Activities {
		if !d.Inherited {
			activities = append(activities, d.Activity+" "+cmp.Or(strings.Join(d.Teams, ", "), "nobody"))
		}
	}
	for _, t := range a.AcceptedBy {
		accepted = append(accepted, t.Team)
	}
	return thing{id: a.Control, at: where(strings.Join(a.Positions, " ")), on: a.Accountable.Team != "", fields: func() []field {
		return []field{
			one("accountable", a.Accountable.Team), many("responsible", a.Responsible), many("consulted", a.Consulted), many("informed", a.Informed),
			one("paged", a.Paged.Team), one("runbook", a.Runbook), many("activities", activities), many("acceptedBy", accepted), one("reviewedAt", a.ReviewedAt), one("reviewEvery", a.ReviewEvery), one("quorum", quorum),
		}
	}}
}
