package verify_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/verify"
)

// same reports whether two are one item.
func (p pItem) same(q pItem) bool {
	return len(p.parsed) > 0 && len(q.parsed) > 0 && p.parsed[0] == q.parsed[0]
}

// instead gives items with one replaced by others, wherever it is; the same where it is not.
func instead(of pItem, by ...pItem) func([]pItem) []pItem {
	return func(items []pItem) []pItem {
		i := slices.IndexFunc(items, of.same)
		if i < 0 {
			return items
		}
		return slices.Concat(items[:i], by, items[i+1:])
	}
}

func adding(more ...pItem) func([]pItem) []pItem {
	return func(items []pItem) []pItem { return slices.Concat(items, more) }
}

// drawnEvidenceChange is a change of evidence; false where there is nothing of the kind.
func drawnEvidenceChange(r *rand.Rand, w *oWorld, kind pKind, items []pItem, v verify.Verdict) (pChange, bool) {
	c := pChange{kind: kind}
	credentials, people, digests := relied(w, v)
	if len(credentials) == 0 || chance(r, 30) {
		credentials, digests = signers(items), nil
	}
	choose := func(fits func(pItem) bool) (pItem, bool) {
		some := slices.DeleteFunc(slices.Clone(items), func(p pItem) bool { return !fits(p) })
		if rests := slices.DeleteFunc(slices.Clone(some), func(p pItem) bool { return !slices.Contains(digests, p.parsed[0].Digest()) }); len(rests) > 0 {
			some = rests
		}
		if len(some) == 0 {
			return pItem{}, false
		}
		return some[r.IntN(len(some))], true
	}
	supporting := func(p pItem) bool { return !p.status }
	switch kind {
	case removesItem:
		p, ok := choose(supporting)
		c.about, c.items = p.text(), instead(p)
		return c, ok
	case removesSignature:
		p, ok := choose(func(p pItem) bool { return supporting(p) && len(p.signatures) > 1 })
		if !ok {
			return c, false
		}
		less, n := p, r.IntN(len(p.signatures))
		less.signatures = slices.Delete(slices.Clone(p.signatures), n, n+1)
		c.about, c.items = fmt.Sprintf("the one at %d of %s", n, p.text()), instead(p, less.made())
		return c, true
	case revokesByList:
		c.about, c.base, c.items = drawnNaming(r, w, pick(r, credentials...))
		return c, true
	case expiresException:
		p, ok := choose(isException)
		if !ok {
			return c, false
		}
		c.about, c.items = p.text(), instead(p, expired(r, p))
		return c, true
	case removesLists:
		c.items = func(items []pItem) []pItem {
			return slices.DeleteFunc(slices.Clone(items), func(p pItem) bool { return p.list })
		}
		return c, true
	case addsStrangers:
		more := drawnStrangers(r, items)
		for _, p := range more {
			c.about += p.text() + "\n"
		}
		c.items = adding(more...)
		return c, true
	case addsRejection:
		p := drawnRejection(r, w, people).made()
		c.about, c.items = p.text(), adding(p)
		return c, true
	}
	order := r.Uint64()
	c.about = fmt.Sprint("in the order of ", order)
	c.items = func(items []pItem) []pItem {
		r := rand.New(rand.NewPCG(order, 1))
		all := slices.Clone(items)
		for range 1 + r.IntN(2) {
			if len(items) > 0 {
				all = append(all, items[r.IntN(len(items))])
			}
		}
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		return all
	}
	return c, true
}

