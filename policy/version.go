package policy

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// maxVersions is how many ways of choosing one signature of each credential are tried for an
// attestation, the earliest signatures first.
const maxVersions = 64

// maxChoices is how many ways of leaving signatures out are tried besides, for an attestation.
const maxChoices = 256

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

// later gives the ways of leaving signatures out as if they had not been supplied, so that a holder of the
// duty who signed early takes nothing from one who signed late (design §4.4): for each time the rest can
// have been signed, all the signatures that agree with it. The way that leaves none out is not among them.
func later(signers []*Signer, duty string) [][]*Signer {
	var times []*Span
	for _, x := range signers {
		for _, y := range signers {
			if !x.HasDuty(duty) || !y.HasDuty(duty) || x.SignedAt == nil || y.SignedAt == nil {
				continue
			}
			t := &Span{NotBefore: y.SignedAt.NotBefore, NotAfter: x.SignedAt.NotAfter, Source: x.SignedAt.Source}
			if !slices.ContainsFunc(times, func(s *Span) bool { return *s == *t }) {
				times = append(times, t)
			}
		}
	}
	var ways [][]*Signer
	for _, t := range times {
		var way []*Signer
		var at *Span
		for _, s := range signers {
			if !s.HasDuty(duty) {
				way = append(way, s)
			} else if s.SignedAt != nil && *t.earliest(s.SignedAt) == *t {
				way, at = append(way, s), at.earliest(s.SignedAt)
			}
		}
		if at != nil && *at == *t && len(way) < len(signers) && len(ways) < maxVersions {
			ways = append(ways, way)
		}
	}
	return ways
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
