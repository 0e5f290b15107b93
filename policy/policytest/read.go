package policytest

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/document"
	"github.com/surety-dev/surety/verify"
)

// trial is what one verdict is asked for.
type trial struct {
	name      string // what breaks the case; "" of the case as it stands
	at        document.Place
	ownership string
	policies  []string
	edits     []edit
	artifact  string
	digests   attest.Digests
	when      time.Time
	where     string // the environment
	least     map[string]int
	evidence  []ingredient
	want      *Outcome // nil: there is none yet

	request verify.Request
}

// situation are the fields of a case that a way to break it may change.
var situation = []string{"ownership", "policies", "edits", "artifact", "digests", "content", "environment", "at", "minVersions", "evidence", "want"}

// read reads case.yaml. What is wrong is recorded at its nodes.
func (c *Case) read(root *document.Node) {
	o := root.Object(append(slices.Clone(situation), "broken", "unbroken")...)
	for _, head := range []string{"apiVersion", "kind"} {
		o.Get(head).Errorf("unknown field %q: a case is no document by itself", head)
	}
	o.Require("artifact")
	o.Require("at")
	ownership, _ := beside(c.file, "ownership.yaml")
	policy, _ := beside(c.file, "policy.yaml")
	for _, document := range []struct{ field, path string }{{"ownership", ownership}, {"policies", policy}} {
		if _, err := fs.Stat(c.root, document.path); err != nil && o.Node() != nil && o.Get(document.field) == nil && !o.Misspelt(document.field) {
			o.Node().Errorf("no %q, and no %s: expected one of them", document.field, document.path)
		}
	}
	whole := trial{at: root.Place(), ownership: ownership, policies: []string{policy}}
	whole.read(c, o)
	sound := whole.finish(c, o.Node())
	c.trials = []trial{whole}
	broken, reason := o.Get("broken"), o.Get("unbroken").String()
	for _, e := range broken.Entries() {
		t, node := c.broken(whole, e)
		if sound { // else what is wrong has been said
			t.finish(c, node)
		}
		c.trials = append(c.trials, t)
	}
	switch {
	case broken != nil && reason != "":
		o.Get("unbroken").Errorf("unbroken beside broken: expected one of them")
	case whole.want != nil && whole.want.Decision.Admits() && broken == nil && reason == "" && !o.Misspelt():
		o.Get("want").Errorf("a release that is admitted, and nothing that breaks it: expected broken, or unbroken with the reason why not")
	}
}

// broken reads one way to break a case, which stands at the node.
func (c *Case) broken(whole trial, e document.Entry) (trial, *document.Node) {
	o := e.Value.Object(append(slices.Clone(situation), "drop")...)
	t := whole
	t.name, t.at, t.want = e.Name.String(), e.Name.Place(), nil
	t.edits, t.evidence = slices.Clone(whole.edits), slices.Clone(whole.evidence)
	t.digests, t.least = maps.Clone(whole.digests), maps.Clone(whole.least)
	for _, n := range o.Get("drop").List() {
		i := slices.IndexFunc(t.evidence, func(i ingredient) bool { return i.name == n.String() })
		if i < 0 {
			n.Errorf("no evidence is called %q: expected one of %s", n.String(), namesOf(t.evidence))
			continue
		}
		t.evidence = slices.Delete(t.evidence, i, i+1)
	}
	t.read(c, o)
	if t.want != nil && t.want.Decision.Admits() {
		o.Get("want").Errorf("what breaks a case, and the decision %s: expected one that refuses", t.want.Decision)
	}
	if o.Node() != nil && !slices.ContainsFunc(append(slices.Clone(situation), "drop"), func(name string) bool { return name != "want" && o.Get(name) != nil }) && !o.Misspelt() {
		e.Value.Errorf("nothing that breaks the case: expected one or more of drop, %s", strings.Join(situation[:len(situation)-1], ", "))
	}
	return t, e.Value
}

func namesOf(evidence []ingredient) string {
	var names []string
	for _, i := range evidence {
		names = append(names, i.name)
	}
	return orElse(strings.Join(names, ", "), "none, for there is none")
}

