// Package document reads Surety's documents: strict YAML or JSON in which every
// value knows where it stands (design §3).
//
// "Loading refuses what cannot be read in one way." So a document is one file
// with one YAML document or one JSON value in UTF-8; anchors, aliases, tags, merge
// keys, repeated fields and unknown fields are refused, and a bare word is read as
// a string only where every YAML reader would read it so.
//
// Trust model: a document is data its owner governs, but its text may be wrong.
// Files are read only from the fs.FS given, each up to MaxFileBytes. What is not
// checked: who wrote a document. Its digest is given so that a caller can.
package document

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// APIVersion is the only apiVersion there is (design §3).
const APIVersion = "surety.dev/v1alpha1"

// The kinds of document (design §3).
const (
	Ownership    = "Ownership"
	Policy       = "Policy"
	LintBaseline = "LintBaseline"
)

// MaxFileBytes bounds one file of a document. A hundred thousand credentials fit
// in one; what is larger is split over a directory.
const MaxFileBytes = 64 << 20

// MaxDepth bounds how deep lists and mappings may nest.
const MaxDepth = 64

// Part is one file of a document.
type Part struct {
	// Path is where the file stands in its fs.FS.
	Path string
	// Digest is "sha256:" and the lower-case hex of the file's bytes.
	Digest string
	// Kind is the document's kind.
	Kind string
	// Root is the whole document.
	Root *Node

	problems []*Error
}

// Load reads the document of the kind at name: one file, or the *.yaml, *.yml and
// *.json files of a directory in lexical order, not those of directories below it.
// In a directory, parts of the other known kinds are left out, and so are Sigstore
// trusted roots, which a document may name beside itself. isDir says whether name
// is a directory. The error joins an *Error for each thing wrong with a file as
// such; what its fields hold is for the caller to read.
func Load(fsys fs.FS, name, kind string) (parts []*Part, isDir bool, err error) {
	names, isDir, err := files(fsys, name, kind)
	if err != nil {
		return nil, isDir, err
	}
	var errs []error
	for _, file := range names {
		part, err := readPart(fsys, file)
		switch {
		case err != nil:
			errs = append(errs, err)
		case isDir && part.isTrustedRoot():
		default:
			if part.checkKind(kind, isDir); part.problems != nil {
				errs = append(errs, part.Err())
			} else if part.Kind == kind {
				parts = append(parts, part)
			}
		}
	}
	if errs != nil {
		return nil, isDir, errors.Join(errs...)
	}
	if len(parts) == 0 {
		return nil, isDir, &Error{File: name, Msg: "no " + kind + " document in this directory: expected one or more *.yaml, *.yml or *.json files of that kind"}
	}
	return parts, isDir, nil
}

// files lists the files a path stands for.
func files(fsys fs.FS, name, kind string) (names []string, isDir bool, err error) {
	if !fs.ValidPath(name) {
		return nil, false, &Error{File: name, Msg: "not a path within the file system: expected one with / between its parts and without a leading / or .."}
	}
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, false, readError(name, "expected a document of kind "+kind+" or a directory of its parts", err)
	}
	if !info.IsDir() {
		return []string{name}, false, nil
	}
	entries, err := fs.ReadDir(fsys, name)
	if err != nil {
		return nil, true, readError(name, "expected a directory that can be read", err)
	}
	for _, e := range entries {
		switch path.Ext(e.Name()) {
		case ".yaml", ".yml", ".json":
			file := path.Join(name, e.Name())
			if info, err := fs.Stat(fsys, file); err == nil && info.IsDir() {
				continue
			}
			names = append(names, file)
		}
	}
	return names, true, nil
}

// readPart reads one file. The error is what keeps it from having a root.
func readPart(fsys fs.FS, name string) (*Part, error) {
	data, err := ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	part := &Part{Path: name, Digest: Sum(data)}
	if err := part.checkUTF8(data); err != nil {
		return nil, err
	}
	if path.Ext(name) == ".json" {
		err = part.readJSON(data)
	} else {
		err = part.readYAML(data)
	}
	if err != nil {
		return nil, err
	}
	return part, nil
}

