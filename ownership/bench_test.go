package ownership_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/ownership"
)

// sizes are how many credentials the benchmarks have; the times must not follow them.
var sizes = []int{10, 1000, 100_000}

// crowd has n credentials: half keys, a quarter workflows, a quarter callers of one
// shared workflow; each its workload, with a grant on its own artifact.
func crowd(tb testing.TB, n int) string {
	tb.Helper()
	var b strings.Builder
	b.WriteString(head + "workloads:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - {id: w%06d}\n", i)
	}
	b.WriteString("credentials:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - id: c%06d\n    holder: w%06d\n    states: [{state: active, from: 2026-01-01T00:00:00Z}]\n", i, i)
		switch i % 4 {
		case 0, 1:
			fmt.Fprintf(&b, "    key: {pem: %s}\n", inline(tb, i))
		case 2:
			fmt.Fprintf(&b, "    identity: {issuer: %q, subject: \"https://github.com/acme/r%06d/.github/workflows/release.yaml@refs/tags/*\", claims: {runnerEnvironment: github-hosted}}\n", github, i)
		case 3:
			fmt.Fprintf(&b, "    identity: {issuer: %q, subject: \"https://github.com/tools/publish/w@refs/tags/*\", claims: {sourceRepositoryURI: \"https://github.com/acme/r%06d\"}}\n", github, i)
		}
	}
	b.WriteString("grants:\n  - {to: w000000, may: [release], artifacts: [\"**\"]}\n")
	for i := range n {
		fmt.Fprintf(&b, "  - {to: w%06d, may: [build], artifacts: [\"pkg:generic/p%06d@*\"]}\n", i, i)
	}
	return b.String()
}

func BenchmarkLookups(b *testing.B) {
	when := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	for _, n := range sizes {
		m := load(b, crowd(b, n))
		last := n - n%4 - 4
		repository := func(i int) string { return fmt.Sprintf("https://github.com/acme/r%06d", i) }
		for name, id := range map[string]ownership.Identity{
			"BindKey":      {Key: fingerprint(b, key(last))},
			"BindWorkflow": workflow(repository(last+2)+"/.github/workflows/release.yaml@refs/tags/v1", repository(last+2)),
			"BindCaller":   workflow("https://github.com/tools/publish/w@refs/tags/v1", repository(last+3)),
		} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, refusal := m.Bind(id, when, when); refusal != nil {
						b.Fatal(refusal.Message)
					}
				}
			})
		}
		artifact := fmt.Sprintf("pkg:generic/p%06d@1.2.3", last)
		b.Run(fmt.Sprintf("KeysFor/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if len(m.KeysFor(artifact, 64)) == 0 {
					b.Fatal("no keys")
				}
			}
		})
		b.Run(fmt.Sprintf("May/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			view := m.At(when)
			for b.Loop() {
				if !view.May(fmt.Sprintf("w%06d", last), ownership.Use{Artifact: artifact}).Duties.Has(ownership.Build) {
					b.Fatal("may not")
				}
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	for _, n := range sizes {
		text := crowd(b, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				load(b, text)
			}
		})
	}
}

// BenchmarkWho reads the whole model: it may follow the number of credentials.
func BenchmarkWho(b *testing.B) {
	when := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	for _, n := range sizes {
		view := load(b, crowd(b, n)).At(when)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if len(view.Who("pkg:generic/p000001@1.2.3", "").CouldSign) != 2 {
					b.Fatal("not the two that could sign")
				}
			}
		})
	}
}
