package policy

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// maxVersions is how many ways of choosing one signature of each credential are tried for an
// attestation, the earliest signatures first.
const maxVersions = 64

// versions gives the ways of choosing one signature of each credential, in a fixed order. There is one,
// unless a credential signed more than once and something about it had changed.
func versions(signers []*Signer) [][]*Signer {
	sorted := slices.Clone(signers)
	slices.SortStableFunc(sorted, compareSigners)
	sorted = slices.CompactFunc(sorted, func(x, y *Signer) bool { return compareSigners(x, y) == 0 })
	chosen := [][]*Signer{nil}
	for len(sorted) > 0 {
		n := slices.IndexFunc(sorted, func(s *Signer) bool { return s.Credential != sorted[0].Credential })
		if n < 0 {
			n = len(sorted)
		}
		var more [][]*Signer
		for _, c := range chosen {
			for _, s := range sorted[:n] {
				if len(more) < maxVersions {
					more = append(more, append(slices.Clip(c), s))
				}
			}
		}
		chosen, sorted = more, sorted[n:]
	}
	return chosen
}

// later gives the signers, and the signers without those who hold the duty and signed before others, by either end
// of their spans: what is judged by the first signature must not fail for one that could be left out (design §4.4).
func later(duty string, signers []*Signer) [][]*Signer {
	lists := [][]*Signer{signers}
	if len(signers) < 2 {
		return lists
	}
	var ends, starts []time.Time
	for _, s := range signers {
		if s.HasDuty(duty) {
			ends, starts = append(ends, s.SignedAt.NotAfter), append(starts, s.SignedAt.NotBefore)
		}
	}
	for _, end := range distinct(ends) {
		for _, start := range distinct(starts) {
			kept := slices.DeleteFunc(slices.Clone(signers), func(s *Signer) bool {
				return s.HasDuty(duty) && (s.SignedAt.NotAfter.Before(end) || s.SignedAt.NotBefore.Before(start))
			})
			if len(lists) < maxVersions && !slices.ContainsFunc(lists, func(l []*Signer) bool { return slices.Equal(l, kept) }) {
				lists = append(lists, kept)
			}
		}
	}
	return lists
}

// distinct sorts times, each once.
func distinct(times []time.Time) []time.Time {
	slices.SortFunc(times, time.Time.Compare)
	return slices.CompactFunc(times, time.Time.Equal)
}

// compareSigners orders signatures by credential, then by all a rule can see of them, earlier first.
func compareSigners(x, y *Signer) int {
	return cmp.Or(
		cmp.Compare(x.Credential, y.Credential),
		x.SignedAt.NotAfter.Compare(y.SignedAt.NotAfter),
		x.SignedAt.NotBefore.Compare(y.SignedAt.NotBefore),
		strings.Compare(string(y.SignedAt.Source), string(x.SignedAt.Source)),
		slices.Compare(x.Duties, y.Duties),
		slices.Compare(x.Teams, y.Teams),
		cmp.Compare(x.Identity.Key, y.Identity.Key),
		cmp.Compare(x.Identity.Issuer, y.Identity.Issuer),
		cmp.Compare(x.Identity.Subject, y.Identity.Subject),
		slices.Compare(pairs(x.Identity.Claims), pairs(y.Identity.Claims)),
	)
}

// pairs lists a map in the order of its keys.
func pairs(m map[string]string) []string {
	var list []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		list = append(list, k, m[k])
	}
	return list
}
