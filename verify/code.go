package verify

import (
	"slices"

	"github.com/surety-dev/surety/internal/enum"
	"github.com/surety-dev/surety/ownership"
)

// Code names what a finding says. Codes are stable within v1alpha1 (design §3.4).
type Code string

// The codes of verdicts. Each has one mark and one control: docs/verdict.md has the table.
const (
	// SignerUnknown: no credential of the model matches who signed; it may also have been altered.
	SignerUnknown Code = "signer-unknown"
	// SignerNotGranted: the signer is known and was not granted this.
	SignerNotGranted Code = "signer-not-granted"
	// SignerDeparted: the signer had left, or not yet come, when signing.
	SignerDeparted Code = "signer-departed"
	// SignerRoleChanged: the signer was no member of the granted team when signing.
	SignerRoleChanged Code = "signer-role-changed"
	// BuilderUntrusted: the provenance names a builder the grant does not cover.
	BuilderUntrusted Code = "builder-untrusted"
	// WorkflowNotApproved: the certificate is of another workflow than the grant is for, or there is none.
	WorkflowNotApproved Code = "workflow-not-approved"
	// CredentialAmbiguous: credentials of different holders match the signature.
	CredentialAmbiguous Code = "credential-ambiguous"
	// CredentialInherited: a shared workflow signed, and the credential names no repository.
	CredentialInherited Code = "credential-inherited"
	// VendorUnowned: a vendor signed for whom nobody inside answers.
	VendorUnowned Code = "vendor-unowned"
	// SubjectMismatch: the statement is not about the artifact.
	SubjectMismatch Code = "subject-mismatch"
	// CertificateInvalid: the certificate does not verify.
	CertificateInvalid Code = "certificate-invalid"
	// Misissued: an authority of the model certified a name that no credential has.
	Misissued Code = "misissued"
	// SignatureInvalid: the signature, or what vouches for it, does not verify.
	SignatureInvalid Code = "signature-invalid"
	// MalformedSignature: the signature entry cannot be read.
	MalformedSignature Code = "malformed-signature"
	// CredentialNotActive: the credential was not active when signing.
	CredentialNotActive Code = "credential-not-active"
	// CredentialSuspended: the credential was suspended when signing.
	CredentialSuspended Code = "credential-suspended"
	// CredentialRevoked: the credential was revoked or compromised when signing.
	CredentialRevoked Code = "credential-revoked"
	// SignedAfterCompromise: a later revocation or compromise reaches back to the signature.
	SignedAfterCompromise Code = "signed-after-compromise"
	// AtRisk: signed before the credential was suspended for a suspected compromise; it stands so far.
	AtRisk Code = "at-risk"
	// CredentialShared: several hold the credential, so nobody in particular signed.
	CredentialShared Code = "credential-shared"
	// NobodyCanRevoke: a vendor signed with a credential that nobody inside can revoke.
	NobodyCanRevoke Code = "nobody-can-revoke"
	// NoTrustedTime: a certificate signed, and nobody vouches for when.
	NoTrustedTime Code = "no-trusted-time"
	// SignedAfterEvaluation: the trusted time is after the time of evaluation.
	SignedAfterEvaluation Code = "signed-after-evaluation"
	// RevocationStale: the policy demands fresh status data, and there is none for the credential.
	RevocationStale Code = "revocation-stale"
	// RevocationNotPermitted: who signed a revocation list may not revoke the credential.
	RevocationNotPermitted Code = "revocation-not-permitted"
	// RevocationUnmatched: a revocation list names a credential that the model does not have; a warning.
	RevocationUnmatched Code = "revocation-unmatched"
	// EvidenceMissing: an evidence declaration is not met.
	EvidenceMissing Code = "evidence-missing"
	// LayoutUnapproved: a layout is not signed by a quorum of those who answer for the release policy.
	LayoutUnapproved Code = "layout-unapproved"
	// SupplyChainBroken: the links of a supply chain do not pass its layout.
	SupplyChainBroken Code = "supply-chain-broken"
	// RuleFailed: a rule did not pass.
	RuleFailed Code = "rule-failed"
	// ExceptionInvalid: an exception does not hold; the message says why.
	ExceptionInvalid Code = "exception-invalid"
	// ExceptionNotWaivable: an exception names what the policy does not call waivable.
	ExceptionNotWaivable Code = "exception-not-waivable"
	// ExceptionReviewOverdue: nobody has reviewed an exception in time; a warning.
	ExceptionReviewOverdue Code = "exception-review-overdue"
	// ExceptionOverused: there were more exceptions than the policy means there to be; a warning.
	ExceptionOverused Code = "exception-overused"
	// ExceptionUsed: the release is admitted by an exception, which has to be reviewed; a warning.
	ExceptionUsed Code = "exception-used"
	// RuleError: a rule could not be evaluated.
	RuleError Code = "rule-error"
	// TierAmbiguous: equally specific scopes put the artifact into different tiers, so nothing says which
	// rules are for it.
	TierAmbiguous Code = "tier-ambiguous"
	// NotPromoted: too few have approved that the release goes on from one environment to another.
	NotPromoted Code = "not-promoted"
	// DrillArtifact: the artifact is a drill's outside a drill, or another in one.
	DrillArtifact Code = "drill-artifact"
	// RollbackUnowned: the release is a rollback, and nobody rolls the artifact back.
	RollbackUnowned Code = "rollback-unowned"
	// NoPolicy: no policy covers the artifact.
	NoPolicy Code = "no-policy"
	// PolicyNotInForce: a policy that covers the artifact has ended, or not begun, or is older than
	// the caller's minimum version.
	PolicyNotInForce Code = "policy-not-in-force"
	// OutsideWindow: signed outside the windows in which the signer may, or at a time nothing proves.
	OutsideWindow Code = "outside-window"
	// InFreeze: signed in a freeze.
	InFreeze Code = "in-freeze"
	// ThresholdUnreachable: more distinct holders are asked for than were eligible.
	ThresholdUnreachable Code = "threshold-unreachable"
	// OwnershipNotInForce: the ownership model is not in force, or older than the caller's minimum.
	OwnershipNotInForce Code = "ownership-not-in-force"
	// ControlUnowned: nobody, or more than one team, is accountable for a control.
	ControlUnowned Code = "control-unowned"
	// ChangeUnapproved: a signed document is not signed by enough of those who answer for what it
	// governs, or does not follow the version before it.
	ChangeUnapproved Code = "change-unapproved"
	// OwnershipSelfEndorsed: the ownership model is signed, and nothing but itself says by whom it had to be; a
	// warning.
	OwnershipSelfEndorsed Code = "ownership-self-endorsed"
	// PreviousUnknown: a signed policy is not the first of its name, and the version before it was not given; a
	// warning.
	PreviousUnknown Code = "previous-unknown"
	// OwnershipUnsigned: the ownership model is not signed, and the caller demands it.
	OwnershipUnsigned Code = "ownership-unsigned"
	// PolicyUnsigned: a policy is not signed, and the caller demands it.
	PolicyUnsigned Code = "policy-unsigned"
	// ApprovalsInsufficient: a rule that asks for approvals does not pass; the message says whose there are.
	ApprovalsInsufficient Code = "approvals-insufficient"
	// ApprovalForOtherArtifact: an approval is for another artifact, commit, revision or environment.
	ApprovalForOtherArtifact Code = "approval-for-other-artifact"
	// ApprovalVoid: an approval counts for nobody: who gives it is no person, is not who it names, or asked for it or made the change; or
	// it says of nothing that it was enforced.
	ApprovalVoid Code = "approval-void"
	// ApprovalExpired: an approval has ended.
	ApprovalExpired Code = "approval-expired"
	// ApprovalDismissed: an approval was taken back.
	ApprovalDismissed Code = "approval-dismissed"
	// ApprovalLate: an approval was made after what it approves was signed.
	ApprovalLate Code = "approval-late"
	// SamePerson: several accounts or credentials that approve are one person's, who counts once.
	SamePerson Code = "same-person"
	// ReviewBypassed: a witness reports that a change came in around its review; a warning.
	ReviewBypassed Code = "review-bypassed"
	// SeparationViolated: the same person stands behind duties that must be separate.
	SeparationViolated Code = "separation-violated"
	// SeparationUnprovable: a workload signed whose operators are not known.
	SeparationUnprovable Code = "separation-unprovable"
	// IdentityDrift: who signed, or with what, was not seen in the last accepted release; a warning.
	IdentityDrift Code = "identity-drift"
	// EvidenceUnreadable: an evidence item cannot be read in one way.
	EvidenceUnreadable Code = "evidence-unreadable"
	// LimitExceeded: a limit of design §7 was reached; the message names it.
	LimitExceeded Code = "limit-exceeded"
)

