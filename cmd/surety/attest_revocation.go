package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/attest/issue"
)

// revocationCommand is `surety attest revocation`.
type revocationCommand struct {
	signing
	Model string `required:"" placeholder:"NAME" help:"The name of the ownership model whose credentials the list is about."`
	revocationFlags
}

// revocationFlags are the fields of the predicate.
type revocationFlags struct {
	Number     int64    `placeholder:"N" help:"The list's number, higher than that of the list before."`
	IssuedAt   string   `placeholder:"RFC3339" help:"When the list is made."`
	NextUpdate string   `placeholder:"RFC3339" help:"When the next one is there at the latest."`
	Revoke     []string `sep:"none" placeholder:"CREDENTIAL=REASON,FROM[,INVALIDFROM]" help:"A credential, why it is revoked and since when, and from when nothing it signed is to be trusted; repeats."`
	None       bool     `help:"Nothing is revoked."`
}

// Run signs a revocation list.
func (c *revocationCommand) Run(w world, code *int) error {
	r, err := predicate(w, c.Predicate, c.revocationFlags, (*attest.Statement).Revocation, attest.RevocationType, c.revocation)
	if err != nil {
		return err
	}
	s, err := issue.Revocation(r, c.Model)
	if err != nil {
		return complaint(err, map[string]string{"entries": "--revoke"})
	}
	return c.write(w, code, s)
}

// revocation is what the flags say.
func (c *revocationCommand) revocation() (attest.Revocation, error) {
	r := attest.Revocation{Number: c.Number}
	number := ""
	if c.Number != 0 {
		number = "given"
	}
	err := missing([2]string{"--number", number}, [2]string{"--issued-at", c.IssuedAt}, [2]string{"--next-update", c.NextUpdate})
	if err := times(err, moments{{"--issued-at", c.IssuedAt, &r.IssuedAt}, {"--next-update", c.NextUpdate, &r.NextUpdate}}); err != nil {
		return r, err
	}
	if c.None == (len(c.Revoke) > 0) {
		return r, errors.New("what is revoked: expected --revoke, or --none, which says that nothing is")
	}
	for _, text := range c.Revoke {
		e, err := revoked(text)
		if err != nil {
			return r, err
		}
		r.Entries = append(r.Entries, e)
	}
	return r, nil
}

// revoked reads CREDENTIAL=REASON,FROM[,INVALIDFROM]; only a credential may have a "=" in it.
func revoked(text string) (attest.RevocationEntry, error) {
	i := strings.LastIndexByte(text, '=')
	parts := strings.Split(text[i+1:], ",")
	if i < 1 || len(parts) < 2 || len(parts) > 3 {
		return attest.RevocationEntry{}, fmt.Errorf("--revoke %s: expected CREDENTIAL=REASON,FROM[,INVALIDFROM]", text)
	}
	e := attest.RevocationEntry{Credential: text[:i], Reason: parts[0]}
	at := moments{{"--revoke " + text[:i], parts[1], &e.From}}
	if len(parts) == 3 {
		at = append(at, momentFlag{"--revoke " + text[:i], parts[2], &e.InvalidFrom})
	}
	for _, part := range parts {
		if part == "" {
			return e, fmt.Errorf("--revoke %s: expected CREDENTIAL=REASON,FROM[,INVALIDFROM]", text)
		}
	}
	return e, times(nil, at)
}
