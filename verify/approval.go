package verify

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
)

// This file is who has approved: the artifact, by its digest, or the commit it was built from (design §3.3,
// §4.2, §4.6, §4.10).

// Limits of approvals; over that of an item none of it counts, over that of a request it is indeterminate at best.
const (
	// MaxItemApprovals is how many approvals one item may report ("item-approvals").
	MaxItemApprovals = 1024
	// MaxRequestApprovals is how many signatures for approvals a request may have ("request-approvals").
	MaxRequestApprovals = 16384
)

// vote is what one signature says of one person's approval.
type vote struct {
	by       *signature // of the approver, or of the witness who reports it
	proof    int        // which of the item's proofs that is
	approval policy.Approval
	account  string // whom it names, as it does; "": its signer
	against  bool   // a rejection or a dismissal: status data, which only takes away
}

// votes reports whether an item may hold approvals that a policy that applies asks for.
func (r *run) votes(i *item) bool {
	if !slices.ContainsFunc(r.applies, func(j *judged) bool { return j.policy.ReadsApprovals() }) {
		return false
	}
	switch attest.ViewOf(i.Statement().PredicateType) {
	case attest.ViewApproval, attest.ViewChange, attest.ViewReviews:
		return true
	case attest.ViewSummary, attest.ViewSource: // of a commit
		return len(commits(i.Statement())) > 0
	}
	return false
}

// bound is what an approval is of: a commit of a repository, "" where it names none, or, zero, the artifact.
type bound struct{ commit, repository string }

// commits are those a statement is about.
func commits(st *attest.Statement) []bound {
	var list []bound
	for _, s := range st.Subjects {
		if b := (bound{s.Digests["gitCommit"], s.URI}); b.commit != "" && !slices.Contains(list, b) {
			list = append(list, b)
		}
	}
	return list
}

// bindVotes binds what an item says of approvals.
func (r *run) bindVotes(i *item) {
	if i.review != nil { // of an exception, and not of the artifact
		return
	}
	st := i.Statement()
	ballots, err := ballots(st)
	if err != nil {
		i.unread(err, nil)
		return
	}
	of := commits(st)
	if attest.ViewOf(st.PredicateType) == attest.ViewApproval {
		if mismatch := r.request.Artifact.BoundBy(st); mismatch == nil {
			of = []bound{{}}
		} else if len(of) == 0 {
			i.fail(ApprovalForOtherArtifact, mismatch.Error(), depends{approvals: true})
			return
		}
	}
	if len(of) == 0 {
		i.fail(ApprovalForOtherArtifact, "it is of no commit, and nothing ties a git tree to one", depends{approvals: true})
		return
	}
	if len(ballots)*len(of) > MaxItemApprovals {
		i.fail(LimitExceeded, fmt.Sprintf("the item is over the limit item-approvals: at most %d are counted", MaxItemApprovals), depends{approvals: true})
		return
	}
	for n, p := range i.opened.Proofs {
		binding, m, ok := r.binding(i, p, depends{approvals: true})
		if !ok {
			// what takes back an approval does so whatever lists say, for else a list would let in what it takes back
			var refusal *ownership.Refusal
			if binding, refusal = r.bound(p, m); refusal != nil || m.trusted && m.t.After(r.request.At) {
				continue
			}
		}
		s := &signature{item: i, part: part{0, st}, undecided: m.undecided, proof: p, timedBy: m.authority, holders: binding.Holders,
			signer: r.signer(binding, p, m, 0)}
		for b := range ballots {
			if !ok && !ballots[b].against {
				continue
			}
			for _, bound := range of {
				c := cast{ballot: &ballots[b], by: binding, m: m, bound: bound}
				if v := r.vote(s, c); v != nil {
					v.proof = n
					i.votes = append(i.votes, v)
				}
			}
		}
	}
}

// bindApproval binds a proof of an approval that a policy asks for as evidence: it counts where the approval does,
// for the person who gave it and not for a witness.
func (r *run) bindApproval(i *item, proof int) {
	at := slices.IndexFunc(i.votes, func(v *vote) bool { return v.proof == proof })
	if at < 0 || i.votes[at].against {
		return // its vote says why
	}
	if v := i.votes[at]; v.approval.Witnessed {
		r.lack(i, ownership.Binding{Credential: v.by.signer.Credential}, moment{}, ApprovalVoid, "a witness reports it: as evidence by itself an approval is signed by who approves", depends{})
		return
	}
	signatures := len(i.signatures)
	r.bindProof(i, i.opened.Proofs[proof])
	for _, s := range i.signatures[signatures:] {
		s.vote = i.votes[at]
	}
}

// cast is one ballot of a bound signature, of what it is of.
type cast struct {
	*ballot
	by ownership.Binding
	m  moment
	bound
}

// vote counts a ballot, or records why it does not count.
func (r *run) vote(s *signature, c cast) *vote {
	v := &vote{by: s, approval: c.approval, account: c.account, against: c.against}
	v.approval.Commit, v.approval.SignedAt = c.commit, s.signer.SignedAt
	v.approval.Repository = cmp.Or(v.approval.Repository, c.repository)
	code, message := c.code, c.why
	if code == "" {
		code, message = r.approves(v, c)
	}
	if code == "" {
		code, message = r.holds(v, c)
	}
	if code != "" {
		r.lack(s.item, c.by, c.m, code, message, depends{approvals: true})
		return nil
	}
	if s.undecided && !v.against {
		r.lack(s.item, c.by, c.m, NoTrustedTime, fmt.Sprintf("nothing proves when the certificate of credential %s signed", c.by.Credential), depends{approvals: true})
	}
	return v
}

