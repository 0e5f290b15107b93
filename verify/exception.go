package verify

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/pattern"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
)

// This file is which exceptions are valid (design §4.12): signed, scoped to artifact, environment, policy and rules,
// in time, and by a quorum of people who may. Whose evidence that excludes is judged with the policies (waive.go).

// exception is one exception from a policy that applies, signed by somebody known: every item over its payload.
type exception struct {
	policy    *judged
	view      *attest.Exception
	payload   string  // its digest, which reviews refer to
	items     []*item // by digest
	requester string  // the person who asked; "" where nobody known did
	scope     []string
	expired   []string
	grantors  []grantor
	ignored   []string // why other signatures do not count, sorted
	units     []unit
	stale     []problem // of signatures that are undecided for want of status data
	used      []string  // what it waives in this verdict, sorted
}

// grantor is a person who signed an exception and may.
type grantor struct {
	person  string
	t       time.Time
	decided bool // it counts strictly
}

// unit is one thing an exception names.
type unit struct {
	what     string         // a rule's id, or "evidence:" and a declaration's name
	waiver   *policy.Waiver // nil: it is not waivable
	control  string
	position string
	reasons  []string        // why it is not waived
	granted  bool            // a quorum of the team then granted it
	strict   map[string]bool // who granted it, of the team then and now; generously also who undecided did
	generous map[string]bool
}

// approvers are the people who granted it in a world.
func (u unit) approvers(w policy.World) map[string]bool {
	if w == policy.Generous {
		return u.generous
	}
	return u.strict
}

// readException looks at an item that is an exception from a policy that applies.
func (r *run) readException(i *item) {
	view, err := i.Statement().Exception()
	if err != nil {
		i.note(unreadableCode(err), "an exception that cannot be read waives nothing: "+unreadable(err))
	}
	if view != nil && r.policyNamed(view.Policy) != nil {
		i.exception, i.wanted = view, true
	}
}

// bindException binds the signatures of an exception to people who may grant one for the artifact.
func (r *run) bindException(i *item) {
	for _, refusal := range i.opened.Refusals {
		i.problems = append(i.problems, problem{code: known(refusal.Code), message: refusal.Message, evidence: []string{i.Digest()}, waives: i.exception})
	}
	for _, p := range i.opened.Proofs {
		m := r.when(p)
		fail := func(code Code, message, credential, position string) {
			i.problems = append(i.problems, problem{code: code, message: message, evidence: []string{i.Digest()}, credential: credential, position: position, waives: i.exception})
		}
		binding, refusal := r.whose(p, m)
		switch {
		case m.trusted && m.t.After(r.request.At):
			fail(SignedAfterEvaluation, fmt.Sprintf("signed at %s, after the time of evaluation", stamp(m.t)), "", "")
		case refusal != nil:
			fail(Code(refusal.Reason), refusal.Message+m.note(Code(refusal.Reason)), refusal.Credential, refusal.Position)
		default:
			duties, _ := r.permission(binding, m, r.signing(attest.ExceptionType, m))
			i.granting = append(i.granting, &signature{item: i, undecided: m.undecided, proof: p, holders: binding.Holders, signer: r.signer(binding, p, m, duties)})
		}
		if m.undecided && refusal == nil {
			fail(NoTrustedTime, fmt.Sprintf("nothing proves when the certificate of credential %s signed: it was valid from %s", binding.Credential, stamp(p.NotBefore)), binding.Credential, "")
		}
	}
}

// gather finds the exceptions among the items, each once. Nothing is made of what nobody known has signed.
func (r *run) gather() {
	r.waivers = waivers{behind: map[policy.World]map[string]bool{}, claimed: map[policy.World]claims{}}
	byPayload := map[[32]byte]*exception{}
	for _, i := range r.items {
		if len(i.granting) == 0 || r.over != nil {
			continue
		}
		x := byPayload[i.Envelope().Digest()]
		if x == nil {
			sum := sha256.Sum256(i.Envelope().Payload)
			x = &exception{policy: r.policyNamed(i.exception.Policy), view: i.exception, payload: "sha256:" + hex.EncodeToString(sum[:])}
			byPayload[i.Envelope().Digest()] = x
			r.waivers.exceptions = append(r.waivers.exceptions, x)
		}
		x.items = append(x.items, i)
	}
	for _, x := range r.waivers.exceptions {
		r.scoped(x)
		r.grantors(x)
		known := waivable(x.policy.policy)
		for _, what := range x.view.Rules {
			u := known[what]
			u.what = what
			x.units = append(x.units, r.unit(x, u))
		}
	}
}

// policyNamed is the policy of a name that applies.
func (r *run) policyNamed(name string) *judged {
	for _, j := range r.applies {
		if j.policy.Name() == name {
			return j
		}
	}
	return nil
}