// read takes in the fields that are there.
func (t *trial) read(c *Case, o document.Object) {
	if n := o.Get("ownership"); n != nil {
		t.ownership = c.path(n)
	}
	if n := o.Get("policies"); n != nil {
		t.policies = nil
		for _, item := range n.List() {
			t.policies = append(t.policies, c.path(item))
		}
	}
	for _, n := range o.Get("edits").List() {
		t.edit(c, n)
	}
	if n := o.Get("artifact"); n != nil {
		t.artifact = n.String()
		if err := attest.CheckName(t.artifact); err != nil && t.artifact != "" {
			n.Errorf("%v", err)
		}
	}
	t.readDigests(o)
	if n := o.Get("environment"); n != nil {
		t.where = n.String()
	}
	if n := o.Get("at"); n != nil {
		t.when = n.Time()
	}
	for _, e := range o.Get("minVersions").Entries() {
		if t.least == nil {
			t.least = map[string]int{}
		}
		t.least[e.Name.String()] = e.Value.IntMin(1)
	}
	for _, e := range o.Get("evidence").Entries() {
		t.ingredient(c, e)
	}
	t.want = readWant(o.Get("want"))
}

// path reads the path of a file of the case or of one beside it.
func (c *Case) path(n *document.Node) string {
	text := n.String()
	name, ok := beside(c.file, text)
	if !ok && text != "" {
		n.Errorf("the path %q: expected one relative to the case, with / between its parts, that stays within the directory the cases are in", text)
	}
	c.named = append(c.named, name)
	if _, err := fs.Stat(c.root, name); ok && err != nil {
		n.Errorf("the file %s is not there: expected a file of the case, or one beside it", name)
	}
	return name
}

// edit reads an edit of a document, and tries it.
func (t *trial) edit(c *Case, n *document.Node) {
	o := n.Object("file", "old", "new")
	file, old := o.Require("file"), o.Require("old")
	e := edit{file: c.path(file), old: old.String(), new: o.Get("new").Text(), at: file.Place()}
	t.edits = append(t.edits, e)
	if o.Node() == nil || e.old == "" {
		return
	}
	data, err := fs.ReadFile(c.root, e.file)
	if err != nil {
		return // which has been said
	}
	if _, ok := apply(t.edits, e.file, data); !ok {
		old.Errorf("%q does not stand once in %s: expected a text that does", e.old, e.file)
	}
}

// readDigests reads what the artifact is: its digests, or its content.
func (t *trial) readDigests(o document.Object) {
	digests, content := o.Get("digests"), o.Get("content")
	switch {
	case digests != nil && content != nil:
		content.Errorf("content beside digests: expected one of them")
	case content != nil:
		t.digests = digestOf([]byte(content.String()))
	case digests != nil:
		t.digests = readDigests(digests)
	}
}

func readDigests(n *document.Node) attest.Digests {
	digests := attest.Digests{}
	for _, e := range n.Entries() {
		digests[e.Name.String()] = e.Value.String()
	}
	return digests
}

// finish makes the request, and reports whether it could.
func (t *trial) finish(c *Case, n *document.Node) bool {
	if n == nil || t.artifact == "" || t.when.IsZero() || !t.complete() {
		return false
	}
	digests := t.digests
	if digests == nil {
		digests = digestOf([]byte(t.artifact))
	}
	artifact, err := attest.NewArtifact(t.artifact, digests)
	if err != nil {
		if _, ok := errors.AsType[*attest.NameError](err); !ok { // which has been said
			n.Errorf("%v", err)
		}
		return false
	}
	request := verify.Request{Artifact: artifact, Environment: t.where, At: t.when, AtChosen: true}
	about := request // evidence stays what it is, whatever breaks the case
	if len(c.trials) > 0 {
		about = c.trials[0].request
	}
	for _, i := range t.evidence {
		data, err := i.make(c, about)
		if err != nil {
			i.node.Errorf("evidence %s: %v", i.name, err)
			return false
		}
		request.Evidence = append(request.Evidence, attest.Parse(i.name, data, attest.Limits{})...)
	}
	t.request = request
	return true
}
