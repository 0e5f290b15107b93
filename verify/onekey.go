package verify

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
)

// This file is design §4.6 for keys in certificates: keys are counted by their fingerprint, so a public key
// counts for one holder though authorities may have certified it for several. Where the model knows the key,
// bind has decided whose it is; here certificates alone speak. Whose it is then is for the judgement to find, as
// with separated duties: a way of counting each key for one holder, throughout the verdict, must exist under
// which everything is met. Nothing that is supplied besides can take that way from what stands without it.

// sharedKey is a key that counts for one of several holders.
type sharedKey struct {
	key     ownership.Fingerprint
	holders []string // sorted; those of one credential joined
}

// judgeKeys judges every policy that applies, one way of counting shared keys after the other until one
// admits. The best stands, of equals the first; at most maxAssignments are tried.
func (r *run) judgeKeys(ctx context.Context) error {
	r.budget = policy.MaxRequestCost
	shared := r.sharedKeys()
	all := make([]signed, len(r.items))
	for n, i := range r.items {
		all[n] = signed{i.signatures, i.votes, i.granting}
	}
	var best []judged
	var excused waivers
	var counted map[ownership.Fingerprint]string
	most, tried := Deny, ""
	for n := 0; ; n++ {
		way := countedFor(shared, n)
		if way == nil {
			break
		}
		if n == maxAssignments {
			tried = fmt.Sprintf(" (over the limit key-assignments: %d ways of counting each shared key for one holder were tried)", maxAssignments)
			break
		}
		r.count(all, way)
		for _, j := range r.applies {
			*j = judged{policy: j.policy, requirements: j.requirements}
		}
		if err := r.judge(ctx); err != nil {
			return err
		}
		decision := r.decision()
		if n == 0 || r.over != nil || decision > most {
			best, counted, most, excused = nil, way, decision, r.waivers
			for _, j := range r.applies {
				best = append(best, *j)
			}
		}
		if r.over != nil || r.refused || decision.Admits() {
			break
		}
	}
	for n, j := range r.applies {
		*j = best[n]
	}
	r.waivers = excused
	r.count(all, counted)
	r.tellKeys(all, counted, tried)
	return nil
}

// sharedKeys finds the keys that certificates name for several holders, in order.
func (r *run) sharedKeys() []sharedKey {
	holders := map[ownership.Fingerprint]map[string]bool{}
	for _, i := range r.items {
		for _, s := range (signed{i.signatures, i.votes, i.granting}).all() {
			if key := s.proof.key(); key != (ownership.Fingerprint{}) {
				if holders[key] == nil {
					holders[key] = map[string]bool{}
				}
				holders[key][s.heldBy()] = true
			}
		}
	}
	var shared []sharedKey
	for key, of := range holders {
		if len(of) > 1 {
			shared = append(shared, sharedKey{key, slices.Sorted(maps.Keys(of))})
		}
	}
	slices.SortFunc(shared, func(x, y sharedKey) int { return bytes.Compare(x.key[:], y.key[:]) })
	return shared
}

// countedFor is the nth way of counting each key for one of its holders; nil after the last.
func countedFor(shared []sharedKey, n int) map[ownership.Fingerprint]string {
	way := map[ownership.Fingerprint]string{}
	for _, k := range shared {
		way[k.key] = k.holders[n%len(k.holders)]
		n /= len(k.holders)
	}
	if n > 0 {
		return nil
	}
	return way
}

// signed is all that is signed in an item.
type signed struct {
	signatures []*signature
	votes      []*vote
	granting   []*signature
}

// all are the signatures, of votes and exceptions too.
func (s signed) all() []*signature {
	list := slices.Concat(s.signatures, s.granting)
	for _, v := range s.votes {
		list = append(list, v.by)
	}
	return list
}

// count leaves of all that is signed what counts where keys are counted so. What only takes away always counts.
func (r *run) count(all []signed, way map[ownership.Fingerprint]string) {
	for n, i := range r.items {
		i.signatures = slices.DeleteFunc(slices.Clone(all[n].signatures), func(s *signature) bool { return !s.counts(way) })
		i.granting = slices.DeleteFunc(slices.Clone(all[n].granting), func(s *signature) bool { return !s.counts(way) })
		i.votes = slices.DeleteFunc(slices.Clone(all[n].votes), func(v *vote) bool { return !v.against && !v.by.counts(way) })
	}
}

// tellKeys records which signatures do not count for it, and how far ways were tried in vain.
func (r *run) tellKeys(all []signed, way map[ownership.Fingerprint]string, tried string) {
	for n, i := range r.items {
		told := map[string]bool{}
		for _, s := range all[n].all() {
			message := fmt.Sprintf("the key that signed is also that of %s: one key counts for one holder, and not for %s with credential %s%s",
				way[s.proof.key()], s.heldBy(), s.signer.Credential, tried)
			if s.counts(way) || told[message] {
				continue
			}
			told[message] = true
			p := i.fail(CredentialAmbiguous, message, depends{approvals: len(all[n].votes) > 0})
			p.credential, p.position = s.signer.Credential, r.model.Position("credentials", s.signer.Credential)
			if slices.Contains(all[n].granting, s) {
				p.depends, p.waives = nil, i.exception
			}
		}
	}
}

// counts reports whether the signature counts where keys are counted so.
func (s *signature) counts(way map[ownership.Fingerprint]string) bool {
	holder, shared := way[s.proof.key()]
	return !shared || holder == s.heldBy()
}

// heldBy names the holders of the signature's credential.
func (s *signature) heldBy() string { return strings.Join(s.holders, " ") }

// key is the fingerprint of the public key that verified the signature; zero if it is not known.
func (p *Proof) key() ownership.Fingerprint {
	if p.Certificate {
		return p.PublicKey
	}
	return p.Identity.Key
}

// told gives the people of signatures who can be told apart by the keys they signed with, as many as there
// can be and of those the first by name: a key that is certified for several stands for one of them. A
// signature more never makes them fewer. The zero key is one that is not known, and stands for whoever signed.
func told(keys map[string][]ownership.Fingerprint) map[string]bool {
	stands := map[ownership.Fingerprint]string{} // for whom
	var place func(person string, tried map[ownership.Fingerprint]bool) bool
	place = func(person string, tried map[ownership.Fingerprint]bool) bool {
		for _, key := range keys[person] {
			if key == (ownership.Fingerprint{}) {
				return true
			}
			if tried[key] {
				continue
			}
			tried[key] = true
			if other, taken := stands[key]; !taken || place(other, tried) {
				stands[key] = person
				return true
			}
		}
		return false
	}
	people := map[string]bool{}
	for _, person := range slices.Sorted(maps.Keys(keys)) {
		if place(person, map[ownership.Fingerprint]bool{}) {
			people[person] = true
		}
	}
	return people
}
