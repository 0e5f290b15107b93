package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/surety-dev/surety/ownership"
)

// difference writes what changed, section by section.
func (t *page) difference(d ownership.Difference) {
	t.line(0, "CHANGED  %s", cmp.Or(d.Artifact, "the model"))
	if d.Artifact != "" {
		t.line(0, "environment  %s", cmp.Or(d.Environment, "every one"))
	}
	t.source("before", d.Before.Ownership)
	t.line(0, "             at %s", d.Before.At)
	t.source("after", d.After.Ownership)
	t.line(0, "             at %s", d.After.At)
	if len(d.Changes) == 0 {
		t.line(0, "")
		t.line(0, "NOTHING")
	}
	for len(d.Changes) > 0 {
		n := 1
		for n < len(d.Changes) && d.Changes[n].Section == d.Changes[0].Section {
			n++
		}
		t.changed(d.Changes[:n])
		d.Changes = d.Changes[n:]
	}
}

// titles are what sections are called in the text.
var titles = map[string]string{
	"metadata": "DOCUMENT", "couldSign": "COULD SIGN", "couldRevoke": "COULD REVOKE", "mustBlock": "MUST BLOCK", "controls": "ANSWERS",
}

// changed writes the changes of one section.
func (t *page) changed(changes []ownership.Changed) {
	section := changes[0].Section
	t.section(cmp.Or(titles[section], strings.ToUpper(section)), "", len(changes), func(i int) {
		c := changes[i]
		t.line(1, "%s  %s", change(c), positions(c))
		for _, o := range c.Because {
			t.line(2, "%s: %s  %s", yesOrNot(c.What == ownership.Begun, "before", "now"), o.Message, o.Position)
		}
	})
}

// change says one change.
func change(c ownership.Changed) string {
	if c.What == ownership.Altered {
		return fmt.Sprintf("%s: %s %s (before: %s)", c.ID, c.Field, cmp.Or(shortened(c.After), "none"), cmp.Or(shortened(c.Before), "none"))
	}
	began := c.What == ownership.Begun
	switch c.Section {
	case "people":
		return c.ID + yesOrNot(began, " joined", " left")
	case "couldSign":
		return c.ID + yesOrNot(began, " could sign now, and could not before", " could sign before, and could not now")
	case "controls":
		return c.ID + yesOrNot(began, " has an owner now", " has no owner any more")
	}
	return c.ID + yesOrNot(began, " is new", " is no more")
}

// positions says where the document says so, before and after.
func positions(c ownership.Changed) string {
	switch {
	case c.PositionBefore == c.PositionAfter || c.PositionBefore == "":
		return c.PositionAfter
	case c.PositionAfter == "":
		return c.PositionBefore
	}
	return c.PositionBefore + " -> " + c.PositionAfter
}
