// Package timestamp proves when a signature existed, by RFC 3161 timestamps of authorities the caller
// names: a [Clock] for package verify, for keys as for certificates.
//
// # What is trusted
//
// Trust is what the caller hands to [New]: PEM of each authority's certificates, as an ownership model
// names them (trust.timestampAuthorities). No system root is used, and certificates inside a timestamp
// are steps on the way, never anchors. Each authority is tried by itself.
//
// # What a time means
//
// A timestamp is over the bytes of the signature, as Sigstore bundles and go-witness have it, not over
// the payload. A [verify.TrustedTime] says that those bytes existed no later than it: it is the token's
// time and its accuracy together, since an honest clock may be as much behind. It is there if
//
//   - the timestamp is DER with one signer, over a SHA-256, SHA-384 or SHA-512 of exactly these bytes;
//   - the signer's certificate is the one its signed attributes name by hash (ESSCertID, ESSCertIDv2),
//     wherever it stands among those that came along (CVE-2026-39984);
//   - that certificate has exactly one extended key usage, timestamping, and has it critical;
//   - it chains to the authority, and all of the chain is valid at the token's time;
//   - the token's signature verifies with it, over SHA-2: RSA PKCS#1 v1.5, ECDSA or Ed25519.
//
// Two timestamps of one authority count once, the earlier.
//
// # What is not checked
//
// Whether an authority's certificate has been revoked: take a compromised authority out of the model.
// Nonces, policies and serial numbers say nothing to whoever did not ask for the timestamp. RSA-PSS
// signatures, signers named by key identifier and timestamps with more than four certificates are refused,
// and after four that prove nothing the rest beside a signature is not looked at.
//
// Nothing here reads a clock, the network, the file system or the environment.
package timestamp
