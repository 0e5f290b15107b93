package verify_test

import "slices"

// oracle counts approvals of a set by the design, in its own way: it draws up every vote of every signature, then looks for
// one signature of provenance by which the rule passes.
type oracle struct {
	w           *oWorld
	environment string
	shape       oShape
	all         []oStatement
	forgets     twist

	drawn bool // voted holds the votes
	voted []oVote
}

type (
	oSpan struct {
		notBefore, notAfter int
		timed, known        bool // notAfter: from a trusted time; known at all
	}
	// oVote is a person's yes or no, as one signature has it.
	oVote struct {
		person, by string // by: the credential or account
		statement  int
		teams      []string
		commit     string // "": of the artifact
		repository string
		witnessed  bool
		no         bool
		counted    bool // not only undecided
		at         oSpan
	}
	// oJudged is a signature that stands.
	oJudged struct {
		t       int
		counted bool
		at      oSpan
	}
)

func (o *oracle) is(x twist) bool { return o.forgets == x }

// judge says when a signature is judged and whether its credential stood and its holder was there.
func (o *oracle) judge(s oSignature) (oJudged, bool) {
	if s.by == nil {
		return oJudged{}, false
	}
	j := oJudged{t: s.at, counted: true, at: oSpan{s.by.activation(), s.at, true, true}}
	if s.by.subject != "" {
		j.at.notBefore = s.from
	}
	if s.at == never {
		j.t, j.at.timed, j.at.notAfter = judgedAt, false, judgedAt
		if s.by.subject != "" {
			j.t, j.counted, j.at.known = s.from, o.is(countsUntimedCertificates), false
		}
	}
	if j.t > judgedAt && !o.is(takesTheFuture) {
		return j, false
	}
	if !o.stands(s.by, j.t) {
		return j, false
	}
	for _, h := range s.by.holders {
		if p := o.w.person(h); p != nil && !o.there(p, j.t) {
			return j, len(s.by.holders) > 1
		}
	}
	return j, true
}

func (c *oCredential) activation() int { return c.states[0].from }

// stands is design §4.9.
func (o *oracle) stands(c *oCredential, t int) bool {
	if o.is(forgetsStates) {
		return true
	}
	if t < c.activation() {
		return false
	}
	for i, s := range c.states {
		if s.from > judgedAt && !o.is(forgetsFutureStates) {
			break
		}
		end := never
		if i+1 < len(c.states) && c.states[i+1].from <= judgedAt {
			end = c.states[i+1].from
		}
		bad := false
		switch {
		case s.state == "active":
		case s.invalidFrom != never && !o.is(forgetsInvalidFrom):
			bad = t >= s.invalidFrom
		case s.state == "suspended":
			bad = s.from <= t && t < end
		case s.state == "compromised", s.reason == "key-compromise", s.reason == "ca-compromise":
			bad = true
		default:
			bad = t >= s.from
		}
		if bad {
			return false
		}
	}
	return true
}

func (w *oWorld) person(id string) *oPerson {
	for i := range w.people {
		if w.people[i].id == id {
			return &w.people[i]
		}
	}
	return nil
}

// named is who an account or id is; "" for nobody.
func (w *oWorld) named(name string) string {
	for _, p := range w.people {
		if p.id == name || slices.Contains(p.accounts, name) {
			return p.id
		}
	}
	return ""
}

// same reports whether two accounts are one person's, or one account.
func (o *oracle) same(a, b string) bool {
	return a == b || o.w.named(a) != "" && o.w.named(a) == o.w.named(b)
}

func (o *oracle) there(p *oPerson, t int) bool {
	if o.is(forgetsPresence) {
		return true
	}
	return p.there.has(t) && !slices.ContainsFunc(p.away, func(a oSpell) bool { return a.has(t) })
}

func (o *oracle) teamsOf(person string, t int) []string {
	var all []string
	for _, team := range o.w.teams {
		for _, m := range team.members {
			if m.person == person && (m.in.has(t) || o.is(forgetsMembership)) && !slices.Contains(all, team.id) {
				all = append(all, team.id)
			}
		}
	}
	return all
}

// may reports whether a principal is granted one of the duties for the request at a time.
func (o *oracle) may(who, predicateType string, t int, duties ...string) bool {
	to := append(o.teamsOf(who, t), who)
	return slices.ContainsFunc(o.w.grants, func(g oGrant) bool {
		fits := slices.Contains(to, g.to) && slices.ContainsFunc(duties, func(d string) bool { return slices.Contains(g.may, d) || d == "approve" && o.is(takesAnyDuty) })
		return fits && (g.in.has(t) || o.is(forgetsGrantTimes)) &&
			(o.is(forgetsGrantScope) || g.artifact == "pkg:generic/payments/**" && (g.environment == "" || g.environment == o.environment)) &&
			(g.predicate == "" || g.predicate == predicateType || o.is(forgetsGrantPredicate))
	})
}

