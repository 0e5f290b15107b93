package verify

import (
	"fmt"
	"slices"
	"time"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
)

// This file is what comes after an exception (requirement R51): its review, and how many there were. Both warn. They
// do not end an exception before its time: validUntil does, within what the policy allows, and whoever granted it
// chose when its review is due.

// ReviewRole is the role of an approval that is the review of an exception: its reference is "sha256:" and the hex
// SHA-256 of the exception's payload, its decision approved.
const ReviewRole = "exception-review"

// ExceptionWindow is how far back exceptions are counted for a waiver's maxUses.
const ExceptionWindow = 30 * 24 * time.Hour

// readReview looks at an item that is the review of an exception.
func (r *run) readReview(i *item) {
	if view, _ := i.Statement().Approval(); view != nil && view.Role == ReviewRole {
		i.review, i.wanted = view, true
	}
}

// reviewersOf are the keys to try for reviews: of the teams that may waive, and of those that are to review the
// exceptions there are.
func (r *run) reviewersOf() []ownership.Key {
	teams := map[string]bool{}
	add := func(w *policy.Waiver) {
		if w != nil {
			teams[w.By] = true
		}
	}
	for _, j := range r.applies {
		for _, need := range j.requirements {
			add(need.Waivable)
		}
		for _, rule := range j.policy.Rules() {
			add(rule.Waivable)
		}
	}
	for _, i := range r.items {
		if i.exception != nil && i.exception.ReviewOwner != "" {
			teams[i.exception.ReviewOwner] = true
		}
	}
	return r.keysOfTeams(teams)
}

// reviewOwner is the team that has to review an exception: the one it names, else the one that granted it.
func (x *exception) reviewOwner() string {
	if x.view.ReviewOwner != "" {
		return x.view.ReviewOwner
	}
	for _, u := range x.units {
		if u.waiver != nil {
			return u.waiver.By
		}
	}
	return ""
}

// reviewed reports whether an exception has been reviewed, by a member of the team now who neither asked for it nor
// granted it.
func (r *run) reviewed(x *exception) bool {
	for _, i := range r.items {
		if i.review == nil || i.review.Reference != x.payload || i.review.Decision != "approved" {
			continue
		}
		for _, p := range i.opened.Proofs {
			m := r.when(p)
			b, refusal := r.whose(p, m)
			own := b.Person == x.requester || slices.ContainsFunc(x.grantors, func(g grantor) bool { return g.person == b.Person })
			if refusal == nil && !m.undecided && !m.t.After(r.request.At) && b.Person != "" && !own && r.model.At(r.request.At).Member(b.Person, x.reviewOwner()) {
				i.onRecord = true
				return true
			}
		}
	}
	return false
}

// overdue warns of an exception that a quorum granted for this request and nobody has reviewed in time.
func (r *run) overdue(x *exception) []problem {
	granted := slices.IndexFunc(x.units, func(u unit) bool { return u.granted })
	if granted < 0 || len(x.scope) > 0 || r.reviewed(x) || !r.request.At.After(x.view.ReviewDue) {
		return nil
	}
	return []problem{{code: ExceptionReviewOverdue, severity: SeverityWarn, evidence: x.evidence()[:1], control: x.units[granted].control, position: x.units[granted].position,
		message: fmt.Sprintf("the exception from %s of policy %s was to be reviewed by team %s until %s, and no review by any of it is on record", named(slices.Clone(x.view.Rules)), x.view.Policy, x.reviewOwner(), stamp(x.view.ReviewDue))}}
}

// overused warns of what was waived more often than the policy means it to be, for whatever artifact.
func (r *run) overused() []problem {
	var problems []problem
	for _, j := range r.applies {
		type waiving struct {
			unit     unit
			evidence []string
		}
		var waived []waiving
		for _, x := range r.waivers.exceptions {
			from := x.view.ValidFrom
			if x.policy != j || from.After(r.request.At) || r.request.At.Sub(from) >= ExceptionWindow {
				continue
			}
			for _, u := range x.units {
				if !u.granted || u.waiver.MaxUses == 0 {
					continue
				}
				n := slices.IndexFunc(waived, func(w waiving) bool { return w.unit.what == u.what })
				if n < 0 {
					n, waived = len(waived), append(waived, waiving{unit: u})
				}
				waived[n].evidence = append(waived[n].evidence, x.evidence()[0])
			}
		}
		for _, w := range waived {
			if n := len(w.evidence); n > w.unit.waiver.MaxUses {
				slices.Sort(w.evidence)
				problems = append(problems, problem{code: ExceptionOverused, severity: SeverityWarn, evidence: w.evidence, control: w.unit.control, position: w.unit.position,
					message: fmt.Sprintf("%d exceptions from %s of policy %s began in the thirty days before, and at most %d are meant to", n, w.unit.what, j.policy.Name(), w.unit.waiver.MaxUses)})
			}
		}
	}
	return problems
}
