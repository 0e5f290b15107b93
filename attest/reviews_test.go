package attest_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/surety-dev/surety/attest"
)

// reviewing are reviews of GitHub, with a part of all else that its API gives.
func reviewing() []sample {
	head, merge, before := hexOf(40, 1), hexOf(40, 2), hexOf(40, 3)
	user := func(login, id, typ string) string {
		return `{"login":"` + login + `","id":` + id + `,"node_id":"MDQ6","type":"` + typ + `","user_view_type":"public","site_admin":false}`
	}
	alice, bob, bot := user("alice", "583231", "User"), user("bob", "7", "User"), user("dependabot[bot]", "49699333", "Bot")
	pull := `{"id":1,"number":42,"state":"closed","title":"x","user":` + alice + `,"merged":true,"merged_at":"2026-01-02T03:04:05Z","merged_by":` + bob + `,"merge_commit_sha":"` + merge + `",
		"head":{"label":"acme:fix","ref":"fix","sha":"` + head + `","user":` + bot + `,"repo":null},"base":{"ref":"main","sha":"` + before + `"}}`
	reviews := `[{"id":1,"node_id":"x","user":` + bob + `,"body":"ok","state":"CHANGES_REQUESTED","submitted_at":"2026-01-02T03:04:05Z","commit_id":"` + before + `","author_association":"MEMBER"},
		{"id":2,"user":` + bob + `,"state":"APPROVED","submitted_at":"2026-01-02T12:04:05.5Z","commit_id":"` + head + `"},{"user":` + bot + `,"state":"COMMENTED","commit_id":"` + head + `"},
		{"user":null,"state":"DISMISSED","commit_id":null,"submitted_at":null},{"user":` + bob + `,"state":"PENDING","commit_id":"` + head + `"}]`
	run := `{"id":9,"head_branch":"main","head_sha":"` + merge + `","status":"completed","actor":` + alice + `,"triggering_actor":` + bob + `,"repository":{"id":5}}`
	approvals := `[{"state":"approved","comment":"go","environments":[{"id":1,"name":"production","url":"u"},{"id":2,"name":"eu west"}],"user":` + bob + `},{"state":"rejected","comment":"","environments":[{"name":"production"}],"user":` + bot + `},{"state":"pending","environments":[],"user":null}]`
	suite := `{"id":21,"actor_id":583231,"actor_name":"alice","before_sha":"` + before + `","after_sha":"` + merge + `","ref":"refs/heads/main","repository_id":404,"pushed_at":"2026-01-02T03:04:05Z","result":"bypass","evaluation_result":"fail","rule_evaluations":[]}`
	const repository = `{"repository":"https://github.com/acme/payments.v2",`
	pulled := func(v attest.Reviews) *attest.Reviews {
		v.Repository, v.Number, v.Author, v.MergedBy, v.Head, v.Merge = "https://github.com/acme/payments.v2", 42, "github:583231", "github:7", head, merge
		return &v
	}
	listed := []attest.Review{
		{Reviewer: "github:7", State: "CHANGES_REQUESTED", Commit: before, ClaimedAt: morning}, {Reviewer: "github:7", State: "APPROVED", Commit: head, ClaimedAt: noon},
		{Reviewer: "github:49699333", Bot: true, State: "COMMENTED", Commit: head}, {State: "DISMISSED"}, {Reviewer: "github:7", State: "PENDING", Commit: head},
	}
	let := []attest.RunApproval{
		{Reviewer: "github:7", State: "approved", Environments: []string{"production", "eu west"}}, {Reviewer: "github:49699333", Bot: true, State: "rejected", Environments: []string{"production"}}, {State: "pending"},
	}
	bypassed := &attest.RuleSuite{Result: "bypass", Actor: "github:583231", Before: before, After: merge, Ref: "refs/heads/main"}
	return []sample{
		{"reviews", attest.ReviewsType, repository + `"pull_request":` + pull + `,"reviews":` + reviews + `,"run":` + run + `,"run_approvals":` + approvals + `,"rule_suite":` + suite + `}`,
			pulled(attest.Reviews{Reviews: listed, RunHead: merge, RunActors: []string{"github:583231", "github:7"}, RunApprovals: let, RuleSuite: bypassed})},
		{"reviews, in another order", attest.ReviewsType, `{"reviews":[],"pull_request":` + pull + `,"repository":"https://github.com/acme/payments.v2"}`, pulled(attest.Reviews{Reviews: []attest.Review{}})},
		{"reviews, open and of nobody", attest.ReviewsType, `{"repository":"https://github.com/a_b/-","reviews":[],"pull_request":{"number":9223372036854775807,"user":null,"head":{"sha":"` + hexOf(64, 4) + `"},"merge_commit_sha":null,"merged_by":null}}`,
			&attest.Reviews{Repository: "https://github.com/a_b/-", Number: 1<<63 - 1, Head: hexOf(64, 4), Reviews: []attest.Review{}}},
		{"reviews, neither merge nor merger", attest.ReviewsType, `{"repository":"https://github.com/a/b","rule_suite":` + strings.Replace(suite, "583231", "null", 1) + `,"pull_request":{"number":1,"user":null,"head":{"sha":"` + head + `"}}}`,
			&attest.Reviews{Repository: "https://github.com/a/b", Number: 1, Head: head, RuleSuite: &attest.RuleSuite{Result: "bypass", Before: before, After: merge, Ref: "refs/heads/main"}}},
		{"reviews, of a run", attest.ReviewsType, `{"repository":"https://github.com/a/b","run_approvals":[],"run":` + strings.Replace(run, bob, alice, 1) + `}`, &attest.Reviews{Repository: "https://github.com/a/b", RunHead: merge, RunActors: []string{"github:583231"}}},
		{"reviews, of a push", attest.ReviewsType, `{"repository":"https://github.com/A/` + strings.Repeat("b", 100) + `","rule_suite":` + suite + `}`, &attest.Reviews{Repository: "https://github.com/A/" + strings.Repeat("b", 100), RuleSuite: bypassed}},
	}
}

