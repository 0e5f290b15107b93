package verify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/surety-dev/surety/policy"
)

// APIVersion and Kind head every verdict document.
const (
	APIVersion = "surety.dev/v1alpha1"
	Kind       = "Verdict"
)

// Verdict is the answer to a request: the decision, why, and who answers for it (design §3.4). The
// zero Verdict denies. Its JSON is canonical: the same inputs give the same bytes.
type Verdict struct {
	// APIVersion is "surety.dev/v1alpha1".
	APIVersion string `json:"apiVersion"`
	// Kind is "Verdict".
	Kind string `json:"kind"`
	// Decision is the answer.
	Decision Decision `json:"decision"`
	// Artifact is what was judged, as the caller named it.
	Artifact ArtifactRef `json:"artifact"`
	// Environment is where it was to be released; "" where the request named none.
	Environment string `json:"environment"`
	// Tier is how critical the ownership model says the artifact is; "" where no tier covers it, or several tie.
	Tier string `json:"tier,omitempty"`
	// EvaluatedAt is the time of evaluation.
	EvaluatedAt Time `json:"evaluatedAt"`
	// AtChosen is set where the caller chose the time of evaluation instead of reading a clock.
	AtChosen bool `json:"atChosen,omitempty"`
	// Drill is set where the caller says that this is a drill: then nothing that is admitted ships.
	Drill bool `json:"drill,omitempty"`
	// Rollback is set where the caller says that the release returns to an earlier artifact.
	Rollback bool `json:"rollback,omitempty"`
	// RollbackOwners are the teams that roll the artifact back and have somebody in them, by id, and whom to
	// page; nil where nobody does, or it is no rollback.
	RollbackOwners []Paged `json:"rollbackOwners,omitempty"`
	// Marks are the four parts of the decision.
	Marks Marks `json:"marks"`
	// Rules says what became of each rule of the policies that apply, by policy and position.
	Rules []RuleOutcome `json:"rules"`
	// Findings say what is wrong or noteworthy, by severity, code, evidence and credential.
	Findings []Finding `json:"findings"`
	// Needed is what still has to be proven, by policy: the declarations and deny rules for which judging by what
	// is proven and by what may be differ. There only where the decision is indeterminate, and no limit of the
	// request was reached.
	Needed []Need `json:"needed,omitempty"`
	// Signers are the verified signatures that counted, by evidence and credential.
	Signers []Signer `json:"signers"`
	// Approvals are the approvals that counted, for policies whose rules ask for them.
	Approvals []Approval `json:"approvals"`
	// Exceptions are the exceptions that were used, by evidence.
	Exceptions []Exception `json:"exceptions"`
	// Layouts are the supply chains that were judged, by evidence: the in-toto layouts approved by those
	// who answer for them, each followed by those that might stand in for its links. There only where a policy
	// asks for layouts and there are some.
	Layouts []LayoutOutcome `json:"layouts,omitempty"`
	// Revocations are the revocation lists that counted, by evidence. There only where there are some.
	Revocations []RevocationList `json:"revocations,omitempty"`
	// Inputs names everything the verdict rests on, by digest.
	Inputs Inputs `json:"inputs"`
}

// Admits reports whether the release may go in. It is all a gate asks.
func (v Verdict) Admits() bool { return v.Decision.Admits() }

// Public is a message for whoever asked, without internal names.
func (v Verdict) Public() string {
	switch v.Decision {
	case Allow:
		return "The release is allowed."
	case AllowWithException:
		return "The release is allowed under an exception."
	case Indeterminate:
		return "The release is refused: what it needs cannot be proven."
	}
	return "The release is refused."
}

