// Package policy holds the rules a release must meet: documents of kind Policy, their rules in CEL,
// compiled once, typed and bounded, and the evaluation of one policy over facts.
//
// # Trust model
//
// Policies are trusted input: whoever writes one decides. They are still bounded, so
// that a careless rule costs an error and not the service, and typed, so that a misspelt field does
// not compile. Facts are produced by the caller (package verify) and hold only evidence that counts:
// what failed verification is not representable in them, and so is invisible to rules. Parameters are
// values bound as variables; nothing is ever spliced into source text.
//
// # What is not checked
//
// This package verifies no signature, knows no keys, people or teams, and reads no clock, file,
// network or environment while evaluating: identities, duties and teams are resolved before, by the
// caller, and facts made by hand are believed. Who wrote a policy, and whether it is the newest, is not
// known here. It decides one policy; several policies, attribution and the verdict are package verify's.
// That a rule compiles does not make it a good one: test policies (package policytest), and
// read what Policy.Remarks says of their shapes.
// Whether an exception is valid, and status data fresh, is package verify's to say; here valid exceptions are
// ids among the facts.
package policy
