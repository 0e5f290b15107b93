package ownership_test

import (
	"fmt"
	"slices"
	"time"
)

// drawnReasons are the reasons of design §3.1, and none.
func drawnReasons() []string {
	return []string{"", "", "key-compromise", "key-compromise", "ca-compromise", "affiliation-changed", "superseded", "cessation-of-operation", "privilege-withdrawn", "unspecified"}
}

// followers are the states that may follow each, "" those that may come first (design §3.1).
func followers(state string) []string {
	switch state {
	case "":
		return []string{"active", "active", "active", "active", "active", "active", "active", "active", "active", "active", "active", "active", "pre-activation", "pre-activation", "compromised", "revoked", "destroyed"}
	case "pre-activation":
		return []string{"active", "active", "active", "compromised", "revoked", "destroyed"}
	case "active":
		return []string{"suspended", "suspended", "deactivated", "compromised", "revoked", "revoked", "destroyed"}
	case "suspended":
		return []string{"active", "active", "active", "deactivated", "compromised", "revoked", "destroyed"}
	case "deactivated":
		return []string{"compromised", "revoked", "destroyed"}
	case "compromised", "revoked":
		return []string{"destroyed"}
	}
	return nil
}

// turns draws the states of a credential in an order that is allowed.
func (d dice) turns() (all []turn) {
	state := ""
	for at := 1 + d.IntN(3); at <= ticks && (all == nil || !d.in(2)); at += 1 + d.IntN(4) {
		next := followers(state)
		if next == nil {
			break
		}
		state = oneOf(d, next)
		t := turn{state: state, from: moment(at) * tick}
		if slices.Contains([]string{"deactivated", "compromised", "revoked", "destroyed"}, state) {
			t.reason = oneOf(d, drawnReasons())
			if d.in(3) {
				t.invalid = d.moment(1, ticks)
			}
		}
		all = append(all, t)
	}
	return all
}

// governance draws what rests on principals and teams.
func (d dice) governance(w *world) {
	grantees := append(w.ids("principals"), w.ids("teams")...)
	for range d.between(1, 4) {
		g := permit{to: oneOf(d, grantees), may: some(d, drawnDuties(), 1, 2), artifacts: d.patterns(), span: d.span()}
		if !d.in(3) {
			g.span = span{}
		}
		if d.in(4) {
			g.predicates = some(d, []string{"https://p/a", "https://p/*", "**"}, 1, 2)
		}
		if d.in(4) {
			g.builders = some(d, []string{"https://b/1", "https://b/*"}, 1, 1)
		}
		if newFields {
			d.limits(&g)
		}
		w.grants = append(w.grants, g)
	}
	teams := w.ids("teams")
	for range d.between(0, 4) {
		c := charge{
			control: oneOf(d, drawnControls()), artifacts: d.patterns(), accountable: maybe(d, 6, teams), responsible: some(d, teams, 0, 2), consulted: some(d, teams, 0, 1),
			informed: some(d, teams, 0, 1), page: maybe(d, 2, teams), runbook: maybe(d, 2, []string{"https://r/1", "https://r/2"}), span: d.later(),
		}
		w.controls = append(w.controls, c)
		if d.in(5) { // the same scope again, so that there are ties
			again := c
			again.page = maybe(d, 2, []string{c.page, c.accountable})
			again.responsible = some(d, teams, 0, 1)
			if d.in(4) {
				again.accountable = maybe(d, 3, teams)
			}
			w.controls = append(w.controls, again)
		}
	}
	for i := range d.between(0, 2) {
		w.points = append(w.points, barrier{
			id: fmt.Sprintf("g%d", i), environment: oneOf(d, drawnPlaces()), artifacts: d.patterns(), mode: oneOf(d, []string{"enforce", "enforce", "audit"}),
			onFailure: maybe(d, 4, []string{"closed", "closed", "open"}), owner: maybe(d, 4, teams), span: d.later(),
		})
	}
	if d.in(4) {
		w.separations = append(w.separations, separated{"s", some(d, drawnDuties(), 2, 4)})
	}
	if newFields {
		for i := range d.between(0, 3) {
			w.tiers = append(w.tiers, drawnTier{fmt.Sprintf("t%d", i), d.patterns()})
		}
	}
}

// limits draws where and when a grant may be used.
func (d dice) limits(g *permit) {
	if d.in(5) {
		g.environments = some(d, drawnPlaces(), 1, 2)
	}
	if d.in(5) {
		for range d.between(1, 2) {
			v := drawnWindow{days: some(d, []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday}, 0, 2), from: oneOf(d, []int{0, 8, 16}), until: 24}
			if d.in(2) {
				v.until = v.from + 8
			}
			if v.days == nil && v.from == 0 && v.until == 24 {
				v.until = 16
			}
			g.windows = append(g.windows, v)
		}
	}
	if d.in(5) {
		f := span{from: d.moment(1, ticks-1)}
		f.until = d.moment(int(f.from/tick)+1, ticks)
		g.freezes = append(g.freezes, f)
	}
}
