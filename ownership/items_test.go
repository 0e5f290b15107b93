package ownership_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/ownership"
)

// TestItems: what the document says is listed as it says it, with where it stands.
func TestItems(t *testing.T) {
	t.Parallel()
	text := head + people + `credentials:
  - {id: z, holder: alice, key: {pem: ` + inline(t, 1) + `}, ` + active + `}
  - {id: a, holder: pipeline, identity: {issuer: "` + github + `", subject: "https://github.com/acme/r/w@*", claims: {sourceRepositoryURI: "https://github.com/acme/*", runnerEnvironment: x}}, ` + active + `}
  - {id: x, holder: signco, identity: {authority: corp, dns: "*.acme.test"}, ` + active + `}
grants:
  - {to: tests, may: [attest], artifacts: ["b/**", "a/*"], predicates: ["p/*"], until: 2026-05-01T00:00:00Z}
  - {to: release, may: [approve, review], artifacts: ["**"], builders: ["x"]}
controls:
  - {control: monitoring, artifacts: ["b", "a"], accountable: security, responsible: [security, release], runbook: r}
enforcement:
  - {id: prod, environment: production, artifacts: ["**"], mode: enforce}
separation:
  - {id: apart, duties: [build, approve]}
trust:
  certificateAuthorities: [{id: corp, file: ca.pem}]
`
	m := load(t, text, "ca.pem", "CA")
	duties := func(list ...ownership.Duty) (set ownership.Duties) {
		for _, d := range list {
			set = set.Add(d)
		}
		return set
	}
	check := func(what string, got, want any) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
	check("grants", slices.Collect(m.Grants()), []ownership.Grant{
		{To: "tests", Duties: duties(ownership.Attest), Artifacts: []string{"b/**", "a/*"}, Predicates: []string{"p/*"}, Interval: ownership.Interval{Until: at(t, "05-01")}, Position: "ownership.yaml:17:5"},
		{To: "release", Duties: duties(ownership.Approve, ownership.Review), Artifacts: []string{"**"}, Builders: []string{"x"}, Position: "ownership.yaml:18:5"},
	})
	check("assignments", slices.Collect(m.Assignments()), []ownership.Assignment{{
		Control: ownership.Monitoring, Artifacts: []string{"b", "a"}, Position: "ownership.yaml:20:5",
		Ownership: ownership.Ownership{Accountable: "security", Responsible: []string{"release", "security"}, Runbook: "r"},
	}})
	var ids []string
	for c := range m.Credentials() {
		ids = append(ids, c.ID)
	}
	for p := range m.People() {
		ids = append(ids, p.ID)
	}
	for team := range m.Teams() {
		ids = append(ids, team.ID)
	}
	for w := range m.Workloads() {
		ids = append(ids, w.ID)
		break // and no further
	}
	for v := range m.Vendors() {
		ids = append(ids, v.ID)
	}
	check("ids", ids, []string{"a", "x", "z", "alice", "bob", "release", "security", "pipeline", "signco"})

	identity, ok := m.IdentityOf("a")
	check("identity", identity, ownership.IdentityPattern{Issuer: github, Subject: "https://github.com/acme/r/w@*", NamesRepository: true,
		Claims: map[string]string{"sourceRepositoryURI": "https://github.com/acme/*", "runnerEnvironment": "x"}})
	x509, ok2 := m.IdentityOf("x")
	check("X.509 identity", x509, ownership.IdentityPattern{Authority: "corp", NameType: "dns", Subject: "*.acme.test"})
	if _, isIdentity := m.IdentityOf("z"); isIdentity || !ok || !ok2 {
		t.Error("a key is no identity, the others are")
	}
	for _, tt := range []struct{ section, id, want string }{
		{"metadata", "", "ownership.yaml:3:11"}, {"people", "bob", "ownership.yaml:6:5"}, {"teams", "security", "ownership.yaml:8:5"},
		{"workloads", "tests", "ownership.yaml:10:47"}, {"vendors", "signco", "ownership.yaml:11:11"}, {"credentials", "a", "ownership.yaml:14:5"},
		{"enforcement", "prod", "ownership.yaml:22:5"}, {"separation", "apart", "ownership.yaml:24:5"}, {"trust", "corp", "ownership.yaml:26:28"},
		{"people", "security", ""}, {"teams", "nobody", ""}, {"credentials", "nobody", ""}, {"enforcement", "nobody", ""}, {"separation", "nobody", ""}, {"trust", "nobody", ""}, {"nothing", "bob", ""},
	} {
		if got := m.Position(tt.section, tt.id); got != tt.want {
			t.Errorf("%s %s at %q, want %q", tt.section, tt.id, got, tt.want)
		}
	}
	for g := range m.Grants() { // what is given is a copy
		g.Artifacts[0] = "changed"
	}
	for g := range m.Grants() {
		if g.Artifacts[0] == "changed" {
			t.Error("the model can be changed from outside")
		}
		break
	}
}
