package ownership

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/surety-dev/surety/internal/document"
)

// Reason says why a signature counts for nothing: a finding code of design §3.4.
type Reason string

// The reasons Bind gives.
const (
	// SignerUnknown: no credential has this key or identity.
	SignerUnknown Reason = "signer-unknown"
	// Misissued: an authority of the document certified a name that no credential has
	// (requirement R35).
	Misissued Reason = "misissued"
	// SignerDeparted: the person had left, or not yet joined, when it was made.
	SignerDeparted Reason = "signer-departed"
	// CredentialAmbiguous: credentials of different holders match.
	CredentialAmbiguous Reason = "credential-ambiguous"
	// CredentialInherited: a shared workflow signed, and the credential does not say
	// whose call of it is meant.
	CredentialInherited Reason = "credential-inherited"
	// CredentialNotActive: not yet, or no longer, active when it was made.
	CredentialNotActive Reason = "credential-not-active"
	// CredentialSuspended: made while suspended.
	CredentialSuspended Reason = "credential-suspended"
	// CredentialRevoked: made after it was revoked or compromised.
	CredentialRevoked Reason = "credential-revoked"
	// SignedAfterCompromise: made before it was revoked or compromised, but caught by
	// reaching back.
	SignedAfterCompromise Reason = "signed-after-compromise"
)

// The further reasons View.CanSign gives.
const (
	// SignerNotGranted: no grant covers it, or none at that time.
	SignerNotGranted Reason = "signer-not-granted"
	// SignerRoleChanged: a grant is to a team the person is no member of at that time.
	SignerRoleChanged Reason = "signer-role-changed"
	// OutsideWindow: a grant is for other times of the week.
	OutsideWindow Reason = "outside-window"
	// InFreeze: a grant is frozen at that time.
	InFreeze Reason = "in-freeze"
	// NoCredential: who may sign has nothing to sign with.
	NoCredential Reason = "no-credential"
)

// Binding is whose signature it is.
type Binding struct {
	// Credential is the id of the credential it binds to, the lowest of several.
	Credential string
	// Holders are the principals who hold it, sorted, at least one.
	Holders []string
	// Person is the one holder, if that is a person; empty otherwise. Only this counts
	// where people are counted.
	Person string
	// Owner is the team accountable for the credential; empty: none named.
	Owner string
	// ActiveFrom is when the credential was activated: the signature was made no
	// earlier.
	ActiveFrom time.Time
}

// Refusal is why a proven identity binds to nobody.
type Refusal struct {
	// Reason is the finding code.
	Reason Reason
	// Credential is the id of the credential that decided; empty: none did.
	Credential string
	// Message says it in one sentence, with names, states and times.
	Message string
	// Position is where the document says it: the state, the person, the credential;
	// empty: it says nothing.
	Position string
}

// Bind says whose signature it is: one with this proven identity, made at t, judged
// at at (design §4.7 to §4.10). The refusal is nil if and only if the Binding counts.
func (m *Model) Bind(id Identity, t, at time.Time) (Binding, *Refusal) {
	matching := m.matching(&id)
	if len(matching) == 0 {
		if at, ours := m.trustAt[id.Authority]; ours && id.Key == (Fingerprint{}) && !m.foreign(id.Authority) {
			return Binding{}, &Refusal{Reason: Misissued, Message: unknownMessage(&id), Position: at.String()}
		}
		return Binding{}, &Refusal{Reason: SignerUnknown, Message: unknownMessage(&id)}
	}
	// Any of them revoked, compromised or suspended for it: discarded.
	for _, c := range matching {
		if s := c.States.Judge(t, at); s.Barred {
			return Binding{}, c.refuse(s, t)
		}
	}
	// A shared workflow binds only those that say whose call of it is meant.
	binding := matching
	if id.Key == (Fingerprint{}) && id.sharedWorkflow() {
		binding = slices.DeleteFunc(slices.Clone(matching), func(c *credential) bool { return !c.identity.namesRepository() })
	}
	if len(binding) == 0 {
		return Binding{}, &Refusal{CredentialInherited, matching[0].ID, fmt.Sprintf(
			"credential %s names no repository, and %q is a shared workflow that anybody may call, here from %q",
			matching[0].ID, id.Subject, id.caller()), matching[0].at.String()}
	}
	// Different holders: nobody in particular, in whatever state, for ending one credential must not
	// let in what two together kept out (design §4.4).
	for _, c := range binding[1:] {
		if other := binding[0]; !c.sameHolders(other) {
			return Binding{}, &Refusal{CredentialAmbiguous, other.ID, fmt.Sprintf(
				"credentials %s, held by %s, and %s, held by %s, both match the signature of %s",
				other.ID, strings.Join(other.Holders, " and "), c.ID, strings.Join(c.Holders, " and "), stamp(t)), other.at.String()}
		}
	}
	standing := slices.DeleteFunc(slices.Clone(binding), func(c *credential) bool { return !c.States.Judge(t, at).Stands() })
	if len(standing) == 0 {
		return Binding{}, binding[0].refuse(binding[0].States.Judge(t, at), t)
	}
	lowest := standing[0]
	if refusal := m.departed(lowest, t); refusal != nil {
		return Binding{}, refusal
	}
	return lowest.binding(at), nil
}

