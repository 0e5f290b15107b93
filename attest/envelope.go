package attest

import (
	"crypto/sha256"
	"slices"
	"strconv"
)

// PayloadType is the DSSE payload type of in-toto statements, the only one read.
const PayloadType = "application/vnd.in-toto+json"

// Envelope is a DSSE envelope: a payload, and signatures over its [Envelope.PAE].
// Source: DSSE v1.0.2, envelope.md. A metablock ([FormatMetablock]) is read as one too.
type Envelope struct {
	// PayloadType says what the payload is; in a parsed envelope always [PayloadType], and "" for a
	// metablock, which does not say.
	PayloadType string
	// Payload is the decoded payload; of a metablock its "signed" in canonical JSON, which is no JSON
	// (see [Statement.Predicate] for that). UNVERIFIED, and read-only.
	Payload []byte
	// Signatures are the entries as they stand, repeated and unreadable ones included; at least one.
	Signatures []Signature

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
	// Certificate is the PEM some producers put beside the signature ("cert"), as supplied and
	// unchecked; nil if there is none, and always nil in a Sigstore bundle.
	Certificate []byte
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

var (
	envelopeNames        = names{"payloadType", "payload", "signatures"}
	signatureNames       = names{"keyid", "sig", "cert"}
	bundleSignatureNames = names{"keyid", "sig"}
)

// envelopeField reads one field of an envelope, on its own or in a bundle.
func (r *reader) envelopeField(e *Envelope, name string, bundled bool) {
	switch name {
	case "payloadType":
		e.PayloadType = r.text()
		if e.PayloadType != PayloadType {
			r.fail("is %s; expected %q", quote(e.PayloadType), PayloadType)
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
	}
}

func (r *reader) signature(s *Signature, known names, bytes func() []byte) {
	for name := range r.object(known) {
		switch name {
		case "keyid":
			s.KeyID = r.text()
		case "sig":
			s.Sig = bytes()
		case "cert":
			s.Certificate = []byte(r.needed())
		}
	}
	if len(s.Sig) == 0 {
		r.fail("has no signature; expected \"sig\"")
	}
}

// check completes an envelope that has been read whole.
func (r *reader) check(e *Envelope) {
	switch {
	case e.PayloadType == "":
		r.fail("has no payloadType; expected %q", PayloadType)
	case e.Payload == nil:
		r.fail("has no payload")
	case len(e.Signatures) == 0:
		r.fail("has no signatures; expected at least one")
	default:
		e.digest, e.hashed = e.Digest(), true
	}
}
