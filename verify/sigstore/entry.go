package sigstore

import (
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	protorekor "github.com/sigstore/protobuf-specs/gen/pb-go/rekor/v1"
	"github.com/sigstore/sigstore-go/pkg/tlog"
)

// maxCheckpointBytes bounds a checkpoint, and with it the signatures checked on it. A real one has
// a few hundred bytes, and some more for each witness.
const maxCheckpointBytes = 16 << 10

// The kinds of log entry that can be about a DSSE envelope (sigstore-go, VerifyTlogEntry).
const (
	kindDSSE         = "dsse/0.0.1"         // Rekor v1
	kindIntoto       = "intoto/0.0.2"       // Rekor v1
	kindHashedRekord = "hashedrekord/0.0.2" // Rekor v2
)

// parseEntry makes sigstore-go's entry from a bundle's. The entry is first held against its own
// closed schema: sigstore-go reads through what is null in a hostile body.
func parseEntry(p *protorekor.TransparencyLogEntry, version string) (*tlog.Entry, error) {
	if err := checkProof(p, version); err != nil {
		return nil, err
	}
	if err := checkBody(p.GetCanonicalizedBody(), p.GetKindVersion()); err != nil {
		return nil, err
	}
	entry, err := tlog.ParseTransparencyLogEntry(p)
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	return entry, nil
}

// checkProof holds what must stand beside the body. Sigstore's bundle specification: version 0.1
// needs an inclusion promise, later ones an inclusion proof.
func checkProof(p *protorekor.TransparencyLogEntry, version string) error {
	promise := len(p.GetInclusionPromise().GetSignedEntryTimestamp()) > 0
	proof := p.GetInclusionProof()
	checkpoint := proof.GetCheckpoint().GetEnvelope()
	switch {
	case len(p.GetLogId().GetKeyId()) == 0:
		return errors.New("names no log")
	case p.GetLogIndex() < 0:
		return errors.New("has a negative index")
	case version == "0.1" && !promise:
		return errors.New("has no inclusion promise, which a bundle of version 0.1 needs")
	case version != "0.1" && proof == nil:
		return fmt.Errorf("has no inclusion proof, which a bundle of version %s needs", version)
	case proof != nil && checkpoint == "":
		return errors.New("has an inclusion proof without checkpoint")
	case len(checkpoint) > maxCheckpointBytes:
		return fmt.Errorf("has a checkpoint of %d bytes, over %d", len(checkpoint), maxCheckpointBytes)
	}
	return nil
}

// body is the outside of a canonicalized body, Rekor v1 and v2 alike.
type body struct {
	APIVersion string         `json:"apiVersion"`
	Kind       string         `json:"kind"`
	Spec       jsontext.Value `json:"spec"`
}

// dsseSpec is the logged form of Rekor v1's dsse 0.0.1: a proposal (proposedContent) is never in a
// log, and would make sigstore-go verify signatures with keys of its own.
type dsseSpec struct {
	EnvelopeHash *logHash `json:"envelopeHash"`
	PayloadHash  *logHash `json:"payloadHash"`
	Signatures   []*struct {
		Signature *string `json:"signature"`
		Verifier  *string `json:"verifier"`
	} `json:"signatures"`
}

// intotoSpec is the logged form of Rekor v1's intoto 0.0.2: the payload itself is never in a log.
type intotoSpec struct {
	Content *struct {
		Envelope *struct {
			PayloadType *string `json:"payloadType"`
			Signatures  []*struct {
				KeyID     string  `json:"keyid"`
				Sig       *string `json:"sig"`
				PublicKey *string `json:"publicKey"`
			} `json:"signatures"`
		} `json:"envelope"`
		Hash        *logHash `json:"hash"`
		PayloadHash *logHash `json:"payloadHash"`
	} `json:"content"`
}

// logHash is a digest in a body.
type logHash struct {
	Algorithm *string `json:"algorithm"`
	Value     *string `json:"value"`
}

// sha256 reports whether the digest is a SHA-256, the only one sigstore-go compares.
func (h *logHash) sha256() bool {
	return h != nil && h.Algorithm != nil && *h.Algorithm == "sha256" && h.Value != nil && len(*h.Value) == 64
}

var errBody = errors.New("has a body that is not of its kind's schema")

// checkBody holds a canonicalized body against the schema of its kind, with every field present
// that sigstore-go reads.
func checkBody(raw []byte, kind interface {
	GetKind() string
	GetVersion() string
}) error {
	var b body
	if err := strictly(raw, &b); err != nil {
		return errBody
	}
	name := kind.GetKind() + "/" + kind.GetVersion()
	if b.Kind+"/"+b.APIVersion != name {
		return fmt.Errorf("says it is %q, and its body %q", name, b.Kind+"/"+b.APIVersion)
	}
	switch name {
	case kindDSSE:
		return checkDSSE(b.Spec)
	case kindIntoto:
		return checkIntoto(b.Spec)
	case kindHashedRekord:
		if b.Spec.Kind() != jsontext.KindBeginObject {
			return errBody
		}
		return nil
	}
	return fmt.Errorf("is of the kind %q, expected %s, %s or %s", name, kindDSSE, kindIntoto, kindHashedRekord)
}

func checkDSSE(raw jsontext.Value) error {
	var spec dsseSpec
	if err := strictly(raw, &spec); err != nil ||
		!spec.EnvelopeHash.sha256() || !spec.PayloadHash.sha256() || len(spec.Signatures) == 0 {
		return errBody
	}
	for _, s := range spec.Signatures {
		if s == nil || !isBase64(s.Signature) || !isBase64(s.Verifier) {
			return errBody
		}
	}
	return nil
}

func checkIntoto(raw jsontext.Value) error {
	var spec intotoSpec
	if err := strictly(raw, &spec); err != nil ||
		spec.Content == nil || spec.Content.Envelope == nil || spec.Content.Envelope.PayloadType == nil ||
		spec.Content.Hash != nil && !spec.Content.Hash.sha256() || !spec.Content.PayloadHash.sha256() ||
		len(spec.Content.Envelope.Signatures) == 0 {
		return errBody
	}
	for _, s := range spec.Content.Envelope.Signatures {
		if s == nil || !isBase64(s.Sig) || !isBase64(s.PublicKey) {
			return errBody
		}
	}
	return nil
}

// strictly decodes one JSON value whole: exact names, none twice, none unknown.
func strictly(raw []byte, into any) error {
	return json.Unmarshal(raw, into, json.RejectUnknownMembers(true))
}

// isBase64 reports whether a text is there and is standard base64 of something.
func isBase64(s *string) bool {
	if s == nil || *s == "" {
		return false
	}
	_, err := base64.StdEncoding.DecodeString(*s)
	return err == nil
}
