package ownership_test

import (
	"fmt"
	"testing/fstest"
	"time"

	"github.com/surety-dev/surety/ownership"
)

const example = `
apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
people:
  - {id: alice, from: 2023-04-01T00:00:00Z}
  - {id: bob, from: 2023-04-01T00:00:00Z, until: 2026-03-01T00:00:00Z}
teams:
  - {id: release-engineering, members: [{person: bob}], contacts: {page: "pagerduty:PX1"}, escalation: [platform-security]}
  - {id: platform-security, members: [{person: alice}], contacts: {page: "pagerduty:PX2"}}
workloads:
  - {id: release-pipeline, owner: release-engineering, operators: [alice]}
credentials:
  - id: github-release
    holder: release-pipeline
    owner: platform-security
    identity:
      issuer: https://token.actions.githubusercontent.com
      subject: https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/*
    states:
      - {state: active, from: 2026-01-01T00:00:00Z}
      - {state: suspended, from: 2026-05-01T00:00:00Z}
grants:
  - {to: release-pipeline, may: [build], artifacts: ["pkg:generic/payments/**"], predicates: ["https://slsa.dev/provenance/*"], builders: ["https://github.com/actions/runner/*"]}
controls:
  - {control: release-policy, artifacts: ["pkg:generic/payments/**"], accountable: release-engineering}
`

func exampleModel() *ownership.Model {
	m, err := ownership.Load(fstest.MapFS{"ownership.yaml": {Data: []byte(example)}}, "ownership.yaml")
	if err != nil {
		panic(err)
	}
	return m
}

func ExampleLoad() {
	_, err := ownership.Load(fstest.MapFS{"ownership.yaml": {Data: []byte(`apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
teams:
  - {id: release-engineering, members: [{person: alice}]}
`)}}, "ownership.yaml")
	fmt.Println(err)
	// Output: ownership.yaml:5:50: nothing is called "alice": expected the id of a person
}

func ExampleModel_Bind() {
	m := exampleModel()
	id := ownership.Identity{
		Issuer:  "https://token.actions.githubusercontent.com",
		Subject: "https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/v1.4.2",
	}
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	binding, _ := m.Bind(id, time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), now)
	fmt.Println(binding.Credential, binding.Holders)

	_, refusal := m.Bind(id, time.Date(2026, 5, 2, 0, 0, 0, 0, time.UTC), now)
	fmt.Println(refusal.Reason)
	fmt.Println(refusal.Message)
	// Output:
	// github-release [release-pipeline]
	// credential-suspended
	// credential github-release was suspended from 2026-05-01T00:00:00Z; the signature is of 2026-05-02T00:00:00Z
}

func ExampleView_May() {
	view := exampleModel().At(time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC))
	use := ownership.Use{
		Artifact: "pkg:generic/payments/api@1.4.2", Predicate: "https://slsa.dev/provenance/v1",
		Builder: "https://github.com/actions/runner/github-hosted", IsBuild: true,
	}
	fmt.Println(view.May("release-pipeline", use).Duties.List())

	use.Builder = "https://builder.example/shared"
	p := view.May("release-pipeline", use)
	fmt.Println(p.Duties.List(), p.ButBuilder.List())
	// Output:
	// [build]
	// [] [build]
}

func ExampleView_Control() {
	m := exampleModel()
	view := m.At(time.Date(2026, time.June, 1, 0, 0, 0, 0, time.UTC))
	owner, _ := view.Control(ownership.ReleasePolicy, "pkg:generic/payments/api@1.4.2")
	fmt.Println(owner.Accountable)
	for _, month := range []time.Month{time.February, time.April} { // bob leaves in March
		fmt.Println(m.Contact(owner.Accountable, time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC)))
	}
	_, owned := view.Control(ownership.Monitoring, "pkg:generic/payments/api@1.4.2")
	fmt.Println(owned)
	// Output:
	// release-engineering
	// pagerduty:PX1
	// pagerduty:PX2
	// false
}

