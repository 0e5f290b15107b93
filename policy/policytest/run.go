package policytest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/surety-dev/surety/internal/document"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/timestamp"
)

// Config is what cases are judged with beside what they bring. The zero value is enough for all that recipes
// make.
type Config struct {
	// Openers makes the openers for a model. Nil: of signatures by keys, with timestamps of the model's
	// authorities.
	Openers func(model *ownership.Model) ([]verify.Opener, error)
	// Chains holds in-toto layouts against their links. Nil: no layout counts.
	Chains verify.Chains
	// Update lets [Run] write what the verdicts are into the cases instead of failing them; see [Case.Update]
	// for what it does not write.
	Update bool
}

// Result is what became of a case.
type Result struct {
	// File is the path of the case.
	File string `json:"file"`
	// Story is the sentence it begins with.
	Story string `json:"story"`
	// Trials are the case as it stands, and then each way to break it, in the order written.
	Trials []Trial `json:"trials"`
}

// Trial is one verdict of a case.
type Trial struct {
	// Name is what breaks the case, "" of the case as it stands.
	Name string `json:"name"`
	// Position is where the case says so: "case.txtar:12:3".
	Position string `json:"position"`
	// Want is what the verdict must be; nil: the case does not say, and the trial fails.
	Want *Outcome `json:"want"`
	// Got is what it is. It means nothing beside an Err.
	Got Outcome `json:"got"`
	// Differences say where the two differ, a line each: the trial failed.
	Differences []string `json:"differences"`
	// Err is what kept the case from being judged: what is wrong with a document.
	Err error `json:"-"`
	// Verdict is the whole of it.
	Verdict verify.Verdict `json:"-"`

	policies []*policy.Policy
}

// Passed reports whether the verdict is what is wanted.
func (t Trial) Passed() bool { return t.Err == nil && t.Want != nil && len(t.Differences) == 0 }

// Passed reports whether all verdicts of the case are what is wanted.
func (r Result) Passed() bool {
	return len(r.Trials) > 0 && !slices.ContainsFunc(r.Trials, func(t Trial) bool { return !t.Passed() })
}

// Err joins what kept the case from being judged, each once.
func (r Result) Err() error {
	var errs []error
	for _, t := range r.Trials {
		if t.Err != nil && !slices.ContainsFunc(errs, func(e error) bool { return e.Error() == t.Err.Error() }) {
			errs = append(errs, t.Err)
		}
	}
	return errors.Join(errs...)
}

// Run judges the case, and what breaks it.
func (c *Case) Run(ctx context.Context, config Config) Result {
	r := Result{File: c.file, Story: c.story}
	j := judges{config: config, of: map[string]*judge{}, read: map[string]bool{}}
	for i := range c.trials {
		t := &c.trials[i]
		trial := Trial{Name: t.name, Position: document.Place{File: c.file, Line: t.at.Line, Col: t.at.Col}.String(), Want: t.want, Differences: []string{}}
		by := j.judge(c, t)
		trial.policies, trial.Err = by.policies, by.err
		if by.err == nil {
			var err error
			if trial.Verdict, err = by.verifier.Verify(ctx, t.request); err != nil {
				trial.Err = &Error{File: c.file, Line: int(t.at.Line), Col: int(t.at.Col), Msg: err.Error(), Cause: err}
			}
		}
		if trial.Err == nil {
			trial.Got = outcomeOf(trial.Verdict)
			if t.want == nil {
				trial.Differences = []string{"want: none is written, got " + trial.Got.asWanted(nil).String()}
			} else {
				trial.Differences = append(trial.Differences, t.want.differences(trial.Got)...)
			}
		}
		r.Trials = append(r.Trials, trial)
	}
	if r.Err() == nil {
		r.Trials[0].Err = c.unread(j.read)
	}
	return r
}

// judges keep the verifiers of a case: most ways to break it change no document.
type judges struct {
	config Config
	of     map[string]*judge
	read   map[string]bool // files, by all of them
}

type judge struct {
	verifier *verify.Verifier
	policies []*policy.Policy
	err      error
}

func (j judges) judge(c *Case, t *trial) *judge {
	key := fmt.Sprintf("%q %q %#v %v", t.ownership, t.policies, t.edits, t.least)
	if j.of[key] == nil {
		by := &judge{}
		if by.err = by.load(c, t, j); by.err != nil {
			by.err = c.placed(by.err, t.edits)
		}
		j.of[key] = by
	}
	return j.of[key]
}

// load reads the documents of a trial.
func (j *judge) load(c *Case, t *trial, of judges) error {
	documents, config := c.documents(t.edits, of.read), of.config
	model, endorsement, err := verify.LoadOwnership(documents, t.ownership, nil)
	if err != nil {
		return err
	}
	endorsements := []verify.Endorsement{endorsement}
	for _, path := range t.policies {
		policies, signed, err := verify.LoadPolicies(documents, path, model)
		if err != nil {
			return err
		}
		j.policies, endorsements = append(j.policies, policies...), append(endorsements, signed...)
	}
	openers := config.Openers
	if openers == nil {
		openers = byKeys
	}
	opened, err := openers(model)
	if err != nil {
		return err
	}
	j.verifier, err = verify.New(model, j.policies, verify.Config{Openers: opened, Chains: config.Chains, MinVersions: t.least, Endorsements: endorsements})
	return err
}

// byKeys opens what recipes make.
func byKeys(model *ownership.Model) ([]verify.Opener, error) {
	clock, err := timestamp.New(timestamp.FromModel(model)...)
	if err != nil {
		return nil, err
	}
	return []verify.Opener{verify.KeyOpener(clock)}, nil
}
