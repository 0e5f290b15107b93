package verify

import (
	"fmt"
	"io/fs"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/algorithm"
	"github.com/surety-dev/surety/internal/document"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
)

// The DSSE payload types of signed documents. A signature is over the type too, so one made for a policy
// passes neither for an ownership model's nor for an attestation's. The payload is read as YAML, of which
// JSON is a part, whatever the file is called: what was signed has one meaning.
const (
	OwnershipPayloadType = "application/vnd.surety.ownership+yaml"
	PolicyPayloadType    = "application/vnd.surety.policy+yaml"
)

// LoadOwnership reads the Ownership document at name in fsys: plain, as ownership.Load does, or signed, a
// DSSE envelope in one file whose payload is the document. A signed one must give the digests of the files
// it refers to.
//
// previous is the version before it, as the caller trusts it; nil: none is known. With it the people who
// must have signed are those of previous, and the document must name it, or the change is not approved,
// which a plain document never is. Without it they are the document's own: it is taken on first use, and
// [Endorsement.Self] says so.
//
// Loading approves nothing: the Endorsement says who signed, and is to be given to [New], which does not take
// a signed document without it. That of a plain document without previous is the zero Endorsement. Errors
// are those of ownership.Load, and what is wrong with an envelope.
func LoadOwnership(fsys fs.FS, name string, previous *ownership.Model) (*ownership.Model, Endorsement, error) {
	s, err := open(fsys, name, OwnershipPayloadType)
	if err != nil {
		return nil, Endorsement{}, err
	}
	model, err := ownership.Load(s.fsys, s.name)
	if err == nil && s.envelope != nil {
		err = model.Unpinned()
	}
	if err != nil {
		return nil, Endorsement{}, err
	}
	if s.envelope == nil && previous == nil {
		return model, Endorsement{}, nil
	}
	e := Endorsement{document: versionOf(model), ownership: true, scopes: []string{"**"}, authority: model, self: true}
	if previous != nil {
		e.authority, e.self = previous, false
		e.broken = e.document.follows(versionOf(previous))
	}
	e.sign(s.envelope)
	e.govern()
	return model, e, nil
}

// LoadPolicies reads the policies at path in fsys: plain, as policy.Load does, or one signed, a DSSE
// envelope in one file whose payload is the document. It gives an Endorsement for each, in their order, the
// zero one for a plain policy.
//
// authority is the ownership model whose people must have signed: those accountable for release-policy over
// all that the policy covers, and over parts of it. Without one a signed policy loads and is not approved.
// previous are versions the caller trusts: a policy of the name of one of them must be signed, name the latest
// of them as its previous version, and be approved by those who answer for what that one covered, too.
// Without one of its name nobody can tell whether the name was taken over, and verdicts warn of a signed
// policy that is not the first of its name (previous-unknown).
func LoadPolicies(fsys fs.FS, path string, authority *ownership.Model, previous ...*policy.Policy) ([]*policy.Policy, []Endorsement, error) {
	s, err := open(fsys, path, PolicyPayloadType)
	if err != nil {
		return nil, nil, err
	}
	policies, err := policy.Load(s.fsys, s.name)
	if err != nil {
		return nil, nil, err
	}
	endorsements := make([]Endorsement, len(policies))
	for i, p := range policies {
		before := latest(previous, p.Name())
		if s.envelope == nil && before == nil {
			continue
		}
		e := Endorsement{document: versionOf(p), scopes: p.Artifacts(), authority: authority, position: p.Position()}
		if before != nil {
			e.broken = e.document.follows(versionOf(before))
			e.scopes, e.followed = append(e.scopes, before.Artifacts()...), true
		}
		e.sign(s.envelope)
		e.govern()
		endorsements[i] = e
	}
	return policies, endorsements, nil
}

// latest is the latest version of a name.
func latest(policies []*policy.Policy, name string) *policy.Policy {
	var last *policy.Policy
	for _, p := range policies {
		if p.Name() == name && (last == nil || p.Version() > last.Version()) {
			last = p
		}
	}
	return last
}

// signedFile is where a document is to be read from: as it is, or out of its envelope.
type signedFile struct {
	fsys     fs.FS
	name     string
	envelope *attest.Envelope // nil: it is plain
}

// open looks into the file at name. What is no file is for the loaders to say.
func open(fsys fs.FS, name, payloadType string) (signedFile, error) {
	plain := signedFile{fsys: fsys, name: name}
	if info, err := fs.Stat(fsys, name); err != nil || info.IsDir() {
		return plain, nil
	}
	data, err := document.ReadFile(fsys, name)
	if err != nil {
		return plain, err
	}
	if !attest.IsEnvelope(data) {
		return plain, nil
	}
	envelope, err := attest.ParseEnvelope(name, data, payloadType, attest.Limits{ItemBytes: document.MaxFileBytes})
	if err != nil {
		return plain, &document.Error{File: name, Msg: "a signed document that cannot be read: " + unreadable(err), Cause: err}
	}
	inside := document.Payload{FS: fsys, Name: name + "#payload", Data: envelope.Payload}
	return signedFile{inside, inside.Name, envelope}, nil
}

// sign proves the signatures of the envelope by keys of the authority; nil: there is none.
func (e *Endorsement) sign(envelope *attest.Envelope) {
	e.signed = envelope != nil
	if envelope == nil || e.authority == nil {
		return
	}
	m := algorithm.Over(envelope)
	signers, checks := approversKeys(e.authority), 0
	for _, sig := range envelope.Signatures {
		if sig.Err != nil {
			e.refused = append(e.refused, "a signature cannot be read: "+unreadable(sig.Err))
			continue
		}
		candidates := signers
		named, isNamed := e.authority.KeyNamed(sig.KeyID)
		if isNamed {
			candidates = append([]ownership.Key{named}, signers...)
		}
		key, ok := signer(&m, sig.Sig, candidates, &checks)
		switch {
		case ok:
			e.proofs = append(e.proofs, ownership.Identity{Key: key.Fingerprint})
		case checks > MaxItemChecks:
			e.broken = fmt.Sprintf("it is over the limit signature-checks: at most %d are allowed", MaxItemChecks)
			return
		case isNamed:
			e.refused = append(e.refused, fmt.Sprintf("a signature does not verify with the key of credential %s, which its key id names", named.Credential))
		default:
			e.refused = append(e.refused, "a signature verifies with no key of those who could approve: the signer is unknown, or the document has been altered")
		}
	}
}
