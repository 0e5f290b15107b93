package document

import (
	"errors"
	"fmt"
	"io/fs"
)

// Error is one thing wrong with a document: where, what, and what was expected.
type Error struct {
	// File is the path of the file within its fs.FS.
	File string
	// Line counts from 1. Zero: the error is about the file as a whole.
	Line int
	// Col counts characters from 1. Zero: the error is about the whole line, or
	// the whole file.
	Col int
	// Msg says what is wrong and what was expected, in one line.
	Msg string
	// Cause is the error of the file system, where there is one.
	Cause error
}

// Error gives "FILE:LINE:COL: MSG", without what is not known of the place.
func (e *Error) Error() string {
	switch {
	case e.Line == 0:
		return e.File + ": " + e.Msg
	case e.Col == 0:
		return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Msg)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Col, e.Msg)
}

// Unwrap gives Cause, so that errors.Is finds fs.ErrNotExist and its like.
func (e *Error) Unwrap() error { return e.Cause }

// readError says why a file cannot be read without naming it twice, as the
// errors of package fs do.
func readError(name, expected string, cause error) *Error {
	why := cause
	if pathError, ok := errors.AsType[*fs.PathError](cause); ok {
		why = pathError.Err
	}
	return &Error{File: name, Msg: fmt.Sprintf("%v: %s", why, expected), Cause: cause}
}
