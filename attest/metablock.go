package attest

import (
	"bytes"
	"encoding/json"

	"github.com/secure-systems-lab/go-securesystemslib/cjson"
)

// The types of in-toto's own metadata, as "_type" gives them.
// Source: in-toto specification v1.0, section 4.
const (
	linkType   = "link"
	layoutType = "layout"
)

var (
	metablockNames = names{"signed", "signatures"}
	typeNames      = names{"_type"}
)

// metablock reads a metablock: a link or layout ("signed") and signatures over its canonical JSON.
func (p *parser) metablock(it *Item, body []byte) *Item {
	it.envelope = new(Envelope) // the first reading took its signatures for base64
	p.r.resetAgain(body, "$")
	var signed []byte
	for name := range p.r.object(metablockNames) {
		switch name {
		case "signed":
			p.r.is('{')
			signed = bytes.Clone(p.r.skip())
		case "signatures":
			for range p.r.array("signatures", MaxSignatures) {
				var s Signature
				if err := p.r.try(func() { p.r.signature(&s, signatureNames, p.r.hexadecimal) }); err != nil {
					s = Signature{KeyID: s.KeyID, Err: err}
				}
				it.envelope.Signatures = append(it.envelope.Signatures, s)
			}
		}
	}
	if p.r.err == nil && len(it.envelope.Signatures) == 0 {
		p.r.fail("has no signatures; expected at least one")
	}
	if p.r.err != nil {
		return it.refuse(p.r.err)
	}
	if kind := p.r.kind(signed); p.r.err == nil {
		it.statement = p.r.itself(signed, "$.signed", kind)
	}
	if p.r.err != nil {
		return it.refuse(p.r.err)
	}
	canonical, err := cjson.EncodeCanonical(json.RawMessage(signed))
	if err != nil {
		p.r.fail("cannot have been signed, for it has no canonical JSON: %.200s", err.Error())
		return it.refuse(p.r.err)
	}
	it.envelope.Payload, it.envelope.plain = canonical, true
	it.envelope.digest, it.envelope.hashed = it.envelope.Digest(), true
	return it
}

// kind reads only the "_type" of an object that has been read strictly before.
func (r *reader) kind(data []byte) (kind string) {
	r.resetAgain(data, "$.signed")
	for range r.object(typeNames) {
		kind = r.text()
	}
	return kind
}

// itself reads a link or layout that is the whole text as a statement. It starts over, whatever the
// error before.
func (r *reader) itself(data []byte, path, kind string) *Statement {
	r.reset(data, path)
	st := &Statement{Type: kind, Predicate: trim(data), strict: trim(data)}
	switch kind {
	case linkType:
		st.PredicateType, st.link = LinkType, r.stepLink()
		for _, a := range st.link.Products {
			st.Subjects = append(st.Subjects, a.subject())
		}
	case layoutType:
		st.PredicateType, st.layout = LayoutType, r.layout()
	default:
		r.skip()
		r.fail("has the _type %s; expected %q or %q", quote(kind), linkType, layoutType)
	}
	r.end()
	return st
}

// chained reports whether the statement is a layout or a link, however it is signed.
func (st *Statement) chained() bool {
	return st.PredicateType == LayoutType || st.PredicateType == LinkType || st.PredicateType == LinkV03Type
}
