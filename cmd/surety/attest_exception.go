package main

import (
	"strings"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/attest/issue"
)

// exceptionCommand is `surety attest exception`.
type exceptionCommand struct {
	signing
	Artifact string `required:"" placeholder:"NAME=FILE|NAME@ALG:HEX" help:"What is not to be refused, and its file or digest."`
	exceptionFlags
}

// exceptionFlags are the fields of the predicate.
type exceptionFlags struct {
	Policy      string   `placeholder:"NAME" help:"The name of the policy."`
	Rule        []string `sep:"none" placeholder:"ID" help:"A rule that is waived, or evidence:NAME for absent evidence; repeats."`
	Pattern     string   `placeholder:"PATTERN" help:"The names of artifacts it is for; the artifact's own, if absent."`
	Environment string   `placeholder:"E" help:"The environment it is for; only requests that name none, if absent."`
	Reason      string   `placeholder:"TEXT" help:"Why."`
	Incident    string   `placeholder:"ID" help:"The incident it belongs to."`
	ValidFrom   string   `placeholder:"RFC3339" help:"When it begins."`
	ValidUntil  string   `placeholder:"RFC3339" help:"When it ends."`
	RequestedBy string   `placeholder:"PERSON" help:"Who asked for it: the id of a person, or an account."`
	ReviewDue   string   `placeholder:"RFC3339" help:"By when it is to be reviewed."`
	ReviewOwner string   `placeholder:"TEAM" help:"The team that is to review it."`
}

// Run signs an exception.
func (c *exceptionCommand) Run(w world, code *int) error {
	artifact, subject, err := artifactSubject(c.Artifact)
	if err != nil {
		return err
	}
	e, err := predicate(w, c.Predicate, c.exceptionFlags, (*attest.Statement).Exception, attest.ExceptionType, func() (attest.Exception, error) { return c.exception(artifact) })
	if err != nil {
		return err
	}
	s, err := issue.Exception(e, subject)
	if err != nil {
		return complaint(err, map[string]string{"rules": "--rule", "artifact": "--pattern"})
	}
	return c.write(w, code, s)
}

// exception is what the flags say.
func (c *exceptionCommand) exception(a attest.Artifact) (attest.Exception, error) {
	e := attest.Exception{
		Policy: c.Policy, Rules: c.Rule, Artifact: c.Pattern, Environment: c.Environment, Reason: c.Reason, Incident: c.Incident, RequestedBy: c.RequestedBy, ReviewOwner: c.ReviewOwner,
	}
	if e.Artifact == "" {
		e.Artifact = a.Scope()
	}
	err := missing(
		[2]string{"--policy", c.Policy}, [2]string{"--rule", strings.Join(c.Rule, "")}, [2]string{"--reason", c.Reason}, [2]string{"--valid-from", c.ValidFrom},
		[2]string{"--valid-until", c.ValidUntil}, [2]string{"--requested-by", c.RequestedBy}, [2]string{"--review-due", c.ReviewDue},
	)
	return e, times(err, moments{{"--valid-from", c.ValidFrom, &e.ValidFrom}, {"--valid-until", c.ValidUntil, &e.ValidUntil}, {"--review-due", c.ReviewDue, &e.ReviewDue}})
}
