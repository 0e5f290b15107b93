package verify_test

import (
	"math/rand/v2"
	"slices"
	"time"
)

// Times of the oracle's worlds are whole hours of one day, so that they meet often.
const (
	ever     = -20000 // long before
	never    = 20000  // long after
	judgedAt = 20     // the time of evaluation
	oIssuer  = "https://issuer.test"
)

// hour is a time as documents write it.
func hour(n int) string {
	return time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Hour).Format(time.RFC3339)
}

type (
	oSpell  struct{ from, until int } // half-open
	oPerson struct {
		id       string
		there    oSpell
		away     []oSpell
		accounts []string
	}
	oTeam struct {
		id      string
		members []oMember
	}
	oMember struct {
		person string
		in     oSpell
	}
	oWorkload struct {
		id        string
		operators []string
	}
	oState struct {
		state, reason     string
		from, invalidFrom int // never: none
	}
	oCredential struct {
		id, key, subject string // a key's name, or a certificate's subject
		holders          []string
		states           []oState
	}
	oGrant struct {
		to          string
		may         []string
		artifact    string
		predicate   string // "": any
		environment string // "": any
		in          oSpell
	}
	oWorld struct {
		people      []oPerson
		teams       []oTeam
		workloads   []oWorkload
		credentials []*oCredential
		grants      []oGrant
		separation  [][]string // of duties; the oracle knows none
	}
)

func (s oSpell) has(t int) bool { return s.from <= t && t < s.until }

// chance is true n times of a hundred.
func chance(r *rand.Rand, n int) bool { return r.IntN(100) < n }

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// drawnSpell is mostly open; else it begins or ends around when things are signed.
func drawnSpell(r *rand.Rand, bounded int) oSpell {
	s := oSpell{ever, never}
	if !chance(r, bounded) {
		return s
	}
	switch r.IntN(4) {
	case 0:
		s.from = 4 + r.IntN(9)
	case 1:
		s.until = 4 + r.IntN(9)
	case 2:
		s.until = 11 + r.IntN(10)
	default:
		s.from = 2 + r.IntN(6)
		s.until = s.from + 1 + r.IntN(12)
	}
	return s
}

// drawnWorld is a small ownership model: five people, three teams, two builders, a witness and a bot.
func drawnWorld(r *rand.Rand) *oWorld {
	w := &oWorld{}
	accounts := map[string][]string{"alice": {"github:1", "github:11", "email:alice@acme.test"}, "bob": {"github:2", "github:22"}, "carol": {"github:3"}, "dana": {"github:4"}}
	everybody := []string{"alice", "bob", "carol", "dana", "erin"}
	for _, id := range everybody {
		p := oPerson{id: id, there: drawnSpell(r, 5), accounts: accounts[id]}
		if chance(r, 4) {
			p.away = []oSpell{{6, 6 + 1 + r.IntN(4)}}
			p.there = oSpell{ever, never}
		}
		w.people = append(w.people, p)
	}
	for _, id := range []string{"approvers", "leads"} {
		team := oTeam{id: id, members: []oMember{{"dana", oSpell{ever, never}}}}
		for _, p := range everybody[:3] {
			if chance(r, 85) {
				team.members = append(team.members, oMember{p, w.within(p, drawnSpell(r, 10))})
			}
		}
		if chance(r, 30) {
			team.members = append(team.members, oMember{"erin", w.within("erin", drawnSpell(r, 10))})
		}
		w.teams = append(w.teams, team)
	}
	w.teams = append(w.teams, oTeam{"security", []oMember{{"erin", oSpell{ever, never}}}})
	operators := func(n int) []string {
		ids := slices.Clone(everybody)
		r.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		return ids[:n]
	}
	w.workloads = []oWorkload{{"pipeline", operators(r.IntN(5) / 3)}, {"mirror", operators(r.IntN(5) / 3)}, {"app", operators(1)}, {"bot", operators(1)}}
	credential := func(id, key, subject string, holders ...string) {
		w.credentials = append(w.credentials, &oCredential{id, key, subject, holders, drawnStates(r, subject != "")})
	}
	for _, p := range everybody {
		credential(p+"-key", p, "", p)
		credential(p+"-cert", "", p+"@acme.test", p)
	}
	credential("alice-second", "p256:alice", "", "alice")
	for _, k := range []string{"pipeline", "mirror", "app", "bot"} {
		credential(k+"-key", k, "", k)
		credential(k+"-cert", "", "https://ci.test/"+k, k)
	}
	credential("shared-key", "shared", "", "bob", "carol")
	w.grants = drawnGrants(r)
	return w
}

// within is a membership that ends while its person is there: one that does not is refused.
func (w *oWorld) within(id string, s oSpell) oSpell {
	if p := w.person(id); s.until <= p.there.from || s.from >= p.there.until {
		return oSpell{ever, never}
	}
	return s
}

func drawnGrants(r *rand.Rand) []oGrant {
	var all []oGrant
	grant := func(probability int, to string, may ...string) {
		if !chance(r, probability) {
			return
		}
		g := oGrant{to: to, may: may, artifact: "pkg:generic/payments/**", in: drawnSpell(r, 6)}
		switch {
		case chance(r, 3):
			g.artifact = "pkg:generic/other/**"
		case chance(r, 4):
			g.environment = pick(r, "production", "staging")
		case chance(r, 4) && may[0] != "build":
			g.predicate = pick(r, oApproval, oGittuf, oReviews)
		}
		all = append(all, g)
	}
	grant(97, "pipeline", "build")
	grant(60, "mirror", "build")
	grant(30, "alice", "build")
	grant(94, "approvers", "approve")
	grant(25, "alice", "approve")
	grant(20, "erin", "approve")
	grant(40, "leads", "review")
	grant(20, "leads", "approve", "review")
	grant(94, "app", "witness")
	grant(12, "bob", "witness")
	grant(15, "pipeline", "witness")
	grant(30, "bot", "approve")
	grant(10, "carol", "attest")
	return append(all, oGrant{to: "security", may: []string{"revoke"}, artifact: "**", in: oSpell{ever, never}})
}

// drawnStates are a credential's; a certificate's is active all along before it is anything else.
func drawnStates(r *rand.Rand, certificate bool) []oState {
	states := []oState{{"active", "", ever, never}}
	if !chance(r, 15) {
		return states
	}
	from := 5 + r.IntN(14)
	if chance(r, 10) {
		from = judgedAt + r.IntN(3) // counts from the time of evaluation on
	}
	back := never
	if chance(r, 50) {
		back = max(2, from-r.IntN(8))
	}
	switch r.IntN(7) {
	case 0:
		if !certificate {
			states[0].from = 4 + r.IntN(8)
		}
		return states
	case 1:
		states = append(states, oState{"suspended", "", from, never})
		if chance(r, 60) {
			states = append(states, oState{"active", "", from + 1 + r.IntN(4), never})
		}
	case 2:
		states = append(states, oState{"revoked", "key-compromise", from, back})
	case 3:
		states = append(states, oState{"compromised", "", from, back})
	case 4:
		states = append(states, oState{"revoked", pick(r, "key-compromise", "ca-compromise"), from, back})
	case 5:
		states = append(states, oState{"revoked", pick(r, "superseded", "affiliation-changed", "cessation-of-operation", "privilege-withdrawn", "unspecified", ""), from, back})
	default:
		states = append(states, oState{pick(r, "deactivated", "destroyed"), "", from, never})
	}
	return states
}