// BindKey says what the model knows of the key in a certificate that bound at t to holders: a credential
// of that key that is revoked, compromised or suspended discards the signature, as does one destroyed before
// it, whose key nobody can have; and so does, in whatever state, one of other holders (design §4.4, §4.7). One
// of the same holders that is merely not active says nothing of the certificate. Nil: nothing speaks against it.
func (m *Model) BindKey(key Fingerprint, holders []string, t, at time.Time) *Refusal {
	c := m.keys[key]
	if c == nil {
		return nil
	}
	gone := slices.ContainsFunc(c.States, func(s Change) bool { return s.State == Destroyed && !s.From.After(at) && !t.Before(s.reach()) })
	if s := c.States.Judge(t, at); s.Barred || gone {
		return c.refuse(s, t)
	}
	if !slices.Equal(c.Holders, holders) {
		return &Refusal{CredentialAmbiguous, c.ID, fmt.Sprintf(
			"the key in the certificate of %s is that of credential %s, held by %s: one key counts for one holder",
			strings.Join(holders, " and "), c.ID, strings.Join(c.Holders, " and ")), c.at.String()}
	}
	return nil
}

// foreign reports whether a root of trust is a Sigstore deployment, which certifies for everybody.
func (m *Model) foreign(id string) bool {
	return slices.ContainsFunc(m.trust.Sigstore, func(a Authority) bool { return a.ID == id })
}

// AtRisk says why what a credential signed at t, which stands, may not stand for long: it
// is suspended as of at, from a later time, for a suspected compromise (requirement
// R23). position is where the document says so. False: nothing speaks against it.
func (m *Model) AtRisk(credential string, t, at time.Time) (message, position string, ok bool) {
	c := m.credentials[credential]
	if c == nil {
		return "", "", false
	}
	for i, change := range c.States {
		holds := !change.From.After(at) && (i+1 == len(c.States) || c.States[i+1].From.After(at))
		if holds && change.State == Suspended && (change.Cause == keyCompromise || change.Cause == caCompromise) && t.Before(change.From) {
			return fmt.Sprintf("credential %s is suspended since %s (%s): what it signed before is at risk until that is settled",
				c.ID, stamp(change.From), change.Cause), c.statesAt[i].String(), true
		}
	}
	return "", "", false
}

// Matching gives the ids of the credentials an identity matches, sorted, whatever their states: a word against
// any of them is one against what it signed (design §4.7).
func (m *Model) Matching(id Identity) []string {
	var ids []string
	for _, c := range m.matching(&id) {
		ids = append(ids, c.ID)
	}
	return ids
}

