package policytest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/surety-dev/surety/internal/document"
)

// Error is what is wrong with a case, or with a document of one, and where.
type Error = document.Error

// caseFile is the file of an archive that says what the case is.
const caseFile = "case.yaml"

// Case is a situation and what the verdict on it must be, and what breaks it. It is immutable.
type Case struct {
	file, story string
	text        []byte   // of the archive
	root        fs.FS    // the file system the case is in
	members     []member // of the archive
	named       []string // the files that case.yaml names
	trials      []trial  // the case as it stands, and what breaks it
}

// member is a file of the archive.
type member struct {
	path string // in the file system of the case
	line int    // how many lines of the archive are before it
}

// File is the path of the case in its file system.
func (c *Case) File() string { return c.file }

// Story is the sentence the case begins with: its first paragraph, in one line.
func (c *Case) Story() string { return c.story }

// Load reads the cases of a file system: every file there whose name ends in .txtar, in the order of their
// paths, but those in folders whose names begin with a dot. What a case names is in the same file system. The
// error joins an [*Error] for each thing wrong with a case, and is one where there is none; the cases that can
// be read come beside it.
func Load(fsys fs.FS) ([]*Case, error) {
	var cases []*Case
	var errs []error
	err := fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && name != "." && strings.HasPrefix(e.Name(), "."):
			return fs.SkipDir
		case e.IsDir() || path.Ext(name) != ".txtar":
			return nil
		}
		c, err := LoadCase(fsys, name)
		if err != nil {
			errs = append(errs, err)
			return nil
		}
		cases = append(cases, c)
		return nil
	})
	if err == nil && cases == nil && errs == nil {
		err = &Error{File: ".", Msg: "no case in this directory: expected one or more *.txtar files in it or below"}
	}
	return cases, errors.Join(append(errs, err)...)
}

// LoadCase reads the case of one file. The error joins an [*Error] for each thing wrong with it.
func LoadCase(fsys fs.FS, name string) (*Case, error) {
	text, err := document.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	return newCase(fsys, name, text)
}

// newCase reads a case from its text.
func newCase(fsys fs.FS, name string, text []byte) (*Case, error) {
	c := &Case{file: name, text: text, root: fsys}
	at, data, err := c.unpack()
	if err != nil {
		return nil, err
	}
	// The lines before it make its places those of the archive.
	parts, err := document.ParseYAML(name, append(bytes.Repeat([]byte("\n"), at), data...))
	switch {
	case err != nil:
		return nil, err
	case len(parts) == 0:
		return nil, &Error{File: name, Line: at, Col: 1, Msg: "an empty " + caseFile + ": expected what is released, when, the evidence and what is wanted"}
	case len(parts) > 1:
		return nil, &Error{File: name, Line: parts[1].Root.Line(), Col: 1, Msg: "a second YAML document: expected one"}
	}
	if c.read(parts[0].Root); parts[0].Err() != nil {
		return nil, parts[0].Err()
	}
	return c, nil
}

// unpack reads the archive, and gives case.yaml and how many lines are before it.
func (c *Case) unpack() (line int, data []byte, err error) {
	archive := txtar.Parse(c.text)
	c.story = firstParagraph(string(archive.Comment))
	if c.story == "" {
		return 0, nil, &Error{File: c.file, Line: 1, Col: 1, Msg: "no story: expected a sentence before the first file that says what happened"}
	}
	files := fstest.MapFS{}
	found := false
	at := bytes.Count(archive.Comment, []byte("\n"))
	for _, f := range archive.Files {
		at++
		name, ok := beside(c.file, f.Name)
		switch {
		case !ok || name == ".":
			err = &Error{File: c.file, Line: at, Col: 1, Msg: fmt.Sprintf("the file %q: expected a path relative to the case, with / between its parts, that stays within the directory the cases are in", f.Name)}
		case files[name] != nil || f.Name == caseFile && found:
			err = &Error{File: c.file, Line: at, Col: 1, Msg: fmt.Sprintf("the file %s for the second time: expected each once", f.Name)}
		case f.Name == caseFile:
			found, line, data = true, at, f.Data
		default:
			files[name] = &fstest.MapFile{Data: f.Data}
			c.members = append(c.members, member{name, at})
		}
		if err != nil {
			return 0, nil, err
		}
		at += bytes.Count(f.Data, []byte("\n"))
	}
	if !found {
		return 0, nil, &Error{File: c.file, Line: 1, Col: 1, Msg: "no " + caseFile + ": expected a line -- " + caseFile + " -- and the case after it"}
	}
	c.root = overlay{under: c.root, files: files}
	return line, data, nil
}

// firstParagraph gives the first paragraph of a comment in one line, whether or not its lines begin with "#".
func firstParagraph(comment string) string {
	var words []string
	for line := range strings.Lines(comment) {
		text := strings.Fields(strings.TrimPrefix(line, "#"))
		if len(text) == 0 && len(words) > 0 {
			break
		}
		words = append(words, text...)
	}
	return strings.Join(words, " ")
}

// documents is what the documents of a trial are read from; the files that are read are added to those read.
func (c *Case) documents(edits []edit, read map[string]bool) fs.FS {
	o := c.root.(overlay)
	o.change = func(name string, data []byte) ([]byte, error) {
		read[name] = true
		data, _ = apply(edits, name, data) // each was tried when it was read
		return Expand(data), nil
	}
	return o
}

// unread gives an error for each file of the archive, and each edit of a file, that nothing has read: what a
// case brings under a misspelt name would be passed over, and what stands beside the case be taken instead.
func (c *Case) unread(read map[string]bool) error {
	var errs []error
	for _, m := range c.members {
		if !read[m.path] && !slices.Contains(c.named, m.path) {
			errs = append(errs, &Error{File: c.file, Line: m.line, Col: 1, Msg: fmt.Sprintf("nothing reads the file %s: expected one that %s or a document names", m.path, caseFile)})
		}
	}
	var edits []edit
	for _, t := range c.trials {
		for _, e := range t.edits {
			if !read[e.file] && !slices.Contains(edits, e) {
				edits = append(edits, e)
				errs = append(errs, &Error{File: c.file, Line: int(e.at.Line), Col: int(e.at.Col), Msg: fmt.Sprintf("no document of the case reads the file %s: expected an edit of one that is read", e.file)})
			}
		}
	}
	return errors.Join(errs...)
}

// placed gives errors about files of the archive their place in it.
func (c *Case) placed(err error, edits []edit) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var errs []error
		for _, e := range joined.Unwrap() {
			errs = append(errs, c.placed(e, edits))
		}
		return errors.Join(errs...)
	}
	e, ok := err.(*Error)
	if !ok {
		return &Error{File: c.file, Msg: err.Error(), Cause: err}
	}
	for _, edit := range edits {
		if edit.file == e.File {
			return &Error{File: c.file, Msg: "as it is after the edits, " + e.Error(), Cause: e}
		}
	}
	for _, m := range c.members {
		if m.path == e.File && e.Line > 0 {
			return &Error{File: c.file, Line: m.line + e.Line, Col: e.Col, Msg: e.Msg, Cause: e}
		}
	}
	return e
}
