package verify_test

import (
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/verify"
)

// drawnBack is a change that leads to evidence which is let in, from more that supports it or from less against it: what
// must not have been refused. So each case is one in which a mistake would show. False where there is nothing of the kind.
func drawnBack(r *rand.Rand, c pCase, kind pKind, v verify.Verdict) (pChange, bool) {
	_, people, _ := relied(c.world, v)
	change := pChange{kind: kind}
	choose := func(items []pItem, fits func(pItem) bool) (pItem, bool) {
		some := slices.DeleteFunc(slices.Clone(items), func(p pItem) bool { return !fits(p) })
		if len(some) == 0 {
			return pItem{}, false
		}
		return some[r.IntN(len(some))], true
	}
	supporting := func(p pItem) bool { return !p.status }
	switch kind {
	case removesItem:
		more, ok := choose(drawnItems(r, c.world, c.policies), supporting)
		change.about, change.base = more.text(), adding(more)
		return change, ok
	case removesSignature:
		fits := supporting
		if chance(r, 50) {
			fits = func(p pItem) bool { return p.says.PredicateType == fixture.ProvenanceV1 }
		}
		p, ok := choose(c.items, fits)
		if !ok {
			return change, false
		}
		if len(people) == 0 || chance(r, 50) {
			people = []string{"alice", "bob", "carol", "dana", "erin", "pipeline", "mirror", "app"}
		}
		more := p
		more.signatures = slices.Concat(p.signatures, signedBy(r, c.world, r.IntN(6), people...)[:1])
		if last := &more.signatures[len(more.signatures)-1]; last.by.subject != "" && chance(r, 30) {
			last.certified = pick(r, "certified", "certified-2")
		}
		change.about, change.base = "the last of "+more.text(), instead(p, more.made())
		return change, true
	case revokesByList:
		if chance(r, 40) { // it names who takes an approval back
			no := drawnRejection(r, c.world, people).made()
			change.about, change.base, change.items = drawnNaming(r, c.world, pick(r, signers([]pItem{no})...), no)
			return change, true
		}
		p, ok := choose(c.items, func(p pItem) bool { return p.list && len(entries(p)) > 0 })
		if !ok {
			return change, false
		}
		less, n := p, r.IntN(len(entries(p)))
		predicate := maps.Clone(p.says.Predicate.(object))
		predicate["entries"] = slices.Delete(slices.Clone(entries(p)), n, n+1)
		less.says.Predicate = predicate
		change.about, change.base = p.text(), instead(p, less.made())
		return change, true
	case expiresException:
		policy := pick(r, c.policies...)
		if len(policy.waivable) == 0 {
			return change, false
		}
		p := drawnException(r, c.world, policy)
		for i := range p.signatures {
			p.signatures[i].envelope = 0
		}
		change.about, change.base, change.items = p.text(), adding(p.made()), adding(expired(r, p))
		return change, true
	}
	return change, false
}

// drawnNaming adds a list that names a credential, or names none, beside other items.
func drawnNaming(r *rand.Rand, w *oWorld, c *oCredential, beside ...pItem) (about string, without, with func([]pItem) []pItem) {
	list := pItem{says: freshList(77, judgedAt-1), status: true, list: true, signatures: []oSignature{{by: w.credential("erin-key"), at: never}}}
	named := list
	named.says = freshList(77, judgedAt-1, drawnEntry(r, c.id))
	for _, p := range beside {
		about += "beside " + p.text() + "\n"
	}
	return about + named.text(), adding(append(beside[:len(beside):len(beside)], list.made())...), adding(append(beside[:len(beside):len(beside)], named.made())...)
}

func entries(p pItem) []object { return p.says.Predicate.(object)["entries"].([]object) }

// expired is an exception that ended before the time of evaluation.
func expired(r *rand.Rand, p pItem) pItem {
	predicate := maps.Clone(p.says.Predicate.(object))
	predicate["validFrom"], predicate["validUntil"] = hour(1), hour(judgedAt-r.IntN(5))
	p.says.Predicate = predicate
	return p.made()
}

// isException reports whether an item is one.
func isException(p pItem) bool { return p.says.PredicateType == attest.ExceptionType }
