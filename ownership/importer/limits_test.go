package importer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/ownership/importer"
)

// TestLimits: a duty that the document limits for somebody, whether by a grant to them or to a team of theirs, is not given
// them without the limits, neither by name nor as a member of another team. The others still have theirs.
func TestLimits(t *testing.T) {
	t.Parallel()
	const head = `apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 3, effectiveFrom: 2026-01-01T00:00:00Z}
people:
  - {id: alice, from: 2023-01-01T00:00:00Z, accounts: ["github-login:alice"]}
  - {id: bob, from: 2023-01-01T00:00:00Z, accounts: ["github-login:bob"]}
  - {id: dan, from: 2023-01-01T00:00:00Z, accounts: ["github-login:dan"]}
teams:
  - {id: approvers, members: [{person: alice}, {person: bob, until: 2026-02-01T00:00:00Z}]}
  - {id: leads, members: [{person: alice}, {person: dan}]}
  - {id: coming, members: [{person: dan, from: 2027-01-01T00:00:00Z}]}
  - id: mates
    members: [{person: dan, sources: ["OWNERS_ALIASES:1"]}]
    sources: ["OWNERS_ALIASES:1"]
`
	owners := func(names string) importer.Source {
		return source("kubernetes-owners", "core/OWNERS", "approvers: ["+names+"]\n")
	}
	aliases := func(list string) importer.Source {
		return source("kubernetes-owners", "OWNERS_ALIASES", "aliases: {"+list+"}\n")
	}
	const freeze = `{to: approvers, may: [approve], artifacts: ["pkg:generic/core/**"], environments: [production], freezes: [{from: 2026-12-20T00:00:00Z, until: 2027-01-05T00:00:00Z}]}`
	const plain = `{to: approvers, may: [approve], artifacts: ["pkg:generic/core/**"]}`
	for _, c := range []struct {
		name    string
		grants  string
		sources []importer.Source
		granted string // to whom something is, beside the document's
		finding string // one of them
	}{
		{"a member beside the team's limits", freeze, []importer.Source{owners("alice, dan")}, "dan", `core/OWNERS:1: conflict: "alice" may approve pkg:generic/core/**, which the document limits (ownership.yaml:`},
		{"a former member beside the team's limits", freeze, []importer.Source{owners("bob")}, "", `core/OWNERS:1: conflict: "bob" may approve pkg:generic/core/**, which the document limits (ownership.yaml:`},
		{"a former member", plain, []importer.Source{owners("bob, alice")}, "alice", `core/OWNERS:1: conflict: "bob" may approve pkg:generic/core/**, which the document limits (ownership.yaml:`},
		{"a member to come", strings.Replace(plain, "approvers", "coming", 1), []importer.Source{owners("dan")}, "", `core/OWNERS:1: conflict: "dan" may approve pkg:generic/core/**, which the document limits (ownership.yaml:`},
		{"a grant to come", `{to: dan, may: [approve], artifacts: ["**"], from: 2027-01-01T00:00:00Z}`, []importer.Source{owners("dan")}, "", `core/OWNERS:1: conflict: "dan" may approve pkg:generic/core/**, which the document limits (ownership.yaml:`},
		{"wider artifacts", strings.Replace(freeze, "pkg:generic/core/**", "**", 1), []importer.Source{owners("alice")}, "", `core/OWNERS:1: conflict: "alice" may approve pkg:generic/core/**, which the document limits (ownership.yaml:`},
		{"narrower artifacts", strings.Replace(freeze, "core/**", "core/api", 1), []importer.Source{owners("alice")}, "", `core/OWNERS:1: conflict: "alice" may approve pkg:generic/core/**, which the document limits (ownership.yaml:`},
		{"other artifacts", strings.Replace(freeze, "core/**", "other/**", 1), []importer.Source{owners("alice")}, "alice", ""},
		{"another duty", strings.Replace(freeze, "approve]", "review]", 1), []importer.Source{owners("alice")}, "alice", ""},
		{"no limits", plain, []importer.Source{owners("alice, dan")}, "alice dan", ""},
		{"an alias in the place of a name", freeze, []importer.Source{owners("us"), aliases("us: [alice, dan]")}, "", `core/OWNERS:1: conflict: "us", with "alice" in it, may approve pkg:generic/core/**, which the document limits (ownership.yaml:`},
		{"an alias for a former member", plain, []importer.Source{owners("us"), aliases("us: [bob]")}, "", `core/OWNERS:1: conflict: "us", with "bob" in it, may approve pkg:generic/core/**, which the document limits (ownership.yaml:`},
		{"an alias for somebody's own limits", `{to: dan, may: [approve], artifacts: ["**"], until: 2026-12-01T00:00:00Z}`, []importer.Source{owners("us"), aliases("us: [dan]")}, "", `core/OWNERS:1: conflict: "us", with "dan" in it, may approve pkg:generic/core/**, which the document limits (ownership.yaml:`},
		{"an alias of others", freeze, []importer.Source{owners("us"), aliases("us: [dan]")}, "us", ""},
		{"a team of the document beside another's limits", freeze, []importer.Source{owners("leads"), aliases("leads: [alice, dan]")}, "", `core/OWNERS:1: conflict: "leads", with "alice" in it, may approve pkg:generic/core/**, which the document limits (ownership.yaml:`},
		{
			"a new member of a team with the duty", freeze + "\n  - " + strings.Replace(plain, "approvers", "mates", 1),
			[]importer.Source{aliases("mates: [dan, alice]")}, "", `OWNERS_ALIASES:1: conflict: "alice" is in the team "mates", which has what the document limits (ownership.yaml:`,
		},
		{
			"a former member new in a team with the duty", plain + "\n  - " + strings.Replace(plain, "approvers", "mates", 1),
			[]importer.Source{aliases("mates: [dan, bob]")}, "", `OWNERS_ALIASES:1: conflict: "bob" is in the team "mates", which has what the document limits (ownership.yaml:`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			document := []byte(head + "grants:\n  - " + c.grants + "\n")
			o := importer.Options{At: at, Scopes: []importer.Scope{{Path: "core/", Artifacts: "pkg:generic/core/**"}}}
			for range 2 {
				r := run(t, document, c.sources, o)
				var got []string
				for line := range strings.Lines(string(r.Document)) {
					if rest, ok := strings.CutPrefix(line, "  - {to: "); ok && strings.Contains(line, "core/OWNERS:1") {
						to, _, _ := strings.Cut(rest, ",")
						got = append(got, to)
					}
					if strings.Contains(line, `sources: ["OWNERS_ALIASES:1"]}, {person`) {
						t.Errorf("a new member: %s", line)
					}
				}
				if diff := cmp.Diff(c.granted, strings.Join(got, " ")); diff != "" {
					t.Errorf("granted to (-want +got):\n%s%s", diff, findings(r))
				}
				if c.finding != "" && !strings.Contains(findings(r), c.finding) {
					t.Errorf("findings:\n%swant %s", findings(r), c.finding)
				}
				document = r.Document
			}
		})
	}
}

