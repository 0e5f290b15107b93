package verify

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/surety-dev/surety/ownership"
)

// This file is who may approve a layout, and who has.

// ownersKeys are the keys to try for what the owners of the artifact's release policy sign, beside those
// tried for any evidence. Those of other teams count for nothing, and are not in the way.
func (r *run) ownersKeys() []ownership.Key {
	owner, ok := r.model.At(r.request.At).Control(ownership.ReleasePolicy, r.scope)
	if !ok {
		return nil
	}
	people := map[string]bool{}
	everIn(r.model, owner.Accountable, people)
	return slices.DeleteFunc(keysOf(people, r.keysByHolder()), func(k ownership.Key) bool {
		return slices.ContainsFunc(r.granted(), func(o ownership.Key) bool { return o.Fingerprint == k.Fingerprint })
	})
}

// approversKeys are the keys to try for what a release policy's owners sign: of people who were ever in a team
// accountable for one. That somebody has left since is for the approval to say.
func approversKeys(m *ownership.Model) []ownership.Key {
	people := map[string]bool{}
	for a := range m.Assignments() {
		if a.Control == ownership.ReleasePolicy {
			everIn(m, a.Ownership.Accountable, people)
		}
	}
	return keysOf(people, keysByHolder(m))
}

// everIn adds the people who were ever in a team.
func everIn(m *ownership.Model, id string, people map[string]bool) {
	if team, ok := m.Team(id); ok {
		for _, member := range team.Members {
			people[member.Person] = true
		}
	}
}

// keysOf are the first MaxKeys of people's keys, by fingerprint.
func keysOf(people map[string]bool, byHolder map[string][]ownership.Key) []ownership.Key {
	var keys []ownership.Key
	for person := range people {
		keys = append(keys, byHolder[person]...)
	}
	slices.SortFunc(keys, func(x, y ownership.Key) int { return bytes.Compare(x.Fingerprint[:], y.Fingerprint[:]) })
	keys = slices.CompactFunc(keys, func(x, y ownership.Key) bool { return x.Fingerprint == y.Fingerprint })
	return keys[:min(len(keys), MaxKeys)]
}

// keysByHolder gives the keys of a model by who holds them.
func keysByHolder(m *ownership.Model) map[string][]ownership.Key {
	keys := map[string][]ownership.Key{}
	for c := range m.Credentials() {
		if key, ok := m.KeyNamed(c.ID); ok {
			for _, holder := range c.Holders {
				keys[holder] = append(keys[holder], key)
			}
		}
	}
	return keys
}

// approval says how far a layout is approved. The zero approval is nobody's.
type approval struct {
	Quorum
	ignored []string // why other signatures do not count, sorted, each once
}

// lack says in words what is lacking.
func (a approval) lack() string {
	if a.Team == "" {
		return "nobody, or more than one team, is accountable for release-policy of the artifact, so nobody can approve the layout"
	}
	message := a.takes(fmt.Sprintf("of team %s, accountable for release-policy, to approve the layout,", a.Team))
	if len(a.ignored) > 0 {
		message += ": " + strings.Join(a.ignored, "; ")
	}
	return message
}

// layoutApprovals counts the people who signed each layout, by its content, whichever items carry it (design §4.6):
// members of the team then and now. Which team it takes, and how many of it, is as of the time of
// evaluation, so that nobody's signature moves it.
func (r *run) layoutApprovals() map[[32]byte]approval {
	now := r.model.At(r.request.At)
	owner, ok := now.Control(ownership.ReleasePolicy, r.scope)
	if !ok {
		return nil
	}
	proofs := map[[32]byte][]Proof{}
	for _, i := range r.items {
		if i.wanted && i.Err() == nil && i.Statement().Layout() != nil {
			content := i.Envelope().Digest()
			proofs[content] = append(proofs[content], i.opened.Proofs...)
		}
	}
	all := map[[32]byte]approval{}
	for content, list := range proofs {
		var a approval
		keys := map[string][]ownership.Fingerprint{}
		for _, p := range list {
			if person, why := r.approver(p, owner.Accountable); why == "" {
				keys[person] = append(keys[person], p.key())
			} else {
				a.ignored = append(a.ignored, why)
			}
		}
		people := told(keys)
		c := count{view: now, signed: func(person string) bool { return people[person] }, teams: map[string]Quorum{}}
		a.Quorum = c.of(owner)
		slices.Sort(a.ignored)
		a.ignored = slices.Compact(a.ignored)
		all[content] = a
	}
	return all
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
	if stale := r.staleInChain(p); stale != "" {
		return "", stale
	}
	return b.Person, ""
}
