package verify

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
)

// This file is revocation lists as evidence: status data, which only ever speaks against a signature (design
// §4.4), whatever the policies ask for.

// revocationList is a list somebody signed who may revoke something.
type revocationList struct {
	item    *item
	view    *attest.Revocation
	signers []listSigner
	entries int             // those that count
	refused map[string]bool // the credentials it has refused signatures of
	fresh   map[string]bool // the credentials it is fresh status data of
}

// listSigner is who signed a list, and for which teams that speaks.
type listSigner struct {
	binding ownership.Binding
	moment  moment
	proof   Proof
	teams   []string
	doubt   string // why the signature does not stand against lists; "" if it does
}

// name is what messages call the list.
func (l *revocationList) name() string {
	return fmt.Sprintf("revocation list %d (%s)", l.view.Number, l.item.Digest())
}

// revoking is who may revoke anything: found once for a verifier.
type revoking struct {
	teams map[string]bool
	keys  []ownership.Key
}

// revokersOf finds the teams that are revokers of a credential, and the keys to try for what they sign: of people
// who were ever in one and of workloads one owns.
func (v *Verifier) revokersOf() revoking {
	teams := map[string]bool{}
	for c := range v.model.Credentials() {
		for _, team := range c.Revokers {
			teams[team] = true
		}
	}
	return revoking{teams, v.keysOfTeams(teams)}
}

// readList looks at an item that is a revocation list, whoever asks for it.
func (r *run) readList(i *item) {
	list, err := i.Statement().Revocation()
	if err != nil {
		i.note(unreadableCode(err), "a revocation list that cannot be read says nothing: "+unreadable(err))
	}
	if i.list = list; list != nil {
		i.wanted = true
	}
}

// note records something about an item that no requirement depends on.
func (i *item) note(code Code, message string) *problem {
	i.problems = append(i.problems, problem{code: code, message: message, evidence: []string{i.Digest()}, severity: SeverityInfo})
	return &i.problems[len(i.problems)-1]
}

// hear takes in all lists, before anything else is bound. For what they refuse, the signature of a list is judged by
// the model alone: were it judged by other lists too, one that revokes a list's signer would let in what that
// list refused (design §4.4).
func (r *run) hear() {
	r.revoked = map[string]*sentence{}
	for _, i := range r.items {
		if i.list != nil {
			r.hearOne(i)
		}
	}
	for _, s := range r.revoked {
		s.settle(r.request.At)
	}
	for _, l := range r.lists {
		for n := range l.signers {
			s := &l.signers[n]
			if refusal := r.against(s.proof, s.binding.Credential, s.moment); refusal != nil {
				s.doubt = refusal.Message
			}
		}
	}
}

func (r *run) hearOne(i *item) {
	for _, refusal := range i.opened.Refusals {
		if len(i.parts) > 0 {
			break // a policy asks for it, too, and binding says so
		}
		i.note(known(refusal.Code), refusal.Message)
	}
	l := &revocationList{item: i, view: i.list, refused: map[string]bool{}, fresh: map[string]bool{}}
	for _, p := range i.opened.Proofs {
		if s, ok := r.listSigner(i, p); ok {
			l.signers = append(l.signers, s)
		}
	}
	if len(l.signers) == 0 {
		return
	}
	r.lists = append(r.lists, l)
	r.take(l)
}

// listSigner is who signed a list, if that speaks for a team that may revoke anything.
func (r *run) listSigner(i *item, p Proof) (listSigner, bool) {
	m := r.when(p)
	if m.trusted && m.t.After(r.request.At) {
		i.note(SignedAfterEvaluation, fmt.Sprintf("signed at %s, after the time of evaluation", stamp(m.t)))
		return listSigner{}, false
	}
	binding, refusal := r.bound(p, m)
	if refusal != nil {
		n := i.note(Code(refusal.Reason), refusal.Message+m.note(Code(refusal.Reason)))
		n.credential, n.position = refusal.Credential, refusal.Position
		return listSigner{}, false
	}
	s := listSigner{binding: binding, moment: m, proof: p, teams: r.speaksFor(binding.Holders, m.t)}
	if len(s.teams) == 0 {
		n := i.note(RevocationNotPermitted, fmt.Sprintf("%s (credential %s) was in no team that may revoke anything, at %s: the list says nothing", joined(binding.Holders), binding.Credential, stamp(m.t)))
		n.credential = binding.Credential
		return listSigner{}, false
	}
	return s, true
}

// speaksFor are the teams that may revoke and for which each of the holders speaks, for any may have signed: a
// person for those they are in at t, a workload for its owner.
func (r *run) speaksFor(holders []string, t time.Time) []string {
	var all []string
	for n, holder := range holders {
		teams := r.model.At(t).Teams(holder)
		if w, ok := r.model.Workload(holder); ok {
			teams = []string{w.Owner}
		}
		teams = slices.DeleteFunc(teams, func(team string) bool {
			return !r.revokers().teams[team] || n > 0 && !slices.Contains(all, team)
		})
		all = teams
	}
	return all
}

