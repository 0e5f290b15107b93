// Package framework is the table of the governance and security frameworks that findings and rules map
// to: which requirement of this library each of their ids is for. The data stand in table.txt;
// docs/frameworks.md is generated from them.
//
// An id is written "SLUG:ID", the slug with its version: "nist-csf-2.0:PR.AA-05". Ids are compared byte for
// byte. Two that circulate are wrong; they are aliases, which Resolve takes, with a note, and Lookup does not.
//
// What is not here: the rest of each framework, the text of any, and whether somebody complies with one. A
// mapping is this project's judgement, not the framework's.
package framework