// matching gives the credentials an identity matches, lowest id first.
func (m *Model) matching(id *Identity) []*credential {
	if id.Key != (Fingerprint{}) {
		if c := m.keys[id.Key]; c != nil {
			return []*credential{c}
		}
		return nil
	}
	if id.Issuer == "" && id.Authority == "" || id.Subject == "" {
		return nil
	}
	found := m.identities.lookup(id)
	slices.SortFunc(found, byID)
	return found
}

// departed refuses a credential one of whose holders is not there at t.
func (m *Model) departed(c *credential, t time.Time) *Refusal {
	for i, holder := range c.Holders {
		if view := m.At(t); !c.held[i].present(t) {
			return &Refusal{SignerDeparted, c.ID, fmt.Sprintf(
				"%s, who holds credential %s, %s; the signature is of %s", holder, c.ID, view.absence(holder), stamp(t)), m.places[holder].String()}
		}
	}
	return nil
}

// absence says why a principal is not there.
func (v View) absence(principal string) string {
	if vendor := v.model.vendors[principal]; vendor != nil {
		if v.t.Before(vendor.Interval.From) {
			return "has a contract only from " + stamp(vendor.Interval.From)
		}
		return "had a contract only until " + stamp(vendor.Interval.Until)
	}
	if principal == v.without {
		return "leaves"
	}
	p := v.model.people[principal]
	for _, away := range p.Away {
		if away.Contains(v.t) && p.Interval.Contains(v.t) {
			return "left on " + stamp(away.From) + " and came back only on " + stamp(away.Until)
		}
	}
	if v.t.Before(p.Interval.From) {
		return "joined only on " + stamp(p.Interval.From)
	}
	return "left on " + stamp(p.Interval.Until)
}

// binding says whose signature it is, of one that counts.
func (c *credential) binding(at time.Time) Binding {
	b := Binding{Credential: c.ID, Holders: slices.Clone(c.Holders), Owner: c.Owner, ActiveFrom: c.activeFrom(at)}
	if len(c.held) == 1 && c.held[0].person != nil {
		b.Person = c.Holders[0]
	}
	return b
}

// refuse says in one sentence what the states of a credential mean for a signature
// made at t.
func (c *credential) refuse(s Standing, t time.Time) *Refusal {
	return &Refusal{s.Reason, c.ID, fmt.Sprintf("credential %s %s; the signature is of %s", c.ID, c.condition(s), stamp(t)), c.stateAt(s).String()}
}

// stateAt is where the state stands that speaks against a signature.
func (c *credential) stateAt(s Standing) document.Place {
	if s.Change >= 0 {
		return c.statesAt[s.Change]
	}
	return c.at
}

// condition says what the state is that speaks against a signature.
func (c *credential) condition(s Standing) string {
	what := "has not been active yet"
	if s.Change >= 0 {
		change := c.States[s.Change]
		what = fmt.Sprintf("is %s since %s", change.State, stamp(change.From))
		switch {
		case change.State == Active:
			what = "is active only since " + stamp(change.From)
		case change.State == Suspended:
			what = "was suspended from " + stamp(change.From)
			if s.Change+1 < len(c.States) {
				what += " until " + stamp(c.States[s.Change+1].From)
			}
		}
		if change.Cause != "" {
			what += " (" + change.Cause + ")"
		}
		if s.Reason == SignedAfterCompromise {
			what += ", which reaches back"
			if !change.InvalidFrom.IsZero() {
				what += " to " + stamp(change.InvalidFrom)
			}
		}
	}
	return what
}

func unknownMessage(id *Identity) string {
	switch {
	case id.Key != (Fingerprint{}):
		return "no credential has the key with SHA-256 " + id.Key.String()
	case id.Authority != "":
		return fmt.Sprintf("no credential matches the %s name %q under authority %q", id.NameType, id.Subject, id.Authority)
	}
	return fmt.Sprintf("no credential matches subject %q of issuer %q with its claims", id.Subject, id.Issuer)
}

// caller gives the repository a certificate carries.
func (id *Identity) caller() string {
	if uri := id.Claims[sourceRepositoryURI]; uri != "" {
		return uri
	}
	return id.Claims[githubWorkflowRepository]
}

// stamp writes a time as messages have it.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
