package policy

import (
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"github.com/surety-dev/surety/internal/pattern"
)

// This file is what rules can call beside CEL's own functions (design §5). They read like the
// sentence they check: approvals.by('release').recordedBefore(it.signedAt).people().size() >= 2.

// approvals is the list a rule starts from: approvals signed by the approver over this artifact.
// What rests on somebody else's word is held back until the rule asks for it.
type approvals struct {
	traits.Lister // the members that are visible
	adapter       types.Adapter
	all           []*approvalView
	source        bool // takes in approvals of the source the build names
	witnessed     bool // takes in approvals a witness reports
}

func newApprovals(adapter types.Adapter, all []*approvalView) *approvals {
	a := &approvals{adapter: adapter, all: all}
	return a.where(func(*approvalView) bool { return true })
}

// where keeps the members for which keep holds, the held back ones too.
func (a *approvals) where(keep func(*approvalView) bool) *approvals {
	out := &approvals{adapter: a.adapter, source: a.source, witnessed: a.witnessed}
	var visible []*approvalView
	for _, m := range a.all {
		if !keep(m) {
			continue
		}
		out.all = append(out.all, m)
		if (a.source || m.Commit == "") && (a.witnessed || !m.Witnessed) {
			visible = append(visible, m)
		}
	}
	out.Lister = types.NewDynamicList(a.adapter, visible)
	return out
}

// functions declares the functions of rules; adapter makes lists of objects.
func functions(adapter types.Adapter) []cel.EnvOption {
	return append(typedFunctions(adapter), []cel.EnvOption{
		cel.Function("by", cel.FunctionDocs("those of people who were members of the team when approving"), cel.MemberOverload("approvals_by_team",
			[]*cel.Type{approvalList, cel.StringType}, approvalList,
			cel.BinaryBinding(func(list, team ref.Val) ref.Val {
				return filter(adapter, list, func(a *approvalView) bool {
					return slices.Contains(a.Teams, string(team.(types.String)))
				})
			}))),
		cel.Function("withSource", cel.FunctionDocs("takes in the approvals of the commit the provenance names, which rest on the builder's word"), cel.MemberOverload("approvals_with_source",
			[]*cel.Type{approvalList}, approvalList,
			cel.UnaryBinding(func(list ref.Val) ref.Val {
				return widen(list, func(a *approvals) { a.source = true })
			}))),
		cel.Function("withWitnessed", cel.FunctionDocs("takes in the approvals that a witness reports"), cel.MemberOverload("approvals_with_witnessed",
			[]*cel.Type{approvalList}, approvalList,
			cel.UnaryBinding(func(list ref.Val) ref.Val {
				return widen(list, func(a *approvals) { a.witnessed = true })
			}))),
		order(adapter, "before", "whether one was made before the other, unknown where that is not proven; of a list those made before", (*Span).Before),
		order(adapter, "recordedBefore", "whether one was on record before the other, by trusted times, else unknown; of a list those on record before", (*Span).RecordedBefore),
		cel.Function("people", cel.FunctionDocs("the distinct people, sorted; nobody stands for a machine or a shared credential"),
			cel.MemberOverload("approvals_people", []*cel.Type{approvalList}, stringList, cel.UnaryBinding(people)),
			cel.MemberOverload("signers_people", []*cel.Type{signerList}, stringList, cel.UnaryBinding(people))),
		cel.Function("holding", cel.FunctionDocs("those who were granted the duty for this artifact"), cel.MemberOverload("signers_holding_duty",
			[]*cel.Type{signerList, cel.StringType}, signerList,
			cel.BinaryBinding(func(list, duty ref.Val) ref.Val {
				held := []*Signer{}
				if err := each(list, func(s *Signer) {
					if s.HasDuty(string(duty.(types.String))) {
						held = append(held, s)
					}
				}); err != nil {
					return err
				}
				return adapter.NativeToValue(held)
			}))),
		cel.Function("glob", cel.FunctionDocs("whether the whole text matches a pattern, in the syntax of artifact scopes"), cel.MemberOverload("string_glob",
			[]*cel.Type{cel.StringType, cel.StringType}, cel.BoolType,
			cel.BinaryBinding(func(s, glob ref.Val) ref.Val {
				p, err := pattern.Parse(string(glob.(types.String)))
				if err != nil {
					return types.WrapErr(err)
				}
				return types.Bool(p.Match(string(s.(types.String))))
			}))),
	}...)
}

