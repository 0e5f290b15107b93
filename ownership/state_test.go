package ownership_test

import (
	"testing"
	"time"

	"github.com/surety-dev/surety/ownership"
)

// The words of design §4.9, for the table below.
const (
	stands     = ownership.Reason("")
	notActive  = ownership.CredentialNotActive
	suspended  = ownership.CredentialSuspended
	revoked    = ownership.CredentialRevoked
	reachBack  = ownership.SignedAfterCompromise
	exactly    = 0 * time.Second
	aSecond    = time.Second
	lateEnough = "12-01" // every state counts
)

// TestStatesReachBack is design §4.9 as a table: for each list of states, the answer
// one second before, at, and one second after a time, as seen from another.
func TestStatesReachBack(t *testing.T) {
	t.Parallel()
	change := func(s ownership.State, from, cause, invalidFrom string) ownership.Change {
		c := ownership.Change{State: s, From: at(t, from), Cause: cause}
		if invalidFrom != "" {
			c.InvalidFrom = at(t, invalidFrom)
		}
		return c
	}
	// All are active from February on and change in June.
	activated := change(ownership.Active, "02-01", "", "")
	then := func(s ownership.State, cause, invalidFrom string) ownership.States {
		return ownership.States{activated, change(s, "06-01", cause, invalidFrom)}
	}
	never := func(first ...ownership.Change) ownership.States { return first }
	back := ownership.States{activated, change(ownership.Suspended, "06-01", "", ""), change(ownership.Active, "07-01", "", "")}
	type row struct {
		name                 string
		states               ownership.States
		t, at                string
		before, exact, after ownership.Reason // t at -1s, 0, +1s
	}
	rows := []row{
		{"before the first active: never", never(activated), "02-01", lateEnough, notActive, stands, stands},
		{"before the first active, after pre-activation", never(change(ownership.PreActivation, "01-01", "", ""), activated), "02-01", lateEnough, notActive, stands, stands},
		{"only pre-activation", never(change(ownership.PreActivation, "01-01", "", "")), "02-01", lateEnough, notActive, notActive, notActive},
		{"active in the future only", never(change(ownership.Active, "12-02", "", "")), "02-01", lateEnough, notActive, notActive, notActive},

		{"deactivated: only if t < from", then(ownership.Deactivated, "", ""), "06-01", lateEnough, stands, notActive, notActive},
		{"deactivated, superseded", then(ownership.Deactivated, "superseded", ""), "06-01", lateEnough, stands, notActive, notActive},
		{"destroyed: only if t < from", then(ownership.Destroyed, "", ""), "06-01", lateEnough, stands, notActive, notActive},
		{"revoked for no reason: only if t < from", then(ownership.Revoked, "", ""), "06-01", lateEnough, stands, revoked, revoked},
		{"revoked, affiliation-changed", then(ownership.Revoked, "affiliation-changed", ""), "06-01", lateEnough, stands, revoked, revoked},
		{"revoked, superseded", then(ownership.Revoked, "superseded", ""), "06-01", lateEnough, stands, revoked, revoked},
		{"revoked, cessation-of-operation", then(ownership.Revoked, "cessation-of-operation", ""), "06-01", lateEnough, stands, revoked, revoked},
		{"revoked, privilege-withdrawn", then(ownership.Revoked, "privilege-withdrawn", ""), "06-01", lateEnough, stands, revoked, revoked},
		{"revoked, unspecified", then(ownership.Revoked, "unspecified", ""), "06-01", lateEnough, stands, revoked, revoked},
		{"revoked for key-compromise: never", then(ownership.Revoked, "key-compromise", ""), "06-01", lateEnough, reachBack, revoked, revoked},
		{"revoked for ca-compromise: never", then(ownership.Revoked, "ca-compromise", ""), "06-01", lateEnough, reachBack, revoked, revoked},
		{"compromised: never", then(ownership.Compromised, "", ""), "06-01", lateEnough, reachBack, revoked, revoked},
		{"compromised, unspecified: never", then(ownership.Compromised, "unspecified", ""), "06-01", lateEnough, reachBack, revoked, revoked},
		{"compromised: not even long before", then(ownership.Compromised, "", ""), "03-01", lateEnough, reachBack, reachBack, reachBack},
		{"compromised: decides over not yet active", then(ownership.Compromised, "", ""), "02-01", lateEnough, reachBack, reachBack, reachBack},

		{"with invalidFrom, only if t < T: compromised", then(ownership.Compromised, "", "04-01"), "04-01", lateEnough, stands, reachBack, reachBack},
		{"with invalidFrom, only if t < T: key-compromise", then(ownership.Revoked, "key-compromise", "04-01"), "04-01", lateEnough, stands, reachBack, reachBack},
		{"with invalidFrom, only if t < T: superseded", then(ownership.Revoked, "superseded", "04-01"), "04-01", lateEnough, stands, reachBack, reachBack},
		{"with invalidFrom, at from", then(ownership.Revoked, "key-compromise", "04-01"), "06-01", lateEnough, reachBack, revoked, revoked},
		{"with invalidFrom after from, as it is written", then(ownership.Revoked, "key-compromise", "08-01"), "08-01", lateEnough, stands, revoked, revoked},
		{"with invalidFrom, deactivated", then(ownership.Deactivated, "", "04-01"), "04-01", lateEnough, stands, notActive, notActive},
		{"deactivated for a compromise", then(ownership.Deactivated, "key-compromise", ""), "06-01", lateEnough, stands, notActive, notActive},

		{"suspended: only if t is outside, its start", back, "06-01", lateEnough, stands, suspended, suspended},
		{"suspended: only if t is outside, its end", back, "07-01", lateEnough, suspended, stands, stands},
		{"suspended still", then(ownership.Suspended, "", ""), "09-01", lateEnough, suspended, suspended, suspended},
		{"suspended, the end not yet counted", back, "06-15", "06-20", suspended, suspended, suspended},

		{"revoked does not count yet", then(ownership.Revoked, "", ""), "05-30", "05-31", stands, stands, stands},
		{"compromised does not count one second early", then(ownership.Compromised, "", ""), "05-01", "05-31T23:59:59", stands, stands, stands},
		{"compromised counts at its from", then(ownership.Compromised, "", ""), "05-01", "06-01", reachBack, reachBack, reachBack},

		{"the earliest bound wins: suspended, then revoked", ownership.States{activated, change(ownership.Suspended, "05-01", "", ""), change(ownership.Revoked, "06-01", "", "")}, "06-01", lateEnough, suspended, revoked, revoked},
		{"the earliest bound wins: suspended, then compromised", ownership.States{activated, change(ownership.Suspended, "05-01", "", ""), change(ownership.Compromised, "06-01", "", "")}, "05-15", lateEnough, reachBack, reachBack, reachBack},
		{"the earliest bound wins: suspended, then invalid from before", ownership.States{activated, change(ownership.Suspended, "05-01", "", ""), change(ownership.Revoked, "06-01", "", "04-01")}, "05-01", lateEnough, reachBack, reachBack, reachBack},
		{"the earliest bound wins: a tie is revocation's", ownership.States{activated, change(ownership.Suspended, "05-01", "", ""), change(ownership.Revoked, "06-01", "", "05-01")}, "05-01", lateEnough, stands, reachBack, reachBack},
		{"the earliest bound wins: deactivated, then revoked", ownership.States{activated, change(ownership.Deactivated, "05-01", "", ""), change(ownership.Revoked, "06-01", "", "")}, "06-01", lateEnough, notActive, notActive, notActive},
		{"the earliest bound wins: deactivated, then compromised", ownership.States{activated, change(ownership.Deactivated, "05-01", "", ""), change(ownership.Compromised, "06-01", "", "")}, "05-01", lateEnough, reachBack, reachBack, reachBack},
		{"destroyed after revoked: the revocation decides", ownership.States{activated, change(ownership.Revoked, "05-01", "", ""), change(ownership.Destroyed, "06-01", "", "")}, "06-01", lateEnough, revoked, revoked, revoked},

		{"revoked and never active", never(change(ownership.Revoked, "06-01", "", "")), "06-01", lateEnough, notActive, revoked, revoked},
		{"compromised and never active", never(change(ownership.Compromised, "06-01", "", "")), "06-01", lateEnough, reachBack, revoked, revoked},
		{"destroyed and never active", never(change(ownership.Destroyed, "06-01", "", "")), "06-01", lateEnough, notActive, notActive, notActive},
		{"no states at all", nil, "06-01", lateEnough, notActive, notActive, notActive},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			for shift, want := range map[time.Duration]ownership.Reason{-aSecond: r.before, exactly: r.exact, aSecond: r.after} {
				got := r.states.Judge(at(t, r.t).Add(shift), at(t, r.at))
				if got.Reason != want || got.Stands() != (want == stands) {
					t.Errorf("at %v: %q, want %q", shift, got.Reason, want)
				}
				if wantBarred := want == suspended || want == revoked || want == reachBack; wantBarred && !got.Barred {
					t.Errorf("at %v: %q and not barred", shift, got.Reason)
				}
			}
		})
	}
}

