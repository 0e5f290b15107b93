package verify

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
)

// This file is the second step: each proof bound to credential, principal and owner as they were at
// its judging time (design §4.7-4.10).

// signature is a proven signature bound to the model.
type signature struct {
	item      *item
	part      part
	signer    *policy.Signer
	undecided bool     // no trusted time says when a certificate signed
	proof     Proof    // what it proved
	timedBy   string   // who vouches for its time; "" for nobody
	holders   []string // those of its credential
	behind    []string // who stands behind it: every holder, operators of workloads
	operators bool     // the operators of its workloads are known
	vote      *vote    // of an approval that is evidence by itself
	matches   []string // the credentials that it matches, once they are asked for
}

// bind binds every proof, item by item.
func (r *run) bind() {
	for _, i := range r.items {
		if i.wanted {
			r.bindItem(i)
		}
		if i.exception != nil {
			r.bindException(i)
		}
	}
}

// known is a code, or what stands for that of an opener of somebody else's.
func known(code Code) Code {
	if code.rank() < 0 {
		return SignatureInvalid
	}
	return code
}

func (r *run) bindItem(i *item) {
	if len(i.parts) == 0 && !i.link && !r.votes(i) {
		return // it is looked at for another reason than that a policy asks for it
	}
	for _, refusal := range i.opened.Refusals {
		i.fail(known(refusal.Code), refusal.Message, i.asked())
	}
	if len(i.opened.Proofs) == 0 || i.link || i.Statement().Layout() != nil {
		return // links and layouts are bound with their supply chain
	}
	st := i.Statement()
	approval := attest.ViewOf(st.PredicateType) == attest.ViewApproval
	if approval || r.votes(i) {
		r.bindVotes(i)
	}
	if len(i.parts) == 0 {
		return
	}
	if err := r.request.Artifact.BoundBy(st); err != nil {
		if !approval {
			i.fail(SubjectMismatch, err.Error(), depends{})
		}
		return
	}
	for n, p := range i.opened.Proofs {
		if approval {
			r.bindApproval(i, n)
		} else {
			r.bindProof(i, p)
		}
	}
}

// signing is what whoever signs a statement of a type for the request does.
func (r *run) signing(predicateType string, m moment) ownership.Use {
	return ownership.Use{Artifact: r.scope, Environment: r.request.Environment, Predicate: predicateType, Timed: m.trusted || m.undecided, Claims: m.claims}
}

// use is what the signer of a statement does. Provenance of a version that has no view names no builder
// that could be trusted. What the view cannot decode is an error.
func (r *run) use(st *attest.Statement, m moment) (ownership.Use, error) {
	use := r.signing(st.PredicateType, m)
	use.IsBuild = strings.HasPrefix(st.PredicateType, "https://slsa.dev/provenance/")
	provenance, err := st.Provenance()
	if provenance != nil {
		use.IsBuild, use.Builder = true, provenance.Builder
	}
	return use, err
}

// moment is the judging time t of design §4.8, and what is known about when the signature was made.
type moment struct {
	t         time.Time
	source    policy.Source
	authority string // who vouches for t
	untimed   string // why what was offered for the time proves none
	trusted   bool
	undecided bool
	claims    map[string]string // of a workflow's certificate; nil: it signed with something else
}

// when finds a proof's judging time: its earliest verified trusted time; for a key without one the
// time of evaluation; for a certificate without one its notBefore, undecided. The times are those of the
// proof's own item: were the times of other copies taken in, adding one could refuse what stands
// without it, and whoever gains by that would leave it out (design §4.4).
func (r *run) when(p Proof) moment {
	m := moment{t: r.request.At, untimed: p.Untimed}
	if len(p.Times) > 0 {
		first := slices.MinFunc(p.Times, func(x, y TrustedTime) int {
			return cmp.Or(x.At.Compare(y.At), cmp.Compare(x.Source, y.Source), cmp.Compare(x.Authority, y.Authority))
		})
		m = moment{t: first.At, source: policy.Source(first.Source), authority: first.Authority, trusted: true}
	}
	if !m.trusted && p.Certificate {
		m = moment{t: p.NotBefore, source: policy.SourceCertificate, undecided: true}
	}
	m.claims = workflowClaims(p)
	return m
}

// whose says whose signature a proof is: of its identity, and of the key in its certificate, which the model or
// a list may speak against.
func (r *run) whose(p Proof, m moment) (ownership.Binding, *ownership.Refusal) {
	binding, refusal := r.bound(p, m)
	if refusal == nil {
		refusal = r.against(p, binding.Credential, m)
	}
	if refusal != nil {
		return ownership.Binding{}, refusal
	}
	return binding, nil
}

