package policy

import "github.com/surety-dev/surety/internal/enum"

// Outcome is what became of a rule. Only Passed and Waived are passes; the zero value is Failed.
type Outcome uint8

const (
	// Failed: the expression is false, or the evidence the rule is about is absent.
	Failed Outcome = iota
	// Passed: the expression is true.
	Passed
	// Errored: the expression could not be evaluated.
	Errored
	// Unknown: an order the expression rests on is unproven, or only undecided evidence passes.
	Unknown
	// Waived: it did not pass, and a valid exception waives it.
	Waived
	// Skipped: its `when` was false.
	Skipped
)

var outcomes = enum.Names{Type: "outcome", List: []string{"fail", "pass", "error", "unknown", "waived", "skipped"}}

// String gives the outcome's name in the verdict.
func (o Outcome) String() string { return outcomes.String(uint8(o)) }

// MarshalText writes the outcome's name; an outcome without one is an error.
func (o Outcome) MarshalText() ([]byte, error) { return outcomes.Marshal(uint8(o)) }

// UnmarshalText reads an outcome's name exactly.
func (o *Outcome) UnmarshalText(text []byte) error {
	v, err := outcomes.Unmarshal(text)
	*o = Outcome(v)
	return err
}

// Severity is how much a failed rule matters. The zero value is Deny.
type Severity uint8

const (
	// Deny refuses the release.
	Deny Severity = iota
	// Warn is shown and changes nothing.
	Warn
	// Info is shown and changes nothing.
	Info
)

var severities = enum.Names{Type: "severity", List: []string{"deny", "warn", "info"}}

// String gives the severity's name in documents.
func (s Severity) String() string { return severities.String(uint8(s)) }
