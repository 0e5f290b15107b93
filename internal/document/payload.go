package document

import (
	"bytes"
	"io/fs"
	"time"
)

// Payload is a file system in which the payload of an envelope stands beside the envelope, so that what it
// refers to is relative to that.
type Payload struct {
	fs.FS
	// Name is what the payload is called. It ends as no file of JSON does: a payload is read as YAML.
	Name string
	// Data is the payload.
	Data []byte
}

// IsPayload reports whether a file is the payload of an envelope. Whoever loads a document remembers it, so
// that nobody takes what was signed for a plain document.
func IsPayload(fsys fs.FS, name string) bool {
	p, ok := fsys.(Payload)
	return ok && p.Name == name
}

// Open implements fs.FS.
func (p Payload) Open(name string) (fs.File, error) {
	if name == p.Name {
		return payloadFile{bytes.NewReader(p.Data), p.Name}, nil
	}
	return p.FS.Open(name)
}

// payloadFile is the open file of a payload, and what there is to say of it.
type payloadFile struct {
	*bytes.Reader
	name string
}

// Stat implements fs.File.
func (p payloadFile) Stat() (fs.FileInfo, error) { return p, nil }

// Close implements fs.File.
func (p payloadFile) Close() error { return nil }

// Name implements fs.FileInfo.
func (p payloadFile) Name() string { return p.name }

// Mode implements fs.FileInfo.
func (p payloadFile) Mode() fs.FileMode { return 0o444 }

// ModTime implements fs.FileInfo.
func (p payloadFile) ModTime() time.Time { return time.Time{} }

// IsDir implements fs.FileInfo.
func (p payloadFile) IsDir() bool { return false }

// Sys implements fs.FileInfo.
func (p payloadFile) Sys() any { return nil }
