package lint

import (
	"fmt"
	"slices"
	"time"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

var grantNeverOpen = Check{
	Code: "grant-never-open", Severity: verify.SeverityWarn, Control: ownership.PublisherIdentity,
	Meaning:      "A grant can never be used: its freezes leave none of its time, or none that is in a window.",
	Requirements: []string{"R40"}, Frameworks: []string{"nist-sp-800-53-r5:AC-6", "nist-sp-800-53-r5:CM-3"},
	Remedy:         "end the grant, or open a window outside the freezes",
	needsOwnership: true,
	find:           findGrantNeverOpen,
}

func findGrantNeverOpen(d *documents, report func(issue)) {
	for _, g := range d.grants {
		if (g.Windows != nil || g.Freezes != nil) && !d.opens(g) {
			report(issue{position: g.Position, subject: ofGrant(g), scopes: g.Artifacts, message: fmt.Sprintf(
				"%s may %s %s, and until %s no window is open outside the freezes", g.To, duties(g), list(g.Artifacts), stamp(g.Interval.Until))})
		}
	}
}

// opens reports whether a grant can be used at some time from now on. Its time is free in gaps between freezes, each of
// which begins now or where a freeze ends; a week of a gap shows every window.
func (d *documents) opens(g ownership.Grant) bool {
	begins := []time.Time{d.at}
	if g.Interval.From.After(d.at) {
		begins[0] = g.Interval.From
	}
	now := begins[0]
	for _, f := range g.Freezes {
		if f.Interval.Until.After(now) {
			begins = append(begins, f.Interval.Until)
		}
	}
	usable := func(t time.Time) bool {
		open := g.Windows == nil || slices.ContainsFunc(g.Windows, func(w ownership.Window) bool { return w.Contains(t) })
		return open && g.Interval.Contains(t) && !slices.ContainsFunc(g.Freezes, func(f ownership.Freeze) bool { return f.Interval.Contains(t) })
	}
	for _, begin := range begins {
		midnight := begin.UTC().Truncate(24 * time.Hour)
		for day := range 8 {
			for _, w := range g.Windows {
				if t := midnight.AddDate(0, 0, day).Add(w.From); !t.Before(begin) && usable(t) {
					return true
				}
			}
		}
		if usable(begin) {
			return true
		}
	}
	return false
}
