package verify_test

import (
	"math/rand/v2"
	"strings"

	"github.com/surety-dev/surety/attest"
)

const (
	oApproval = attest.ApprovalType
	oGittuf   = "https://gittuf.dev/reference-authorization/v0.2"
	oPull     = "https://gittuf.dev/github-pull-request-approval/v0.1"
	oReviews  = attest.ReviewsType
	oRepo     = "https://github.com/acme/payments"
	oOtherHub = "https://github.com/mallory/payments"
)

var (
	oCommit      = strings.Repeat("a1", 20)
	oOtherCommit = strings.Repeat("b2", 20)
	oHead        = strings.Repeat("d4", 20)
)

type (
	// oSignature is a signature by a credential of the world, or by nobody's.
	oSignature struct {
		by       *oCredential // nil: a stranger's
		at       int          // its trusted time; never: none
		from     int          // a certificate's notBefore
		envelope int          // signatures of one number share an envelope

		certified string // the name of the key in a certificate; "": not told
	}
	oReview struct {
		account, state, commit string
		bot                    bool
	}
	oRunApproval struct {
		account, state string
		environments   []string
		bot            bool
	}
	// oStatement is a statement before it is written down.
	oStatement struct {
		kind       string // provenance, approval, gittuf, pull, reviews, junk
		ofArtifact bool   // a subject is the artifact's digest
		commit     string // a subject is this commit; "": none
		repository string // of provenance, of the commit's subject, of reviews; "": none

		approver, requestedBy, environment string // "": none
		rejected                           bool
		expires                            int // never: none
		ref, target                        string
		approvers, dismissed               []string
		author, head, merge                string
		reviews                            []oReview
		runHead                            string
		runActors                          []string
		runApprovals                       []oRunApproval
		suite                              string

		junk       string
		signatures []oSignature
	}
)