// TestNotThere: who is not there at the time of the sources is granted nothing by them, is in no team by them, and has no
// key.
func TestNotThere(t *testing.T) {
	t.Parallel()
	const doc = `apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 3, effectiveFrom: 2026-01-01T00:00:00Z}
people:
  - {id: alice, from: 2023-01-01T00:00:00Z, accounts: ["github-login:alice"]}
  - {id: left, from: 2023-01-01T00:00:00Z, until: 2026-11-20T00:00:00Z, accounts: ["github-login:left"]}
  - {id: coming, from: 2026-11-20T00:00:01Z, accounts: ["github-login:coming"]}
  - {id: away, from: 2023-01-01T00:00:00Z, away: [{from: 2026-11-20T00:00:00Z, until: 2026-12-01T00:00:00Z}], accounts: ["github-login:away"]}
`
	for id, why := range map[string]string{
		"left":   `"left", who left at 2026-11-20T00:00:00Z (ownership.yaml:6)`,
		"coming": `"coming", who begins at 2026-11-20T00:00:01Z (ownership.yaml:7)`,
		"away":   `"away", who is away until 2026-12-01T00:00:00Z (ownership.yaml:8)`,
	} {
		for name, list := range map[string][]importer.Source{
			"a grant": {source("codeowners", "CODEOWNERS", "* @"+id+"\n")},
			"a team":  {source("kubernetes-owners", "OWNERS_ALIASES", "aliases: {us: ["+id+"]}\n")},
			"a key":   sources(t, "tuf=tuf/root.json"),
		} {
			t.Run(name+" to who is "+id, func(t *testing.T) {
				t.Parallel()
				o := withCore()
				o.Holders = []importer.Holder{{Key: keyBob, Principal: id}}
				r := run(t, []byte(doc), list, o)
				if r.Changed || !strings.Contains(findings(r), why+"\n") {
					t.Errorf("%s%swant %s", r.Document, findings(r), why)
				}
				o.Holders[0].Principal = "alice"
				for i := range list {
					list[i].Data = []byte(strings.ReplaceAll(string(list[i].Data), id, "alice"))
				}
				if r := run(t, []byte(doc), list, o); !r.Changed {
					t.Errorf("nothing of somebody who is there:\n%s", findings(r))
				}
			})
		}
	}
}
