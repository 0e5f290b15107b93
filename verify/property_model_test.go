package verify_test

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/surety-dev/surety/verify"
)

// pChange is one thing that happens to a case.
type pChange struct {
	kind  pKind
	about string
	world func(*oWorld) *oWorld // nil: the model stays; it gives nil where there is nothing left to change
	items func([]pItem) []pItem // nil: the evidence stays
	base  func([]pItem) []pItem // what it is compared with; nil: the evidence as it is
	// taints reports whether a credential's signature may no longer count; nil: none
	taints func(*oWorld, *oCredential) bool
}

// pKind is a kind of change.
type pKind int

const (
	removesItem pKind = iota
	removesSignature
	revokesInModel
	revokesByList
	offboards
	endsMembership
	expiresException
	removesLists
	addsStrangers
	addsRejection
	reorders
	pKinds
)

var pKindNames = [pKinds]string{"a supporting item removed", "a signature removed", "a credential revoked, compromised or suspended in the model", "a credential named by a list", "a person offboarded", "a membership shortened",
	"an exception expired", "all lists removed where freshness is demanded", "a stranger's evidence added", "a rejection or dismissal added", "order and repetition"}

// clone is a world of its own, but for what nothing here changes.
func (w *oWorld) clone() *oWorld {
	c := *w
	c.people = slices.Clone(w.people)
	c.teams = slices.Clone(w.teams)
	for i := range c.teams {
		c.teams[i].members = slices.Clone(c.teams[i].members)
	}
	c.credentials = slices.Clone(w.credentials)
	return &c
}

// signers are the credentials that signed some evidence, each once.
func signers(items []pItem) []*oCredential {
	var all []*oCredential
	for _, p := range items {
		for _, s := range p.signatures {
			if s.by != nil && !slices.Contains(all, s.by) {
				all = append(all, s.by)
			}
		}
	}
	return all
}

// relied are the credentials and people a verdict rests on, and the items.
func relied(w *oWorld, v verify.Verdict) (credentials []*oCredential, people, digests []string) {
	for _, s := range v.Signers {
		credentials, digests = append(credentials, w.credential(s.Credential)), append(digests, s.Evidence)
		if s.Person != "" {
			people = append(people, s.Person)
		}
	}
	for _, a := range v.Approvals {
		digests = append(digests, a.Evidence)
		if w.person(a.Person) != nil {
			people = append(people, a.Person)
		}
	}
	for _, x := range v.Exceptions {
		digests, people = append(digests, x.Evidence), slices.Concat(people, x.ApprovedBy, x.ApprovedBy)
	}
	for _, person := range people {
		credentials = append(credentials, w.credential(person+"-key"), w.credential(person+"-cert"))
	}
	return credentials, people, digests
}

// drawnModelChange is a change of the model about somebody who signed, mostly one whom the verdict rests on.
func drawnModelChange(r *rand.Rand, w *oWorld, kind pKind, items []pItem, v verify.Verdict) (pChange, bool) {
	credentials, people, _ := relied(w, v)
	if len(credentials) == 0 || chance(r, 30) {
		credentials = signers(items)
	}
	if against := signers(slices.DeleteFunc(slices.Clone(items), func(p pItem) bool { return !p.status })); len(against) > 0 && chance(r, 20) {
		credentials, people = against, nil
	}
	if kind == revokesInModel {
		return revokedLater(r, pick(r, credentials...))
	}
	who := pick(r, pick(r, credentials...).holders...)
	if len(people) > 0 && chance(r, 60) {
		who = pick(r, people...)
	}
	if i := slices.IndexFunc(w.workloads, func(x oWorkload) bool { return x.id == who && len(x.operators) > 0 }); i >= 0 {
		who = pick(r, w.workloads[i].operators...)
	}
	until := 3 + r.IntN(17)
	if kind == offboards {
		return offboarded(who, until), w.person(who) != nil
	}
	var teams []string
	for _, team := range w.teams {
		if slices.ContainsFunc(team.members, func(m oMember) bool { return m.person == who }) {
			teams = append(teams, team.id)
		}
	}
	if len(teams) == 0 {
		return pChange{}, false
	}
	return membership(pick(r, teams...), who, until), true
}

