package importer

import (
	"bytes"
	"io/fs"
	"path"
	"strings"
	"time"
)

// overlay is a file system with one file in the place of what it has under that name. The FS may be nil.
type overlay struct {
	fs.FS
	name string
	data []byte
}

// Open implements fs.FS.
func (o overlay) Open(name string) (fs.File, error) {
	switch {
	case name == o.name:
		return &memory{overlay: o, Reader: bytes.NewReader(o.data)}, nil
	case o.FS == nil:
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return o.FS.Open(name)
}

// memory is the open file of an overlay, and its own fs.FileInfo.
type memory struct {
	overlay
	*bytes.Reader
}

// Stat implements fs.File.
func (m *memory) Stat() (fs.FileInfo, error) { return m, nil }

// Close implements fs.File.
func (m *memory) Close() error { return nil }

// Name implements fs.FileInfo.
func (m *memory) Name() string { return path.Base(m.name) }

// Size implements fs.FileInfo.
func (m *memory) Size() int64 { return int64(len(m.data)) }

// Mode implements fs.FileInfo.
func (m *memory) Mode() fs.FileMode { return 0o444 }

// ModTime implements fs.FileInfo.
func (m *memory) ModTime() time.Time { return time.Time{} }

// IsDir implements fs.FileInfo.
func (m *memory) IsDir() bool { return false }

// Sys implements fs.FileInfo.
func (m *memory) Sys() any { return nil }

// resultName is the name under which a result loads: it is YAML, whatever was there.
func resultName(name string) string {
	if name == "" {
		return "ownership.yaml"
	}
	if base, ok := strings.CutSuffix(name, ".json"); ok {
		return base + ".yaml"
	}
	return name
}
