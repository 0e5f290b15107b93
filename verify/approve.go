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

// layoutKeys are the keys to try for a layout: those of any evidence, and those of the people who may have
// approved it.
func (r *run) layoutKeys(hint string) []ownership.Key {
	keys := slices.Clone(r.keys(hint))
	for _, k := range r.approvers() {
		if !slices.ContainsFunc(keys, func(o ownership.Key) bool { return o.Fingerprint == k.Fingerprint }) {
			keys = append(keys, k)
		}
	}
	return keys
}

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
// evaluation, so that nobody's signature moves it. One key counts for one of them, whichever way most count.
func (r *run) approval(of *item) approval {
	var a approval
	now := r.model.At(r.request.At)
	owner, ok := now.Control(ownership.ReleasePolicy, r.scope)
	if !ok {
		return a
	}
	a.team, a.members = owner.Accountable, len(now.Members(owner.Accountable))
	a.need = cmp.Or(owner.Quorum, a.members/2+1)
	keys := map[string][]ownership.Fingerprint{}
	for _, i := range r.items {
		if !i.wanted || i.Err() != nil || i.Envelope().Digest() != of.Envelope().Digest() {
			continue
		}
		for _, p := range i.opened.Proofs {
			if person, why := r.approver(p, a.team); why == "" {
				keys[person] = append(keys[person], p.key())
			} else {
				a.ignored = append(a.ignored, why)
			}
		}
	}
	a.people = apiece(keys)
	slices.Sort(a.ignored)
	a.ignored = slices.Compact(a.ignored)
	return a
}

// approver is the member of a team who signed, or why the signature does not count.
func (r *run) approver(p Proof, team string) (person, why string) {
	m := r.when(p)
	b, refusal := r.whose(p, m)
	switch {
	case m.undecided || m.t.After(r.request.At):
		return "", "nothing proves that a signature was made before the time of evaluation"
	case refusal != nil:
		return "", refusal.Message
	case b.Person == "":
		return "", fmt.Sprintf("credential %s is held by %s: expected one person's", b.Credential, joined(b.Holders))
	case !r.model.At(m.t).Member(b.Person, team):
		return "", fmt.Sprintf("%s was no member of it at %s", b.Person, stamp(m.t))
	case !r.model.At(r.request.At).Member(b.Person, team):
		return "", fmt.Sprintf("%s is no member of it any more", b.Person)
	}
	return b.Person, ""
}

// apiece gives as many of the people as can have a key each, of those they signed with, sorted; a key that is
// not known, the zero one, is nobody else's. Who signs besides takes nobody from them.
func apiece(keys map[string][]ownership.Fingerprint) []string {
	has := map[ownership.Fingerprint]string{}
	var find func(person string, tried map[ownership.Fingerprint]bool) bool
	find = func(person string, tried map[ownership.Fingerprint]bool) bool {
		for _, key := range keys[person] {
			if key == (ownership.Fingerprint{}) {
				return true
			}
			if tried[key] {
				continue
			}
			tried[key] = true
			if other, taken := has[key]; !taken || find(other, tried) {
				has[key] = person
				return true
			}
		}
		return false
	}
	var people []string
	for _, person := range slices.Sorted(maps.Keys(keys)) {
		if find(person, map[ownership.Fingerprint]bool{}) {
			people = append(people, person)
		}
	}
	return people
}
