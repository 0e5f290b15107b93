// Package certificate opens, for package verify, what X.509 certificates of an organisation's own
// authorities signed: DSSE envelopes with a certificate beside a signature, and Sigstore bundles that
// hold one and no log entry. Certificates of a Sigstore deployment are package verify/sigstore's: their names
// count with the OIDC issuer and the claims beside them, so they are refused here whoever issued them.
//
// # What is trusted
//
// Trust is what the caller hands to [New]: PEM of each authority's certificates, as an ownership model
// names them (trust.certificateAuthorities), and a [verify.Clock]. Of a file's certificates those that
// no other of it issued are anchors. No system root is used; a certificate from evidence is a step on
// the way, never an anchor.
//
// # What a proof means
//
// A timed [verify.Proof] says that
//
//   - the DSSE signature verifies with the key in the leaf certificate, over SHA-2 (RSA-PSS in an
//     envelope, RSA PKCS#1 v1.5 in a bundle, as the producers of each sign);
//   - the leaf is no authority, names code signing among its extended key usages ("any" does not do),
//     allows digital signatures, and has exactly one subject alternative name: a URI (a SPIFFE id is
//     one), an e-mail address or a DNS name. It is the identity, byte for byte; the common name is
//     nobody's. A certificate with several names is refused, for a match of one says nothing of the
//     rest;
//   - it chains to the authority, all of the chain valid at the earliest trusted time, within its basic,
//     path length, usage and name constraints, with keys and signatures nobody need doubt (RSA from
//     2048 bits, no SHA-1);
//   - the clock vouches for that time.
//
// Where nothing is offered for the time the chain is verified at the leaf's notBefore and the proof has
// no time, which package verify leaves undecided; where what is offered proves none, the signature is
// refused.
//
// # Revocation lists
//
// Lists handed to New are status data: what they say of a certificate of the chain is in the proof, to
// be judged by reason and invalidity date as the states of a credential are (design §4.9). They can
// only speak against a signature, and an old one still does. A list must be signed with
// the key of a certificate in an authority's file, and is heard for all certificates issued under that
// name, whichever of the issuer's keys signed them and in whosever file they stand, anchors too. Of several
// ways from a leaf up to an authority one that stands is enough; but that the key of an authority was
// compromised, as a list says of any certificate for it in the files, holds of it on every way.
//
// # What is not checked
//
// Whether the identity may sign, and what any time means for a credential: those are judgements of
// package verify. Nobody is asked whether a certificate is revoked (no OCSP, no list is fetched), and no
// list need be there or be fresh. Log entries are package verify/sigstore's: a bundle that holds one is
// not opened here.
//
// Nothing here reads a clock, the network, the file system or the environment.
package certificate
