package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"os"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/attest/issue"
)

// attestCommand is `surety attest`: it makes the evidence this project defines itself, and puts timestamps beside
// signatures. Standard output is one envelope.
type attestCommand struct {
	Approval   approvalCommand   `cmd:"" help:"Sign that a release, or the commit it is built from, is approved or rejected."`
	Exception  exceptionCommand  `cmd:"" help:"Sign that some rules of a policy are not to refuse a release for a while."`
	Revocation revocationCommand `cmd:"" help:"Sign which credentials are revoked."`
	Drill      drillCommand      `cmd:"" help:"Sign who went through which scenario, and how it came out."`
	Signature  signatureCommand  `cmd:"" help:"Write the bytes of a signature, to ask a timestamp authority about."`
	Timestamp  timestampCommand  `cmd:"" help:"Put RFC 3161 timestamps beside the signatures they are over."`
}

// signing is what all commands that sign take.
type signing struct {
	Key            string `required:"" placeholder:"FILE" help:"The private key, in PEM: PKCS #8, SEC 1 or PKCS #1, or encrypted as PKCS #8 or as cosign does."`
	PassphraseFile string `placeholder:"FILE" help:"The file with the passphrase of an encrypted key, in one line."`
	Scheme         string `placeholder:"SCHEME" help:"rsassa-pkcs1v15 or ecdsa-p1363, where the ownership model says so of the key."`
	AddTo          string `placeholder:"ENVELOPE" help:"Add the signature to this envelope, which must hold the same statement."`
	Predicate      string `placeholder:"FILE" help:"The predicate in JSON, instead of its flags."`
}

// write signs a statement and writes the envelope.
func (c *signing) write(w world, code *int, s issue.Statement) error {
	signer, err := readSigner(c.Key, c.PassphraseFile, c.Scheme)
	if err != nil {
		return err
	}
	var e issue.Envelope
	if c.AddTo == "" {
		e, err = issue.Sign(rand.Reader, s, signer)
	} else if e, err = readEnvelope(w, c.AddTo); err == nil {
		if e, err = e.Add(rand.Reader, s, signer); err != nil {
			err = fmt.Errorf("%s: %w", c.AddTo, err)
		}
	}
	if err != nil {
		return err
	}
	return writeEnvelope(w, code, e)
}

func writeEnvelope(w world, code *int, e issue.Envelope) error {
	if _, err := w.stdout.Write(append(e.JSON(), '\n')); err != nil {
		return err
	}
	*code = exitAdmitted
	return nil
}

// readEnvelope reads an envelope that others signed.
func readEnvelope(w world, path string) (issue.Envelope, error) {
	data, err := readSmall(w, path)
	if err != nil {
		return issue.Envelope{}, err
	}
	return issue.Open(path, data)
}

// readSmall reads a file, or standard input, of no more bytes than evidence may have.
func readSmall(w world, path string) ([]byte, error) {
	from := w.stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		from = f
	}
	data, err := io.ReadAll(io.LimitReader(from, attest.MaxItemBytes+1))
	switch {
	case err != nil:
		return nil, err
	case len(data) > attest.MaxItemBytes:
		return nil, fmt.Errorf("%s: more than %d bytes", path, attest.MaxItemBytes)
	}
	return data, nil
}
