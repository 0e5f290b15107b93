package verify

import (
	"fmt"
	"slices"
	"time"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
)

// This file is what endorsements mean for a verdict.

// endorse files the endorsements under their documents. That of a policy also needs those who answer for
// what the versions cover that it replaces, which are those that begin before it: else a team could replace
// another's policy by one of its own that has the name.
func (v *Verifier) endorse(endorsements []Endorsement, policies []*policy.Policy) error {
	v.endorsements = map[string][]Endorsement{}
	for _, e := range endorsements {
		if e.document.digest == "" {
			continue
		}
		if e.ownership && e.document.digest != v.model.Digest() {
			return &ConfigError{Msg: fmt.Sprintf("an endorsement is of %s (%s), expected one of the ownership model given", e.document.what, e.document.digest)}
		}
		if !e.ownership {
			i := slices.IndexFunc(policies, func(p *policy.Policy) bool { return p.Digest() == e.document.digest })
			switch {
			case i < 0:
				return &ConfigError{Msg: fmt.Sprintf("an endorsement is of %s (%s), expected one of a policy given", e.document.what, e.document.digest)}
			case e.authority != nil && !sameModel(e.authority, v.model):
				return &ConfigError{Msg: fmt.Sprintf("%s was endorsed by the people of the ownership model %s (%s), expected those of the model given", e.document.what, e.authority.Name(), e.authority.Digest())}
			}
			e = e.replacing(policies, policies[i].EffectiveFrom())
		}
		v.endorsements[e.document.digest] = append(v.endorsements[e.document.digest], e)
	}
	documents := []versioned{v.model}
	for _, p := range policies {
		documents = append(documents, p)
	}
	for _, d := range documents {
		signed := slices.ContainsFunc(v.endorsements[d.Digest()], func(e Endorsement) bool { return e.signed })
		if d.Enveloped() && !signed {
			return &ConfigError{Msg: versionOf(d).what + " was signed, and nothing says by whom: expected its endorsement, which it was loaded with"}
		}
	}
	return nil
}

// replacing is the endorsement of a policy that also needs those who answer for the versions that begin
// before it.
func (e Endorsement) replacing(policies []*policy.Policy, from time.Time) Endorsement {
	own := len(e.scopes)
	e.scopes = slices.Clone(e.scopes)
	for _, p := range policies {
		if p.Name() == e.document.name && p.EffectiveFrom().Before(from) {
			e.scopes = append(e.scopes, p.Artifacts()...)
		}
	}
	if len(e.scopes) > own {
		e.govern()
	}
	return e
}

// sameModel reports whether two models say the same: their documents and the files those refer to are equal.
func sameModel(m, n *ownership.Model) bool {
	return m == n || m.Digest() == n.Digest() && slices.Equal(m.Files(), n.Files())
}

// endorsed refuses a document that is signed and not approved, and one that ought to be signed and is not. Of
// one that is approved it warns where nothing but the document itself says that those who approved it could.
// The owners of the model that had to approve it answer: a change that nobody approved may have replaced
// them.
func (r *run) endorsed(d versioned, unsigned Code) {
	standings := r.standings(d.Digest())
	if len(standings) == 0 && r.requireSigned {
		r.stop(unsigned, versionOf(d).what+" is not signed, and the caller demands that it is")
	}
	for _, s := range standings {
		if s.err == nil {
			r.vouched(s)
			continue
		}
		code := ChangeUnapproved
		if !s.signed {
			code = unsigned
		}
		r.stop(code, s.err.Error())
		r.stops[len(r.stops)-1].by, r.stops[len(r.stops)-1].position = s.authority, s.position
		if s.unowned {
			r.stop(ControlUnowned, "nobody, or more than one team, is accountable for release-policy over all that "+s.document.what+" governs")
			r.stops[len(r.stops)-1].by = s.authority
		}
	}
}

// vouched warns of what is approved and taken on first use: whoever could put the document where the caller
// reads it could have made up that it follows nothing, and of an ownership model all of it.
func (r *run) vouched(s standing) {
	warn := func(code Code, message string) {
		r.stops = append(r.stops, problem{code: code, message: message, position: s.position, by: s.authority, severity: SeverityWarn})
	}
	switch {
	case s.ownership && s.self:
		warn(OwnershipSelfEndorsed, s.document.what+" is endorsed by its own people only: nothing says that they are those who answer, for no version before it was given")
	case !s.ownership && !s.followed && (s.document.number > 1 || s.document.previous != ""):
		warn(PreviousUnknown, s.document.what+" is not the first of its name, and no version before it was given: nothing says that those who answer for what that one covered have approved it")
	}
}

// standings are the endorsements of a document as of the time of evaluation, judged once.
func (r *run) standings(digest string) []standing {
	list, ok := r.standing[digest]
	if !ok {
		for _, e := range r.endorsements[digest] {
			list = append(list, e.standing(r.request.At))
		}
		r.standing[digest] = list
	}
	return list
}

// signatories adds to the documents among the inputs who signed them.
func (r *run) signatories(in *Inputs) {
	if len(r.endorsements) == 0 {
		return
	}
	sign := func(d *DocumentInput) {
		for _, s := range r.standings(d.Digest) {
			if s.signed {
				d.Previous, d.Authority = s.Previous(), s.Authority()
				d.SignedBy = append(d.SignedBy, s.people...)
			}
		}
		slices.Sort(d.SignedBy)
		d.SignedBy = slices.Compact(d.SignedBy)
	}
	sign(&in.Ownership)
	in.Policies = slices.Clone(in.Policies)
	for i := range in.Policies {
		sign(&in.Policies[i])
	}
}
