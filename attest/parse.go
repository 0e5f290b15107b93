package attest

import (
	"bytes"
	"fmt"
	"slices"
)

// Parse reads the evidence in data: an envelope, a Sigstore bundle, an in-toto metablock, an attestation of
// PyPI, an attestation document as npm, GitHub or PyPI gives it, an array of those, or JSON lines of them. It never fails: what cannot
// be read is an item that keeps its error, and there is always at least one item.
//
// Data that is not one JSON value is JSON lines if a line of it begins with "{" and ends
// with "}"; then every line but blank ones is read on its own. source names the data in
// [Item.Sources] and in messages.
func Parse(source string, data []byte, l Limits) []*Item {
	p := &parser{r: readers.Get().(*reader), most: l.itemBytes()}
	defer p.r.release()
	if !p.value(source, data, true) && p.hasLine(data) {
		p.items = nil
		p.lines(source, data)
	}
	return p.items
}

// parser collects the items of one input. It has one reader, used again for every text.
type parser struct {
	r     *reader
	most  int64 // bytes of an item
	items []*Item
}

// add takes an item, up to the one over the limit, which stands for what follows.
func (p *parser) add(it *Item) {
	if len(p.items) == MaxItems {
		it.refuse(&LimitError{Limit: "items", Max: MaxItems})
	}
	if len(p.items) <= MaxItems {
		p.items = append(p.items, it)
	}
}

func (p *parser) full() bool { return len(p.items) > MaxItems }

// value adds the items of data read as one JSON value: several if it is an attestation
// document or, where lists may stand, an array. It reports whether it is one JSON value.
func (p *parser) value(source string, data []byte, lists bool) bool {
	body := trim(data)
	p.r.source = source
	if lists && len(body) > 0 && body[0] == '[' {
		return p.array(source, data, body)
	}
	if int64(len(body)) > p.most {
		p.add(newItem(source, data).refuse(&LimitError{Limit: "item-bytes", Max: p.most}))
		return false
	}
	p.r.reset(body, "$")
	d := p.r.document()
	p.r.end()
	if p.r.err != nil {
		return p.refuse(source, data, d.format())
	}
	switch {
	case d.lists:
		p.elements(source, d.elements, p.element)
		return true
	case d.provenance:
		return p.provenance(source, data, body)
	case d.format() == FormatPyPI:
		p.add(p.pypi(source, body))
		return true
	}
	it := newItem(source, body)
	it.format, it.envelope = d.format(), &d.envelope
	if it.format == FormatMetablock {
		p.add(p.metablock(it, body))
		return true
	}
	if d.bundled {
		d.bundle.Raw = bytes.Clone(body)
		it.bundle = &d.bundle
	}
	p.add(p.state(it, d.payload()))
	return true
}

// refuse adds data as an item with the reader's error, and reports whether it is one
// JSON value all the same.
func (p *parser) refuse(source string, data []byte, format Format) bool {
	whole := p.r.rest()
	if whole {
		data = trim(data)
	}
	it := newItem(source, data).refuse(p.r.err)
	it.format = format
	p.add(it)
	return whole
}

// trim takes away JSON's white space around a value.
func trim(data []byte) []byte { return bytes.Trim(data, " \t\r\n") }

// array adds the elements of an array, each an item or an attestation document of its own.
func (p *parser) array(source string, data, body []byte) bool {
	p.r.reset(body, "$")
	elements := p.r.elements()
	if len(elements) == 0 {
		p.r.fail("is an empty array; expected evidence")
	}
	p.r.end()
	if p.r.err != nil {
		return p.refuse(source, data, FormatUnknown)
	}
	p.elements(source, elements, func(source string, raw []byte) { p.value(source, raw, false) })
	return true
}

// elements adds the elements of a list, each with its index in its source.
func (p *parser) elements(source string, elements [][]byte, read func(string, []byte)) {
	for i, raw := range elements {
		if p.full() {
			return
		}
		read(fmt.Sprintf("%s#%d", source, i), raw)
	}
}

// element adds one element of an attestation document: npm's if it has a predicateType,
// else GitHub's. The predicateType is an unsigned copy of the statement's, and must say the
// same; the repository_id is an unsigned hint that nothing rests on.
func (p *parser) element(source string, raw []byte) {
	p.r.source = source
	it := newItem(source, raw)
	if it.size > p.most {
		p.add(it.refuse(&LimitError{Limit: "item-bytes", Max: p.most}))
		return
	}
	p.r.reset(raw, "$")
	var predicateType string
	for name := range p.r.object(elementNames) {
		switch name {
		case "predicateType":
			it.format = FormatNPM
			predicateType = p.r.needed()
		case "bundle":
			it.bundle, it.envelope = p.r.bundle()
		case "repository_id":
			p.r.integer()
		}
		if it.format == FormatUnknown {
			it.format = FormatGitHub
		}
	}
	if it.bundle == nil {
		p.r.fail("has no bundle")
	}
	if p.r.err == nil {
		p.state(it, "$.bundle.dsseEnvelope.payload")
		if st := it.statement; st != nil && it.format == FormatNPM && st.PredicateType != predicateType {
			p.r.err = &SyntaxError{Source: source, Path: "$.predicateType", Msg: fmt.Sprintf(
				"is %s, but the signed statement says %s", quote(predicateType), quote(st.PredicateType))}
		}
	}
	if p.r.err != nil {
		it.refuse(p.r.err)
	}
	p.add(it)
}

