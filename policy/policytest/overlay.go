package policytest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing/fstest"

	"github.com/surety-dev/surety/internal/document"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/internal/fixture/pki"
)

// overlay is a file system under files of a case, which stand in the place of those of the same name. Its
// files are read whole.
type overlay struct {
	under fs.FS
	files fstest.MapFS
	// change is what is done to a file that is read; nil: nothing.
	change func(name string, data []byte) ([]byte, error)
}

// Open implements fs.FS.
func (o overlay) Open(name string) (fs.File, error) {
	if info, err := o.Stat(name); err != nil || info.IsDir() {
		if f, err := o.under.Open(name); err == nil {
			return f, nil
		}
		return o.files.Open(name)
	}
	from := o.under
	if o.files[name] != nil {
		from = o.files
	}
	data, err := document.ReadFile(from, name)
	if err != nil {
		return nil, err
	}
	if o.change != nil {
		if data, err = o.change(name, data); err != nil {
			return nil, err
		}
	}
	return fstest.MapFS{name: {Data: data}}.Open(name)
}

// Stat implements fs.StatFS.
func (o overlay) Stat(name string) (fs.FileInfo, error) {
	if info, err := o.files.Stat(name); err == nil && name != "." {
		return info, nil
	}
	return fs.Stat(o.under, name)
}

// ReadDir implements fs.ReadDirFS.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.under, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	added, inside := o.files.ReadDir(name)
	if err != nil && inside != nil {
		return nil, err
	}
	for _, e := range added {
		entries = slices.DeleteFunc(entries, func(f fs.DirEntry) bool { return f.Name() == e.Name() })
	}
	entries = append(entries, added...)
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, nil
}

// edit replaces a text that stands once in a document.
type edit struct {
	file, old, new string
	at             document.Place
}

// apply gives what is in a file after the edits of it; ok is false where the text of the last stands not once.
func apply(edits []edit, name string, data []byte) (edited []byte, ok bool) {
	ok = true
	for _, e := range edits {
		if e.file == name {
			ok = bytes.Count(data, []byte(e.old)) == 1
			data = bytes.Replace(data, []byte(e.old), []byte(e.new), 1)
		}
	}
	return data, ok
}

// placeholder stands in a document for a key or a certificate of this package.
var placeholder = regexp.MustCompile(`\b(KEY|TSA)\(([A-Za-z0-9][A-Za-z0-9:._@-]*)\)`)

// Expand gives a document with public keys and certificates in the place of KEY(name) and TSA(name), as
// those of a case are read: as PEM where a file holds nothing else, and as strings of YAML elsewhere.
func Expand(document []byte) []byte {
	whole := bytes.TrimSpace(document)
	if m := placeholder.FindSubmatch(whole); m != nil && len(m[0]) == len(whole) {
		return []byte(pemOf(m))
	}
	return placeholder.ReplaceAllFunc(document, func(match []byte) []byte {
		text, err := json.Marshal(pemOf(placeholder.FindSubmatch(match)))
		if err != nil {
			panic(err) // a string can be written
		}
		return text
	})
}

func pemOf(match [][]byte) string {
	if string(match[1]) == "TSA" {
		return pki.PEM(anchor(string(match[2])))
	}
	return fixture.NewKey(string(match[2])).PEM()
}

// beside gives the path of a file that something in the folder of another names, which must stay within the
// file system.
func beside(file, name string) (string, bool) {
	joined := path.Join(path.Dir(file), name)
	return joined, !path.IsAbs(name) && !strings.Contains(name, `\`) && fs.ValidPath(joined)
}
