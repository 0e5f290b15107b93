package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/document"
)

// This file types attestations by the declaration they come from: a view that none of its predicate types
// has is always an error, and so does not compile.

// reads follows which attestations an expression reads.
type reads struct {
	policy *Policy
	sees   visibility
	about  string
	local  map[string]string // names bound inside the expression to attestations of a declaration
	found  func(x *expression, e ast.Expr, need Requirement)
}

// views calls found for each view of an attestation that the expression reads, and for each variable that
// reads one its attestation cannot have; need is that of the attestation. has(it.test) and it.?test only ask.
func (r *reads) views(x *expression, e ast.Expr) {
	switch e.Kind() {
	case ast.SelectKind:
		s := e.AsSelect()
		if v := r.variable(e); v != nil {
			outside := &reads{policy: r.policy, sees: r.sees, about: r.about, found: func(v *expression, read ast.Expr, need Requirement) {
				if v.view(read) == "" || v.foreign(read, need) {
					r.found(x, e, need)
				}
			}}
			outside.views(v, v.root())
			return
		}
		r.views(x, s.Operand())
		if x.view(e) != "" && !s.IsTestOnly() {
			if need, ok := r.declared(s.Operand()); ok {
				r.found(x, e, need)
			}
		}
	case ast.ComprehensionKind:
		c := e.AsComprehension()
		inner := *r
		inner.local = maps.Clone(r.local)
		if inner.local == nil {
			inner.local = map[string]string{}
		}
		loop := readLoop(c)
		if need, ok := r.declared(loop.source); ok {
			inner.local[loop.name] = need.Name
		} else {
			delete(inner.local, loop.name)
		}
		r.views(x, loop.source)
		inner.views(x, loop.body)
		if loop.kind == loopMap || loop.kind == loopOther { // the condition of a map, which the body does not hold
			inner.views(x, c.LoopStep())
		}
	default:
		for _, part := range children(e) {
			r.views(x, part)
		}
	}
}

// variable gives the expression of a variable that is selected; nil for another expression.
func (r *reads) variable(e ast.Expr) *expression {
	m := monotony{policy: r.policy, sees: r.sees}
	return m.variable(e)
}

// declared gives the declaration that an attestation, or a list of them, comes from.
func (r *reads) declared(e ast.Expr) (Requirement, bool) {
	name := ""
	switch e.Kind() {
	case ast.IdentKind:
		if name = r.local[e.AsIdent()]; name == "" && e.AsIdent() == "it" {
			name = r.about
		}
	case ast.SelectKind:
		if s := e.AsSelect(); s.Operand().Kind() == ast.IdentKind && s.Operand().AsIdent() == "evidence" {
			name = s.FieldName()
		} else if v := r.variable(e); v != nil {
			outside := &reads{policy: r.policy, sees: r.sees, about: r.about}
			return outside.declared(v.root())
		}
	case ast.CallKind:
		if call := e.AsCall(); call.FunctionName() == operators.Index {
			return r.declared(call.Args()[0])
		}
	case ast.ComprehensionKind:
		if loop := readLoop(e.AsComprehension()); loop.kind == loopFilter {
			return r.declared(loop.source)
		}
	}
	for _, need := range r.policy.evidence {
		if need.Name == name {
			return need, true
		}
	}
	return Requirement{}, false
}

// children are the parts of an expression that is no comprehension, in the order they are written.
func children(e ast.Expr) []ast.Expr {
	switch e.Kind() {
	case ast.SelectKind:
		return []ast.Expr{e.AsSelect().Operand()}
	case ast.ListKind:
		return e.AsList().Elements()
	case ast.MapKind:
		var list []ast.Expr
		for _, entry := range e.AsMap().Entries() {
			list = append(list, entry.AsMapEntry().Key(), entry.AsMapEntry().Value())
		}
		return list
	case ast.CallKind:
		if call := e.AsCall(); call.IsMemberFunction() {
			return slices.Concat([]ast.Expr{call.Target()}, call.Args())
		}
		return e.AsCall().Args()
	}
	return nil
}

// foreign reports whether no predicate type of the declaration has the view that is read.
func (x *expression) foreign(e ast.Expr, need Requirement) bool {
	v := x.view(e)
	return v != "" && !slices.ContainsFunc(need.PredicateTypes, func(t string) bool { return viewOf(t) == v })
}

// checkReads reports the first view of another predicate type that an expression of a rule reads.
func (l *loader) checkReads(r *rule, x *expression, n *document.Node) {
	if x == nil {
		return
	}
	done := false
	reads := &reads{policy: l.policy, sees: r.sees(), about: r.about, found: func(x *expression, e ast.Expr, need Requirement) {
		through := x.view(e) == "" // a variable reads it
		if done || !through && !x.foreign(e, need) {
			return
		}
		done = true
		text := fmt.Sprintf("%s: no predicate type of %s has this view", x.show(e), need.Name)
		if through {
			text = fmt.Sprintf("%s reads a view that no predicate type of %s has", x.show(e), need.Name)
		}
		n.Errorf("rule %s: %s of the expression: %s: expected %s", r.id, x.place(e), text, need.views())
	}}
	reads.views(x, x.root())
}

// views says in words what to read of the declaration's attestations.
func (r Requirement) views() string {
	var list []string
	for _, t := range r.PredicateTypes {
		if v := viewOf(t); v != attest.View("") && !slices.Contains(list, "."+string(v)) {
			list = append(list, "."+string(v))
		}
	}
	return strings.Join(append(list, ".predicate"), " or ")
}