// order declares a relation of spans: on two spans, where what is unproven is CEL's unknown, and on
// a list of approvals, which keeps the proven ones, and generously those not refuted (design §4.8).
func order(adapter types.Adapter, name, doc string, relation func(x, y *Span) Order) cel.EnvOption {
	return cel.Function(name, cel.FunctionDocs(doc),
		cel.MemberOverload("span_"+name, []*cel.Type{spanType, spanType}, cel.BoolType,
			cel.BinaryBinding(func(x, y ref.Val) ref.Val {
				switch relation(x.Value().(*Span), y.Value().(*Span)) {
				case OrderProven:
					return types.True
				case OrderRefuted:
					return types.False
				}
				return types.NewUnknown(0, nil)
			})),
		cel.MemberOverload("approvals_"+name, []*cel.Type{approvalList, spanType}, approvalList,
			cel.BinaryBinding(func(list, y ref.Val) ref.Val {
				return filter(adapter, list, func(a *approvalView) bool {
					switch relation(a.SignedAt, y.Value().(*Span)) {
					case OrderProven:
						return true
					case OrderRefuted:
						return false
					}
					return a.generous
				})
			})))
}

// filter keeps members of a list of approvals, and what such a list holds back.
func filter(adapter types.Adapter, list ref.Val, keep func(*approvalView) bool) ref.Val {
	if a, ok := list.(*approvals); ok {
		return a.where(keep)
	}
	var kept []*approvalView
	if err := each(list, func(a *approvalView) {
		if keep(a) {
			kept = append(kept, a)
		}
	}); err != nil {
		return err
	}
	return types.NewDynamicList(adapter, kept)
}

// widen lets a list of approvals take in what it held back. A list that CEL's own macros have made
// holds nothing back.
func widen(list ref.Val, set func(*approvals)) ref.Val {
	a, ok := list.(*approvals)
	if !ok {
		return list
	}
	wide := *a
	set(&wide)
	return wide.where(func(*approvalView) bool { return true })
}

// people gives the distinct persons of a list of approvals or signers, sorted; what nobody in
// particular signed is nobody.
func people(list ref.Val) ref.Val {
	ids := []string{}
	if err := each(list, func(p interface{ person() string }) {
		if id := p.person(); id != "" {
			ids = append(ids, id)
		}
	}); err != nil {
		return err
	}
	slices.Sort(ids)
	return types.NewStringList(types.DefaultTypeAdapter, slices.Compact(ids))
}

// functionCosts says what calls cost beyond one: those on a list by its members, those on text by its length,
// as CEL's own do.
func functionCosts() []cost.TrackerOption {
	byMembers := func(args []ref.Val, _ ref.Val) *uint64 {
		n := uint64(1)
		if a, ok := args[0].(*approvals); ok {
			n += uint64(len(a.all))
		} else if list, ok := args[0].(traits.Sizer); ok {
			size, _ := list.Size().(types.Int)
			n += uint64(max(size, 0))
		}
		return &n
	}
	byLength := func(args []ref.Val, _ ref.Val) *uint64 {
		n := uint64(1)
		for _, a := range args {
			text, _ := a.(types.String)
			n += uint64(len(text)) / 10
		}
		return &n
	}
	byResult := func(args []ref.Val, result ref.Val) *uint64 {
		n := *byLength(args, result)
		if list, ok := result.(traits.Sizer); ok {
			size, _ := list.Size().(types.Int)
			n += uint64(max(size, 0))
		}
		return &n
	}
	joined := func(args []ref.Val, result ref.Val) *uint64 {
		n := uint64(1)
		// CEL's own lists join at no cost, and are slow to read where joined over and over. A single member is
		// what its macros add.
		_, copies := args[0].(lazyList)
		if right, ok := args[1].(traits.Sizer); copies || ok && right.Size() != types.IntOne && right.Size() != types.IntZero {
			n += *byResult(nil, result)
		}
		return &n
	}
	costs := []cost.TrackerOption{
		cost.OverloadTracker("string_split_string", byResult), cost.OverloadTracker("string_split_string_int", byResult),
		cost.OverloadTracker(overloads.AddList, joined),
	}
	for _, id := range []string{
		"approvals_by_team", "approvals_with_source", "approvals_with_witnessed", "approvals_before", "approvals_recordedBefore",
		"approvals_people", "signers_people", "signers_holding_duty",
	} {
		costs = append(costs, cost.OverloadTracker(id, byMembers))
	}
	for _, id := range []string{"string_glob", "purl_string", "semver_string"} {
		costs = append(costs, cost.OverloadTracker(id, byLength))
	}
	return costs
}

func (a *approvalView) person() string { return a.Person }
func (s *Signer) person() string       { return s.Person }

// each visits the objects of a list. Where an expression went through dyn the compiler could not
// check their type; the error is CEL's then.
func each[T any](list ref.Val, visit func(T)) ref.Val {
	for it := list.(traits.Lister).Iterator(); it.HasNext() == types.True; {
		member := it.Next()
		v, ok := member.Value().(T)
		if !ok {
			return types.NewErr("unexpected %s in a list", member.Type().TypeName())
		}
		visit(v)
	}
	return nil
}
