// Package layout holds the links of a supply chain against an in-toto layout: were all its steps done,
// each by enough of those who may do it, and did each take in and give out what the layout lets it?
//
// # Trust model
//
// [Verify] trusts its arguments: that the layout is signed by those who answer for it, that each [Signer]
// is a signature which was proven, and that its holder is who the ownership model says. Nothing of a
// link is believed but through such a signature, by a key that the layout names for the step. The keys in
// a layout are believed no further than that: they say which keys may do a step, and never who holds
// them. A threshold counts holders: a person with two keys is one, a workload is one, and a
// key that nobody in particular holds is none. A step's links count together only where they say the same
// of its materials and products; of several such accounts, each by enough holders, it is enough that one
// fits, so that no link supplied beside good ones spoils them, nor one of another release.
//
// The rules for artifacts are in-toto's own ([in_toto.VerifyArtifacts]), one step at a time. What its
// implementations understand differently is refused before: paths and patterns not in their shortest
// form, paths that lead out with "..", and patterns with a backslash, braces or "[^". A MATCH takes only what
// is under its source prefix, as the specification says and in-toto-golang does not ask. Paths are compared byte for byte; those of a link
// that differ only in case or in Unicode's composition are told of ([Step.Alike]).
//
// What ties the layout to the artifact: a product, by its digest, of the step that an inspection MATCHes
// the delivered files with, where no rule before disallows it, or, where no inspection does, of the last step.
// in-toto takes the products of the last step for those of the chain too. A layout names no artifact: an
// approved one fits whatever comes of it, under whatever name.
//
// A functionary may supply a layout instead of a link: it is verified like the first, and stands for a
// link with the materials of its first step and the products of its last. A layout does not say which step it is
// for, neither here nor in in-toto: it may stand for any that its functionary may do, and fits where the
// step's rules let its artifacts.
//
// # What is not checked
//
// Inspections are never run: nothing here starts a program, reads a file or a clock. They are listed as not
// run. Certificate constraints are not read: who may do a step by them alone may not do it here. Commands
// are not compared, for a link's is what its functionary says it is; byproducts and environment are not
// looked at. As in in-toto, artifacts that no rule of a step mentions are let through: a layout ends its
// rules with DISALLOW *.
//
// A result is a pure function of the arguments: neither the order nor the repetition of evidence changes it.
package layout
