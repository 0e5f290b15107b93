package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy/policytest"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/chain"
)

// testCommand is `surety test`.
type testCommand struct {
	TrustedRoot []string `sep:"none" placeholder:"FILE" help:"A Sigstore trusted root, beside those of the ownership models; repeats."`
	CRL         []string `name:"crl" sep:"none" placeholder:"FILE" help:"A certificate revocation list of an authority of the ownership models; repeats."`
	Format      string   `enum:"text,json,junit" default:"text" help:"text, json or junit."`
	Cover       bool     `help:"Say which rules were seen to pass and to fail, and with which codes was refused."`
	Update      bool     `help:"Write what the verdicts are into the cases; never that what was refused is admitted."`
	Dir         []string `arg:"" placeholder:"DIR" help:"Directories of cases, *.txtar, and of all that they name."`
}

// tested is what became of the cases.
type tested struct {
	Passed   bool                 `json:"passed"`
	Cases    []policytest.Result  `json:"cases"`
	Errors   []string             `json:"errors"`
	Coverage *policytest.Coverage `json:"coverage,omitempty"`

	errs []error // what kept cases from being read or judged
}

// Run runs the cases: 0 all is as wanted, 1 some is not, 3 some could not be judged.
func (c *testCommand) Run(w world, code *int) error {
	all := tested{Passed: true, Cases: []policytest.Result{}, Errors: []string{}}
	config := policytest.Config{Chains: chain.Chains{}, Openers: func(m *ownership.Model) ([]verify.Opener, error) {
		return openers(m, c.TrustedRoot, c.CRL)
	}}
	for _, dir := range c.Dir {
		c.directory(w, dir, config, &all)
	}
	for _, err := range all.errs {
		all.Passed, all.Errors = false, append(all.Errors, err.Error())
	}
	for _, r := range all.Cases {
		all.Passed = all.Passed && r.Passed()
	}
	if c.Cover {
		coverage := policytest.Cover(all.Cases)
		all.Coverage = &coverage
	}
	var b bytes.Buffer
	if err := all.write(&b, c.Format); err != nil {
		return err
	}
	if _, err := w.stdout.Write(b.Bytes()); err != nil {
		return err
	}
	if all.errs != nil {
		return errors.Join(all.errs...)
	}
	*code = exitDenied
	if all.Passed {
		*code = exitAdmitted
	}
	return nil
}

// directory runs the cases of one directory. What is not updated stays failed, and why is told.
func (c *testCommand) directory(w world, dir string, config policytest.Config, all *tested) {
	fsys := os.DirFS(dir)
	if info, err := os.Stat(dir); err != nil {
		all.errs = append(all.errs, err)
		return
	} else if !info.IsDir() {
		all.errs = append(all.errs, fmt.Errorf("%s: expected a directory of cases", dir))
		return
	}
	cases, err := policytest.Load(fsys)
	all.errs = append(all.errs, under(dir, err)...)
	for _, k := range cases {
		result := k.Run(context.Background(), config)
		if c.Update && !result.Passed() && result.Err() == nil {
			updated, err := c.update(dir, k, result)
			if err != nil {
				complain(w, errors.Join(under(dir, err)...))
			} else {
				result = updated.Run(context.Background(), config)
			}
		}
		all.errs = append(all.errs, under(dir, result.Err())...)
		result.File = within(dir, result.File)
		for i := range result.Trials {
			result.Trials[i].Position = within(dir, result.Trials[i].Position)
		}
		all.Cases = append(all.Cases, result)
	}
}

// update writes what the verdicts are into a case.
func (c *testCommand) update(dir string, k *policytest.Case, result policytest.Result) (*policytest.Case, error) {
	text, err := k.Update(result)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(k.File())), text, 0o644); err != nil {
		return nil, err
	}
	return policytest.LoadCase(os.DirFS(dir), k.File())
}

// within is a path of a directory's file system as the shell has it.
func within(dir, name string) string { return path.Join(filepath.ToSlash(dir), name) }

// under gives errors about files of a directory, each by itself, the paths of the shell.
func under(dir string, err error) []error {
	switch e := err.(type) {
	case nil:
		return nil
	case interface{ Unwrap() []error }:
		var all []error
		for _, err := range e.Unwrap() {
			all = append(all, under(dir, err)...)
		}
		return all
	case *policytest.Error:
		moved := *e
		moved.File = within(dir, e.File)
		return []error{&moved}
	}
	return []error{err}
}

// write writes the answer.
func (t tested) write(out io.Writer, format string) error {
	switch format {
	case "json":
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		return enc.Encode(t)
	case "junit":
		return t.junit(out)
	}
	failed, verdicts := 0, 0
	for _, r := range t.Cases {
		if err := r.Text(out); err != nil {
			return err
		}
		verdicts += len(r.Trials)
		if !r.Passed() {
			failed++
		}
	}
	result := "all as wanted"
	if failed > 0 {
		result = fmt.Sprintf("%d failed", failed)
	}
	if t.errs != nil {
		result += ", and some could not be read or judged"
	}
	if _, err := fmt.Fprintf(out, "cases %d, verdicts %d: %s\n", len(t.Cases), verdicts, result); err != nil || t.Coverage == nil {
		return err
	}
	if _, err := io.WriteString(out, "\n"); err != nil {
		return err
	}
	return t.Coverage.Text(out)
}
