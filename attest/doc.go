// Package attest reads evidence: DSSE envelopes, Sigstore bundles, in-toto metablocks, attestations
// of PyPI, attestation documents of npm, GitHub and PyPI, lists and JSON lines of them, and
// the in-toto statements, links and layouts inside, those in collections of Witness too.
// What it reads is told by its content, never by its name.
//
// # Trust model
//
// Every byte read here was supplied by a stranger. [Parse] decides only whether
// it can be read, and read in one way: two careful readers of the same bytes,
// however differently written, see the same envelope, the same subjects and the
// same predicate, or this package refuses the item. It refuses duplicate names
// at every level, invalid UTF-8 and lone surrogates, trailing data, another
// spelling (case, underscores) of a name the decoder knows at that place, a
// payload type or statement type other than in-toto's, base64 that is not
// canonical, and whatever is over a limit. Other unknown fields are ignored, but in the predicates that this
// project defines itself, which have none. One other spelling is read, and only in the statements it belongs to:
// gittuf writes "type" and "predicate_type" in those of [ViewChange], both or neither.
//
// An item that cannot be read keeps its bytes' digest and its error, so that it
// is reported as itself and never as evidence that was not there. Junk in one
// element of a list, one line of a file, or one signature of an envelope does
// not take its neighbours with it.
//
// # What is not checked
//
// No signature, certificate, log entry, timestamp or time is verified here.
// What [Item.Statement] returns is UNVERIFIED: it says what somebody wrote, and
// must not be acted upon until a signature over [Envelope.PAE] has been verified
// and its signer found to be one who may say so. Key ids, certificates, a GitHub
// document's repository ids and a PyPI document's publishers are hints. What is in a
// collection ([Statement.Collected]) is signed with it, but not for that granted with it. The bundle's verification material is counted and bounded, not judged.
//
// What a predicate says is decoded when it is asked for, to one of the forms that
// [View] lists, and refused where it lacks what its specification requires. That is
// how it reads, not whether it is so: results, levels and times in it are claims.
//
// The artifact is never taken from evidence: it is named by the caller
// ([NewArtifact]), and [Artifact.MatchedBy] says whether a subject speaks of it.
// Names inside evidence are never used as paths, and nothing is read but what
// the caller hands over: no clock, environment, network or working directory.
//
// Where evidence is kept, a [Finder] such as [Index] gives what there is about an
// artifact. It only looks for digests, which a stranger may have written: what it
// finds is no more verified than what it has read, and what it does not find was
// perhaps never handed to it.
//
// A parsed item is immutable, safe for use by many goroutines, and keeps no part
// of the caller's slices. What its methods return is shared and must be treated
// as read-only.
package attest
