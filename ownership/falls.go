package ownership

import (
	"maps"
	"slices"
	"strings"

	"github.com/surety-dev/surety/internal/pattern"
)

// This file says what falls if a person leaves. It is no list of rules: it is what the answers say is
// missing with that person taken as not there, and not with them. What cannot change is left out of both.

// falls gives the gaps there would be if a person left now, and are not.
func (c *census) falls(p *Person) []Gap {
	if !c.Present(p.ID) {
		return nil
	}
	touched := c.touched(p)
	now := map[string]bool{}
	for _, g := range c.gapsOf(touched) {
		now[g.key()] = true
	}
	return slices.DeleteFunc(c.lacking(p.ID).gapsOf(touched), func(g Gap) bool { return now[g.key()] })
}

// key tells gaps apart: all but the message.
func (g Gap) key() string {
	return strings.Join(slices.Concat([]string{string(g.Code), g.Control, g.Credential, g.About}, g.Positions), "\x00")
}

// touched is what of the document the absence of a person can leave with a gap.
type touched struct {
	teams       []*Team
	answers     []resting
	credentials []*credential
	workloads   []*Workload
	people      []*Person
	grants      []*grant
}

// touched gives it. What rests on teams rests on those that are left empty, and on what
// escalates to them.
func (c *census) touched(p *Person) touched {
	without := c.lacking(p.ID)
	emptied := slices.DeleteFunc(c.Teams(p.ID), func(team string) bool { return without.staffed(team) })
	t := touched{workloads: c.operatedBy(p.ID)}
	if len(emptied) > 0 {
		reached := c.model.escalatingTo(emptied)
		for _, id := range slices.Sorted(maps.Keys(reached)) {
			t.teams = append(t.teams, c.model.teams[id])
		}
		for control := PublisherIdentity; control <= Monitoring; control++ {
			answers, _ := c.resting(control)
			t.answers = append(t.answers, slices.DeleteFunc(answers, func(a resting) bool { return !a.rests(reached) })...)
		}
	}
	rests := func(team string) bool { return slices.Contains(emptied, team) }
	for _, d := range c.model.credentials {
		if slices.Contains(d.Holders, p.ID) || rests(d.Owner) || slices.ContainsFunc(d.Revokers, rests) || slices.ContainsFunc(d.Holders, func(h string) bool {
			v := c.model.vendors[h]
			return v != nil && rests(v.InternalOwner)
		}) {
			t.credentials = append(t.credentials, d)
		}
	}
	slices.SortFunc(t.credentials, byID)
	for _, s := range c.sponsored(p.ID) {
		t.people = append(t.people, c.model.people[s.Person])
	}
	around := c.grantsAround(p.ID)
	for _, g := range c.model.grants {
		if slices.ContainsFunc(around, g.meets) {
			t.grants = append(t.grants, g)
		}
	}
	return t
}

// meets reports whether two grants may give one duty to one artifact: what one of them gives, those
// with the other could do too. Prefixes tell, since a pattern matches nothing that does not begin
// with its own.
func (g *grant) meets(h *grant) bool {
	return g.duties&h.duties != 0 && slices.ContainsFunc(g.artifacts, func(p pattern.Pattern) bool {
		return slices.ContainsFunc(h.artifacts, func(q pattern.Pattern) bool {
			return strings.HasPrefix(p.Prefix(), q.Prefix()) || strings.HasPrefix(q.Prefix(), p.Prefix())
		})
	})
}

// escalatingTo gives teams and all that escalate to them, however far.
func (m *Model) escalatingTo(teams []string) map[string]bool {
	from := map[string][]string{}
	for _, t := range m.teams {
		for _, next := range t.Escalation {
			from[next] = append(from[next], t.ID)
		}
	}
	reached := map[string]bool{}
	for queue := slices.Clone(teams); len(queue) > 0; queue = queue[1:] {
		if !reached[queue[0]] {
			reached[queue[0]] = true
			queue = append(queue, from[queue[0]]...)
		}
	}
	return reached
}

// grantsAround gives the grants a person may use: those that reach them, and those that reach who
// holds a credential together with them; in the document's order.
func (c *census) grantsAround(id string) []*grant {
	holders := []string{id}
	for _, d := range c.held[id] {
		holders = append(holders, d.Holders...)
	}
	slices.Sort(holders)
	var grants []*grant
	for _, holder := range slices.Compact(holders) {
		for _, r := range c.reaching(holder) {
			if !r.missing[missRole] {
				grants = append(grants, r.grant)
			}
		}
	}
	slices.SortFunc(grants, func(a, b *grant) int { return a.at.Compare(b.at) })
	return slices.Compact(grants)
}

// gapsOf gives the gaps of all that is touched.
func (c *census) gapsOf(t touched) []Gap {
	var gaps []Gap
	relied := map[string]bool{}
	if t.teams != nil {
		relied = c.model.relied()
	}
	for _, team := range t.teams {
		gaps = append(gaps, c.gapsOfTeam(team, relied)...)
	}
	for _, a := range t.answers {
		gaps = append(gaps, c.gapsOfControls(a.scope(), []Answering{c.answeringOf(a.control, a.named)})...)
	}
	for _, d := range t.credentials {
		gaps = append(gaps, c.gapsOfCredential(d)...)
	}
	for _, w := range t.workloads {
		gaps = append(gaps, c.gapsOfWorkload(w)...)
	}
	for _, p := range t.people {
		gaps = append(gaps, c.gapsOfPerson(p)...)
	}
	for _, g := range t.grants {
		gaps = append(gaps, c.gapsOfGrant(g)...)
	}
	return once(gaps)
}

// once leaves out what has been said.
func once(gaps []Gap) []Gap {
	seen := map[string]bool{}
	return slices.DeleteFunc(gaps, func(g Gap) bool {
		said := seen[g.key()]
		seen[g.key()] = true
		return said
	})
}

// gapsAround gives the gaps about a person, what they hold, make act and may.
func (c *census) gapsAround(p *Person) []Gap {
	t := touched{people: []*Person{p}, credentials: c.held[p.ID], workloads: c.operatedBy(p.ID), grants: c.grantsAround(p.ID)}
	for _, w := range t.workloads {
		t.grants = append(t.grants, c.grants[w.ID]...)
	}
	return c.gapsOf(t)
}
