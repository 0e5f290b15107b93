package main

import (
	"errors"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/attest/issue"
)

// approvalCommand is `surety attest approval`.
type approvalCommand struct {
	signing
	Artifact   string `placeholder:"NAME=FILE|NAME@ALG:HEX" help:"What is approved, and its file or digest."`
	Commit     string `placeholder:"HEX" help:"The commit that is approved, instead of an artifact."`
	Repository string `placeholder:"URI" help:"The repository of that commit, as provenance names it."`
	approvalFlags
}

// approvalFlags are the fields of the predicate.
type approvalFlags struct {
	Decision    string `placeholder:"approved|rejected" help:"What was decided."`
	Approver    string `placeholder:"ACCOUNT" help:"Who decided, such as github:583231; for a witness who reports it."`
	Role        string `placeholder:"ROLE" help:"In which role."`
	Environment string `placeholder:"E" help:"The environment it is for; any, if absent."`
	From        string `placeholder:"E" help:"The environment it is promoted from, with --role promotion."`
	Reference   string `placeholder:"TEXT" help:"The ticket, pull request or review it was made in."`
	RequestedBy string `placeholder:"PERSON|ACCOUNT" help:"Who asked for it, who is not who approves."`
	RecordedAt  string `placeholder:"RFC3339" help:"When a witness says that it was made."`
	Expires     string `placeholder:"RFC3339" help:"When it ends; never, if absent."`
}

// Run signs an approval.
func (c *approvalCommand) Run(w world, code *int) error {
	subject, err := c.subject()
	if err != nil {
		return err
	}
	a, err := predicate(w, c.Predicate, c.approvalFlags, (*attest.Statement).Approval, attest.ApprovalType, c.approval)
	if err != nil {
		return err
	}
	s, err := issue.Approval(a, subject)
	if err != nil {
		return complaint(err, nil)
	}
	return c.write(w, code, s)
}

// subject is the artifact or the commit.
func (c *approvalCommand) subject() (attest.Subject, error) {
	switch {
	case (c.Artifact == "") == (c.Commit == ""):
		return attest.Subject{}, errors.New("what is approved: expected --artifact, or --commit and --repository")
	case (c.Commit == "") != (c.Repository == ""):
		return attest.Subject{}, errors.New("--commit and --repository: expected both or none")
	case c.Commit != "":
		return issue.Commit(c.Repository, c.Commit), nil
	}
	_, subject, err := artifactSubject(c.Artifact)
	return subject, err
}

// approval is what the flags say.
func (c *approvalCommand) approval() (attest.Approval, error) {
	a := attest.Approval{Approver: c.Approver, Decision: c.Decision, Role: c.Role, Environment: c.Environment, From: c.From, Reference: c.Reference, RequestedBy: c.RequestedBy}
	err := missing([2]string{"--decision", c.Decision})
	return a, times(err, moments{{"--recorded-at", c.RecordedAt, &a.ClaimedAt}, {"--expires", c.Expires, &a.Expires}})
}
