// Package lint reads an ownership model and policies and says what is wrong with them before any release
// is judged: gaps in who answers, credentials that reach too far or outlive their people, rules that
// decide nothing or that less evidence can pass.
//
// Run goes through a table of checks, one a file, all of one shape; docs/lint.md is generated from it.
// Loading refuses what cannot be read in one way; a gap in governance loads, and is found here. The
// checks stand below verify, in one package, for half of them need both documents: a rule names a team,
// an environment needs somebody who blocks, evidence needs somebody who may sign it. A finding has the
// severity and the answer of a verdict's: which control it belongs to, who is accountable, whom to page.
//
// Trust model: both documents are governed data and are believed, and so is a baseline, which can keep a
// finding from counting and never from being reported. Findings are advice about them: no verdict rests on
// one, and a document without findings is not thereby safe.
//
// What is not checked: evidence, signatures and keys; what stands in trust files, runbooks or at contacts;
// whether the people named exist. Names are tried by sample: an artifact scope is covered where names made
// up for it are. Expressions are read for shapes (see policy.Remark), not for what they mean. Time is an
// input; the package reads no clock, network or environment, and of files only a baseline from the fs.FS given.
package lint
