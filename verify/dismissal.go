package verify

import "github.com/surety-dev/surety/policy"

// This file is what takes approvals back (design §4.4), and what is to be known of all evidence before any counts.

// dismissal gives what takes back an approval: a rejection takes back all that is not proven to be later than it,
// so that leaving the approval out gains nothing (design §4.4). Nil if nothing does.
func (r *run) dismissal(v *vote) *vote {
	for _, commit := range []string{"", v.approval.Commit} {
		d := r.dismissals[taken{v.approval.Person, commit}]
		if d != nil && d.approval.SignedAt.RecordedBefore(v.approval.SignedAt) != policy.OrderProven {
			return d
		}
	}
	return nil
}

// taken is whose approval of what is taken back: of the artifact, "", it is all of them.
type taken struct{ person, commit string }

// tally finds what was built, and of each what takes back most: what has no proven time, else the last.
func (r *run) tally() {
	r.dismissals, r.built = map[taken]*vote{}, map[source]bool{}
	for _, i := range r.items {
		for _, s := range i.signatures {
			if commit, repository := policy.Built(s.part.statement); commit != "" {
				r.built[source{commit, repository}], r.built[source{commit, ""}] = true, true
			}
		}
		for _, v := range i.votes {
			if !v.against {
				continue
			}
			of := taken{v.approval.Person, v.approval.Commit}
			if d := r.dismissals[of]; d == nil || d.approval.SignedAt.RecordedBefore(v.approval.SignedAt) == policy.OrderProven ||
				d.approval.SignedAt.Source.Trusted() && !v.approval.SignedAt.Source.Trusted() {
				r.dismissals[of] = v
			}
		}
	}
}
