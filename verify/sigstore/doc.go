// Package sigstore opens Sigstore bundles, and DSSE envelopes whose signatures carry a certificate,
// for package verify. It is a plug-in with a go.mod of its own, so that programs that need only
// keys do not compile the Sigstore libraries.
//
// # What is trusted
//
// Trust is what the caller hands to [New] as trusted roots (the trusted_root.json of a Sigstore
// deployment) and, where given with [Opener.WithClock], a clock: no root is fetched, no system root is used, and certificates that
// come inside the evidence never become an anchor. Each root is tried by itself; the authority of
// one and the log of another never add up. A root may be limited to the OIDC issuers the caller
// accepts from it.
//
// # What a proof means
//
// A timed [verify.Proof] for a certificate says that, under one root:
//
//   - the DSSE signature verifies with the key in the leaf certificate;
//   - the leaf is no authority, allows code signing, has exactly one subject alternative name, one
//     issuer and no extension that could be read in two ways. Under a root without logs it may be without
//     issuer if it has none of Fulcio's extensions, such as GitHub's for release attestations; what it proves is
//     then a name under the root's id, of a credential that names the root as its authority;
//   - it chains to an authority of the root at every trusted time, each within its validity;
//   - where the root has certificate transparency logs, one of them promised to log the leaf;
//   - where the root has transparency logs, at least one entry about exactly this signature,
//     certificate and payload is in one of them;
//   - each trusted time is an RFC 3161 timestamp over the signature by an authority of the root, which
//     vouches for its time and its accuracy together, or one the caller's clock proves, or the integrated time of a Rekor v1 entry under its verified signed entry timestamp. A Rekor v2
//     entry, and a v1 entry without that promise, carry no time.
//
// A certificate for which the signature, chain (at its own notBefore) and transparency promise hold
// but nobody vouches for a time gives a proof without times, which package verify leaves undecided.
// A certificate beside a signature of a bare envelope has a time only from timestamps beside it that the
// caller's clock proves, and then stands as one of a bundle does: never under a root with logs, for an
// envelope holds no log entry. Without timestamps the promise of the certificate transparency log may be
// absent, since Fulcio used to give it beside the certificate.
//
// The verification is at least as strict as that of sigstore-go v1.3, whose parts do the work; the
// steps are ordered here so that a failure is classified by the step that refused, never by the
// words of an error.
//
// # What is not checked
//
// Whether the identity may sign, whether the statement speaks of the artifact, and what any time
// means for a credential: those are judgements of package verify. Certificates are not looked up in
// revocation lists (Fulcio has none), consistency between a log's checkpoints is not checked (that
// is a monitor's work), and witness signatures on a checkpoint are not counted. The statement is
// read by package attest, not by sigstore-go, so fields it does not know are ignored there.
//
// Nothing here reads a clock, the network, the file system or the environment.
package sigstore
