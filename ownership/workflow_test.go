package ownership_test

import (
	"strings"
	"testing"

	"github.com/surety-dev/surety/ownership"
)

// TestWorkflow: a grant fits what its workflow says of the claims of a certificate, part by part; what is not
// there, or can be read in two ways, does not fit (requirement R42).
func TestWorkflow(t *testing.T) {
	t.Parallel()
	const (
		repository = "https://github.com/acme/payments"
		file       = repository + "/.github/workflows/release.yaml"
		digest     = "0123456789abcdef0123456789abcdef01234567"
		config     = "buildConfigURI"
	)
	said := func(uri string) map[string]string {
		return map[string]string{config: uri, "sourceRepositoryURI": repository, "buildConfigDigest": digest, "buildTrigger": "push", "buildSignerURI": file + "@refs/heads/signer"}
	}
	without := func(name string) map[string]string {
		claims := said(file + "@refs/tags/v1")
		delete(claims, name)
		return claims
	}
	tag := said(file + "@refs/tags/v1")
	var build ownership.Duties
	build = build.Add(ownership.Build)
	for _, r := range []struct {
		name, workflow string
		claims         map[string]string
		want           ownership.Unapproved // zero: it fits
	}{
		{"its uri", "uri: " + file, tag, ownership.Unapproved{}},
		{"its uri, a pattern", "uri: " + repository + "/.github/workflows/*", tag, ownership.Unapproved{}},
		{"another uri", "uri: " + repository + "/.github/workflows/test.yaml", tag, ownership.Unapproved{Claim: config, Seen: file, Want: "a workflow " + repository + "/.github/workflows/test.yaml"}},
		{"its path", "path: .github/workflows/release.yaml", tag, ownership.Unapproved{}},
		{"its path, as GitLab writes it", "path: .gitlab-ci.yml", said(repository + "//.gitlab-ci.yml@refs/tags/v1"), ownership.Unapproved{}},
		{"another path", "path: .github/workflows/test.yaml", tag, ownership.Unapproved{Claim: config, Seen: ".github/workflows/release.yaml", Want: "a path .github/workflows/test.yaml"}},
		{"a path in another repository", "path: \"**\"", said(repository + "-evil/.github/workflows/release.yaml@refs/tags/v1"),
			ownership.Unapproved{Claim: config, Seen: repository + "-evil/.github/workflows/release.yaml@refs/tags/v1", Want: "a path **"}},
		{"a path, of no repository", "path: \"**\"", without("sourceRepositoryURI"), ownership.Unapproved{Claim: config, Seen: file + "@refs/tags/v1", Want: "a path **"}},
		{"its ref", "ref: refs/tags/*", tag, ownership.Unapproved{}},
		{"another ref", "ref: refs/tags/*", said(file + "@refs/heads/main"), ownership.Unapproved{Claim: config, Seen: "refs/heads/main", Want: "a ref refs/tags/*"}},
		{"a branch with an @", "ref: refs/heads/**", said(file + "@refs/heads/npm/@types/node"), ownership.Unapproved{}},
		{"a branch that looks like a tag", "ref: refs/tags/**", said(file + "@refs/heads/x@refs/tags/v1"), ownership.Unapproved{Claim: config, Seen: file + "@refs/heads/x@refs/tags/v1", Want: "a ref refs/tags/**"}},
		{"a file that looks like a tag", "{uri: " + file + ", ref: refs/tags/**}", said(file + "@refs/tags/v1@refs/heads/x"), ownership.Unapproved{Claim: config, Seen: file + "@refs/tags/v1@refs/heads/x", Want: "a workflow " + file}},
		{"no ref", "ref: \"**\"", said(file), ownership.Unapproved{Claim: config, Seen: file, Want: "a ref **"}},
		{"an empty ref", "uri: \"**\"", said(file + "@"), ownership.Unapproved{Claim: config, Seen: file + "@", Want: "a workflow **"}},
		{"its commit", "digest: [" + strings.Repeat("f", 64) + ", " + digest + "]", tag, ownership.Unapproved{}},
		{"another commit", "digest: [" + strings.Repeat("f", 40) + "]", tag, ownership.Unapproved{Claim: "buildConfigDigest", Seen: digest, Want: strings.Repeat("f", 40)}},
		{"no commit", "digest: [" + digest + "]", without("buildConfigDigest"), ownership.Unapproved{Claim: "buildConfigDigest", Want: digest}},
		{"its trigger", "trigger: [workflow_dispatch, push]", tag, ownership.Unapproved{}},
		{"another trigger", "trigger: [workflow_dispatch, release]", tag, ownership.Unapproved{Claim: "buildTrigger", Seen: "push", Want: "workflow_dispatch or release"}},
		{"a trigger by case", "trigger: [Push]", tag, ownership.Unapproved{Claim: "buildTrigger", Seen: "push", Want: "Push"}},
		{"no trigger", "trigger: [push]", without("buildTrigger"), ownership.Unapproved{Claim: "buildTrigger", Want: "push"}},
		{"all of it", "{uri: " + file + ", ref: refs/tags/*, digest: [" + digest + "], trigger: [push]}", tag, ownership.Unapproved{}},
		{"all but the last", "{uri: " + file + ", ref: refs/tags/*, digest: [" + digest + "], trigger: [release]}", tag, ownership.Unapproved{Claim: "buildTrigger", Seen: "push", Want: "release"}},
		{"no claims", "trigger: [push]", nil, ownership.Unapproved{Claim: "buildTrigger", Want: "push"}},
		{"no claims, of a uri", "uri: \"**\"", nil, ownership.Unapproved{Claim: config, Want: "a workflow **"}},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			workflow := "{" + strings.Trim(r.workflow, "{}") + "}"
			view := load(t, head+people+"grants: [{to: alice, may: [build], artifacts: [x], workflow: "+workflow+"}]\n").At(at(t, "02-02"))
			use := ownership.Use{Artifact: "x", Claims: r.claims}
			want := ownership.Permission{Duties: build}
			if r.want != (ownership.Unapproved{}) {
				want = ownership.Permission{ButWorkflow: build}
			}
			check(t, "may", view.May("alice", use), want)
			got, but := view.Unapproved("alice", use, ownership.Build)
			check(t, "unapproved", got, r.want)
			if but != (r.want != (ownership.Unapproved{})) {
				t.Errorf("unapproved: %v", but)
			}
		})
	}
}

