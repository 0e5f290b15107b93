package importer_test

import (
	"strings"
	"testing"

	"github.com/surety-dev/surety/ownership/importer"
)

// TestCodeowners: whom a scope's path belongs to. A rule counts if it is for all of the path; the examples of GitHub's
// documentation are among them.
func TestCodeowners(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, rules, scope string
		want               string // who is granted something
	}{
		{"everything", "* @alice", "./", "alice"},
		{"everything, in a directory", "* @alice", "build/logs/", "alice"},
		{"two asterisks", "** @alice", "build/logs/", "alice"},
		{"files of one kind", "*.js @alice", "build/", ""},
		{"a file of one kind", "*.js @alice", "build/a.js", "alice"},
		{"a directory in the root", "/build/logs/ @alice", "build/logs/", "alice"},
		{"one above", "/build/ @alice", "build/logs/deep/", "alice"},
		{"one below", "/build/logs/ @alice", "build/", ""},
		{"not another of that name", "/build/logs/ @alice", "other/build/logs/", ""},
		{"nor one that begins so", "/build/ @alice", "builder/", ""},
		{"files of a directory, not below it", "docs/* @alice", "docs/", ""},
		{"a file of a directory", "docs/* @alice", "docs/getting-started.md", "alice"},
		{"a file further down", "docs/* @alice", "docs/build-app/troubleshooting.md", ""},
		{"a directory anywhere", "apps/ @alice", "a/b/apps/c/", "alice"},
		{"a name anywhere", "apps @alice", "a/b/apps/", "alice"},
		{"not a file of that name", "apps/ @alice", "a/apps", ""},
		{"a name without a directory mark", "/apps/github @alice", "apps/github/", "alice"},
		{"a slash within anchors", "apps/github @alice", "x/apps/github/", ""},
		{"any depth", "**/logs @alice", "deeply/nested/logs/", "alice"},
		{"any depth in the root", "**/logs @alice", "logs/", "alice"},
		{"all below", "/apps/** @alice", "apps/x/", "alice"},
		{"all below is all of it", "/apps/** @alice", "apps/", "alice"},
		{"any between", "/a/**/z/ @alice", "a/b/c/z/", "alice"},
		{"none between", "/a/**/z/ @alice", "a/z/", "alice"},
		{"an asterisk in a segment", "/app*/ @alice", "apps/", "alice"},
		{"two asterisks in a segment are one", "/app**/ @alice", "apps/x/", "alice"},
		{"any directory", "*/ @alice", "apps/", "alice"},
		{"any directory, not the root", "*/ @alice", "./", ""},
		{"a question mark may be anything", "/app?/ @alice", "apps/", ""},
		{"question marks are not any depth", "?? @alice", "src/deep/", ""},
		{"nor anchored ones", "/?? @alice", "src/deep/", ""},
		{"nor braces", "{} @alice", "./", ""},
		{"nor an asterisk beside one", "*? @alice", "src/", ""},
		{"nor within a path", "/src/??/ @alice", "src/a/b/", ""},
		{"an escaped asterisk is none", "/src/\\*/ @alice", "src/x/", ""},
		{"nor are two", "/src/\\*\\*/ @alice", "src/x/", ""},
		{"nor one at the end", "/src/\\* @alice", "src/x.go", ""},
		{"an escaped backslash", "/src\\\\x/ @alice", "src\\x/", ""},
		{"a backslash at the end takes away", "/build/ @alice\n/build\\", "build/", ""},
		{"brackets may be anything", "/[a]pps/ @alice", "apps/", ""},
		{"the root is no file", "/ @alice", "./", ""},
		{"an escaped space", "/with\\ space/ @alice", "with space/", "alice"},
		{"an escaped #", "/\\#x/ @alice", "#x/", "alice"},
		{"case counts", "/Build/ @alice", "build/", ""},
		{"the last counts", "/build/ @alice\n/build/ @bob", "build/", "bob"},
		{"the last counts, however wide", "/build/ @alice\n* @bob", "build/", "bob"},
		{"the last takes away", "/build/ @alice\n/build/", "build/", ""},
		{"a later part does not", "/build/ @alice\n/build/logs/", "build/", "alice"},
		{"a later one that may be it", "/src/pay.go @alice\n/src/pa?.go @bob", "src/pay.go", ""},
		{"a later one that may be all of it", "/src/ @alice\n/s[r]c/ @bob", "src/", ""},
		{"a later one that may be a part of it", "/src/ @alice\n/src/?/ @bob", "src/", "alice"},
		{"a certain one behind it", "/src/pa?.go @bob\n/src/pay.go @alice", "src/pay.go", "alice"},
		{"nor another path", "/build/ @alice\n/other/", "build/", "alice"},
		{"a comment", "# /build/ @bob\n/build/ @alice # @bob", "build/", "alice"},
		{"tabs", "/build/\t@alice", "build/", "alice"},
		{"no line break at the end, carriage returns", "/x/ @bob\r\n/build/ @alice\r", "build/", "alice"},
		{"an e-mail address", "/build/ alice@acme.test", "build/", "alice"},
		{"another spelling of an address", "/build/ Alice@acme.test", "build/", ""},
		{"a login in another case", "/build/ @ALICE", "build/", "alice"},
		{"several", "/build/ @bob @alice", "build/", "alice bob"},
		{"twice", "/build/ @alice alice@acme.test", "build/", "alice"},
		{"a path with dots", "/build/ @alice", "./x/../build/", "alice"},
		{"a path outside", "* @alice", "../build/", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := run(t, []byte(small), []importer.Source{source("codeowners", "CODEOWNERS", c.rules)}, importer.Options{
				At: at, Scopes: []importer.Scope{{Path: c.scope, Artifacts: "pkg:generic/new/**"}},
			})
			var got []string
			for line := range strings.Lines(string(r.Document)) {
				if rest, ok := strings.CutPrefix(line, "  - {to: "); ok && strings.Contains(line, "pkg:generic/new/**") {
					to, _, _ := strings.Cut(rest, ",")
					got = append(got, to)
				}
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%q, want %q\n%s", got, c.want, findings(r))
			}
		})
	}
}