// state reads the statement in the item's envelope.
func (p *parser) state(it *Item, path string) *Item {
	p.r.reset(it.envelope.Payload, path)
	it.statement = p.r.statement(statementNames)
	switch kind := it.statement.Type; {
	case p.r.err == nil:
	case kind == linkType || kind == layoutType:
		it.statement = p.r.itself(it.envelope.Payload, path, kind)
	default:
		it.statement = p.r.respelled(it.statement, it.envelope.Payload, path)
	}
	if p.r.err == nil && it.statement.PredicateType == LayoutType && it.statement.layout == nil {
		p.r.fail("has the predicate type of a layout and is none; expected a layout that is signed as itself")
	}
	p.r.collected(it.statement, it.envelope.Payload, path)
	if p.r.err != nil {
		it.refuse(p.r.err)
	}
	return it
}

// lines adds every line that is not blank.
func (p *parser) lines(source string, data []byte) {
	n := 0
	for line := range bytes.Lines(data) {
		n++
		if p.full() {
			return
		}
		line = bytes.TrimSuffix(line, []byte("\n"))
		if len(trim(line)) > 0 {
			p.value(fmt.Sprintf("%s:%d", source, n), line, false)
		}
	}
}

// hasLine reports whether data, which is not one JSON value, is JSON lines: whether
// one of as many lines as may be items begins and ends as an object on its own does.
func (p *parser) hasLine(data []byte) bool {
	if bytes.IndexByte(trim(data), '\n') < 0 {
		return false
	}
	n := 0
	for line := range bytes.Lines(data) {
		body := trim(line)
		if len(body) == 0 {
			continue
		}
		if line[0] == '{' && body[len(body)-1] == '}' {
			return true
		}
		if n++; n > MaxItems {
			return false
		}
	}
	return false
}

// document is what one JSON object holds. Which it is shows only in its names, so
// the fields of all are read in the one pass.
type document struct {
	envelope      Envelope
	bundle        Bundle
	elements      [][]byte
	bare, bundled bool // it has a field of an envelope, of a bundle
	lists         bool
	signed        bool
	typed         bool // it has a field of an envelope that a metablock has not
	marks              // of PyPI
}

var (
	documentNames = slices.Concat(names{"attestations", "signed"}, envelopeNames, bundleNames, pypiMarks)
	elementNames  = names{"predicateType", "bundle", "repository_id"}
)

func (d *document) format() Format {
	beside := d.bare || d.bundled || d.lists || d.signed
	switch {
	case d.provenance && (d.material || d.enveloped), (d.provenance || d.material) && beside:
	case d.provenance, d.material, d.enveloped && !beside:
		return FormatPyPI
	case d.lists:
	case d.signed && d.bare && !d.typed && !d.bundled:
		return FormatMetablock
	case d.signed:
	case d.bundled && !d.bare:
		return FormatBundle
	case d.bare && !d.bundled:
		return FormatDSSE
	}
	return FormatUnknown
}

// payload is the path of the payload.
func (d *document) payload() string {
	if d.bundled {
		return "$.dsseEnvelope.payload"
	}
	return "$.payload"
}

func (r *reader) document() *document {
	d := new(document)
	for name := range r.object(documentNames) {
		switch name {
		case "attestations":
			d.lists = true
			d.elements = r.elements()
		case "signed":
			d.signed = true
			r.skip()
		case "payloadType", "payload", "signatures":
			d.bare = true
			d.typed = d.typed || name != "signatures"
			r.envelopeField(&d.envelope, name, false)
		case "attestation_bundles", "verification_material", "envelope":
			r.mark(&d.marks, name)
		default:
			d.bundled = true
			r.bundleField(&d.bundle, &d.envelope, name)
		}
	}
	switch d.format() {
	case FormatPyPI, FormatMetablock: // read again: by its own names; for its signatures are in hexadecimal
		return d
	case FormatBundle:
		r.checkBundle(&d.bundle, &d.envelope)
		return d
	case FormatDSSE:
		r.check(&d.envelope)
		return d
	}
	switch {
	case !d.lists || d.bare || d.bundled || d.signed || d.material || d.provenance:
		r.fail("is not one of a DSSE envelope, a Sigstore bundle, an in-toto metablock, an attestation of PyPI and an attestation document of npm, GitHub or PyPI")
	case len(d.elements) == 0:
		r.fail("has an empty list of attestations; expected evidence")
	}
	return d
}

// elements reads an array as the bytes of its elements, as many as are items and one more.
func (r *reader) elements() [][]byte {
	var all [][]byte
	for n := range r.array("", 0) {
		if raw := r.skip(); n <= MaxItems {
			all = append(all, raw)
		}
	}
	return all
}
