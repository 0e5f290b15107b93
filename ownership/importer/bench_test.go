package importer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/ownership/importer"
)

// BenchmarkLinear says how many times as long a source of eight times the size takes, as the median of pairs: about eight
// times, not sixty-four.
func BenchmarkLinear(b *testing.B) {
	list := func(n int, format string) string {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, format, i)
		}
		return text.String()
	}
	identities := func(n int) string {
		return `{"type": "root", "principals": {"p": {"personID": "p", "keys": {` +
			strings.TrimSuffix(list(n, `"k%[1]d": {"keytype": "sigstore-oidc", "keyval": {"identity": "i%[1]d", "issuer": "x"}},`), ",") + `}}}}`
	}
	const entity = "apiVersion: backstage.io/v1alpha1\nkind: %s\nmetadata: {name: n%%d}\nspec: {owner: \"%s\"}\n---\n"
	for _, c := range []struct {
		name   string
		into   func(n int) string
		source func(n int) importer.Source
		n      int
	}{
		{"aliases", nil, func(n int) importer.Source {
			return source("kubernetes-owners", "OWNERS_ALIASES", "aliases:\n"+list(n, "  a%d: [x]\n"))
		}, 6000},
		{"approvers on one line, with a mark of tags", nil, func(n int) importer.Source {
			return source("kubernetes-owners", "core/OWNERS", "approvers: ["+list(n, "a%d, ")+"\"!\"]\n")
		}, 4000},
		{"one reviewer on many lines", nil, func(n int) importer.Source {
			return source("kubernetes-owners", "core/OWNERS", "reviewers:\n"+list(n, "  - alice # %d\n"))
		}, 4000},
		{"entities", nil, func(n int) importer.Source {
			return source("backstage", "c.yaml", list(n, fmt.Sprintf(entity, "Component", "x")))
		}, 500},
		{"entities with a mark of tags", nil, func(n int) importer.Source {
			return source("backstage", "c.yaml", list(n, fmt.Sprintf(entity, "Component", "x"))+"# !\n")
		}, 500},
		{"groups", nil, func(n int) importer.Source {
			return source("backstage", "c.yaml", list(n, fmt.Sprintf(entity, "Group", "x")))
		}, 500},
		{"rules", nil, func(n int) importer.Source {
			return source("codeowners", "CODEOWNERS", list(n, "/core/%d/ @alice\n"))
		}, 2000},
		{"owners", nil, func(n int) importer.Source {
			return source("codeowners", "CODEOWNERS", "*"+list(n, " @a%d")+"\n")
		}, 8000},
		{"rows", nil, func(n int) importer.Source {
			return source("csv", "hr.csv", "id,start,teams\n"+list(n, "n%d,2023-01-01,all\n"))
		}, 300},
		{"rows that are there", func(n int) string {
			return strings.Replace(small, "teams:\n", list(n, "  - {id: n%[1]d, from: 2023-01-01T00:00:00Z, accounts: [\"employee:n%[1]d\"]}\n")+"teams:\n  - {id: all, members: ["+
				strings.TrimSuffix(list(n, "{person: n%d}, "), ", ")+"]}\n", 1)
		}, func(n int) importer.Source {
			return source("csv", "hr.csv", "id,start,teams\n"+list(n, "n%d,2023-01-01,all\n"))
		}, 300},
		{"identities", func(n int) string {
			return small + "credentials:\n" + list(n, "  - {id: c%[1]d, holder: alice, identity: {issuer: \"https://x\", subject: s%[1]d}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n")
		}, func(n int) importer.Source {
			return source("gittuf", "root.json", identities(n))
		}, 300},
	} {
		b.Run(c.name, func(b *testing.B) {
			took := func(n int) float64 {
				document := small
				if c.into != nil {
					document = c.into(n)
				}
				one := []importer.Source{c.source(n)}
				begun := time.Now()
				if _, err := importer.Import(into([]byte(document)), one, withCore()); err != nil {
					b.Fatal(err)
				}
				return float64(time.Since(begun))
			}
			var ratios []float64
			for b.Loop() {
				few := took(c.n)
				ratios = append(ratios, took(8*c.n)/few)
			}
			slices.Sort(ratios)
			b.ReportMetric(ratios[len(ratios)/2], "x")
		})
	}
}
