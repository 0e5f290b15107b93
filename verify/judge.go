package verify

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/surety-dev/surety/policy"
)

// This file is the third step: each policy that applies is judged strictly and, only if that does not
// allow, generously; the difference is what is still needed (design §4.1).

// judged is a policy that applies, and what became of it.
type judged struct {
	policy       *policy.Policy
	requirements []policy.Requirement
	strict       policy.Result
	generous     policy.Result // the zero Result, which allows nothing, where strict allows
	decision     Decision
	problems     []problem
	counted      []*signature // what the strict world holds, for the verdict's signers
}

// judge judges every policy that applies, within the budget of the request.
func (r *run) judge(ctx context.Context) error {
	r.gather()
	err := r.judgeAll(ctx)
	var limit *policy.LimitError
	if errors.As(err, &limit) {
		r.exceeded(limit.Limit, limit.Max)
	} else if err != nil {
		return err
	}
	for _, x := range r.waivers.exceptions {
		r.used(x)
	}
	if r.over == nil {
		return nil
	}
	for _, j := range r.applies {
		j.decision = Indeterminate
		for i := range j.strict.Rules {
			j.strict.Rules[i].Outcome = policy.Unknown
		}
	}
	return nil
}

func (r *run) judgeAll(ctx context.Context) error {
	for _, j := range r.applies {
		if err := r.judgeOne(ctx, j); err != nil {
			return err
		}
	}
	return r.leaveOut(ctx)
}

// judgeOne is design §4.1: one function, run in two worlds; and by what exceptions waive only if it does not allow
// without.
func (r *run) judgeOne(ctx context.Context, j *judged) error {
	strict, err := r.evaluate(ctx, j, policy.Strict, excuse{})
	if err != nil {
		return err
	}
	j.hold(strict, Allow)
	if strict.result.Allows {
		return nil
	}
	if waived := r.claim(policy.Strict).waived(j, 0); len(waived) > 0 {
		if strict, err = r.evaluate(ctx, j, policy.Strict, excuse{waived: waived}); err != nil {
			return err
		}
		if j.hold(strict, AllowWithException); strict.result.Allows {
			return nil
		}
	}
	generous, err := r.evaluate(ctx, j, policy.Generous, excuse{waived: r.claim(policy.Generous).waived(j, 0)})
	if err != nil {
		return err
	}
	j.generous = generous.result
	if !generous.result.Allows {
		for _, p := range generous.problems { // what would refuse were everything proven
			if p.severity == SeverityDeny && !slices.ContainsFunc(j.problems, func(q problem) bool { return q.code == p.code }) {
				j.problems = append(j.problems, p)
			}
		}
		return nil
	}
	j.doubtful()
	return nil
}

// hold takes a strict world for what became of the policy; the decision is what it gives where it allows.
func (j *judged) hold(strict world, decision Decision) {
	j.strict, j.problems, j.counted = strict.result, strict.problems, strict.held
	if strict.result.Allows {
		j.decision, j.generous = decision, policy.Result{}
	}
}

// doubtful says that the policy would allow, were everything proven.
func (j *judged) doubtful() {
	j.decision = Indeterminate
	for i := range j.problems {
		j.problems[i].severity = max(j.problems[i].severity, SeverityIndeterminate)
	}
}

// world is a policy evaluated in one world.
type world struct {
	result    policy.Result
	held      []*signature // the signatures its facts hold
	approvals []*policy.Approval
	problems  []problem
}

// evaluate runs a policy on what the world holds, duties that must be separate kept apart.
func (r *run) evaluate(ctx context.Context, j *judged, w policy.World, x excuse) (world, error) {
	if r.over != nil { // nothing was opened whole; the outcomes are unknown
		result, err := j.policy.Evaluate(ctx, r.facts(nil), w)
		return world{result: result}, err
	}
	out := world{held: r.apartFrom(x.without, r.held(j, w)), approvals: r.approvals(j, w, x.without)}
	run := func(strip stripped) (policy.Result, error) {
		facts := r.facts(j.apart(out.held, strip))
		facts.Approvals = without(out.approvals, strip)
		facts.Waived, facts.Budget = x.waived, r.budget
		if facts.Budget == 0 {
			return policy.Result{}, &policy.LimitError{Limit: "request-cost", Max: policy.MaxRequestCost}
		}
		result, err := j.policy.Evaluate(ctx, facts, w)
		r.budget -= min(r.budget, result.Cost)
		result.Allows = result.Allows && r.promoted(j, facts.Approvals)
		return result, err
	}
	out.problems = r.unpromoted(j, out.approvals)
	var err error
	if out.result, err = run(nil); err != nil || !out.result.Allows {
		return out, err
	}
	out.problems, out.result, err = r.separate(j, out, run)
	return out, err
}

