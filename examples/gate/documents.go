package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

// documents are the paths of what the gate judges by.
type documents struct{ ownership, policy, evidence string }

// state is what documents say, read at one time.
type state struct {
	verifier *verify.Verifier
	evidence attest.Finder
	stamp    string // the digests of the documents
}

// load reads the documents and the evidence in store.
func (d documents) load() (*state, error) {
	fsys, path := open(d.ownership)
	model, err := ownership.Load(fsys, path)
	if err != nil {
		return nil, err
	}
	fsys, path = open(d.policy)
	policies, err := policy.Load(fsys, path)
	if err != nil {
		return nil, err
	}
	// For Sigstore bundles add an opener, of package verify/sigstore, to the Config.
	verifier, err := verify.New(model, policies, verify.Config{})
	if err != nil {
		return nil, err
	}
	stamp := fmt.Sprint(model.Digest(), model.Files())
	for _, p := range policies {
		stamp += " " + p.Digest()
	}
	return &state{verifier: verifier, evidence: d.stored(), stamp: stamp}, nil
}

// stored is the evidence in store. Anybody may write evidence: what cannot be indexed keeps requests from
// being judged, and never the documents from being taken up.
func (d documents) stored() attest.Finder {
	if d.evidence == "" {
		return new(attest.Index)
	}
	index, err := attest.IndexFS(os.DirFS(d.evidence), ".", attest.Limits{})
	if err != nil {
		return unreadable{fmt.Errorf("evidence %s: %w", d.evidence, err)}
	}
	return index
}

// unreadable is a store that cannot be read.
type unreadable struct{ err error }

// Find implements attest.Finder.
func (u unreadable) Find(context.Context, attest.Digests) ([]*attest.Item, error) { return nil, u.err }

// open gives the file system that a document lives in, and its path there.
func open(path string) (fs.FS, string) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return os.DirFS(path), "."
	}
	return os.DirFS(filepath.Dir(path)), filepath.Base(path)
}

// watch reloads until the context ends. It reads the documents rather than asks for the time of their
// change, which mounted and replaced files do not tell reliably.
func (g *gate) watch(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			g.reload()
		}
	}
}

// reload reads everything again. Changed documents are taken up once they were read the same twice in
// a row, for one that is being written may load and say less. Evidence is taken up at once: a policy
// that must not miss a list of revocations demands its freshness. What does not load changes nothing.
func (g *gate) reload() {
	next, err := g.documents.load()
	if err != nil {
		if g.complaint != err.Error() {
			g.log.Error("the documents do not load; judging by those before", "error", err)
		}
		g.seen, g.complaint = "", err.Error()
		return
	}
	settled := next.stamp == g.seen
	g.seen, g.complaint = next.stamp, ""
	switch current := g.current.Load(); {
	case next.stamp == current.stamp:
	case settled:
		g.log.Info("the documents have changed", "digests", next.stamp)
	default: // not yet
		next.verifier, next.stamp = current.verifier, current.stamp
	}
	g.current.Store(next)
}
