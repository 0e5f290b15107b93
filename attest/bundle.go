package attest

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// Bundle is what a Sigstore bundle holds beside its envelope, counted and bounded but
// not judged. Source: sigstore protobuf-specs, sigstore_bundle.proto.
type Bundle struct {
	// MediaType is the bundle's media type, one of those of versions 0.1 to 0.3.
	MediaType string
	// Version is the version the media type names: "0.1", "0.2" or "0.3".
	Version string
	// Raw is the bundle's own JSON, without white space around it; of an attestation of PyPI that of the
	// bundle it is. Read-only.
	Raw []byte
	// KeyHint is the hint at the public key, "" if none or if the material is a certificate.
	KeyHint string
	// HasPublicKey says that the material is a public key's hint, not a certificate.
	HasPublicKey bool
	// Certificates are the DER of the certificate, or of the chain, leaf first. UNVERIFIED.
	Certificates [][]byte
	// LogEntries is the number of transparency log entries.
	LogEntries int
	// Timestamps is the number of RFC 3161 timestamps; its signature has them.
	Timestamps int
}

// The bundles of version 0.3 have two media types in use; the second is the specification's.
func bundleVersion(mediaType string) string {
	switch mediaType {
	case "application/vnd.dev.sigstore.bundle+json;version=0.1":
		return "0.1"
	case "application/vnd.dev.sigstore.bundle+json;version=0.2":
		return "0.2"
	case "application/vnd.dev.sigstore.bundle+json;version=0.3",
		"application/vnd.dev.sigstore.bundle.v0.3+json":
		return "0.3"
	}
	return ""
}

var (
	bundleNames      = names{"mediaType", "verificationMaterial", "dsseEnvelope", "messageSignature"}
	materialNames    = names{"publicKey", "x509CertificateChain", "certificate", "tlogEntries", "timestampVerificationData"}
	hintNames        = names{"hint"}
	chainNames       = names{"certificates"}
	certificateNames = names{"rawBytes"}
	timestampNames   = names{"rfc3161Timestamps"}
	signedNames      = names{"signedTimestamp"}
)

// bundle reads a bundle that is a value of its own, and returns what it holds.
func (r *reader) bundle() (*Bundle, *Envelope) {
	b, e := new(Bundle), new(Envelope)
	start := r.start()
	for name := range r.object(bundleNames) {
		r.bundleField(b, e, name)
	}
	r.checkBundle(b, e)
	b.Raw = bytes.Clone(r.since(start))
	return b, e
}

// bundleField reads one field of a bundle.
func (r *reader) bundleField(b *Bundle, e *Envelope, name string) {
	switch name {
	case "mediaType":
		b.MediaType = r.text()
		b.Version = bundleVersion(b.MediaType)
		if b.Version == "" {
			r.fail("is %s; expected a Sigstore bundle of version 0.1, 0.2 or 0.3", quote(b.MediaType))
		}
	case "verificationMaterial":
		r.material(b, e)
	case "dsseEnvelope":
		for name := range r.object(envelopeNames) {
			r.envelopeField(e, name, true)
		}
		r.check(e)
		if len(e.Signatures) > 1 {
			r.fail("has %d signatures; a bundle has exactly one", len(e.Signatures))
		}
	case "messageSignature":
		r.skip()
		r.fail("signs a message, not a statement; expected dsseEnvelope")
	}
}

// checkBundle completes a bundle that has been read whole.
func (r *reader) checkBundle(b *Bundle, e *Envelope) {
	switch {
	case b.MediaType == "":
		r.fail("has no mediaType; expected that of a Sigstore bundle")
	case !b.HasPublicKey && b.Certificates == nil:
		r.fail("has no verificationMaterial; expected publicKey, x509CertificateChain or certificate")
	case e.Payload == nil:
		r.fail("has no dsseEnvelope")
	case len(e.Signatures) == 1:
		e.Signatures[0].Timestamps, e.stamps = e.stamps, nil
	}
}

// material reads verificationMaterial. An absent field may be written as null, as
// protobuf's JSON allows (npm writes timestampVerificationData so).
func (r *reader) material(b *Bundle, e *Envelope) {
	kinds := 0
	for name := range r.object(materialNames) {
		if r.null() {
			continue
		}
		switch name {
		case "publicKey":
			kinds++
			b.HasPublicKey = true
			for range r.object(hintNames) {
				b.KeyHint = r.text()
			}
		case "certificate":
			kinds++
			b.Certificates = append(b.Certificates, r.certificate())
		case "x509CertificateChain":
			kinds++
			for range r.object(chainNames) {
				for range r.array("certificates", MaxCertificates) {
					b.Certificates = append(b.Certificates, r.certificate())
				}
			}
		case "tlogEntries":
			for range r.array("log-entries", MaxLogEntries) {
				r.counted(&b.LogEntries)
			}
		case "timestampVerificationData":
			for range r.object(timestampNames) {
				if r.null() {
					continue
				}
				for range r.array("timestamps", MaxTimestamps) {
					b.Timestamps++
					e.stamps = append(e.stamps, r.signedTimestamp())
				}
			}
		}
	}
	if kinds != 1 {
		r.fail("has %d of publicKey, x509CertificateChain and certificate; expected exactly one", kinds)
	} else if !b.HasPublicKey && b.Certificates == nil {
		r.fail("has a chain of no certificates")
	}
}

func (r *reader) certificate() []byte {
	var der []byte
	for range r.object(certificateNames) {
		der = r.base64()
	}
	if len(der) == 0 {
		r.fail("has no rawBytes; expected a certificate")
	}
	return der
}

// signedTimestamp reads a timestamp of a bundle; absent, it is empty.
func (r *reader) signedTimestamp() []byte {
	var data []byte
	for range r.object(signedNames) {
		data = r.base64()
	}
	return data
}

// counted skips an object and counts it.
func (r *reader) counted(n *int) {
	if r.is(jsontext.KindBeginObject) {
		r.skip()
		*n++
	}
}
