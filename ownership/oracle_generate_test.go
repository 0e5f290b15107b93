package ownership_test

import (
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/surety-dev/surety/ownership"
)

// The words drawn models are made of: few, so that they meet.
func drawnPeople() []string    { return []string{"ann", "ben", "cat", "dan"} }
func drawnTeams() []string     { return []string{"blue", "green", "red"} }
func drawnWorkloads() []string { return []string{"ci", "cd"} }
func drawnVendors() []string   { return []string{"vend"} }
func drawnDuties() []string    { return []string{"build", "approve", "release", "attest"} }
func drawnPlaces() []string    { return []string{"prod", "test"} }
func drawnControls() []string  { return []string{"key-lifecycle", "release-policy", "monitoring"} }
func drawnPredicates() []string {
	return []string{"https://p/a", "https://p/b", "q"}
}
func drawnBuilders() []string { return []string{"https://b/1", "https://b/2", ""} }

// drawnKey is a fixed key as documents and identities have it.
type drawnKey struct {
	text        string
	fingerprint ownership.Fingerprint
}

// drawnKeys are made once: making them costs more than everything else in a small model. The zeroth
// is in no document.
var drawnKeys = sync.OnceValue(func() []drawnKey {
	var keys []drawnKey
	for n := range 6 {
		der, err := x509.MarshalPKIXPublicKey(key(1000 + n))
		if err != nil {
			panic(err)
		}
		keys = append(keys, drawnKey{quoted(block(der)), sha256.Sum256(der)})
	}
	return keys
})

// dice draws from a seed.
type dice struct{ *rand.Rand }

func newDice(seed uint64) dice { return dice{rand.New(rand.NewPCG(seed, 0x5375726574790a))} }

// in says yes once in so many times.
func (d dice) in(n int) bool { return d.IntN(n) == 0 }

// between draws from least to most.
func (d dice) between(least, most int) int { return least + d.IntN(most-least+1) }

// oneOf draws one of a list.
func oneOf[T any](d dice, list []T) T { return list[d.IntN(len(list))] }

// some draws a number of different items from least to most, in no order; nil for none.
func some[T any](d dice, list []T, least, most int) []T {
	list = slices.Clone(list)
	d.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	n := min(d.between(least, most), len(list))
	if n == 0 {
		return nil
	}
	return list[:n]
}

// maybe draws one of a list, or nothing once in so many times.
func maybe(d dice, n int, list []string) string {
	if len(list) == 0 || d.in(n) {
		return ""
	}
	return oneOf(d, list)
}

// moment draws a time that documents name.
func (d dice) moment(least, most int) moment { return moment(d.between(least, most)) * tick }

// span draws an interval with each end open as often as not.
func (d dice) span() (s span) {
	if d.in(2) {
		s.from = d.moment(1, ticks-1)
	}
	if d.in(2) {
		s.until = d.moment(int(s.from/tick)+1, ticks)
	}
	return s
}

// later draws an interval if the model has the new fields.
func (d dice) later() span {
	if !newFields || d.in(2) {
		return span{}
	}
	return d.span()
}

// pattern draws a pattern of names like those that name draws.
func (d dice) pattern() string {
	text := ""
	n := d.between(1, 3)
	if d.in(3) {
		return oneOf(d, []string{"**", "a/**", "**/x", "a/*"})
	}
	for i := range n {
		if i > 0 {
			text += "/"
		}
		text += oneOf(d, []string{"a", "a", "b", "x", "xy", "*", "*", "**", "**", "x*", "*y", "*x*"})
	}
	return text
}

// name draws the name of an artifact.
func (d dice) name() string {
	text := oneOf(d, []string{"a", "a", "a", "b", "x"})
	for range d.between(0, 2) {
		text += "/" + oneOf(d, []string{"a", "b", "x", "xy", "yx", "xxy", "y"})
	}
	if d.in(50) {
		text += oneOf(d, []string{"//x", "/", "/*", "/**"})
	}
	return text
}

