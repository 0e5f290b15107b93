// Package ownership is the model of who may sign, who owns each part of the trust
// chain, and who answers for it, over time.
//
// Load reads one Ownership document and refuses what cannot be read in one way; a
// gap in governance loads and is for lint and the verdict to report. A Model answers
// four kinds of question, each for a time the caller gives:
//
//   - Bind: whose is an identity that has signed, and could it sign then?
//   - View.May: what may this principal do to that artifact?
//   - View.Who: who could sign, who could revoke, who must block, who answers? For one
//     artifact; View.WhoPerson, View.WhoCredential, View.WhoTeam and View.Roles ask it of one
//     of those, and Compare says what changed between two times or two versions.
//   - Control, Contact: which team is accountable for a control, and whom to page?
//
// # Trust model
//
// The document is governed data and is believed; every name, key and
// claim of a signature comes from somebody and is only compared with it. Identities
// passed to Bind must already be *proven*: somebody else has verified the signature,
// and the certificate where there is one, and the time.
//
// # What is not checked
//
// This package knows no cryptography beyond reading public keys. It verifies no signature
// and no certificate, does not read inside the trust files it hands out, and does not know
// who wrote the document, whether it is the newest, or whether what it says of people is so.
// It reads no clock, network or environment; files come from the fs.FS given to Load, and
// only there.
//
// A Model is immutable and safe for concurrent use. Its answers are copies. Lookups
// cost no more with a hundred thousand credentials than with ten.
package ownership
