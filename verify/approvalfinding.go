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

// This file is what a verdict says of approvals: those that counted, and what keeps others, and the rules that
// ask for them, from passing.

// approvalSeverity is what a problem with an approval means: nothing where every rule that asks for approvals
// passes, else what the refusal is.
func (r *run) approvalSeverity() Severity {
	severity := SeverityInfo
	for _, j := range r.applies {
		for _, p := range j.problems {
			if p.code == NotPromoted {
				severity = min(severity, p.severity)
			}
		}
		for i, rule := range j.strict.Rules {
			if !rule.ReadsApprovals || rule.Severity != policy.Deny || j.strict.Rules[i].Outcome == policy.Skipped {
				continue
			}
			switch outcome := j.outcome(i); {
			case outcome == policy.Passed || outcome == policy.Waived:
			case outcome == policy.Failed && j.decision != Indeterminate:
				severity = min(severity, SeverityDeny)
			default:
				severity = min(severity, SeverityIndeterminate)
			}
		}
	}
	return severity
}

// unapproved reports the rules that ask for approvals and do not pass, with whose approvals there are, and
// approvals on record only after what they approve was signed.
func (r *run) unapproved(j *judged) []problem {
	var problems []problem
	for i, rule := range j.strict.Rules {
		outcome := j.outcome(i)
		if !rule.ReadsApprovals || rule.Evidence == "" || r.over != nil || outcome == policy.Passed || outcome == policy.Skipped || outcome == policy.Waived {
			continue
		}
		p := problem{code: ApprovalsInsufficient, position: rule.Position, evidence: []string{rule.Evidence}, severity: severityOf(rule.Severity)}
		if p.severity == SeverityDeny && outcome != policy.Failed {
			p.severity = SeverityIndeterminate
		}
		p.message = fmt.Sprintf("rule %s of policy %s asks for approvals, and it sees those of %s", rule.ID, j.policy.Name(), cmp.Or(strings.Join(rule.Approvers, ", "), "nobody"))
		if rule.Need > 0 {
			p.message += fmt.Sprintf(" (have %d, need %d)", rule.Have, rule.Need)
		}
		problems = append(problems, p)
		if rule.OrdersApprovals {
			problems = append(problems, r.late(j, rule.Evidence, p.severity)...)
		}
	}
	return problems
}

// late reports approvals on record only after an attestation was.
func (r *run) late(j *judged, evidence string, severity Severity) []problem {
	var signed []*policy.Span
	for _, s := range r.held(j, policy.Generous) {
		if s.item.Digest() == evidence {
			signed = append(signed, s.signer.SignedAt)
		}
	}
	var problems []problem
	for _, v := range r.standingVotes(j, policy.Generous) {
		if len(signed) == 0 || slices.ContainsFunc(signed, func(s *policy.Span) bool { return v.approval.SignedAt.RecordedBefore(s) != policy.OrderRefuted }) {
			continue
		}
		problems = append(problems, problem{code: ApprovalLate, severity: severity, evidence: []string{v.by.item.Digest()}, credential: v.by.signer.Credential,
			message: fmt.Sprintf("%s approved at %s, and what it approves was signed at %s", v.approval.Person, stamp(v.approval.SignedAt.NotAfter), stamp(signed[0].NotAfter))})
	}
	return problems
}

