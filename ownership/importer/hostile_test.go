package importer_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/ownership/importer"
)

// small is a document that hostile sources aim at.
const small = `apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 3, effectiveFrom: 2026-01-01T00:00:00Z}
people:
  - {id: alice, from: 2023-01-01T00:00:00Z, accounts: ["github-login:alice", "email:alice@acme.test", "github:1"]}
  - {id: bob, from: 2023-01-01T00:00:00Z, accounts: ["github-login:bob", "email:bob@acme.test", "employee:7"]}
  - {id: carol, from: 2023-01-01T00:00:00Z, until: 2026-06-01T00:00:00Z, accounts: ["github-login:carol"]}
teams:
  - {id: release, members: [{person: alice}, {person: bob, until: 2026-02-01T00:00:00Z}]}
  - {id: audit, members: [{person: bob}], sources: ["org.yaml:1"]}
grants:
  - {to: bob, may: [review], artifacts: ["pkg:generic/core/**"], until: 2026-03-01T00:00:00Z}
  - {to: alice, may: [approve], artifacts: ["pkg:generic/core/**"]}
controls:
  - {control: release-policy, artifacts: ["pkg:generic/core/**"], accountable: release}
`

func source(format, path, data string) importer.Source {
	return importer.Source{Format: format, Path: path, Data: []byte(data)}
}

// withCore are options under which core/ is the repository of pkg:generic/core.
func withCore() importer.Options {
	return importer.Options{At: at, Scopes: []importer.Scope{{Path: "core/", Artifacts: "pkg:generic/core/**"}, {Path: "component:default/core", Artifacts: "pkg:generic/core/**"}}}
}

