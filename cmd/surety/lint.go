package main

import (
	"bytes"
	"errors"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/lint"
)

// lintCommand is `surety lint`.
type lintCommand struct {
	Ownership string   `placeholder:"PATH" help:"The ownership model: a file, or a directory of its parts."`
	Policy    []string `sep:"none" placeholder:"PATH" help:"A policy, or a directory of policies; repeats."`
	At        string   `placeholder:"RFC3339" help:"The time as of which they are read; now, if absent."`
	Format    string   `enum:"text,json" default:"text" help:"text or json."`
}

// Run writes what is found; the exit code says whether any of it denies.
func (c *lintCommand) Run(w world, code *int) error {
	input, err := c.input(w)
	if err != nil {
		return err
	}
	report := lint.Run(input)
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
	input := lint.Input{At: at}
	if c.Ownership != "" {
		fsys, path := open(c.Ownership)
		if input.Ownership, err = ownership.Load(fsys, path); err != nil {
			return lint.Input{}, err
		}
	}
	if input.Policies, err = loadPolicies(c.Policy); err != nil {
		return lint.Input{}, err
	}
	if _, err := verify.New(&ownership.Model{}, input.Policies, verify.Config{}); err != nil {
		return lint.Input{}, err
	}
	return input, nil
}
