package ownership

import "slices"

// Activity is something done under a control that somebody must be named for
// (requirement R7).
type Activity string

// The activities.
const (
	// Generate: make a key.
	Generate Activity = "generate"
	// Store: keep a key.
	Store Activity = "store"
	// Access: let somebody use a key.
	Access Activity = "access"
	// Rotate: replace a key.
	Rotate Activity = "rotate"
	// RevokeKey: withdraw a key.
	RevokeKey Activity = "revoke"
	// ProveIdentity: make sure who gets a certificate.
	ProveIdentity Activity = "prove-identity"
	// Issue: give a certificate.
	Issue Activity = "issue"
	// Renew: replace a certificate before it ends.
	Renew Activity = "renew"
	// Expire: see to it that a certificate ends.
	Expire Activity = "expire"
	// EmergencyRevoke: withdraw a certificate at once.
	EmergencyRevoke Activity = "emergency-revoke"
	// ApproveRelease: say that a release may go out.
	ApproveRelease Activity = "approve"
	// Promote: move a release to the next environment.
	Promote Activity = "promote"
	// Distribute: publish a release.
	Distribute Activity = "distribute"
	// RollBack: go back to an earlier release.
	RollBack Activity = "roll-back"
	// Monitor: notice what went past the controls.
	Monitor Activity = "monitor"
)

// Activities gives the activities of a control, in their order; nil for one that has
// none.
func Activities(c Control) []Activity {
	switch c {
	case CertificateIssuance:
		return []Activity{ProveIdentity, Issue, Renew, Expire, EmergencyRevoke}
	case KeyLifecycle:
		return []Activity{Generate, Store, Access, Rotate, RevokeKey}
	case ReleasePolicy:
		return []Activity{ApproveRelease, Promote, Distribute, RollBack}
	case Monitoring:
		return []Activity{Monitor}
	}
	return nil
}

// Does gives the teams that do an activity of a control: the one the entry names for
// it, or the responsible ones where it names none for any; nil: nobody.
func (o Ownership) Does(a Activity) []string {
	if o.Activities == nil {
		return slices.Clone(o.Responsible)
	}
	if team := o.Activities[a]; team != "" {
		return []string{team}
	}
	return nil
}
