package policytest

import (
	"io/fs"
	"slices"
	"strings"

	"github.com/surety-dev/surety/internal/document"
	"github.com/surety-dev/surety/verify"
)

// ingredient is evidence of a trial: a file, or a recipe.
type ingredient struct {
	name   string
	node   *document.Node
	file   string
	recipe Recipe
}

// complete reports whether all evidence says what it is; what does not has been reported.
func (t *trial) complete() bool {
	return !slices.ContainsFunc(t.evidence, func(i ingredient) bool {
		return i.file == "" && i.recipe.Name == "" && i.recipe.PredicateType == ""
	})
}

// make makes evidence, or reads it.
func (i ingredient) make(c *Case, request verify.Request) ([]byte, error) {
	if i.file == "" {
		return i.recipe.Make(request)
	}
	data, err := fs.ReadFile(c.root, i.file)
	if err == nil && i.recipe.Tamper == TamperTruncated && len(data) > 0 {
		data = data[:len(data)-1]
	}
	return data, err
}

// ingredient reads evidence; one of the name changes.
func (t *trial) ingredient(c *Case, e document.Entry) {
	name := e.Name.String()
	n := e.Value
	o := n.Object("file", "recipe", "predicateType", "predicate", "predicateFile", "subject", "signers", "at", "authority", "form", "tamper")
	at := slices.IndexFunc(t.evidence, func(i ingredient) bool { return i.name == name })
	if at < 0 {
		at = len(t.evidence)
		i := ingredient{name: name}
		if slices.Contains(Recipes(), name) && o.Get("predicateType") == nil && o.Get("file") == nil {
			i.recipe.Name = name
		}
		t.evidence = append(t.evidence, i)
	}
	i := &t.evidence[at]
	i.node = n
	if r := o.Get("recipe"); r != nil {
		i.recipe.Name = r.OneOf(Recipes()...)
	}
	if f := o.Get("file"); f != nil {
		i.file = c.path(f)
	}
	i.read(c, o)
	switch {
	case o.Node() == nil || o.Misspelt():
	case i.file != "" && !(i.recipe.onlyTampered() && (i.recipe.Tamper == "" || i.recipe.Tamper == TamperTruncated)):
		n.Errorf("a file, and how to make evidence: expected file alone, or with tamper: %s", TamperTruncated)
	case i.file == "" && i.recipe.Name == "" && i.recipe.PredicateType == "" && o.Get("recipe") == nil && o.Get("file") == nil:
		n.Errorf("evidence %s is neither a file nor made: expected file, predicateType, or recipe: one of %s", name, strings.Join(Recipes(), ", "))
	}
}

// onlyTampered reports whether the recipe makes nothing.
func (r Recipe) onlyTampered() bool {
	return r.Name == "" && r.PredicateType == "" && r.Predicate == nil && r.Subject.isZero() && r.Signers == nil && r.At.IsZero() && r.Authority == "" && r.Form == ""
}

// read takes in the fields of a recipe that are there.
func (i *ingredient) read(c *Case, o document.Object) {
	r := &i.recipe
	text := func(name string, to *string) {
		if n := o.Get(name); n != nil {
			*to = n.String()
		}
	}
	text("predicateType", &r.PredicateType)
	text("authority", &r.Authority)
	if n := o.Get("form"); n != nil {
		r.Form = Form(n.OneOf(string(FormDSSE), string(FormBundle)))
	}
	if n := o.Get("tamper"); n != nil {
		r.Tamper = Tamper(n.OneOf(string(TamperPayload), string(TamperSignature), string(TamperTruncated)))
	}
	if n := o.Get("signers"); n != nil {
		r.Signers = n.Strings()
	}
	if n := o.Get("at"); n != nil {
		r.At = n.Time()
	}
	if n := o.Get("subject"); n != nil {
		s := n.Object("name", "uri", "digests")
		r.Subject = Subject{Name: s.Get("name").String(), URI: s.Get("uri").String()}
		if d := s.Get("digests"); d != nil {
			r.Subject.Digests = readDigests(d)
		}
	}
	predicate, file := o.Get("predicate"), o.Get("predicateFile")
	switch {
	case predicate != nil && file != nil:
		file.Errorf("predicateFile beside predicate: expected one of them")
	case predicate != nil:
		r.Predicate = compose(r.Predicate, predicate.Value())
	case file != nil:
		r.Predicate = c.predicate(file)
	}
}

// predicate reads a file of JSON.
func (c *Case) predicate(n *document.Node) any {
	name := c.path(n)
	data, err := fs.ReadFile(c.root, name)
	if err != nil {
		return nil // which has been said
	}
	part, err := document.ParseJSON(name, data)
	if err != nil {
		n.Errorf("%v", c.placed(err, nil))
		return nil
	}
	value := part.Root.Value()
	if err := part.Err(); err != nil {
		n.Errorf("%v", c.placed(err, nil))
	}
	return value
}