func reviewsFaults() []fault {
	const s, none, run, push = "reviews", "reviews, in another order", "reviews, of a run", "reviews, of a push"
	head, merge, before := hexOf(40, 1), hexOf(40, 2), hexOf(40, 3)
	return []fault{
		{s, "a field of its own", `{"repository"`, `{"comment":"x","repository"`, ".comment", "is not known; expected only repository, pull_request, reviews, run, run_approvals, rule_suite"},
		{s, "a name of its own in another spelling", `"pull_request"`, `"pullRequest"`, ".pullRequest", `another spelling of "pull_request"`},
		{s, "an API's name in another spelling", `"merged_by"`, `"mergedBy":null,"merged_by"`, ".pull_request.mergedBy", `another spelling of "merged_by"`},
		{s, "a repository elsewhere", "https://github.com/", "https://github.acme.test/", ".repository", `is "https://github.acme.test/acme/payments.v2"; expected https://github.com/, an owner, / and a name`},
		{s, "a repository in the clear", "https://github.com/", "http://github.com/", ".repository", "expected https://github.com/"},
		{s, "a repository without a host", "https://github.com/", "", ".repository", "expected https://github.com/"},
		{s, "a repository that is an owner", "/payments.v2", "", ".repository", "an owner, / and a name"},
		{s, "a repository without a name", "payments.v2", "", ".repository", "an owner, / and a name"},
		{s, "a repository without an owner", "acme/", "/", ".repository", "an owner, / and a name"},
		{s, "a repository in other letters", "payments.v2", "p\u0430yments", ".repository", "an owner, / and a name"},
		{s, "a part of a repository", "payments.v2", "payments.v2/pulls", ".repository", "an owner, / and a name"},
		{s, "a repository with a query", "payments.v2", "payments.v2?x", ".repository", "an owner, / and a name"},
		{s, "a pull request of nothing", `"number":42`, `"number":0`, ".pull_request.number", "expected an integer from 1"},
		{s, "a pull request's number a string", `"number":42`, `"number":"42"`, ".pull_request.number", "is a string; expected a number"},
		{s, "an author by login", `"user":{"login":"alice","id":583231`, `"user":{"login":"alice","id":"alice"`, ".pull_request.user.id", "is a string; expected a number"},
		{s, "an author of number null", `"user":{"login":"alice","id":583231`, `"user":{"login":"alice","id":null`, ".pull_request.user.id", "is null; expected a number"},
		{s, "an author of number 0", `"id":583231`, `"id":0`, ".pull_request.user.id", "expected an integer from 1"},
		{s, "an author with a fraction", `"id":583231`, `"id":583231.0`, ".pull_request.user.id", `is "583231.0"; expected an integer`},
		{s, "an author below zero", `"id":583231`, `"id":-583231`, ".pull_request.user.id", "expected an integer from 1"},
		{s, "a head a branch", `"sha":"` + head, `"sha":"main`, ".pull_request.head.sha", "is not lower-case hexadecimal"},
		{s, "a head empty", `"sha":"` + head, `"sha":"`, ".pull_request.head.sha", "has 0 digits; expected the 40 or 64"},
		{s, "a merge shortened", `"merge_commit_sha":"` + merge, `"merge_commit_sha":"abcdef01`, ".pull_request.merge_commit_sha", "has 8 digits; expected the 40 or 64"},
		{s, "a merger by login", `"merged_by":{"login":"bob"`, `"merged_by":"bob","x":{"login":"bob"`, ".pull_request.merged_by", "is a string; expected an object"},
		{s, "a state in small letters", `"APPROVED"`, `"approved"`, ".reviews[1].state", `is "approved"; expected "APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED" or "PENDING"`},
		{s, "a state of its own", `"DISMISSED"`, `"WITHDRAWN"`, ".reviews[3].state", `is "WITHDRAWN"`},
		{s, "a state of GraphQL's verdict", `"CHANGES_REQUESTED"`, `"REQUEST_CHANGES"`, ".reviews[0].state", `is "REQUEST_CHANGES"`},
		{s, "a reviewer a string", `{"user":null,`, `{"user":"bob",`, ".reviews[3].user", "is a string; expected an object"},
		{s, "an author of no type", `"type":"User","user_view_type":"public"`, `"type":"","user_view_type":"public"`, ".pull_request.user.type", "is empty"},
		{s, "a reviewed commit in capitals", `"commit_id":"` + before, `"commit_id":"` + strings.Repeat("AB", 20), ".reviews[0].commit_id", "is not lower-case hexadecimal"},
		{s, "a time without a zone", `"submitted_at":"2026-01-02T03:04:05Z"`, `"submitted_at":"2026-01-02T03:04:05"`, ".reviews[0].submitted_at", "expected an RFC 3339 time"},
		{s, "a time before any", `"submitted_at":"2026-01-02T03:04:05Z"`, `"submitted_at":"0001-01-01T00:00:00Z"`, ".reviews[0].submitted_at", "in 1900 or later"},
		{none, "reviews an object", `"reviews":[]`, `"reviews":{}`, ".reviews", "is an object; expected an array"},
		{none, "reviews null", `"reviews":[]`, `"reviews":null`, ".reviews", "is null; expected an array"},
		{s, "a review null", `"reviews":[`, `"reviews":[null,`, ".reviews[0]", "is null; expected an object"},
		{s, "a run of a branch", `"head_sha":"` + merge, `"head_sha":"main`, ".run.head_sha", "is not lower-case hexadecimal"},
		{s, "a decision in capitals", `"approved"`, `"APPROVED"`, ".run_approvals[0].state", `is "APPROVED"; expected "approved", "rejected" or "pending"`},
		{s, "an environment a string", `{"id":1,"name":"production","url":"u"}`, `"production"`, ".run_approvals[0].environments[0]", "is a string; expected an object"},
		{s, "an environment without a name", `"name":"eu west"`, `"title":"eu west"`, ".run_approvals[0].environments[1]", "has no name"},
		{s, "an environment empty", `eu west`, ``, ".run_approvals[0].environments[1].name", "is empty"},
		{s, "a push that was judged otherwise", `"bypass"`, `"passed"`, ".rule_suite.result", `is "passed"; expected "pass", "fail" or "bypass"`},
		{s, "a push of a login", `"actor_id":583231`, `"actor_id":"alice"`, ".rule_suite.actor_id", "is a string; expected a number"},
		{s, "a push of no reference", `"refs/heads/main","repository_id"`, `"","repository_id"`, ".rule_suite.ref", "is empty"},
		{s, "a push from a branch", `"before_sha":"` + before, `"before_sha":"main`, ".rule_suite.before_sha", "is not lower-case hexadecimal"},
		{s, "a push to nothing", `"after_sha":"` + merge + `"`, `"after_sha":null`, ".rule_suite.after_sha", "is null; expected a string"},
		{s, "a rule suite null", `"rule_suite":{`, `"rule_suite":null,"x":{`, ".rule_suite", "is null; expected an object"},
		{run, "approvals of no run", `"run":{`, `"rule_suite":{"result":"pass","actor_id":1,"before_sha":"` + head + `","after_sha":"` + head + `","ref":"r"},"pull_request":{"number":1,"user":null,"head":{"sha":"` + head + `"},`, "", "has run_approvals and no run; expected that which was approved"},
		{run, "a run alone", `"run_approvals":[],`, ``, "", "has none of reviews, run_approvals and rule_suite; expected one at least"},
		{run, "reviews of no pull request", `"run_approvals":[]`, `"reviews":[]`, "", "has reviews and no pull_request; expected that which was reviewed"},
		{push, "a number with an exponent", `"actor_id":583231`, `"actor_id":5e5`, ".rule_suite.actor_id", `is "5e5"; expected an integer`},
	}
}

