// Package issue makes the evidence this project defines itself (design §3.3): approvals, exceptions,
// revocation lists and drills, as in-toto statements in DSSE envelopes, signed with keys.
//
//	s, err := issue.Approval(attest.Approval{Decision: "approved"}, issue.About(artifact))
//	e, err := issue.Sign(rand.Reader, s, signer)
//	os.Stdout.Write(e.JSON())
//
// # What is made
//
// A [Statement] is there only if package attest reads it again as the same value: what a decoder would refuse
// cannot be signed by mistake. Its bytes depend on nothing but the value and its subjects, so that several
// people who mean the same sign the same payload. A signature is there only if it verifies with the key's public part,
// in the one form verifiers take of that kind of key. A timestamp is beside a signature only if it is over it.
//
// # What is not checked
//
// Whether the signer may say so: that is judged by the ownership model when the evidence is used. A timestamp's
// authority is not verified, nor are other people's signatures in an envelope one is added to.
//
// Nothing here reads a clock, the network, the file system or the environment; randomness is handed in.
package issue
