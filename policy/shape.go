package policy

// Shape is what a Remark is about.
type Shape string

// The shapes of expressions that a reader should know of.
const (
	// NeverPasses: whatever the evidence, the rule is false or in error.
	NeverPasses Shape = "never-passes"
	// NeverFails: whatever the evidence, the rule is true.
	NeverFails Shape = "never-fails"
	// NeverApplies: whatever the request, the rule's `when` is false or in error.
	NeverApplies Shape = "never-applies"
	// Contradiction: the sub-expression is never true: Name is the operand of it that cannot be met beside
	// another, or, where it stands in a rule of its own, the rule that cannot pass with this one.
	Contradiction Shape = "contradiction"
	// Tautology: the sub-expression is never false; Name is the operand that is true where the others are not.
	Tautology Shape = "tautology"
	// Unreachable: a branch of ? : that is never taken.
	Unreachable Shape = "unreachable"
	// Bypass: in the environment Name every deny rule that applies can be waived, by the one team Expression
	// names if it is one.
	Bypass Shape = "bypass"
	// NothingApplies: in the environment Name the conditions of all deny rules can be false together.
	NothingApplies Shape = "nothing-applies"
	// Threshold: a count is compared with a number that every count, or none, meets.
	Threshold Shape = "threshold"
	// AbsorbsError: an operand of || or && can err, and CEL absorbs the error beside one that decides.
	AbsorbsError Shape = "absorbs-error"
	// NotMonotone: less evidence can make the sub-expression true.
	NotMonotone Shape = "not-monotone"
	// OtherView: a view is read that not all of the declared predicate types have, and nothing asks whether
	// it is there. One that none has does not compile.
	OtherView Shape = "other-view"
	// NamesTeam: a team is named in the text; Name is its id.
	NamesTeam Shape = "names-team"
	// NamesDuty: a duty is named in the text; Name is it.
	NamesDuty Shape = "names-duty"
	// NamesTier: a tier is named in the text; Name is its id.
	NamesTier Shape = "names-tier"
	// UnusedVariable: no rule uses the variable Name.
	UnusedVariable Shape = "unused-variable"
	// UnusedParam: no expression uses the parameter Name.
	UnusedParam Shape = "unused-param"
	// Unruled: no rule looks at the attestations of the declaration Name.
	Unruled Shape = "unruled"
)

// Remark is something that shows in the text of a policy, without any facts.
type Remark struct {
	// Shape is what it is about.
	Shape Shape
	// Rule is the id of the rule it is about; "" where it is about none in particular.
	Rule string
	// Severity is that rule's.
	Severity Severity
	// Variable is the variable whose expression has the shape; "" where it is the rule's.
	Variable string
	// Name is the team, duty, tier, variable, parameter or declaration the shape speaks of.
	Name string
	// Expression is the sub-expression, in CEL's own spelling; "" where there is none.
	Expression string
	// At is where it stands in the whole expression, as line and column: "1:14".
	At string
	// Position is where that expression, or the declaration, stands: "policy.yaml:14:5".
	Position string
}
