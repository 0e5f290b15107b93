package verify

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
)

// This file is what a policy demands of status data: that there is some, and how old it may be, so that what
// withholding can hide is at most that old (design §4.4).

// demand is that there be a list of a credential that is not older.
type demand struct {
	credential string
	within     time.Duration
}

// decided reports whether a signature counts for a policy strictly: its time is known, and status data is fresh.
func (r *run) decided(j *judged, s *signature) bool {
	return !s.undecided && r.stale(j.policy.Freshness(), s) == ""
}

// stale says why there is no fresh list for a credential that a signature matches, for any of them may have been
// revoked; "" where there is one for each, and where nothing is demanded.
func (r *run) stale(within time.Duration, s *signature) string {
	if within == 0 {
		return ""
	}
	if s.matches == nil {
		s.matches = r.credentials(s.proof)
	}
	why := ""
	for _, id := range s.matches {
		if s := r.staleFor(demand{id, within}); why == "" {
			why = s
		}
	}
	return why
}

// staleFor says why no list is fresh for a credential; any one that is will do.
func (r *run) staleFor(d demand) string {
	why, known := r.current[d]
	if known {
		return why
	}
	var reasons []string
	fresh := false
	for _, l := range r.lists {
		reason := r.outdated(l, d)
		if reason == "" {
			fresh, l.fresh[d.credential] = true, true
			continue
		}
		reasons = append(reasons, l.name()+" "+reason)
	}
	if !fresh {
		why = fmt.Sprintf("there is none for credential %s", d.credential)
		if more := len(reasons) - toldScopes; more > 0 {
			reasons = append(reasons[:toldScopes], fmt.Sprintf("and %d more do not do", more))
		}
		if len(reasons) > 0 {
			why += ": " + strings.Join(reasons, "; ")
		}
	}
	r.current[d] = why
	return why
}

// outdated says why a list is not fresh for a credential. Its signature must stand against lists, too, for here it
// speaks for the credential.
func (r *run) outdated(l *revocationList, d demand) string {
	at, view := r.request.At, l.view
	switch {
	case view.IssuedAt.After(at):
		return fmt.Sprintf("is from the future, issued at %s", stamp(view.IssuedAt))
	case !at.Before(view.NextUpdate):
		return fmt.Sprintf("ended at %s", stamp(view.NextUpdate))
	case at.Sub(view.IssuedAt) > d.within:
		return fmt.Sprintf("is too old, issued at %s", stamp(view.IssuedAt))
	}
	c, _ := r.model.Credential(d.credential)
	why := fmt.Sprintf("is signed for %s, which may not revoke it", strings.Join(l.teams(), ", "))
	for _, s := range l.signers {
		switch {
		case !s.mayRevoke(c.Revokers):
		case slices.Contains(r.credentials(s.proof), d.credential):
			why = "is signed with the credential itself"
		case !r.grantedRevoke(s):
			why = fmt.Sprintf("is signed by %s, which is not granted the duty revoke", joined(s.binding.Holders))
		case s.moment.undecided:
			why = "is signed with a certificate, and nothing proves when"
		case s.moment.trusted && view.IssuedAt.After(s.moment.t):
			why = fmt.Sprintf("says that it was issued at %s, after its own timestamp of %s", stamp(view.IssuedAt), stamp(s.moment.t))
		case s.doubt != "":
			why = "is itself in doubt: " + s.doubt
		default:
			return ""
		}
	}
	return why
}

// grantedRevoke reports whether who signed a list may vouch with it that nothing else is revoked: people of a team may;
// a workload must be granted the duty, for whoever may revoke often owns the pipelines too, and else one whose key is
// stolen would vouch for all.
func (r *run) grantedRevoke(s listSigner) bool {
	if s.binding.Person != "" {
		return true
	}
	use := r.signing(attest.RevocationType, s.moment)
	use.Timed = s.moment.trusted
	duties, _ := r.permission(s.binding, s.moment, use)
	return duties.Has(ownership.Revoke)
}

// staleInChain says why a signature of a supply chain is without the fresh status data that a policy demands which
// asks for layouts. A chain is judged once for all policies, so it is judged by the strictest.
func (r *run) staleInChain(p Proof) string {
	within := time.Duration(0)
	for _, j := range r.applies {
		asks := slices.ContainsFunc(j.requirements, func(n policy.Requirement) bool { return n.Accepts(attest.LayoutType) })
		if f := j.policy.Freshness(); asks && f > 0 && (within == 0 || f < within) {
			within = f
		}
	}
	if why := r.stale(within, &signature{proof: p}); why != "" {
		return fmt.Sprintf("a policy demands status data no older than %s, and %s", short(within), why)
	}
	return ""
}

// outdatedStatus reports, where a policy demands fresh status data, each credential it has none for.
func (r *run) outdatedStatus(j *judged) []problem {
	var problems []problem
	if j.policy.Freshness() == 0 || r.over != nil {
		return nil
	}
	type signer struct {
		item       *item
		credential string
	}
	held := r.held(j, policy.Generous)
	parts := map[signer][]part{}
	for _, s := range held {
		by := signer{s.item, s.signer.Credential}
		parts[by] = append(parts[by], s.part)
	}
	for _, s := range held {
		by := signer{s.item, s.signer.Credential}
		why := r.stale(j.policy.Freshness(), s)
		if parts[by] == nil || why == "" {
			continue
		}
		problems = append(problems, problem{
			code: RevocationStale, evidence: []string{s.item.Digest()}, credential: s.signer.Credential,
			message:  fmt.Sprintf("policy %s demands status data no older than %s, and %s", j.policy.Name(), short(j.policy.Freshness()), why),
			severity: r.severity(&depends{policy: j.policy.Name(), types: types(parts[by])}),
		})
		delete(parts, by)
	}
	return problems
}
