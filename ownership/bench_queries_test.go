package ownership_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/ownership"
)

// company has n credentials of as many holders, a fifth of them people, a twentieth as many teams of
// four, and grants, control entries and workloads to match.
func company(tb testing.TB, n int) string {
	tb.Helper()
	people, teams := n/5, n/20
	var b strings.Builder
	b.WriteString(head + "people:\n")
	for i := range people {
		fmt.Fprintf(&b, "  - {id: p%06d, from: 2020-01-01T00:00:00Z}\n", i)
	}
	b.WriteString("teams:\n")
	for i := range teams {
		fmt.Fprintf(&b, "  - {id: t%06d, members: [{person: p%06d}, {person: p%06d}, {person: p%06d}], contacts: {page: \"x\"}", i, 4*i%people, (4*i+1)%people, (4*i+2)%people)
		if i > 0 {
			fmt.Fprintf(&b, ", escalation: [t%06d]", i/2)
		}
		b.WriteString("}\n")
	}
	b.WriteString("  - {id: alone, members: [{person: p000003}], contacts: {page: \"y\"}, escalation: [t000000]}\n  - {id: everybody, members: [")
	for i := range people {
		fmt.Fprintf(&b, "{person: p%06d}, ", i)
	}
	b.WriteString("{person: p000000, until: 2019-01-01T00:00:00Z, from: 2018-01-01T00:00:00Z}]}\nworkloads:\n")
	for i := range n - people {
		fmt.Fprintf(&b, "  - {id: w%06d, owner: t%06d, operators: [p%06d]}\n", i, i%teams, i%people)
	}
	b.WriteString("credentials:\n")
	for i := range n {
		holder := fmt.Sprintf("p%06d", i)
		if i >= people {
			holder = fmt.Sprintf("w%06d", i-people)
		}
		revoker := fmt.Sprintf("t%06d", i%teams)
		if i%7 == 0 {
			revoker = "alone"
		}
		fmt.Fprintf(&b, "  - {id: c%06d, holder: %s, owner: t%06d, revokers: [%s], identity: {issuer: %q, subject: \"s%d\"}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n", i, holder, i%teams, revoker, github, i)
	}
	b.WriteString("grants:\n  - {to: everybody, may: [approve], artifacts: [\"**\"]}\n  - {to: alone, may: [approve, review], artifacts: [\"pkg:generic/alone/**\"], environments: [a, b, c]}\n")
	for i := range n - people {
		fmt.Fprintf(&b, "  - {to: w%06d, may: [build], artifacts: [\"pkg:generic/p%06d/**\"]}\n", i, i)
	}
	b.WriteString("controls:\n")
	for c := ownership.PublisherIdentity; c <= ownership.Monitoring; c++ {
		fmt.Fprintf(&b, "  - {control: %s, artifacts: [\"**\"], accountable: alone, responsible: [alone]}\n", c)
		for i := range teams {
			fmt.Fprintf(&b, "  - {control: %s, artifacts: [\"pkg:generic/p%06d/**\"], accountable: t%06d, responsible: [t%06d]}\n", c, i, i, i)
		}
	}
	return b.String()
}

// BenchmarkQueries: each reads the whole model, so it may follow its size, and stays within a second.
func BenchmarkQueries(b *testing.B) {
	when := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	for _, n := range sizes[1:] {
		m := load(b, company(b, n))
		for _, q := range []struct {
			name string
			ask  func(v ownership.View) (int, error)
		}{
			{"Person", func(v ownership.View) (int, error) { w, err := v.WhoPerson("p000003"); return len(w.Falls), err }},
			{"Credential", func(v ownership.View) (int, error) { w, err := v.WhoCredential("c000003"); return len(w.May), err }},
			{"Team", func(v ownership.View) (int, error) { w, err := v.WhoTeam("alone"); return len(w.Charges), err }},
			{"Roles", func(v ownership.View) (int, error) { return len(v.Roles().Controls), nil }},
			{"Compare", func(v ownership.View) (int, error) {
				return len(ownership.Compare(m.At(when.AddDate(-7, 0, 0)), v).Changes), nil
			}},
		} {
			b.Run(fmt.Sprintf("%s/%d", q.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if found, err := q.ask(m.At(when)); err != nil || found == 0 {
						b.Fatalf("%d, %v", found, err)
					}
				}
			})
		}
	}
}
