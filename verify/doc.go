// Package verify decides whether a release may be trusted and who answers for it: it brings evidence,
// ownership and policies together and returns one Verdict.
//
// # Trust model
//
// Trusted are the ownership model, the policies, the roots of trust of the openers, and the request's
// artifact, environment and time; who supplies them decides. Evidence is trusted in nothing: it
// counts only through a signature that verifies, bound to a credential of the model whose holder was
// there, in force and granted the duty when it signed. What does not count is a finding, with its
// reason and who answers, and is nowhere visible to rules. The zero value of everything refuses.
//
// A verdict is a pure function of artifact, environment, evidence, policies, ownership, trust and
// time: nothing here reads a clock, network, environment or file, and neither order nor repetition of
// evidence nor the number of workers changes a byte of it.
//
// # What is not checked
//
// In-toto layouts count only where [Config] has Chains, such as those of package verify/chain, and their
// inspections are never run. Bare envelopes signed by keys are verified here; certificates and Sigstore bundles only by an
// Opener such as verify/sigstore. Revocation lists speak against evidence, not against who signed the documents. Timestamps beside bare envelopes and the model's own certificate and
// timestamp authorities are not used yet.
//
// Who wrote plain documents is the caller's to know; of documents that [LoadOwnership] and [LoadPolicies]
// find signed it is judged who signed, by keys only. An ownership model that is loaded without the version
// before it is vouched for by nothing but itself. Whether documents are the newest is the caller's to know
// too; Config.MinVersions refuses older ones than it names. So is that the artifact's name and digests are those of what will
// run, that the time is the present, and that the evidence is all there is: what is withheld can speak
// against nothing. A verdict is not signed, and whether it is obeyed is the caller's part.
//
// # In a service
//
// A [Verifier] never changes. A service keeps it in a sync/atomic.Pointer, loads that once a request, and
// stores another when documents change; where they do not load it keeps the one it has. It gathers
// evidence with an attest.Finder, admits only what [Verdict.Admits], answers with [Verdict.Public], and
// logs the verdict, whose [Verdict.LogValue] holds nothing that evidence says. An error of
// [Verifier.Verify] refuses too. The program examples/gate is such a service.
package verify
