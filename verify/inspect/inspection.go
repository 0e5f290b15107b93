package inspect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/report"
)

// Kind is the kind of inspection documents. Their apiVersion is [verify.APIVersion].
const Kind = "Inspection"

// Note stands in every inspection, so that nobody takes it for a verdict.
const Note = "no verdict: this says what evidence holds and what of it verifies, and judges nothing"

// Inspection is what evidence holds and what of it verifies. The zero Inspection says nothing.
type Inspection struct {
	// APIVersion is "surety.dev/v1alpha1".
	APIVersion string `json:"apiVersion"`
	// Kind is "Inspection".
	Kind string `json:"kind"`
	// Note says that this is no verdict.
	Note string `json:"note"`
	// At is the time of inspection: the one states are seen from, and at which a key's signature that
	// nobody vouches a time for is looked at.
	At verify.Time `json:"at"`
	// Ownership is the ownership model; nil without one, and then no key is known.
	Ownership *Model `json:"ownership"`
	// Trust are the roots of trust, by id; without any no certificate verifies.
	Trust []verify.TrustInput `json:"trust"`
	// Items are the pieces of evidence, each once, in the order they were given.
	Items []Item `json:"items"`
}

// Model names the ownership model that names signers.
type Model struct {
	// Name is the document's name.
	Name string `json:"name"`
	// Version is its version.
	Version int `json:"version"`
	// Digest is of the file or directory (design §3.4).
	Digest string `json:"digest"`
	// InForce says that the model is in force at the time of inspection; if not, no verdict by it admits.
	InForce bool `json:"inForce"`
}

// Item is one piece of evidence: an envelope, a bundle, or bytes that cannot be read as one.
type Item struct {
	// Digest is "sha256:" and the hex SHA-256 of its bytes.
	Digest string `json:"digest"`
	// Format is what it is: dsse, sigstore-bundle, npm-attestation, github-attestation, in-toto-metablock, pypi-attestation
	// or unknown.
	Format string `json:"format"`
	// Sources are where it was found, sorted.
	Sources []string `json:"sources"`
	// Size is the number of its bytes.
	Size int64 `json:"size"`
	// Unreadable says why it cannot be read; "" if it can.
	Unreadable string `json:"unreadable"`
	// Signatures are those of its envelope, in its order.
	Signatures []Signature `json:"signatures"`
	// Verified is the content, where at least one signature over it verifies; else nil.
	Verified *Content `json:"verified"`
	// Unverified is the content, where no signature over it verifies: anybody may have written it.
	Unverified *Content `json:"unverified"`
}

// Signature is one signature of an item.
type Signature struct {
	// Index is its place in the envelope, from 0.
	Index int `json:"index"`
	// Verified says that it verifies, for Identity.
	Verified bool `json:"verified"`
	// Code says why it does not verify; of one that does, what is lacking about its time
	// (no-trusted-time, signed-after-evaluation), else "".
	Code verify.Code `json:"code"`
	// Message says it in a sentence; "" where Code is.
	Message string `json:"message"`
	// Identity is who it proves to have signed; nil unless it verifies.
	Identity *Identity `json:"identity"`
	// NotBefore is when the certificate that signed began: it signed no earlier. "" for a key.
	NotBefore verify.Time `json:"notBefore"`
	// Times are the verified times it existed at, the earliest first; often none for a key.
	Times []Time `json:"times"`
	// Standing is whose credential it is; nil unless it verifies and there is an ownership model.
	Standing *Standing `json:"standing"`
	// Unverified is what the evidence says of it, and nobody vouches for.
	Unverified Hints `json:"unverified"`
}

// Identity is a proven identity: a key, or what a certificate names.
type Identity struct {
	// Key is the hex SHA-256 of the public key's SubjectPublicKeyInfo; "" for a certificate.
	Key string `json:"key,omitempty"`
	// Issuer is the OIDC issuer of a certificate.
	Issuer string `json:"issuer,omitempty"`
	// Authority is the certificate authority of the model that an X.509 identity chains to, or the Sigstore root that
	// certified a name without an issuer.
	Authority string `json:"authority,omitempty"`
	// Subject is the certificate's subject alternative name.
	Subject string `json:"subject,omitempty"`
	// Claims are the certificate's further claims, by name.
	Claims map[string]string `json:"claims,omitempty"`
}

// Time is a verified time.
type Time struct {
	// At is the time.
	At verify.Time `json:"at"`
	// Source is "rfc3161" or "rekor".
	Source string `json:"source"`
	// Authority is who vouches for it.
	Authority string `json:"authority"`
}