// mayRevoke reports whether the signer speaks for one of the teams.
func (s listSigner) mayRevoke(revokers []string) bool {
	return slices.ContainsFunc(s.teams, func(team string) bool { return slices.Contains(revokers, team) })
}

// take takes in the entries of a list that its signers may make.
func (r *run) take(l *revocationList) {
	var denied, unknown []string
	for _, e := range l.view.Entries {
		c, ok := r.model.Credential(e.Credential)
		switch {
		case !ok:
			unknown = append(unknown, e.Credential)
		case !slices.ContainsFunc(l.signers, func(s listSigner) bool { return s.mayRevoke(c.Revokers) }):
			denied = append(denied, e.Credential)
		default:
			l.entries++
			s := r.revoked[e.Credential]
			if s == nil {
				s = new(sentence)
				r.revoked[e.Credential] = s
			}
			s.entries = append(s.entries, entry{ownership.Change{State: ownership.Revoked, From: e.From, Cause: e.Reason, InvalidFrom: e.InvalidFrom}, l})
		}
	}
	if len(denied) > 0 {
		l.item.note(RevocationNotPermitted, fmt.Sprintf("%s revokes %s, which takes a team among its revokers, and was signed for %s", l.name(), named(denied), strings.Join(l.teams(), ", ")))
	}
	if len(unknown) > 0 {
		l.item.note(RevocationUnmatched, fmt.Sprintf("%s revokes %s, and the model has no such credential", l.name(), named(unknown))).severity = SeverityWarn
	}
}

// teams are those the list speaks for, sorted.
func (l *revocationList) teams() []string {
	var all []string
	for _, s := range l.signers {
		all = append(all, s.teams...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// named lists credentials, and how many more there are.
func named(ids []string) string {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	clip := make([]string, 0, toldScopes)
	for _, id := range ids[:min(len(ids), toldScopes)] {
		clip = append(clip, clipped(id))
	}
	if more := len(ids) - toldScopes; more > 0 {
		return strings.Join(clip, ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(clip, ", ")
}

// entry is what one list says of a credential.
type entry struct {
	ownership.Change
	list *revocationList
}

// sentence is all that lists say of a credential: they add up, and the earliest bound decides.
type sentence struct {
	entries  []entry
	states   ownership.States // active, and then as the deciding entry says
	deciding *revocationList
}

// settle finds the entry that decides at a time of evaluation. Signatures stand up to the earliest bound and none
// after it, so that the other entries say nothing more: no signature is held against all that is listed.
func (s *sentence) settle(at time.Time) {
	slices.SortFunc(s.entries, func(x, y entry) int {
		return cmp.Or(x.From.Compare(y.From), x.InvalidFrom.Compare(y.InvalidFrom), cmp.Compare(x.Cause, y.Cause), cmp.Compare(x.list.item.Digest(), y.list.item.Digest()))
	})
	states := ownership.States{{State: ownership.Active}} // before the first it is active, for ever
	for _, e := range s.entries {
		states = append(states, e.Change)
	}
	s.states = states[:1]
	if standing := states.Judge(at, at); !standing.Stands() { // no bound is after at
		e := s.entries[standing.Change-1]
		s.states, s.deciding = append(s.states[:1:1], e.Change), e.list
	}
}

// credentials are those of the model that the identity of a proof matches, or the key in its certificate is of: a
// list that names any of them speaks against the signature (design §4.7).
func (r *run) credentials(p Proof) []string {
	ids := r.model.Matching(p.Identity)
	if p.Certificate && p.PublicKey != (ownership.Fingerprint{}) {
		ids = append(ids, r.model.Matching(ownership.Identity{Key: p.PublicKey})...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// against says why lists speak against a signature: those of certificates, and those of this model's
// credentials. Nil: none does.
func (r *run) against(p Proof, credential string, m moment) *ownership.Refusal {
	if code, message := p.Revoked(m.t, r.request.At); code != "" {
		return &ownership.Refusal{Reason: ownership.Reason(code), Credential: credential, Message: message, Position: r.model.Position("credentials", credential)}
	}
	if len(r.revoked) == 0 {
		return nil
	}
	for _, id := range r.credentials(p) {
		if refusal := r.sentenced(id, m.t); refusal != nil {
			return refusal
		}
	}
	return nil
}

// sentenced says why lists speak against a signature of a credential made at t.
func (r *run) sentenced(credential string, t time.Time) *ownership.Refusal {
	s := r.revoked[credential]
	if s == nil {
		return nil
	}
	standing := s.states.Judge(t, r.request.At)
	if standing.Stands() {
		return nil
	}
	e := s.states[standing.Change]
	s.deciding.refused[credential] = true
	message := fmt.Sprintf("credential %s is revoked since %s (%s)", credential, stamp(e.From), e.Cause)
	if !e.InvalidFrom.IsZero() {
		message += ", not to be trusted from " + stamp(e.InvalidFrom)
	}
	return &ownership.Refusal{Reason: standing.Reason, Credential: credential,
		Message: fmt.Sprintf("%s, as %s says; the signature is of %s", message, s.deciding.name(), stamp(t))}
}