// approves finds whose approval a ballot is: the signer's, or that of the person a witness names.
func (r *run) approves(v *vote, c cast) (Code, string) {
	person, known := r.model.PersonNamed(c.account)
	witness := c.reported || c.account != "" && (!known || person != c.by.Person)
	if !witness {
		person = c.by.Person
	}
	v.approval.Person, v.approval.Witnessed = person, witness
	use := ownership.Use{Artifact: r.scope, Environment: r.request.Environment, Predicate: v.by.predicateType(), Timed: c.m.trusted || c.m.undecided, Claims: c.m.claims}
	if witness {
		duties, lacking := r.permission(c.by, c.m, use)
		switch {
		case !duties.Has(ownership.Witness) && c.by.Person != "" && !c.reported:
			return ApprovalVoid, fmt.Sprintf("it names %q as the approver, and %s signed it, who may not witness", c.account, c.by.Person)
		case !duties.Has(ownership.Witness):
			return lacking(ownership.Witness)
		case c.enforced:
			return "", ""
		case !known:
			return ApprovalVoid, fmt.Sprintf("it names %q as the approver, whom the model does not know as a person", c.account)
		}
	}
	if !witness && person == "" {
		return ApprovalVoid, fmt.Sprintf("credential %s is held by %s: expected one person's, for only people approve", c.by.Credential, joined(c.by.Holders))
	}
	v.approval.Teams = r.model.At(c.m.t).Teams(person)
	if c.against { // who takes back needs no duty for it
		return "", ""
	}
	if !r.model.At(c.m.t).Present(person) {
		return SignerDeparted, fmt.Sprintf("%s, who is said to approve, was not there at %s", person, stamp(c.m.t))
	}
	duties, lacking := r.permission(ownership.Binding{Credential: c.by.Credential, Holders: []string{person}}, c.m, use)
	if duties.Has(ownership.Approve) || c.commit != "" && duties.Has(ownership.Review) {
		return "", ""
	}
	return lacking(ownership.Approve)
}

// holds says why a ballot does not hold for the request; "" if it does.
func (r *run) holds(v *vote, c cast) (Code, string) {
	switch {
	case c.commits != nil && !slices.Contains(c.commits, c.commit):
		return ApprovalForOtherArtifact, fmt.Sprintf("it is of commit %s, and its subject is %s", strings.Join(c.commits, " or "), c.commit)
	case c.environments != nil && !slices.Contains(c.environments, r.request.Environment):
		return ApprovalForOtherArtifact, fmt.Sprintf("it is for environment %s, and the request is for %s", strings.Join(c.environments, ", "), cmp.Or(r.request.Environment, "none"))
	case c.against || c.enforced:
		return "", ""
	case !c.expires.IsZero() && !r.request.At.Before(c.expires):
		return ApprovalExpired, fmt.Sprintf("it ended at %s", stamp(c.expires))
	case c.requester == "":
		return "", ""
	}
	switch requester, known := r.model.PersonNamed(c.requester); {
	case !known:
		return ApprovalVoid, fmt.Sprintf("it names %q as who asked for it, whom the model does not know as a person", c.requester)
	case requester == v.approval.Person:
		return ApprovalVoid, fmt.Sprintf("%s asked for it, and nobody approves what they asked for", requester)
	}
	return "", ""
}

// approvals are those a world holds for a policy, without those that some people stand behind.
func (r *run) approvals(j *judged, w policy.World, without map[string]bool) []*policy.Approval {
	var list []*policy.Approval
	for _, v := range r.standingVotes(j, w) {
		if len(without) > 0 && slices.ContainsFunc(r.behindVote(v), func(who string) bool { return without[who] }) {
			continue
		}
		list = append(list, &v.approval)
	}
	return list
}

// standingVotes are the votes a world holds for a policy: strictly those decided, generously all, and none that
// was taken back.
func (r *run) standingVotes(j *judged, w policy.World) []*vote {
	if !j.policy.ReadsApprovals() {
		return nil
	}
	var list []*vote
	for _, i := range r.items {
		for _, v := range i.votes {
			if !v.against && (w == policy.Generous || r.decided(j, v.by)) && r.dismissal(v) == nil {
				list = append(list, v)
			}
		}
	}
	return list
}

// dismissal gives what takes back an approval: a rejection takes back all that is not proven to be later than it,
// so that leaving the approval out gains nothing (design §4.4). Nil if nothing does.
func (r *run) dismissal(v *vote) *vote {
	for _, commit := range []string{"", v.approval.Commit} {
		d := r.dismissals[taken{v.approval.Person, commit}]
		if d != nil && d.approval.SignedAt.RecordedBefore(v.approval.SignedAt) != policy.OrderProven {
			return d
		}
	}
	return nil
}

// taken is whose approval of what is taken back: of the artifact, "", it is all of them.
type taken struct{ person, commit string }

// tally finds of each what takes back most: what has no proven time, else the last.
func (r *run) tally() {
	r.dismissals = map[taken]*vote{}
	votes := 0
	for _, i := range r.items {
		votes += len(i.votes)
		for _, v := range i.votes {
			if !v.against {
				continue
			}
			of := taken{v.approval.Person, v.approval.Commit}
			if d := r.dismissals[of]; d == nil || d.approval.SignedAt.RecordedBefore(v.approval.SignedAt) == policy.OrderProven ||
				d.approval.SignedAt.Source.Trusted() && !v.approval.SignedAt.Source.Trusted() {
				r.dismissals[of] = v
			}
		}
	}
	if votes > MaxRequestApprovals {
		r.exceeded("request-approvals", MaxRequestApprovals)
	}
}
