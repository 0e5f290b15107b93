package main

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/attest/issue"
)

// This file is how flags become statements.

// predicate gives what a command is to sign: what its file says, or else what its flags say, which are not to
// be there both.
func predicate[T any](w world, file string, flags any, decode func(*attest.Statement) (*T, error), predicateType string, fromFlags func() (T, error)) (T, error) {
	if file == "" {
		return fromFlags()
	}
	var zero T
	v := reflect.ValueOf(flags)
	for i := range v.NumField() {
		if !v.Field(i).IsZero() {
			return zero, fmt.Errorf("%s beside --predicate: expected one of them", flagOf(v.Type().Field(i).Name))
		}
	}
	data, err := readSmall(w, file)
	if err != nil {
		return zero, err
	}
	said, err := decode(&attest.Statement{PredicateType: predicateType, Predicate: data})
	var syntax *attest.SyntaxError
	if errors.As(err, &syntax) {
		return zero, fmt.Errorf("%s: %s: %s", file, strings.Replace(syntax.Path, "$.predicate", "$", 1), syntax.Msg)
	}
	if err != nil {
		return zero, fmt.Errorf("%s: %w", file, err)
	}
	return *said, nil
}

// flagOf is the flag of a field, whether of Go or of JSON.
func flagOf(field string) string {
	var b strings.Builder
	b.WriteString("--")
	for i, c := range field {
		if unicode.IsUpper(c) && i > 0 {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

// complaint is an error of a statement in the words of the flags it was made of.
func complaint(err error, names map[string]string) error {
	var syntax *attest.SyntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	path, ok := strings.CutPrefix(syntax.Path, "$.predicate.")
	if !ok {
		return fmt.Errorf("the statement %s", syntax.Msg)
	}
	field, _, _ := strings.Cut(path, "[")
	flag := names[field]
	if flag == "" {
		flag = flagOf(field)
	}
	return fmt.Errorf("%s %s", flag, syntax.Msg)
}

// missing says which of the flags a statement needs are not there.
func missing(values ...[2]string) error {
	lacks := slices.DeleteFunc(values, func(v [2]string) bool { return v[1] != "" })
	if len(lacks) == 0 {
		return nil
	}
	var flags []string
	for _, v := range lacks {
		flags = append(flags, v[0])
	}
	return fmt.Errorf("missing flags: %s, or --predicate FILE", strings.Join(flags, ", "))
}

// artifactSubject is the subject of a statement about --artifact.
func artifactSubject(arg string) (attest.Artifact, attest.Subject, error) {
	a, err := parseArtifact(arg)
	if err != nil {
		return a, attest.Subject{}, err
	}
	return a, issue.About(a), nil
}

// momentFlag is a flag with a time, and where the time goes.
type momentFlag struct {
	flag, value string
	into        *time.Time
}

type moments []momentFlag

// times reads the times of flags, unless something else is wrong already.
func times(err error, list moments) error {
	for _, m := range list {
		if err != nil {
			return err
		}
		*m.into, err = given(m.flag, m.value)
	}
	return err
}
