package verify

import (
	"maps"
	"slices"
	"strings"

	"github.com/surety-dev/surety/policy"
)

// This file is who stands behind a supply chain, and what it is without some of them (design §4.12).

// peopleOf are those behind a supply chain: who approved the layout, and whoever stands behind a link for a step of it or
// of a layout that might stand in for one. It need not be used: without somebody else it may be.
func (r *run) peopleOf(outcomes []LayoutOutcome) []string {
	people := slices.Clone(outcomes[0].ApprovedBy)
	for _, l := range outcomes {
		for _, s := range l.Steps {
			holders := s.Holders
			for _, link := range s.Links {
				holders = slices.Concat(holders, link.Holders)
			}
			behind, _ := r.model.Behind(holders, r.request.At)
			people = append(people, behind...)
		}
	}
	slices.Sort(people)
	return slices.Compact(people)
}

// chainWithout is a layout's supply chain as rules see it were nothing supplied that some people stand behind, neither
// links nor approvals of the layout; nil where it does not pass so. Each is judged once, whoever signed the layout.
func (r *run) chainWithout(i *item, people map[string]bool) *policy.Layout {
	without := apartness{i.Envelope().Digest(), strings.Join(slices.Sorted(maps.Keys(people)), "\n")}
	layout, known := r.parted[without]
	if !known {
		layout = r.judgeWithout(i, people)
		r.parted[without] = layout
	}
	return layout
}

// apartness is a layout, by its content, and people without whom its chain is judged.
type apartness struct {
	content [32]byte
	people  string
}

func (r *run) judgeWithout(i *item, people map[string]bool) *policy.Layout {
	approval := r.layoutApprovals()[i.Envelope().Digest()]
	approval.People = slices.DeleteFunc(slices.Clone(approval.People), func(who string) bool { return people[who] })
	if !approval.Met() {
		return nil
	}
	var evidence []ChainItem
	var layout ChainItem
	for _, c := range r.chained {
		left := c.ChainItem
		left.Signers = slices.Clone(left.Signers)
		for k, s := range left.Signers {
			if behind, _ := r.model.Behind([]string{s.Holder}, r.request.At); s.Holder != "" && slices.ContainsFunc(behind, func(who string) bool { return people[who] }) {
				left.Signers[k] = ChainSigner{Key: s.Key, Reason: "left out"}
			}
		}
		if evidence = append(evidence, left); slices.Contains(c.items, i) {
			layout = left
		}
	}
	outcomes := r.chains.Verify(layout, evidence, r.request.Artifact, r.request.At)
	if len(outcomes) == 0 || !outcomes[0].Passed {
		return nil
	}
	return outcomes[0].view()
}
