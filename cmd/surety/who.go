package main

import (
	"bytes"

	"github.com/surety-dev/surety/attest"
)

// whoCommand is `surety who`.
type whoCommand struct {
	Ownership   string `required:"" placeholder:"PATH" help:"The ownership model: a file, signed or not, or a directory of its parts."`
	Previous    string `placeholder:"PATH" help:"The version before that ownership model, whose people must have signed it."`
	Artifact    string `required:"" placeholder:"NAME" help:"What is, or would be, released."`
	Environment string `placeholder:"E" help:"Where it is released to; every environment, if absent."`
	At          string `placeholder:"RFC3339" help:"The time asked about; now, if absent."`
	Format      string `enum:"text,json" default:"text" help:"text or json."`
}

// Run answers; there is no answer that is a failure.
func (c *whoCommand) Run(w world, code *int) error {
	if err := attest.CheckName(c.Artifact); err != nil {
		return err
	}
	at, err := moment(c.At, w.now)
	if err != nil {
		return err
	}
	d, err := load(c.Ownership, c.Previous, nil)
	if err == nil {
		err = d.approved(at)
	}
	if err != nil {
		return err
	}
	who := d.model.At(at).Who(attest.Scope(c.Artifact), c.Environment)
	who.Artifact = c.Artifact
	var b bytes.Buffer
	if c.Format == "json" {
		data, err := who.JSON()
		if err != nil {
			return err
		}
		b.Write(append(data, '\n'))
	} else {
		whoText(&b, who)
	}
	if _, err := w.stdout.Write(b.Bytes()); err != nil {
		return err
	}
	*code = exitAdmitted
	return nil
}
