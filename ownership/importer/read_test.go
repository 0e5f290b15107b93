package importer_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/ownership/importer"
)

// TestRefusals: what cannot be read in one way is not imported, and the error names the line.
func TestRefusals(t *testing.T) {
	t.Parallel()
	tuf := func(rest string) string {
		return "{\"signed\": {\n\"_type\": \"root\", " + rest + "}, \"signatures\": []}"
	}
	long := strings.Repeat("x", 5000)
	for _, c := range []struct{ name, format, path, data, want string }{
		{"an unknown format", "codeowner", "CODEOWNERS", "* @a\n", `the format "codeowner" of "CODEOWNERS": expected one of backstage, codeowners, csv, gittuf, kubernetes-owners, tuf`},
		{"a path of two lines", "codeowners", "CODE\nOWNERS", "* @a\n", `the path "CODE\nOWNERS": expected printable characters`},
		{"too large", "csv", "hr.csv", strings.Repeat("x", importer.MaxSourceBytes+1), `hr.csv: larger than 10485760 bytes: expected a smaller file`},

		{"an owner that is none", "codeowners", "CODEOWNERS", "\n* @a\n/x a-b\n", `CODEOWNERS:3: the owner "a-b": expected @user, @organisation/team or an e-mail address`},
		{"an owner of three parts", "codeowners", "CODEOWNERS", "* @a/b/c\n", `CODEOWNERS:1: the owner "@a/b/c": expected @user, @organisation/team or an e-mail address`},
		{"a negated pattern", "codeowners", "CODEOWNERS", "!/x @a\n", `CODEOWNERS:1: the pattern "!/x": expected one without a !, which code owners do not have`},
		{"a section of GitLab", "codeowners", "CODEOWNERS", "# c\r\n^[Docs][2] @a\r\n", `CODEOWNERS:2: the section "^[Docs][2] @a": expected a pattern and its owners, as GitHub reads them`},
		{"three asterisks", "codeowners", "CODEOWNERS", "/a***b @a\n", `CODEOWNERS:1: the pattern "/a***b": expected at most two asterisks beside each other`},
		{"a long pattern", "codeowners", "CODEOWNERS", "/" + long + " @a\n", `CODEOWNERS:1: a pattern of 5001 bytes: expected at most 4096`},
		{"not UTF-8", "codeowners", "CODEOWNERS", "* @a\n/\xff @b\n", `CODEOWNERS:2: not UTF-8: expected a line in UTF-8`},

		{"a field twice", "kubernetes-owners", "OWNERS", "approvers: [a]\napprovers: [b]\n", `OWNERS:2:1: "approvers" for the second time: expected it once, as at 1:1`},
		{"an unknown field", "kubernetes-owners", "OWNERS", "aprovers: [a]\n", `OWNERS:1:1: unknown field "aprovers": expected one of approvers, reviewers, required_reviewers, emeritus_approvers, emeritus_reviewers, labels, options, filters; did you mean "approvers"?`},
		{"no list", "kubernetes-owners", "OWNERS", "approvers: alice\n", `OWNERS:1:12: the string "alice": expected a list, in [ ] or each item behind a -`},
		{"no mapping", "kubernetes-owners", "OWNERS", "- alice\n", `OWNERS:1:1: a list: expected a mapping with approvers, reviewers, required_reviewers, emeritus_approvers, emeritus_reviewers, labels, options, filters`},
		{"two documents", "kubernetes-owners", "OWNERS", "approvers: [a]\n---\napprovers: [b]\n", `OWNERS:3: a second YAML document: expected one document a file`},
		{"an alias with a line break", "kubernetes-owners", "OWNERS_ALIASES", "aliases: {\"a\\nb\": [c]}\n", `OWNERS_ALIASES:1:11: the alias "a\nb": expected printable characters`},
		{"an alias in two cases", "kubernetes-owners", "OWNERS_ALIASES", "aliases: {a: [c], A: [d]}\n", `OWNERS_ALIASES:1:19: the alias "a" for the second time: expected it once, in whatever case`},
		{"a YAML alias", "kubernetes-owners", "OWNERS", "approvers: &a [b]\nreviewers: *a\n", `OWNERS:1:12: a YAML anchor: expected the value itself`},

		{"another apiVersion", "backstage", "c.yaml", strings.Replace(user("a", "a@b", ""), "backstage.io", "evil.io", 1), `c.yaml:1:13: apiVersion "evil.io/v1alpha1": expected one of Backstage, such as backstage.io/v1alpha1`},
		{"an entity twice", "backstage", "c.yaml", group("A", "x") + "---\n" + group("a", "y"), `c.yaml:6:1: the entity "group:default/a" for the second time: expected it once, as at c.yaml:1`},
		{"a name that is none", "backstage", "c.yaml", group(`"a\nb"`, "x"), `c.yaml:3:18: the entity reference "group:default/a\nb": expected [KIND:][NAMESPACE/]NAME`},
		{"a reference that is none", "backstage", "c.yaml", group("a", `"user:x:y"`), `c.yaml:4:44: the entity reference "user:x:y": expected [KIND:][NAMESPACE/]NAME`},
		{"no metadata", "backstage", "c.yaml", "apiVersion: backstage.io/v1alpha1\nkind: Group\n", `c.yaml:1:1: no "metadata": expected this required field`},

		{"no table", "csv", "hr.csv", "", `hr.csv:1: an empty table: expected a header with id, start, name, email, end, employment, sponsor, accounts, teams, manager`},
		{"no start", "csv", "hr.csv", "id,name\n1,a\n", `hr.csv:1: no column "start": expected this required column`},
		{"a column twice", "csv", "hr.csv", "id,start,ID\n", `hr.csv:1: the column "id" for the second time: expected each once`},
		{"a short row", "csv", "hr.csv", "id,start\n1,2024-01-01\n2\n", `hr.csv:3:1: not a table: another number of fields than the header: expected RFC 4180, each row as long as the header`},
		{"an open quote", "csv", "hr.csv", "id,start\n\"1,2024-01-01\n", `hr.csv:2:15: not a table: extraneous or missing " in quoted-field: expected RFC 4180, each row as long as the header`},
		{"an id of two lines", "csv", "hr.csv", "id,start\n1,2024-01-01\n\"2\nholder: x\",2024-01-01\n", `hr.csv:3: the id "2\nholder: x": expected printable characters`},
		{"no day", "csv", "hr.csv", "id,start\n1,01.02.2024\n", `hr.csv:2: "01.02.2024": expected a day such as 2026-01-31, or an RFC 3339 time`},
		{"an end before the start", "csv", "hr.csv", "id,start,end\n1,2024-01-01,2023-01-01\n", `hr.csv:2: the end 2023-01-01, the start 2024-01-01: expected the end after the start`},
		{"an account without a provider", "csv", "hr.csv", "id,start,accounts\n1,2024-01-01,583231\n", `hr.csv:2: the account "583231": expected PROVIDER:ID, such as github:583231`},

		{"no JSON", "tuf", "root.json", "{\"signed\": ", `root.json:1:12: the file ends too early: expected one whole JSON value`},
		{"a key twice", "tuf", "root.json", tuf("\"roles\": {}, \"keys\": {\n\"a\": {},\n\"a\": {}}"), `root.json:4:1: "a" for the second time: expected it once, as at 3:1`},
		{"another type", "tuf", "root.json", strings.Replace(tuf(`"roles": {}, "keys": {}`), `"root"`, `"targets"`, 1), `root.json:2:10: metadata of type "targets": expected root`},
		{"a field that is not TUF's", "tuf", "root.json", `{"signed": {"_type": "root", "roles": {}, "keys": {}}, "signature": []}`, `root.json:1:56: unknown field "signature": expected one of signed, signatures; did you mean "signatures"?`},
		{"hex of the wrong length", "tuf", "root.json", tuf(`"roles": {}, "keys": {"a": {"keytype": "ed25519", "keyval": {"public": "00"}}}`), `root.json:2:45: an Ed25519 key of 1 bytes: expected 32`},
		{"no public key", "tuf", "root.json", tuf(`"roles": {}, "keys": {"a": {"keytype": "rsa", "keyval": {"public": "x"}}}`), `root.json:2:45: not a public key: expected one PEM block PUBLIC KEY, or hex for Ed25519`},

		{"no base64", "gittuf", "root.json", "{\n\"payload\": \"*\", \"payloadType\": \"x\", \"signatures\": []}", `root.json:2:12: not base64: expected the payload of a DSSE envelope`},
		{"no JSON in the payload", "gittuf", "root.json", "{\n\"payload\": \"AAAA\", \"payloadType\": \"x\", \"signatures\": []}", `root.json:2: in the payload: root.json:1:1: not JSON: `},
		{"no type", "gittuf", "root.json", "{\"roles\": {}}", `root.json:1:1: no "type": expected this required field`},
		{"a version to come", "gittuf", "root.json", `{"type": "root", "schemaVersion": "https://gittuf.dev/policy/root/v0.3"}`, `root.json:1:35: schemaVersion "https://gittuf.dev/policy/root/v0.3": expected one of gittuf's 0.1 or 0.2`},
		{"a principal of another kind", "gittuf", "root.json", `{"type": "root", "principals": {"t": {"teamID": "t"}}}`, `root.json:1:38: the principal "t": expected a key, with keyid, or a person, with personID`},
		{"another type of metadata", "gittuf", "root.json", `{"type": "snapshot"}`, `root.json:1:10: metadata of type "snapshot": expected root or targets`},
		{"no SSH key", "gittuf", "root.json", `{"type": "root", "keys": {"a": {"keytype": "ssh", "keyval": {"public": "AAAA"}}}}`, `root.json:1:32: not an SSH key: expected its type and its parts`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, err := importer.Import(into([]byte(small)), []importer.Source{source(c.format, c.path, c.data)}, withCore())
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
			if r.Document != nil {
				t.Error("a document beside the error")
			}
		})
	}
}

