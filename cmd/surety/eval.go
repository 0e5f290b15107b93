package main

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/report"
)

// evalCommand is `surety eval`.
type evalCommand struct {
	Ownership   string   `required:"" placeholder:"PATH" help:"The ownership model: a file, signed or not, or a directory of its parts."`
	Previous    string   `placeholder:"PATH" help:"The version before that ownership model, whose people must have signed it."`
	Policy      []string `required:"" sep:"none" placeholder:"PATH" help:"A policy, signed or not, or a directory of policies; repeats."`
	Of          string   `placeholder:"NAME" help:"The name of the policy, where several apply."`
	About       string   `placeholder:"NAME" help:"The evidence declaration it is about: it is evaluated on each of its candidates."`
	Artifact    string   `required:"" placeholder:"NAME=FILE|NAME@ALG:HEX" help:"What is released, and its file or digest."`
	Environment string   `placeholder:"E" help:"Where it is released to."`
	At          string   `placeholder:"RFC3339" help:"The time of evaluation; now, if absent."`
	TrustedRoot []string `sep:"none" placeholder:"FILE" help:"A Sigstore trusted root, beside those of the ownership model; repeats."`
	CRL         []string `name:"crl" sep:"none" placeholder:"FILE" help:"A certificate revocation list of an authority of the ownership model; repeats."`
	Format      string   `enum:"text,json" default:"text" help:"text or json."`
	Expression  string   `arg:"" help:"The expression, as a rule has it."`
	Evidence    []string `arg:"" optional:"" help:"Files, directories, - for standard input."`
}

// Run evaluates the expression; the exit code says whether it is true on all there is.
func (c *evalCommand) Run(w world, code *int) error {
	as := verifyCommand{
		Ownership: c.Ownership, Previous: c.Previous, Policy: c.Policy, Artifact: c.Artifact, Environment: c.Environment, At: c.At,
		TrustedRoot: c.TrustedRoot, CRL: c.CRL, Evidence: c.Evidence,
	}
	verifier, err := as.verifier()
	if err != nil {
		return err
	}
	request, err := as.request(w)
	if err != nil {
		return err
	}
	evaluation, err := verifier.Try(context.Background(), request, verify.Trial{Expression: c.Expression, Policy: c.Of, About: c.About})
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if c.Format == "json" {
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		err = enc.Encode(evaluation)
	} else {
		err = report.Evaluation(&b, evaluation)
	}
	if err != nil {
		return err
	}
	if _, err := w.stdout.Write(b.Bytes()); err != nil {
		return err
	}
	*code = exitDenied
	if evaluation.Passed() {
		*code = exitAdmitted
	}
	return nil
}
