package ownership_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/ownership"
)

// organisation is a document as a large organisation has it: for every five credentials a person, for
// every four people a team. A person has a key, a pipeline two keys and two workflows; teams own, revoke and are granted;
// one in ten people has left.
func organisation(tb testing.TB, credentials int) string {
	tb.Helper()
	people := credentials / 5
	teams := max(people/4, 1)
	var b strings.Builder
	b.WriteString(head + "people:\n")
	for i := range people {
		until := ""
		if i%10 == 9 {
			until = ", until: 2026-06-01T00:00:00Z"
		}
		fmt.Fprintf(&b, "  - {id: p%06d, from: 2023-01-01T00:00:00Z%s, accounts: [\"github:%d\", \"email:p%06d@acme.test\"]}\n", i, until, i, i)
	}
	b.WriteString("teams:\n")
	for i := range teams {
		fmt.Fprintf(&b, "  - id: t%06d\n    contacts: {page: \"pager:%d\"}\n    members:\n", i, i)
		for j := range max(people/teams, 1) {
			fmt.Fprintf(&b, "      - {person: p%06d, from: 2024-01-01T00:00:00Z}\n", (i*people/teams+j)%people)
		}
	}
	b.WriteString("workloads:\n")
	for i := range people {
		fmt.Fprintf(&b, "  - {id: w%06d, owner: t%06d, operators: [p%06d]}\n", i, i%teams, i)
	}
	b.WriteString("credentials:\n")
	for i := range credentials {
		holder := fmt.Sprintf("w%06d", i/5)
		if i%5 == 0 {
			holder = fmt.Sprintf("p%06d", i/5)
		}
		fmt.Fprintf(&b, "  - id: c%06d\n    holder: %s\n    owner: t%06d\n    revokers: [t%06d]\n    states: [{state: active, from: 2026-01-01T00:00:00Z}]\n", i, holder, i/5%teams, (i/5+1)%teams)
		switch i % 5 {
		case 0, 1, 2:
			fmt.Fprintf(&b, "    key: {pem: %s}\n", inline(tb, i))
		case 3:
			fmt.Fprintf(&b, "    identity: {issuer: %q, subject: \"https://github.com/acme/r%06d/.github/workflows/release.yaml@refs/tags/*\", claims: {runnerEnvironment: github-hosted}}\n", github, i)
		case 4:
			fmt.Fprintf(&b, "    identity: {issuer: %q, subject: \"https://github.com/tools/publish/w@refs/tags/*\", claims: {sourceRepositoryURI: \"https://github.com/acme/r%06d\"}}\n", github, i)
		}
	}
	b.WriteString("grants:\n")
	for i := range people {
		fmt.Fprintf(&b, "  - {to: w%06d, may: [build], artifacts: [\"pkg:generic/p%06d/**\"]}\n", i, i)
	}
	for i := range teams {
		fmt.Fprintf(&b, "  - {to: t%06d, may: [approve], artifacts: [\"pkg:generic/p%06d/**\"]}\n", i, i)
	}
	b.WriteString("controls:\n")
	for i := range teams {
		fmt.Fprintf(&b, "  - {control: release-policy, artifacts: [\"pkg:generic/p%06d/**\"], accountable: t%06d, responsible: [t%06d]}\n", i, i, i)
	}
	return b.String()
}

// BenchmarkOrganisation loads 100,000 credentials, 20,000 people and 5,000 teams; MiB is what the process
// has ever had from the system.
func BenchmarkOrganisation(b *testing.B) {
	text := organisation(b, 100_000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		load(b, text)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "MiB")
}

// looked is how many different things BenchmarkBound looks up in a model.
const looked = 20

// lookups are what is looked up in an organisation, spread over all of it.
type lookups struct {
	model           *ownership.Model
	view            ownership.View
	keys, workflows []ownership.Identity
	workers         []string
	uses            []ownership.Use
}

func newLookups(b *testing.B, credentials int, when time.Time) lookups {
	b.Helper()
	l := lookups{model: load(b, organisation(b, credentials))}
	l.view = l.model.At(when)
	for i := 0; i < credentials; i += credentials / looked {
		l.keys = append(l.keys, ownership.Identity{Key: fingerprint(b, key(i))})
		repository := fmt.Sprintf("https://github.com/acme/r%06d", i+3)
		l.workflows = append(l.workflows, workflow(repository+"/.github/workflows/release.yaml@refs/tags/v1", repository))
		l.workers = append(l.workers, fmt.Sprintf("w%06d", i/5))
		l.uses = append(l.uses, ownership.Use{Artifact: fmt.Sprintf("pkg:generic/p%06d/api@1.2.3", i/5)})
	}
	return l
}

// BenchmarkBound compares what a lookup costs in an organisation of 100,000 credentials with what it costs
// in one of 100, turn by turn; x is the median of the ratios.
func BenchmarkBound(b *testing.B) {
	when := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	small, large := newLookups(b, 100, when), newLookups(b, 100_000, when)
	bind := func(b *testing.B, m *ownership.Model, ids []ownership.Identity) {
		for i := range ids {
			if _, refusal := m.Bind(ids[i], when, when); refusal != nil {
				b.Fatal(refusal.Message)
			}
		}
	}
	for name, look := range map[string]func(b *testing.B, l lookups){
		"key":      func(b *testing.B, l lookups) { bind(b, l.model, l.keys) },
		"workflow": func(b *testing.B, l lookups) { bind(b, l.model, l.workflows) },
		"grant": func(b *testing.B, l lookups) {
			for i, worker := range l.workers {
				if !l.view.May(worker, l.uses[i]).Duties.Has(ownership.Build) {
					b.Fatal(worker + " may not build")
				}
			}
		},
	} {
		b.Run(name, func(b *testing.B) {
			timed := func(l lookups) float64 {
				begun := time.Now()
				look(b, l)
				return float64(time.Since(begun))
			}
			var ratios []float64
			for b.Loop() {
				few := timed(small)
				ratios = append(ratios, timed(large)/few)
			}
			slices.Sort(ratios)
			b.ReportMetric(ratios[len(ratios)/2], "x")
		})
	}
}
