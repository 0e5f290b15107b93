package layout

import (
	"slices"
	"strings"
	"time"

	"github.com/surety-dev/surety/attest"
)

// The limits of one verification. Over one of them the layout does not pass, and the reason names it.
const (
	// MaxDepth is how deep layouts may stand in for links, the first included ("layout-depth").
	MaxDepth = 8
	// MaxLayouts is how many times a layout may be verified, the first included ("layouts").
	MaxLayouts = 64
	// MaxWork is how many times an artifact of a link may be looked at, as a whole and by a rule, and what
	// costs as much as that ("layout-work").
	MaxWork = 10_000_000
)

// Signed is a link or a layout with those of its signatures that were proven.
type Signed struct {
	// Evidence names it: the digest of the evidence item.
	Evidence string
	// Statement is what was signed: a link, a link attestation or a layout. Another is ignored.
	Statement *attest.Statement
	// Signers are the signatures that were proven.
	Signers []Signer
}

// Signer is one proven signature, and who stands behind it.
type Signer struct {
	// Key is the fingerprint of the key that signed: the SHA-256 of its SubjectPublicKeyInfo.
	Key [32]byte
	// Holder is the principal who holds the key; "" where the signature counts for nobody.
	Holder string
	// Person says that the holder is a person.
	Person bool
	// Reason says why the signature counts for nobody; "" where it counts.
	Reason string
}

// Result says whether a supply chain is what its layout says. The zero Result has not passed.
type Result struct {
	// Evidence names the layout.
	Evidence string
	// Passed says that every step passed, that the layout has not ended, and that the artifact came of it.
	Passed bool
	// Reasons say why it has not passed, those about a step naming it; empty if it has.
	Reasons []string
	// Expires is when the layout ends.
	Expires time.Time
	// Steps are the layout's steps, in its order.
	Steps []Step
	// Inspections are the names of its inspections, in its order. None was run.
	Inspections []string
	// Product is which product is the artifact: "package: dist/api.tar.gz"; "" if none, and of a layout that
	// stands in for a link.
	Product string
}

// Step is what became of one step.
type Step struct {
	// Name is its name.
	Name string
	// Threshold is how many holders must have done it alike.
	Threshold int
	// Passed says that they have, and that the rules for its artifacts hold.
	Passed bool
	// Reasons say why it has not passed; empty if it has.
	Reasons []string
	// Holders are the people and workloads who did it and whose account is used, sorted, each once.
	Holders []string
	// People are those of them who are people, sorted.
	People []string
	// Links are the links for the step, and the layouts that might stand in for one, by Evidence.
	Links []Link
	// Rules are the rules for its artifacts, those for materials first, as far as they were judged.
	Rules []Rule
	// Alike are paths of the link used that differ only in case or in Unicode's composition, sorted: two
	// files to in-toto, and perhaps one to a file system.
	Alike []string
	// Layouts are what became of the layouts that might stand in for a link, by Evidence.
	Layouts []Result
}

// Link is what became of one link for a step.
type Link struct {
	// Evidence names it.
	Evidence string
	// Holders are those it counts for, sorted, each once.
	Holders []string
	// Used says that it is one of those the step passed with, or came closest.
	Used bool
	// Reasons say why it, or a signature of it, does not count.
	Reasons []string
}

// Rule is what became of one artifact rule.
type Rule struct {
	// Of is what the rule is for: "materials" or "products".
	Of string
	// Text is the rule, its words with spaces between them.
	Text string
	// Held says that it was not violated.
	Held bool
	// Path is the first material or product that violates it, where there is one.
	Path string
}

// Verify holds evidence against a layout as of a time. The layout must have been approved: that its own
// signers may say what the supply chain is, is the caller's to know, and they are not looked at. Of the
// evidence only links and layouts matter; the layout itself may be among it. Nothing is an error: what is
// wrong is a reason, and the result has not passed.
func Verify(layout Signed, evidence []Signed, artifact attest.Artifact, at time.Time) Result {
	c := &chain{artifact: artifact, at: at}
	for _, s := range evidence {
		c.add(s)
	}
	slices.SortStableFunc(c.evidence, func(x, y entry) int { return strings.Compare(x.Evidence, y.Evidence) })
	c.evidence = merged(c.evidence)
	return c.verify(layout, nil)[0].result()
}

