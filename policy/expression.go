package policy

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/ext"
	"cel.dev/cel-go/interpreter"

	"github.com/surety-dev/surety/internal/document"
)

// Limits of design §7. Over them a policy does not load, or a rule is in error.
const (
	// MaxRules is how many rules a policy may have.
	MaxRules = 256
	// MaxExpression is how many bytes an expression may have.
	MaxExpression = 32 << 10
	// MaxRuleCost is the CEL cost one evaluation of a rule may have.
	MaxRuleCost = 1_000_000
	// MaxRequestCost is the CEL cost all rules of a request may have together.
	MaxRequestCost = 10_000_000
	// maxNesting is how deep expressions may nest.
	maxNesting = 64
	// interruptEvery is after how many comprehension steps a cancelled context is noticed.
	interruptEvery = 64
)

// visibility is which of the variables an expression sees (design §3.2).
type visibility uint8

const (
	seesRequest  visibility = iota // `when`: artifact, environment, params, evaluation
	seesOne                        // rules about N: it, approvals, variables as well
	seesStanding                   // rules without about: evidence, signers, variables as well
	visibilities
)

// variable names of the language, and the table of who sees them.
var visible = []struct {
	name string
	typ  *cel.Type
	by   [visibilities]bool
}{
	{"artifact", artifactType, [...]bool{true, true, true}},
	{"environment", cel.StringType, [...]bool{true, true, true}},
	{"evaluation", evaluationType, [...]bool{true, true, true}},
	{"params", paramsType, [...]bool{true, true, true}},
	{"it", attestationType, [...]bool{false, true, false}},
	{"approvals", approvalList, [...]bool{false, true, false}},
	{"evidence", evidenceType, [...]bool{false, false, true}},
	{"signers", signerList, [...]bool{false, false, true}},
}

var (
	paramsType    = objectType("Params")
	evidenceType  = objectType("Evidence")
	variablesType = objectType("Variables")
)

// language is a CEL environment for one visibility of one policy.
type language struct {
	env      *cel.Env
	provider *provider
	sees     visibility
}

// newLanguage declares what an expression of the visibility sees.
func newLanguage(p *provider, sees visibility) (*language, error) {
	options := []cel.EnvOption{
		cel.CustomTypeProvider(p),
		cel.CustomTypeAdapter(p),
		cel.CrossTypeNumericComparisons(true),
		cel.DefaultUTCTimeZone(true),
		cel.ParserExpressionSizeLimit(MaxExpression),
		cel.ParserRecursionLimit(maxNesting),
		cel.CostModelVersion(1),
		cel.ASTValidators(cel.ValidateDurationLiterals(), cel.ValidateTimestampLiterals(), cel.ValidateRegexLiterals()),
		cel.EnableMacroCallTracking(), // so that an expression can be shown as it was written
		cel.OptionalTypes(cel.OptionalTypesVersion(1)),
		ext.Strings(ext.StringsVersion(4)),
		ext.Lists(ext.ListsVersion(3), ext.ListsMaxRangeSize(1000)),
		ext.Sets(ext.SetsVersion(0)),
		ext.Math(ext.MathVersion(2)),
		ext.Bindings(ext.BindingsVersion(1)),
	}
	for _, v := range visible {
		if v.by[sees] {
			options = append(options, cel.Variable(v.name, v.typ))
		}
	}
	if sees != seesRequest {
		options = append(options, cel.Variable("variables", variablesType))
	}
	env, err := cel.NewEnv(append(options, functions(p)...)...)
	if err != nil {
		return nil, err
	}
	return &language{env: env, provider: p, sees: sees}, nil
}

// expression is a compiled expression.
type expression struct {
	program  cel.Program
	typ      *cel.Type
	checked  *cel.Ast
	position string           // where its text stands in the document
	lines    []document.Place // where each of its lines begins there; nil if that cannot be told
}

