package policy

import (
	"cmp"
	"slices"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/parser"

	"github.com/surety-dev/surety/attest"
)

// This file is which approvals a rule about an attestation sees: those of the artifact, and those of the commit
// that the attestation's provenance names; never one by somebody who stands behind a signature of it (design
// §4.2, §4.11).

// maxApproverSigners is of how many people who both signed and approved every choice is tried. Of more, either
// all their approvals count or all their signatures.
const maxApproverSigners = 6

// approvals are those a rule sees on an attestation, as the world shows them.
func (e *evaluator) approvals(v *view) []*approvalView {
	list := make([]*approvalView, 0, len(e.facts.Approvals))
	for _, a := range e.facts.Approvals {
		if a.of(v.Attestation) && !slices.ContainsFunc(v.signers, func(s *Signer) bool { return s.behind(a.Person) }) {
			list = append(list, &approvalView{Approval: a, generous: e.world == Generous})
		}
	}
	return list
}

// of reports whether it is the artifact's, or of the commit that the attestation says was built.
func (a *Approval) of(attestation *Attestation) bool {
	if a.Commit == "" {
		return true
	}
	commit, repository := Built(attestation.Statement)
	return commit == a.Commit && (a.Repository == "" || a.Repository == repository)
}

// Built gives the commit and the repository that the statement's provenance says were built (design §4.2): both, or
// both "" where it does not name both or cannot be decoded.
func Built(st *attest.Statement) (commit, repository string) {
	provenance, err := st.Provenance()
	if err != nil || provenance == nil {
		return "", ""
	}
	source := provenance.Source
	commit = cmp.Or(source.Digests["gitCommit"], source.Digests["sha1"])
	if commit == "" || source.URI == "" {
		return "", ""
	}
	return commit, source.URI
}

// behind reports whether a person stands behind the signature.
func (s *Signer) behind(person string) bool {
	return person != "" && (person == s.Person || slices.Contains(s.Behind, person))
}

// approvers are the people among approvals, sorted.
func approvers(list []*approvalView) []string {
	var people []string
	for _, a := range list {
		if a.Person != "" {
			people = append(people, a.Person)
		}
	}
	slices.Sort(people)
	return slices.Compact(people)
}

// without gives the signers, and the signers without those behind whom approvers stand, in every choice of
// whom to count as what: somebody's signature must not take away their approval, for then leaving the
// signature out would let the approval count (design §4.4).
func (e *evaluator) without(need Requirement, a *Attestation, signers []*Signer) [][]*Signer {
	choices := [][]*Signer{signers}
	if !slices.ContainsFunc(e.policy.rules, func(r *rule) bool { return r.about == need.Name && r.approvals }) {
		return choices
	}
	var both []string
	for _, approval := range e.facts.Approvals {
		if approval.of(a) && !slices.Contains(both, approval.Person) && slices.ContainsFunc(signers, func(s *Signer) bool { return s.behind(approval.Person) }) {
			both = append(both, approval.Person)
		}
	}
	slices.Sort(both)
	groups := slices.Collect(slices.Chunk(both, 1))
	if len(groups) > maxApproverSigners {
		groups = [][]string{both}
	}
	for choice := 1; choice < 1<<len(groups); choice++ {
		choices = append(choices, slices.DeleteFunc(slices.Clone(signers), func(s *Signer) bool {
			for i, group := range groups {
				if choice&(1<<i) != 0 && slices.ContainsFunc(group, s.behind) {
					return true
				}
			}
			return false
		}))
	}
	return choices
}

// has reports whether an expression has such a part, itself or through the policy's own variables.
func (p *Policy) has(x *expression, sees visibility, such func(ast.Expr) bool) bool {
	found := false
	ast.PreOrderVisit(x.root(), ast.NewExprVisitor(func(e ast.Expr) {
		found = found || such(e)
		if found || e.Kind() != ast.SelectKind {
			return
		}
		if operand := e.AsSelect().Operand(); operand.Kind() == ast.IdentKind && operand.AsIdent() == "variables" {
			v := p.variables[sees][e.AsSelect().FieldName()]
			found = v != nil && p.has(v, sees, such)
		}
	}))
	return found
}

// isApprovals reports whether an expression is the list of approvals.
func isApprovals(e ast.Expr) bool { return e.Kind() == ast.IdentKind && e.AsIdent() == "approvals" }

// isOrder reports whether an expression asks for an order in time.
func isOrder(e ast.Expr) bool {
	return e.Kind() == ast.CallKind && (e.AsCall().FunctionName() == "before" || e.AsCall().FunctionName() == "recordedBefore")
}

// counting gives the sides of the first comparison of a number of people with a least number, each compiled for
// itself; nil where the expression makes none.
func (l *language) counting(x *expression) (have, need *expression) {
	ast.PreOrderVisit(x.root(), ast.NewExprVisitor(func(e ast.Expr) {
		if have != nil || e.Kind() != ast.CallKind {
			return
		}
		call := e.AsCall()
		more := ""
		switch call.FunctionName() {
		case operators.GreaterEquals, operators.Equals:
		case operators.Greater:
			more = " + 1"
		default:
			return
		}
		if left := call.Args()[0]; left.Kind() == ast.CallKind && left.AsCall().FunctionName() == "size" && calls(left, "people") {
			have, need = l.side(x, left, ""), l.side(x, call.Args()[1], more)
		}
		if have == nil || need == nil {
			have, need = nil, nil
		}
	}))
	return have, need
}

// calls reports whether a function is called in an expression.
func calls(e ast.Expr, name string) bool {
	found := false
	ast.PreOrderVisit(e, ast.NewExprVisitor(func(e ast.Expr) {
		found = found || e.Kind() == ast.CallKind && e.AsCall().FunctionName() == name
	}))
	return found
}

// side compiles a sub-expression for itself, and what is to be added to it; nil where it does not stand alone, for
// it names what is bound around it.
func (l *language) side(x *expression, e ast.Expr, more string) *expression {
	source, err := parser.Unparse(e, x.checked.NativeRep().SourceInfo())
	if err != nil {
		return nil
	}
	if more != "" {
		source = "(" + source + ")" + more
	}
	alone, err := l.compile(source, nil)
	if err != nil {
		return nil
	}
	return alone
}

// number evaluates to a number; false where it is none.
func (s *scope) number(x *expression) (int64, bool) {
	value, err := s.eval(x)
	if err != nil {
		return 0, false
	}
	switch n := value.(type) {
	case types.Int:
		return int64(n), true
	case types.Double:
		return int64(n), true
	}
	return 0, false
}
