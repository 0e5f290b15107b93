package verify_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/surety-dev/surety/verify"
)

// shrunk takes out of a set what its difference does not need.
func (b *oBench) shrunk(t testing.TB, s oSet, kind string) oSet {
	for again := true; again; {
		again = false
		try := func(smaller oSet) {
			if k, _ := b.differ(t, smaller); k == kind {
				s, again = smaller, true
			}
		}
		for i := len(s.evidence) - 1; i >= 0; i-- {
			smaller := s
			smaller.evidence = slices.Delete(slices.Clone(s.evidence), i, i+1)
			try(smaller)
		}
		for i := range s.evidence {
			for j := len(s.evidence[i].signatures) - 1; j >= 0 && len(s.evidence[i].signatures) > 1; j-- {
				smaller := s
				smaller.evidence = slices.Clone(s.evidence)
				smaller.evidence[i].signatures = slices.Delete(slices.Clone(s.evidence[i].signatures), j, j+1)
				try(smaller)
			}
			for j := len(s.evidence[i].reviews) - 1; j >= 0; j-- {
				smaller := s
				smaller.evidence = slices.Clone(s.evidence)
				smaller.evidence[i].reviews = slices.Delete(slices.Clone(s.evidence[i].reviews), j, j+1)
				try(smaller)
			}
			for j := len(s.evidence[i].runApprovals) - 1; j >= 0; j-- {
				smaller := s
				smaller.evidence = slices.Clone(s.evidence)
				smaller.evidence[i].runApprovals = slices.Delete(slices.Clone(s.evidence[i].runApprovals), j, j+1)
				try(smaller)
			}
		}
		for i := len(s.world.grants) - 1; i >= 0; i-- {
			smaller, w := s, *s.world
			w.grants = slices.Delete(slices.Clone(s.world.grants), i, i+1)
			smaller.world = &w
			try(smaller)
		}
	}
	return s
}

// text is a set for who has to find out which is right.
func (s oSet) text(v verify.Verdict) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, environment %q\n", s.shape.expression(), s.environment)
	for _, p := range s.world.people {
		fmt.Fprintf(&b, "  person %s %v away %v\n", p.id, p.there, p.away)
	}
	for _, x := range s.world.teams {
		fmt.Fprintf(&b, "  team %s %v\n", x.id, x.members)
	}
	fmt.Fprintf(&b, "  workloads %v\n", s.world.workloads)
	for _, g := range s.world.grants {
		fmt.Fprintf(&b, "  grant %+v\n", g)
	}
	for _, st := range s.evidence {
		kind, predicate := st.predicateType(), st.predicate()
		if st.kind == "provenance" {
			predicate = object{"repository": st.repository}
		}
		fmt.Fprintf(&b, "- %s artifact %v commit %.4s of %q %s\n", kind, st.ofArtifact, st.commit, st.repository, encodedJSON(predicate))
		for _, sig := range st.signatures {
			if sig.by == nil {
				fmt.Fprintf(&b, "    by nobody\n")
				continue
			}
			fmt.Fprintf(&b, "    by %s %v at %d notBefore %d envelope %d, states %v\n", sig.by.id, sig.by.holders, sig.at, sig.from, sig.envelope, sig.by.states)
		}
	}
	for _, a := range v.Approvals {
		fmt.Fprintf(&b, "  lists %+v\n", a)
	}
	return b.String() + explain(v)
}
