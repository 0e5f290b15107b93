package ownership

import (
	"slices"
	"time"
)

// State is the state of a credential, as NIST SP 800-57 part 1 names them (design
// §3.1). One holds until the next. The zero State is no state.
type State uint8

// The states, and what may follow each.
const (
	// PreActivation: made, not yet for use. Then Active, Compromised, Revoked or
	// Destroyed. A credential is also in it before its first state.
	PreActivation State = iota + 1
	// Active: for use. Then any but PreActivation.
	Active
	// Suspended: not for use for a while. Then Active again, or what ends it.
	Suspended
	// Deactivated: no longer for use; what it signed stands. Then Compromised,
	// Revoked or Destroyed.
	Deactivated
	// Compromised: others may have it. Then only Destroyed.
	Compromised
	// Revoked: withdrawn. Then only Destroyed.
	Revoked
	// Destroyed: gone. Final.
	Destroyed
)

var stateNames = []string{"pre-activation", "active", "suspended", "deactivated", "compromised", "revoked", "destroyed"}

// String gives the state as documents write it, "none" for the zero State.
func (s State) String() string {
	if s == 0 || int(s) > len(stateNames) {
		return "none"
	}
	return stateNames[s-1]
}

// first lists the states a credential may begin with.
var first = []State{PreActivation, Active, Compromised, Revoked, Destroyed}

// next lists what may follow each state.
var next = map[State][]State{
	PreActivation: {Active, Compromised, Revoked, Destroyed},
	Active:        {Suspended, Deactivated, Compromised, Revoked, Destroyed},
	Suspended:     {Active, Deactivated, Compromised, Revoked, Destroyed},
	Deactivated:   {Compromised, Revoked, Destroyed},
	Compromised:   {Destroyed},
	Revoked:       {Destroyed},
}

// The reasons a state may give (design §3.1).
const (
	keyCompromise = "key-compromise"
	caCompromise  = "ca-compromise"
)

var causes = []string{keyCompromise, caCompromise, "affiliation-changed", "superseded", "cessation-of-operation", "privilege-withdrawn", "unspecified"}

// Change is the beginning of a state.
type Change struct {
	// State is the state that begins.
	State State
	// From is when it begins.
	From time.Time
	// Cause is the reason the document gives, as it writes it; empty: none given.
	Cause string
	// InvalidFrom is the time from which signatures are not to be trusted, of a
	// state that ends a credential; zero: none given.
	InvalidFrom time.Time
}

// States are the states of a credential in the order of their times.
type States []Change

// At gives the state that holds at t: PreActivation before the first.
func (s States) At(t time.Time) State {
	if i := s.place(t); i >= 0 {
		return s[i].State
	}
	return PreActivation
}

// place gives the place of the state that holds at t, -1 before the first.
func (s States) place(t time.Time) int {
	i := -1
	for j, c := range s {
		if !c.From.After(t) {
			i = j
		}
	}
	return i
}

// Standing is what the states of a credential mean for one signature.
type Standing struct {
	// Reason is why the signature does not stand; empty if it stands.
	Reason Reason
	// Change is the place in States of the change that decided, -1 for none.
	Change int
	// Barred says that the credential was revoked, compromised or suspended for the
	// signature, whether or not that was what decided. Such a credential discards
	// a signature even where another one matches too (design §4.7).
	Barred bool
}

// Stands reports that nothing speaks against the signature.
func (s Standing) Stands() bool { return s.Reason == "" }

// Judge says what the states mean for a signature made at t, seen from at (design
// §4.9, "States reach back").
//
// A state counts once at >= its From. Each counted state bounds the signatures that
// stand, and of the bounds a signature violates the earliest decides; one that lets
// nothing stand is earlier than any time, and so is that before the first activation. Of
// equal bounds, revocation decides before suspension before the rest. Where nothing
// activated the credential, nothing stands, and what ended it is the reason.
func (s States) Judge(t, at time.Time) Standing {
	counted := s
	for i, c := range s {
		if c.From.After(at) {
			counted = s[:i]
			break
		}
	}
	j := judging{Standing: Standing{Change: -1}}
	activated := false
	for i, c := range counted {
		switch c.State {
		case Active: // before the first active: never
			if !activated && t.Before(c.From) {
				j.violate(violation{never, rankInactive, CredentialNotActive, i})
			}
			activated = true
		case Suspended: // only if t is outside
			window := Interval{From: c.From}
			if i+1 < len(counted) {
				window.Until = counted[i+1].From
			}
			if window.Contains(t) {
				j.violate(violation{c.From, rankSuspended, CredentialSuspended, i})
			}
		case Deactivated, Destroyed: // only if t < from, or t < T
			if bound := c.reach(); !t.Before(bound) {
				j.violate(violation{bound, rankInactive, CredentialNotActive, i})
			}
		case Compromised, Revoked:
			if bound := c.reach(); !t.Before(bound) || bound == never {
				reason := CredentialRevoked
				if t.Before(c.From) {
					reason = SignedAfterCompromise
				}
				j.violate(violation{bound, rankRevoked, reason, i})
			}
		}
	}
	if j.Reason == "" && !activated {
		j.Reason = CredentialNotActive
	}
	return j.Standing
}

// never is the bound that lets no signature stand.
var never time.Time

// reach gives the time before which signatures of a credential that has ended stand:
// with invalidFrom T, only if t < T; compromised, or revoked for key- or
// ca-compromise, without T: never; otherwise: only if t < from.
func (c Change) reach() time.Time {
	compromise := c.Cause == keyCompromise || c.Cause == caCompromise
	switch {
	case !c.InvalidFrom.IsZero():
		return c.InvalidFrom
	case c.State == Compromised || c.State == Revoked && compromise:
		return never
	}
	return c.From
}

// rank orders violations of equal bounds.
type rank uint8

const (
	rankRevoked rank = iota
	rankSuspended
	rankInactive
)

// violation is a bound that a signature does not keep.
type violation struct {
	bound  time.Time
	rank   rank
	reason Reason
	change int
}

// judging keeps the violation that decides so far.
type judging struct {
	Standing
	worst violation
}

func (j *judging) violate(v violation) {
	j.Barred = j.Barred || v.rank != rankInactive
	earlier := v.bound.Before(j.worst.bound) || v.bound.Equal(j.worst.bound) && v.rank < j.worst.rank
	if j.Reason == "" || earlier {
		j.worst, j.Reason, j.Change = v, v.reason, v.change
	}
}

// follows reports whether a state may follow another; the zero State stands for the
// beginning.
func (s State) follows(before State) bool {
	if before == 0 {
		return slices.Contains(first, s)
	}
	return slices.Contains(next[before], s)
}