// drawnRejection is somebody's, mostly of those a verdict rests on, or a dismissal that a witness reports.
func drawnRejection(r *rand.Rand, w *oWorld, people []string) pItem {
	predicate := object{"decision": "rejected"}
	if len(people) == 0 || chance(r, 30) {
		people = []string{"alice", "bob", "carol", "dana", "bot"}
	}
	p := pItem{status: true, signatures: signedBy(r, w, 5, people...)}
	if chance(r, 40) {
		predicate["approver"] = drawnAccount(r)
		p.signatures = signedBy(r, w, 5, "app", "app", "bot")
	}
	p.says = fixture.NewStatement(oApproval, release, predicate)
	if chance(r, 30) {
		p.says.Subject[0].Digest = map[string]string{"gitCommit": oCommit}
	}
	if chance(r, 20) {
		p.says = fixture.NewStatement(oReviews, release, object{"repository": oRepo,
			"pull_request": object{"number": 7, "user": user("github:9", false), "head": object{"sha": oHead}, "merged_by": user("github:3", false), "merge_commit_sha": oCommit},
			"reviews":      []object{{"user": user(drawnAccount(r), false), "state": pick(r, "DISMISSED", "CHANGES_REQUESTED"), "commit_id": oHead, "submitted_at": hour(-40)}}})
		p.says.Subject[0].Digest = map[string]string{"gitCommit": oCommit}
	}
	for i := range p.signatures {
		p.signatures[i].envelope = 0
	}
	return p
}

// drawnStrangers are junk and what is signed by nobody the model knows, some of it over what others signed.
func drawnStrangers(r *rand.Rand, items []pItem) []pItem {
	var all []pItem
	for range 1 + r.IntN(3) {
		var of pItem
		if len(items) > 0 {
			of = items[r.IntN(len(items))]
		}
		says := pick(r, of.says, of.says,
			fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)),
			fixture.NewStatement(oApproval, release, object{"decision": pick(r, "approved", "rejected"), "approver": pick(r, "github:1", "bob")}),
			freshList(99, judgedAt-1, drawnEntry(r, "pipeline-key"), drawnEntry(r, "alice-key")))
		if says.Type == "" {
			continue
		}
		e := fixture.Sign(says.JSON(), fixture.NewKey("mallory"))
		switch r.IntN(9) {
		case 0:
			all = append(all, pItem{raw: []byte(pick(r, `{"payload":`, "\xff\xfe", "{}", "[1]", `{"_type":"https://in-toto.io/Statement/v1"}`, strings.Repeat("[", 100)))})
		case 1: // another's envelope, cut short
			all = append(all, pItem{raw: e.JSON()[:len(e.JSON())-3-r.IntN(20)]})
		case 2: // it says that a known key signed
			e.Signatures[0].KeyID = pick(r, "pipeline-key", "alice-key", fixture.NewKey("pipeline").ID())
			all = append(all, pItem{raw: e.JSON()})
		case 3: // a certificate of nobody's
			by := oSignature{by: &oCredential{subject: "mallory@evil.test"}, at: 3 + r.IntN(10), from: 2}
			all = append(all, pItem{raw: enveloped(says.JSON(), []oSignature{by})})
		case 4:
			all = append(all, pItem{raw: enveloped(says.JSON(), []oSignature{{}})})
		case 5: // nobody signed
			e.Signatures = []fixture.Signature{}
			all = append(all, pItem{raw: e.JSON()})
		case 6:
			e.Signatures = append(e.Signatures, fixture.Sign(says.JSON(), fixture.NewKey("p256:mallory")).Signatures...)
			all = append(all, pItem{raw: e.JSON()})
		default:
			all = append(all, pItem{raw: e.JSON()})
		}
	}
	for i := range all {
		all[i] = all[i].made()
	}
	return all
}

// text is an item for who has to find out what is wrong.
func (p pItem) text() string {
	if p.raw != nil {
		return fmt.Sprintf("a stranger's %.400q", p.raw)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s", p.says.JSON())
	for _, s := range p.signatures {
		if s.by == nil {
			b.WriteString("\n    by nobody")
			continue
		}
		fmt.Fprintf(&b, "\n    by %s %v at %d notBefore %d certified %q", s.by.id, s.by.holders, s.at, s.from, s.certified)
	}
	return b.String()
}
