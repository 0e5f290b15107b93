package verify

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/surety-dev/surety/policy"
)

// Trial is an expression to be tried on the evidence of a request.
type Trial struct {
	// Expression is the expression.
	Expression string
	// Policy is the name of the policy whose rules it stands among; "" where only one applies.
	Policy string
	// About is the evidence declaration it is about; "" for none.
	About string
}

// Evaluation is what an expression gave. It is no verdict, and admits nothing.
type Evaluation struct {
	// Expression is the expression.
	Expression string `json:"expression"`
	// Policy is the policy it was evaluated in.
	Policy string `json:"policy"`
	// About is the evidence declaration it is about; "" for none.
	About string `json:"about"`
	// Results are what it gave, closest candidate first; one of an expression about none.
	Results []Evaluated `json:"results"`
}

// Evaluated is what an expression gave once.
type Evaluated struct {
	// Evidence is the digest of the attestation it was evaluated on; "" if on none.
	Evidence string `json:"evidence"`
	// Value is the value, shortened.
	Value string `json:"value"`
	// Outcome is what would become of a rule that says so.
	Outcome policy.Outcome `json:"outcome"`
	// Message is what kept it from having a bool; "" if nothing.
	Message string `json:"message,omitempty"`
	// Because says why it is not true.
	Because []Cause `json:"because,omitempty"`
}

// Passed reports whether the expression is true on everything it was evaluated on, and there was something.
func (e Evaluation) Passed() bool {
	return len(e.Results) > 0 && !slices.ContainsFunc(e.Results, func(r Evaluated) bool { return r.Outcome != policy.Passed })
}

// Try evaluates an expression as a rule of a policy would see it in judging the request: on what counts, and on
// nothing else. Exceptions and separated duties are left aside. Errors are those of Verify, and what is wrong with
// the expression, the policy's name, or the documents for a request of that time.
func (v *Verifier) Try(ctx context.Context, request Request, trial Trial) (Evaluation, error) {
	r, err := v.begin(ctx, request)
	if err != nil {
		return Evaluation{}, err
	}
	if r.refused {
		return Evaluation{}, fmt.Errorf("nothing counts: %s", r.stops[len(r.stops)-1].message)
	}
	j, err := r.named(trial.Policy)
	if err != nil {
		return Evaluation{}, err
	}
	compiled, err := j.policy.Try(trial.Expression, trial.About)
	if err != nil {
		return Evaluation{}, err
	}
	j.policy = compiled.Policy()
	if err := r.judged(ctx); err != nil {
		return Evaluation{}, err
	}
	if r.over != nil {
		return Evaluation{}, fmt.Errorf("nothing was judged: %s", r.over.message)
	}
	facts := r.facts(r.held(j, policy.Strict))
	facts.Approvals = r.approvals(j, policy.Strict, nil)
	results, err := compiled.Run(ctx, facts)
	if err != nil {
		return Evaluation{}, err
	}
	out := Evaluation{Expression: trial.Expression, Policy: j.policy.Name(), About: trial.About, Results: []Evaluated{}}
	for _, t := range results {
		out.Results = append(out.Results, Evaluated{Evidence: t.Evidence, Value: t.Value, Outcome: t.Outcome, Message: t.Message, Because: causes(t.Explanation)})
	}
	return out, nil
}

// named gives the policy of a name that applies, or the only one.
func (r *run) named(name string) (*judged, error) {
	var names []string
	for _, j := range r.applies {
		if j.policy.Name() == name || name == "" && len(r.applies) == 1 {
			return j, nil
		}
		names = append(names, j.policy.Name())
	}
	if name == "" {
		return nil, fmt.Errorf("several policies apply: expected the name of one, %s", strings.Join(names, " or "))
	}
	return nil, fmt.Errorf("no policy called %q applies: expected %s", name, strings.Join(names, " or "))
}