// TestReviewsUnknown: GitHub may say more in its objects wherever it likes; beside them nobody may.
func TestReviewsUnknown(t *testing.T) {
	t.Parallel()
	s := reviewing()[0]
	for i := range len(s.predicate) {
		if s.predicate[i] != '{' {
			continue
		}
		more := s.predicate[:i+1] + `"zz":{"User":[],"user":{}},` + s.predicate[i+1:]
		v, err := decoded(t, statementOf(t, s.predicateType, more))
		var e *attest.SyntaxError
		if i == 0 {
			if v != nil || !errors.As(err, &e) || !strings.HasPrefix(e.Msg, "is not known; expected only ") {
				t.Errorf("a field beside GitHub's: %v, %v", v, err)
			}
		} else if v == nil || err != nil {
			t.Errorf("a field of GitHub's at %d: %v", i, err)
		}
	}
}

// TestReviewsNothing: null and empty values never stand for an absent object beside GitHub's own.
func TestReviewsNothing(t *testing.T) {
	t.Parallel()
	s := reviewing()[0]
	var members map[string]any
	if err := json.Unmarshal([]byte(s.predicate), &members); err != nil {
		t.Fatal(err)
	}
	for name, value := range members {
		for _, nothing := range []any{nil, "", []any{}, map[string]any{}, 0, false} {
			_, list := nothing.([]any)
			if list && slices.Contains([]string{"reviews", "run_approvals"}, name) {
				continue // nobody has reviewed, or decided
			}
			members[name] = nothing
			if v, err := decoded(t, statementOf(t, s.predicateType, string(encoded(t, members)))); v != nil || err == nil {
				t.Errorf("%s of %v: %v", name, nothing, v)
			}
		}
		members[name] = value
	}
}
