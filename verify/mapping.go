package verify

import "slices"

// mapping is what a code maps to: the requirements of this library it is about, and ids of frameworks
// (package verify/framework) that are for one of those. A finding has few of them, the aptest.
type mapping struct {
	code         Code
	requirements []string
	frameworks   []string
}

// mappings has each code of the table of meanings, in its order. evidence-missing has no frameworks
// (design §3.4): what is missing is for the policy to say.
var mappings = []mapping{
	{SignerUnknown, []string{"R21"}, []string{"nist-csf-2.0:PR.AA-05"}},
	{SignerNotGranted, []string{"R28"}, []string{"nist-csf-2.0:PR.AA-05", "owasp-nhi-2025:NHI5"}},
	{SignerDeparted, []string{"R30"}, []string{"nist-csf-2.0:GV.RR-04", "owasp-nhi-2025:NHI1", "nist-sp-800-53-r5:PS-4"}},
	{SignerRoleChanged, []string{"R31"}, []string{"nist-csf-2.0:GV.RR-04", "nist-sp-800-53-r5:PS-5"}},
	{BuilderUntrusted, []string{"R57"}, []string{"owasp-nhi-2025:NHI3", "slsa-1.2:threat-f"}},
	{WorkflowNotApproved, []string{"R42"}, []string{"owasp-nhi-2025:NHI6", "slsa-1.2:threat-e"}},
	{CredentialAmbiguous, []string{"R26"}, []string{"nist-csf-2.0:PR.AA-01", "owasp-nhi-2025:NHI9"}},
	{CredentialInherited, []string{"R27"}, []string{"nist-csf-2.0:PR.AA-04", "owasp-nhi-2025:NHI9"}},
	{VendorUnowned, []string{"R14"}, []string{"nist-csf-2.0:GV.SC-02", "owasp-nhi-2025:NHI3"}},
	{SubjectMismatch, []string{"R38", "R44"}, []string{"nist-sp-800-53-r5:SR-4(3)", "slsa-1.2:threat-f"}},
	{CertificateInvalid, []string{"R21"}, []string{"nist-csf-2.0:PR.AA-04", "nist-sp-800-53-r5:SC-17"}},
	{Misissued, []string{"R35"}, []string{"nist-csf-2.0:PR.AA-02"}},
	{SignatureInvalid, []string{"R21"}, []string{"nist-csf-2.0:ID.RA-09", "nist-sp-800-53-r5:SI-7(15)"}},
	{MalformedSignature, []string{"R21"}, []string{"nist-csf-2.0:ID.RA-09"}},
	{CredentialNotActive, []string{"R22"}, []string{"nist-csf-2.0:PR.AA-01", "nist-sp-800-57-pt1-r5:7.2"}},
	{CredentialSuspended, []string{"R23"}, []string{"nist-csf-2.0:PR.AA-01", "nist-sp-800-57-pt1-r5:7.3"}},
	{CredentialRevoked, []string{"R24"}, []string{"nist-csf-2.0:PR.AA-01", "nist-sp-800-57-pt1-r5:7.5"}},
	{SignedAfterCompromise, []string{"R24"}, []string{"nist-csf-2.0:PR.AA-01", "nist-sp-800-57-pt1-r5:7.5"}},
	{AtRisk, []string{"R23"}, []string{"nist-csf-2.0:PR.AA-01", "nist-sp-800-57-pt1-r5:7.3"}},
	{CredentialShared, []string{"R26"}, []string{"nist-csf-2.0:PR.AA-01", "owasp-nhi-2025:NHI9"}},
	{NobodyCanRevoke, []string{"R14", "R18"}, []string{"nist-csf-2.0:GV.SC-02", "nist-sp-800-53-r5:SC-12"}},
	{NoTrustedTime, []string{"R32"}, []string{"nist-csf-2.0:PR.AA-04", "owasp-nhi-2025:NHI4"}},
	{SignedAfterEvaluation, []string{"R38"}, []string{"nist-sp-800-53-r5:SI-7(15)"}},
	{RevocationStale, []string{"R34"}, []string{"nist-csf-2.0:PR.AA-01"}},
	{RevocationNotPermitted, []string{"R24"}, []string{"nist-csf-2.0:PR.AA-01", "nist-sp-800-57-pt1-r5:7.5"}},
	{RevocationUnmatched, []string{"R24"}, []string{"nist-csf-2.0:PR.AA-01"}},
	{EvidenceMissing, []string{"R41"}, nil},
	{LayoutUnapproved, []string{"R20", "R43"}, []string{"nist-sp-800-53-r5:CM-3"}},
	{SupplyChainBroken, []string{"R38", "R44"}, []string{"nist-sp-800-53-r5:SR-4(3)", "slsa-1.2:threat-f"}},
	{RuleFailed, []string{"R38", "R41"}, []string{"nist-csf-2.0:ID.RA-09"}},
	{RuleError, []string{"R41"}, []string{"nist-csf-2.0:ID.RA-09"}},
	{ExceptionInvalid, []string{"R50", "R51"}, []string{"nist-csf-2.0:ID.RA-07"}},
	{ExceptionNotWaivable, []string{"R52"}, []string{"nist-csf-2.0:ID.RA-07"}},
	{ExceptionReviewOverdue, []string{"R51"}, []string{"nist-csf-2.0:ID.RA-07"}},
	{ExceptionOverused, []string{"R51"}, []string{"nist-csf-2.0:ID.RA-07"}},
	{ExceptionUsed, []string{"R50"}, []string{"nist-csf-2.0:ID.RA-07"}},
	{TierAmbiguous, []string{"R54"}, []string{"nist-sp-800-53-r5:CM-3"}},
	{NotPromoted, []string{"R55"}, []string{"owasp-nhi-2025:NHI8"}},
	{DrillArtifact, []string{"R70", "R71"}, []string{"nist-csf-2.0:ID.IM-02"}},
	{RollbackUnowned, []string{"R7", "R56"}, []string{"nist-csf-2.0:RC.RP-02"}},
	{NoPolicy, []string{"R39"}, []string{"nist-csf-2.0:GV.PO-01"}},
	{PolicyNotInForce, []string{"R39"}, []string{"nist-csf-2.0:GV.PO-02"}},
	{OutsideWindow, []string{"R40"}, []string{"nist-sp-800-53-r5:AC-6"}},
	{InFreeze, []string{"R40"}, []string{"nist-sp-800-53-r5:CM-3"}},
	{ThresholdUnreachable, []string{"R41", "R43"}, []string{"nist-csf-2.0:ID.RA-09"}},
	{OwnershipNotInForce, []string{"R20"}, []string{"nist-sp-800-53-r5:CM-3"}},
	{ControlUnowned, []string{"R1", "R6", "R9"}, []string{"nist-csf-2.0:GV.RR-02"}},
	{ChangeUnapproved, []string{"R53"}, []string{"nist-sp-800-53-r5:CM-3", "nist-sp-800-53-r5:CM-5"}},
	{OwnershipSelfEndorsed, []string{"R20"}, []string{"nist-sp-800-53-r5:CM-3"}},
	{PreviousUnknown, []string{"R53"}, []string{"nist-sp-800-53-r5:CM-3", "nist-sp-800-53-r5:CM-5"}},
	{OwnershipUnsigned, []string{"R20"}, []string{"nist-sp-800-53-r5:CM-3"}},
	{PolicyUnsigned, []string{"R20", "R53"}, []string{"nist-sp-800-53-r5:CM-3"}},
	{ApprovalsInsufficient, []string{"R43"}, []string{"nist-sp-800-53-r5:AC-5", "slsa-1.2:threat-b1"}},
	{ApprovalForOtherArtifact, []string{"R44"}, []string{"nist-sp-800-53-r5:SR-4(3)", "slsa-1.2:threat-b2"}},
	{ApprovalVoid, []string{"R43", "R58"}, []string{"nist-sp-800-53-r5:AC-5", "slsa-1.2:threat-b3"}},
	{ApprovalExpired, []string{"R45"}, []string{"slsa-1.2:threat-b4"}},
	{ApprovalDismissed, []string{"R45"}, []string{"slsa-1.2:threat-b2"}},
	{ApprovalLate, []string{"R45"}, []string{"slsa-1.2:threat-b2"}},
	{SamePerson, []string{"R46"}, []string{"nist-sp-800-53-r5:AC-5", "slsa-1.2:threat-b1"}},
	{ReviewBypassed, []string{"R47"}, []string{"nist-sp-800-53-r5:CM-5", "slsa-1.2:threat-b1"}},
	{SeparationViolated, []string{"R48"}, []string{"nist-csf-2.0:PR.AA-05", "nist-sp-800-53-r5:AC-5"}},
	{SeparationUnprovable, []string{"R48"}, []string{"nist-csf-2.0:PR.AA-05"}},
	{IdentityDrift, []string{"R62"}, []string{"nist-csf-2.0:DE.CM-09"}},
	{EvidenceUnreadable, []string{"R41"}, []string{"nist-csf-2.0:ID.RA-09"}},
	{LimitExceeded, []string{"R41"}, []string{"nist-csf-2.0:ID.RA-09"}},
}

// mapping is a code's row; that of a code that verdicts do not have is empty.
func (c Code) mapping() mapping {
	if i := slices.IndexFunc(mappings, func(m mapping) bool { return m.code == c }); i >= 0 {
		return mappings[i]
	}
	return mapping{}
}

// Requirements are the ids of the requirements a code of verdicts is about: "R28"; none for another code.
func (c Code) Requirements() []string { return slices.Clone(c.mapping().requirements) }

// Frameworks are the ids of frameworks that findings of the code map to: "nist-csf-2.0:PR.AA-05". A rule's
// finding has the rule's own instead, if that has any. A code that is none of verdicts' has none.
func (c Code) Frameworks() []string { return slices.Clone(c.mapping().frameworks) }
