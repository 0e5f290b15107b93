// Package inspect says what evidence holds, who signed it and when, what of it verifies and what not
// and why. It is no verdict: it knows no artifact, no policy and no duty, and admits nothing.
//
// # Trust model
//
// Evidence is trusted in nothing. What a signature has been verified over and what it has not stand in
// different fields, in Go and in JSON ([Item.Verified] and [Item.Unverified], [Signature.Identity] and
// [Signature.Unverified]), and differently marked lines of the text. "Verified" has one meaning: the
// signature verifies, with a key of the ownership model or with a certificate that chains to a root of
// one of the openers, exactly as package verify proves it ([verify.Open]). It does not mean that the
// signer may say so, nor that what it says is true.
//
// Without an ownership model no key is known, so no signature by a key verifies. With one, each verified
// identity is bound to a credential as verify binds it ([ownership.Model.Bind]), at the time it signed;
// why it binds to none is in [Standing].
//
// # What is not checked
//
// Whether a signer was granted anything, whether a subject is the artifact anybody means, and what any
// rule says of it: ask package verify. Key ids, certificates that do not verify, and all content no
// verified signature is over are what somebody wrote. Times inside a statement are its signer's claims.
//
// Nothing here reads a clock, the network, a file or the environment. Names inside evidence are shown,
// never used. What is written for people has control and directional characters replaced, and in JSON
// they are escaped, so that evidence cannot write to a terminal.
package inspect