// JSON gives the verdict's canonical form: this field order, no white space, UTC seconds, empty lists
// present.
func (v Verdict) JSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v.filled()); err != nil {
		return nil, fmt.Errorf("verdict: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// filled is the verdict with empty lists where there were none, as its canonical form has them.
func (v Verdict) filled() Verdict {
	v.Rules = append([]RuleOutcome{}, v.Rules...)
	for i := range v.Rules {
		v.Rules[i].Because = filledCauses(v.Rules[i].Because)
	}
	v.Needed = append([]Need(nil), v.Needed...)
	for i := range v.Needed {
		v.Needed[i].Evidence = list(v.Needed[i].Evidence)
	}
	v.Findings = append([]Finding{}, v.Findings...)
	for i := range v.Findings {
		f := &v.Findings[i]
		f.AlsoAnswer, f.Evidence, f.Frameworks = list(f.AlsoAnswer), list(f.Evidence), list(f.Frameworks)
		f.Accountable = f.Accountable.Full()
	}
	v.Signers = append([]Signer{}, v.Signers...)
	for i := range v.Signers {
		v.Signers[i].Duties = list(v.Signers[i].Duties)
	}
	v.Approvals, v.Exceptions = list(v.Approvals), append([]Exception{}, v.Exceptions...)
	for i := range v.Exceptions {
		v.Exceptions[i].Rules, v.Exceptions[i].ApprovedBy = list(v.Exceptions[i].Rules), list(v.Exceptions[i].ApprovedBy)
	}
	v.Layouts = append([]LayoutOutcome(nil), v.Layouts...)
	for i := range v.Layouts {
		v.Layouts[i] = v.Layouts[i].filled()
	}
	v.Revocations = append([]RevocationList(nil), v.Revocations...)
	for i := range v.Revocations {
		v.Revocations[i] = v.Revocations[i].filled()
	}
	v.Inputs.Policies, v.Inputs.Trust, v.Inputs.Evidence = list(v.Inputs.Policies), list(v.Inputs.Trust), list(v.Inputs.Evidence)
	return v
}

func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

// Time is a time as verdicts write it: RFC 3339, UTC, whole seconds; "" where it is not known.
type Time struct{ time.Time }

// MarshalText implements encoding.TextMarshaler.
func (t Time) MarshalText() ([]byte, error) {
	if t.IsZero() {
		return nil, nil
	}
	return t.UTC().Truncate(time.Second).AppendFormat(nil, time.RFC3339), nil
}

// MarshalJSON writes the time as text.
func (t Time) MarshalJSON() ([]byte, error) {
	text, err := t.MarshalText()
	return append(append([]byte{'"'}, text...), '"'), err
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (t *Time) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*t = Time{}
		return nil
	}
	parsed, err := time.Parse(time.RFC3339, string(text))
	t.Time = parsed.UTC()
	return err
}

// UnmarshalJSON reads the time from a string.
func (t *Time) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	return t.UnmarshalText([]byte(text))
}

// ArtifactRef is the artifact as the verdict names it.
type ArtifactRef struct {
	// Name is the name the caller gave.
	Name string `json:"name"`
	// Digests maps algorithms to lower-case hex.
	Digests map[string]string `json:"digests"`
}

// Marks are the four parts of "right identity, right artefact, right policy, right time".
type Marks struct {
	// Identity: the right signer.
	Identity Standing `json:"identity"`
	// Artifact: the right artifact.
	Artifact Standing `json:"artifact"`
	// Policy: the right policy, met.
	Policy Standing `json:"policy"`
	// Time: at the right time.
	Time Standing `json:"time"`
}

// RuleOutcome is what became of one rule of one policy.
type RuleOutcome struct {
	// Policy is the policy's name.
	Policy string `json:"policy"`
	// ID is the rule's id.
	ID string `json:"id"`
	// Outcome is what became of it.
	Outcome policy.Outcome `json:"outcome"`
	// Severity is how much a failure matters: deny, warn or info.
	Severity Severity `json:"severity"`
	// Position is where the rule stands: "policy.yaml:14:5".
	Position string `json:"position"`
	// Because says why a rule did not pass, in the order of its expression. There only where there is something to
	// say: not where it passed, was waived or skipped, or had no evidence to be evaluated on.
	Because []Cause `json:"because,omitempty"`
}

