package ownership

import (
	"slices"
	"strings"
	"time"

	"github.com/surety-dev/surety/internal/document"
)

// Credential is what signs (design §2): its key is given by Model.KeyNamed.
type Credential struct {
	// ID names the credential in the document.
	ID string
	// Holders are the principals who hold it, sorted; more than one count as nobody
	// where people are counted (design §3.1).
	Holders []string
	// Owner is the team accountable for its life; empty: none named.
	Owner string
	// Revokers are the teams that can revoke it, sorted; nil: none named.
	Revokers []string
	// Custody is where a key is kept: "hsm", "kms", "token", "file" or "ephemeral";
	// empty: not given.
	Custody string
	// KeptBy is the team that keeps it and so could use it, where that is not the
	// owner; empty: not given.
	KeptBy string
	// RotateEvery is how often it is to be replaced; zero: not given.
	RotateEvery time.Duration
	// States are its states over time.
	States States
	// Sources are where an importer found it; nil: none named.
	Sources []string
}

// credential is a Credential and what it matches: a key or an identity.
type credential struct {
	Credential
	held     []held // by holder
	key      *Key
	identity *identity
	at       document.Place
	statesAt []document.Place
}

// held is a holder who may be away, looked up once; neither: a workload, which is always there.
type held struct {
	person *Person
	vendor *Vendor
}

// present reports whether the holder is there at t.
func (h held) present(t time.Time) bool {
	switch {
	case h.person != nil:
		return h.person.Present(t)
	case h.vendor != nil:
		return h.vendor.Interval.Contains(t)
	}
	return true
}

// Credential gives a credential of the document.
func (m *Model) Credential(id string) (Credential, bool) {
	c := m.credentials[id]
	if c == nil {
		return Credential{}, false
	}
	copied := c.Credential
	copied.Holders, copied.Revokers, copied.States = slices.Clone(c.Holders), slices.Clone(c.Revokers), slices.Clone(c.States)
	copied.Sources = slices.Clone(c.Sources)
	return copied, true
}

// sameHolders reports whether two credentials are held by the same principals.
func (c *credential) sameHolders(d *credential) bool { return slices.Equal(c.Holders, d.Holders) }

// activeFrom is when the credential first became active, as seen from at.
func (c *credential) activeFrom(at time.Time) time.Time {
	for _, s := range c.States {
		if s.State == Active && !s.From.After(at) {
			return s.From
		}
	}
	return time.Time{}
}

// rotationDue is when the credential is to be replaced; zero: never, or it has not been active
// yet.
func (c *credential) rotationDue(v View) time.Time {
	from := c.activeFrom(v.t)
	if c.RotateEvery == 0 || from.IsZero() {
		return time.Time{}
	}
	return from.Add(c.RotateEvery)
}

// byID orders credentials.
func byID(a, b *credential) int { return strings.Compare(a.ID, b.ID) }
