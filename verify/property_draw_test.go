package verify_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
)

const oRelease = "https://in-toto.io/attestation/release/v0.1"

// pItem is an evidence item: a signed statement, or bytes as they are.
type pItem struct {
	says       fixture.Statement
	signatures []oSignature
	status     bool   // some of it only takes away: what it says against an approval, or a revocation list
	list       bool   // it is a revocation list
	raw        []byte // instead of all that: a stranger's
	parsed     []*attest.Item
}

// made is the item once it is written down.
func (p pItem) made() pItem {
	data := p.raw
	if data == nil {
		data = enveloped(p.says.JSON(), p.signatures)
	}
	p.parsed = attest.Parse("evidence.json", data, attest.Limits{})
	return p
}

// pWorld is an oWorld with an office that may except, more who may sign other evidence, and duties kept apart.
func pWorld(r *rand.Rand) *oWorld {
	w := drawnWorld(r)
	office := oTeam{id: "office", members: []oMember{{"dana", oSpell{ever, never}}}}
	for _, p := range []string{"alice", "bob", "carol", "erin"} {
		if chance(r, 75) {
			office.members = append(office.members, oMember{p, w.within(p, drawnSpell(r, 8))})
		}
	}
	security := &w.teams[slices.IndexFunc(w.teams, func(t oTeam) bool { return t.id == "security" })]
	security.members = append(security.members, oMember{"dana", oSpell{ever, never}})
	w.teams = append(w.teams, office)
	for _, g := range []struct {
		probability int
		to          string
		may         []string
	}{{97, "office", []string{"except"}}, {60, "mirror", []string{"attest"}}, {70, "leads", []string{"attest"}}, {40, "erin", []string{"attest", "release"}}, {80, "app", []string{"release", "attest"}}, {25, "pipeline", []string{"release"}},
		{30, "bob", []string{"build"}}} {
		if chance(r, g.probability) {
			w.grants = append(w.grants, oGrant{to: g.to, may: g.may, artifact: "pkg:generic/**", in: drawnSpell(r, 4)})
		}
	}
	for _, duties := range [][]string{{"build", "approve"}, {"build", "attest"}, {"attest", "approve", "release"}} {
		if chance(r, 25) {
			w.separation = append(w.separation, duties)
		}
	}
	return w
}

// pPolicy is a policy, and what evidence is drawn by.
type pPolicy struct {
	name, text                                   string
	tests, signoff, published, promoted, approve bool
	fresh                                        bool
	waivable                                     []string
}

// drawnPolicy is a policy of monotone shapes.
func drawnPolicy(r *rand.Rand, name string) pPolicy {
	p := pPolicy{name: name, tests: chance(r, 35), signoff: chance(r, 20), published: chance(r, 15), promoted: chance(r, 12), approve: chance(r, 50), fresh: chance(r, 25)}
	var b strings.Builder
	b.WriteString(strings.Replace(policyHead, "name: payments", "name: "+name, 1))
	if p.promoted {
		fmt.Fprintf(&b, "environments: [production, edge]\npromotion: {from: [staging, canary], by: approvers, quorum: %d}\n", 1+r.IntN(2))
	}
	if p.fresh {
		b.WriteString("freshness: {revocations: " + pick(r, "24h", "6h") + "}\n")
	}
	waivable := func(what string, probability int) string {
		if !chance(r, probability) {
			return ""
		}
		p.waivable = append(p.waivable, what)
		return fmt.Sprintf(", waivable: {by: office, quorum: %d, maxDuration: 72h}", 1+r.IntN(2))
	}
	declare := func(name, predicateType, duty string, probability int) {
		fmt.Fprintf(&b, "  - {name: %s, predicateTypes: [%q], duty: %s, min: %d%s}\n", name, predicateType, duty, pick(r, 1, 1, 2), waivable("evidence:"+name, probability))
	}
	b.WriteString("evidence:\n")
	fmt.Fprintf(&b, "  - {name: provenance, predicateTypes: [%q], duty: build, min: %d%s}\n", fixture.ProvenanceV1, pick(r, 1, 1, 1, 1, 2), waivable("evidence:provenance", 12))
	if p.tests {
		declare("tests", fixture.TestResult, "attest", 40)
	}
	if p.signoff {
		declare("signoff", oApproval, "approve", 30)
	}
	if p.published {
		declare("published", oRelease, "release", 30)
	}
	b.WriteString("rules:\n")
	rule := func(id, about, expression string, probability int) {
		fmt.Fprintf(&b, "  - {id: %s%s, expression: %q%s}\n", id, about, expression, waivable(id, probability))
	}
	if chance(r, 45) || !p.approve {
		rule("trusted-builder", ", about: provenance", "it.provenance.builder == '"+fixture.Builder+"'", 60)
	}
	if p.approve {
		shape := oShape{source: chance(r, 70), witnessed: chance(r, 70), team: pick(r, "", "", "approvers", "leads"), order: pick(r, "", "", "recordedBefore", "before"), need: pick(r, 1, 1, 2, 2, 3)}
		rule("approved", ", about: provenance", shape.expression(), 35)
	}
	if p.tests && chance(r, 50) {
		rule("passed", ", about: tests", "it.test.result == 'PASSED'", 40)
	}
	if p.tests && chance(r, 30) {
		rule("tested", "", pick(r, "evidence.tests.size() >= 1", "signers.holding('attest').size() >= 2", "signers.holding('attest').people().size() >= 1"), 40)
	}
	if chance(r, 20) {
		rule("several", "", "signers.size() >= 2", 50)
	}
	p.text = b.String()
	return p
}