// held are the signatures a world holds for a policy: strictly those decided, generously all.
func (r *run) held(j *judged, w policy.World) []*signature {
	var held []*signature
	for _, i := range r.items {
		for _, s := range i.signatures {
			if (r.decided(j, s) || w == policy.Generous) && r.asks(j, s) && (s.vote == nil || r.dismissal(s.vote) == nil) {
				held = append(held, s)
			}
		}
	}
	return held
}

// asks reports whether the policy asks for the signature's statement.
func (r *run) asks(j *judged, s *signature) bool {
	return slices.ContainsFunc(j.requirements, func(n policy.Requirement) bool {
		return n.Accepts(s.predicateType())
	})
}

// counts reports whether the signature makes its item a candidate of a declaration of the policy.
func (r *run) counts(j *judged, s *signature) bool {
	return slices.ContainsFunc(j.requirements, func(n policy.Requirement) bool {
		return n.Accepts(s.predicateType()) && s.signer.HasDuty(n.Duty)
	})
}

// facts makes a policy's facts of signatures: envelopes over the same payload are one attestation
// and unite their signers (design §4.6).
func (r *run) facts(held []*signature) policy.Facts {
	facts := policy.Facts{Artifact: r.request.Artifact, Tier: r.tier, Environment: r.request.Environment, At: r.request.At, Rollback: r.request.Rollback}
	digests := lowest(held)
	byContent := map[content]*policy.Attestation{}
	for _, s := range inOrder(held) {
		a := byContent[s.content()]
		if a == nil {
			a = &policy.Attestation{Digest: digests[s.content()], Part: s.part.n, Statement: s.part.statement, Layout: s.item.layout}
			byContent[s.content()] = a
			facts.Attestations = append(facts.Attestations, a)
		}
		a.Signers = append(a.Signers, s.signer)
	}
	return facts
}

// lowest names each attestation by the lowest digest of the items that carry it.
func lowest(held []*signature) map[content]string {
	digests := map[content]string{}
	for _, s := range held {
		if d, ok := digests[s.content()]; !ok || s.item.Digest() < d {
			digests[s.content()] = s.item.Digest()
		}
	}
	return digests
}

// inOrder sorts signatures: a credential's together, what is best known of its time first.
func inOrder(held []*signature) []*signature {
	sorted := slices.Clone(held)
	slices.SortStableFunc(sorted, func(x, y *signature) int {
		return cmp.Or(
			cmp.Compare(x.signer.Credential, y.signer.Credential),
			trust(y)-trust(x),
			x.signer.SignedAt.NotAfter.Compare(y.signer.SignedAt.NotAfter),
			cmp.Compare(x.item.Digest(), y.item.Digest()),
			cmp.Compare(x.signer.Identity.Subject, y.signer.Identity.Subject),
			cmp.Compare(x.part.n, y.part.n),
		)
	})
	return sorted
}

// first keeps of a credential's signatures over one payload the first, with its duties for all parts of that.
func first(held []*signature) []*signature {
	seen := map[once]int{}
	var kept []*signature
	for _, s := range inOrder(held) {
		o := s.once()
		n, again := seen[o]
		if !again {
			seen[o] = len(kept)
			kept = append(kept, s)
			continue
		}
		if k := kept[n]; k.item == s.item && *k.signer.SignedAt == *s.signer.SignedAt {
			signer, whole := *k.signer, *k
			signer.Duties = united(signer.Duties, s.signer.Duties)
			whole.signer, kept[n] = &signer, &whole
		}
	}
	return kept
}

// trust orders what is known of a signature's time: proven, judged at the evaluation, undecided.
func trust(s *signature) int {
	switch {
	case s.undecided:
		return 0
	case s.signer.SignedAt.Source.Trusted():
		return 2
	}
	return 1
}
