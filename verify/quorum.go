package verify

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/surety-dev/surety/ownership"
)

// Quorum says how many people of a team must have signed, and who has.
type Quorum struct {
	// Scope is the pattern of the artifacts over which the team is accountable for release-policy.
	Scope string
	// Team is the team; "" where nobody, or more than one team, is accountable over all of the scope.
	Team string
	// Need is how many of its people it takes: what the control's entry says, else more than half.
	Need int
	// Members is how many people it has.
	Members int
	// People are those of them who signed, sorted, each once however many keys they signed with.
	People []string
}

// Met reports whether enough people signed.
func (q Quorum) Met() bool { return q.Team != "" && len(q.People) >= q.Need && q.Need > 0 }

// governed is a scope of a document and who answers for it, at any time.
type governed struct {
	scope string
	who   ownership.Governance
}

// govern finds who answers for the scopes, once: whose entries hold at a time is for judge. For a policy that
// nobody known has signed it does not: what a stranger wrote is no work.
func (e *Endorsement) govern() {
	if e.authority != nil && (e.ownership || len(e.proofs) > 0) {
		e.governed = e.governances(e.scopes)
	}
}

// governances finds who answers for scopes, each once.
func (e Endorsement) governances(scopes []string) []governed {
	seen := map[string]bool{}
	var list []governed
	for _, scope := range scopes {
		if !seen[scope] {
			seen[scope] = true
			list = append(list, governed{scope, e.authority.Governance(ownership.ReleasePolicy, scope)})
		}
	}
	return list
}

// judge counts the people who signed, and says why other signatures do not count, sorted.
func (e Endorsement) judge(at time.Time) (quorums []Quorum, ignored []string) {
	if e.authority == nil {
		return nil, nil
	}
	credentials, ignored := e.bind(at)
	c := count{view: e.authority.At(at), signed: func(person string) bool { return credentials[person] != "" }, teams: map[string]Quorum{}, had: map[required]bool{}}
	for _, g := range e.governed {
		whole, ok := g.who.Whole(at)
		asked := c.add(g.scope, whole)
		// The model has one owner, that of everything: were those of the parts asked too, each unit could keep
		// the organisation from changing it.
		if !ok || e.ownership {
			continue
		}
		for _, part := range g.who.Parts(at) {
			if q := c.of(part.Ownership); q.Team != asked.Team || q.Need != asked.Need {
				c.add(part.Scope, part.Ownership)
			}
		}
	}
	for person, credential := range credentials {
		if !c.counted(person) {
			ignored = append(ignored, fmt.Sprintf("%s (credential %s) is in no team that has to sign it, at %s", person, credential, stamp(at)))
		}
	}
	slices.Sort(ignored)
	return c.quorums, slices.Compact(ignored)
}

// count is the quorums of a document in the making.
type count struct {
	view    ownership.View
	signed  func(person string) bool
	teams   map[string]Quorum // by team, without scope and need
	had     map[required]bool // of the quorums
	quorums []Quorum
}

// required is what makes two quorums one.
type required struct {
	scope, team string
	need        int
}

// add asks the owner of a scope, where that has not been done.
func (c *count) add(scope string, o ownership.Ownership) Quorum {
	q := c.of(o)
	q.Scope = scope
	if r := (required{scope, q.Team, q.Need}); !c.had[r] {
		c.had[r] = true
		c.quorums = append(c.quorums, q)
	}
	return q
}

// of is the quorum of an owner; the zero Quorum: nobody's.
func (c *count) of(o ownership.Ownership) Quorum {
	if o.Accountable == "" {
		return Quorum{}
	}
	q, ok := c.teams[o.Accountable]
	if !ok {
		members := slices.Compact(c.view.Members(o.Accountable)) // sorted
		q = Quorum{Team: o.Accountable, Members: len(members)}
		for _, m := range members {
			if c.signed(m) {
				q.People = append(q.People, m)
			}
		}
		c.teams[o.Accountable] = q
	}
	q.Need, q.People = cmp.Or(o.Quorum, q.Members/2+1), slices.Clone(q.People)
	return q
}

// counted reports whether a person is in a team that was asked.
func (c *count) counted(person string) bool {
	return slices.ContainsFunc(c.quorums, func(q Quorum) bool { return slices.Contains(q.People, person) })
}

// How much of what is lacking is told.
const (
	toldTeams  = 16
	toldScopes = 8
	toldBytes  = 200 // of a name or pattern
)

// lacks says in words which quorums are not met: each team once, with the scopes it is asked for.
func lacks(quorums []Quorum) []string {
	type asked struct {
		team string
		need int
	}
	scopes := map[asked][]string{}
	var order []Quorum
	for _, q := range quorums {
		if q.Met() {
			continue
		}
		a := asked{q.Team, q.Need}
		if scopes[a] == nil {
			order = append(order, q)
		}
		scopes[a] = append(scopes[a], clipped(q.Scope))
	}
	var reasons []string
	for i, q := range order {
		if i == toldTeams {
			return append(reasons, fmt.Sprintf("and %d more teams have not signed it", len(order)-i))
		}
		reasons = append(reasons, q.lack(listed(scopes[asked{q.Team, q.Need}])))
	}
	return reasons
}

// lack says in words what a quorum lacks.
func (q Quorum) lack(scopes string) string {
	if q.Team == "" {
		return "nobody, or more than one team, is accountable for release-policy over all of " + scopes
	}
	return q.takes(fmt.Sprintf("of team %s, accountable for release-policy over %s,", q.Team, scopes))
}

// takes says how many members it takes, and who signed.
func (q Quorum) takes(who string) string {
	if q.Need > q.Members {
		return fmt.Sprintf("it takes %d members %s and there are %d", q.Need, who, q.Members)
	}
	signed := "nobody"
	if len(q.People) > 0 {
		signed = "only " + strings.Join(q.People, ", ")
	}
	return fmt.Sprintf("it takes %d of the %d members %s and %s signed", q.Need, q.Members, who, signed)
}

// listed names scopes, and how many more there are.
func listed(scopes []string) string {
	if more := len(scopes) - toldScopes; more > 0 {
		return strings.Join(scopes[:toldScopes], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(scopes, ", ")
}

// clipped is the beginning of a text that would make a message too long.
func clipped(s string) string {
	if len(s) <= toldBytes {
		return s
	}
	return strings.ToValidUTF8(s[:toldBytes], "") + "…"
}
