package policy

import (
	"slices"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/parser"
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
	provenance, err := attestation.Statement.Provenance()
	if err != nil || provenance == nil || provenance.Source.URI == "" {
		return false
	}
	source := provenance.Source
	return (source.Digests["gitCommit"] == a.Commit || source.Digests["gitCommit"] == "" && source.Digests["sha1"] == a.Commit) &&
		(a.Repository == "" || a.Repository == source.URI)
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

// reads reports whether an expression names a variable of the language, itself or through the policy's own.
func (p *Policy) reads(x *expression, name string, sees visibility) bool {
	found := false
	ast.PreOrderVisit(x.root(), ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.IdentKind:
			found = found || e.AsIdent() == name
		case ast.SelectKind:
			operand := e.AsSelect().Operand()
			if !found && operand.Kind() == ast.IdentKind && operand.AsIdent() == "variables" {
				v := p.variables[sees][e.AsSelect().FieldName()]
				found = v != nil && p.reads(v, name, sees)
			}
		}
	}))
	return found
}

// counting gives the sides of the first comparison of a number of people with a least number, each compiled for
// itself; nil where the expression makes none.
func (l *language) counting(x *expression) (have, need *expression) {
	ast.PreOrderVisit(x.root(), ast.NewExprVisitor(func(e ast.Expr) {
		if have != nil || e.Kind() != ast.CallKind {
			return
		}
		call := e.AsCall()
		if f := call.FunctionName(); f != operators.GreaterEquals && f != operators.Greater && f != operators.Equals {
			return
		}
		if left := call.Args()[0]; left.Kind() == ast.CallKind && left.AsCall().FunctionName() == "size" && calls(left, "people") {
			have, need = l.side(x, left), l.side(x, call.Args()[1])
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

// side compiles a sub-expression for itself; nil where it does not stand alone, for it names what is bound
// around it.
func (l *language) side(x *expression, e ast.Expr) *expression {
	source, err := parser.Unparse(e, x.checked.NativeRep().SourceInfo())
	if err != nil {
		return nil
	}
	alone, err := l.compile(source, nil)
	if err != nil {
		return nil
	}
	return alone
}

// number evaluates to a number; zero where it is none.
func (s *scope) number(x *expression) int64 {
	value, err := s.eval(x)
	if err != nil {
		return 0
	}
	switch n := value.(type) {
	case types.Int:
		return int64(n)
	case types.Double:
		return int64(n)
	}
	return 0
}
