package ownership

import (
	"slices"

	"github.com/surety-dev/surety/internal/pattern"
)

// census is a view with what questions about one person, credential or team ask of the
// whole model: it is made once a question, in one pass, and takes longer the more there
// is. It is not for concurrent use.
type census struct {
	View
	grants map[string][]*grant      // by whom they name, in the document's order
	held   map[string][]*credential // by holder, by id
	joint  []*credential            // those of several holders
	crews  map[string][]string      // who is in a team, as far as asked
	able   map[string]bool          // who could sign with a credential of their own, as far as asked
	doers  map[use]doers            // as far as asked
}

// census makes one.
func (v View) census() *census {
	c := &census{View: v, grants: map[string][]*grant{}, held: map[string][]*credential{}}
	for _, g := range v.model.grants {
		c.grants[g.to] = append(c.grants[g.to], g)
	}
	for _, credential := range v.model.credentials {
		for _, holder := range credential.Holders {
			c.held[holder] = append(c.held[holder], credential)
		}
		if len(credential.Holders) > 1 {
			c.joint = append(c.joint, credential)
		}
	}
	for _, list := range c.held {
		slices.SortFunc(list, byID)
	}
	return c.fresh()
}

// fresh forgets what was asked.
func (c *census) fresh() *census {
	c.crews, c.able, c.doers = map[string][]string{}, map[string]bool{}, map[use]doers{}
	return c
}

// lacking is the census with one person taken as not there.
func (c *census) lacking(person string) *census {
	other := *c
	other.without = person
	return other.fresh()
}

// crew gives who is in a team.
func (c *census) crew(team string) []string {
	ids, known := c.crews[team]
	if !known {
		ids = c.Members(team)
		c.crews[team] = ids
	}
	return ids
}

// staffed reports whether somebody is in one of the teams.
func (c *census) staffed(teams ...string) bool {
	return slices.ContainsFunc(teams, func(team string) bool { return len(c.crew(team)) > 0 })
}

// usable reports whether what a credential signs at the time could count: its states let it
// stand, and all who hold it are there.
func (v View) usable(c *credential) bool {
	return c.States.Judge(v.t, v.t).Stands() && !slices.ContainsFunc(c.Holders, func(h string) bool { return !v.Present(h) })
}

// signs reports whether a principal could sign with a credential that is its own.
func (c *census) signs(principal string) bool {
	able, known := c.able[principal]
	if !known {
		able = slices.ContainsFunc(c.held[principal], func(d *credential) bool { return len(d.Holders) == 1 && c.usable(d) })
		c.able[principal] = able
	}
	return able
}

// reaching gives the grants that reach a principal at any time, its own and those of its
// teams, in the document's order; environments are left aside.
func (c *census) reaching(principal string) []reach {
	var all []reach
	add := func(to string, through *teamMembership) {
		for _, g := range c.grants[to] {
			all = append(all, reach{grant: g, through: through, patterns: texts(g.artifacts), missing: c.misses(g, through, "")})
		}
	}
	add(principal, nil)
	memberships := c.model.memberships[principal]
	for i := range memberships {
		add(memberships[i].team, &memberships[i])
	}
	slices.SortFunc(all, func(x, y reach) int { return x.at.Compare(y.at) })
	return all
}

// use is a duty to an artifact, with a predicate type, in an environment; as Use, without
// what depends on what was built or when it was signed.
type use struct {
	duty                             Duty
	artifact, predicate, environment string
}

// doers are who could do a use, as far as it matters: beyond enough of them nobody is looked
// for.
type doers struct {
	people   []string // with a credential of their own, sorted
	employed bool     // one of them is no contractor
	anybody  bool     // or a workload, a vendor, or several with one credential
}

// enough reports whether no more of them make a difference: anybody, or, where people count, two
// of whom one is no contractor.
func (d doers) enough(human bool) bool {
	return d.anybody && (!human || len(d.people) > 1 && d.employed)
}

// could gives who could do a use: who is there, may by a grant in effect, whatever its
// builders, workflows, windows and freezes, and has a credential that could sign.
func (c *census) could(u use) doers {
	if known, ok := c.doers[u]; ok {
		return known
	}
	var d doers
	seen := map[string]bool{}
	add := func(id string) bool {
		if p := c.model.people[id]; !seen[id] && c.signs(id) {
			d.anybody = true
			if p != nil {
				d.people, d.employed = append(d.people, id), d.employed || p.Employment != contractor
			}
		}
		seen[id] = true
		return d.enough(u.duty.human())
	}
	c.granted(u, func(to string) bool {
		return c.Present(to) && add(to) || slices.ContainsFunc(c.crew(to), add)
	})
	d.anybody = d.anybody || c.jointly(u)
	slices.Sort(d.people)
	c.doers[u] = d
	return d
}

// granted calls yield for each whom a grant names that allows a use, in no particular order,
// until it returns true.
func (c *census) granted(u use, yield func(to string) bool) {
	c.model.scopes.Lookup(u.artifact, func(_ pattern.Pattern, s *scope) bool {
		for to, grants := range s.grants {
			if slices.ContainsFunc(grants, func(g *grant) bool { return g.allows(u, c.View) }) && yield(to) {
				return false
			}
		}
		return true
	})
}

// jointly reports whether several with one credential, who all may, could do a use.
func (c *census) jointly(u use) bool {
	if len(c.joint) == 0 {
		return false
	}
	named := map[string]bool{}
	c.granted(u, func(to string) bool {
		named[to] = true
		return false
	})
	may := func(id string) bool {
		return named[id] || slices.ContainsFunc(c.model.memberships[id], func(m teamMembership) bool { return named[m.team] && m.contains(c.t) })
	}
	return slices.ContainsFunc(c.joint, func(d *credential) bool {
		return !slices.ContainsFunc(d.Holders, func(h string) bool { return !may(h) }) && c.usable(d)
	})
}

// allows reports whether a grant gives the duty of a use at the time.
func (g *grant) allows(u use, v View) bool {
	return g.duties.Has(u.duty) && g.interval.Contains(v.t) && (g.predicates == nil || matchesAny(g.predicates, u.predicate)) &&
		(g.environments == nil || slices.Contains(g.environments, u.environment))
}

// uses gives uses that stand for all a grant allows of a duty under one of its patterns:
// names made up for the pattern, with each of its predicate types and environments.
func (g *grant) uses(d Duty, artifacts pattern.Pattern) []use {
	predicates, environments := []string{anyPredicate}, g.environments
	if g.predicates != nil {
		predicates = nil
	}
	for _, p := range g.predicates {
		predicates = append(predicates, p.Samples()[0])
	}
	if environments == nil {
		environments = []string{""}
	}
	var all []use
	for _, artifact := range artifacts.Samples() {
		for _, predicate := range predicates {
			for _, environment := range environments {
				all = append(all, use{d, artifact, predicate, environment})
			}
		}
	}
	return all
}

// anyPredicate stands for a predicate type that no grant names.
const anyPredicate = "surety:any"

// contractor is how documents call the employment of one.
const contractor = "contractor"
