package verify

import (
	"slices"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
)

// This file is what an item's signatures are over: its statement and, if that is a collection, each attestation in
// it. They are judged one by one, so that what a signer may say is decided by the type of each.

// part is one statement of an item that a policy asks for.
type part struct {
	n         int // 0: the item's own; from 1: those of its collection, in order
	statement *attest.Statement
}

// content is a part of what is signed, whatever is around it: two attestations are the same if it is.
type content struct {
	payload [32]byte
	part    int
}

func (s *signature) content() content { return content{s.item.Envelope().Digest(), s.part.n} }

// predicateType is the type of what was signed.
func (s *signature) predicateType() string { return s.part.statement.PredicateType }

// parts finds those of a readable item that a policy that applies asks for.
func (r *run) parts(i *item) []part {
	var parts []part
	add := func(n int, st *attest.Statement) {
		if r.asked(st.PredicateType) {
			parts = append(parts, part{n, st})
		}
	}
	add(0, i.Statement())
	for n, st := range i.Statement().Collected() {
		add(n+1, st)
	}
	return parts
}

// types are the predicate types of parts.
func types(parts []part) []string {
	var list []string
	for _, p := range parts {
		if !slices.Contains(list, p.statement.PredicateType) {
			list = append(list, p.statement.PredicateType)
		}
	}
	return list
}

// grantedFor gives the duties a binding has for a part of the item, and a function that says why one is lacking.
// Who signs a collection must have each duty for the collection's type and for the type in it: neither a grant to
// sign collections nor one to say what is in them is one to do the other.
func (r *run) grantedFor(i *item, p part, b ownership.Binding, m moment) (ownership.Duties, func(ownership.Duty) (Code, string), error) {
	permission := func(st *attest.Statement) (ownership.Duties, func(ownership.Duty) (Code, string), error) {
		use, err := r.use(st, m)
		duties, lacking := r.permission(b, m, use)
		return duties, lacking, err
	}
	duties, lacking, err := permission(p.statement)
	if p.n == 0 || err != nil {
		return duties, lacking, err
	}
	around, lackingAround, err := permission(i.Statement())
	return duties & around, func(d ownership.Duty) (Code, string) {
		if duties.Has(d) {
			return lackingAround(d)
		}
		return lacking(d)
	}, err
}

// united adds to a signer of the verdict the duties for other parts of the same item.
func united(duties, more []string) []string {
	var set ownership.Duties
	for _, name := range slices.Concat(duties, more) {
		d, _ := ownership.ParseDuty(name)
		set = set.Add(d)
	}
	var list []string
	for _, d := range set.List() {
		list = append(list, d.String())
	}
	return list
}