// TestBarredThoughNotDeciding: a credential revoked for a signature discards it, even
// where an earlier bound gives the reason.
func TestBarredThoughNotDeciding(t *testing.T) {
	t.Parallel()
	states := ownership.States{
		{State: ownership.Active, From: at(t, "02-01")}, {State: ownership.Deactivated, From: at(t, "05-01")}, {State: ownership.Revoked, From: at(t, "06-01")},
	}
	for when, barred := range map[string]bool{"05-15": false, "06-15": true} {
		if got := states.Judge(at(t, when), at(t, lateEnough)); got.Reason != notActive || got.Barred != barred {
			t.Errorf("%s: %+v", when, got)
		}
	}
}

func TestStatesAt(t *testing.T) {
	t.Parallel()
	states := ownership.States{{State: ownership.Active, From: at(t, "02-01")}, {State: ownership.Revoked, From: at(t, "06-01")}}
	rows := []struct {
		name, t string
		want    ownership.State
	}{
		{"before the first", "01-31T23:59:59", ownership.PreActivation},
		{"at the first", "02-01", ownership.Active},
		{"just before the next", "05-31T23:59:59", ownership.Active},
		{"at the next", "06-01", ownership.Revoked},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			if got := states.At(at(t, r.t)); got != r.want {
				t.Errorf("%v, want %v", got, r.want)
			}
		})
	}
}