// drawnEvidence is what is supplied for a release.
func drawnEvidence(r *rand.Rand, w *oWorld) []oStatement {
	var all []oStatement
	for range 1 + r.IntN(100)/72 {
		all = append(all, drawnProvenance(r, w))
	}
	for range 4 + r.IntN(8) {
		all = append(all, drawnApproval(r, w))
	}
	if chance(r, 30) {
		junk := pick(r, "type", "decision", "field", "artifact", "tree", "name")
		all = append(all, oStatement{kind: "junk", junk: junk, signatures: drawnSignatures(r, w, "alice", "bob", "carol", "app")})
	}
	for i := range all { // a statement may come twice
		if s := all[i].signatures; chance(r, 10) {
			again := s[r.IntN(len(s))]
			again.envelope = r.IntN(3)
			all[i].signatures = append(s, again)
		}
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

func drawnProvenance(r *rand.Rand, w *oWorld) oStatement {
	s := oStatement{kind: "provenance", ofArtifact: !chance(r, 3), commit: oCommit, repository: oRepo}
	switch r.IntN(16) {
	case 0:
		s.commit = oOtherCommit
	case 1:
		s.repository = oOtherHub
	case 2:
		s.commit = ""
	case 3:
		s.repository = ""
	case 4:
		s.commit = oHead
	}
	sign := func(id string) {
		if s.signatures = append(s.signatures, drawnSignature(r, w, id)); true {
			last := &s.signatures[len(s.signatures)-1]
			if last.at != never { // mostly after the approvals
				last.at = min(judgedAt, last.at+3+r.IntN(5))
			}
			last.from = min(last.from+4, last.at)
		}
	}
	sign(pick(r, "pipeline", "pipeline", "pipeline", "mirror", "alice"))
	for range r.IntN(10) / 6 {
		sign(pick(r, "pipeline", "mirror", "alice", "bob", "carol", "shared", "stranger"))
	}
	if chance(r, 15) {
		sign(pick(r, "mirror", "alice", "alice"))
	}
	return s
}

func drawnSignatures(r *rand.Rand, w *oWorld, of ...string) []oSignature {
	all := []oSignature{drawnSignature(r, w, pick(r, of...))}
	for range r.IntN(100) / 75 {
		all = append(all, drawnSignature(r, w, pick(r, of...)))
	}
	return all
}

// drawnSignature is by one of the credentials of a principal, at one of its times or at none.
func drawnSignature(r *rand.Rand, w *oWorld, by string) oSignature {
	s := oSignature{at: 3 + r.IntN(10), from: 1, envelope: r.IntN(2)}
	id := by + "-key"
	if chance(r, 40) && by != "shared" {
		id = by + "-cert"
	}
	if by == "alice" && chance(r, 25) {
		id = "alice-second"
	}
	for _, c := range w.credentials {
		if c.id == id {
			s.by = c
		}
	}
	s.from = s.at - r.IntN(2)
	switch {
	case chance(r, 19):
		s.at = never
	case chance(r, 4):
		s.at = judgedAt + r.IntN(2) // at the time of evaluation counts, after it does not
	}
	return s
}

// drawnApproval says that somebody approves or rejects, in one of the forms.
func drawnApproval(r *rand.Rand, w *oWorld) oStatement {
	s := oStatement{kind: "approval", expires: never}
	people := []string{"alice", "bob", "carol", "dana", "erin"}
	person := func() string { return pick(r, "alice", "alice", "bob", "bob", "carol", "carol", "dana", "erin") }
	if chance(r, 8) {
		s.expires = judgedAt - 2 + r.IntN(5)
	}
	switch kind := r.IntN(20); {
	case kind < 8: // signed by who approves
		drawnBinding(r, &s)
		s.signatures = drawnSignatures(r, w, append(people, "alice", "bob", "carol", "bob", "alice", "carol", "bot", "shared", "stranger")...)
		if chance(r, 20) {
			s.approver = named(r, w, person())
		}
	case kind < 11: // reported
		drawnBinding(r, &s)
		s.approver = named(r, w, person())
		s.signatures = drawnSignatures(r, w, "app", "app", "app", "app", "pipeline", "bob", "bot")
	case kind < 13:
		s.kind, s.commit, s.ref, s.target = "gittuf", oCommit, pick(r, "refs/heads/main", "refs/tags/v1"), pick(r, oCommit, oCommit, oCommit, oCommit, oOtherCommit)
		if chance(r, 10) {
			s.commit = oOtherCommit
		}
		s.signatures = drawnSignatures(r, w, append(people, "bot", "app")...)
		return s
	case kind < 15:
		s.kind, s.commit, s.ref, s.target, s.expires = "pull", oCommit, "refs/heads/main", pick(r, oCommit, oCommit, oCommit, oCommit, oOtherCommit), never
		for range 1 + r.IntN(3) {
			s.approvers = append(s.approvers, drawnAccount(r))
		}
		if chance(r, 25) {
			s.dismissed = append(s.dismissed, drawnAccount(r))
		}
		s.signatures = drawnSignatures(r, w, "app", "app", "app", "bot", "carol")
		return s
	default:
		drawnReviews(r, &s)
		s.signatures = drawnSignatures(r, w, "app", "app", "app", "bot", "carol")
		return s
	}
	if chance(r, 10) {
		s.requestedBy = pick(r, "github:99", named(r, w, person()), named(r, w, person()))
	}
	if chance(r, 15) {
		s.environment = pick(r, "production", "staging")
	}
	if chance(r, 12) {
		s.rejected, s.expires, s.requestedBy = true, never, ""
	}
	return s
}

// drawnBinding says what an approval is of: the artifact, a commit, or both.
func drawnBinding(r *rand.Rand, s *oStatement) {
	s.ofArtifact = chance(r, 60)
	if !s.ofArtifact || chance(r, 10) {
		s.commit = pick(r, oCommit, oCommit, oCommit, oCommit, oCommit, oOtherCommit, oHead)
		s.repository = pick(r, "", "", oRepo, oRepo, oRepo, oOtherHub)
	}
}

// named is a person's id or account, or a name of nobody.
func named(r *rand.Rand, w *oWorld, person string) string {
	if chance(r, 4) {
		return pick(r, "github:99", "Alice", "app", "github:1 "[:8]+"0")
	}
	for _, p := range w.people {
		if p.id == person && len(p.accounts) > 0 && chance(r, 70) {
			return pick(r, p.accounts...)
		}
	}
	return person
}

func drawnAccount(r *rand.Rand) string {
	return pick(r, "github:1", "github:11", "github:2", "github:2", "github:22", "github:3", "github:3", "github:4", "github:99")
}

// drawnReviews is what a witness carries of GitHub: reviews, decisions on a run, how rules judged a push.
func drawnReviews(r *rand.Rand, s *oStatement) {
	s.kind, s.commit, s.repository, s.expires = "reviews", oCommit, oRepo, never
	if chance(r, 8) {
		s.repository = oOtherHub
	}
	parts := pick(r, "reviews", "reviews", "run", "run", "reviews run", "suite", "reviews suite")
	if strings.Contains(parts, "reviews") {
		s.author, s.head, s.merge = pick(r, "github:9", drawnAccount(r), drawnAccount(r)), oHead, pick(r, oCommit, oCommit, oCommit, oCommit, oOtherCommit)
		seen := map[string]bool{}
		for range 1 + r.IntN(5) {
			v := oReview{account: drawnAccount(r), state: pick(r, "APPROVED", "APPROVED", "APPROVED", "APPROVED", "CHANGES_REQUESTED", "DISMISSED", "COMMENTED"), commit: oHead, bot: chance(r, 5)}
			if v.state == "APPROVED" && chance(r, 6) {
				v.commit = oOtherCommit
			}
			if seen[v.account] {
				v.bot = false
			}
			seen[v.account] = true
			s.reviews = append(s.reviews, v)
		}
		if chance(r, 15) {
			s.commit, s.merge = oHead, ""
		}
	}
	if strings.Contains(parts, "run") {
		s.runHead = s.commit
		if chance(r, 8) {
			s.runHead = oOtherCommit
		}
		s.runActors = []string{pick(r, "github:9", drawnAccount(r)), pick(r, "github:9", drawnAccount(r))}
		for range 1 + r.IntN(3) {
			a := oRunApproval{account: drawnAccount(r), state: pick(r, "approved", "approved", "approved", "approved", "rejected"), environments: []string{pick(r, "production", "production", "production", "staging")}, bot: chance(r, 5)}
			if chance(r, 15) {
				a.environments = append(a.environments, "eu")
			}
			s.runApprovals = append(s.runApprovals, a)
		}
	}
	if strings.Contains(parts, "suite") {
		s.suite = pick(r, "pass", "bypass", "fail")
	}
}
