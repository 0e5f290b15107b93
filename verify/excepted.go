package verify

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/policy"
)

// This file is what the verdict says of exceptions.

// evidence are the digests of the items that carry it, sorted.
func (x *exception) evidence() []string {
	var digests []string
	for _, i := range x.items {
		digests = append(digests, i.Digest())
	}
	slices.Sort(digests)
	return digests
}

// lacks reports whether a policy is without something an exception might have waived: a rule, evidence, or what is
// neither.
func (j *judged) lacks(what string) bool {
	known := false
	for i, rule := range j.strict.Rules {
		if rule.ID != what {
			continue
		}
		known = true
		if !slices.Contains([]policy.Outcome{policy.Passed, policy.Waived, policy.Skipped}, j.outcome(i)) {
			return true
		}
	}
	for _, e := range j.strict.Evidence {
		if "evidence:"+e.Requirement.Name != what {
			continue
		}
		known = true
		if !e.Met && !e.Waived {
			return true
		}
	}
	return !known
}

// refusal is the severity of what is wrong with an exception: none where its policy allows, or lacks nothing of what it
// names; else the refusal's.
func (x *exception) refusal() Severity {
	if !slices.ContainsFunc(x.view.Rules, x.policy.lacks) {
		return SeverityInfo
	}
	return x.policy.decision.severity()
}

// severity is that of what keeps a policy from another decision.
func (d Decision) severity() Severity {
	switch d {
	case Deny:
		return SeverityDeny
	case Indeterminate:
		return SeverityIndeterminate
	}
	return SeverityInfo
}

// waiving is the severity of what is wrong with a signature of an exception.
func (r *run) waiving(view *attest.Exception) Severity {
	for _, x := range r.waivers.exceptions {
		if slices.ContainsFunc(x.items, func(i *item) bool { return i.exception == view }) {
			return x.refusal()
		}
	}
	return r.policyNamed(view.Policy).decision.severity()
}

// excepted is everything there is to say of exceptions.
func (r *run) excepted() []problem {
	problems := r.overused()
	for _, x := range r.waivers.exceptions {
		problems = append(problems, r.invalid(x)...)
		problems = append(problems, r.overdue(x)...)
		for _, p := range x.stale {
			p.severity = x.refusal()
			problems = append(problems, p)
		}
		if len(x.used) > 0 {
			problems = append(problems, r.inUse(x))
		}
	}
	for _, i := range r.items {
		if who := r.leftBehind(i); len(who) > 0 {
			problems = append(problems, problem{code: SeparationViolated, severity: SeverityInfo, evidence: []string{i.Digest()},
				message: fmt.Sprintf("%s granted an exception that is used, so what they stand behind does not count", strings.Join(who, ", "))})
		}
	}
	return problems
}

// leftOut reports whether any of some people granted what is waived, so that what they stand behind is left out.
func (r *run) leftOut(people []string) bool {
	return slices.ContainsFunc(people, func(who string) bool { return r.waivers.left[who] })
}

// leftBehind are the people for whom evidence is left out, of an item.
func (r *run) leftBehind(i *item) []string {
	who := map[string]bool{}
	note := func(people []string) {
		for _, person := range people {
			if r.waivers.left[person] {
				who[person] = true
			}
		}
	}
	for _, s := range i.signatures {
		note(s.everybody())
	}
	for _, v := range i.votes {
		if !v.against {
			note(r.behindVote(v))
		}
	}
	return slices.Sorted(maps.Keys(who))
}

// invalid says why an exception, or a part of it, waives nothing.
func (r *run) invalid(x *exception) []problem {
	var problems []problem
	name := fmt.Sprintf("the exception from %s of policy %s", named(slices.Clone(x.view.Rules)), x.policy.policy.Name())
	reasons := slices.Concat(x.scope, x.expired)
	control := ""
	var never []unit
	for _, u := range x.units {
		if u.waiver == nil {
			never = append(never, u)
			continue
		}
		control = cmp.Or(control, u.control)
		reasons = append(reasons, u.reasons...)
		if why := r.conflict(x, u); why != "" && x.policy.lacks(u.what) {
			reasons = append(reasons, why)
		}
	}
	if len(never) > 0 {
		var what []string
		for _, u := range never {
			what = append(what, u.what)
		}
		problems = append(problems, problem{code: ExceptionNotWaivable, severity: x.refusal(), evidence: x.evidence(), control: never[0].control, position: never[0].position,
			message: fmt.Sprintf("%s waives nothing of %s, which the policy does not call waivable", name, named(what))})
	}
	if len(reasons) > 0 {
		problems = append(problems, problem{code: ExceptionInvalid, severity: x.refusal(), evidence: x.evidence(), control: control, message: name + " does not hold: " + strings.Join(reasons, "; ")})
	}
	return problems
}

// inUse says what an exception waives, and who has to look at it by when.
func (r *run) inUse(x *exception) problem {
	u := x.units[slices.IndexFunc(x.units, func(u unit) bool { return u.what == x.used[0] })]
	message := fmt.Sprintf("%s of policy %s waived until %s by %s, asked for by %s: %s", named(slices.Clone(x.used)), x.policy.policy.Name(), stamp(x.view.ValidUntil),
		strings.Join(r.approvedBy(x), ", "), x.requester, clipped(x.view.Reason))
	if x.view.Incident != "" {
		message += " (" + clipped(x.view.Incident) + ")"
	}
	message += fmt.Sprintf("; team %s has to review it by %s", x.reviewOwner(), stamp(x.view.ReviewDue))
	return problem{code: ExceptionUsed, severity: SeverityWarn, evidence: x.evidence(), control: u.control, position: u.position, message: message}
}

// approvedBy are the people who granted what an exception waives, sorted.
func (r *run) approvedBy(x *exception) []string {
	people := map[string]bool{}
	for _, u := range x.units {
		if !slices.Contains(x.used, u.what) {
			continue
		}
		for _, person := range r.free(u, policy.Strict, r.waivers.left) {
			people[person] = true
		}
	}
	return slices.Sorted(maps.Keys(people))
}

// exceptionsUsed lists the exceptions that waive something, for the verdict.
func (r *run) exceptionsUsed() []Exception {
	var out []Exception
	for _, x := range r.waivers.exceptions {
		if len(x.used) == 0 {
			continue
		}
		out = append(out, Exception{
			Evidence: x.evidence()[0], Rules: x.used, RequestedBy: x.requester, ApprovedBy: r.approvedBy(x), Reason: x.view.Reason, Incident: x.view.Incident,
			ValidFrom: Time{x.view.ValidFrom}, ValidUntil: Time{x.view.ValidUntil}, ReviewDue: Time{x.view.ReviewDue}, ReviewOwner: x.reviewOwner(),
		})
	}
	slices.SortFunc(out, func(a, b Exception) int { return cmp.Compare(a.Evidence, b.Evidence) })
	return out
}

// became is what became of an item as status data, as an exception, or as the review of one.
func (r *run) became(i *item) Status {
	best := Discarded
	if i.onRecord || slices.ContainsFunc(r.lists, func(l *revocationList) bool { return l.item == i }) {
		return Counted
	}
	for _, x := range r.waivers.exceptions {
		if !slices.Contains(x.items, i) || len(i.granting) == 0 {
			continue
		}
		for _, u := range x.units {
			switch {
			case x.valid(u, policy.Strict):
				return Counted
			case x.valid(u, policy.Generous):
				best = Undecided
			}
		}
	}
	return best
}
