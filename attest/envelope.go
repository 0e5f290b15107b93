package attest

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"slices"
	"strconv"
)

// PayloadType is the DSSE payload type of in-toto statements, the only one evidence may have.
const PayloadType = "application/vnd.in-toto+json"

// Envelope is a DSSE envelope: a payload, and signatures over its [Envelope.PAE].
// Source: DSSE v1.0.2, envelope.md. A metablock ([FormatMetablock]) is read as one too.
type Envelope struct {
	// PayloadType says what the payload is: in evidence always [PayloadType], and "" for a metablock, which
	// does not say; else what [ParseEnvelope] was told to expect.
	PayloadType string
	// Payload is the decoded payload; of a metablock its "signed" in canonical JSON, which is no JSON
	// (see [Statement.Predicate] for that). UNVERIFIED, and read-only.
	Payload []byte
	// Signatures are the entries as they stand, repeated and unreadable ones included; at least one.
	Signatures []Signature

	stamps [][]byte // of a bundle, until its signature is there
	digest [sha256.Size]byte
	hashed bool
	plain  bool // a metablock: what is signed is the payload as it is
}

// Signature is one entry of an envelope's signatures. UNVERIFIED.
type Signature struct {
	// KeyID is a hint at the key, "" if none. DSSE: "unauthenticated; must not be used for security decisions".
	KeyID string
	// Sig is the decoded signature; nil if Err is set.
	Sig []byte
	// Certificate is the PEM some producers put beside the signature ("cert", or "certificate" as
	// go-witness has it), unchecked, decoded where it stands in base64; nil if there is none, and
	// always nil in a Sigstore bundle.
	Certificate []byte
	// Intermediates are PEM of the certificates above it ("intermediates"), unchecked; nil in a bundle.
	Intermediates [][]byte
	// Timestamps are the RFC 3161 timestamps over Sig, unchecked: those of "timestamps" whose type
	// is "tsp", or in a bundle those of its timestampVerificationData.
	Timestamps [][]byte
	// Err is set if this entry could not be read; the others stand. Never set in a Sigstore bundle,
	// whose one signature must be readable.
	Err error
}

// PAE is what the envelope's signatures are over: its DSSE pre-authentication encoding, or, of a
// metablock, its canonical JSON. One begins with "DSSEv1" and the other with "{", so that a signature
// over one never passes for one over the other.
func (e *Envelope) PAE() []byte {
	if e.plain {
		return slices.Clone(e.Payload)
	}
	return PAE(e.PayloadType, e.Payload)
}

// Digest is the SHA-256 of PAE. Two attestations are the same if their digests are,
// whatever is around them. It was computed when the envelope was parsed.
func (e *Envelope) Digest() [sha256.Size]byte {
	if e.hashed {
		return e.digest
	}
	h := sha256.New()
	if !e.plain {
		h.Write(header(e.PayloadType, len(e.Payload), 0))
	}
	h.Write(e.Payload)
	var sum [sha256.Size]byte
	h.Sum(sum[:0])
	return sum
}

// PAE is DSSE's pre-authentication encoding (DSSE v1.0.2, protocol.md):
//
//	"DSSEv1" + SP + LEN(type) + SP + type + SP + LEN(body) + SP + body
func PAE(payloadType string, payload []byte) []byte {
	return append(header(payloadType, len(payload), len(payload)), payload...)
}

// header is the PAE up to its body, with room for more bytes after it.
func header(payloadType string, length, room int) []byte {
	b := make([]byte, 0, len("DSSEv1    ")+40+len(payloadType)+room)
	b = append(b, "DSSEv1 "...)
	b = strconv.AppendInt(b, int64(len(payloadType)), 10)
	b = append(b, ' ')
	b = append(b, payloadType...)
	b = append(b, ' ')
	b = strconv.AppendInt(b, int64(length), 10)
	return append(b, ' ')
}

// IsEnvelope reports whether data is a JSON object with the field payloadType, as every envelope has
// it. It says nothing about what else it is: [ParseEnvelope] reads it.
func IsEnvelope(data []byte) bool {
	r := readers.Get().(*reader)
	defer r.release()
	r.reset(trim(data), "$")
	for name := range r.object(envelopeNames) {
		if name == "payloadType" {
			return true
		}
		r.skip()
	}
	return false
}

