package verify

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/surety-dev/surety/ownership"
)

// This file is who may approve a layout, and who has.

// approversKeys are the keys to try for what a release policy's owners sign: of people who were ever in a team
// accountable for one, the first MaxKeys by fingerprint. That somebody has left since is for the approval to
// say.
func approversKeys(m *ownership.Model) []ownership.Key {
	people := map[string]bool{}
	for a := range m.Assignments() {
		if team, ok := m.Team(a.Ownership.Accountable); ok && a.Control == ownership.ReleasePolicy {
			for _, member := range team.Members {
				people[member.Person] = true
			}
		}
	}
	var keys []ownership.Key
	for c := range m.Credentials() {
		if key, ok := m.KeyNamed(c.ID); ok && slices.ContainsFunc(c.Holders, func(h string) bool { return people[h] }) {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(x, y ownership.Key) int { return bytes.Compare(x.Fingerprint[:], y.Fingerprint[:]) })
	return keys[:min(len(keys), MaxKeys)]
}

// approval says how far a layout is approved.
type approval struct {
	team    string // accountable for release-policy; "" where no one team is
	need    int
	members int
	people  []string // those of them who signed, sorted, each once
	ignored []string // why other signatures do not count, sorted
}

func (a approval) met() bool { return a.team != "" && a.need > 0 && len(a.people) >= a.need }

// lack says in words what is lacking.
func (a approval) lack() string {
	if a.team == "" {
		return "nobody, or more than one team, is accountable for release-policy of the artifact, so nobody can approve the layout"
	}
	signed := "nobody"
	if len(a.people) > 0 {
		signed = "only " + strings.Join(a.people, ", ")
	}
	message := fmt.Sprintf("it takes %d of the %d members of team %s, accountable for release-policy, to approve the layout, and %s signed", a.need, a.members, a.team, signed)
	if len(a.ignored) > 0 {
		message += ": " + strings.Join(a.ignored, "; ")
	}
	return message
}

// approval counts the people who signed a layout, on this item and others with the same content (design
// §4.6): members of the team then and now. Which team it takes, and how many of it, is as of the time of
// evaluation, so that nobody's signature moves it. One key counts for one of them.
func (r *run) approval(of *item) approval {
	var a approval
	now := r.model.At(r.request.At)
	owner, ok := now.Control(ownership.ReleasePolicy, r.scope)
	if !ok {
		return a
	}
	a.team, a.members = owner.Accountable, len(now.Members(owner.Accountable))
	a.need = cmp.Or(owner.Quorum, a.members/2+1)
	people := map[string]bool{}
	holders := map[ownership.Fingerprint]string{} // of each key the first of them by name
	for _, i := range r.items {
		if !i.wanted || i.Err() != nil || i.Envelope().Digest() != of.Envelope().Digest() {
			continue
		}
		for _, p := range i.opened.Proofs {
			person, why, barred := r.approver(p, a.team)
			if k := p.key(); person != "" && k != (ownership.Fingerprint{}) {
				holders[k] = least(holders[k], person) // also where lists bar it: a list lets in nobody else's
			}
			if why != "" {
				a.ignored = append(a.ignored, why)
			}
			if person != "" && !barred {
				people[person] = true
			}
		}
	}
	for _, i := range r.items {
		if i.wanted && i.Err() == nil && i.Envelope().Digest() == of.Envelope().Digest() {
			for _, p := range i.opened.Proofs {
				if person, _, barred := r.approver(p, a.team); person != "" && !barred && p.key() != (ownership.Fingerprint{}) && holders[p.key()] != person {
					delete(people, person)
				}
			}
		}
	}
	a.people = slices.Sorted(maps.Keys(people))
	slices.Sort(a.ignored)
	a.ignored = slices.Compact(a.ignored)
	return a
}

// approver is the member of a team who signed, or why the signature does not count. Barred is one that the model
// takes for a member's, and that lists speak against or do not speak for.
func (r *run) approver(p Proof, team string) (person, why string, barred bool) {
	m := r.when(p)
	b, refusal := r.bound(p, m)
	switch {
	case m.undecided || m.t.After(r.request.At):
		return "", "nothing proves that a signature was made before the time of evaluation", false
	case refusal != nil:
		return "", refusal.Message, false
	case b.Person == "":
		return "", fmt.Sprintf("credential %s is held by %s: expected one person's", b.Credential, joined(b.Holders)), false
	case !r.model.At(m.t).Member(b.Person, team):
		return "", fmt.Sprintf("%s was no member of it at %s", b.Person, stamp(m.t)), false
	case !r.model.At(r.request.At).Member(b.Person, team):
		return "", fmt.Sprintf("%s is no member of it any more", b.Person), false
	}
	if refusal := r.against(p, b.Credential, m); refusal != nil {
		return b.Person, refusal.Message, true
	}
	if stale := r.staleInChain(p); stale != "" {
		return b.Person, stale, true
	}
	return b.Person, "", false
}

// least is the lesser of two names, of which the first may be none.
func least(x, y string) string {
	if x == "" || y < x {
		return y
	}
	return x
}
