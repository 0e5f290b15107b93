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
	// MaxRequestApprovals is how many approvals and rejections, each as often as it is signed by somebody known, a
	// request may have ("request-approvals").
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
		return slices.ContainsFunc(i.Statement().Subjects, func(s attest.Subject) bool { return s.Digests["gitCommit"] != "" })
	}
	return false
}

// source is a commit, and the repository it is in as a subject names it; the zero source stands for the artifact.
type source struct{ commit, repository string }

// sources are the commits a statement is about, sorted, but for those it names as another package: one commit may
// hold several. The error says which.
func (r *run) sources(st *attest.Statement) (list []source, other error) {
	for _, s := range st.Subjects {
		c := s.Digests["gitCommit"]
		if c == "" {
			continue
		}
		if err := r.request.Artifact.NamedBy(s); err != nil {
			other = err
			continue
		}
		list = append(list, source{c, s.URI})
	}
	slices.SortFunc(list, func(x, y source) int {
		return cmp.Or(cmp.Compare(x.commit, y.commit), cmp.Compare(x.repository, y.repository))
	})
	return slices.Compact(list), other
}

// bindVotes binds what an item says of approvals. Nothing of it is decoded for a signer the model does not know.
func (r *run) bindVotes(i *item) {
	if i.review != nil { // of an exception, and not of the artifact
		return
	}
	of, why := r.approvable(i.Statement())
	if why != "" {
		i.fail(ApprovalForOtherArtifact, why, depends{approvals: true})
		return
	}
	var all []ballot
	for n, p := range i.opened.Proofs {
		binding, m, ok := r.binding(i, p, depends{approvals: true})
		if !ok {
			// what takes back an approval does so whatever lists say, for else a list would let in what it takes back
			var refusal *ownership.Refusal
			if binding, refusal = r.bound(p, m); refusal != nil || m.trusted && m.t.After(r.request.At) {
				continue
			}
		}
		if all == nil {
			var err error
			if all, err = ballots(i.Statement()); err != nil {
				i.unread(err, nil)
				return
			}
		}
		if len(all)*len(of) > MaxItemApprovals {
			i.fail(LimitExceeded, fmt.Sprintf("the item is over the limit item-approvals: at most %d are counted", MaxItemApprovals), depends{approvals: true})
			return
		}
		said := all
		if !ok {
			said = slices.DeleteFunc(slices.Clone(all), func(b ballot) bool { return !b.against })
		}
		if len(said) > 0 || len(all) == 0 { // an export without reviews says that there were none
			r.bindBallots(i, n, said, of, cast{by: binding, m: m})
		}
	}
}

// approvable is what a statement may approve: the artifact, or else the commits it is about; or why it is nothing.
func (r *run) approvable(st *attest.Statement) (of []source, why string) {
	of, other := r.sources(st)
	if attest.ViewOf(st.PredicateType) == attest.ViewApproval {
		mismatch := r.request.Artifact.BoundBy(st)
		switch {
		case mismatch == nil:
			return []source{{}}, ""
		case len(of) == 0 && other == nil:
			return nil, mismatch.Error()
		}
	}
	switch {
	case len(of) > 0:
		return of, ""
	case other != nil:
		return nil, other.Error()
	}
	return nil, "it is of no commit, and nothing ties a git tree to one"
}

// bindBallots counts the ballots of a bound proof.
func (r *run) bindBallots(i *item, proof int, all []ballot, of []source, c cast) {
	st := i.Statement()
	c.use = r.signing(st.PredicateType, c.m)
	var lacking func(ownership.Duty) (Code, string)
	c.duties, lacking = r.permission(c.by, c.m, c.use)
	if !c.duties.Has(ownership.Witness) && !slices.ContainsFunc(all, func(b ballot) bool { return !b.reported }) {
		code, message := lacking(ownership.Witness) // said once, whatever is reported
		r.lack(i, c.by, c.m, code, message, depends{approvals: true})
		return
	}
	if c.duties.Has(ownership.Witness) && (i.witness == "" || c.by.Credential < i.witness) {
		i.witness = c.by.Credential
	}
	if r.cast += len(all) * len(of); r.cast > MaxRequestApprovals {
		r.exceeded("request-approvals", MaxRequestApprovals)
		return
	}
	p := i.opened.Proofs[proof]
	s := &signature{item: i, part: part{0, st}, undecided: c.m.undecided, proof: p, timedBy: c.m.authority, holders: c.by.Holders,
		signer: r.signer(c.by, p, c.m, 0)}
	for b := range all {
		for _, source := range of {
			c.ballot, c.source = &all[b], source
			if v := r.vote(s, c); v != nil {
				v.proof = proof
				i.votes = append(i.votes, v)
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

// cast is one ballot of a bound signature, for a commit or for the artifact.
type cast struct {
	*ballot
	by     ownership.Binding
	m      moment
	use    ownership.Use
	duties ownership.Duties // of the signer
	source
}

// vote counts a ballot, or records why it does not count.
func (r *run) vote(s *signature, c cast) *vote {
	v := &vote{by: s, approval: c.approval, account: c.account, against: c.against}
	v.approval.Commit, v.approval.SignedAt = c.commit, s.signer.SignedAt
	if !c.enforced { // what those are subjects of is named as their makers like; the predicate names the repository
		v.approval.Repository = cmp.Or(v.approval.Repository, c.repository)
	}
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
	if witness {
		switch {
		case !c.duties.Has(ownership.Witness) && c.by.Person != "":
			return ApprovalVoid, fmt.Sprintf("it names %q as the approver, and %s signed it, who may not witness", c.account, c.by.Person)
		case !c.duties.Has(ownership.Witness):
			_, lacking := r.permission(c.by, c.m, c.use)
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
	duties, lacking := r.permission(ownership.Binding{Credential: c.by.Credential, Holders: []string{person}}, c.m, c.use)
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
		return ApprovalForOtherArtifact, fmt.Sprintf("it is for environment %s, and the request is for %s", cmp.Or(strings.Join(c.environments, ", "), "none"), cmp.Or(r.request.Environment, "none"))
	case c.against || c.enforced:
		return "", ""
	case slices.ContainsFunc(c.own, func(account string) bool { return r.person(account) == v.approval.Person }):
		return ApprovalVoid, fmt.Sprintf("%s %s, and nobody approves what is their own", v.approval.Person, c.owns)
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

// person is whose an account is; "" for nobody's that the model knows.
func (r *run) person(account string) string {
	id, _ := r.model.PersonNamed(account)
	return id
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
			if !v.against && r.tied(v) && (w == policy.Generous || r.decided(j, v.by)) && r.dismissal(v) == nil {
				list = append(list, v)
			}
		}
	}
	return list
}

// tied reports whether an approval is of the artifact, or of a commit that provenance names.
func (r *run) tied(v *vote) bool {
	return v.approval.Commit == "" || r.built[source{v.approval.Commit, v.approval.Repository}]
}