// TestWorkflowInOneGrant: one grant must fit in everything at once; of several that lack the workflow only the
// first of the document is told of, and none that lacks something else too.
func TestWorkflowInOneGrant(t *testing.T) {
	t.Parallel()
	view := load(t, head+people+`grants:
  - {to: alice, may: [build], artifacts: ["**"], predicates: [p], workflow: {trigger: [push]}}
  - {to: alice, may: [build], artifacts: [x], predicates: [q], workflow: {trigger: [release]}}
  - {to: alice, may: [build], artifacts: [x], predicates: [p], workflow: {trigger: [schedule]}}
  - {to: security, may: [build], artifacts: [x], environments: [staging]}
`).At(at(t, "02-02"))
	use := func(predicate, trigger string) ownership.Use {
		return ownership.Use{Artifact: "x", Predicate: predicate, Claims: map[string]string{"buildTrigger": trigger}}
	}
	for _, r := range []struct{ predicate, trigger, want string }{
		{"p", "push", ""}, {"p", "schedule", ""}, {"q", "release", ""}, {"p", "release", "push"}, {"q", "push", "release"}, {"r", "push", "nothing"},
	} {
		p := view.May("alice", use(r.predicate, r.trigger))
		miss, but := view.Unapproved("alice", use(r.predicate, r.trigger), ownership.Build)
		if p.Duties.Has(ownership.Build) != (r.want == "") || p.ButWorkflow.Has(ownership.Build) != (r.want != "" && r.want != "nothing") {
			t.Errorf("%s by %s: %+v", r.predicate, r.trigger, p)
		}
		if r.want == "" || r.want == "nothing" {
			continue
		}
		if !but || miss.Want != r.want {
			t.Errorf("%s by %s: %+v", r.predicate, r.trigger, miss)
		}
	}
	if _, but := view.Unapproved("bob", use("p", "release"), ownership.Build); but {
		t.Error("it is said of who has no grant")
	}
}