// bound says whose signature a proof is by the model alone: what only takes away is judged so, for a list that speaks
// against it would let in what it takes away (design §4.4).
func (r *run) bound(p Proof, m moment) (ownership.Binding, *ownership.Refusal) {
	binding, refusal := r.model.Bind(p.Identity, m.t, r.request.At)
	if refusal == nil && p.Certificate { // of a key, Bind has judged the very credential
		refusal = r.model.BindKey(p.PublicKey, binding.Holders, m.t, r.request.At)
	}
	if refusal != nil {
		return ownership.Binding{}, refusal
	}
	return binding, nil
}

// binding says whose signature a proof is, or records why it is nobody's.
func (r *run) binding(i *item, p Proof, d depends) (ownership.Binding, moment, bool) {
	m := r.when(p)
	fail := func(code Code, message string) *problem {
		problem := i.fail(code, message, d)
		if m.trusted && !m.t.After(r.request.At) {
			problem.then = m.t
		}
		return problem
	}
	if m.trusted && m.t.After(r.request.At) {
		fail(SignedAfterEvaluation, fmt.Sprintf("signed at %s, after the time of evaluation", stamp(m.t)))
		return ownership.Binding{}, m, false
	}
	binding, refusal := r.whose(p, m)
	if refusal != nil {
		p := fail(Code(refusal.Reason), refusal.Message+m.note(Code(refusal.Reason)))
		p.credential, p.position = refusal.Credential, refusal.Position
		return ownership.Binding{}, m, false
	}
	return binding, m, true
}

// lack records why what a bound signature says does not count.
func (r *run) lack(i *item, b ownership.Binding, m moment, code Code, message string, d depends) {
	p := i.fail(code, message, d)
	if m.trusted {
		p.then = m.t
	}
	p.credential, p.position = b.Credential, r.model.Position("credentials", b.Credential)
}

// bindProof binds one proof, or records why it does not count. Nothing of a predicate is decoded for a
// signer the model does not know.
func (r *run) bindProof(i *item, p Proof) {
	binding, m, ok := r.binding(i, p, depends{})
	if !ok {
		return
	}
	lacks := func(code Code, message string, d depends) { r.lack(i, binding, m, code, message, d) }
	var signed []*signature
	var parts []part
	for _, about := range i.parts {
		only := types([]part{about})
		duties, lacking, err := r.grantedFor(i, about, binding, m)
		if err != nil {
			i.unread(err, only)
			continue
		}
		for _, need := range r.duties(only[0]) {
			if !duties.Has(need) {
				code, message := lacking(need)
				lacks(code, message, depends{types: only, duty: need.String()})
			}
		}
		if duties != 0 {
			parts = append(parts, about)
			signed = append(signed, &signature{item: i, part: about, undecided: m.undecided, signer: r.signer(binding, p, m, duties)})
		}
	}
	if len(signed) == 0 {
		return
	}
	if len(binding.Holders) > 1 {
		lacks(CredentialShared, fmt.Sprintf("credential %s has several holders, so nobody in particular signed", binding.Credential), depends{types: types(parts)})
	}
	if m.undecided {
		lacks(NoTrustedTime, fmt.Sprintf("nothing proves when the certificate of credential %s signed: it was valid from %s", binding.Credential, stamp(p.NotBefore)), depends{types: types(parts)})
	}
	r.remark(i, binding, m.t)
	behind, known := r.model.Behind(binding.Holders, m.t)
	for _, s := range signed {
		s.proof, s.timedBy, s.holders, s.behind, s.operators = p, m.authority, binding.Holders, behind, known
		s.signer.Behind = behind
	}
	i.signatures = append(i.signatures, signed...)
}

// remark warns of what a signature that counts may bring: that its credential is at risk, and that it is
// a vendor's whom nobody inside can hold to account or stop (requirements R14, R18, R23).
func (r *run) remark(i *item, b ownership.Binding, t time.Time) {
	warn := func(code Code, message, position string) {
		i.problems = append(i.problems, problem{code: code, message: message, evidence: []string{i.Digest()}, credential: b.Credential, position: position, severity: SeverityWarn})
	}
	if message, position, ok := r.model.AtRisk(b.Credential, t, r.request.At); ok {
		warn(AtRisk, message, position)
	}
	now := r.model.At(r.request.At)
	empty := func(team string) bool { return len(now.Members(team)) == 0 }
	for _, holder := range b.Holders {
		vendor, ok := r.model.Vendor(holder)
		if !ok {
			continue
		}
		if empty(vendor.InternalOwner) {
			warn(VendorUnowned, fmt.Sprintf("vendor %s signed, and nobody inside answers for it", holder), r.model.Position("vendors", holder))
		}
		if c, _ := r.model.Credential(b.Credential); !slices.ContainsFunc(c.Revokers, func(team string) bool { return !empty(team) }) {
			warn(NobodyCanRevoke, fmt.Sprintf("vendor %s signed with credential %s, which nobody inside can revoke", holder, b.Credential), r.model.Position("credentials", b.Credential))
		}
	}
}

