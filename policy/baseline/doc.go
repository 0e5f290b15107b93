// Package baseline holds rules that policies include by name and version, and whole policies that are made of
// them. They are data: package policy reads them where a policy says so.
//
// A baseline that was released never changes, so that a policy that names it means the same for ever: what would
// change is another version. Included rules are judged as if they stood in the policy, and see its parameters and
// evidence.
//
// What is not here: whether somebody who includes a rule complies with a framework it maps to.
package baseline