func (p *Part) checkUTF8(data []byte) error {
	if utf8.Valid(data) {
		return nil
	}
	line, col := position(data, firstInvalid(data))
	return &Error{File: p.Path, Line: line, Col: col, Msg: "not UTF-8: expected a document in UTF-8"}
}

// ReadFile reads a file up to MaxFileBytes. Its errors are *Error.
func ReadFile(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, readError(name, "expected a file", err)
	}
	defer f.Close()
	var data []byte
	info, err := f.Stat()
	if err == nil && info.Size() <= MaxFileBytes {
		data, err = io.ReadAll(io.LimitReader(f, MaxFileBytes+1))
	}
	if err != nil {
		return nil, readError(name, "expected a file", err)
	}
	if info.Size() > MaxFileBytes || len(data) > MaxFileBytes {
		return nil, &Error{File: name, Msg: fmt.Sprintf("larger than %d bytes: expected a smaller file, or parts in a directory", MaxFileBytes)}
	}
	return data, nil
}

// isTrustedRoot reports whether the file says it is a Sigstore trusted root, and
// so not a document of ours that somebody misspelt.
func (p *Part) isTrustedRoot() bool {
	mediaType := p.Root.field("mediaType")
	return mediaType != nil && strings.HasPrefix(mediaType.text, "application/vnd.dev.sigstore.trustedroot") &&
		p.Root.field("apiVersion") == nil && p.Root.field("kind") == nil
}

// checkKind reads apiVersion and kind. In a directory another kind is no error.
func (p *Part) checkKind(kind string, isDir bool) {
	if p.Root.kind != kindObject {
		p.Root.Errorf("%s: expected a document with apiVersion: %s and kind: %s", p.Root.describe(), APIVersion, kind)
		return
	}
	version, kindNode := p.Root.field("apiVersion"), p.Root.field("kind")
	switch {
	case version == nil:
		p.Root.Errorf("no apiVersion: expected apiVersion: %s", APIVersion)
	case version.text != APIVersion:
		version.Errorf("apiVersion %q: expected %s", version.text, APIVersion)
	case kindNode == nil:
		p.Root.Errorf("no kind: expected kind: %s", kind)
	case kindNode.text == kind || isDir && (kindNode.text == Ownership || kindNode.text == Policy || kindNode.text == LintBaseline):
		p.Kind = kindNode.text
	default:
		kindNode.Errorf("kind %q: expected %s", kindNode.text, kind)
	}
}

// Err gives everything recorded against the part's nodes so far, each an *Error,
// in the order of their places; nil if there is nothing.
func (p *Part) Err() error {
	slices.SortStableFunc(p.problems, func(a, b *Error) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Col - b.Col
	})
	errs := make([]error, 0, len(p.problems))
	for i, e := range p.problems {
		if i == maxProblems {
			errs = append(errs, &Error{File: p.Path, Msg: fmt.Sprintf("%d more errors", len(p.problems)-i)})
			break
		}
		errs = append(errs, e)
	}
	return errors.Join(errs...)
}

// maxProblems is how many errors of one file are told; the rest are counted.
const maxProblems = 50

// Err joins the errors of all parts, in the order of the parts.
func Err(parts []*Part) error {
	var errs []error
	for _, p := range parts {
		errs = append(errs, p.Err())
	}
	return errors.Join(errs...)
}

// Sum gives "sha256:" and the lower-case hex of the SHA-256 of data.
func Sum(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// DirectoryDigest gives the SHA-256 of the parts' sorted lines "HEX  PATH\n", with
// paths as the directory lists them.
func DirectoryDigest(parts []*Part) string {
	lines := make([]string, len(parts))
	for i, p := range parts {
		lines[i] = strings.TrimPrefix(p.Digest, "sha256:") + "  " + path.Base(p.Path) + "\n"
	}
	slices.Sort(lines)
	return Sum([]byte(strings.Join(lines, "")))
}

func firstInvalid(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(data)
}

// position gives line and column, from 1 and in characters, of an offset.
func position(data []byte, offset int) (line, col int) {
	before := data[:min(offset, len(data))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[start:]) + 1
}
