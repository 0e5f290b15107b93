package attest

import (
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Reviews is the view of github-reviews v1: what GitHub's API says of how a commit was reviewed and how its
// build was let through, carried by a witness, for GitHub signs none of it. UNVERIFIED, like the statement it is
// decoded from, whose subject is the commit that was built; read-only. Required are the repository and one at
// least of reviews, run approvals and a rule suite. Beside GitHub's own objects, in which unknown fields are
// ignored, unknown fields and null are refused. What anything in it counts for is not judged.
//
// People are accounts by their number ("github:583231"), never by their login, which changes hands; "" is one
// that GitHub no longer knows. Commits are in lower-case hexadecimal.
// Source: predicates/github-reviews.md; docs.github.com/rest, pulls, actions and repos.
type Reviews struct {
	// Repository is the repository's URL: https://github.com/, its owner and its name.
	Repository string
	// Number is the pull request's number; 0 if there is none, and then its other fields and Reviews are empty.
	Number int64
	// Author is who opened the pull request.
	Author string
	// MergedBy is who merged it; "" as long as nobody has.
	MergedBy string
	// Head is the last commit of the pull request.
	Head string
	// Merge is the commit that merged it, "" if GitHub has none. Until it is merged (MergedBy) it is one that
	// GitHub made to try whether it can be.
	Merge string
	// Reviews are its reviews, in the order written; nil if they are not there, empty if there are none.
	Reviews []Review
	// RunHead is the commit of the run of a workflow; "" if there is no run, and then its other fields are empty.
	RunHead string
	// RunActors are who the run is of and who started it, each once.
	RunActors []string
	// RunApprovals are the decisions on whether the run may go on, in the order written.
	RunApprovals []RunApproval
	// RuleSuite is how the rules of the repository judged a push; nil if it is not there.
	RuleSuite *RuleSuite
}

// Review is one review of a pull request.
type Review struct {
	// Reviewer is who reviewed.
	Reviewer string
	// Bot reports whether GitHub says that the reviewer is no person.
	Bot bool
	// State is "APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED" or "PENDING".
	State string
	// Commit is the commit that was reviewed; "" if GitHub no longer has it.
	Commit string
	// ClaimedAt is when GitHub says that it was submitted, in UTC: a claim. Zero if it has not been.
	ClaimedAt time.Time
}

// RunApproval is one decision on whether a run may use environments.
type RunApproval struct {
	// Reviewer is who decided.
	Reviewer string
	// Bot reports whether GitHub says that the reviewer is no person.
	Bot bool
	// State is "approved", "rejected" or "pending".
	State string
	// Environments are the names of those it is for.
	Environments []string
}

// RuleSuite is how the rules of a repository judged a push.
type RuleSuite struct {
	// Result is "pass", "fail" or "bypass".
	Result string
	// Actor is who pushed.
	Actor string
	// Before and After are the commits the branch or tag pointed to before and after; zeros of none.
	Before, After string
	// Ref is the branch or tag, in full.
	Ref string
}

// Reviews decodes the predicate, once; it is safe for use by many goroutines. Both results are nil if the
// predicate has no [ViewReviews]; an error is a [*SyntaxError] or a [*LimitError].
func (st *Statement) Reviews() (*Reviews, error) { return as[Reviews](st.decode(ViewReviews)) }

// github is how the accounts of GitHub begin.
const github = "github:"

// The names this project gives, which are all there may be, and those read of GitHub's objects, which must be there.
var (
	reviewsNames     = names{"repository", "pull_request", "reviews", "run", "run_approvals", "rule_suite"}
	reviewsMust      = names{"repository"}
	pullRequestNames = names{"number", "user", "head", "merge_commit_sha", "merged_by"}
	pullRequestMust  = names{"number", "user", "head"}
	headNames        = names{"sha"}
	userNames        = names{"id", "type"}
	reviewNames      = names{"user", "state", "commit_id", "submitted_at"}
	reviewMust       = names{"user", "state", "commit_id"}
	runNames         = names{"head_sha", "actor", "triggering_actor"}
	runApprovalNames = names{"user", "state", "environments"}
	environmentNames = names{"name"}
	ruleSuiteNames   = names{"result", "actor_id", "before_sha", "after_sha", "ref"}
)

func (r *reader) githubReviews() any {
	v := new(Reviews)
	reviewed, approved := false, false
	for name := range r.only(reviewsNames, reviewsMust) {
		switch name {
		case "repository":
			v.Repository = r.repository()
		case "pull_request":
			r.pullRequest(v)
		case "reviews":
			reviewed, v.Reviews = true, r.reviews()
		case "run":
			r.run(v)
		case "run_approvals":
			approved, v.RunApprovals = true, r.runApprovals()
		case "rule_suite":
			v.RuleSuite = r.ruleSuite()
		}
	}
	switch {
	case reviewed && v.Number == 0:
		r.fail("has reviews and no pull_request; expected that which was reviewed")
	case approved && v.RunHead == "":
		r.fail("has run_approvals and no run; expected that which was approved")
	case !reviewed && !approved && v.RuleSuite == nil:
		r.fail("has none of reviews, run_approvals and rule_suite; expected one at least")
	}
	return v
}

// repository reads the URL of a repository of github.com: elsewhere the same number is another account.
func (r *reader) repository() string {
	s := r.text()
	path, ok := strings.CutPrefix(s, "https://github.com/")
	owner, name, _ := strings.Cut(path, "/")
	if !ok || !slug(owner) || !slug(name) {
		r.fail("is %s; expected https://github.com/, an owner, / and a name", quote(s))
	}
	return s
}

// slug reports whether a text has only what the names of owners and repositories are made of.
func slug(s string) bool {
	return s != "" && strings.IndexFunc(s, func(c rune) bool {
		return c != '.' && c != '_' && c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
	}) < 0
}

func (r *reader) pullRequest(v *Reviews) {
	for name := range r.whole(pullRequestNames, pullRequestMust) {
		switch name {
		case "number":
			v.Number = r.positive()
		case "user":
			v.Author, _ = r.user()
		case "head":
			for range r.whole(headNames, headNames) {
				v.Head = r.revision()
			}
		case "merge_commit_sha":
			v.Merge = r.optionalRevision()
		case "merged_by":
			v.MergedBy, _ = r.user()
		}
	}
}

func (r *reader) reviews() []Review {
	list := []Review{}
	for range r.entries() {
		var v Review
		for name := range r.whole(reviewNames, reviewMust) {
			switch name {
			case "user":
				v.Reviewer, v.Bot = r.user()
			case "state":
				v.State = r.one("APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED", "PENDING")
			case "commit_id":
				v.Commit = r.optionalRevision()
			case "submitted_at":
				if !r.null() {
					v.ClaimedAt = r.moment()
				}
			}
		}
		list = append(list, v)
	}
	return list
}

func (r *reader) run(v *Reviews) {
	var actor, trigger string
	for name := range r.whole(runNames, runNames) {
		switch name {
		case "head_sha":
			v.RunHead = r.revision()
		case "actor":
			actor, _ = r.user()
		case "triggering_actor":
			trigger, _ = r.user()
		}
	}
	if v.RunActors = []string{actor}; trigger != actor {
		v.RunActors = append(v.RunActors, trigger)
	}
}

func (r *reader) runApprovals() (list []RunApproval) {
	for range r.entries() {
		var v RunApproval
		for name := range r.whole(runApprovalNames, runApprovalNames) {
			switch name {
			case "user":
				v.Reviewer, v.Bot = r.user()
			case "state":
				v.State = r.one(approved, rejected, "pending")
			case "environments":
				v.Environments = r.environments()
			}
		}
		list = append(list, v)
	}
	return list
}

func (r *reader) environments() (list []string) {
	for range r.entries() {
		for range r.whole(environmentNames, environmentNames) {
			list = append(list, r.needed())
		}
	}
	return list
}

func (r *reader) ruleSuite() *RuleSuite {
	s := new(RuleSuite)
	for name := range r.whole(ruleSuiteNames, ruleSuiteNames) {
		switch name {
		case "result":
			s.Result = r.one("pass", "fail", "bypass")
		case "actor_id":
			s.Actor = r.numbered()
		case "before_sha":
			s.Before = r.revision()
		case "after_sha":
			s.After = r.revision()
		case "ref":
			s.Ref = r.needed()
		}
	}
	return s
}

// user reads an account by its number, and whether it is no person's; "" where null stands for one that is gone.
func (r *reader) user() (account string, bot bool) {
	if r.null() {
		return "", false
	}
	for name := range r.whole(userNames, userNames) {
		if name == "id" {
			r.is(jsontext.KindNumber)
			account = r.numbered()
		} else {
			bot = r.needed() != "User"
		}
	}
	return account, bot
}

// numbered reads the number of an account as the account; "" where null stands for none.
func (r *reader) numbered() string {
	if r.null() {
		return ""
	}
	return github + strconv.FormatInt(r.positive(), 10)
}

func (r *reader) optionalRevision() string {
	if r.null() {
		return ""
	}
	return r.revision()
}