func ExampleView_WhoPerson() {
	person, err := exampleModel().At(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)).WhoPerson("bob")
	if err != nil {
		panic(err)
	}
	for _, team := range person.Teams {
		fmt.Println(team.Team, team.Member, team.Position)
	}
	for _, g := range person.Falls {
		fmt.Println(g.Code, g.Message)
	}
	// Output:
	// release-engineering true ownership.yaml:9:41
	// team-empty nobody is in release-engineering
	// owner-stale nobody is in release-engineering, which is accountable for release-policy
}

func ExampleView_WhoCredential() {
	view := exampleModel().At(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC))
	credential, err := view.WhoCredential("github-release")
	if err != nil {
		panic(err)
	}
	fmt.Println(credential.State, credential.Usable, credential.But[0].Message)
	fmt.Println(credential.Holders[0].Holder, credential.Holders[0].Operators, credential.Duties, credential.Artifacts)
	_, err = view.WhoCredential("github-releases")
	fmt.Println(err)
	// Output:
	// suspended false credential github-release was suspended from 2026-05-01T00:00:00Z
	// release-pipeline [alice] [build] [pkg:generic/payments/**]
	// nothing is called "github-releases": expected the id of a credential; did you mean "github-release"?
}

func ExampleView_WhoTeam() {
	team, err := exampleModel().At(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)).WhoTeam("release-engineering")
	if err != nil {
		panic(err)
	}
	fmt.Println(team.Answers[0].Control, team.Answers[0].Roles, team.Charges[0].ID, team.Paged)
	for _, g := range team.Gaps {
		fmt.Println(g.Code, g.Message)
	}
	// Output:
	// release-policy [{accountable release-engineering} {paged release-engineering}] release-pipeline pagerduty:PX2
	// team-empty nobody is in release-engineering
	// duty-unexercisable nobody who is there could build pkg:generic/payments/**
}

func ExampleView_Roles() {
	roles := exampleModel().At(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)).Roles(ownership.ReleasePolicy)
	for _, c := range roles.Controls {
		fmt.Println(c.Control, c.Artifacts, c.Accountable.Team, c.Staff)
	}
	// Output: release-policy [pkg:generic/payments/**] release-engineering [{release-engineering [bob]}]
}

func ExampleCompare() {
	m := exampleModel()
	before, after := m.At(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)), m.At(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC))
	for _, c := range ownership.Compare(before, after).Changes {
		fmt.Println(c.Section, c.ID, c.What, c.Field, c.Before, c.After)
	}
	// Output:
	// people bob ended  [] []
	// memberships bob in release-engineering ended  [] []
	// credentials github-release altered state [active] [suspended]
}

func ExampleView_Who() {
	who := exampleModel().At(time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)).Who("pkg:generic/payments/api@1.4.2", "production")
	for _, s := range who.CouldSign {
		fmt.Println(s.Credential, s.Holders, s.Duties)
		for _, f := range s.Because {
			fmt.Println(" because", f.Message, f.Position)
		}
	}
	for _, a := range who.Controls {
		if a.Accountable.Team != "" {
			fmt.Println(a.Control, a.Accountable.Team, a.Accountable.Page)
		}
	}
	for _, g := range who.Gaps[:3] {
		fmt.Println(g.Code, g.Message)
	}
	// Output:
	// github-release [release-pipeline] [build]
	//  because credential github-release is active since 2026-01-01T00:00:00Z ownership.yaml:21:9
	//  because release-pipeline may build, with predicate type https://slsa.dev/provenance/*, with builder https://github.com/actions/runner/* ownership.yaml:24:5
	// release-policy release-engineering pagerduty:PX2
	// nobody-can-revoke credential github-release names no team that can revoke it
	// nobody-blocks no point of enforcement covers it in production
	// control-unowned nobody is accountable for publisher-identity of pkg:generic/payments/api@1.4.2: no entry covers it
}