// votes are all that is said of the release, by people who may.
func (o *oracle) votes() []oVote {
	if !o.drawn {
		o.voted, o.drawn = o.vote(), true
	}
	return o.voted
}

func (o *oracle) vote() []oVote {
	var all []oVote
	for i := range o.all {
		s := &o.all[i]
		predicateType := s.predicateType()
		for _, sig := range s.signatures {
			j, ok := o.judge(sig)
			if !ok || s.kind == "provenance" || s.kind == "junk" {
				continue
			}
			for _, v := range o.said(s, sig, j) {
				p := o.w.person(v.person)
				if p == nil && !(o.is(takesBots) && v.by == sig.by.id) || p != nil && !v.no && !o.there(p, j.t) {
					continue
				}
				duties := []string{"approve"}
				if v.commit != "" || o.is(takesReviewersOfDigests) {
					duties = append(duties, "review")
				}
				if !v.no && !o.may(v.person, predicateType, j.t, duties...) {
					continue
				}
				v.statement, v.teams, v.counted, v.at = i, o.teamsOf(v.person, j.t), j.counted, j.at
				all = append(all, v)
			}
		}
	}
	return all
}

// said are the votes of a statement as one signature has them, before it is asked what the voter may.
func (o *oracle) said(s *oStatement, sig oSignature, j oJudged) []oVote {
	predicateType := s.predicateType()
	signer, one := sig.by.holders[0], len(sig.by.holders) == 1 || o.is(takesSharedKeys)
	witness := one && (o.is(takesAnyWitness) || o.may(signer, predicateType, j.t, "witness"))
	self := one && (o.w.person(signer) != nil || o.is(takesBots))
	var votes []oVote
	add := func(v oVote) {
		if s.ofArtifact {
			v.commit = ""
			votes = append(votes, v)
		} else if s.commit != "" {
			v.commit, v.repository = s.commit, s.repository
			votes = append(votes, v)
		}
	}
	report := func(account string, no bool) {
		if person := o.w.named(account); witness && person != "" {
			add(oVote{person: person, by: account, witnessed: true, no: no})
		}
	}
	switch s.kind {
	case "approval":
		if s.expires <= judgedAt && !o.is(forgetsExpiry) || s.environment != "" && s.environment != o.environment && !o.is(forgetsEnvironment) {
			return nil
		}
		v := oVote{person: signer, by: sig.by.id, no: s.rejected}
		if s.approver != "" && o.w.named(s.approver) != signer && !(o.is(forgetsApproverName) && !witness) {
			v = oVote{person: o.w.named(s.approver), by: s.approver, witnessed: true, no: s.rejected}
			if !witness || v.person == "" {
				return nil
			}
		} else if !self {
			return nil
		}
		if s.requestedBy != "" && !o.is(forgetsRequester) && (o.w.named(s.requestedBy) == "" || o.w.named(s.requestedBy) == v.person) {
			return nil
		}
		add(v)
	case "gittuf":
		if s.expires <= judgedAt && !o.is(forgetsExpiry) || s.target != s.commit && !o.is(forgetsTarget) || !self {
			return nil
		}
		add(oVote{person: signer, by: sig.by.id})
	case "pull":
		if s.target != s.commit && !o.is(forgetsTarget) {
			return nil
		}
		for _, a := range s.approvers {
			report(a, false)
		}
		for _, a := range s.dismissed {
			report(a, true)
		}
	case "reviews":
		o.reviewed(s, report)
	}
	return votes
}

// reviewed are the votes of what GitHub's API gave.
func (o *oracle) reviewed(s *oStatement, report func(account string, no bool)) {
	if s.head != "" && (s.commit == s.head || s.commit == s.merge || o.is(forgetsRevision)) {
		last := map[string]oReview{}
		var order []string
		for _, v := range s.reviews {
			if v.state != "COMMENTED" {
				if _, seen := last[v.account]; !seen {
					order = append(order, v.account)
				}
				last[v.account] = v
			}
		}
		for _, a := range order {
			v := last[a]
			switch {
			case v.state != "APPROVED":
				report(a, true)
			case v.bot && !o.is(takesBots):
			case v.commit != s.head && !o.is(forgetsRevision):
			case o.same(a, s.author) && !o.is(forgetsAuthor):
			default:
				report(a, false)
			}
		}
	}
	if s.runHead == "" || s.runHead != s.commit && !o.is(forgetsRevision) {
		return
	}
	for _, a := range s.runApprovals {
		switch {
		case !slices.Contains(a.environments, o.environment) && !o.is(forgetsEnvironment):
		case a.state == "rejected":
			report(a.account, true)
		case a.bot && !o.is(takesBots):
		case slices.ContainsFunc(s.runActors, func(x string) bool { return o.same(x, a.account) }) && !o.is(forgetsAuthor):
		default:
			report(a.account, false)
		}
	}
}