// scoped holds an exception against the request.
func (r *run) scoped(x *exception) {
	v, at := x.view, r.request.At
	no := func(format string, args ...any) { x.scope = append(x.scope, fmt.Sprintf(format, args...)) }
	if err := r.request.Artifact.BoundBy(x.items[0].Statement()); err != nil {
		no("it is not about this artifact: %v", err)
	}
	if p, err := pattern.Parse(v.Artifact); err != nil || !p.Match(r.scope) {
		no("it is for artifact %s, and not for %s", clipped(v.Artifact), r.scope)
	}
	if v.Environment != r.request.Environment {
		no("it is for %s, and the request is for %s", environment(v.Environment), environment(r.request.Environment))
	}
	var ok bool
	if x.requester, ok = r.model.PersonNamed(v.RequestedBy); !ok {
		no("it was requested by %s, who is nobody of the model", clipped(v.RequestedBy))
	}
	if _, ok := r.model.Team(v.ReviewOwner); v.ReviewOwner != "" && !ok {
		no("it is to be reviewed by %s, which is no team of the model", clipped(v.ReviewOwner))
	}
	switch {
	case at.Before(v.ValidFrom):
		x.expired = append(x.expired, "it begins only at "+stamp(v.ValidFrom))
	case !at.Before(v.ValidUntil):
		x.expired = append(x.expired, "it ended at "+stamp(v.ValidUntil))
	}
}

func environment(name string) string {
	if name == "" {
		return "no environment"
	}
	return "environment " + clipped(name)
}

// grantors finds who granted an exception: people with the duty, and not the one who asked. Whose team they are of is
// for each unit to say. One key counts for one of them (judgeKeys).
func (r *run) grantors(x *exception) {
	for _, i := range x.items {
		for _, s := range i.granting {
			who := s.signer
			switch {
			case who.Person == "":
				x.ignored = append(x.ignored, fmt.Sprintf("credential %s is held by %s, expected one person's", who.Credential, joined(s.holders)))
			case who.Person == x.requester:
				x.ignored = append(x.ignored, who.Person+" asked for it")
			case !who.HasDuty(ownership.Except.String()):
				x.ignored = append(x.ignored, fmt.Sprintf("%s may not except the artifact", who.Person))
			default:
				why := r.stale(x.policy.policy.Freshness(), s)
				if why != "" {
					x.stale = append(x.stale, problem{code: RevocationStale, evidence: []string{i.Digest()}, credential: who.Credential, waives: x.view,
						message: fmt.Sprintf("policy %s demands status data no older than %s, and %s", x.policy.policy.Name(), short(x.policy.policy.Freshness()), why)})
				}
				x.grantors = append(x.grantors, grantor{who.Person, r.when(s.proof).t, !s.undecided && why == ""})
			}
		}
	}
	slices.Sort(x.ignored)
	x.ignored = slices.Compact(x.ignored)
}

// waivable is what a policy says of everything an exception can name. What a rule and a declaration are called is not
// waivable: it would be waived by whoever may waive the one.
func waivable(p *policy.Policy) map[string]unit {
	known := map[string]unit{}
	for _, rule := range p.Rules() {
		known[rule.ID] = unit{waiver: rule.Waivable, control: rule.Control, position: rule.Position}
	}
	for _, need := range p.Requirements() {
		u := unit{waiver: need.Waivable, position: need.Position}
		if _, also := known["evidence:"+need.Name]; also {
			u.waiver = nil
		}
		known["evidence:"+need.Name] = u
	}
	return known
}

// unit judges one thing an exception names: who granted it, of the team that may.
func (r *run) unit(x *exception, u unit) unit {
	if u.waiver == nil {
		return u
	}
	u.strict, u.generous = map[string]bool{}, map[string]bool{}
	ignored := slices.Clone(x.ignored)
	then := map[string]bool{} // members then, whatever they are now
	for _, g := range x.grantors {
		switch {
		case !r.model.At(g.t).Member(g.person, u.waiver.By):
			ignored = append(ignored, fmt.Sprintf("%s was not in it at %s", g.person, stamp(g.t)))
			continue
		case !r.model.At(r.request.At).Member(g.person, u.waiver.By):
			ignored = append(ignored, fmt.Sprintf("%s is not in it any more", g.person))
		default:
			u.generous[g.person] = true
			if g.decided {
				u.strict[g.person] = true
			}
		}
		if g.decided {
			then[g.person] = true
		}
	}
	u.granted = len(then) >= u.waiver.Quorum
	if d := x.view.ValidUntil.Sub(x.view.ValidFrom); d > u.waiver.MaxDuration {
		u.reasons = append(u.reasons, fmt.Sprintf("it lasts %s, and for %s at most %s is allowed", short(d), u.what, short(u.waiver.MaxDuration)))
	}
	if len(u.strict) < u.waiver.Quorum {
		u.reasons = append(u.reasons, u.lack(u.strict, ignored))
	}
	return u
}

// lack says in words that too few have granted it.
func (u unit) lack(people map[string]bool, ignored []string) string {
	granted := "nobody"
	if len(people) > 0 {
		granted = "only " + strings.Join(slices.Sorted(maps.Keys(people)), ", ")
	}
	message := fmt.Sprintf("for %s it takes %d of team %s with the duty except, and %s granted it", u.what, u.waiver.Quorum, u.waiver.By, granted)
	slices.Sort(ignored)
	if ignored = slices.Compact(ignored); len(ignored) > 0 {
		message += " (" + strings.Join(ignored, ", ") + ")"
	}
	return message
}

// valid reports whether a unit waives in a world, were its people free to.
func (x *exception) valid(u unit, w policy.World) bool {
	return u.waiver != nil && len(x.scope) == 0 && len(x.expired) == 0 &&
		x.view.ValidUntil.Sub(x.view.ValidFrom) <= u.waiver.MaxDuration && len(u.approvers(w)) >= u.waiver.Quorum
}
