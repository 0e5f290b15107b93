package attest

import (
	"bytes"
	"encoding/base64"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// The attestations of PyPI (PEP 740; packaging.python.org, index hosted attestations): a Sigstore bundle
// in other words. Each is read as the bundle that pypi-attestations converts it to, of version 0.3, so that its
// signature is verified as that bundle's is. The publisher an index names beside them is not signed, and nothing is
// made of it.

const (
	pypiBundle  = "application/vnd.dev.sigstore.bundle.v0.3+json"
	pypiPublish = "https://docs.pypi.org/attestations/publish/v1"
)

var (
	pypiMarks           = names{"attestation_bundles", "verification_material", "envelope"}
	pypiNames           = names{"version", "verification_material", "envelope"}
	pypiMaterialNames   = names{"certificate", "transparency_entries"}
	pypiEnvelopeNames   = names{"statement", "signature"}
	pypiProvenanceNames = names{"version", "attestation_bundles"}
	pypiPublisherNames  = names{"publisher", "attestations"}
)

// marks are the names by which an object shows what of PyPI it is.
type marks struct{ provenance, material, enveloped bool }

// mark notes one of pypiMarks, whose value is read when the object is read again.
func (r *reader) mark(m *marks, name string) {
	switch name {
	case "attestation_bundles":
		m.provenance = true
	case "verification_material":
		m.material = true
	case "envelope":
		m.enveloped = true
	}
	r.skip()
}

// pypi reads an attestation object as an item.
func (p *parser) pypi(source string, raw []byte) *Item {
	p.r.source = source
	it := newItem(source, raw)
	it.format = FormatPyPI
	if it.size > p.most {
		return it.refuse(&LimitError{Limit: "item-bytes", Max: p.most})
	}
	p.r.reset(raw, "$")
	it.bundle, it.envelope = p.r.pypi()
	p.r.end()
	if p.r.err != nil {
		return it.refuse(p.r.err)
	}
	p.state(it, "$.envelope.statement")
	if it.err == nil {
		it.err = pypiStatement(source, it.statement)
	}
	if it.err != nil {
		it.refuse(it.err)
	}
	return it
}

// pypiStatement holds a statement to what is said of PyPI's: it is one of version 1, and its predicate is
// empty if it is that of publishing, and else is not.
func pypiStatement(source string, st *Statement) error {
	fail := func(path, format string, args ...any) error {
		return &SyntaxError{Source: source, Path: "$.envelope.statement." + path, Msg: fmt.Sprintf(format, args...)}
	}
	empty := st.Predicate == nil || string(st.Predicate) == "null" || len(bytes.Trim(st.Predicate, "{} \t\r\n")) == 0
	switch {
	case st.Type != statementV1:
		return fail("_type", "is %s; expected %q", quote(st.Type), statementV1)
	case st.PredicateType == pypiPublish && !empty:
		return fail("predicate", "is not empty; expected {} or null")
	case st.PredicateType != pypiPublish && empty:
		return fail("predicate", "is empty; expected what %s says", quote(st.PredicateType))
	}
	return nil
}

// pypi reads an attestation object, as the bundle it is.
func (r *reader) pypi() (*Bundle, *Envelope) {
	b := &Bundle{MediaType: pypiBundle, Version: bundleVersion(pypiBundle)}
	e := &Envelope{PayloadType: PayloadType}
	var entries [][]byte
	for name := range r.whole(pypiNames, pypiNames) {
		switch name {
		case "version":
			r.versionOne()
		case "verification_material":
			entries = r.pypiMaterial(b)
		case "envelope":
			r.pypiEnvelope(e)
		}
	}
	if r.err != nil {
		return nil, nil
	}
	b.Raw = pypiRaw(b, e, entries)
	r.check(e)
	return b, e
}

// versionOne reads a version, of which there is only one.
func (r *reader) versionOne() {
	if n := r.integer(); n != 1 {
		r.fail("is %d; expected 1, the only version there is", n)
	}
}

func (r *reader) pypiMaterial(b *Bundle) (entries [][]byte) {
	for name := range r.whole(pypiMaterialNames, pypiMaterialNames) {
		switch name {
		case "certificate":
			der := r.base64()
			if len(der) == 0 {
				r.fail("is empty; expected a certificate")
			}
			b.Certificates = [][]byte{der}
		case "transparency_entries":
			for range r.array("log-entries", MaxLogEntries) {
				if r.is(jsontext.KindBeginObject) {
					entries = append(entries, r.skip())
				}
			}
			if len(entries) == 0 {
				r.fail("is empty; expected at least one log entry")
			}
			b.LogEntries = len(entries)
		}
	}
	return entries
}

func (r *reader) pypiEnvelope(e *Envelope) {
	for name := range r.whole(pypiEnvelopeNames, pypiEnvelopeNames) {
		switch name {
		case "statement":
			e.Payload = r.base64()
		case "signature":
			sig := r.base64()
			if len(sig) == 0 {
				r.fail("is empty; expected a signature")
			}
			e.Signatures = []Signature{{Sig: sig}}
		}
	}
}

// pypiRaw is the JSON of the bundle that an attestation object is.
func pypiRaw(b *Bundle, e *Envelope, entries [][]byte) []byte {
	enc := base64.StdEncoding
	raw := make([]byte, 0, 512+enc.EncodedLen(len(b.Certificates[0]))+enc.EncodedLen(len(e.Payload))+len(entries)*4096)
	raw = append(raw, `{"mediaType":"`+pypiBundle+`","verificationMaterial":{"certificate":{"rawBytes":"`...)
	raw = enc.AppendEncode(raw, b.Certificates[0])
	raw = append(raw, `"},"tlogEntries":[`...)
	raw = append(raw, bytes.Join(entries, []byte(","))...)
	raw = append(raw, `]},"dsseEnvelope":{"payloadType":"`+PayloadType+`","payload":"`...)
	raw = enc.AppendEncode(raw, e.Payload)
	raw = append(raw, `","signatures":[{"sig":"`...)
	raw = enc.AppendEncode(raw, e.Signatures[0].Sig)
	return append(raw, `"}]}}`...)
}

// provenance adds the attestations of an index's provenance object, each with the index of its publisher and
// its own. It reports whether the object is one JSON value.
func (p *parser) provenance(source string, data, body []byte) bool {
	p.r.reset(body, "$")
	var publishers [][]byte
	for name := range p.r.whole(pypiProvenanceNames, pypiProvenanceNames) {
		switch name {
		case "version":
			p.r.versionOne()
		case "attestation_bundles":
			if publishers = p.r.elements(); len(publishers) == 0 {
				p.r.fail("is empty; expected the attestations of a publisher")
			}
		}
	}
	p.r.end()
	if p.r.err != nil {
		return p.refuse(source, data, FormatPyPI)
	}
	p.elements(source, publishers, p.publisher)
	return true
}

// publisher adds the attestations of one publisher, or what stands in its place.
func (p *parser) publisher(source string, raw []byte) {
	p.r.source = source
	p.r.reset(raw, "$")
	var elements [][]byte
	for name := range p.r.whole(pypiPublisherNames, names{"attestations"}) {
		switch name {
		case "publisher":
			p.r.skip()
		case "attestations":
			if elements = p.r.elements(); len(elements) == 0 {
				p.r.fail("is empty; expected attestations")
			}
		}
	}
	if p.r.err != nil {
		p.refuse(source, raw, FormatPyPI)
		return
	}
	p.elements(source, elements, func(source string, raw []byte) { p.add(p.pypi(source, raw)) })
}