// signedBy are one or two signatures by the credentials of some.
func signedBy(r *rand.Rand, w *oWorld, later int, of ...string) []oSignature {
	all := drawnSignatures(r, w, of...)
	for i := range all {
		if all[i].at != never {
			all[i].at = min(judgedAt, all[i].at+later)
			all[i].from = min(all[i].from+later, all[i].at)
		}
	}
	return all
}

// drawnItems are what is supplied of a release, as far as some policies ask for it.
func drawnItems(r *rand.Rand, w *oWorld, policies []pPolicy) []pItem {
	var all []pItem
	add := func(p pItem) {
		for i := range p.signatures { // one key may be certified for several, or be one of the model's
			if c := p.signatures[i].by; c != nil && c.subject != "" && chance(r, 25) {
				p.signatures[i].certified = pick(r, "certified", "certified", "certified-2", "alice", "pipeline")
			}
		}
		for n := range 3 {
			of := p
			of.signatures = slices.DeleteFunc(slices.Clone(p.signatures), func(s oSignature) bool { return s.envelope != n })
			if len(of.signatures) > 0 {
				all = append(all, of.made())
			}
		}
	}
	any := func(of func(pPolicy) bool) bool { return slices.ContainsFunc(policies, of) }
	approve := any(func(p pPolicy) bool { return p.approve })
	for i, s := range drawnEvidence(r, w) {
		if s.kind != "provenance" && !approve && chance(r, 75) {
			continue
		}
		p := pItem{says: s.statement(i), signatures: s.signatures, status: s.takesAway()}
		if s.kind == "provenance" && chance(r, 25) {
			p.says.Predicate.(object)["runDetails"].(object)["builder"].(object)["id"] = "https://elsewhere.test"
		}
		add(p)
	}
	of := func(predicateType string, predicate object, by []oSignature) {
		add(pItem{says: fixture.NewStatement(predicateType, release, predicate), signatures: by})
	}
	some := func(asked bool) int {
		if !asked {
			return r.IntN(10) / 9
		}
		return r.IntN(4) + r.IntN(2)
	}
	for n := range some(any(func(p pPolicy) bool { return p.tests })) {
		of(fixture.TestResult, object{"result": pick(r, "PASSED", "PASSED", "PASSED", "FAILED"), "note": n}, signedBy(r, w, 3, "mirror", "app", "alice", "carol", "erin", "dana"))
	}
	for n := range some(any(func(p pPolicy) bool { return p.published })) {
		of(oRelease, object{"purl": baseName, "releaseId": fmt.Sprint(n)}, signedBy(r, w, 5, "app", "erin", "pipeline"))
	}
	for n := range some(any(func(p pPolicy) bool { return p.signoff })) {
		of(oApproval, object{"decision": "approved", "reference": fmt.Sprint(n)}, signedBy(r, w, 5, "alice", "bob", "carol", "dana", "erin"))
	}
	for range some(any(func(p pPolicy) bool { return p.promoted })) {
		of(oApproval, object{"decision": "approved", "role": attest.RolePromotion, "environment": pick(r, "production", "production", "edge"), "from": pick(r, "staging", "canary", "laptop")}, signedBy(r, w, 5, "alice", "bob", "carol", "dana"))
	}
	for _, p := range policies {
		for range (r.IntN(3) + r.IntN(2)) * min(1, len(p.waivable)) {
			add(drawnException(r, w, p))
		}
	}
	for range r.IntN(6) / 4 {
		add(drawnList(r, w))
	}
	if any(func(p pPolicy) bool { return p.fresh }) && chance(r, 85) {
		add(pItem{says: freshList(90, judgedAt-1-r.IntN(4)), status: true, list: true, signatures: []oSignature{{by: w.credential("erin-key"), at: pick(r, judgedAt, never)}}})
		add(pItem{says: freshList(91, judgedAt-1), status: true, list: true, signatures: []oSignature{{by: w.credential("dana-key"), at: never}}})
	}
	return all
}

