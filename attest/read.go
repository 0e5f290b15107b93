package attest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// Read reads the evidence of r as [Parse] does. The error is r's, and then there are no
// items. More than [MaxRequestBytes] are one unreadable item, over the limit "request-bytes".
func Read(source string, r io.Reader, l Limits) ([]*Item, error) {
	items, _, err := read(source, r, l, MaxRequestBytes)
	return items, err
}

// read reads at most so many bytes, and says how many there were.
func read(source string, r io.Reader, l Limits, most int64) ([]*Item, int64, error) {
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	n := int64(len(data))
	if err != nil {
		return nil, n, fmt.Errorf("%s: %w", source, err)
	}
	if n > most {
		return []*Item{newItem(source, data).refuse(&LimitError{Limit: "request-bytes", Max: MaxRequestBytes})}, n, nil
	}
	return Parse(source, data, l), n, nil
}

// ReadFS reads the evidence at path in fsys: a file, or the regular files of a
// directory and those below it, in lexical order. Links in a directory are not
// followed. The source of an item is its file's path. Errors are those of fsys, and
// of a path that is neither file nor directory. All files together have at most
// [MaxRequestBytes] and [MaxItems]: the item over a limit says so and is the last.
func ReadFS(fsys fs.FS, path string, l Limits) ([]*Item, error) {
	var items []*Item
	left := int64(MaxRequestBytes)
	err := eachFile(fsys, path, func(name string) error {
		found, n, err := readFile(fsys, name, l, left)
		items = append(items, found...)
		left -= n
		if len(items) > MaxItems {
			items = items[:MaxItems+1]
			items[MaxItems].refuse(&LimitError{Limit: "items", Max: MaxItems})
			return fs.SkipAll
		}
		if left < 0 {
			return fs.SkipAll
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return items, nil
}

// eachFile calls do with the file at path, or with the regular files of a directory and those below
// it, in lexical order.
func eachFile(fsys fs.FS, path string, do func(name string) error) error {
	return fs.WalkDir(fsys, path, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.Type().IsRegular():
			return do(name)
		case name == path && !entry.IsDir():
			return &fs.PathError{Op: "read", Path: path, Err: errors.New("is neither a file nor a directory")}
		}
		return nil
	})
}

func readFile(fsys fs.FS, name string, l Limits, most int64) ([]*Item, int64, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	return read(name, f, l, most)
}
