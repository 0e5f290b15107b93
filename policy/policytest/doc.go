// Package policytest tests policies by cases: files that say what happened in a sentence, by which documents
// it is judged, what evidence there is, and what the verdict must be. docs/testing.md says how one is written.
//
// A case makes its evidence by recipes, which sign with keys made from names: nobody handles a key. In the
// documents KEY(name) stands for the public key of the signer called name, and TSA(name) for the
// certificate of the timestamp authority called so.
//
// A policy is as good as its refusals. So a case that ends in allow also says what breaks it, and each way
// must refuse for the stated reason.
//
// # Trust model
//
// Anybody can make the private keys of recipes from their names. Documents with a placeholder in them are
// fit for tests and for nothing else. What a case proves is what [verify.Verifier] decides of its inputs, by
// the code that decides in production; nothing reads a clock, environment or network.
//
// # What is not checked
//
// Recipes sign with keys, not with certificates or through a transparency log: evidence of that kind a case
// brings as a file, and whoever runs it the openers ([Config]). That a release is refused by the rules in a
// case does not say that it is by those in production: test the documents that are in force.
package policytest
