package attest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Format says in what form evidence was supplied.
type Format string

// The formats. An item that could not be read has the one its fields show, else FormatUnknown.
const (
	// FormatUnknown is what could not be told.
	FormatUnknown Format = "unknown"
	// FormatDSSE is a DSSE envelope on its own.
	FormatDSSE Format = "dsse"
	// FormatBundle is a Sigstore bundle of version 0.1 to 0.3.
	FormatBundle Format = "sigstore-bundle"
	// FormatNPM is an element of an npm attestation document: a Sigstore bundle and the type of its predicate.
	FormatNPM Format = "npm-attestation"
	// FormatGitHub is an element of a GitHub attestation document: a Sigstore bundle and the id of its repository.
	FormatGitHub Format = "github-attestation"
	// FormatMetablock is an in-toto metablock: a link or a layout signed in canonical JSON.
	FormatMetablock Format = "in-toto-metablock"
	// FormatPyPI is an attestation of PyPI (PEP 740): the parts of a Sigstore bundle under other names.
	FormatPyPI Format = "pypi-attestation"
)

// Item is one piece of evidence: one envelope or bundle, or bytes that could not
// be read as one. Made by [Parse], [Read] and [ReadFS]; immutable.
type Item struct {
	digest    string
	size      int64
	format    Format
	sources   []string
	err       error
	envelope  *Envelope
	bundle    *Bundle
	statement *Statement
}

// newItem makes an item of bytes that have not been read yet.
func newItem(source string, data []byte) *Item {
	sum := sha256.Sum256(data)
	buf := make([]byte, 0, len("sha256:")+2*len(sum))
	buf = hex.AppendEncode(append(buf, "sha256:"...), sum[:])
	return &Item{digest: string(buf), size: int64(len(data)), format: FormatUnknown, sources: []string{source}}
}

// refuse makes the item unreadable.
func (it *Item) refuse(err error) *Item {
	it.err, it.envelope, it.bundle, it.statement = err, nil, nil, nil
	return it
}

// Digest is "sha256:" and the hexadecimal SHA-256 of the item's bytes: its JSON value
// without white space around it, or, if it is not one JSON value, the bytes as supplied.
func (it *Item) Digest() string { return it.digest }

// Size is the number of the item's bytes.
func (it *Item) Size() int64 { return it.size }

// Format is the form the item was supplied in.
func (it *Item) Format() Format { return it.format }

// Sources are where the item was found, sorted: the name given to the parser, with
// ":LINE" (from 1) for a line of JSON lines and "#INDEX" (from 0) for an element of a list.
func (it *Item) Sources() []string { return slices.Clone(it.sources) }

// Err is nil if the item was read, else a [*SyntaxError] or [*LimitError].
func (it *Item) Err() error { return it.err }

// Envelope is the item's envelope; nil if Err is not.
func (it *Item) Envelope() *Envelope { return it.envelope }

// Bundle is the item's Sigstore bundle, or the one that an attestation of PyPI is; nil if Err is not, or if the
// item is an envelope on its own.
func (it *Item) Bundle() *Bundle { return it.bundle }

// Statement is what the envelope's payload says; nil if Err is not. It is UNVERIFIED
// until a signature over the envelope has been verified: until then it is only what
// somebody wrote, and must not be acted upon.
func (it *Item) Statement() *Statement { return it.statement }

// problem is the item's error without the source, for comparison.
func (it *Item) problem() string {
	if e, ok := it.err.(*SyntaxError); ok {
		return e.Path + ": " + e.Msg
	}
	if it.err != nil {
		return it.err.Error()
	}
	return ""
}

// Merge makes one item of all that have the same bytes and came out the same, with
// all their sources, each once. The result is sorted by digest and depends on
// neither order nor repetition; nil items are left out, and the input is not touched.
func Merge(items []*Item) []*Item {
	sorted := slices.DeleteFunc(slices.Clone(items), func(it *Item) bool { return it == nil })
	slices.SortStableFunc(sorted, func(a, b *Item) int {
		return cmp.Or(compareContent(a, b), slices.Compare(a.sources, b.sources))
	})
	var merged []*Item
	for _, it := range sorted {
		if n := len(merged); n > 0 && compareContent(merged[n-1], it) == 0 {
			last := merged[n-1]
			last.sources = append(last.sources, it.sources...)
			continue
		}
		c := *it
		c.sources = slices.Clone(it.sources)
		merged = append(merged, &c)
	}
	for _, it := range merged {
		slices.Sort(it.sources)
		it.sources = slices.Compact(it.sources)
	}
	return merged
}

func compareContent(a, b *Item) int {
	return cmp.Or(
		strings.Compare(a.digest, b.digest),
		strings.Compare(string(a.format), string(b.format)),
		strings.Compare(a.problem(), b.problem()),
	)
}