// TestOptions: what the caller must say, and must not.
func TestOptions(t *testing.T) {
	t.Parallel()
	one := []importer.Source{source("csv", "hr.csv", "id,start,teams\n1,2024-01-01,release\n")}
	full := importer.Options{Name: "acme", Version: 1, EffectiveFrom: at, At: at}
	with := func(change func(o *importer.Options)) importer.Options {
		o := full
		change(&o)
		return o
	}
	for _, c := range []struct {
		name    string
		sources []importer.Source
		options importer.Options
		want    string
	}{
		{"no name", one, with(func(o *importer.Options) { o.Name = "" }), "a new document without name, version or beginning: expected all three"},
		{"a name of two lines", one, with(func(o *importer.Options) { o.Name = "a\nb" }), `the name "a\nb": expected printable characters`},
		{"no time", one, with(func(o *importer.Options) { o.At = time.Time{} }), "hr.csv:2: nothing says since when: expected the time of the sources"},
		{"no source", nil, full, "nothing to import: expected at least one source"},
		{"a file twice", append(one, one...), full, "hr.csv is given twice: expected each file once"},
		{"a scope that is no pattern", one, with(func(o *importer.Options) { o.Scopes = []importer.Scope{{Path: "x", Artifacts: "a?"}} }), `the scope x: "?" in a pattern: expected only * and ** as wildcards`},
		{"a scope of nothing", one, with(func(o *importer.Options) { o.Scopes = []importer.Scope{{Artifacts: "a"}} }), "a scope without a path: expected a path or an entity reference"},
		{"a holder of nothing", one, with(func(o *importer.Options) { o.Holders = []importer.Holder{{Key: "a"}} }), "a holder without a key or a principal: expected both"},
		{"two holders", one, with(func(o *importer.Options) {
			o.Holders = []importer.Holder{{Key: "a", Principal: "b"}, {Key: "a", Principal: "c"}}
		}), "the key a has two holders: expected one"},
		{"an organisation without a name", one, with(func(o *importer.Options) { o.Organisations = []string{""} }), "an organisation without a name: expected its name on GitHub"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if _, err := importer.Import(importer.Document{}, c.sources, c.options); err == nil || err.Error() != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
	if _, err := importer.Import(into([]byte("kind: Ownership\n")), one, full); err == nil || !strings.Contains(err.Error(), "no apiVersion") {
		t.Errorf("a document that does not load: %v", err)
	}
	if _, err := importer.Import(importer.Document{FS: into([]byte(small)).FS, Name: "."}, one, full); err == nil || err.Error() != ". is a directory: expected the one file to import into" {
		t.Errorf("a directory: %v", err)
	}
	other := run(t, []byte(small), one, full)
	for _, want := range []string{`ownership.yaml:3: conflict: the document has version 3: 1 was expected`, `ownership.yaml:3: conflict: the document is in force from 2026-01-01T00:00:00Z: 2026-11-20T00:00:00Z was expected`} {
		if !strings.Contains(findings(other), want+"\n") {
			t.Errorf("findings:\n%swant %s", findings(other), want)
		}
	}
}

// TestLayouts: documents that lines do not tell apart are written anew, and say the same.
func TestLayouts(t *testing.T) {
	t.Parallel()
	one := []importer.Source{source("csv", "hr.csv", "id,start,email,teams\n1,2024-01-01,a@acme.test,t\n2,2024-02-01,b@acme.test,t\n")}
	head := "apiVersion: surety.dev/v1alpha1\nkind: Ownership\nmetadata: {name: a, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}\n"
	for _, c := range []struct{ name, file, document, want string }{
		{"JSON", "o.json", `{"apiVersion": "surety.dev/v1alpha1", "kind": "Ownership", "metadata": {"name": "a", "version": 1, "effectiveFrom": "2026-01-01T00:00:00Z"}, "people": [{"id": "x", "from": "2024-01-01T00:00:00Z", "accounts": ["email:a@acme.test"]}]}`, "\"people\":"},
		{"lists in brackets", "o.yaml", head + "people: [{id: x, from: 2024-01-01T00:00:00Z, accounts: [\"email:a@acme.test\"]}]\n", "people: [{id: x, from: 2024-01-01T00:00:00Z, accounts:"},
		{"no line break at the end", "o.yaml", head + "people:\n- {id: x, from: 2024-01-01T00:00:00Z, accounts: [\"email:a@acme.test\"]}", "\n- {id: x, from: 2024-01-01T00:00:00Z, accounts: [\"email:a@acme.test\", \"employee:1\"], sources: [\"hr.csv:2\"]}\n- {id: \"2\","},
		{"an end mark", "o.yaml", head + "people:\n  - {id: x, from: 2024-01-01T00:00:00Z, accounts: [\"email:a@acme.test\"]}\n...\n", "sources: [\"hr.csv:2\"]}\n"},
		{"a dash on its own line", "o.yaml", head + "people:\n  -\n    id: x\n    from: 2024-01-01T00:00:00Z\n    accounts: [\"email:a@acme.test\"]\n", "    sources: [\"hr.csv:2\"]\n"},
		{"carriage returns", "o.yaml", strings.ReplaceAll(head+"people:\n  - {id: x, from: 2024-01-01T00:00:00Z, accounts: [\"email:a@acme.test\"]}\n", "\n", "\r\n"), "sources: [\"hr.csv:2\"]}\n"},
		{"our own word", "o.yaml", head + "people:\n  - {id: x, name: surety-time-000000000, from: 2024-01-01T00:00:00Z, accounts: [\"email:a@acme.test\"]}\n", "name: surety-time-000000000, from: '2024-01-01T00:00:00Z'"},
		{"a comment in an item", "o.yaml", head + "people:\n  # above\n  - id: x   # beside\n    # within\n    from: 2024-01-01T00:00:00Z\n    accounts: [\"email:a@acme.test\"]\n  # below\n", "  # above\n  - id: x # beside\n    # within\n    from: 2024-01-01T00:00:00Z\n    accounts: [\"email:a@acme.test\", \"employee:1\"]\n    sources: [\"hr.csv:2\"]\n  - {id: \"2\", from: 2024-02-01T00:00:00Z, accounts: [\"email:b@acme.test\", \"employee:2\"], sources: [\"hr.csv:3\"]}\n  # below\nteams:\n"},
		{"text that looks like a comment", "o.yaml", head + "people:\n  - id: x\n    from: 2024-01-01T00:00:00Z\n    accounts: [\"email:a@acme.test\"]\n    name: |-\n      X\n      # not a comment\n", "# not a comment"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			document := func(name string, data []byte) importer.Document {
				return importer.Document{FS: fstest.MapFS{name: &fstest.MapFile{Data: data}}, Name: name}
			}
			r, err := importer.Import(document(c.file, []byte(c.document)), one, importer.Options{At: at})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(r.Document), c.want) {
				t.Errorf("%s\nwant %s", r.Document, c.want)
			}
			m, err := ownership.Load(document("r.yaml", r.Document).FS, "r.yaml")
			if err != nil {
				t.Fatalf("%v\n%s", err, r.Document)
			}
			if p, _ := m.Person("x"); len(p.Accounts) != 2 {
				t.Errorf("accounts %v", p.Accounts)
			}
			if team, _ := m.Team("t"); len(team.Members) != 2 {
				t.Errorf("members %v", team.Members)
			}
			again, err := importer.Import(document("r.yaml", r.Document), one, importer.Options{At: at})
			if err != nil || again.Changed {
				t.Errorf("%v\n%s", err, again.Document)
			}
		})
	}
}

