package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

// documents are what a command reads, and who signed it.
type documents struct {
	model        *ownership.Model // nil: none is named
	policies     []*policy.Policy
	endorsements []verify.Endorsement
}

// sources are where a command's documents are. The versions before are taken as they are: whoever gives the
// command vouches for them.
type sources struct {
	model, previous            string
	policies, previousPolicies []string
}

// load reads an ownership model and policies, signed or not. Where no model is named nobody can say who
// must have signed the policies.
func load(s sources) (documents, error) {
	var d documents
	var before *ownership.Model
	if s.previous != "" {
		if s.model == "" {
			return d, errors.New("--previous without --ownership: expected the ownership model that follows it")
		}
		var err error
		fsys, path := open(s.previous)
		if before, _, err = verify.LoadOwnership(fsys, path, nil); err != nil {
			return d, err
		}
	}
	if s.model != "" {
		fsys, path := open(s.model)
		loaded, endorsement, err := verify.LoadOwnership(fsys, path, before)
		if err != nil {
			return d, err
		}
		d.model, d.endorsements = loaded, append(d.endorsements, endorsement)
	}
	replaced, err := earlier(s.previousPolicies)
	if err != nil {
		return d, err
	}
	for _, policies := range s.policies {
		fsys, path := open(policies)
		loaded, endorsements, err := verify.LoadPolicies(fsys, path, d.model, replaced...)
		if err != nil {
			return d, err
		}
		d.policies, d.endorsements = append(d.policies, loaded...), append(d.endorsements, endorsements...)
	}
	for _, before := range replaced {
		if !slices.ContainsFunc(d.policies, func(p *policy.Policy) bool { return p.Name() == before.Name() }) {
			return d, fmt.Errorf("--previous-policy names policy %s, of which no version is given: expected one that follows it", before.Name())
		}
	}
	return d, nil
}

// earlier reads versions of policies that others replace.
func earlier(paths []string) ([]*policy.Policy, error) {
	var all []*policy.Policy
	for _, p := range paths {
		fsys, path := open(p)
		loaded, _, err := verify.LoadPolicies(fsys, path, nil)
		if err != nil {
			return nil, err
		}
		all = append(all, loaded...)
	}
	return all, nil
}

// approved says which documents are signed, or ought to be, and are not approved as of a time. What a
// command says of such a document would be what somebody wrote, and nobody's who answers for it. Without an
// ownership model nobody can tell.
func (d documents) approved(at time.Time) error {
	var errs []error
	for _, e := range d.endorsements {
		if e.Document() != "" && d.model != nil {
			errs = append(errs, e.Err(at))
		}
	}
	return errors.Join(errs...)
}

// endorsed reports whether the ownership model is signed; approved says whether by enough.
func (d documents) endorsed() bool {
	return d.model != nil && slices.ContainsFunc(d.endorsements, func(e verify.Endorsement) bool { return e.Signed() && e.Document() == d.model.Digest() })
}

// open gives the file system a document lives in, and its path there: paths inside a document are
// relative to it and do not leave its directory.
func open(path string) (fs.FS, string) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return os.DirFS(path), "."
	}
	return os.DirFS(filepath.Dir(path)), filepath.Base(path)
}
