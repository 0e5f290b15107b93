package ownership

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Window is a time of the week, in UTC, in which signing is permitted (requirement
// R40).
type Window struct {
	// Days are the days it is open, Sunday first, each once; nil: every day.
	Days []time.Weekday
	// From is the time of day it opens, since midnight; it is in.
	From time.Duration
	// Until is the time of day it closes, since midnight, at most 24 hours; it is out.
	Until time.Duration
}

// Contains reports whether t lies in the window.
func (w Window) Contains(t time.Time) bool {
	t = t.UTC()
	if w.Days != nil && !slices.Contains(w.Days, t.Weekday()) {
		return false
	}
	since := t.Sub(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC))
	return since >= w.From && since < w.Until
}

// String gives the window in a few words: "monday, friday 08:00-17:00 UTC".
func (w Window) String() string {
	days := make([]string, len(w.Days))
	for i, d := range w.Days {
		days[i] = strings.ToLower(d.String())
	}
	if w.Days == nil {
		days = []string{"every day"}
	}
	return fmt.Sprintf("%s %s-%s UTC", strings.Join(days, ", "), clock(w.From), clock(w.Until))
}

// clock writes a time of day.
func clock(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", int(d/time.Hour), int(d%time.Hour/time.Minute))
}

func cloneWindows(windows []Window) []Window {
	windows = slices.Clone(windows)
	for i := range windows {
		windows[i].Days = slices.Clone(windows[i].Days)
	}
	return windows
}

// Freeze is a time in which signing is not permitted (requirement R40).
type Freeze struct {
	// Interval is when; it has a begin and an end.
	Interval Interval
	// Reason says why, as the document writes it; empty: not given.
	Reason string
}

// describe says when and why: " since FROM until UNTIL (REASON)".
func (f Freeze) describe() string {
	if f.Reason == "" {
		return f.Interval.span()
	}
	return f.Interval.span() + " (" + f.Reason + ")"
}

// windowTexts gives windows in words.
func windowTexts(windows []Window) []string {
	texts := []string{}
	for _, w := range windows {
		texts = append(texts, w.String())
	}
	return texts
}

// timed reports whether a grant is for some times of signing only, so that it fits
// only a signature whose time is proven.
func (g *grant) timed() bool { return g.windows != nil || g.freezes != nil }

// open reports whether a window of the grant contains t, or it has none.
func (g *grant) open(t time.Time) bool {
	return g.windows == nil || slices.ContainsFunc(g.windows, func(w Window) bool { return w.Contains(t) })
}

// frozen gives the freeze of the grant that contains t.
func (g *grant) frozen(t time.Time) (Freeze, bool) {
	if i := slices.IndexFunc(g.freezes, func(f Freeze) bool { return f.Interval.Contains(t) }); i >= 0 {
		return g.freezes[i], true
	}
	return Freeze{}, false
}
