package ownership

import (
	"math/bits"
	"slices"
)

// Duty is what a principal may do to an artifact (design §2). The zero Duty is none.
type Duty uint8

// The duties of design §2.
const (
	// Build makes an artifact and says how.
	Build Duty = iota + 1
	// Review looks at a change.
	Review
	// Approve says that an artifact may go on.
	Approve
	// Release publishes it.
	Release
	// Deploy brings it into an environment.
	Deploy
	// Except grants an exception (design §4.12).
	Except
	// Revoke withdraws a credential.
	Revoke
	// Attest states a fact about it, such as a test result.
	Attest
	// Witness reports what another person did (design §3.3).
	Witness
)

var dutyNames = []string{"build", "review", "approve", "release", "deploy", "except", "revoke", "attest", "witness"}

// String gives the duty as documents write it, "none" for the zero Duty.
func (d Duty) String() string {
	if d == 0 || int(d) > len(dutyNames) {
		return "none"
	}
	return dutyNames[d-1]
}

// ParseDuty reads a duty as documents write it.
func ParseDuty(s string) (Duty, bool) {
	i := slices.Index(dutyNames, s)
	return Duty(i + 1), i >= 0
}

// Duties is a set of duties. The zero Duties is empty.
type Duties uint16

// Has reports whether d is in the set. The zero Duty never is.
func (s Duties) Has(d Duty) bool { return d != 0 && s&(1<<d) != 0 }

// Add gives the set with d in it; adding the zero Duty changes nothing.
func (s Duties) Add(d Duty) Duties {
	if d == 0 {
		return s
	}
	return s | 1<<d
}

// List gives the duties in the set in the order of their constants, nil for none.
func (s Duties) List() []Duty {
	var list []Duty
	for rest := s; rest != 0; rest &= rest - 1 {
		list = append(list, Duty(bits.TrailingZeros16(uint16(rest))))
	}
	return list
}