// note says, of a signature judged at the time of evaluation and refused for what was so then, that
// another time might have been proven.
func (m moment) note(code Code) string {
	depends := []Code{CredentialNotActive, CredentialSuspended, CredentialRevoked, SignedAfterCompromise, SignerDeparted, SignerRoleChanged}
	switch {
	case m.trusted || m.undecided || !slices.Contains(depends, code):
		return ""
	case m.untimed != "":
		return fmt.Sprintf(" (judged at the time of evaluation, for what was offered proves no time: %s)", m.untimed)
	}
	return " (judged at the time of evaluation; a timestamp might have shown otherwise)"
}

// duties are those the policies that apply ask of a predicate type.
func (r *run) duties(predicateType string) []ownership.Duty {
	var list []ownership.Duty
	for _, j := range r.applies {
		for _, need := range j.requirements {
			if d, ok := ownership.ParseDuty(need.Duty); ok && need.Accepts(predicateType) && !slices.Contains(list, d) {
				list = append(list, d)
			}
		}
	}
	slices.Sort(list)
	return list
}

// permission gives the duties every holder of the credential was granted, for any of them may have
// signed, and a function that says why one is lacking.
func (r *run) permission(b ownership.Binding, m moment, use ownership.Use) (ownership.Duties, func(ownership.Duty) (Code, string)) {
	view := r.model.At(m.t)
	var all ownership.Permission
	for n, holder := range b.Holders {
		p := view.May(holder, use)
		if n > 0 {
			p = all.Common(p)
		}
		all = p
	}
	return all.Duties, func(d ownership.Duty) (Code, string) {
		who := fmt.Sprintf("%s (credential %s)", joined(b.Holders), b.Credential)
		switch {
		case all.ButBuilder.Has(d):
			return BuilderUntrusted, fmt.Sprintf("the provenance names builder %q, which %s is not trusted for", use.Builder, who)
		case all.ButWorkflow.Has(d):
			return WorkflowNotApproved, fmt.Sprintf("%s may %s the artifact only with an approved workflow: %s", who, d, unapproved(view, b.Holders, use, d))
		case all.ButRole.Has(d):
			return SignerRoleChanged, fmt.Sprintf("%s was no member of a team that may %s the artifact at %s", who, d, stamp(m.t)) + m.note(SignerRoleChanged)
		case all.ButFreeze.Has(d):
			return InFreeze, fmt.Sprintf("%s may %s the artifact, but not in a freeze, at %s", who, d, stamp(m.t))
		case all.ButWindow.Has(d) && !use.Timed:
			return OutsideWindow, fmt.Sprintf("%s may %s the artifact only at certain times, and nothing proves when it was signed", who, d)
		case all.ButWindow.Has(d):
			return OutsideWindow, fmt.Sprintf("%s may %s the artifact, but not outside its windows, at %s", who, d, stamp(m.t))
		case all.ButTime.Has(d):
			return SignerNotGranted, fmt.Sprintf("%s may %s the artifact, but not at %s", who, d, stamp(m.t)) + m.note(SignerRoleChanged)
		case all.ButEnvironment.Has(d) && use.Environment == "":
			return SignerNotGranted, fmt.Sprintf("%s may %s the artifact only for some environments, and none is named", who, d)
		case all.ButEnvironment.Has(d):
			return SignerNotGranted, fmt.Sprintf("%s may %s the artifact, but not for environment %s", who, d, use.Environment)
		}
		return SignerNotGranted, fmt.Sprintf("%s may not %s the artifact with %s", who, d, use.Predicate)
	}
}

// signer makes the signer of a bound proof.
func (r *run) signer(b ownership.Binding, p Proof, m moment, duties ownership.Duties) *policy.Signer {
	span := &policy.Span{NotBefore: b.ActiveFrom, NotAfter: m.t, Source: m.source}
	if p.Certificate {
		span.NotBefore = p.NotBefore
	}
	if m.undecided {
		span.NotAfter = r.request.At
	}
	s := &policy.Signer{
		Credential: b.Credential, Person: b.Person, Owner: b.Owner, SignedAt: span,
		Identity: policy.Identity{Issuer: p.Identity.Issuer, Authority: p.Identity.Authority, NameType: p.Identity.NameType, Subject: p.Identity.Subject, Claims: p.Identity.Claims},
	}
	if len(b.Holders) == 1 {
		s.Holder = b.Holders[0]
	}
	if s.Person != "" {
		s.Teams = r.model.At(m.t).Teams(s.Person)
	}
	if !p.Certificate {
		s.Identity.Key = hex.EncodeToString(p.Identity.Key[:])
	}
	for _, d := range duties.List() {
		s.Duties = append(s.Duties, d.String())
	}
	return s
}

// joined lists names in a message.
func joined(names []string) string {
	switch len(names) {
	case 0:
		return "nobody"
	case 1:
		return names[0]
	}
	return fmt.Sprintf("%d holders", len(names))
}