// TestHostile: what a pushed file, or a wrong row, must not do. Each leaves the document byte for byte.
func TestHostile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		sources []importer.Source
		finding string // one of them
	}{
		{"an unscoped path", []importer.Source{source("codeowners", "other/CODEOWNERS", "* @alice\n")}, `other/CODEOWNERS:1: ignored: the rule for "*" is not the last for any scope`},
		{"a login nobody has", []importer.Source{source("codeowners", "CODEOWNERS", "* @alice-\n")}, `CODEOWNERS:1: unresolved: "@alice-": nobody in the document has the account "github-login:alice-"`},
		{"an id as a login", []importer.Source{source("codeowners", "CODEOWNERS", "* @release\n")}, `CODEOWNERS:1: unresolved: "@release": nobody in the document has the account "github-login:release"`},
		{"a team of another organisation", []importer.Source{source("codeowners", "CODEOWNERS", "* @evil/release\n")}, `CODEOWNERS:1: unresolved: "@evil/release": no team of the document is called "evil/release"`},
		{"a grant that has ended", []importer.Source{source("codeowners", "CODEOWNERS", "* @bob\n")}, `CODEOWNERS:1: conflict: "bob" may review pkg:generic/core/**, which the document limits (ownership.yaml:12)`},
		{"somebody who has left", []importer.Source{source("codeowners", "CODEOWNERS", "* @carol\n")}, `CODEOWNERS:1: conflict: "@carol" is "carol", who left at 2026-06-01T00:00:00Z (ownership.yaml:7)`},
		{"ownership taken away", []importer.Source{source("codeowners", "CODEOWNERS", "* @alice\n/core\n")}, `CODEOWNERS:2: ignored: the rule for "/core" gives the scope "core/" to nobody: nobody is granted anything for it`},
		{"a part of a path", []importer.Source{source("codeowners", "CODEOWNERS", "/core/*.go @alice\n/core/s* @alice\n/core/surety-any/ @alice\n/core?/ @alice\n")}, `CODEOWNERS:1: ignored: no rule is for all of the scope "core/": nobody is granted anything for it`},
		{"a wildcard that is none of ours", []importer.Source{source("codeowners", "CODEOWNERS", "* @alice\n{} @bob\n")}, `CODEOWNERS:2: ignored: the rule for "{}" may be for all of the scope "core/", in the place of the one for "*": nobody is granted anything for it`},
		{"a member for a team", []importer.Source{source("kubernetes-owners", "OWNERS_ALIASES", "aliases: {release: [alice, bob]}\n")}, `OWNERS_ALIASES:1: conflict: "bob" is in the team "release", which they have left in the document (ownership.yaml:9)`},
		{"a member for a team from elsewhere", []importer.Source{source("kubernetes-owners", "OWNERS_ALIASES", "aliases: {audit: [alice, bob]}\n")}, `OWNERS_ALIASES:1: conflict: "alice" is in the team "audit", and not in the document, whose team does not come from here (ownership.yaml:10)`},
		{"a team with the id of a person", []importer.Source{source("kubernetes-owners", "OWNERS_ALIASES", "aliases: {alice: [bob]}\n")}, `OWNERS_ALIASES:1: conflict: the team "alice": that is the id of a person (ownership.yaml:5)`},
		{
			"an alias that is somebody else's team",
			[]importer.Source{source("kubernetes-owners", "OWNERS_ALIASES", "aliases: {release: [bob]}\n"), source("kubernetes-owners", "core/OWNERS", "approvers: [release]\n")},
			`core/OWNERS:1: unresolved: "release" names the team "release", of which there is a conflict: nothing is given to it`,
		},
		{"a user's own word for a team", []importer.Source{source("backstage", "c.yaml", user("mallory", "alice@acme.test", "audit"))}, `c.yaml:4: conflict: "alice" is in the team "audit" here, and not where the team is defined`},
		{"a user with two people's accounts", []importer.Source{source("backstage", "c.yaml", strings.Replace(user("mallory", "alice@acme.test", "news"), "{name: mallory}", "{name: mallory, annotations: {github.com/user-login: BOB}}", 1))}, `c.yaml:4: conflict: "user:default/mallory" has accounts of 2 people, "alice" and "bob" among them (ownership.yaml:5)`},
		{
			"one user twice",
			[]importer.Source{
				source("backstage", "a.yaml", user("bob", "bob@acme.test", "")+"---\n"+group("news", "bob")), source("backstage", "b.yaml", user("bob", "alice@acme.test", "")),
			},
			`a.yaml:1: conflict: "user:default/bob" is called so with other accounts elsewhere (b.yaml:1)`,
		},
		{"an owner in the place of another", []importer.Source{source("backstage", "c.yaml", component("group:audit"))}, `c.yaml:4: conflict: "audit" answers for release-policy over pkg:generic/core/**, in the document it is release (ownership.yaml:15)`},
		{"two owners", []importer.Source{source("backstage", "a.yaml", component("audit")), source("backstage", "b.yaml", component("release"))}, `b.yaml:4: conflict: "release" answers for release-policy over pkg:generic/core/**, elsewhere "audit" (a.yaml:4)`},
		{"a person who answers", []importer.Source{source("backstage", "c.yaml", component("user:alice"))}, `c.yaml:4: ignored: the owner "user:default/alice" of "component:default/core": only a group can answer for something`},
		{"a row with two people's accounts", []importer.Source{source("csv", "hr.csv", "id,start,email,accounts\n9,2023-01-01,alice@acme.test,github-login:BOB\n")}, `hr.csv:2: conflict: "9" has accounts of "alice" and of "bob": two people are not made one (ownership.yaml:5)`},
		{"an address given to somebody else", []importer.Source{source("csv", "hr.csv", "id,start,email\n9,2023-01-01,bob@acme.test\n")}, `hr.csv:2: conflict: "9" has an account of "bob", whose number is "7": two people are not made one (ownership.yaml:6)`},
		{"a person with the id of a team", []importer.Source{source("csv", "hr.csv", "id,start\nrelease,2023-01-01\n")}, `hr.csv:2: conflict: "release" is the id of a team with no account in common (ownership.yaml:9)`},
		{"a person with the id of another", []importer.Source{source("csv", "hr.csv", "id,start\nalice,2023-01-01\n")}, `hr.csv:2: conflict: "alice" is the id of a person with no account in common (ownership.yaml:5)`},
		{"a later end", []importer.Source{source("csv", "hr.csv", "id,start,end,accounts\n3,2023-01-01,2027-01-01,github-login:carol employee:3\n")}, `hr.csv:2: conflict: "carol" ends at 2027-01-01T00:00:00Z, in the document at 2026-06-01T00:00:00Z: the row is left out (ownership.yaml:7)`},
		{"no end any more", []importer.Source{source("csv", "hr.csv", "id,start,end,accounts\n3,2023-01-01,,github-login:carol\n")}, `hr.csv:2: conflict: "carol" ends never, in the document at 2026-06-01T00:00:00Z: the row is left out (ownership.yaml:7)`},
		{"an address given on", []importer.Source{source("csv", "hr.csv", "id,name,start,email,accounts,teams\n9,Mallory,2026-05-01,alice@acme.test,github:666,audit\n")}, `hr.csv:2: conflict: "alice" begins at 2026-05-01T00:00:00Z, in the document at 2023-01-01T00:00:00Z: the row is left out (ownership.yaml:5)`},
		{"a login given on, on the day it was first", []importer.Source{source("csv", "hr.csv", "id,name,start,end,accounts,teams\n9,Mallory,2023-01-01,,github-login:carol github:666,audit\n")}, `hr.csv:2: conflict: "carol" ends never, in the document at 2026-06-01T00:00:00Z: the row is left out (ownership.yaml:7)`},
		{"a login given on, in a table without ends", []importer.Source{source("csv", "hr.csv", "id,name,start,accounts,teams\n9,Mallory,2023-01-01,github-login:carol github:666,audit\n")}, `hr.csv:2: conflict: "carol" ends never, in the document at 2026-06-01T00:00:00Z: the row is left out (ownership.yaml:7)`},
		{"an address given on, and an end", []importer.Source{source("csv", "hr.csv", "id,start,end,email\n9,2026-05-01,2026-06-01,alice@acme.test\n")}, `hr.csv:2: conflict: "alice" begins at 2026-05-01T00:00:00Z, in the document at 2023-01-01T00:00:00Z: the row is left out (ownership.yaml:5)`},
		{"an address given to somebody else, and a team", []importer.Source{source("csv", "hr.csv", "id,start,email,teams\n9,2023-01-01,bob@acme.test,news\n")}, `hr.csv:2: conflict: "9" has an account of "bob", whose number is "7": two people are not made one (ownership.yaml:6)`},
		{"a team they have left", []importer.Source{source("csv", "hr.csv", "id,start,teams\n7,2023-01-01,release\n")}, `hr.csv:2: conflict: "bob" is in the team "release", which they have left in the document (ownership.yaml:9)`},
		{"a team they are left out of", []importer.Source{source("csv", "hr.csv", "id,start,teams\n7,2023-01-01,release\n")}, `hr.csv:2: conflict: "alice" is not in the team "release", and in the document is (ownership.yaml:9)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := withCore()
			r := run(t, []byte(small), c.sources, o)
			if diff := cmp.Diff(small, string(r.Document)); diff != "" || r.Changed {
				t.Errorf("the document changes (-before +after):\n%s", diff)
			}
			if !slices.ContainsFunc(r.Findings, func(f importer.Finding) bool { return f.Text() == c.finding }) {
				t.Errorf("findings:\n%swant %s", findings(r), c.finding)
			}
			slices.Reverse(c.sources)
			if diff := cmp.Diff(r, run(t, []byte(small), c.sources, o)); diff != "" {
				t.Errorf("in the other order (-want +got):\n%s", diff)
			}
		})
	}
}

func user(name, email, memberOf string) string {
	s := "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: " + name + "}\nspec: {profile: {email: " + email + "}"
	if memberOf != "" {
		s += ", memberOf: [" + memberOf + "]"
	}
	return s + "}\n"
}

func group(name, member string) string {
	return "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: " + name + "}\nspec: {type: team, children: [], members: [" + member + "]}\n"
}

func component(owner string) string {
	return "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: core}\nspec: {type: service, lifecycle: production, owner: \"" + owner + "\"}\n"
}

// TestDisagreement: of what two sources say differently neither stands, but the narrower time does.
func TestDisagreement(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		sources []importer.Source
		want    string // the lines added
	}{
		{
			"members", []importer.Source{
				source("kubernetes-owners", "a/OWNERS_ALIASES", "aliases: {news: [alice, bob]}\n"), source("kubernetes-owners", "b/OWNERS_ALIASES", "aliases: {news: [alice]}\n"),
			},
			"  - id: news\n    members:\n      - {person: alice, from: 2026-11-20T00:00:00Z, sources: [\"a/OWNERS_ALIASES:1\", \"b/OWNERS_ALIASES:1\"]}\n    sources: [\"a/OWNERS_ALIASES:1\", \"b/OWNERS_ALIASES:1\"]\n",
		},
		{
			"a table speaks for people", []importer.Source{
				source("kubernetes-owners", "OWNERS_ALIASES", "aliases: {news: [alice, bob]}\n"), source("csv", "hr.csv", "id,start,teams\n7,2023-01-01,news\n"),
			},
			"  - id: news\n    members:\n      - {person: bob, from: 2026-11-20T00:00:00Z, sources: [\"OWNERS_ALIASES:1\", \"hr.csv:2\"]}\n    sources: [\"OWNERS_ALIASES:1\", \"hr.csv:2\"]\n",
		},
		{
			"times", []importer.Source{
				source("csv", "a.csv", "id,start,end,name\n9,2024-01-01,2027-01-01,Ann\n"), source("csv", "b.csv", "id,start,end,name\n9,2024-02-01,2026-12-01,Anne\n"),
			},
			"  - {id: \"9\", from: 2024-02-01T00:00:00Z, until: 2026-12-01T00:00:00Z, accounts: [\"employee:9\"], sources: [\"a.csv:2\", \"b.csv:2\"]}\n",
		},
		{
			"the end of a number, and another beginning",
			[]importer.Source{source("csv", "a.csv", "id,start,end,accounts,teams\n7,2022-01-01,2026-12-01,github:666,news\n")},
			"  - {id: bob, from: 2023-01-01T00:00:00Z, accounts: [\"github-login:bob\", \"email:bob@acme.test\", \"employee:7\"], until: 2026-12-01T00:00:00Z, sources: [\"a.csv:2\"]}\n",
		},
		{
			"one number, two people",
			[]importer.Source{source("csv", "a.csv", "id,start,email\n9,2024-01-01,x@acme.test\n10,2024-01-01,x@acme.test\n")},
			"",
		},
		{
			"two numbers, one person",
			[]importer.Source{source("csv", "a.csv", "id,start,email\n9,2024-01-01,x@acme.test\n"), source("csv", "b.csv", "id,start,email\n10,2024-01-01,x@acme.test\n")},
			"",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := run(t, []byte(small), c.sources, importer.Options{At: at})
			if !r.Conflicts() {
				t.Errorf("no conflict:\n%s", findings(r))
			}
			var added strings.Builder
			for line := range strings.Lines(string(r.Document)) {
				if !strings.Contains(small, line) {
					added.WriteString(line)
				}
			}
			if diff := cmp.Diff(c.want, added.String()); diff != "" {
				t.Errorf("added (-want +got):\n%s", diff)
			}
			slices.Reverse(c.sources)
			if diff := cmp.Diff(r, run(t, []byte(small), c.sources, importer.Options{At: at})); diff != "" {
				t.Errorf("in the other order (-want +got):\n%s", diff)
			}
			if again := run(t, r.Document, c.sources, importer.Options{At: at}); again.Changed {
				t.Errorf("again:\n%s", again.Document)
			}
		})
	}
}

// TestAnswers: nobody answers in the place of somebody else, for a part of what they answer for or for more.
func TestAnswers(t *testing.T) {
	t.Parallel()
	const head = `apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 3, effectiveFrom: 2026-01-01T00:00:00Z}
people:
  - {id: alice, from: 2023-01-01T00:00:00Z}
teams:
  - {id: release, members: [{person: alice}]}
  - {id: audit, members: [{person: alice}]}
controls:
`
	for _, c := range []struct {
		name, controls string
		scopes         []string // of the entity core, and of others
		sources        []importer.Source
		want           string // the scopes the entity's owner comes to answer for
		finding        string // one of them
	}{
		{"a part", `{control: release-policy, artifacts: ["pkg:generic/**"], accountable: release}`, []string{"pkg:generic/core/**"}, nil, "", `c.yaml:4: conflict: "audit" answers for release-policy over pkg:generic/core/**, in the document it is release over pkg:generic/** (ownership.yaml:`},
		{"more", `{control: release-policy, artifacts: ["pkg:generic/core/api"], accountable: release}`, []string{"pkg:generic/core/**"}, nil, "", `c.yaml:4: conflict: "audit" answers for release-policy over pkg:generic/core/**, in the document it is release over pkg:generic/core/api (ownership.yaml:`},
		{"some in common", `{control: release-policy, artifacts: ["pkg:generic/*/api"], accountable: release}`, []string{"pkg:generic/core/**"}, nil, "", `in the document it is release over pkg:generic/*/api (ownership.yaml:`},
		{"nothing in common", `{control: release-policy, artifacts: ["pkg:generic/other/**"], accountable: release}`, []string{"pkg:generic/core/**"}, nil, "pkg:generic/core/**", ""},
		{"another control", `{control: monitoring, artifacts: ["**"], accountable: release}`, []string{"pkg:generic/core/**"}, nil, "pkg:generic/core/**", ""},
		{"their own part", `{control: release-policy, artifacts: ["pkg:generic/**"], accountable: audit}`, []string{"pkg:generic/core/**"}, nil, "pkg:generic/core/**", ""},
		{"their own part, with more said", `{control: release-policy, artifacts: ["pkg:generic/**"], accountable: audit, quorum: 1}`, []string{"pkg:generic/core/**"}, nil, "", `in the document it is audit over pkg:generic/** (ownership.yaml:`},
		{"their own part to come", `{control: release-policy, artifacts: ["pkg:generic/**"], accountable: audit, from: 2027-01-01T00:00:00Z}`, []string{"pkg:generic/core/**"}, nil, "", `in the document it is audit over pkg:generic/** (ownership.yaml:`},
		{"nobody's", `{control: release-policy, artifacts: ["**"], accountable: release, until: 2026-02-01T00:00:00Z}`, []string{"pkg:generic/core/**"}, nil, "", `in the document it is release over ** (ownership.yaml:`},
		{
			"a part of what another source says", `{control: monitoring, artifacts: ["**"], accountable: release}`, []string{"pkg:generic/**", "pkg:generic/core/**"},
			[]importer.Source{source("backstage", "d.yaml", strings.ReplaceAll(component("release"), "core", "other"))}, "",
			`d.yaml:4: conflict: "release" answers for release-policy over pkg:generic/core/**, elsewhere "audit" over pkg:generic/** (c.yaml:4)`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := importer.Options{At: at, Scopes: []importer.Scope{{Path: "component:default/core", Artifacts: c.scopes[0]}}}
			for _, s := range c.scopes[1:] {
				o.Scopes = append(o.Scopes, importer.Scope{Path: "component:default/other", Artifacts: s})
			}
			document := []byte(head + "  - " + c.controls + "\n")
			for range 2 {
				r := run(t, document, append(c.sources, source("backstage", "c.yaml", component("audit"))), o)
				var got []string
				for line := range strings.Lines(string(r.Document)) {
					if rest, ok := strings.CutPrefix(line, "  - {control: release-policy, artifacts: [\""); ok && strings.Contains(line, ".yaml:") {
						scope, _, _ := strings.Cut(rest, "\"")
						got = append(got, scope)
					}
				}
				if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
					t.Errorf("answers (-want +got):\n%s%s", diff, findings(r))
				}
				if c.finding != "" && !strings.Contains(findings(r), c.finding) {
					t.Errorf("findings:\n%swant %s", findings(r), c.finding)
				}
				document = r.Document
			}
		})
	}
}

// sourced is what an import says of where things come from.
var sourced = regexp.MustCompile(`(, |\n +)sources: \[[^]]*\]`)

// TestElsewhere: no repository says whom another means: not by aliases, users or groups of its own.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	const doc = `apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 3, effectiveFrom: 2026-01-01T00:00:00Z}
people:
  - {id: p1, from: 2023-01-01T00:00:00Z, accounts: ["github-login:alice", "email:alice@acme.test"]}
  - {id: p2, from: 2023-01-01T00:00:00Z, accounts: ["github-login:m.allory", "email:mallory@acme.test"]}
`
	ours := func(owner string) string {
		return strings.ReplaceAll(component(owner), "core", "payments")
	}
	const granted = "  - {to: p1, may: [approve], artifacts: [\"pkg:generic/a/**\"], from: 2026-11-20T00:00:00Z, sources: [\"a/OWNERS:1\"]}\n"
	for _, c := range []struct {
		name    string
		sources []importer.Source
		grants  string // what is granted, and who answers
		finding string // one of them
	}{
		{
			"an alias that is another's login",
			[]importer.Source{source("kubernetes-owners", "a/OWNERS", "approvers: [alice]\n"), source("kubernetes-owners", "b/OWNERS_ALIASES", "aliases: {alice: [m.allory]}\n")},
			granted, `b/OWNERS_ALIASES:1: conflict: the alias "alice": that is a login of "p1" (ownership.yaml:5)`,
		},
		{
			"an alias that is a login below it",
			[]importer.Source{source("kubernetes-owners", "a/OWNERS", "approvers: [alice]\n"), source("kubernetes-owners", "OWNERS_ALIASES", "aliases: {Alice: [m.allory]}\n")},
			"", `a/OWNERS:1: unresolved: "alice" names the team "alice", of which there is a conflict: nothing is given to it`,
		},
		{
			"another's alias",
			[]importer.Source{source("kubernetes-owners", "a/OWNERS", "approvers: [leads]\n"), source("kubernetes-owners", "b/OWNERS_ALIASES", "aliases: {leads: [m.allory]}\n")},
			"", `a/OWNERS:1: unresolved: "leads": nobody in the document has the account "github-login:leads"`,
		},
		{
			"an alias of one's own below",
			[]importer.Source{source("kubernetes-owners", "a/OWNERS", "approvers: [leads]\n"), source("kubernetes-owners", "a/b/OWNERS_ALIASES", "aliases: {leads: [m.allory]}\n")},
			"", `a/OWNERS:1: unresolved: "leads": nobody in the document has the account "github-login:leads"`,
		},
		{
			"one's own alias",
			[]importer.Source{source("kubernetes-owners", "a/OWNERS", "approvers: [leads]\n"), source("kubernetes-owners", "OWNERS_ALIASES", "aliases: {leads: [alice]}\n")},
			strings.Replace(granted, "p1", "leads", 1), "",
		},
		{
			"a user of another's catalog",
			[]importer.Source{source("backstage", "a/c.yaml", ours("payments")+"---\n"+group("payments", "alice")), source("backstage", "b/c.yaml", user("alice", "mallory@acme.test", ""))},
			"", `a/c.yaml:9: unresolved: "user:default/alice" is called so in another directory, whose names are not for this one (b/c.yaml:1)`,
		},
		{
			"a group of another's catalog",
			[]importer.Source{source("backstage", "a/c.yaml", ours("payments")), source("backstage", "b/c.yaml", user("m", "mallory@acme.test", "")+"---\n"+group("payments", "m"))},
			"", `a/c.yaml:4: unresolved: "group:default/payments" names the team "payments", which is what b/c.yaml makes it: nothing is given to it`,
		},
		{
			"a user and a group above",
			[]importer.Source{source("backstage", "a/c.yaml", ours("payments")), source("backstage", "org.yaml", user("alice", "alice@acme.test", "")+"---\n"+group("payments", "alice"))},
			"  - {control: release-policy, artifacts: [\"pkg:generic/a/**\"], accountable: payments, from: 2026-11-20T00:00:00Z, sources: [\"a/c.yaml:4\"]}\n", "",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := importer.Options{At: at, Scopes: []importer.Scope{{Path: "a/", Artifacts: "pkg:generic/a/**"}, {Path: "component:default/payments", Artifacts: "pkg:generic/a/**"}}}
			document := []byte(doc)
			for range 2 {
				r := run(t, document, c.sources, o)
				var got strings.Builder
				for line := range strings.Lines(string(r.Document)) {
					if strings.Contains(line, "pkg:") {
						got.WriteString(line)
					}
				}
				if diff := cmp.Diff(c.grants, got.String()); diff != "" {
					t.Errorf("what is given (-want +got):\n%s", diff)
				}
				if c.finding != "" && !strings.Contains(findings(r), c.finding+"\n") {
					t.Errorf("findings:\n%swant %s", findings(r), c.finding)
				}
				document = r.Document
			}
		})
	}
}

// TestNamesake: a team that one kind of source makes is not the team that another means by its name, neither in the run
// that makes it nor in a later one without it.
func TestNamesake(t *testing.T) {
	t.Parallel()
	o := withCore()
	o.Organisations = []string{"acme"}
	owners := source("codeowners", "CODEOWNERS", "* @acme/news\n")
	for name, maker := range map[string]importer.Source{
		"an alias":           source("kubernetes-owners", "OWNERS_ALIASES", "aliases: {news: [alice]}\n"),
		"a group":            source("backstage", "c.yaml", user("alice", "alice@acme.test", "")+"---\n"+group("news", "alice")),
		"a group's own name": source("backstage", "c.yaml", user("alice", "alice@acme.test", "")+"---\n"+group("news, namespace: acme", "default/alice")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document := []byte(small)
			for _, list := range [][]importer.Source{{owners, maker}, {owners, maker}, {owners}} {
				r := run(t, document, list, o)
				if strings.Contains(string(r.Document), "CODEOWNERS") || !strings.Contains(findings(r), "news\", which is what "+maker.Path+" makes it: nothing is given to it") {
					t.Errorf("%s%s", r.Document, findings(r))
				}
				document = r.Document
			}
			// A table that speaks for people means the same team, and so does a document whose own somebody has made it.
			table := source("csv", "hr.csv", "id,start,accounts,teams\n1,2023-01-01,github:1,news acme/news\n")
			own := sourced.ReplaceAllString(string(document), "")
			for _, r := range []importer.Result{run(t, document, []importer.Source{owners, maker, table}, o), run(t, []byte(own), []importer.Source{owners}, o)} {
				if !strings.Contains(string(r.Document), "may: [review], artifacts: [\"pkg:generic/core/**\"], from: 2026-11-20") {
					t.Errorf("%s%s", r.Document, findings(r))
				}
			}
		})
	}
}

// TestKeySubstitution: a holder is bound to a key, not to the id a source gives a key.
func TestKeySubstitution(t *testing.T) {
	t.Parallel()
	root := func(id, public string) importer.Source {
		return source("tuf", "root.json", `{"signed": {"_type": "root", "keys": {"`+id+`": {"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": "`+public+`"}}}, "roles": {"root": {"keyids": ["`+id+`"], "threshold": 1}}}, "signatures": []}`)
	}
	const mallory = "cbb19863c3dadc3ba98884f00ef854770b5c8f3270839525dc1cc77fc3b7153f"
	o := importer.Options{At: at, Holders: []importer.Holder{{Key: keyBob, Principal: "bob"}}}
	for name, s := range map[string]importer.Source{
		"another key under its id": root(keyBob, mallory),
		"a key nobody should use":  root(keyBob, strings.Repeat("0", 64)),
	} {
		if r := run(t, []byte(small), []importer.Source{s}, o); r.Changed {
			t.Errorf("%s: %s", name, r.Document)
		}
	}
	// A key of somebody in the document is not given to somebody else.
	first := run(t, []byte(small), sources(t, "tuf=tuf/root.json"), o)
	o.Holders[0].Principal = "alice"
	r := run(t, first.Document, sources(t, "tuf=tuf/root.json"), o)
	if r.Changed || !r.Conflicts() {
		t.Errorf("changed %v:\n%s", r.Changed, findings(r))
	}
	// Nor does a source's word for whose it is go beside the caller's.
	o.Holders = []importer.Holder{{Key: sshAlice, Principal: "bob"}}
	doc := strings.Replace(small, `"github:1"`, `"github:583231"`, 1)
	if r := run(t, []byte(doc), sources(t, "gittuf=gittuf/root.json"), o); r.Changed || !r.Conflicts() {
		t.Errorf("changed %v:\n%s", r.Changed, findings(r))
	}
}

// TestInjection: whatever a source calls somebody is one text in the document.
func TestInjection(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		`x}, {id: evil`, `x"}, {id: "evil`, "x # y", "x: y", "- x", "{x}", "[x]", "&x", "*x", "!x", "| x", "'x'", `x\n`, "yes", "NO", "null", "~", "0x1f", "1e3", "12:30", "2026-01-01", "<<", "=", "@x", "`x`", "%x", "?", "é😀",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cell := `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
			list := []importer.Source{source("csv", "hr.csv", "id,start,name,employment\n7x,2023-01-01,"+cell+","+cell+"\n")}
			r := run(t, []byte(small), list, importer.Options{At: at})
			m, err := ownership.Load(into(r.Document).FS, "ownership.yaml")
			if err != nil {
				t.Fatal(err)
			}
			people := 0
			for range m.People() {
				people++
			}
			if p, _ := m.Person("7x"); p.Name != name || p.Employment != name || people != 4 {
				t.Errorf("%q, %q, %d people\n%s", p.Name, p.Employment, people, r.Document)
			}
		})
	}
}

// TestFindingsAreLines: no source's text leaves the line of its finding.
func TestFindingsAreLines(t *testing.T) {
	t.Parallel()
	const evil = `a\n\u001b[2Kb`
	list := []importer.Source{
		source("tuf", "t.json", `{"signed": {"_type": "root", "expires": "`+evil+`", "roles": {"`+evil+`": {"keyids": ["`+evil+`"], "threshold": 2}}, "keys": {"`+evil+`": {"keytype": "ed25519", "keyval": {"public": "cbb19863c3dadc3ba98884f00ef854770b5c8f3270839525dc1cc77fc3b7153f"}}, "x`+evil+`": {"keytype": "`+evil+`"}}}, "signatures": []}`),
		source("gittuf", "g.json", `{"type": "targets", "delegations": {"principals": {"p": {"personID": "`+evil+`", "keys": {"`+evil+`": {"keytype": "sigstore-oidc", "keyval": {"identity": "`+evil+`", "issuer": "x"}}}}}, "roles": [{"name": "`+evil+`", "threshold": 3}]}}`),
		source("kubernetes-owners", "OWNERS", `{"approvers": ["`+evil+`"], "filters": {"`+evil+`": null}}`),
		source("codeowners", "CODEOWNERS", "/x\x1b[2K @alice\n"),
		source("csv", "hr.csv", "id,start,\"c\nd\x1b\"\n"),
	}
	o := importer.Options{At: at, Scopes: []importer.Scope{{Path: "./", Artifacts: "x"}}}
	r := run(t, []byte(small), list, o)
	if len(r.Findings) < 9 {
		t.Errorf("findings:\n%s", findings(r))
	}
	for _, f := range r.Findings {
		if strings.ContainsAny(f.Text(), "\n\x1b") {
			t.Errorf("%q", f.Text())
		}
	}
}

// TestRemembersSources: the lines of a source that has moved are followed, those of others are kept.
func TestRemembersSources(t *testing.T) {
	t.Parallel()
	first := run(t, []byte(small), []importer.Source{source("csv", "hr.csv", "id,start,name\n9,2024-01-01,Ann\n")}, importer.Options{At: at})
	moved := []importer.Source{source("csv", "hr.csv", "id,start,name\n8,2024-01-01,Abe\n9,2024-01-01,Ann\n")}
	second := run(t, first.Document, moved, importer.Options{At: at})
	if want := `from: 2024-01-01T00:00:00Z, accounts: ["employee:9"], sources: ["hr.csv:3"]}`; !strings.Contains(string(second.Document), want) {
		t.Errorf("%s\nwant %s", second.Document, want)
	}
	other := []importer.Source{source("csv", "idp.csv", "id,start,accounts\n9,2024-01-01,okta:1\n")}
	third := run(t, second.Document, other, importer.Options{At: at})
	if want := `accounts: ["employee:9", "okta:1"], sources: ["hr.csv:3", "idp.csv:2"]}`; !strings.Contains(string(third.Document), want) {
		t.Errorf("%s\nwant %s", third.Document, want)
	}
}
