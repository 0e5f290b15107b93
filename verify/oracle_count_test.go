package verify_test

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/internal/fixture"
)

// recordedBefore and before are design §4.8: yes, no, or neither.
func (x oSpan) recordedBefore(y oSpan) (yes, no bool) {
	return x.timed && y.timed && x.notAfter < y.notAfter, x.timed && y.timed && x.notAfter >= y.notAfter
}

func (x oSpan) before(y oSpan) (yes, no bool) {
	return x.known && x.notAfter <= y.notBefore, y.known && x.notBefore >= y.notAfter
}

// oWay is a signature by which provenance counts, with whom the rule counts then and who else approved.
type oWay struct{ counted, approved []string }

// oSigner is a signature of provenance that stands.
type oSigner struct {
	by     *oCredential
	at     oSpan
	builds bool
	behind []string
}

// ways are those in which provenance counts in a world, whether or not the rule passes: as it is signed, and as if any
// of its signatures had not been supplied, for leaving one out must not help (design §4.4).
func (o *oracle) ways(generous bool) []oWay {
	votes := o.votes()
	var all []oWay
	for i := range o.all {
		s := &o.all[i]
		if s.kind != "provenance" || !s.ofArtifact {
			continue
		}
		var signers []oSigner
		for _, sig := range s.signatures {
			if j, ok := o.judge(sig); ok && (j.counted || generous) {
				signers = append(signers, oSigner{sig.by, j.at, len(sig.by.holders) == 1 && o.may(sig.by.holders[0], fixture.ProvenanceV1, j.t, "build"), o.behind(sig)})
			}
		}
		every := 1<<len(signers) - 1
		for with := 1; with <= every; with++ {
			if with < every && o.is(keepsEverySigner) {
				continue
			}
			var left []oSigner
			var behind []string
			for n, x := range signers {
				if with>>n&1 == 1 {
					left, behind = append(left, x), append(behind, x.behind...)
				}
			}
			for _, signedAt := range firsts(left) {
				all = append(all, o.way(s, signedAt, behind, votes, generous))
			}
		}
	}
	return all
}

// firsts are when the first of those who may build signed: no earlier than any of them, no later than the earliest. Who
// signed several times by one credential is taken at each time.
func firsts(signers []oSigner) []oSpan {
	at := map[*oCredential][]oSpan{}
	for _, x := range signers {
		if x.builds {
			at[x.by] = append(at[x.by], x.at)
		}
	}
	var all []oSpan
	for _, spans := range at {
		next := spans
		if len(all) > 0 {
			next = nil
			for _, x := range spans {
				for _, y := range all {
					next = append(next, x.first(y))
				}
			}
		}
		all = next
	}
	return all
}

// first is when the first of two was made. Of two that are as late one that is proven counts.
func (x oSpan) first(y oSpan) oSpan {
	s := x
	if !x.known || y.known && (y.notAfter < x.notAfter || y.notAfter == x.notAfter && y.timed) {
		s = y
	}
	s.notBefore = min(x.notBefore, y.notBefore)
	return s
}

// behind are who holds a signature's credential, and operators, whether or not they were there.
func (o *oracle) behind(sig oSignature) []string {
	var all []string
	for _, h := range sig.by.holders {
		if !o.is(takesSigners) {
			all = append(all, h)
		}
		for _, w := range o.w.workloads {
			for _, p := range w.operators {
				if w.id == h && !o.is(takesOperators) { // there then or not
					all = append(all, p)
				}
			}
		}
	}
	return all
}

// way counts the approvals of provenance that was signed then, by those with these people behind them.
func (o *oracle) way(it *oStatement, signedAt oSpan, behind []string, votes []oVote, generous bool) oWay {
	var found oWay
	seen := map[string]bool{}
	for _, v := range votes {
		if v.no || !v.counted && !generous || slices.Contains(behind, v.person) || !o.binds(v, it) || o.takenBack(v, votes) {
			continue
		}
		found.approved = append(found.approved, v.person)
		if v.commit != "" && !o.shape.source && !o.is(seesSource) || v.witnessed && !o.shape.witnessed && !o.is(seesWitnessed) {
			continue
		}
		if o.shape.team != "" && !slices.Contains(v.teams, o.shape.team) && !o.is(forgetsTeam) || !o.ordered(v.at, signedAt, generous) {
			continue
		}
		key := v.person
		switch {
		case o.is(countsKeys):
			key = v.by
		case o.is(countsStatements):
			key = fmt.Sprint(v.statement, v.person)
		}
		if !seen[key] {
			seen[key] = true
			found.counted = append(found.counted, v.person)
		}
	}
	return found
}

// binds reports whether a vote is of the artifact, or of the commit that provenance names.
func (o *oracle) binds(v oVote, it *oStatement) bool {
	if v.commit == "" {
		return true
	}
	return (v.commit == it.commit || o.is(forgetsCommit)) && (it.repository != "" && (v.repository == "" || v.repository == it.repository) || o.is(forgetsRepository))
}

// takenBack reports whether the person said no, and not proven to be earlier.
func (o *oracle) takenBack(v oVote, votes []oVote) bool {
	return !o.is(forgetsRejections) && slices.ContainsFunc(votes, func(no oVote) bool {
		if !no.no || no.person != v.person {
			return false
		}
		if no.commit != "" && v.commit != no.commit || no.commit == "" && v.commit != "" && o.is(forgetsWideRejections) {
			return false
		}
		earlier, _ := no.at.recordedBefore(v.at)
		return !earlier || o.is(forgetsLaterApprovals)
	})
}

func (o *oracle) ordered(x, y oSpan, generous bool) bool {
	var yes, no bool
	switch o.shape.order {
	case "recordedBefore":
		yes, no = x.recordedBefore(y)
	case "before":
		yes, no = x.before(y)
	default:
		return true
	}
	return yes || o.is(forgetsOrder) || !no && (generous || o.is(takesUnproven))
}

// most is how many people the rule sees at best in a world.
func (o *oracle) most(generous bool) int {
	n := -1
	for _, w := range o.ways(generous) {
		n = max(n, len(w.counted))
	}
	return n
}

// decision is the oracle's.
func (o *oracle) decision() string {
	switch {
	case o.most(false) >= o.shape.need:
		return "allow"
	case o.most(true) >= o.shape.need:
		return "indeterminate"
	}
	return "deny"
}
