package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// repeatable are the flags that may be given more than once.
var repeatable = []string{"--policy", "--previous-policy", "--trusted-root", "--crl", "--min-version", "--scope", "--holder", "--organisation", "--rule", "--revoke", "--participant", "--timestamp"}

// checkArguments refuses what a script gets wrong in silence: an empty argument, as an unset variable
// gives, which must not come to mean the working directory or the present time; and a flag given
// twice, of which one would be ignored.
func checkArguments(args []string) error {
	given := map[string]bool{}
	for i, arg := range args {
		if arg == "--" {
			break
		}
		name, value, inline := strings.Cut(arg, "=")
		isFlag := strings.HasPrefix(arg, "--")
		switch {
		case arg == "" && i > 0 && strings.HasPrefix(args[i-1], "--"):
			return fmt.Errorf("%s is empty: expected a value", args[i-1])
		case arg == "":
			return errors.New("an empty argument: expected a path")
		case isFlag && inline && value == "":
			return fmt.Errorf("%s is empty: expected a value", name)
		case isFlag && given[name] && !slices.Contains(repeatable, name):
			return fmt.Errorf("%s is given twice: expected it once", name)
		}
		given[name] = isFlag
	}
	return nil
}

// minimums reads NAME=N, each name once.
func minimums(list []string) (map[string]int, error) {
	least := map[string]int{}
	for _, m := range list {
		i := strings.LastIndexByte(m, '=')
		n, err := strconv.Atoi(m[i+1:])
		if i < 1 || err != nil || n < 1 {
			return nil, fmt.Errorf("--min-version %s: expected NAME=N, with N one or more", m)
		}
		if _, ok := least[m[:i]]; ok {
			return nil, fmt.Errorf("--min-version names %s twice: expected it once", m[:i])
		}
		least[m[:i]] = n
	}
	return least, nil
}

// rfc3339 is a time as documents write it: Go's parser takes other spellings too.
var rfc3339 = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$`)

// moment reads the time a flag gives: now, if none is given.
func moment(flag, at string, now func() time.Time) (time.Time, error) {
	if at == "" {
		return now(), nil
	}
	t, err := time.Parse(time.RFC3339, at)
	if err != nil || !rfc3339.MatchString(at) {
		return t, fmt.Errorf("%s %s: expected a time as RFC 3339 writes it, like 2026-01-02T15:04:05Z", flag, at)
	}
	return t, nil
}
