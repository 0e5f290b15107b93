package ownership

// GapCode names a kind of gap: what should be there and is not.
type GapCode string

// The gaps of an answer, in the order they come in.
const (
	// GapNotInForce: the document is not in force yet.
	GapNotInForce GapCode = "ownership-not-in-force"
	// GapNobodyCanSign: no credential could sign.
	GapNobodyCanSign GapCode = "nobody-can-sign"
	// GapVendorUnowned: a vendor who holds a credential has nobody inside who answers for it.
	GapVendorUnowned GapCode = "vendor-unowned"
	// GapCredentialShared: several hold a credential.
	GapCredentialShared GapCode = "credential-shared"
	// GapNobodyCanRevoke: nobody could revoke a credential.
	GapNobodyCanRevoke GapCode = "nobody-can-revoke"
	// GapNobodyBlocks: no point of enforcement covers it.
	GapNobodyBlocks GapCode = "nobody-blocks"
	// GapNotEnforced: the points that cover it in an environment only audit.
	GapNotEnforced GapCode = "not-enforced"
	// GapFailOpen: a point lets through what it cannot judge, or does not say.
	GapFailOpen GapCode = "fail-open"
	// GapEnforcementUnowned: a point has no owner.
	GapEnforcementUnowned GapCode = "enforcement-unowned"
	// GapControlUnowned: nobody, or more than one team, is accountable.
	GapControlUnowned GapCode = "control-unowned"
	// GapOwnerStale: nobody is in the accountable team.
	GapOwnerStale GapCode = "owner-stale"
	// GapNoResponsible: no responsible team is named, or nobody is in any.
	GapNoResponsible GapCode = "raci-no-responsible"
	// GapActivityUnowned: an activity of the control is nobody's.
	GapActivityUnowned GapCode = "activity-unowned"
	// GapNobodyPaged: nobody can be paged.
	GapNobodyPaged GapCode = "nobody-paged"
	// GapEscalationBroken: the escalation leads nowhere, or to an empty team.
	GapEscalationBroken GapCode = "escalation-broken"
	// GapRunbookMissing: no runbook is named.
	GapRunbookMissing GapCode = "runbook-missing"
	// GapReviewOverdue: the entry is due for review.
	GapReviewOverdue GapCode = "review-overdue"
)

// The further gaps of answers about one person, credential or team.
const (
	// GapTeamEmpty: nobody is in a team that the document relies on.
	GapTeamEmpty GapCode = "team-empty"
	// GapOffboardingLag: a credential can still sign though who holds it has left.
	GapOffboardingLag GapCode = "offboarding-lag"
	// GapCredentialUnowned: a credential has no owner.
	GapCredentialUnowned GapCode = "credential-unowned"
	// GapRotationOverdue: a credential is older than its rotation allows.
	GapRotationOverdue GapCode = "rotation-overdue"
	// GapWorkloadUnowned: a workload has no owner.
	GapWorkloadUnowned GapCode = "workload-unowned"
	// GapWorkloadUnoperated: nobody who can make a workload act is known to be there.
	GapWorkloadUnoperated GapCode = "workload-unoperated"
	// GapContractorUnsponsored: a contractor has no sponsor who is there.
	GapContractorUnsponsored GapCode = "contractor-unsponsored"
	// GapContractorOpenEnded: a contractor has no end date.
	GapContractorOpenEnded GapCode = "contractor-open-ended"
	// GapProofingStale: the identity of who holds a live credential was not proofed in time.
	GapProofingStale GapCode = "proofing-stale"
	// GapDutyUnexercisable: nobody could exercise a duty that a grant gives.
	GapDutyUnexercisable GapCode = "duty-unexercisable"
	// GapApproversFew: only one person could.
	GapApproversFew GapCode = "approvers-few"
	// GapContractorSoleApprover: only contractors could.
	GapContractorSoleApprover GapCode = "contractor-sole-approver"
)

// gapKind is a code, the control it is in and what it means.
type gapKind struct {
	code    GapCode
	control Control // none: the control named
	meaning string
}

// gapKinds are the gaps in their order. Those a verdict or a requirement has too bear its code.
var gapKinds = []gapKind{
	{GapNotInForce, ReleasePolicy, "the document is not in force yet"},
	{GapNobodyCanSign, PublisherIdentity, "no credential could sign the artifact"},
	{GapVendorUnowned, PublisherIdentity, "a vendor who holds a credential has no internal owner, or nobody is in it"},
	{GapCredentialShared, KeyLifecycle, "several hold a credential"},
	{GapNobodyCanRevoke, KeyLifecycle, "nobody could revoke a credential"},
	{GapNobodyBlocks, Enforcement, "no point of enforcement covers the artifact"},
	{GapNotEnforced, Enforcement, "an environment only audits"},
	{GapFailOpen, Enforcement, "a point lets through what it cannot judge, or does not say"},
	{GapEnforcementUnowned, Enforcement, "a point has no owner"},
	{GapControlUnowned, 0, "nobody, or more than one team, is accountable"},
	{GapOwnerStale, 0, "nobody is in the accountable team"},
	{GapNoResponsible, 0, "no responsible team is named, or nobody is in any"},
	{GapActivityUnowned, 0, "an activity is not named where others are, or nobody is in its team"},
	{GapNobodyPaged, 0, "nobody can be paged"},
	{GapEscalationBroken, 0, "the accountable team escalates to no team, or to an empty one at the end"},
	{GapRunbookMissing, 0, "no runbook is named"},
	{GapReviewOverdue, 0, "the entry is due for review"},
	{GapTeamEmpty, 0, "nobody is in a team that the document relies on"},
	{GapOffboardingLag, KeyLifecycle, "a credential can still sign though a person who holds it has left"},
	{GapCredentialUnowned, KeyLifecycle, "a credential that has not ended has no owner"},
	{GapRotationOverdue, KeyLifecycle, "an active credential is older than its rotation allows"},
	{GapWorkloadUnowned, PublisherIdentity, "a workload has no owner"},
	{GapWorkloadUnoperated, PublisherIdentity, "nobody who can make a workload act is named and there"},
	{GapContractorUnsponsored, PublisherIdentity, "a contractor has no sponsor who is there"},
	{GapContractorOpenEnded, PublisherIdentity, "a contractor has no end date"},
	{GapProofingStale, PublisherIdentity, "the identity of somebody with a live credential was not proofed in time"},
	{GapDutyUnexercisable, KeyLifecycle, "nobody could exercise a duty that a grant gives"},
	{GapApproversFew, ReviewAudit, "only one person could approve, review or except"},
	{GapContractorSoleApprover, ReviewAudit, "only contractors could approve, review or except"},
}

// kind gives what is known of a code, nothing of one that is not among the gaps.
func (c GapCode) kind() gapKind {
	for _, k := range gapKinds {
		if k.code == c {
			return k
		}
	}
	return gapKind{code: c}
}

// Meaning says in a few words what the code stands for; "" for one not listed here.
func (c GapCode) Meaning() string { return c.kind().meaning }