// chain is one verification.
type chain struct {
	evidence []entry // by Evidence
	artifact attest.Artifact
	at       time.Time
	layouts  int // how many were verified
	work     int // how many times an artifact was looked at, or as much was done
}

// entry is evidence, decoded.
type entry struct {
	Signed
	link *attest.StepLink // nil: a layout
}

// add decodes evidence. What is neither link nor layout, or cannot be read, is left out.
func (c *chain) add(s Signed) {
	if s.Statement == nil {
		return
	}
	link, err := s.Statement.StepLink()
	if err == nil && (link != nil || s.Statement.Layout() != nil) {
		c.evidence = append(c.evidence, entry{s, link})
	}
}

// merged makes one of the entries of one item, with the signers of all.
func merged(list []entry) []entry {
	var out []entry
	for _, e := range list {
		if n := len(out) - 1; n >= 0 && out[n].Evidence == e.Evidence {
			out[n].Signers = slices.Concat(out[n].Signers, e.Signers)
			continue
		}
		out = append(out, e)
	}
	return out
}

// verify holds the evidence against one layout. path are the layouts it stands in for a link of, itself
// not included. It gives the ways in which it passes, or the one in which it does not.
func (c *chain) verify(layout Signed, path []string) []outcome {
	r := Result{Evidence: layout.Evidence}
	l := layout.Statement.Layout()
	if l == nil {
		r.Reasons = []string{"it is not a layout"}
		return []outcome{{result: func() Result { return r }}}
	}
	r.Expires = l.Expires
	for _, i := range l.Inspections {
		r.Inspections = append(r.Inspections, i.Name)
	}
	v := &verification{chain: c, layout: l, path: append(slices.Clip(path), layout.Evidence), result: &r}
	for _, s := range l.Steps {
		r.Steps = append(r.Steps, Step{Name: s.Name, Threshold: s.Threshold})
	}
	c.layouts++
	switch {
	case c.work > MaxWork:
		v.fail(limit("layout-work", MaxWork))
	case !c.at.Before(l.Expires):
		v.fail("it expired at " + l.Expires.UTC().Format(time.RFC3339))
	case v.check():
		return v.run()
	}
	return []outcome{v.outcome()}
}

// outcome is what the result comes to.
func (v *verification) outcome() outcome {
	r := *v.result
	for i := range r.Steps {
		s := &r.Steps[i]
		for _, reason := range s.Reasons {
			r.Reasons = append(r.Reasons, "step "+s.Name+": "+reason)
		}
	}
	r.Passed = len(r.Reasons) == 0 && len(r.Steps) > 0 && !slices.ContainsFunc(r.Steps, func(s Step) bool { return !s.Passed })
	out := outcome{result: func() Result { return r }}
	if r.Passed {
		out.link = ends(v.chosen[0], v.chosen[len(v.chosen)-1])
	}
	return out
}

// verification is one layout being verified.
type verification struct {
	*chain
	layout  *attest.Layout
	path    []string // the layouts above this one, and this one
	result  *Result
	options [][]*account // of each step, the accounts by enough holders
	needs   [][]int      // of each step, the steps its rules match with
	chosen  []*account   // of each step, the account used; nil if there is none
}

// fail says why the layout does not pass.
func (v *verification) fail(reason string) { v.result.Reasons = append(v.result.Reasons, reason) }

// step says why a step does not pass.
func (v *verification) step(i int, reason string) {
	v.result.Steps[i].Reasons = append(v.result.Steps[i].Reasons, reason)
}

// index is a step's place in the layout, -1 for none.
func (v *verification) index(name string) int {
	return slices.IndexFunc(v.layout.Steps, func(s attest.LayoutStep) bool { return s.Name == name })
}
