package main

import (
	"bytes"

	"github.com/surety-dev/surety/verify/report"
)

// explainCommand is `surety explain`.
type explainCommand struct {
	Verdict string `arg:"" placeholder:"VERDICT.json" help:"A verdict, as verify --format json writes it."`
}

// Run writes why; it judges nothing, so the exit code says only whether there was a verdict to read.
func (c *explainCommand) Run(w world, code *int) error {
	verdict, err := readAccepted(c.Verdict)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := report.Explain(&b, *verdict); err != nil {
		return err
	}
	if _, err := w.stdout.Write(b.Bytes()); err != nil {
		return err
	}
	*code = exitAdmitted
	return nil
}