// Mark is one of the four parts of "right identity, right artefact, right policy, right time".
type Mark uint8

// The marks, in the order of the verdict.
const (
	MarkIdentity Mark = iota
	MarkArtifact
	MarkPolicy
	MarkTime
	marks
)

var markNames = enum.Names{Type: "mark", List: []string{"identity", "artifact", "policy", "time"}}

// String gives the mark's name in the verdict.
func (m Mark) String() string { return markNames.String(uint8(m)) }

// MarshalText writes the mark's name; a mark without one is an error.
func (m Mark) MarshalText() ([]byte, error) { return markNames.Marshal(uint8(m)) }

// UnmarshalText reads a mark's name exactly.
func (m *Mark) UnmarshalText(text []byte) error {
	v, err := markNames.Unmarshal(text)
	*m = Mark(v)
	return err
}

// meaning is the mark and the control of a code, and what to do about it. A rule's finding has the
// rule's control and remedy.
type meaning struct {
	code    Code
	mark    Mark
	control ownership.Control
	remedy  string
}

// meanings is the table of design §3.4, upstream controls first. Findings of one severity come in its
// order: what could have prevented the rest comes before it.
var meanings = []meaning{
	{SignerUnknown, MarkIdentity, ownership.PublisherIdentity, "register the signer in the ownership model, or find out who signed"},
	{SignerNotGranted, MarkIdentity, ownership.PublisherIdentity, "grant the signer this duty for this artifact, or have it signed by who has it"},
	{SignerDeparted, MarkIdentity, ownership.PublisherIdentity, "have it signed by somebody who is there, and close the credential"},
	{SignerRoleChanged, MarkIdentity, ownership.PublisherIdentity, "have it signed by a member of the team"},
	{BuilderUntrusted, MarkIdentity, ownership.PublisherIdentity, "build with a builder the grant names"},
	{WorkflowNotApproved, MarkIdentity, ownership.PublisherIdentity, "sign with the approved workflow, or approve this one in the grant"},
	{CredentialAmbiguous, MarkIdentity, ownership.PublisherIdentity, "give each holder a credential of its own"},
	{CredentialInherited, MarkIdentity, ownership.PublisherIdentity, "name the calling repository in the claims of the credential"},
	{VendorUnowned, MarkIdentity, ownership.PublisherIdentity, "name an internal owner with somebody in it"},
	{SubjectMismatch, MarkArtifact, ownership.PublisherIdentity, "supply the attestation of this artifact"},
	{CertificateInvalid, MarkIdentity, ownership.CertificateIssuance, "sign with a certificate of a trusted root"},
	{Misissued, MarkIdentity, ownership.CertificateIssuance, "find out why the authority issued the certificate, and register the identity or revoke it"},
	{SignatureInvalid, MarkIdentity, ownership.KeyLifecycle, "supply the evidence as it was signed"},
	{MalformedSignature, MarkIdentity, ownership.KeyLifecycle, "supply the evidence as it was signed"},
	{CredentialNotActive, MarkIdentity, ownership.KeyLifecycle, "sign with an active credential"},
	{CredentialSuspended, MarkIdentity, ownership.KeyLifecycle, "sign again with an active credential"},
	{CredentialRevoked, MarkIdentity, ownership.KeyLifecycle, "sign again with another credential"},
	{SignedAfterCompromise, MarkIdentity, ownership.KeyLifecycle, "build and sign again with another credential"},
	{AtRisk, MarkIdentity, ownership.KeyLifecycle, "settle whether the credential was compromised"},
	{CredentialShared, MarkIdentity, ownership.KeyLifecycle, "give each holder a credential of its own"},
	{NobodyCanRevoke, MarkIdentity, ownership.KeyLifecycle, "name a team with somebody in it among the revokers"},
	{NoTrustedTime, MarkTime, ownership.KeyLifecycle, "sign with a timestamp or a transparency log"},
	{SignedAfterEvaluation, MarkTime, ownership.KeyLifecycle, "check the clocks and the time of evaluation"},
	{RevocationStale, MarkTime, ownership.KeyLifecycle, "supply fresh status data for the credential"},
	{RevocationNotPermitted, MarkIdentity, ownership.KeyLifecycle, "have the list signed by a team among the credential's revokers"},
	{RevocationUnmatched, MarkIdentity, ownership.KeyLifecycle, "name the credential by its id in the ownership model"},
	{EvidenceMissing, MarkPolicy, ownership.ReleasePolicy, "supply the missing attestation"},
	{LayoutUnapproved, MarkPolicy, ownership.ReleasePolicy, "have the layout signed by more of the team accountable for the release policy"},
	{SupplyChainBroken, MarkArtifact, ownership.ReleasePolicy, "supply the links of every step, or find out which step was done otherwise"},
	{RuleFailed, MarkPolicy, ownership.ReleasePolicy, ""},
	{RuleError, MarkPolicy, ownership.ReleasePolicy, "mend the rule, or supply the evidence it reads"},
	{ExceptionInvalid, MarkPolicy, ownership.ReleasePolicy, "have an exception granted for this release by people who may and stand behind none of its evidence"},
	{ExceptionNotWaivable, MarkPolicy, ownership.ReleasePolicy, "meet what the policy asks for: nobody may waive it"},
	{ExceptionReviewOverdue, MarkPolicy, ownership.ReleasePolicy, "review the exception, and sign that"},
	{ExceptionOverused, MarkPolicy, ownership.ReleasePolicy, "find out why the rule has to be waived so often"},
	{ExceptionUsed, MarkPolicy, ownership.ReleasePolicy, "review the exception by when it is due"},
	{TierAmbiguous, MarkPolicy, ownership.ReleasePolicy, "make one of the scopes narrower"},
	{NotPromoted, MarkPolicy, ownership.ReleasePolicy, "have it approved in the role promotion, from the environment it was in"},
	{DrillArtifact, MarkPolicy, ownership.ReleasePolicy, "release under a name that is no drill's, or say that it is a drill"},
	{RollbackUnowned, MarkPolicy, ownership.ReleasePolicy, "name a team with somebody in it to roll back"},
	{NoPolicy, MarkPolicy, ownership.ReleasePolicy, "write a policy that covers the artifact"},
	{PolicyNotInForce, MarkPolicy, ownership.ReleasePolicy, "put a version of the policy in force"},
	{OutsideWindow, MarkTime, ownership.ReleasePolicy, "sign when the grant permits it, with a timestamp or a transparency log"},
	{InFreeze, MarkTime, ownership.ReleasePolicy, "sign after the freeze, or have the grant changed"},
	{ThresholdUnreachable, MarkPolicy, ownership.ReleasePolicy, "grant the duty to more people, or ask for fewer"},
	{OwnershipNotInForce, MarkPolicy, ownership.ReleasePolicy, "put a version of the ownership model in force"},
	{ControlUnowned, MarkPolicy, ownership.ReleasePolicy, "make exactly one team accountable for the control"},
	{ChangeUnapproved, MarkPolicy, ownership.ReleasePolicy, "have the document signed by those who answer for what it governs, or go back to the version before"},
	{OwnershipSelfEndorsed, MarkPolicy, ownership.ReleasePolicy, "give the version before it, which names who had to sign this one"},
	{PreviousUnknown, MarkPolicy, ownership.ReleasePolicy, "give the version before it, whose owners had to sign this one too"},
	{OwnershipUnsigned, MarkPolicy, ownership.ReleasePolicy, "have the ownership model signed"},
	{PolicyUnsigned, MarkPolicy, ownership.ReleasePolicy, "have the policy signed"},
	{ApprovalsInsufficient, MarkPolicy, ownership.ReviewAudit, "have more people approve, of the right team, before it is signed"},
	{ApprovalForOtherArtifact, MarkPolicy, ownership.ReviewAudit, "have this artifact, or the commit it was built from, approved for this environment"},
	{ApprovalVoid, MarkPolicy, ownership.ReviewAudit, "have it approved by a person who did not ask for it, with their own credential"},
	{ApprovalExpired, MarkPolicy, ownership.ReviewAudit, "have it approved again"},
	{ApprovalDismissed, MarkPolicy, ownership.ReviewAudit, "have it approved again, by who took it back or by others"},
	{ApprovalLate, MarkPolicy, ownership.ReviewAudit, "approve before the artifact is signed, and build it again"},
	{SamePerson, MarkPolicy, ownership.ReviewAudit, "have another person approve"},
	{ReviewBypassed, MarkPolicy, ownership.ReviewAudit, "find out why the review was bypassed, and demand the positive in a rule"},
	{SeparationViolated, MarkPolicy, ownership.ReviewAudit, "have the duties done by different people"},
	{SeparationUnprovable, MarkPolicy, ownership.ReviewAudit, "name the operators of the workload"},
	{IdentityDrift, MarkIdentity, ownership.Monitoring, "find out who changed it and why"},
	{EvidenceUnreadable, MarkArtifact, ownership.Monitoring, "supply the evidence as its producer wrote it"},
	{LimitExceeded, MarkArtifact, ownership.Monitoring, "supply less evidence, or raise the limit on purpose"},
}

// Codes gives every code there is, in the order of the verdict: upstream controls first.
func Codes() []Code {
	codes := make([]Code, len(meanings))
	for i, m := range meanings {
		codes[i] = m.code
	}
	return codes
}

// rank is a code's place in the table; every code has one.
func (c Code) rank() int {
	return slices.IndexFunc(meanings, func(m meaning) bool { return m.code == c })
}

func (c Code) meaning() meaning { return meanings[c.rank()] }
