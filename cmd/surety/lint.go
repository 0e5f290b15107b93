package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/lint"
)

// lintCommand is `surety lint`.
type lintCommand struct {
	Ownership      string   `placeholder:"PATH" help:"The ownership model: a file, signed or not, or a directory of its parts."`
	Previous       string   `placeholder:"PATH" help:"The version before that ownership model, whose people must have signed it."`
	Policy         []string `sep:"none" placeholder:"PATH" help:"A policy, signed or not, or a directory of policies; repeats."`
	PreviousPolicy []string `sep:"none" placeholder:"PATH" help:"A version before one of those policies, whose owners must have signed too; repeats."`
	At             string   `placeholder:"RFC3339" help:"The time as of which they are read; now, if absent."`
	Format         string   `enum:"text,json" default:"text" help:"text or json."`

	Baseline      string `placeholder:"FILE" help:"Findings that are known and accepted, which do not count."`
	WriteBaseline string `placeholder:"FILE" help:"Where to write a baseline that accepts all that is found."`
}

// Run writes what is found; the exit code says whether any of it denies.
func (c *lintCommand) Run(w world, code *int) error {
	input, err := c.input(w)
	if err != nil {
		return err
	}
	report := lint.Run(input)
	if err := c.writeBaseline(report.Baseline(input.Baseline)); err != nil {
		return err
	}
	var b bytes.Buffer
	if c.Format == "json" {
		data, err := report.JSON()
		if err != nil {
			return err
		}
		b.Write(append(data, '\n'))
	} else if err := lint.Text(&b, report); err != nil {
		return err
	}
	if _, err := w.stdout.Write(b.Bytes()); err != nil {
		return err
	}
	*code = exitAdmitted
	if report.Denies() {
		*code = exitDenied
	}
	return nil
}

// input reads the documents. Policies that a verifier would not take are an error here too.
func (c *lintCommand) input(w world) (lint.Input, error) {
	if c.Ownership == "" && len(c.Policy) == 0 {
		return lint.Input{}, errors.New("nothing to read: expected --ownership PATH, --policy PATH or both")
	}
	at, err := moment("--at", c.At, w.now)
	if err != nil {
		return lint.Input{}, err
	}
	d, err := load(sources{model: c.Ownership, previous: c.Previous, policies: c.Policy, previousPolicies: c.PreviousPolicy})
	if err == nil {
		err = d.approved(at)
	}
	if err != nil {
		return lint.Input{}, err
	}
	input := lint.Input{At: at, Ownership: d.model, Endorsed: d.endorsed(), Policies: d.policies}
	if c.Baseline != "" {
		fsys, path := open(c.Baseline)
		if input.Baseline, err = lint.LoadBaseline(fsys, path); err != nil {
			return lint.Input{}, err
		}
	}
	model := d.model
	if model == nil {
		model = &ownership.Model{}
	}
	if _, err := verify.New(model, input.Policies, verify.Config{Endorsements: d.endorsements}); err != nil {
		return lint.Input{}, err
	}
	return input, nil
}

// writeBaseline writes a baseline, where one is asked for. The answer is the same: what it accepts counts until
// it is read.
func (c *lintCommand) writeBaseline(text []byte) error {
	switch ext := filepath.Ext(c.WriteBaseline); {
	case c.WriteBaseline == "":
		return nil
	case ext != ".yaml" && ext != ".yml":
		return fmt.Errorf("--write-baseline %s: expected a file whose name ends in .yaml or .yml", c.WriteBaseline)
	}
	return os.WriteFile(c.WriteBaseline, text, 0o644)
}
