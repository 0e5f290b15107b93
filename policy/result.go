package policy

import "fmt"

// Result is what a policy says about facts in one world.
type Result struct {
	// Allows is set where each declared evidence is met or its absence waived, each deny rule whose `when` holds
	// passes or is waived, and at least one deny rule did (design §4.1). The zero Result does not allow.
	Allows bool
	// Evidence says of each declaration, in the policy's order, whether it is met.
	Evidence []EvidenceResult
	// Rules says what became of each rule, in the policy's order.
	Rules []RuleResult
	// Cost is the CEL cost spent.
	Cost uint64
}

// EvidenceResult is one evidence declaration judged.
type EvidenceResult struct {
	// Requirement is the declaration.
	Requirement Requirement
	// Met is set where what stands comes from enough distinct holders.
	Met bool
	// Waived is set where it is not met and an exception waives its absence.
	Waived bool
	// Have is how many distinct holders what stands comes from.
	Have int
	// Candidates are the digests of the attestations of the declared type and duty, sorted; those in
	// one collection share a digest.
	Candidates []string
	// Standing are those of them for which every deny rule about the declaration passes, sorted.
	Standing []string
	// Approvals are those that rules about the attestations that stand could see or, where none does, about
	// the closest; of several, some more than once.
	Approvals []*Approval
}

// RuleResult is what became of one rule.
type RuleResult struct {
	// ID is the rule's id.
	ID string
	// Outcome is what became of it.
	Outcome Outcome
	// Severity is how much a failure matters.
	Severity Severity
	// About is the evidence declaration the rule is about; "" for none.
	About string
	// Control is the control whose owner answers for the rule.
	Control string
	// Message is the rule's message, or what kept it from being evaluated.
	Message string
	// Remedy is what to do about a failure.
	Remedy string
	// Frameworks are the framework ids the rule maps to.
	Frameworks []string
	// Evidence is the digest of the attestation the outcome was decided on; "" if on none.
	Evidence string
	// Position is where the rule stands: "policy.yaml:14:5".
	Position string
	// ReadsApprovals is set where the rule asks for approvals.
	ReadsApprovals bool
	// OrdersApprovals is set where such a rule asks for an order in time (before, recordedBefore).
	OrdersApprovals bool
	// Approvers are the people whose approvals a rule that reads approvals could see on that attestation,
	// sorted, whatever it then asked of them.
	Approvers []string
	// Have and Need are how many approvers there are and how many the first comparison of their number that
	// such a rule makes needs (approvals.people().size() >= 2), where it does not hold; zero where it makes
	// none, or where that is not what fails.
	Have, Need int64
	// Explanation is why a rule whose outcome is Failed, Errored or Unknown did not pass: the smallest parts
	// of its expression, or of its `when`, that kept it from passing, at most MaxCauses. Nil in the generous
	// world and where there was no evidence to evaluate it on.
	Explanation []Cause
}

// LimitError says that a limit of design §7 was reached.
type LimitError struct {
	// Limit is the limit's name.
	Limit string
	// Max is its value.
	Max int64
}

// Error implements error.
func (e *LimitError) Error() string { return fmt.Sprintf("more than %d of %s", e.Max, e.Limit) }