// Finding is one thing wrong or noteworthy, with who answers for it.
type Finding struct {
	// Code names what it is.
	Code Code `json:"code"`
	// Mark is the part of the decision it belongs to.
	Mark Mark `json:"mark"`
	// Severity is how much it matters.
	Severity Severity `json:"severity"`
	// Message says it in a sentence for people.
	Message string `json:"message"`
	// Control is the control whose owner answers.
	Control string `json:"control"`
	// Accountable is that owner.
	Accountable Answer `json:"accountable"`
	// AlsoAnswer are the owners of the controls upstream, first the most upstream: those that could
	// have prevented it.
	AlsoAnswer []UpstreamAnswer `json:"alsoAnswer"`
	// Evidence are the digests of the items it is about.
	Evidence []string `json:"evidence"`
	// Credential is the id of the credential it is about; "" if about none.
	Credential string `json:"credential,omitempty"`
	// Position is where in a document it is decided; "" if nowhere.
	Position string `json:"position"`
	// Frameworks are the ids of the frameworks it maps to: those of the rule that failed, else those
	// of the code.
	Frameworks []string `json:"frameworks"`
	// Remedy is what to do about it.
	Remedy string `json:"remedy"`
}

// Signer is a verified signature bound to credential, principal and owner. A signature that failed
// is not representable as one: Verify makes the only signers there are.
type Signer struct {
	// Evidence is the digest of the item that carries the signature.
	Evidence string `json:"evidence"`
	// Credential is the credential's id.
	Credential string `json:"credential"`
	// Holder is the principal; "" where several hold the credential.
	Holder string `json:"holder"`
	// Person is the holder where that is a person, else "".
	Person string `json:"person"`
	// Owner is the team accountable for the credential.
	Owner string `json:"owner"`
	// Identity is what the signature proved.
	Identity SignerIdentity `json:"identity"`
	// Duties are what the holder was granted for this attestation.
	Duties []string `json:"duties"`
	// PredicateTypes are the types of what was signed, sorted: of a collection also those of what it holds,
	// as far as they count.
	PredicateTypes []string `json:"predicateTypes,omitempty"`
	// Builder is the builder id of the provenance that was signed; "" for none.
	Builder string `json:"builder,omitempty"`
	// Workflow is the workflow that was started, and its ref, as the certificate says: buildConfigURI; "" for
	// none.
	Workflow string `json:"workflow,omitempty"`
	// SignedAt is when the signature was made, as far as it is known.
	SignedAt SignedAt `json:"signedAt"`
}

// SignerIdentity is a key, or an issuer or authority and the subject it certified.
type SignerIdentity struct {
	// Key is the hex SHA-256 of the public key's SubjectPublicKeyInfo.
	Key string `json:"key,omitempty"`
	// Issuer is the OIDC issuer.
	Issuer string `json:"issuer,omitempty"`
	// Authority is the id of the model's certificate authority, for an X.509 identity.
	Authority string `json:"authority,omitempty"`
	// Subject is the certificate's subject alternative name.
	Subject string `json:"subject,omitempty"`
}

// SignedAt is the span in which a signature was made (design §4.8).
type SignedAt struct {
	// NotBefore: no earlier.
	NotBefore Time `json:"notBefore"`
	// NotAfter: no later.
	NotAfter Time `json:"notAfter"`
	// Source says how NotAfter is known: "rfc3161", "rekor", or "" for the time of evaluation.
	Source string `json:"source"`
	// Authority names who vouches for NotAfter: the id of a timestamp authority of the model, or what a
	// Sigstore root calls its log or authority; "" where nobody does.
	Authority string `json:"authority,omitempty"`
}

// Approval is a counted approval.
type Approval struct {
	// Evidence is the digest of the item that carries it.
	Evidence string `json:"evidence"`
	// Person is the approver.
	Person string `json:"person"`
	// Teams are the approver's teams then.
	Teams []string `json:"teams"`
	// Kind is "approver" or "witness": who signed it.
	Kind string `json:"kind"`
	// Via is "digest" or "source": what it is bound by.
	Via string `json:"via"`
	// SignedAt is when it was made.
	SignedAt SignedAt `json:"signedAt"`
	// Expires is when it ends; "" for never.
	Expires Time `json:"expires"`
}

