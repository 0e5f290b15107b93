package main

import (
	"fmt"
	"strings"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/attest/issue"
)

// drillCommand is `surety attest drill`.
type drillCommand struct {
	signing
	Artifact string `required:"" placeholder:"NAME=FILE|NAME@ALG:HEX" help:"What was drilled with, or the record of it, and its file or digest."`
	drillFlags
}

// drillFlags are the fields of the predicate.
type drillFlags struct {
	Scenario    string   `placeholder:"TEXT" help:"What was gone through."`
	Outcome     string   `placeholder:"passed|failed" help:"How it came out."`
	Participant []string `sep:"none" placeholder:"PERSON=ROLE" help:"Who took part and in which role; repeats."`
	StartedAt   string   `placeholder:"RFC3339" help:"When it began."`
	EndedAt     string   `placeholder:"RFC3339" help:"When it ended."`
	Reference   string   `placeholder:"TEXT" help:"Where more is written about it."`
}

// Run signs the record of a drill.
func (c *drillCommand) Run(w world, code *int) error {
	_, subject, err := artifactSubject(c.Artifact)
	if err != nil {
		return err
	}
	d, err := predicate(w, c.Predicate, c.drillFlags, (*attest.Statement).Drill, attest.DrillType, c.drill)
	if err != nil {
		return err
	}
	s, err := issue.Drill(d, subject)
	if err != nil {
		return complaint(err, map[string]string{"participants": "--participant"})
	}
	return c.write(w, code, s)
}

// drill is what the flags say.
func (c *drillCommand) drill() (attest.Drill, error) {
	d := attest.Drill{Scenario: c.Scenario, Outcome: c.Outcome, Reference: c.Reference}
	err := missing(
		[2]string{"--scenario", c.Scenario}, [2]string{"--outcome", c.Outcome}, [2]string{"--participant", strings.Join(c.Participant, "")},
		[2]string{"--started-at", c.StartedAt}, [2]string{"--ended-at", c.EndedAt},
	)
	if err := times(err, moments{{"--started-at", c.StartedAt, &d.Started}, {"--ended-at", c.EndedAt, &d.Ended}}); err != nil {
		return d, err
	}
	for _, text := range c.Participant {
		person, role, ok := strings.Cut(text, "=")
		if !ok || person == "" || role == "" {
			return d, fmt.Errorf("--participant %s: expected PERSON=ROLE", text)
		}
		d.Participants = append(d.Participants, attest.DrillParticipant{Person: person, Role: role})
	}
	return d, nil
}
