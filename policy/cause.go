package policy

import (
	"fmt"
	"strings"
)

// Cause is one of the smallest parts of a rule's expressions that kept it from passing. It is made after
// the rule was decided, of the same facts, and decides nothing.
type Cause struct {
	// Expression is the part, in CEL's own spelling, shortened.
	Expression string
	// Value is what it gave: "false", "true" where the rule negates it, "unknown" where an order is not
	// proven, "error: …", or, of what is no bool, its value, shortened.
	Value string
	// Position is where the part stands in the document: "policy.yaml:14:22"; where the text cannot be
	// followed so far, as with escapes in quotes, where the text of the whole expression begins.
	Position string
	// At is where it stands in the whole expression, as line and column: "1:14".
	At string
	// Variable is the variable whose expression it is part of; "" where it is the rule's.
	Variable string
	// Element is the member of a list it was given for: "it.provenance.materials[2]"; "" where for none.
	Element string
	// Inputs are the values it was made of, in the order it is written; of a chain of calls each stage.
	Inputs []Input
}

// Input is a value that a Cause was made of.
type Input struct {
	// Expression is what gave it; of a call on the input before it only the call: ".people()".
	Expression string
	// Value is the value, shortened.
	Value string
	// Evidence is the digest of the attestation it was read from; "" if from none.
	Evidence string
	// Path is where in the attestation's statement, as a JSON path: "$.predicate.result"; one that ends in
	// "…" says that it is somewhere below. "" of what is not in the statement.
	Path string
}

// Limits of an explanation. What is beyond them is left out, and Value and Expression are cut.
const (
	// MaxCauses is how many causes a rule's explanation has.
	MaxCauses = 8
	// MaxInputs is how many inputs a cause has.
	MaxInputs = 12
)

// String says the cause on one line.
func (c Cause) String() string {
	var b strings.Builder
	b.WriteString(c.Expression)
	if c.Element != "" {
		fmt.Fprintf(&b, " of %s", c.Element)
	}
	if strings.HasPrefix(c.Value, "error: ") {
		fmt.Fprintf(&b, " gives an %s", c.Value)
	} else {
		fmt.Fprintf(&b, " is %s", c.Value)
	}
	fmt.Fprintf(&b, " (%s)", c.Position)
	for i, in := range c.Inputs {
		separator := ", "
		if i == 0 {
			separator = ": "
		}
		fmt.Fprintf(&b, "%s%s: %s", separator, in.Expression, in.Value)
		switch {
		case in.Path != "":
			fmt.Fprintf(&b, " (%s %s)", in.Evidence, in.Path)
		case in.Evidence != "":
			fmt.Fprintf(&b, " (%s)", in.Evidence)
		}
	}
	return b.String()
}

// Explain says why the rule did not pass, a line for each cause; "" if there is nothing to say.
func (r RuleResult) Explain() string {
	lines := make([]string, len(r.Explanation))
	for i, c := range r.Explanation {
		lines[i] = c.String()
	}
	return strings.Join(lines, "\n")
}