func (w *oWorld) credential(id string) *oCredential {
	return w.credentials[slices.IndexFunc(w.credentials, func(c *oCredential) bool { return c.id == id })]
}

// takesAway reports whether some of a statement speaks against approvals.
func (s oStatement) takesAway() bool {
	return s.rejected || len(s.dismissed) > 0 || s.suite != "" && s.suite != "pass" ||
		slices.ContainsFunc(s.reviews, func(v oReview) bool { return v.state != "APPROVED" && v.state != "COMMENTED" }) ||
		slices.ContainsFunc(s.runApprovals, func(a oRunApproval) bool { return a.state != "approved" })
}

func drawnException(r *rand.Rand, w *oWorld, p pPolicy) pItem {
	rules := slices.Clone(p.waivable)
	if len(rules) > 1 && chance(r, 25) {
		i := r.IntN(len(rules))
		rules = rules[i : i+1]
	}
	from := judgedAt - 1 - r.IntN(15)
	predicate := object{"policy": p.name, "rules": rules, "artifact": pick(r, baseName, "pkg:generic/payments/**"), "environment": pick(r, "production", "production", "production", "production", "production", "edge"), "reason": fmt.Sprint(r.IntN(4)),
		"validFrom": hour(from), "validUntil": hour(judgedAt + 1 + r.IntN(20)), "requestedBy": pick(r, "alice", "bob", "dana"), "reviewDue": hour(judgedAt + 40)}
	people := []string{"alice", "bob", "carol", "dana", "erin"}
	r.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
	item := pItem{says: fixture.NewStatement(attest.ExceptionType, release, predicate)}
	for _, who := range people[:1+r.IntN(3)] {
		s := drawnSignature(r, w, who)
		if s.at != never {
			s.at = max(s.at, from)
		}
		item.signatures = append(item.signatures, s)
	}
	return item
}

// drawnList is a revocation list of somebody, with entries.
func drawnList(r *rand.Rand, w *oWorld) pItem {
	var entries []object
	for range r.IntN(3) {
		entries = append(entries, drawnEntry(r, w.credentials[r.IntN(len(w.credentials))].id))
	}
	return pItem{says: freshList(1+r.IntN(9), judgedAt-r.IntN(30), entries...), status: true, list: true, signatures: signedBy(r, w, 8, "erin", "erin", "dana", "bot")}
}

// drawnEntry is an entry of a revocation list.
func drawnEntry(r *rand.Rand, credential string) object {
	from := 3 + r.IntN(17)
	o := object{"credential": credential, "reason": pick(r, "key-compromise", "superseded", "unspecified", "affiliation-changed"), "from": hour(from)}
	if chance(r, 40) {
		o["invalidFrom"] = hour(from - r.IntN(5))
	}
	return o
}

func freshList(number, issued int, entries ...object) fixture.Statement {
	if entries == nil {
		entries = []object{}
	}
	return fixture.NewStatement(attest.RevocationType, otherFile, object{"number": number, "issuedAt": hour(issued), "nextUpdate": hour(issued + 24), "entries": entries})
}
