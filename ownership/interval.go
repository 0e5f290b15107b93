package ownership

import "time"

// Interval is a half-open span of time: From is in it, Until is not (design §3). The
// zero Interval is all of time.
type Interval struct {
	// From is the first instant inside; the zero time leaves the start open.
	From time.Time
	// Until is the first instant after; the zero time leaves the end open.
	Until time.Time
}

// Contains reports whether t lies in the interval.
func (i Interval) Contains(t time.Time) bool {
	return !t.Before(i.From) && (i.Until.IsZero() || t.Before(i.Until))
}

// overlaps reports whether some instant lies in both.
func (i Interval) overlaps(j Interval) bool {
	return (i.Until.IsZero() || j.From.Before(i.Until)) && (j.Until.IsZero() || i.From.Before(j.Until))
}
