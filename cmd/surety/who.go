package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
)

// whoCommand is `surety who`.
type whoCommand struct {
	Ownership   string `required:"" placeholder:"PATH" help:"The ownership model: a file, signed or not, or a directory of its parts."`
	Previous    string `placeholder:"PATH" help:"The version before that ownership model, whose people must have signed it."`
	Artifact    string `placeholder:"NAME" help:"What is, or would be, released."`
	Environment string `placeholder:"E" help:"Where it is released to; every environment, if absent."`
	Person      string `placeholder:"ID" help:"All one person can sign, revoke and answers for, and what falls if they leave."`
	Credential  string `placeholder:"ID" help:"What one credential can sign, and who stands behind it, keeps it and can revoke it."`
	Team        string `placeholder:"ID" help:"Who is in one team, what it may, answers for and holds."`
	Control     string `placeholder:"NAME" help:"Every role of one control, over all artifacts; all: of every control."`
	Since       string `placeholder:"RFC3339" help:"What changed since that time, of the model or with --artifact of what is said of it."`
	Before      string `placeholder:"PATH" help:"What changed since that other version of the ownership model."`
	At          string `placeholder:"RFC3339" help:"The time asked about; now, if absent."`
	Format      string `enum:"text,json" default:"text" help:"text or json."`
}

// answer is what a question gives.
type answer interface {
	JSON() ([]byte, error)
}

// Run answers; there is no answer that is a failure.
func (c *whoCommand) Run(w world, code *int) error {
	if err := c.check(); err != nil {
		return err
	}
	at, err := moment("--at", c.At, w.now)
	if err != nil {
		return err
	}
	d, err := load(sources{model: c.Ownership, previous: c.Previous})
	if err == nil {
		err = d.approved(at)
	}
	if err != nil {
		return err
	}
	a, text, err := c.ask(d.model, at)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if c.Format == "json" {
		data, err := a.JSON()
		if err != nil {
			return err
		}
		b.Write(append(data, '\n'))
	} else {
		text.plain(&b)
	}
	if _, err := w.stdout.Write(b.Bytes()); err != nil {
		return err
	}
	*code = exitAdmitted
	return nil
}

// check refuses what is not one question.
func (c *whoCommand) check() error {
	var asked []string
	for _, flag := range []struct{ name, value string }{
		{"--artifact", c.Artifact}, {"--person", c.Person}, {"--credential", c.Credential}, {"--team", c.Team}, {"--control", c.Control},
	} {
		if flag.value != "" {
			asked = append(asked, flag.name)
		}
	}
	different := c.Since != "" || c.Before != ""
	switch {
	case len(asked) == 0 && !different:
		return errors.New("nothing is asked about: expected one of --artifact, --person, --credential, --team and --control, or --since or --before")
	case len(asked) > 1:
		return fmt.Errorf("%s: expected one of them", strings.Join(asked, " and "))
	case c.Environment != "" && c.Artifact == "":
		return errors.New("--environment: expected --artifact with it")
	case different && c.Artifact == "" && len(asked) == 1:
		return fmt.Errorf("--since or --before with %s: expected them alone or with --artifact", asked[0])
	}
	if c.Artifact != "" {
		return attest.CheckName(c.Artifact)
	}
	return nil
}

// ask gives the answer and its text.
func (c *whoCommand) ask(model *ownership.Model, at time.Time) (answer, *page, error) {
	view, t := model.At(at), &page{}
	switch {
	case c.Since != "" || c.Before != "":
		before, err := c.before(model, at)
		if err != nil {
			return nil, nil, err
		}
		d := ownership.Compare(before, view)
		if c.Artifact != "" {
			d = ownership.CompareWho(c.artifact(before), c.artifact(view))
		}
		t.difference(d)
		return d, t, nil
	case c.Artifact != "":
		a := c.artifact(view)
		t.who(a)
		return a, t, nil
	case c.Person != "":
		a, err := view.WhoPerson(c.Person)
		t.person(a)
		return a, t, about("--person", err)
	case c.Credential != "":
		a, err := view.WhoCredential(c.Credential)
		t.credential(a)
		return a, t, about("--credential", err)
	case c.Team != "":
		a, err := view.WhoTeam(c.Team)
		t.team(a)
		return a, t, about("--team", err)
	}
	controls, err := controls(c.Control)
	if err != nil {
		return nil, nil, err
	}
	a := view.Roles(controls...)
	t.roles(a)
	return a, t, nil
}

// artifact answers for the artifact, under the name it was asked by.
func (c *whoCommand) artifact(view ownership.View) ownership.Who {
	a := view.Who(attest.Scope(c.Artifact), c.Environment)
	a.Artifact = c.Artifact
	return a
}

// before gives what is compared with: another version, or another time, or both.
func (c *whoCommand) before(model *ownership.Model, at time.Time) (ownership.View, error) {
	if c.Before != "" {
		d, err := load(sources{model: c.Before})
		if err != nil {
			return ownership.View{}, err
		}
		model = d.model
	}
	since, err := moment("--since", c.Since, func() time.Time { return at })
	if err == nil && since.After(at) {
		err = fmt.Errorf("--since %s: expected a time no later than the one asked about, %s", c.Since, at.UTC().Format(time.RFC3339))
	}
	return model.At(since), err
}

// controls reads --control.
func controls(name string) ([]ownership.Control, error) {
	if name == "all" {
		return nil, nil
	}
	if control, ok := ownership.ParseControl(name); ok {
		return []ownership.Control{control}, nil
	}
	var names []string
	for c := ownership.PublisherIdentity; c <= ownership.Monitoring; c++ {
		names = append(names, c.String())
	}
	return nil, fmt.Errorf("--control %s: expected all or one of %s", name, strings.Join(names, ", "))
}

// about says which flag an error is about.
func about(flag string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", flag, err)
}