func (d dice) patterns() (all []string) {
	for range d.between(1, 2) {
		if p := d.pattern(); !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

// newWorld draws a model that loads.
func newWorld(seed uint64) *world {
	d := newDice(seed)
	w := &world{effective: d.moment(1, 4)}
	for _, id := range drawnPeople()[:d.between(1, 4)] {
		w.people = append(w.people, d.newHuman(id, w))
	}
	teams := drawnTeams()[:d.between(0, 3)]
	d.Shuffle(len(teams), func(i, j int) { teams[i], teams[j] = teams[j], teams[i] })
	for i, id := range teams {
		g := group{id: id, members: d.stays(w)}
		if !d.in(3) {
			g.page = "pager:" + id
		}
		g.escalation = some(d, teams[i+1:], 0, 2) // to later ones only: no circles
		w.teams = append(w.teams, g)
	}
	for _, id := range drawnWorkloads()[:d.between(0, 2)] {
		w.workloads = append(w.workloads, machine{id, maybe(d, 2, teams), some(d, w.ids("people"), 0, 2)})
	}
	for _, id := range drawnVendors()[:d.between(0, 1)] {
		w.vendors = append(w.vendors, outsider{id, maybe(d, 2, teams), d.later()})
	}
	keys := []int{1, 2, 3, 4, 5}
	d.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	for i := range d.between(1, 4) {
		w.credentials = append(w.credentials, d.newBadge(fmt.Sprintf("c%d", 9-i), keys[i], w))
	}
	d.governance(w)
	return w
}

// ids are those of a section, or of all principals.
func (w *world) ids(section string) (ids []string) {
	if section == "people" || section == "principals" {
		for _, h := range w.people {
			ids = append(ids, h.id)
		}
	}
	if section == "teams" {
		for _, g := range w.teams {
			ids = append(ids, g.id)
		}
	}
	if section == "principals" {
		for _, m := range w.workloads {
			ids = append(ids, m.id)
		}
		for _, v := range w.vendors {
			ids = append(ids, v.id)
		}
	}
	return ids
}

func (d dice) newHuman(id string, w *world) human {
	h := human{id: id, span: span{from: d.moment(1, 1+d.IntN(4))}}
	if d.in(3) {
		h.until = d.moment(int(h.from/tick)+1, ticks)
	}
	if d.in(4) && len(w.people) > 0 {
		h.sponsor = oneOf(d, w.people).id
	}
	if newFields && d.in(4) {
		last := ticks
		if h.until != 0 {
			last = int(h.until / tick)
		}
		for at := int(h.from/tick) + d.IntN(3); at < last; at += 1 + d.IntN(3) {
			until := d.between(at+1, last)
			h.away = append(h.away, span{moment(at) * tick, moment(until) * tick})
			at = until
		}
	}
	return h
}

// stays draws memberships; those of one person do not overlap.
func (d dice) stays(w *world) (all []stay) {
	for range d.between(1, 4) {
		m := stay{oneOf(d, w.people).id, d.span()}
		if len(all) == 0 && m.until != 0 && m.until <= w.begin(m) {
			m.until = 0
		}
		clash := m.until != 0 && m.until <= w.begin(m)
		for _, o := range all {
			before := m.until != 0 && m.until <= w.begin(o)
			after := o.until != 0 && o.until <= w.begin(m)
			clash = clash || o.person == m.person && !before && !after
		}
		if !clash {
			all = append(all, m)
		}
	}
	return all
}

// begin is when a membership begins: with its person where it does not say.
func (w *world) begin(m stay) moment {
	if m.from != 0 {
		return m.from
	}
	return w.human(m.person).from
}

func (d dice) newBadge(id string, key int, w *world) badge {
	c := badge{id: id, holders: some(d, w.ids("principals"), 1, 1+d.IntN(3)/2), owner: maybe(d, 2, w.ids("teams")), revokers: some(d, w.ids("teams"), 0, 2)}
	person := slices.ContainsFunc(c.holders, func(h string) bool { return w.human(h) != nil })
	switch n := d.IntN(8); {
	case n < 3:
		c.key = key
	case n < 7:
		c.issuer = oneOf(d, []string{"https://i", "https://i", "https://i", "https://j"})
		c.subject = oneOf(d, []string{"https://github.com/acme/pay/w@v*", "https://github.com/acme/**", "https://github.com/**", "https://github.com/*/pay/w@v1", "https://github.com/tool/**", "**", "*@x"})
		c.claims = d.claims()
		if person {
			c.subject = oneOf(d, []string{"ann@x", "https://github.com/acme/pay/w@v1"})
		}
	default:
		c.authority, c.nameType = oneOf(d, []string{"ca", "ca", "cb"}), oneOf(d, []string{"uri", "uri", "dns", "email"})
		c.subject = oneOf(d, []string{"spiffe://x/ns/*/sa", "spiffe://x/**", "spiffe://x/ns/a/sa"})
		if person {
			c.subject = "spiffe://x/ns/a/sa"
		}
	}
	c.states = d.turns()
	return c
}

// drawnClaim is a claim, what credentials demand of it and what certificates say.
type drawnClaim struct {
	name           string
	patterns, said []string
	rarely         int // once in so many credentials
}

func drawnClaims() []drawnClaim {
	return []drawnClaim{
		{"sourceRepositoryURI", []string{"https://github.com/acme/pay", "https://github.com/acme/*", "https://github.com/acme/**", "https://github.com/**", "https://github.com/ac*/pay", "https://*/acme/pay"}, []string{"https://github.com/acme/pay", "https://github.com/acme", "https://github.com/tool/run"}, 3},
		{"githubWorkflowRepository", []string{"acme/pay", "acme/*", "*/*", "ac*/pay"}, []string{"acme/pay", "tool/run"}, 5},
		{"sourceRepositoryIdentifier", []string{"42", "4*"}, []string{"42", "43"}, 7},
		{"sourceRepositoryOwnerIdentifier", []string{"7", "*"}, []string{"7", "8"}, 7},
		{"runnerEnvironment", []string{"hosted", "*ed"}, []string{"hosted", "self"}, 5},
	}
}

// claims draws what a credential demands of a certificate.
func (d dice) claims() map[string]string {
	claims := map[string]string{}
	for _, c := range drawnClaims() {
		if d.in(c.rarely) {
			claims[c.name] = oneOf(d, c.patterns)
		}
	}
	return claims
}
