package verify

import (
	"fmt"
	"slices"

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
			e.scopes = slices.Clone(e.scopes)
			for _, p := range policies {
				if p.Name() == e.document.name && p.EffectiveFrom().Before(policies[i].EffectiveFrom()) {
					e.scopes = append(e.scopes, p.Artifacts()...)
				}
			}
		}
		v.endorsements[e.document.digest] = append(v.endorsements[e.document.digest], e)
	}
	return nil
}

// sameModel reports whether two models say the same: their documents and the files those refer to are equal.
func sameModel(m, n *ownership.Model) bool {
	return m == n || m.Digest() == n.Digest() && slices.Equal(m.Files(), n.Files())
}

// endorsed refuses a document that is signed and not approved, and one that ought to be signed and is not.
// The owners of the model that had to approve it answer: a change that nobody approved may have replaced
// them.
func (r *run) endorsed(d versioned, unsigned Code) {
	endorsements := r.endorsements[d.Digest()]
	if len(endorsements) == 0 && r.requireSigned {
		r.stop(unsigned, versionOf(d).what+" is not signed, and the caller demands that it is")
	}
	for _, e := range endorsements {
		err := e.Err(r.request.At)
		if err == nil {
			continue
		}
		code := ChangeUnapproved
		if !e.signed {
			code = unsigned
		}
		r.stop(code, err.Error())
		r.stops[len(r.stops)-1].by, r.stops[len(r.stops)-1].position = e.authority, e.position
		if e.unowned(r.request.At) {
			r.stop(ControlUnowned, "nobody, or more than one team, is accountable for release-policy over all that "+e.document.what+" governs")
			r.stops[len(r.stops)-1].by = e.authority
		}
	}
}

// signatories adds to the documents among the inputs who signed them.
func (r *run) signatories(in *Inputs) {
	if len(r.endorsements) == 0 {
		return
	}
	sign := func(d *DocumentInput) {
		for _, e := range r.endorsements[d.Digest] {
			if e.signed {
				d.Previous, d.Authority = e.Previous(), e.Authority()
				d.SignedBy = append(d.SignedBy, e.People(r.request.At)...)
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
