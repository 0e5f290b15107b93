package verify

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/policy"
)

// This file is the forms in which people's approvals are written, read as one (design §3.3).

// RuleSuitePassed is what a witness's export of a rule suite that passed enforces, as rules see it in the controls
// of an approval.
const RuleSuitePassed = "RULE_SUITE_PASSED"

// ballot is what a statement says of one person's approval, or of what was enforced, whoever signed it.
type ballot struct {
	approval     policy.Approval // what of it rules see as it is written
	account      string          // who approves; "": who signed
	requester    string          // who asked for it; "" if not said
	own          []string        // whose own affair it is, and so not for them to approve
	owns         string          // how it is theirs
	reported     bool            // only a witness can say it
	enforced     bool            // it names nobody
	against      bool            // a rejection or a dismissal
	commits      []string        // those it may be of; nil: those of the statement
	environments []string        // those it is for; nil: any, empty: none
	expires      time.Time
	code         Code // why it counts for nothing; "" if it may
	why          string
}

// refuse says why a ballot counts for nothing.
func (b *ballot) refuse(code Code, why string) { b.code, b.why = code, why }

// ballots reads what a statement says of approvals.
func ballots(st *attest.Statement) ([]ballot, error) {
	a, err := st.Approval()
	if a != nil {
		b := ballot{account: a.Approver, requester: a.RequestedBy, against: a.Decision != "approved", expires: a.Expires,
			approval: policy.Approval{Role: a.Role, From: a.From, Reference: a.Reference, Expires: a.Expires}}
		if a.Environment != "" {
			b.environments = []string{a.Environment}
		}
		return []ballot{b}, nil
	}
	change, changeErr := st.ChangeApproval()
	if change != nil {
		return changed(change), nil
	}
	reviews, reviewsErr := st.Reviews()
	if reviews != nil {
		return reviewed(st, reviews), nil
	}
	summary, summaryErr := st.Summary()
	if summary != nil {
		repository := strings.TrimPrefix(summary.Resource, "git+")
		return []ballot{enforcing(policy.Approval{Repository: repository, Controls: summary.Levels})}, nil
	}
	source, sourceErr := st.SourceProvenance()
	if source != nil {
		approval := policy.Approval{Repository: source.Repository, Reference: source.Ref}
		for _, c := range source.Controls {
			approval.Controls = append(approval.Controls, c.Name)
		}
		return []ballot{enforcing(approval)}, nil
	}
	return nil, errors.Join(err, changeErr, reviewsErr, summaryErr, sourceErr)
}

// enforcing is what a witness says was enforced for a commit; of nothing, it speaks for nothing.
func enforcing(a policy.Approval) ballot {
	b := ballot{reported: true, enforced: true, approval: a}
	if len(a.Controls) == 0 {
		b.refuse(ApprovalVoid, "it says of no control that it was enforced")
	}
	return b
}

// changed reads gittuf's approvals: of the signer, or of those an app reports. They name no time and no
// repository. What they are of is their target: of a tag a commit; a tree is none, whatever the subject says.
func changed(c *attest.ChangeApproval) []ballot {
	made := func(account string, reported, against bool) ballot {
		return ballot{account: account, reported: reported, against: against, commits: []string{c.Target}, expires: c.Expires,
			approval: policy.Approval{Reference: c.Ref, Expires: c.Expires}}
	}
	if c.Approvers == nil && c.Dismissed == nil {
		return []ballot{made("", false, false)}
	}
	var list []ballot
	for _, account := range c.Approvers {
		if !slices.Contains(c.Dismissed, account) {
			list = append(list, made(account, true, false))
		}
	}
	for _, account := range c.Dismissed {
		list = append(list, made(account, true, true))
	}
	return list
}

// reviewed reads what a witness exports of a pull request, a run and a rule suite.
func reviewed(st *attest.Statement, rs *attest.Reviews) []ballot {
	built := rs.Head
	if rs.MergedBy != "" { // until then the merge commit is one that GitHub made to try
		built = rs.Merge
	}
	elsewhere := slices.ContainsFunc(st.Subjects, func(s attest.Subject) bool { return s.URI != "" && s.URI != rs.Repository })
	made := func(account string, commits ...string) ballot {
		b := ballot{account: account, reported: true, commits: commits, approval: policy.Approval{Repository: rs.Repository}}
		switch {
		case account == "":
			b.refuse(ApprovalVoid, "the account of who approved is gone")
		case elsewhere:
			b.refuse(ApprovalForOtherArtifact, "its subject is of another repository than "+rs.Repository)
		}
		return b
	}
	var list []ballot
	for _, last := range deciding(rs.Reviews) {
		b := made(last.Reviewer, built)
		b.own, b.owns = []string{rs.Author}, "is the author of the change"
		b.approval.Reference = fmt.Sprintf("%s/pull/%d", rs.Repository, rs.Number)
		switch {
		case last.State != "APPROVED":
			b.against = true
		case last.Bot:
			b.refuse(ApprovalVoid, "the reviewer is a bot, and only people approve")
		case last.Commit != rs.Head:
			b.refuse(ApprovalForOtherArtifact, fmt.Sprintf("the review is of revision %s, and the change ended as %s", last.Commit, rs.Head))
		}
		list = append(list, b)
	}
	for _, a := range rs.RunApprovals {
		b := made(a.Reviewer, rs.RunHead)
		b.environments = append([]string{}, a.Environments...)
		b.own, b.owns = rs.RunActors, "owns or started the run"
		switch {
		case a.State == "pending":
			continue
		case a.State != "approved":
			b.against = true
		case a.Bot:
			b.refuse(ApprovalVoid, "who approves the run is a bot, and only people approve")
		}
		list = append(list, b)
	}
	if suite := rs.RuleSuite; suite != nil {
		b := ballot{reported: true, enforced: true, against: suite.Result != "pass", commits: []string{suite.After}, approval: policy.Approval{Repository: rs.Repository, Reference: suite.Ref}}
		if !b.against {
			b.approval.Controls = []string{RuleSuitePassed}
		}
		list = append(list, b)
	}
	return list
}

// deciding gives of each reviewer the last review that decides, as who exports them says when they were made.
func deciding(all []attest.Review) []attest.Review {
	var list []attest.Review
	for _, review := range all {
		if review.State == "COMMENTED" || review.State == "PENDING" {
			continue
		}
		i := slices.IndexFunc(list, func(r attest.Review) bool { return r.Reviewer == review.Reviewer && r.Reviewer != "" })
		switch {
		case i < 0:
			list = append(list, review)
		case supersedes(review, list[i]):
			list[i] = review
		}
	}
	return list
}

// supersedes reports whether a review is later than one before it in the list, by the times that are said; where
// one is not, what does not approve is the later.
func supersedes(x, y attest.Review) bool {
	if x.ClaimedAt.IsZero() || y.ClaimedAt.IsZero() {
		return y.State == "APPROVED"
	}
	return !x.ClaimedAt.Before(y.ClaimedAt)
}
