package importer_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/ownership/importer"
)

// TestLinear: a source of eight times the size takes about eight times as long, not sixty-four times. Compared is the least of
// some runs each, for other work on the machine only makes them longer, and of no more runs than it takes.
func TestLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	list := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
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
		t.Run(c.name, func(t *testing.T) {
			const most = 20
			least := map[int]time.Duration{}
			ratio := 0.0
			for range 8 {
				for _, n := range []int{c.n, 8 * c.n} {
					document := small
					if c.into != nil {
						document = c.into(n)
					}
					one := []importer.Source{c.source(n)}
					begin := time.Now()
					if _, err := importer.Import(into([]byte(document)), one, withCore()); err != nil {
						t.Fatal(err)
					}
					if d := time.Since(begin); least[n] == 0 || d < least[n] {
						least[n] = d
					}
				}
				if ratio = float64(least[8*c.n]) / float64(least[c.n]); ratio <= most {
					return
				}
			}
			t.Errorf("%d take %v, %d take %v: %.1f times as long, expected about eight times", c.n, least[c.n], 8*c.n, least[8*c.n], ratio)
		})
	}
}