// Standing is what the ownership model says of a verified signature.
type Standing struct {
	// Credential is the id of the credential it binds to, or that kept it from binding; "" if none matches.
	Credential string `json:"credential"`
	// Holders are the principals who hold the credential, sorted.
	Holders []string `json:"holders"`
	// Owner is the team accountable for the credential's life; "" if none is named.
	Owner string `json:"owner"`
	// State is the state the credential was in at Judged; "" without a credential.
	State string `json:"state"`
	// Judged is the time it is looked at: the earliest verified one; of a certificate without one its
	// notBefore; of a key without one the time of inspection.
	Judged verify.Time `json:"judged"`
	// Source says which: "rfc3161", "rekor", "certificate" or "inspection".
	Source string `json:"source"`
	// Code says why it binds to nobody; "" if it binds.
	Code verify.Code `json:"code"`
	// Message says it in a sentence; "" where Code is.
	Message string `json:"message"`
}

// Hints are what stands beside a signature. All of it is UNVERIFIED.
type Hints struct {
	// KeyID is the key id the evidence gives, "" if none.
	KeyID string `json:"keyId"`
	// Certificate is what the certificate beside a signature that does not verify says; nil if there is
	// none, or if the signature verifies.
	Certificate *Certificate `json:"certificate"`
	// LogEntries is how many transparency log entries are offered.
	LogEntries int `json:"logEntries"`
	// Timestamps is how many RFC 3161 timestamps are offered.
	Timestamps int `json:"timestamps"`
}

// Certificate is what a certificate says that has not been verified: anybody can make one.
type Certificate struct {
	// Subjects are its URIs and e-mail addresses.
	Subjects []string `json:"subjects"`
	// Issuer is the OIDC issuer it names, "" if none.
	Issuer string `json:"issuer"`
	// NotBefore and NotAfter are its validity.
	NotBefore verify.Time `json:"notBefore"`
	// NotAfter is the end of its validity.
	NotAfter verify.Time `json:"notAfter"`
	// Unreadable says why it cannot be read; "" if it can.
	Unreadable string `json:"unreadable"`
}

// Content is what an item's statement says: of [Item.Verified], what its signers say; of
// [Item.Unverified], what anybody may have written.
type Content struct {
	// StatementType is the statement's "_type".
	StatementType string `json:"statementType"`
	// PredicateType says what the predicate is.
	PredicateType string `json:"predicateType"`
	// Subjects are what the statement is about.
	Subjects []Subject `json:"subjects"`
	// Claims are the predicate's, where it is build provenance that can be read; else nil.
	Claims *Claims `json:"claims"`
	// Says are the fields of the predicate in the order they are written, where it is one of this project's own
	// (an approval, an exception, a revocation list, a drill) and can be read.
	Says []Said `json:"says"`
	// Unreadable says why provenance, or a predicate of this project, cannot be read; "" if it can, or is neither.
	Unreadable string `json:"unreadable"`
	// Collected are the attestations in it, in order, where it is a collection: each is about the same subjects.
	Collected []Collected `json:"collected"`
}

// Collected is an attestation in a collection.
type Collected struct {
	// PredicateType says what the predicate is.
	PredicateType string `json:"predicateType"`
	// Claims are the predicate's, where it is build provenance that can be read; else nil.
	Claims *Claims `json:"claims"`
	// Unreadable says why provenance cannot be read; "" if it can, or is none.
	Unreadable string `json:"unreadable"`
}

// Said is one field of a predicate.
type Said struct {
	// Field is its name.
	Field string `json:"field"`
	// Value is its value in JSON, without white space between its parts.
	Value string `json:"value"`
}

// Subject is a subject of a statement.
type Subject struct {
	// Name is its name, "" if none. Never a path.
	Name string `json:"name"`
	// URI is its URI, "" if none.
	URI string `json:"uri"`
	// Digests are its digests by known algorithms.
	Digests map[string]string `json:"digests"`
	// Void says why it never matches an artifact; "" if it may.
	Void string `json:"void"`
}

// Claims are a summary of build provenance: what the builder says.
type Claims struct {
	// Builder is the builder's id.
	Builder string `json:"builder"`
	// BuildType says how it was built.
	BuildType string `json:"buildType"`
	// Invocation is the run's id.
	Invocation string `json:"invocation"`
	// Source is the repository it was built from; "" where that is not said in one way.
	Source string `json:"source"`
	// Ref is the branch or tag of the source.
	Ref string `json:"ref"`
	// Revision is the digest of the source's revision, by algorithm.
	Revision map[string]string `json:"revision"`
	// Started is when the build is said to have begun.
	Started verify.Time `json:"started"`
	// Finished is when it is said to have ended.
	Finished verify.Time `json:"finished"`
}

// JSON gives the inspection as one JSON document: this field order, no white space, UTC seconds, empty
// lists present; characters that [report.Printable] would replace are escaped.
func (i Inspection) JSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(i); err != nil {
		return nil, fmt.Errorf("inspection: %w", err)
	}
	return escape(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), nil
}

// escape writes the characters that are not for a terminal as \u and four digits. Outside strings JSON
// is printable, and inside them that is another spelling of the same text.
func escape(data []byte) []byte {
	out := make([]byte, 0, len(data))
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if s := string(r); r > '~' && r < 0x10000 && report.Printable(s) != s {
			out = fmt.Appendf(out, `\u%04x`, r)
		} else {
			out = append(out, data[:size]...)
		}
		data = data[size:]
	}
	return out
}
