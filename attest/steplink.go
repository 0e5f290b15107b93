package attest

import (
	"cmp"
	"slices"
	"strings"
)

// The predicate types of links and layouts.
const (
	// LinkType is the predicate type of an in-toto link that is signed as itself, in a metablock or an
	// envelope. Source: in-toto-golang, PredicateLinkV1.
	LinkType = "https://in-toto.io/Link/v1"
	// LinkV03Type is the predicate type of a link attestation. Source: in-toto attestation framework,
	// spec/predicates/link.md, v0.3.
	LinkV03Type = "https://in-toto.io/attestation/link/v0.3"
	// LayoutType is the predicate type of an in-toto layout. No specification names one: this is the
	// project's, made after LinkType.
	LayoutType = "https://in-toto.io/Layout/v1"
)

// StepLink says what one step of a supply chain did: what went in, what came out. UNVERIFIED, like the
// statement it is read from; read-only. Source: in-toto specification v1.0, section 4.4.
type StepLink struct {
	// Name is the step's name; never empty.
	Name string
	// Command is what was run, as the functionary says; nil if nothing.
	Command []string
	// Materials are what went in, by path, each path once.
	Materials []LinkArtifact
	// Products are what came out, by path, each path once.
	Products []LinkArtifact
}

// LinkArtifact is one material or product of a link. UNVERIFIED.
type LinkArtifact struct {
	// Path is its path as recorded; never empty, and never used as a path.
	Path string
	// Digests are its digests as written, those by unknown algorithms included.
	Digests Digests
	// Void says why it never matches an artifact; "" if it may.
	Void string
}

// subject is the artifact as a statement's subject, without unknown algorithms.
func (a LinkArtifact) subject() Subject {
	s := Subject{Name: a.Path, Void: a.Void}
	for name, value := range a.Digests {
		if _, known := algorithmNamed(name); known && a.Void == "" {
			if s.Digests == nil {
				s.Digests = Digests{}
			}
			s.Digests[name] = value
		}
	}
	if s.Digests == nil && s.Void == "" {
		s.Void = "it has no digest of a known algorithm"
	}
	return s
}

// MatchedByLink is [Artifact.MatchedBy] for a material or product of a link: its path is not taken for
// the name of a package.
func (a Artifact) MatchedByLink(x LinkArtifact) error {
	s := x.subject()
	if how, alg, msg := (Artifact{digests: a.digests}).compare(s); how != matches {
		return a.mismatch(s, how, alg, msg)
	}
	return nil
}

var (
	stepLinkNames      = names{"_type", "name", "command", "materials", "products", "byproducts", "environment"}
	linkV03Names       = names{"name", "command", "materials", "byproducts", "environment"}
	linkV03DigestNames = names{"name", "uri", "digest"}
)

// StepLink gives the link that the statement is: one that is signed as itself, or a link attestation (v0.3),
// whose products are its subjects. Both results are nil for other statements. The error is a
// [*SyntaxError] or [*LimitError]. It is decoded at each call, but for one that is signed as itself.
func (st *Statement) StepLink() (*StepLink, error) {
	if st.PredicateType != LinkV03Type {
		return st.link, nil
	}
	r := readers.Get().(*reader)
	defer r.release()
	r.reset(st.Predicate, "$.predicate")
	l := &StepLink{}
	for name := range r.object(linkV03Names) {
		switch name {
		case "name":
			l.Name = r.needed()
		case "command":
			l.Command = r.words()
		case "materials":
			if r.null() {
				continue
			}
			for range r.array("link-artifacts", MaxLinkArtifacts) {
				l.Materials = append(l.Materials, r.descriptor())
			}
			r.distinct(&l.Materials)
		default:
			r.skip()
		}
	}
	for _, s := range st.Subjects {
		l.Products = append(l.Products, LinkArtifact{Path: cmp.Or(s.Name, s.URI), Digests: s.Digests, Void: s.Void})
	}
	r.distinct(&l.Products)
	if l.Name == "" {
		r.fail("has no name; expected that of a step")
	}
	if r.end(); r.err != nil {
		return nil, r.err
	}
	return l, nil
}

// stepLink reads a link that is signed as itself.
func (r *reader) stepLink() *StepLink {
	l := &StepLink{}
	materials, products := false, false
	for name := range r.object(stepLinkNames) {
		switch name {
		case "name":
			l.Name = r.needed()
		case "command":
			l.Command = r.words()
		case "materials":
			materials, l.Materials = true, r.artifacts()
		case "products":
			products, l.Products = true, r.artifacts()
		default:
			r.skip()
		}
	}
	switch {
	case l.Name == "":
		r.fail("has no name; expected that of a step")
	case !materials || !products:
		r.fail("lacks materials or products; expected both")
	}
	return l
}

// artifacts reads the materials or products of a link, by path.
func (r *reader) artifacts() []LinkArtifact {
	var list []LinkArtifact
	if r.null() { // in-toto-golang writes none so
		return nil
	}
	for path := range r.keyed("link-artifacts", MaxLinkArtifacts) {
		a := LinkArtifact{Path: path}
		a.Digests, a.Void = r.allDigests()
		list = append(list, a)
	}
	r.distinct(&list)
	return list
}

// descriptor reads a material of a link attestation. Source: in-toto attestation framework,
// spec/v1/resource_descriptor.md.
func (r *reader) descriptor() (a LinkArtifact) {
	uri := ""
	for name := range r.object(linkV03DigestNames) {
		switch name {
		case "name":
			a.Path = r.text()
		case "uri":
			uri = r.text()
		case "digest":
			a.Digests, a.Void = r.allDigests()
		}
	}
	a.Path = cmp.Or(a.Path, uri)
	return a
}

// distinct sorts artifacts by path, and refuses one without and one that is there twice.
func (r *reader) distinct(list *[]LinkArtifact) {
	slices.SortFunc(*list, func(x, y LinkArtifact) int { return strings.Compare(x.Path, y.Path) })
	for i, a := range *list {
		switch {
		case a.Path == "":
			r.fail("has an artifact without a path")
		case i > 0 && a.Path == (*list)[i-1].Path:
			r.fail("has the artifact %s twice", quote(a.Path))
		}
	}
}

// allDigests reads a digest set with its unknown algorithms. A known one with a wrong length or case is
// a flaw.
func (r *reader) allDigests() (digests Digests, flaw string) {
	digests = Digests{}
	for name := range r.keyed("subject-digests", MaxSubjectDigests) {
		value := r.text()
		if known := r.known(name, algorithmNames); known != "" {
			a, _ := algorithmNamed(known)
			flaw = cmp.Or(flaw, a.flaw(value))
		}
		digests[name] = value
	}
	return digests, flaw
}

// words reads a list of strings.
func (r *reader) words() []string {
	var list []string
	if r.null() {
		return nil
	}
	for range r.array("", 0) {
		list = append(list, r.text())
	}
	return list
}
