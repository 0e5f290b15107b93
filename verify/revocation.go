package verify

import (
	"fmt"
	"time"

	"github.com/surety-dev/surety/ownership"
)

// Revocation is what a list of its authority says of a certificate: status data, which can only speak
// against a signature. It is judged as a credential's states are (design §4.9).
type Revocation struct {
	// Change is the state the certificate is in and since when: ownership.Revoked or Suspended, with
	// the reason and, where one is given, the time from which nothing is to be trusted.
	Change ownership.Change
	// Certificate names the certificate in messages.
	Certificate string
	// List names the list in messages.
	List string
}

// Revoked says what revocation lists mean for a signature made at t, judged at at: the finding's code and
// message, "" where none speaks against it. A list says nothing of when a certificate began: that is in the
// certificate.
func (p Proof) Revoked(t, at time.Time) (Code, string) {
	for _, revocation := range p.Revocations {
		states := ownership.States{{State: ownership.Active}, revocation.Change}
		standing := states.Judge(t, at)
		if standing.Stands() {
			continue
		}
		change := revocation.Change
		message := fmt.Sprintf("%s is %s since %s", revocation.Certificate, change.State, stamp(change.From))
		if change.Cause != "" {
			message += " (" + change.Cause + ")"
		}
		if !change.InvalidFrom.IsZero() {
			message += ", not to be trusted from " + stamp(change.InvalidFrom)
		}
		return Code(standing.Reason), fmt.Sprintf("%s, as %s says; the signature is of %s", message, revocation.List, stamp(t))
	}
	return "", ""
}
