package lint

import (
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

// Check is one row of the table: what is looked for, and what it means. To add one, copy a file of this
// package that holds a check, and name it in the table below.
type Check struct {
	// Code names it, and its findings. Codes are stable within v1alpha1.
	Code verify.Code
	// Severity is that of its findings, some of which may be milder: deny, warn or info.
	Severity verify.Severity
	// Control is the control whose owner answers; findings about a rule have the rule's.
	Control ownership.Control
	// Meaning says in one sentence what is wrong.
	Meaning string
	// Requirements are the ids of the requirements it is about.
	Requirements []string
	// Frameworks are the ids of the frameworks those map to.
	Frameworks []string
	// Remedy says what to do.
	Remedy string

	needsOwnership bool
	find           func(d *documents, report func(issue))
}

// issue is one place where a check applies.
type issue struct {
	position string
	subject  string // see Finding.Subject
	message  string
	milder   verify.Severity   // none: the check's; an issue is never graver than its check
	control  ownership.Control // none: the check's
	scopes   []string          // patterns of the artifacts it is about; nil: all of the model's
}

// checks is the table, upstream controls first, as verdicts have their codes.
var checks = []Check{
	controlMissing, controlUnowned, raciMultipleAccountable, ownerStale, raciNoResponsible, activityUnowned, ownerCannotEnforce, ownerAssumed,
	controlUnpaged, escalationBroken, runbookMissing, noEndToEndOwner, separationViolated,
	ownershipNotInForce, ownershipUnsigned, previousUnnamed, quorumUnreachable, reviewOverdue, reviewUnscheduled,

	vendorUnowned, vendorExpired, vendorUnenforceable, vendorWithoutDeadline, workloadUnowned, workloadUnoperated,
	contractorExpired, contractorUnsponsored, contractorOpenEnded, contractorSoleApprover, proofingStale,
	grantTooWide, grantAnyPredicate, grantAnyBuilder, grantToNobody, grantNeverOpen, windowEvadable, dutyUnexercisable,
	subjectAnybody, subjectOpen, credentialInherited, humanUsedMachineIdentity, runnerShared, runnerContradicted, runnerUnproven,
	rootUnrestricted, rootUnowned, issuerUnlisted,

	offboardingLag, nobodyCanRevoke, credentialUnowned, credentialShared, rotationOverdue, rotationUnscheduled, credentialLongLived,

	separationUnprovable,
	policyNotInForce, noDenyRule, ruleNeverPasses, ruleNeverFails, ruleNeverApplies, ruleContradictory, operandVacuous, branchUnreachable, bypassPath, environmentUnruled, thresholdTrivial, viewAbsent,
	notMonotone, errorAbsorbed, teamUnknown, dutyUnknown, thresholdUnreachable, waiverUnreachable, evidenceUnruled,
	freshnessDemanded, variableUnused, paramUnused, frameworkUnknown, tierAmbiguous, tierUnknown,
	nobodyBlocks, notEnforced, failOpen, enforcementUnowned, environmentUnguarded, revocationLatency,

	baselineStale, baselineExpired,
}

// Checks gives the table of checks, in the order of the findings of one severity.
func Checks() []Check {
	list := slices.Clone(checks)
	for i := range list {
		list[i].Requirements, list[i].Frameworks = slices.Clone(list[i].Requirements), slices.Clone(list[i].Frameworks)
	}
	return list
}
