package verify

import "github.com/surety-dev/surety/internal/enum"

// Decision is a verdict's answer. Only AllowWithException and Allow admit; the zero value denies.
type Decision uint8

const (
	// Deny: the release is refused.
	Deny Decision = iota
	// Indeterminate: the release would be allowed, were something true that cannot be proven. It is
	// refused.
	Indeterminate
	// AllowWithException: the release is admitted under a signed exception.
	AllowWithException
	// Allow: the release is admitted.
	Allow
)

var decisions = enum.Names{Type: "decision", List: []string{"deny", "indeterminate", "allow-with-exception", "allow"}}

// String gives the decision's name in the verdict.
func (d Decision) String() string { return decisions.String(uint8(d)) }

// MarshalText writes the decision's name; a decision without one is an error.
func (d Decision) MarshalText() ([]byte, error) { return decisions.Marshal(uint8(d)) }

// UnmarshalText reads a decision's name exactly.
func (d *Decision) UnmarshalText(text []byte) error {
	v, err := decisions.Unmarshal(text)
	*d = Decision(v)
	return err
}

// Admits reports whether the decision lets the release in.
func (d Decision) Admits() bool { return d == Allow || d == AllowWithException }

// Severity is how much a finding matters. The zero value refuses. The order is that of the verdict.
type Severity uint8

const (
	// SeverityDeny: the finding refuses the release.
	SeverityDeny Severity = iota
	// SeverityIndeterminate: the finding keeps the release from being proven.
	SeverityIndeterminate
	// SeverityWarn: the finding changes nothing and wants attention.
	SeverityWarn
	// SeverityInfo: the finding changes nothing.
	SeverityInfo
)

var severityNames = enum.Names{Type: "severity", List: []string{"deny", "indeterminate", "warn", "info"}}

// String gives the severity's name in the verdict.
func (s Severity) String() string { return severityNames.String(uint8(s)) }

// MarshalText writes the severity's name; a severity without one is an error.
func (s Severity) MarshalText() ([]byte, error) { return severityNames.Marshal(uint8(s)) }

// UnmarshalText reads a severity's name exactly.
func (s *Severity) UnmarshalText(text []byte) error {
	v, err := severityNames.Unmarshal(text)
	*s = Severity(v)
	return err
}

// Standing is what a mark says. The zero value is Unknown.
type Standing uint8

const (
	// Unknown: nothing counted was there to judge, or it cannot be proven.
	Unknown Standing = iota
	// Pass: nothing speaks against it.
	Pass
	// Fail: a refusing finding carries the mark.
	Fail
)

var standings = enum.Names{Type: "standing", List: []string{"unknown", "pass", "fail"}}

// String gives the standing's name in the verdict.
func (s Standing) String() string { return standings.String(uint8(s)) }

// MarshalText writes the standing's name; a standing without one is an error.
func (s Standing) MarshalText() ([]byte, error) { return standings.Marshal(uint8(s)) }

// UnmarshalText reads a standing's name exactly.
func (s *Standing) UnmarshalText(text []byte) error {
	v, err := standings.Unmarshal(text)
	*s = Standing(v)
	return err
}