// voting reports what is to be said of approvals whatever the policy: those taken back, people who approve by
// several accounts or credentials, and changes that a witness says came in around their review.
func (r *run) voting() []problem {
	var problems []problem
	means := map[string][]string{}    // of each person, what they approve by
	declared := map[string][]string{} // and the predicate types of that which policies ask for by itself
	for _, i := range r.items {
		for _, v := range i.votes {
			if v.against {
				continue
			}
			person := v.approval.Person
			if !r.tied(v) {
				message := "it is of commit " + v.approval.Commit + ", which no provenance that counts names"
				if v.approval.Repository != "" {
					message += " with repository " + v.approval.Repository
				}
				problems = append(problems, problem{code: ApprovalForOtherArtifact, depends: &depends{approvals: true}, evidence: []string{i.Digest()}, credential: v.by.signer.Credential, message: message})
				continue
			}
			if d := r.dismissal(v); d != nil {
				message := person + " approved, and it was taken back"
				if person == "" {
					message = "a witness says that the controls of commit " + v.approval.Commit + " were passed, and a witness that they were not"
				}
				problems = append(problems, problem{code: ApprovalDismissed, depends: &depends{approvals: true, types: types(i.parts)}, evidence: []string{i.Digest(), d.by.item.Digest()}, credential: v.by.signer.Credential, message: message})
			}
			if person == "" {
				continue
			}
			by := "credential " + v.by.signer.Credential
			if v.approval.Witnessed {
				by = "account " + v.account
			}
			if !slices.Contains(means[person], by) {
				means[person] = append(means[person], by)
			}
			declared[person] = append(declared[person], types(i.parts)...)
		}
		problems = append(problems, r.bypassed(i)...)
	}
	for _, person := range slices.Sorted(maps.Keys(means)) {
		if by := means[person]; len(by) > 1 {
			slices.Sort(by)
			problems = append(problems, problem{code: SamePerson, depends: &depends{approvals: true, types: declared[person]},
				message: fmt.Sprintf("%s approves by %s, and counts once", person, strings.Join(by, " and "))})
		}
	}
	return problems
}

// bypassed reports what a witness's export of a commit says of a review that was bypassed (requirement R47), also
// where there was none.
func (r *run) bypassed(i *item) []problem {
	if i.witness == "" || attest.ViewOf(i.Statement().PredicateType) != attest.ViewReviews {
		return nil
	}
	rs, err := i.Statement().Reviews()
	if err != nil {
		return nil // no witness then
	}
	of, _ := r.sources(i.Statement())
	about := func(commit string) bool {
		return slices.ContainsFunc(of, func(s source) bool { return s.commit == commit })
	}
	warn := func(message string) problem {
		return problem{code: ReviewBypassed, severity: SeverityWarn, evidence: []string{i.Digest()}, credential: i.witness, message: message}
	}
	var problems []problem
	if s := rs.RuleSuite; s != nil && s.Result == "bypass" && about(s.After) {
		problems = append(problems, warn(fmt.Sprintf("%s bypassed the rules of %s to bring in commit %s", cmp.Or(s.Actor, "somebody"), rs.Repository, s.After)))
	}
	if rs.MergedBy != "" && about(cmp.Or(rs.Merge, rs.Head)) && rs.Reviews != nil && !slices.ContainsFunc(deciding(rs.Reviews), func(v attest.Review) bool {
		return v.State == "APPROVED" && !v.Bot && v.Commit == rs.Head && v.Reviewer != rs.Author && (r.person(v.Reviewer) == "" || r.person(v.Reviewer) != r.person(rs.Author))
	}) {
		problems = append(problems, warn(fmt.Sprintf("%s merged pull request %d of %s, and nobody else had approved it", rs.MergedBy, rs.Number, rs.Repository)))
	}
	return problems
}

// approved lists the approvals that counted for a policy that asks for them.
func (r *run) approved() []Approval {
	var out []Approval
	if r.over != nil { // not all were looked at
		return nil
	}
	for _, j := range r.applies {
		seen := map[*policy.Approval]bool{}
		for _, e := range j.strict.Evidence {
			for _, a := range e.Approvals {
				seen[a] = true
			}
		}
		want, promotes := j.policy.Promotion()
		for _, v := range r.standingVotes(j, policy.Strict) {
			if !seen[&v.approval] && !(promotes && promoting(want, &v.approval)) {
				continue
			}
			if r.leftOut(r.behindVote(v)) {
				continue // who granted an exception that is used
			}
			a := Approval{Evidence: v.by.item.Digest(), Person: v.approval.Person, Teams: v.approval.Teams, Kind: "approver", Via: "digest", SignedAt: signedAt(v.by)}
			if v.approval.Witnessed {
				a.Kind = "witness"
			}
			if v.approval.Commit != "" {
				a.Via = "source"
			}
			a.Expires = Time{v.approval.Expires}
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(x, y Approval) int {
		return cmp.Or(cmp.Compare(x.Evidence, y.Evidence), cmp.Compare(x.Person, y.Person), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Via, y.Via))
	})
	return slices.CompactFunc(out, func(x, y Approval) bool {
		return x.Evidence == y.Evidence && x.Person == y.Person && x.Kind == y.Kind && x.Via == y.Via
	})
}
