package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/surety-dev/surety/verify"
)

// revocations says which revocation lists were used, who signed them, and what they did.
func (p *page) revocations() {
	for i, l := range p.verdict.Revocations {
		if i == 0 {
			p.title("Revocation lists")
		}
		fmt.Fprintf(p, "  number %d of %s, the next by %s\n", l.Number, stamp(l.IssuedAt), stamp(l.NextUpdate))
		var by []string
		for _, s := range l.Signers {
			if who := cmp.Or(s.Holder, "several holders") + " for " + strings.Join(s.Teams, ", "); !slices.Contains(by, who) {
				by = append(by, who)
			}
		}
		fmt.Fprintf(p, "      signed    by %s\n", Printable(strings.Join(by, "; ")))
		fmt.Fprintf(p, "      says      %s\n", Printable(effect(l)))
		fmt.Fprintf(p, "      evidence  %s\n", p.source(l.Evidence))
	}
}

// effect is what a revocation list said and did.
func effect(l verify.RevocationList) string {
	said := "that nothing is revoked that its signers may revoke"
	switch {
	case l.Entries == 1:
		said = "that one credential is revoked"
	case l.Entries > 1:
		said = fmt.Sprintf("in %d entries what is revoked", l.Entries)
	}
	if len(l.Refused) > 0 {
		said += "; it refused what was signed with " + strings.Join(l.Refused, ", ")
	}
	if len(l.Fresh) > 0 {
		said += "; it is fresh for " + strings.Join(l.Fresh, ", ")
	}
	return said
}
