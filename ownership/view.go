package ownership

import (
	"slices"
	"time"

	"github.com/surety-dev/surety/internal/document"
)

// View is the model as of one time. It is cheap to make and to copy; the zero View is
// not for use, see Model.At.
type View struct {
	model   *Model
	t       time.Time
	without string // a person taken as not there, whatever the document says; "": nobody
}

// At gives the model as of t.
func (m *Model) At(t time.Time) View { return View{model: m, t: t} }

// Present reports whether a principal is there: a person within their interval and
// not away, a vendor within its contract, a workload of the document always.
func (v View) Present(principal string) bool {
	if p := v.model.people[principal]; p != nil {
		return principal != v.without && p.Present(v.t)
	}
	if vendor := v.model.vendors[principal]; vendor != nil {
		return vendor.Interval.Contains(v.t)
	}
	return v.model.workloads[principal] != nil
}

// Member reports whether a person is a member of a team, and present.
func (v View) Member(person, team string) bool {
	if !v.Present(person) {
		return false
	}
	for _, m := range v.model.memberships[person] {
		if m.team == team {
			return m.contains(v.t)
		}
	}
	return false
}

// Members gives the people who are members of a team, sorted; nil if there are none.
func (v View) Members(team string) []string {
	t := v.model.teams[team]
	if t == nil {
		return nil
	}
	var ids []string
	for _, m := range t.Members {
		if m.Interval.Contains(v.t) && v.Present(m.Person) {
			ids = append(ids, m.Person)
		}
	}
	slices.Sort(ids)
	return ids
}

// Teams gives the teams a person is a member of, sorted; nil if there are none.
func (v View) Teams(person string) []string {
	if !v.Present(person) {
		return nil
	}
	var ids []string
	for _, m := range v.model.memberships[person] {
		if m.contains(v.t) {
			ids = append(ids, m.team)
		}
	}
	slices.Sort(ids)
	return ids
}

// State gives the state a credential is in; false if there is no such credential. It
// is the state as such; what it means for a signature is for States.Judge to say.
func (v View) State(credential string) (State, bool) {
	c := v.model.credentials[credential]
	if c == nil {
		return 0, false
	}
	return c.States.At(v.t), true
}

// staffed reports whether a team has a member who is present.
func (v View) staffed(t *Team) bool {
	return slices.ContainsFunc(t.Members, func(m Membership) bool {
		return m.Interval.Contains(v.t) && v.Present(m.Person)
	})
}

// nearest gives the interval closest to a time that none contains: the last before it, else the next.
func (m *teamMembership) nearest(t time.Time) int {
	best := 0
	for i, interval := range m.intervals {
		b := m.intervals[best]
		switch ended, bestEnded := !t.Before(interval.From), !t.Before(b.From); {
		case ended && (!bestEnded || interval.From.After(b.From)), !ended && !bestEnded && interval.From.Before(b.From):
			best = i
		}
	}
	return best
}

// teamMembership is all of a person's time in one team.
type teamMembership struct {
	team      string
	intervals []Interval
	at        []document.Place // of the intervals
}

// contains reports whether the person is in the team at t. No membership is needed where none is named:
// nil contains every time.
func (m *teamMembership) contains(t time.Time) bool {
	return m == nil || slices.ContainsFunc(m.intervals, func(i Interval) bool { return i.Contains(t) })
}