// compile checks and plans source. want nil takes any type.
func (l *language) compile(source string, want *cel.Type) (*expression, error) {
	if len(source) > MaxExpression {
		return nil, fmt.Errorf("%d bytes of expression: expected at most %d", len(source), MaxExpression)
	}
	checked, issues := l.env.Compile(source)
	if err := issues.Err(); err != nil {
		return nil, l.complaint(source, issues)
	}
	if err := restrict(checked); err != nil {
		return nil, err
	}
	if want != nil && !checked.OutputType().IsExactType(want) {
		if checked.OutputType().IsExactType(cel.DynType) {
			return nil, fmt.Errorf("the expression gives a value of any type: expected a %s: compare it with one", want)
		}
		return nil, fmt.Errorf("the expression gives %s: expected a %s", checked.OutputType(), want)
	}
	if least, err := l.env.EstimateCost(checked, unsized{}); err == nil && least.Min > MaxRuleCost {
		return nil, fmt.Errorf("the expression costs %d at the least: expected at most %d", least.Min, MaxRuleCost)
	}
	program, err := l.env.Program(checked, append(limited(MaxRuleCost), cel.EvalOptions(cel.OptOptimize))...)
	if err != nil {
		return nil, err
	}
	return &expression{program: program, typ: checked.OutputType(), checked: checked}, nil
}

// limited are the options every program is planned with.
func limited(most uint64) []cel.ProgramOption {
	return []cel.ProgramOption{
		cel.CostLimit(most), cel.CostTrackerOptions(functionCosts()...), cel.InterruptCheckFrequency(interruptEvery), cel.CustomDecoratorV2(orderLiterals),
	}
}

// unsized knows no size of anything, so that an estimate's least is that of evidence as small as can be.
type unsized struct{}

// EstimateSize implements cost.Estimator.
func (unsized) EstimateSize(cost.AstNode) *cost.SizeEstimate { return nil }

// EstimateCallCost implements cost.Estimator.
func (unsized) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}

// hidden names the variable of the language that source uses and this visibility does not see; "" if
// there is none. It explains why source does not compile, and so does not mind local names.
func (l *language) hidden(source string) string {
	for _, v := range visible {
		if !v.by[l.sees] && l.mentions(source, v.name) {
			return v.name
		}
	}
	if l.sees == seesRequest && l.mentions(source, "variables") {
		return "variables"
	}
	return ""
}

// mentions reports whether source uses one of the identifiers.
func (l *language) mentions(source string, names ...string) bool {
	parsed, issues := l.env.Parse(source)
	if issues.Err() != nil {
		return false
	}
	found := false
	ast.PreOrderVisit(parsed.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		found = found || e.Kind() == ast.IdentKind && slices.Contains(names, e.AsIdent())
	}))
	return found
}

// scope is the values an expression is evaluated with.
type scope struct {
	ctx    context.Context
	facts  *Facts
	values map[string]any // those of the visibility
	spent  uint64         // CEL cost, of the variables too
	memo   map[string]variable
	policy *Policy
	sees   visibility
}

type variable struct {
	value any
	err   error
}

// ResolveName implements CEL's Activation.
func (s *scope) ResolveName(name string) (any, bool) {
	switch name {
	case "artifact":
		return &released{&s.facts.Artifact, s.facts.Tier}, true
	case "environment":
		return s.facts.Environment, true
	case "evaluation":
		return &evaluation{at: s.facts.At, rollback: s.facts.Rollback}, true
	case "params":
		return &parameterValues{values: s.policy.params}, true
	case "variables":
		return s, true
	}
	v, ok := s.values[name]
	return v, ok
}

// Parent implements CEL's Activation.
func (s *scope) Parent() interpreter.Activation { return nil }

// eval evaluates an expression in the scope and counts its cost.
func (s *scope) eval(e *expression) (ref.Val, error) {
	value, details, err := e.program.ContextEval(s.ctx, s)
	if details != nil {
		if cost := details.ActualCost(); cost != nil {
			s.spent += *cost
		}
	}
	return value, err
}

// variable evaluates a variable the first time a rule of this scope uses it.
func (s *scope) variable(name string) (any, error) {
	if v, ok := s.memo[name]; ok {
		return v.value, v.err
	}
	var v variable
	value, err := s.eval(s.policy.variables[s.sees][name])
	v.value, v.err = value, err
	if s.memo == nil {
		s.memo = map[string]variable{}
	}
	s.memo[name] = v
	return v.value, v.err
}

// test evaluates a rule's expression to an outcome. The error is what kept it from having a value.
func (s *scope) test(e *expression) (Outcome, error) {
	value, err := s.eval(e)
	switch {
	case err != nil:
		return Errored, err
	case types.IsUnknown(value):
		return Unknown, nil
	case value == types.True:
		return Passed, nil
	case value == types.False:
		return Failed, nil
	}
	return Errored, fmt.Errorf("the expression gave a %s, expected a bool", value.Type().TypeName())
}

// scopeType is how CEL knows a scope as the value of `variables`.
var scopeType = reflect.TypeFor[*scope]()