// Exception is a used exception.
type Exception struct {
	// Evidence is the digest of the item that carries it.
	Evidence string `json:"evidence"`
	// Rules are the rules it waives here, and "evidence:" and the names of declarations, sorted.
	Rules []string `json:"rules"`
	// RequestedBy is the person who asked.
	RequestedBy string `json:"requestedBy"`
	// ApprovedBy are the people who granted it.
	ApprovedBy []string `json:"approvedBy"`
	// Reason is why.
	Reason string `json:"reason"`
	// Incident is the incident's reference.
	Incident string `json:"incident"`
	// ValidFrom is when it begins.
	ValidFrom Time `json:"validFrom"`
	// ValidUntil is when it ends.
	ValidUntil Time `json:"validUntil"`
	// ReviewDue is when it must be reviewed.
	ReviewDue Time `json:"reviewDue"`
	// ReviewOwner is the team that must review it.
	ReviewOwner string `json:"reviewOwner"`
}

// Inputs are the digests of everything a verdict rests on.
type Inputs struct {
	// Policies are the policies the verifier has, by name and version.
	Policies []DocumentInput `json:"policies"`
	// Ownership is the ownership model.
	Ownership DocumentInput `json:"ownership"`
	// Trust are the roots of trust, by id.
	Trust []TrustInput `json:"trust"`
	// Accepted is the digest of the canonical form of the accepted verdict the caller gave: "sha256:" and hex;
	// "" for none.
	Accepted string `json:"accepted,omitempty"`
	// Evidence are the items supplied, by digest.
	Evidence []EvidenceInput `json:"evidence"`
}

// DocumentInput names a document and its content.
type DocumentInput struct {
	// Name is the document's name.
	Name string `json:"name"`
	// Version is its version.
	Version int `json:"version"`
	// Digest is of the file, or of a directory's lines (design §3.4).
	Digest string `json:"digest"`
	// Files are the key and trust files an ownership model refers to.
	Files []FileInput `json:"files,omitempty"`
	// Previous is the digest of the version before it, as a signed document names it.
	Previous string `json:"previous,omitempty"`
	// Authority is the digest of the ownership model whose people had to sign a signed document: its own
	// where nothing vouches for the document but itself. Without it the document is not signed.
	Authority string `json:"authority,omitempty"`
	// SignedBy are the people who signed it, of the teams that had to.
	SignedBy []string `json:"signedBy,omitempty"`
}

// FileInput names a file a document refers to and its content.
type FileInput struct {
	// Path is relative to the document.
	Path string `json:"path"`
	// Digest is "sha256:" and the hex digest of the file.
	Digest string `json:"digest"`
}

// EvidenceInput is one item supplied and what became of it.
type EvidenceInput struct {
	// Digest is "sha256:" and the hex digest of the item's bytes.
	Digest string `json:"digest"`
	// Format is what the item is: dsse, sigstore-bundle, npm-attestation, github-attestation, in-toto-metablock,
	// pypi-attestation or unknown.
	Format string `json:"format"`
	// Sources are where it came from, sorted.
	Sources []string `json:"sources"`
	// Status is what became of it.
	Status Status `json:"status"`
}

// Status is what became of an item: "counted", "undecided", "discarded" or "unused".
type Status string

// What becomes of an item (design §4.1).
const (
	// Counted: it has a signature that counts for a policy that applies.
	Counted Status = "counted"
	// Undecided: all holds but a time, an order or the freshness of status data.
	Undecided Status = "undecided"
	// Discarded: it counts for nothing, and a finding says why.
	Discarded Status = "discarded"
	// Unused: no policy that applies asks for its type; it was not examined.
	Unused Status = "unused"
)
