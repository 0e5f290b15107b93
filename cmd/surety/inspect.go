package main

import (
	"bytes"
	"context"

	"github.com/surety-dev/surety/verify/inspect"
)

// inspectCommand is `surety inspect`.
type inspectCommand struct {
	Ownership   string   `placeholder:"PATH" help:"The ownership model, to try its keys and to name signers; without it no key is known."`
	Previous    string   `placeholder:"PATH" help:"The version before that ownership model, whose people must have signed it."`
	TrustedRoot []string `sep:"none" placeholder:"FILE" help:"A Sigstore trusted root, beside those of the ownership model; repeats."`
	CRL         []string `name:"crl" sep:"none" placeholder:"FILE" help:"A certificate revocation list of an authority of the ownership model; repeats."`
	At          string   `placeholder:"RFC3339" help:"The time of inspection; now, if absent."`
	Format      string   `enum:"text,json" default:"text" help:"text or json."`
	Evidence    []string `arg:"" placeholder:"FILE" help:"Files, directories, - for standard input."`
}

// Run inspects; what evidence holds is an answer, never a failure.
func (c *inspectCommand) Run(w world, code *int) error {
	at, err := moment("--at", c.At, w.now)
	if err != nil {
		return err
	}
	var config inspect.Config
	d, err := load(sources{model: c.Ownership, previous: c.Previous})
	if err == nil {
		err = d.approved(at)
	}
	if err != nil {
		return err
	}
	config.Ownership = d.model
	config.Openers, err = openers(config.Ownership, c.TrustedRoot, c.CRL)
	if err != nil {
		return err
	}
	items, err := readAll(w, c.Evidence)
	if err != nil {
		return err
	}
	inspection, err := inspect.Inspect(context.Background(), items, at, config)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if c.Format == "json" {
		data, err := inspection.JSON()
		if err != nil {
			return err
		}
		b.Write(append(data, '\n'))
	} else if err := inspect.Text(&b, inspection); err != nil {
		return err
	}
	if _, err := w.stdout.Write(b.Bytes()); err != nil {
		return err
	}
	*code = exitAdmitted
	return nil
}
