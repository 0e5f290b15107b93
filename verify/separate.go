package verify

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
)

// This file is design §4.11: "two declared kinds with separated duties must stand on attestations with
// nobody in common. What is left out is a finding; it never refuses beside enough that is clean."

// maxAssignments is how many ways of giving contested people one duty each are tried.
const maxAssignments = 256

// stripped says whose signatures do not count for which duties.
type stripped map[string]map[string]bool // person or workload to duties

// apart gives signatures without the stripped duties, as if they had not been supplied for them. A duty that the
// policy asks of no statement of its type is nothing a signature was supplied for.
func (j *judged) apart(held []*signature, strip stripped) []*signature {
	if len(strip) == 0 {
		return held
	}
	out := make([]*signature, 0, len(held))
	for _, s := range held {
		signer := *s.signer
		signer.Duties = slices.DeleteFunc(slices.Clone(signer.Duties), func(d string) bool {
			supplied := slices.ContainsFunc(j.requirements, func(n policy.Requirement) bool { return n.Duty == d && n.Accepts(s.predicateType()) })
			return supplied && slices.ContainsFunc(s.behind, func(p string) bool { return strip[p][d] })
		})
		if len(signer.Duties) > 0 {
			kept := *s
			kept.signer = &signer
			out = append(out, &kept)
		}
	}
	return out
}

// without gives approvals without those of people who are not to count as approvers.
func without(approvals []*policy.Approval, strip stripped) []*policy.Approval {
	return slices.DeleteFunc(slices.Clone(approvals), func(a *policy.Approval) bool { return strip[a.Person][ownership.Approve.String()] })
}

// separate keeps separated duties apart in a world that allows. Where somebody stands behind two of
// them, ways of counting them for one only are tried; one that still allows is enough.
func (r *run) separate(j *judged, w world, run func(stripped) (policy.Result, error)) ([]problem, policy.Result, error) {
	groups := r.separated(j)
	if len(groups) == 0 {
		return nil, w.result, nil
	}
	problems := r.unprovable(j, groups, w.held)
	contested := contests(j, groups, w)
	if len(contested) == 0 {
		return problems, w.result, nil
	}
	note := problem{code: SeparationViolated, severity: SeverityInfo, message: contestedMessage(contested)}
	all := stripped{}
	for _, c := range contested {
		all[c.who] = c.without(nil)
	}
	strip := all
	for n := 0; strip != nil && n <= maxAssignments; n++ {
		result, err := run(strip)
		// with less counted, others may stand: they must have nobody in common either
		stripped := world{result: result, held: j.apart(w.held, strip), approvals: without(w.approvals, strip)}
		clean := result.Allows && len(contests(j, groups, stripped)) == 0
		if err != nil || clean {
			return append(problems, note), result, err
		}
		strip = assignment(contested, n)
	}
	w.result.Allows = false
	note.severity = SeverityDeny
	if strip != nil {
		note.message += fmt.Sprintf(" (over the limit separation-assignments: %d ways of counting each for one duty only were tried)", maxAssignments)
	}
	return append(problems, note), w.result, nil
}

// separated are the model's separations as far as the policy declares two or more of their duties.
func (r *run) separated(j *judged) [][]string {
	var groups [][]string
	for _, s := range r.model.Separations() {
		var declared []string
		for _, need := range j.requirements {
			d, ok := ownership.ParseDuty(need.Duty)
			if ok && s.Duties.Has(d) && !slices.Contains(declared, need.Duty) {
				declared = append(declared, need.Duty)
			}
		}
		if approve := ownership.Approve.String(); j.policy.ReadsApprovals() && s.Duties.Has(ownership.Approve) && !slices.Contains(declared, approve) {
			declared = append(declared, approve)
		}
		if len(declared) > 1 {
			groups = append(groups, declared)
		}
	}
	return groups
}