// TestCodeownersOfRepositories: the paths of scopes are those of the files, so no repository speaks for another.
func TestCodeownersOfRepositories(t *testing.T) {
	t.Parallel()
	list := []importer.Source{source("codeowners", "ours/.github/CODEOWNERS", "/core/ @alice\n"), source("codeowners", "theirs/docs/CODEOWNERS", "/core/ @bob\n/ours/core/ @bob\n")}
	r := run(t, []byte(small), list, importer.Options{At: at, Scopes: []importer.Scope{{Path: "ours/core/", Artifacts: "pkg:generic/new/**"}}})
	if doc := string(r.Document); !strings.Contains(doc, "{to: alice, may: [review]") || strings.Contains(doc, "{to: bob, may: [review], artifacts: [\"pkg:generic/new") {
		t.Errorf("%s", doc)
	}
}

// TestCodeownersOnce: of the files of one repository only the first counts that GitHub looks for, even if it says less.
func TestCodeownersOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		paths []string // the first is read
	}{
		{".github before the root", []string{"x/.github/CODEOWNERS", "x/CODEOWNERS"}},
		{".github before docs", []string{"x/.github/CODEOWNERS", "x/docs/CODEOWNERS"}},
		{"the root before docs", []string{"x/CODEOWNERS", "x/docs/CODEOWNERS"}},
		{"all three", []string{"x/.github/CODEOWNERS", "x/CODEOWNERS", "x/docs/CODEOWNERS"}},
		{"docs before GitLab's", []string{"x/docs/CODEOWNERS", "x/.gitlab/CODEOWNERS"}},
		{"one directory", []string{"x/CODEOWNERS", "x/CODEOWNERS.mine"}},
		{"another repository's", []string{"x/CODEOWNERS", "x/y/CODEOWNERS"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, first := range []string{"/core/ @alice\n", "# nobody\n"} {
				list := []importer.Source{source("codeowners", c.paths[0], first)}
				for _, path := range c.paths[1:] {
					list = append(list, source("codeowners", path, "/core/ @bob\n"))
				}
				r := run(t, []byte(small), list, importer.Options{At: at, Scopes: []importer.Scope{{Path: "x/core/", Artifacts: "pkg:generic/new/**"}}})
				if doc := string(r.Document); strings.Contains(doc, "{to: bob, may: [review], artifacts: [\"pkg:generic/new") || strings.Contains(doc, "{to: alice, may: [review], artifacts: [\"pkg:generic/new") != strings.Contains(first, "alice") {
					t.Errorf("%s", doc)
				}
				for _, path := range c.paths[1:] {
					want := path + ":1: ignored: one repository has one CODEOWNERS, the first of those in .github, the root and docs: it is " + c.paths[0] + "\n"
					if strings.Contains(findings(r), want) == (c.name == "another repository's") {
						t.Errorf("findings:\n%swant %s", findings(r), want)
					}
				}
			}
		})
	}
}
