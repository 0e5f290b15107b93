package main

import "fmt"

// signatureCommand is `surety attest signature`.
type signatureCommand struct {
	KeyID    string `name:"key-id" placeholder:"ID" help:"The key id of the signature, where there are several."`
	Envelope string `arg:"" placeholder:"ENVELOPE" help:"The envelope, - for standard input."`
}

// Run writes the bytes of one signature: what an RFC 3161 timestamp is over.
func (c *signatureCommand) Run(w world, code *int) error {
	e, err := readEnvelope(w, c.Envelope)
	if err != nil {
		return err
	}
	sig, err := e.Signature(c.KeyID)
	if err != nil {
		return fmt.Errorf("%s: %w (--key-id)", c.Envelope, err)
	}
	if _, err := w.stdout.Write(sig); err != nil {
		return err
	}
	*code = exitAdmitted
	return nil
}

// timestampCommand is `surety attest timestamp`.
type timestampCommand struct {
	Timestamp []string `required:"" sep:"none" placeholder:"FILE" help:"The response of a timestamp authority, or the token in it; repeats."`
	Envelope  string   `arg:"" placeholder:"ENVELOPE" help:"The envelope, - for standard input."`
}

// Run puts each timestamp beside the signature it is over.
func (c *timestampCommand) Run(w world, code *int) error {
	e, err := readEnvelope(w, c.Envelope)
	if err != nil {
		return err
	}
	for _, file := range c.Timestamp {
		data, err := readSmall(w, file)
		if err != nil {
			return err
		}
		if e, err = e.Stamp(data); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return writeEnvelope(w, code, e)
}