// TestWorkflowShown: who could sign is shown with the condition, which is not judged there.
func TestWorkflowShown(t *testing.T) {
	t.Parallel()
	workflow := ", workflow: {path: .github/workflows/release.yaml, ref: \"refs/tags/*\", trigger: [push, release]}"
	text := changed(t, "may: [build, release], artifacts: [\"pkg:generic/payments/**\"]", "may: [build, release], artifacts: [\"pkg:generic/payments/**\"]"+workflow)
	m := load(t, text)
	want := []string{"path .github/workflows/release.yaml", "ref refs/tags/*", "trigger push or release"}
	for _, s := range m.At(at(t, "06-01")).CanSign(payments, "").CouldSign {
		if s.Credential != "ci" {
			continue
		}
		check(t, "workflow", s.Grants[0].Workflow, want)
		if last := s.Because[len(s.Because)-1].Message; !strings.HasSuffix(last, ", with a workflow of "+strings.Join(want, " and ")) {
			t.Error(last)
		}
	}
	for g := range m.Grants() {
		if g.To == "pipeline" {
			check(t, "grant", *g.Workflow, ownership.Workflow{Path: ".github/workflows/release.yaml", Ref: "refs/tags/*", Triggers: []string{"push", "release"}})
		}
	}
}

func TestWrongWorkflow(t *testing.T) {
	t.Parallel()
	for _, r := range []struct{ name, text, want string }{
		{"nothing said", "{}", "12:62: a workflow of which nothing is said: expected one or more of uri, path, ref, digest, trigger"},
		{"a string", "release.yaml", `12:62: the string "release.yaml": expected a mapping`},
		{"an unknown field", "{triggers: [push]}", `12:63: unknown field "triggers": expected one of uri, path, ref, digest, trigger; did you mean "trigger"?`},
		{"a path beside a uri", "{uri: a, path: b}", "12:77: a path beside a uri: expected one of them"},
		{"a ref in the uri", "{uri: a@refs/tags/v1}", `12:68: "a@refs/tags/v1" has an @, which begins the ref: expected a pattern of what stands before it, and the ref in ref`},
		{"a ref in the path", "{path: a@*}", `12:69: "a@*" has an @, which begins the ref: expected a pattern of what stands before it, and the ref in ref`},
		{"an empty ref", "{ref: \"\"}", "12:68: an empty string: expected one or more characters"},
		{"a wrong pattern", "{ref: \"refs/tags/v?\"}", `12:68: "?" in a pattern: expected only * and ** as wildcards`},
		{"no commits", "{digest: []}", "12:71: an empty list: expected one or more items, or the field left out"},
		{"a short commit", "{digest: [\"0123456\"]}", `12:72: "0123456": expected a commit, 40 or 64 characters of lower-case hex`},
		{"a commit in capitals", "{digest: [" + strings.Repeat("F", 40) + "]}", `12:72: "` + strings.Repeat("F", 40) + `": expected a commit, 40 or 64 characters of lower-case hex`},
		{"a commit twice", "{digest: [" + strings.Repeat("f", 40) + ", " + strings.Repeat("f", 40) + "]}", `12:114: "` + strings.Repeat("f", 40) + `" for the second time: expected each once`},
		{"a trigger twice", "{trigger: [push, push]}", `12:79: "push" for the second time: expected each once`},
		{"an empty trigger", "{trigger: [\"\"]}", "12:73: an empty string: expected one or more characters"},
		{"a trigger that is none", "{trigger: [push, 1]}", "12:79: the number 1: expected a string"},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			_, err := ownership.Load(tree(head+people+"grants: [{to: alice, may: [build], artifacts: [x], workflow: "+r.text+"}]\n"), "ownership.yaml")
			if err == nil || !strings.HasPrefix(err.Error(), "ownership.yaml:"+r.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got  %v\nwant ownership.yaml:%s", err, r.want)
			}
		})
	}
}