// revokedLater gives a credential a later state.
func revokedLater(r *rand.Rand, c *oCredential) (pChange, bool) {
	last := c.states[len(c.states)-1]
	if last.state != "active" && last.state != "suspended" {
		return pChange{}, false
	}
	state := oState{pick(r, "revoked", "revoked", "compromised"), "", max(last.from+1, 3+r.IntN(17)), never}
	switch {
	case last.state == "active" && chance(r, 30):
		state.state = "suspended"
	case state.state == "revoked":
		state.reason = pick(r, "key-compromise", "superseded", "affiliation-changed", "unspecified")
	}
	if chance(r, 40) && state.state != "suspended" {
		state.invalidFrom = state.from - r.IntN(8)
	}
	id := c.id
	return pChange{kind: revokesInModel, about: fmt.Sprintf("%s: %+v", id, state), world: func(w *oWorld) *oWorld {
		w = w.clone()
		i := slices.IndexFunc(w.credentials, func(c *oCredential) bool { return c.id == id })
		changed := *w.credentials[i]
		changed.states = append(slices.Clone(changed.states), state)
		w.credentials[i] = &changed
		return w
	}, taints: func(_ *oWorld, c *oCredential) bool { return c.id == id }}, true
}

// offboarded is somebody who leaves; memberships that would begin only then go.
func offboarded(who string, until int) pChange {
	return pChange{kind: offboards, about: fmt.Sprintf("%s leaves at %d", who, until), world: func(w *oWorld) *oWorld {
		w = w.clone()
		p := w.person(who)
		if until <= p.there.from || until >= p.there.until {
			return nil
		}
		p.there.until = until
		p.away = slices.DeleteFunc(slices.Clone(p.away), func(a oSpell) bool { return a.from >= until })
		for i := range p.away {
			p.away[i].until = min(p.away[i].until, until)
		}
		for i := range w.teams {
			if w.teams[i].members = slices.DeleteFunc(w.teams[i].members, func(m oMember) bool { return m.person == who && m.in.from >= until }); len(w.teams[i].members) == 0 {
				return nil
			}
		}
		return w
	}, taints: func(_ *oWorld, c *oCredential) bool { return slices.Contains(c.holders, who) }}
}

// membership is somebody who leaves a team.
func membership(team, who string, until int) pChange {
	return pChange{kind: endsMembership, about: fmt.Sprintf("%s leaves team %s at %d", who, team, until), world: func(w *oWorld) *oWorld {
		w = w.clone()
		for i := range w.teams {
			for j := range w.teams[i].members {
				m := &w.teams[i].members[j]
				if w.teams[i].id != team || m.person != who {
					continue
				}
				if until <= m.in.from || until >= m.in.until || until <= w.person(who).there.from {
					return nil
				}
				m.in.until = until
				return w
			}
		}
		return nil
	}, taints: func(_ *oWorld, c *oCredential) bool { return slices.Contains(c.holders, who) }}
}

// tainted are the signatures of status data that a change may take away: item and place.
func (c pChange) tainted(w *oWorld, items []pItem) (all [][2]int) {
	if c.taints == nil {
		return nil
	}
	for i, p := range items {
		for j, s := range p.signatures {
			if p.status && s.by != nil && c.taints(w, s.by) {
				all = append(all, [2]int{i, j})
			}
		}
	}
	return all
}

// unsigned is items without some of their signatures, and without those that are left with none.
func unsigned(items []pItem, which [][2]int) []pItem {
	var all []pItem
	for i, p := range items {
		var kept []oSignature
		for j, s := range p.signatures {
			if !slices.Contains(which, [2]int{i, j}) {
				kept = append(kept, s)
			}
		}
		switch {
		case p.raw != nil || len(kept) == len(p.signatures):
			all = append(all, p)
		case len(kept) > 0:
			p.signatures = kept
			all = append(all, p.made())
		}
	}
	return all
}