// FuzzImport: whatever the bytes, an import ends, and what comes of it loads and stays.
func FuzzImport(f *testing.F) {
	for _, s := range samples(f) {
		for _, one := range s.sources {
			f.Add(one.Format, one.Path, one.Data)
		}
	}
	for _, s := range []string{"\\", "a\\", "/ @a", "** @a", "**/ @a", "*/ @a", "a//b @a", "\\# @a", "/[x]{y}? @alice"} {
		f.Add("codeowners", "CODEOWNERS", []byte(s))
	}
	f.Add("kubernetes-owners", "OWNERS", []byte("filters:\n  .*: null\noptions: null\napprovers: [1, yes, ~]\n"))
	f.Add("backstage", "c.yaml", []byte("---\n---\nnull\n---\n{}\n"))
	f.Add("gittuf", "root.json", []byte(`{"type":"targets","delegations":{"principals":{"a":{"personID":"a","keys":{"k":{"keytype":"ssh","keyval":{"public":"////////"}}}}}}}`))
	f.Fuzz(func(t *testing.T, format, path string, data []byte) {
		o := withCore()
		o.Organisations = []string{"acme"}
		o.Holders = []importer.Holder{{Key: keyBob, Principal: "bob"}}
		list := []importer.Source{{Format: format, Path: path, Data: data}}
		r, err := importer.Import(into([]byte(small)), list, o)
		if err != nil {
			if strings.Contains(err.Error(), "does not load") || strings.Contains(err.Error(), "plainer") {
				t.Error(err)
			}
			return
		}
		if again := run(t, r.Document, list, o); again.Changed {
			t.Errorf("-first +second:\n%s\n%s", r.Document, again.Document)
		}
	})
}
