package verify_test

// twist is one thing an oracle may forget; how often that changes its answer says how often the drawn sets turn on it.
type twist int

const (
	noTwist twist = iota
	countsKeys
	countsStatements
	takesSigners
	takesOperators
	keepsEverySigner
	forgetsPresence
	forgetsMembership
	forgetsGrantTimes
	forgetsGrantScope
	forgetsGrantPredicate
	takesReviewersOfDigests
	takesAnyDuty
	takesAnyWitness
	forgetsStates
	forgetsInvalidFrom
	forgetsFutureStates
	takesTheFuture
	countsUntimedCertificates
	forgetsExpiry
	forgetsEnvironment
	forgetsRequester
	forgetsAuthor
	forgetsRejections
	forgetsLaterApprovals
	forgetsWideRejections
	forgetsRepository
	forgetsCommit
	forgetsRevision
	seesSource
	seesWitnessed
	forgetsTeam
	forgetsOrder
	takesUnproven
	forgetsApproverName
	takesSharedKeys
	takesBots
	forgetsTarget
	twists
)

var twistNames = [twists]string{"", "people, not keys or accounts", "people, not statements", "signers do not approve", "operators do not approve", "judged as if some had not signed", "presence of people",
	"membership over time", "grants over time", "scope of grants", "predicates of grants", "review is not approve", "duty", "duty to witness", "credential states", "invalidFrom", "states to come", "times after the evaluation",
	"untimed certificates", "expiry", "environment", "who asked", "author and actors", "rejections", "approvals proven later than a rejection", "a rejection of the artifact takes back all", "repository", "commit", "revision reviewed",
	"withSource", "withWitnessed", "by team", "order", "order unknown", "the approver named", "shared keys", "bots and workloads", "the target of a change"}