// contest is somebody who stands behind several separated duties.
type contest struct {
	who     string
	duties  []string   // those he stands behind that are in a separation, sorted
	options [][]string // which of them may be counted together
}

// without gives the duties not to count, where those to keep are counted.
func (c contest) without(keep []string) map[string]bool {
	strip := map[string]bool{}
	for _, d := range c.duties {
		if !slices.Contains(keep, d) {
			strip[d] = true
		}
	}
	return strip
}

// contests finds who stands behind attestations that stand under separated duties.
func contests(j *judged, groups [][]string, w world) []contest {
	digests := lowest(w.held)
	duties := map[string]map[string]bool{}
	for i, need := range j.requirements {
		for _, s := range w.held {
			if !need.Accepts(s.predicateType()) || !s.signer.HasDuty(need.Duty) || !slices.Contains(w.result.Evidence[i].Standing, digests[s.content()]) {
				continue
			}
			for _, who := range s.behind {
				if duties[who] == nil {
					duties[who] = map[string]bool{}
				}
				duties[who][need.Duty] = true
			}
		}
	}
	for _, a := range w.approvals {
		if duties[a.Person] != nil { // who only approves contests nothing
			duties[a.Person][ownership.Approve.String()] = true
		}
	}
	var list []contest
	for _, who := range slices.Sorted(maps.Keys(duties)) {
		c := contest{who: who, duties: slices.Sorted(maps.Keys(duties[who]))}
		if clash(c.duties, groups) {
			c.options = compatible(c.duties, groups)
			list = append(list, c)
		}
	}
	return list
}

// clash reports whether two of the duties are in one separation.
func clash(duties []string, groups [][]string) bool {
	for _, g := range groups {
		n := 0
		for _, d := range duties {
			if slices.Contains(g, d) {
				n++
			}
		}
		if n > 1 {
			return true
		}
	}
	return false
}

// compatible gives the largest sets of duties without a clash; there are at most nine duties.
func compatible(duties []string, groups [][]string) [][]string {
	var sets [][]string
	for bits := 1; bits < 1<<len(duties); bits++ {
		var set []string
		for i, d := range duties {
			if bits&(1<<i) != 0 {
				set = append(set, d)
			}
		}
		if !clash(set, groups) {
			sets = append(sets, set)
		}
	}
	return slices.DeleteFunc(slices.Clone(sets), func(s []string) bool {
		return slices.ContainsFunc(sets, func(o []string) bool { return len(o) > len(s) && covers(o, s) })
	})
}

func covers(set, part []string) bool {
	for _, p := range part {
		if !slices.Contains(set, p) {
			return false
		}
	}
	return true
}

// assignment is the nth way of giving each contested one of their options; nil after the last.
func assignment(contested []contest, n int) stripped {
	strip := stripped{}
	for _, c := range contested {
		strip[c.who] = c.without(c.options[n%len(c.options)])
		n /= len(c.options)
	}
	if n > 0 {
		return nil
	}
	return strip
}

func contestedMessage(contested []contest) string {
	parts := make([]string, len(contested))
	for i, c := range contested {
		parts[i] = c.who + " (" + strings.Join(c.duties, ", ") + ")"
	}
	return "duties that must be separate have somebody in common: " + strings.Join(parts, "; ")
}

// unprovable warns of workloads whose operators are not known, where duties must be separate.
func (r *run) unprovable(j *judged, groups [][]string, held []*signature) []problem {
	var problems []problem
	for _, s := range held {
		if s.operators || !slices.ContainsFunc(groups, func(g []string) bool {
			return slices.ContainsFunc(g, s.signer.HasDuty)
		}) {
			continue
		}
		problems = append(problems, problem{code: SeparationUnprovable, severity: SeverityWarn, evidence: []string{s.item.Digest()}, credential: s.signer.Credential,
			message: fmt.Sprintf("no operators are known of %s, so who stands behind it cannot be told", s.signer.Holder)})
	}
	return problems
}
