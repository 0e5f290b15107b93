package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/certificate"
	"github.com/surety-dev/surety/verify/sigstore"
	"github.com/surety-dev/surety/verify/timestamp"
)

// openers makes the openers of all that is opened: they trust what the model trusts, if there is a
// model, and the Sigstore roots of files. An organisation's own certificates come first, for what both
// openers of certificates refuse.
func openers(model *ownership.Model, roots, lists []string) ([]verify.Opener, error) {
	var clock verify.Clock
	if authorities := timestamp.FromModel(model); len(authorities) > 0 {
		c, err := timestamp.New(authorities...)
		if err != nil {
			return nil, err
		}
		clock = c
	}
	all := []verify.Opener{verify.KeyOpener(clock)}
	if authorities := certificate.FromModel(model); len(authorities)+len(lists) > 0 {
		config := certificate.Config{Authorities: authorities, Clock: clock}
		for _, file := range lists {
			data, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			taken := func(id string) bool {
				return slices.ContainsFunc(config.Lists, func(l certificate.List) bool { return l.ID == id })
			}
			config.Lists = append(config.Lists, certificate.List{ID: rootID(file, taken), Data: data})
		}
		o, err := certificate.New(config)
		if err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	o, err := sigstoreOpener(model, roots, clock)
	if err != nil {
		return nil, err
	}
	return append(all, o), nil
}

// sigstoreOpener makes the opener of Sigstore bundles and certificates.
func sigstoreOpener(model *ownership.Model, files []string, clock verify.Clock) (*sigstore.Opener, error) {
	roots := sigstore.FromModel(model)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		taken := func(id string) bool {
			return slices.ContainsFunc(roots, func(r sigstore.Root) bool { return r.ID == id })
		}
		roots = append(roots, sigstore.Root{ID: rootID(file, taken), JSON: data})
	}
	o, err := sigstore.New(roots...)
	if err != nil {
		return nil, err
	}
	return o.WithClock(clock), nil
}

// rootID names a root or list by its file, and by its path and number where another has the name.
func rootID(file string, taken func(id string) bool) string {
	id := filepath.Base(file)
	if taken(id) {
		id = filepath.ToSlash(file)
	}
	for n, path := 2, id; taken(id); n++ {
		id = fmt.Sprintf("%s#%d", path, n)
	}
	return id
}