// ParseEnvelope reads the one DSSE envelope that data is, of a payload type that is not evidence's, as
// strictly as [Parse] reads evidence. PAE signs the type: where each kind of payload has its own, no
// signature made for one kind passes for one of another. The payload is UNVERIFIED and has not been
// looked at. The error is a [*SyntaxError] or [*LimitError].
func ParseEnvelope(source string, data []byte, payloadType string, l Limits) (*Envelope, error) {
	body := trim(data)
	if int64(len(body)) > l.itemBytes() {
		return nil, &LimitError{Limit: "item-bytes", Max: l.itemBytes()}
	}
	r := readers.Get().(*reader)
	defer r.release()
	r.reset(body, "$")
	r.source, r.payloadType = source, payloadType
	e := new(Envelope)
	for name := range r.object(envelopeNames) {
		r.envelopeField(e, name, false)
	}
	r.check(e)
	r.end()
	if r.err != nil {
		return nil, r.err
	}
	return e, nil
}

var (
	envelopeNames        = names{"payloadType", "payload", "signatures"}
	signatureNames       = names{"keyid", "sig", "cert", "certificate", "intermediates", "timestamps"}
	bundleSignatureNames = names{"keyid", "sig"}
	stampNames           = names{"type", "data"}
)

// pemBegin is how PEM begins.
const pemBegin = "-----BEGIN"

// envelopeField reads one field of an envelope, on its own or in a bundle.
func (r *reader) envelopeField(e *Envelope, name string, bundled bool) {
	switch name {
	case "payloadType":
		e.PayloadType = r.text()
		if e.PayloadType != r.expected() {
			r.fail("is %s; expected %q", quote(e.PayloadType), r.expected())
		}
	case "payload":
		e.Payload = r.base64()
	case "signatures":
		for range r.array("signatures", MaxSignatures) {
			var s Signature
			if bundled {
				r.signature(&s, bundleSignatureNames, r.base64)
			} else if err := r.try(func() { r.signature(&s, signatureNames, r.base64) }); err != nil {
				s = Signature{KeyID: s.KeyID, Err: err}
			}
			e.Signatures = append(e.Signatures, s)
		}
		if !bundled {
			r.bounded(e)
		}
	}
}

// bounded holds what stands beside all signatures of an envelope to the limits of an item.
func (r *reader) bounded(e *Envelope) {
	certificates, timestamps := 0, 0
	for _, s := range e.Signatures {
		timestamps += len(s.Timestamps)
		for _, text := range append([][]byte{s.Certificate}, s.Intermediates...) {
			certificates += bytes.Count(text, []byte(pemBegin))
		}
		if limit, ok := errors.AsType[*LimitError](s.Err); ok {
			r.over(limit.Limit, int(limit.Max))
		}
	}
	switch {
	case certificates > MaxCertificates:
		r.over("certificates", MaxCertificates)
	case timestamps > MaxTimestamps:
		r.over("timestamps", MaxTimestamps)
	}
}

func (r *reader) signature(s *Signature, known names, sig func() []byte) {
	for name := range r.object(known) {
		switch name {
		case "keyid":
			s.KeyID = r.text()
		case "sig":
			s.Sig = sig()
		case "cert", "certificate":
			if s.Certificate != nil {
				r.fail("is a second certificate; expected one of \"cert\" and \"certificate\"")
			}
			s.Certificate = r.pem()
		case "intermediates":
			for range r.array("certificates", MaxCertificates) {
				s.Intermediates = append(s.Intermediates, r.pem())
			}
		case "timestamps":
			for range r.array("timestamps", MaxTimestamps) {
				r.token(s)
			}
		}
	}
	if len(s.Sig) == 0 {
		r.fail("has no signature; expected \"sig\"")
	}
}

// pem reads PEM, as text or, as go-witness writes it, in base64. What is neither is left to whoever
// parses the certificate.
func (r *reader) pem() []byte {
	text := []byte(r.needed())
	if decoded, err := canonical.DecodeString(string(text)); err == nil && bytes.HasPrefix(decoded, []byte(pemBegin)) {
		return decoded
	}
	return text
}

// token reads a timestamp; one of a type not known here is passed over.
func (r *reader) token(s *Signature) {
	var kind string
	var data []byte
	for name := range r.object(stampNames) {
		switch name {
		case "type":
			kind = r.text()
		case "data":
			data = r.base64()
		}
	}
	if kind == "tsp" {
		s.Timestamps = append(s.Timestamps, data)
	}
}

// check completes an envelope that has been read whole.
func (r *reader) check(e *Envelope) {
	switch {
	case e.PayloadType == "":
		r.fail("has no payloadType; expected %q", r.expected())
	case e.Payload == nil:
		r.fail("has no payload")
	case len(e.Signatures) == 0:
		r.fail("has no signatures; expected at least one")
	default:
		e.digest, e.hashed = e.Digest(), true
	}
}
